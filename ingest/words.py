"""Words as printed, folded so that the same word compares equal wherever it stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Characters that converters and typists exchange for one another. Parentheses, colons, commas and
# full-width digits are folded by NFKC already.
_VARIANTS = str.maketrans({"決": "决", "“": '"', "”": '"', "〔": "[", "〕": "]"})
_VARIED = re.compile(f"[{''.join(map(chr, _VARIANTS))}]")

_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]+[、.．]"  # 一、
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）][、.]?"  # （一）
    r"|\d{1,2}[.．、](?!\d)"  # 1.
    r"|[①-⑳])"  # ①
)
_OF_WHICH = "其中:"
_YEAR = re.compile(r"20\d\d(?=年|预算|决算|财政拨款)")
# 二〇二四年, as covers print it.
_WRITTEN_YEAR = re.compile(r"二[〇○零0]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])(?=年)")
_DIGITS = {
    **dict.fromkeys("〇○零", "0"),
    **{digit: str(n) for n, digit in enumerate("一二三四五六七八九", 1)},
}
# What a title says of its document rather than of its table: 2025年部门…, 省级部门…, 2026年预算单位…
_FRAME = re.compile(
    r"^(?:\{year\}年?度?)?(?:[省市区县州]?[级直本]{1,2}(?=部门|单位))?"
    r"(?:(?:本|预算)?(?:部门\(单位\)|单位\(部门\)|部门|单位))?(?=.)"
)
# Behind a unit's name: its own budget, and not that of the units below it; before it: where it is.
_OF_A_UNIT = re.compile(r"\((?:本级|本部|机关|部门|单位|汇总)\)$")
_PLACES = re.compile(r"(?:[\u4e00-\u9fff]{2,8}?(?:省|市|州|盟|(?<![社校园小])区|县|旗))+")
# An optional part of a word in a template, with its spellings: 收支[预算|决算]总表.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_EITHER = re.compile(r"\|(?![^\[\]]*\])")
# A heading's marks stand at the beginning of a line; said so, a search can skip to the next mark.
_MARKUP = re.compile(r"#(?<![^\n]#)#{0,5}[^\S\n]+|</?b>|\*\*")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` without white space, in one width and one variant of each character.

    Folded words are for comparing only; what is stored is what was printed.
    """
    if text.isascii():
        return "".join(text.split())
    folded = unicodedata.normalize("NFKC", text)
    if _VARIED.search(folded):  # Looking is much cheaper than translating.
        folded = folded.translate(_VARIANTS)
    folded = "".join(folded.split())
    if "年" not in folded:
        return folded
    return _WRITTEN_YEAR.sub(lambda year: f"20{_DIGITS[year[1]]}{_DIGITS[year[2]]}", folded)


@lru_cache(maxsize=65536)
def fold_label(text: str) -> str:
    """Fold a row's label and leave out the ordinal before it (一、 （一） 1. ①)."""
    text = "".join(text.split())  # A line broken inside an ordinal leaves a space there.
    text = _ORDINAL.sub("", text, count=1) if _ORDINAL.match(text) else text
    # 其中：（1）… is the same row as 其中：…
    start = len(_OF_WHICH) if fold(text[: len(_OF_WHICH)]) == _OF_WHICH else 0
    rest = _ORDINAL.match(text, start) if start else None
    return fold(text[:start] + text[rest.end() :] if rest else text)


@lru_cache(maxsize=65536)
def fold_year(text: str) -> str:
    """Fold a title or a header word and put ``{year}`` where it prints a fiscal year."""
    return _YEAR.sub("{year}", fold(text))


@lru_cache(maxsize=65536)
def fold_title(text: str) -> str:
    """Fold the title of a table and leave out the year and the word for whose it is before it."""
    return _FRAME.sub("", fold_year(text), count=1)


def is_same_unit(name: str, other: str) -> bool:
    """Tell whether two folded names are of one unit: the places before it and (本级) behind it may be missing."""
    short, long = sorted((_OF_A_UNIT.sub("", name), _OF_A_UNIT.sub("", other)), key=len)
    return long.endswith(short) and (long == short or _PLACES.fullmatch(long[: -len(short)]) is not None)


@lru_cache(maxsize=65536)
def spell(word: str) -> tuple[str, ...]:
    """Return every spelling of a template's word: ``a|b`` is either, ``[c|d]`` is optional, or either."""
    spellings: list[str] = []
    for whole in _EITHER.split(word):
        found = [""]
        for index, part in enumerate(_OPTIONAL.split(whole)):
            choices = ("", *part.split("|")) if index % 2 else (part,)
            found = [before + choice for before in found for choice in choices]
        spellings.extend(found)
    return tuple(dict.fromkeys(spellings))


def find_years(text: str) -> tuple[int, ...]:
    """Return the fiscal years that a title or a header word prints."""
    return tuple(int(year) for year in _YEAR.findall(fold(text)))


def strip_markup(text: str) -> str:
    """Leave out the heading and bold marks that a converter to Markdown wrote into lines."""
    has_marks = "#" in text or "<" in text or "*" in text
    return _MARKUP.sub("", text) if has_marks else text
