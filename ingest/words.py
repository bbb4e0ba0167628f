"""Words as printed, folded so that the same word compares equal wherever it stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Characters that converters and typists exchange for one another. Parentheses, colons, commas and
# full-width digits are folded by NFKC already.
_VARIANTS = str.maketrans({"決": "决", "“": '"', "”": '"', "〔": "[", "〕": "]"})

_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]+、"  # 一、
    r"|[（(][一二三四五六七八九十]+[)）]"  # （一）
    r"|\d{1,2}[.．、]"  # 1.
    r"|[①-⑳])"  # ①
)
_YEAR = re.compile(r"20\d\d(?=年|预算|决算|财政拨款)")
# What a title says of its document rather than of its table: 2025年部门…
_FRAME = re.compile(r"^(?:\{year\}年?度?)?(?:本?部门|本?单位)?(?=.)")
_MARKUP = re.compile(r"^#{1,6}\s+|</?b>|\*\*")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` without white space, in one width and one variant of each character.

    Folded words are for comparing only; what is stored is what was printed.
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_VARIANTS).split())


@lru_cache(maxsize=65536)
def fold_label(text: str) -> str:
    """Fold a row's label and leave out the ordinal before it (一、 （一） 1. ①)."""
    text = "".join(text.split())  # A line broken inside an ordinal leaves a space there.
    return fold(_ORDINAL.sub("", text, count=1) if _ORDINAL.match(text) else text)


@lru_cache(maxsize=65536)
def fold_year(text: str) -> str:
    """Fold a title or a header word and put ``{year}`` where it prints a fiscal year."""
    return _YEAR.sub("{year}", fold(text))


@lru_cache(maxsize=65536)
def fold_title(text: str) -> str:
    """Fold the title of a table and leave out the year and the word for whose it is before it."""
    return _FRAME.sub("", fold_year(text), count=1)


def find_years(text: str) -> tuple[int, ...]:
    """Return the fiscal years that a title or a header word prints."""
    return tuple(int(year) for year in _YEAR.findall(fold(text)))


def strip_markup(text: str) -> str:
    """Leave out the heading and bold marks that a converter to Markdown wrote into a line."""
    has_marks = "#" in text or "<" in text or "*" in text
    return _MARKUP.sub("", text) if has_marks else text
