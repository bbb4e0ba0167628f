"""The narrative (情况说明) of a disclosure: every figure it states, with what it is about.

A narrative says in stock sentences what the tables print. It is read as one text per section, so
that a sentence which a page break, a blank line or a bound-in form cuts in two is whole again; every
character still knows its line. A number is a claim when a unit follows it; what stands before it
says which. The words are data (``narrative_templates.py``); what they do not cover is called
``unattributed`` and reported, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from ingest.issues import Issue, quote
from ingest.narrative_templates import (
    MEASURES,
    ORDINAL_BEFORE,
    PLAN_DEVIATION,
    REASON,
    UNATTRIBUTED,
    ItemRule,
    Measure,
    NarrativeLayout,
    NarrativeLibrary,
    NarrativeWords,
    SectionLayout,
    Sign,
    UnitKind,
    get_narrative_library,
)
from ingest.parsed_tables import ParsedClaim
from ingest.readers.texts import Document, Line
from ingest.templates import DocumentKind

# ---------------------------------------------------------------------------------------------------
# From lines to passages


@dataclass(frozen=True)
class SetAside:
    """A number that states nothing, and why: for whoever counts whether nothing was lost."""

    line_no: int
    printed: str
    reason: str


@dataclass
class Passage:
    """The text below one heading: folded, without line breaks; each character knows its line."""

    layout: SectionLayout | None
    text: str = "\n"
    printed: str = "\n"
    line_nos: list[int] = field(default_factory=lambda: [0])
    page_nos: list[int | None] = field(default_factory=lambda: [None])

    @property
    def section(self) -> str:
        return self.layout.section if self.layout else "other"

    def append(self, line: Line, folded: str, is_new: bool) -> None:
        printed = "".join(line.text.split())
        if is_new and not self.text.endswith("\n"):
            printed, folded = f"\n{printed}", f"\n{folded}"
        self.printed += printed
        self.text += folded
        self.line_nos.extend([line.line_no] * len(printed))
        self.page_nos.extend([line.page_no] * len(printed))


_ORDINAL = re.compile(
    r"^(?:(?P<top>[一二三四五六七八九十]{1,3})、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}(?:、|\.(?!\d)))"
)
_PART = re.compile(r"第?([一二三四五六七八九十]{1,3})(?:部分|、)")
_YEAR = re.compile(r"20\d\d(?=年)")
_SENTENCE_END = "。;:!"
_CLAUSE_END = re.compile(r"[,。;]")
# What a comparison of one side may not name: 比上年支出 behind an income.
_OPPOSITES = {"income": "支出", "expenditure": "收入"}
_DIGITS = "〇一二三四五六七八九"
# One character to one character, so that folded text and printed text run side by side: full-width
# forms, and quotation marks, which vary from line to line. ² and ㎡ must not become digits and letters.
_FOLDED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | str.maketrans("“”„〔〕", '"""[]')


# Most of what there is to fold, by replacing: to translate a text looks every character up.
_FREQUENT = [(wide, wide.translate(_FOLDED)) for wide in "，（）：；％“”"]
_RARE = re.compile(f"[{re.escape(''.join(map(chr, _FOLDED)))}]")


def _fold_marks(text: str) -> str:
    for wide, folded in _FREQUENT:
        text = text.replace(wide, folded)
    return _RARE.sub(lambda found: found[0].translate(_FOLDED), text)


def _fold_line(text: str) -> str:
    return "".join(_fold_marks(text).split())


def _find_part(text: str) -> str:
    """Return the number of the part that a line heads; blank if it heads none."""
    part = _PART.match(text)
    return part[1] if part else ""


def _read_chinese_number(text: str) -> int:
    tens, found, ones = text.partition("十")
    if not found:
        return _DIGITS.index(text)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


class _FoldedLines:
    """The lines of a document as they compare: each is folded once, rows when they are asked for."""

    def __init__(self, document: Document) -> None:
        lines = document.plain_lines
        # Marks are replaced much faster in one long text than in many short ones.
        folded = _fold_marks("\n".join([line.text for line in lines])).split("\n")
        if len(folded) != len(lines):  # A line may hold a line break of its own.
            folded = [_fold_marks(line.text) for line in lines]
        self._folded = {line.line_no: "".join(text.split()) for line, text in zip(lines, folded, strict=True)}

    def __getitem__(self, line: Line) -> str:
        folded = self._folded.get(line.line_no)
        if folded is None:
            folded = self._folded[line.line_no] = _fold_line(line.text)
        return folded


def _find_regions(document: Document, words: NarrativeWords, folded: _FoldedLines) -> list[Sequence[Line]]:
    """Return the stretches of the narrative in their order, each with its heading.

    The last heading of a stretch counts, for the contents name it too; 第三部分 and 第四部分 may both be one.
    """
    plain = [(line.line_no, folded[line]) for line in document.plain_lines]
    followed = pairwise([*plain, (len(document.lines), "")])
    # Few lines begin or end any region.
    marks = [(line, follower) for line, follower in followed if words.region_cues.are_in(line[1])]
    spans: dict[int, int] = {}
    for region in words.regions:
        starts: dict[str, int] = {}
        for (line_no, text), (next_no, next_text) in marks:
            if region.start_cues.are_in(text):
                starts[_find_part(text)] = line_no
            elif (
                region.end_cues.are_in(text)
                and not _find_part(next_text)
                and region.start_cues.are_in(text + next_text)
            ):
                starts[_find_part(text)] = next_no  # The heading is broken in two.
        for start in starts.values():
            ends = (no for (no, text), _ in marks if no > start and region.end_cues.are_in(text))
            spans.setdefault(start, next(ends, len(document.lines) + 1))
    found = sorted(spans.items())
    # Where one begins before another has ended, the other ends.
    begins = [*(start for start, _ in found[1:]), len(document.lines) + 1]
    return [
        document.lines[start - 1 : min(end, begin) - 1]
        for (start, end), begin in zip(found, begins, strict=False)
    ]


def _split_passages(
    region: Sequence[Line],
    library: NarrativeLibrary,
    layout: NarrativeLayout,
    watermarks: frozenset[str],
    folded: _FoldedLines,
) -> tuple[list[Passage], list[tuple[Line, str]]]:
    """Sort the lines into passages; forms, foreign papers and page numbers are set aside, with the reason."""
    words = library.words
    passages: list[Passage] = []
    aside: list[tuple[Line, str]] = [(region[0], "heading")]
    # A region without headings of its own is a section by its title.
    current = Passage(layout.find_section(folded[region[0]]))
    inside: str | None = None
    top_no = 0
    heading_rest: Line | None = None
    for place, line in enumerate(region[1:], start=2):
        if line is heading_rest:
            aside.append((line, "heading"))
            continue
        if len(line.cells) > 1:
            aside.append((line, inside or "table"))
            continue
        if not (text := folded[line]) or text in watermarks:
            continue
        ordinal = _ORDINAL.match(text)
        known = layout.find_section(text[ordinal.end() :]) if ordinal else None
        if ordinal and known is None:
            follower = _find_follower(region, place, watermarks, folded)
            joined = layout.find_section(text[ordinal.end() :] + (folded[follower] if follower else ""))
            known, heading_rest = (joined, follower) if joined else (None, heading_rest)
        number = _read_chinese_number(ordinal["top"]) if ordinal and ordinal["top"] else None
        is_heading = known is not None or (
            ordinal is not None
            and len(text) <= 40
            and not _CLAUSE_END.search(text)
            and not words.continuation_cues.are_in(text)
            and not _has_stated_number(text[ordinal.end() :], words)
        )
        if inside and not (known or (inside == "form" and is_heading and number == top_no + 1)):
            aside.append((line, inside))
            continue
        inside = None
        if words.page_number_cues.are_in(text):
            aside.append((line, "page_number"))
        elif is_heading:
            passages.append(current)
            current = Passage(known)
            top_no = number or top_no
            aside.append((line, "heading"))
        elif words.annex_cues.are_in(text) and not _CLAUSE_END.search(text):
            inside = "form"
        elif words.foreign_cues.are_in(text):
            inside = "foreign_document"
            aside.append((line, inside))
        else:
            current.append(line, text, ordinal is not None or current.text[-1] in _SENTENCE_END)
    passages.append(current)
    return passages, aside


def _find_follower(
    region: Sequence[Line], place: int, watermarks: frozenset[str], folded: _FoldedLines
) -> Line | None:
    """Return the next line that prints something of the document, rows among them."""
    printed = (line for line in region[place:] if folded[line] and folded[line] not in watermarks)
    return next(printed, None)


# ---------------------------------------------------------------------------------------------------
# From passages to claims

# A subject names its level behind itself: 社会保障和就业支出(类)行政事业单位养老支出(款).
_LEVELS = "类款项"
_LEVEL = re.compile(r"(?P<name>[^,。;:!\"\n]{2,40}?)\((?:\d{1,7})?(?P<level>[类款项])\)")
_PATH_ORDINAL = re.compile(f"^(?:{ORDINAL_BEFORE})")
# The account that a deviation speaks of, where it names no other.
_OWN_ACCOUNT = re.compile(r"(?:本年|当年)?(?:支出)?决算数?(?:比|较|与)?$")
_PARAGRAPH = re.compile(rf"\n(?={ORDINAL_BEFORE}|[一二三四五六七八九十]{{1,3}}、)")
_NUMBER = re.compile(r"(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?!\d)(?![,.]\d)")
_ZERO = re.compile(r"0(?:\.0+)?(?:亿元|万元|千元|元)")
_DIGIT_RUN = re.compile(r"-?\d(?:[\d,.]*\d)?")
_DIGIT = re.compile(r"\d")
_REASON_END = re.compile(r"[。;\n]")


def _find_unit(text: str, place: int, words: NarrativeWords) -> tuple[str, str, UnitKind] | None:
    """Return the unit that stands at ``place``: as it reads there, its name, its kind."""
    found = words.unit_pattern.match(text, place)
    if found:
        return (found[0], *words.folded_units[found[0]])
    slips = ((slip.match(text, place), unit, kind) for slip, unit, kind in words.slipped_units)
    return next(((slip[0], unit, kind) for slip, unit, kind in slips if slip), None)


def _has_stated_number(text: str, words: NarrativeWords) -> bool:
    return any(_find_unit(text, found.end(), words) for found in _NUMBER.finditer(text))


class _Token(NamedTuple):
    """A stated number in a passage with its unit, or a word that compares: no change, above the plan."""

    start: int
    number_end: int
    end: int
    unit: str
    kind: UnitKind
    is_unchanged: bool = False
    # Of a word that holds the account against its plan: which way it says they differ.
    deviation: Literal["+", "-", "="] | None = None

    @property
    def is_word(self) -> bool:
        return self.is_unchanged or self.deviation is not None


def _read_sign(change: re.Match[str]) -> Sign:
    return "+" if change["up"] else "-"


@dataclass
class _State:
    """What the figures so far were about."""

    head: str | None = None
    item: str | None = None
    change_item: str | None = None
    subject: str | None = None
    kind: UnitKind | None = None
    head_subject: str | None = None
    money_unit: str | None = None


class _Reader:
    """Reads one passage from its first number to its last."""

    def __init__(
        self, passage: Passage, words: NarrativeWords, fiscal_year: int, on_line: Counter[int]
    ) -> None:
        """``on_line`` counts the claims of each line, in all passages."""
        self.passage, self.words, self.fiscal_year = passage, words, fiscal_year
        self.text, self.on_line = passage.text, on_line
        self.layout = passage.layout
        self.wholes = passage.layout.wholes if passage.layout else ()
        self.planned = passage.layout.planned if passage.layout else ()
        self.claims: list[ParsedClaim] = []
        self.issues: list[Issue] = []
        self.aside: list[SetAside] = []

    def read(self) -> None:
        words = [*self._list_unchanged(), *self._list_deviations()]
        tokens = sorted([*self._list_numbers(), *words], key=lambda token: token.start)
        reasons = self._list_reasons(tokens)
        state, previous_end = _State(), 0
        for token in tokens:
            if token.start < previous_end:
                self._set_aside(token, "unchanged")  # 与上年一致0万元: the word says it already.
                continue
            gap = self.text[previous_end : token.start]
            is_reason = any(start <= token.start < end for start, end in reasons)
            if is_reason and token.is_word:
                continue
            if token.deviation:
                self._read_deviation(token, gap, state)
                continue  # What it is about goes on behind it.
            if is_reason or self.words.explanation_pattern.search(gap):
                self._claim(token, REASON, self._measure_reason(token, gap), None, state)
            elif token.is_unchanged:
                self._read_unchanged(token, gap, state)
            elif token.kind == "ratio":
                self._read_ratio(token, gap, state)
            else:
                self._read_figure(token, gap, state)
            previous_end = token.end
            if token.kind == "money" and token.unit:
                state.money_unit = token.unit

    def _list_numbers(self) -> Iterator[_Token]:
        spans = [found.span() for found in _NUMBER.finditer(self.text)]
        for start, end in spans:
            reason = self.words.find_exclusion(self.text, start, end)
            if reason:
                self.aside.append(SetAside(self._line_no(start), self._print(start, end), reason))
                continue
            unit = _find_unit(self.text, end, self.words)
            if unit is None:
                self._report("unread_number", start, start, end + 6)
                continue
            yield _Token(start, end, end + len(unit[0]), unit[1], unit[2])
        gaps = pairwise([(0, 0), *spans, (len(self.text), 0)])
        if any(_DIGIT.search(self.text, end, start) for (_, end), (start, _) in gaps):
            self._report_malformed({place for span in spans for place in range(*span)})

    def _report_malformed(self, covered: set[int]) -> None:
        for found in _DIGIT_RUN.finditer(self.text):
            if covered.isdisjoint(range(*found.span())):
                self._report("unread_number", found.start(), found.start(), found.end() + 6)

    def _list_unchanged(self) -> Iterator[_Token]:
        for pattern in self.words.unchanged_patterns:
            for found in pattern.finditer(self.text):
                if self._is_prior(found[0]):
                    zero = _ZERO.match(self.text, found.end())
                    end = zero.end() if zero else found.end()
                    yield _Token(found.start("word"), found.end(), end, "", "money", is_unchanged=True)

    def _list_deviations(self) -> Iterator[_Token]:
        signs: dict[str, Literal["+", "-", "="]] = {"over": "+", "under": "-", "level": "="}
        for pattern in self.words.deviation_patterns if self.planned else ():
            for found in pattern.finditer(self.text):
                word = str(found.lastgroup)
                start = found.start(word)
                yield _Token(start, found.end(), found.end(), "", "money", deviation=signs[word])

    def _list_reasons(self, tokens: Sequence[_Token]) -> list[tuple[int, int]]:
        """Return where reasons stand: to the end of their sentence, or to a clause that resumes the list."""
        spans = []
        for cue in self.words.reason_pattern.finditer(self.text):
            found = _REASON_END.search(self.text, cue.end())
            end = found.start() if found else len(self.text)
            for token in tokens:
                if cue.end() < token.start < end and self._resumes(token):
                    end = self.text.rindex(",", cue.end(), token.start)
                    break
            spans.append((cue.end(), end))
        return spans

    def _resumes(self, token: _Token) -> bool:
        clause = re.split(r"[,。;:\n]", self.text[: token.start])[-1]
        compared = re.match(rf",(?:{'|'.join(self.words.comparisons)})", self.text[token.end :])
        return bool(
            compared
            and self._is_prior(compared[0])
            and any(
                re.fullmatch(label, clause)
                for rule in (self.layout.items if self.layout else ())
                if rule.resumes
                for label in rule.labels
            )
        )

    def _is_prior(self, text: str) -> bool:
        """Whether a comparison is with the year before, not with the plan of the same one or an earlier year."""
        years = {int(year) for year in _YEAR.findall(text)}
        return self.fiscal_year - 1 in years if years else bool(self.words.prior_pattern.search(text))

    def _is_earlier(self, text: str) -> bool:
        """Whether a comparison is with a year before the last one: 比2019年（疫情前）."""
        return any(int(year) < self.fiscal_year - 1 for year in _YEAR.findall(text))

    def _measure_reason(self, token: _Token, gap: str) -> tuple[Measure, Sign | None]:
        change = self.words.change_pattern.search(gap)
        sign = None if change is None else _read_sign(change)
        if token.kind == "ratio":
            return ("change_ratio", sign) if change else ("share", None)
        if token.kind == "money" and change:
            return "change_amount", sign
        return MEASURES[token.kind], None

    # Each kind of figure

    def _read_unchanged(self, token: _Token, gap: str, state: _State) -> None:
        self._follow(gap, token, state, "money")
        self._claim(token, state.change_item, ("change_amount", None), state.subject, state)
        sentence = self.text.rfind("。", 0, token.start) + 1
        if moved := self.words.moved_pattern.search(self.text, sentence, token.start):
            self._report("contradictory_claim", token.start, moved.start(), token.end)

    def _read_deviation(self, token: _Token, gap: str, state: _State) -> None:
        """Read 决算数大于预算数 as a claim on the figures just stated; it prints no number of its own."""
        named = replace(state)
        before = _OWN_ACCOUNT.sub("", gap)
        if re.split(r"[,。;:、\n]", before)[-1] and not self._name(gap, token, named, "money"):
            return
        if named.item not in self.planned or self._means_later_plan(
            self.text[token.start : token.end], token.start
        ):
            return
        sign: Sign | None = None if token.deviation == "=" else token.deviation
        self._claim(token, named.item, ("deviation", sign), named.subject, state)

    def _means_later_plan(self, said: str, place: int) -> bool:
        """Whether a word on a plan may mean 调整预算, where its paragraph tells 年初预算 too."""
        paragraph = self.text[self.text.rfind("\n", 0, place) + 1 : place] + said
        first, later = self.words.first_plan_pattern, self.words.later_plan_pattern
        return bool(first.search(paragraph) and later.search(paragraph)) and not first.search(said)

    def _read_ratio(self, token: _Token, gap: str, state: _State) -> None:
        if token.unit != "%":
            # 增加1.5个百分点, 增长16倍: neither a share nor a percentage of change.
            self._claim(token, None, ("share", None), None, state)
            return
        change = self.words.change_pattern.search(gap)
        if change:
            item = self._find_change_item(gap[: change.start()], token, state)
            self._claim(token, item, ("change_ratio", _read_sign(change)), state.subject, state)
            return
        for pattern in self.words.completion_ends:
            if found := pattern.search(gap):
                is_same = self._follow(gap[: found.start()], token, state, "money")
                item = f"{state.item}.completion" if is_same and state.item else None
                if item and self._means_later_plan(found[0], token.start):
                    item = PLAN_DEVIATION
                self._claim(token, item, ("share", None), state.subject, state)
                return
        for pattern in self.words.share_ends:
            if found := pattern.search(gap):
                whole = found["whole"]
                is_known = not whole or any(re.fullmatch(known, whole) for known in self.wholes)
                is_same = self._follow(gap[: found.start()], token, state, "money")
                item = state.item if is_known and is_same else None
                self._claim(token, item, ("share", None), state.subject, state)
                return
        self._claim(token, None, ("share", None), None, state)

    def _read_figure(self, token: _Token, gap: str, state: _State) -> None:
        reached = self.words.reached_pattern.search(gap)
        change = self.words.change_pattern.search(gap)
        if reached and token.kind == "money":
            gap = gap[: reached.start()]
        elif change and token.kind in ("money", "count"):
            item = self._find_change_item(gap[: change.start()], token, state)
            self._claim(token, item, ("change_amount", _read_sign(change)), state.subject, state)
            return
        measure = (MEASURES[token.kind], None)
        if (
            token.kind == "money"
            and not reached
            and (compared := self.words.comparison_end.search(gap))
            and self._is_prior(compared[0])
            and not self.words.direction_cues.are_in(compared[0])
        ):
            # 比2023年预算94.18万元增加: the year before, stated.
            is_same = self._follow(gap[: compared.start()], token, state, "money")
            item = f"{state.item}.prior_year" if is_same and state.item else None
            self._claim(token, item, measure, state.subject, state)
            return
        if not self._name(gap, token, state, token.kind, is_figure=True):
            state.item = state.change_item = state.subject = None
        self._claim(token, state.item, measure, state.subject, state)

    def _find_change_item(self, before: str, token: _Token, state: _State) -> str | None:
        start = max(self.text.rfind(end, 0, token.start) for end in "。;\n") + 1
        comparisons = [
            found
            for found in self.words.comparison_pattern.finditer(self.text, start, token.start)
            if self._is_prior(found[0]) or _YEAR.search(found[0]) or self.words.plan_cues.are_in(found[0])
        ]
        is_same = self._follow(before, token, state, token.kind if token.kind == "count" else "money")
        # 经费5万元,比上年增加2人: the persons are no change of the money.
        is_same = is_same and token.kind in ("ratio", state.kind)
        if comparisons and not self._is_prior(comparisons[-1][0]):
            compared = comparisons[-1][0]
            is_plan = self.words.plan_cues.are_in(compared) and not self._is_earlier(compared)
            return PLAN_DEVIATION if is_same and is_plan else None
        return state.change_item if is_same else None

    def _follow(self, before: str, token: _Token, state: _State, kind: UnitKind) -> bool:
        """Whether a figure belongs to the item before it or to one it names; a strange name ends that."""
        if self._name(before, token, state, kind):
            return True
        compared = self.words.comparison_end.search(before)
        if compared:
            before = before[: compared.start()]
            if self._names_another(compared[0], state):
                state.item = state.change_item = state.subject = None
                return False
            if self._name(before, token, state, kind):
                return True
        if (before and before[-1] not in ",。;:、\n") or self._ends_a_list(before, token, state):
            state.item = state.change_item = state.subject = None
            return False
        return state.item is not None

    def _ends_a_list(self, before: str, token: _Token, state: _State) -> bool:
        """Whether a sentence goes on behind 其中：…、…。, of the whole or of its last part nothing says."""
        if "。" not in before or "\n" in before or state.head in (None, state.item):
            return False
        sentences = self.text[: token.start].split("\n")[-1].split("。")
        return len(sentences) > 1 and "其中" in sentences[-2]

    def _names_another(self, compared: str, state: _State) -> bool:
        """Whether a comparison says more than with when: 比上年人员支出 is none with the item before it."""
        strange = _OPPOSITES.get((state.item or "").split(".")[0])
        return bool((strange and strange in compared) or not self.words.comparison_base.fullmatch(compared))

    def _is_of_this_year(self, named: str, rule: ItemRule) -> bool:
        """Whether a figure's name tells this year's: 2023年基本支出 in the account of 2024 is none of it."""
        years = {int(year) for year in _YEAR.findall(named)}
        return not years or (years == {self.fiscal_year}) != rule.item.endswith(".prior_year")

    def _name(
        self, before: str, token: _Token, state: _State, kind: UnitKind, is_figure: bool = False
    ) -> bool:
        """Find the rule whose label ends ``before``, and remember its item."""
        for rule in self.layout.list_rules(kind, token.unit) if self.layout else ():
            if rule.under and state.head not in rule.under:
                continue
            if rule.follows and state.item not in rule.follows:
                continue
            if rule.after_cues is not None and not rule.after_cues.are_in(self.text, token.number_end):
                continue
            found = self.words.find_label(rule.labels, before) if rule.labels else None
            if rule.labels and found is None:
                continue
            stood, named = found or ("", None)
            if is_figure and not self._is_of_this_year(stood, rule):
                continue
            if rule.about_path or (named and named.endswith("项)")):
                named = self._find_path(token.start, rule.about_path or "项", rule.about_path is not None)
                if named is None:
                    continue
            if rule.head:
                state.head, state.head_subject = rule.item, named
            state.item, state.kind = rule.item, kind
            state.change_item = rule.change_of or rule.item
            state.subject = named or (state.head_subject if rule.under else None)
            return True
        return False

    def _find_path(self, place: int, lowest: str, is_of_paragraph: bool) -> str | None:
        """Return the subject stated last before ``place``, from its class down to ``lowest``."""
        path: dict[str, str] = {}
        end = 0
        for found in _LEVEL.finditer(self.text, 0, place):
            path = {level: name for level, name in path.items() if level in _LEVELS.split(found["level"])[0]}
            path[found["level"]] = f"{_PATH_ORDINAL.sub('', found['name'])}({found['level']})"
            end = found.end()
        paragraph = max((found.start() for found in _PARAGRAPH.finditer(self.text, 0, place)), default=0)
        if not path or list(path)[-1] != lowest or (is_of_paragraph and end <= paragraph):
            return None
        return "".join(path.values())

    # What comes of it

    def _claim(
        self,
        token: _Token,
        item: str | None,
        measured: tuple[Measure, Sign | None],
        subject: str | None,
        state: _State,
    ) -> None:
        measure, sign = measured
        # 与上年相同 is a change of zero, in the unit of the figure before it: it prints neither. 大于 prints no number.
        unit = (state.money_unit or "元") if token.is_word else token.unit
        printed = "0" if token.is_word else self._print(token.start, token.number_end)
        place = token.start
        if item is None:
            self._report("unattributed_claim", place, token.start - 12, token.end)
        line_no = self._line_no(place)
        self.on_line[line_no] += 1
        self.claims.append(
            ParsedClaim(
                line_no=line_no,
                position_no=self.on_line[line_no],
                section=self.passage.section,
                item=item or UNATTRIBUTED,
                measure=measure,
                printed_label=subject or "" if item else "",
                printed_value=printed,
                unit_of_measure=unit,
                sign=sign,
                page_no=self.passage.page_nos[place],
            )
        )

    def _set_aside(self, token: _Token, reason: str) -> None:
        printed = self._print(token.start, token.number_end)
        self.aside.append(SetAside(self._line_no(token.start), printed, reason))

    def _line_no(self, place: int) -> int:
        return self.passage.line_nos[place]

    def _print(self, start: int, end: int) -> str:
        return self.passage.printed[start:end]

    def _report(self, reason: str, place: int, start: int, end: int) -> None:
        found = quote(self._print(max(start, 0), end).strip())
        page_no = self.passage.page_nos[place]
        self.issues.append(Issue(reason, self._line_no(place), found=found, page_no=page_no))


@dataclass(frozen=True)
class Narrative:
    """What a narrative states; ``unread`` are its lines, and ``excluded`` its numbers, that state nothing."""

    claims: tuple[ParsedClaim, ...] = ()
    issues: tuple[Issue, ...] = ()
    unread: tuple[tuple[Line, str], ...] = ()
    excluded: tuple[SetAside, ...] = ()

    def list_aside(self) -> list[SetAside]:
        """Return every number that states nothing."""
        aside = [
            SetAside(line.line_no, found[0], reason)
            for line, reason in self.unread
            for found in _DIGIT_RUN.finditer(_fold_line(line.text))
        ]
        return [*aside, *self.excluded]


def read_narrative(
    document: Document,
    document_kind: DocumentKind,
    fiscal_year: int,
    watermarks: frozenset[str] = frozenset(),
    library: NarrativeLibrary | None = None,
) -> Narrative:
    """Return every figure that the narrative of a disclosure states; none where it has no narrative."""
    library = library or get_narrative_library()
    layout = library.layouts.get(document_kind)
    if layout is None:
        return Narrative()
    passages: list[Passage] = []
    unread: list[tuple[Line, str]] = []
    excluded: list[SetAside] = []
    folded = _FoldedLines(document)
    for region in _find_regions(document, library.words, folded):
        found, left = _split_passages(region, library, layout, watermarks, folded)
        passages.extend(found)
        unread.extend(left)
    claims: list[ParsedClaim] = []
    issues: list[Issue] = []
    on_line: Counter[int] = Counter()
    for passage in passages:
        reader = _Reader(passage, library.words, fiscal_year, on_line)
        reader.read()
        claims.extend(reader.claims)
        issues.extend(reader.issues)
        excluded.extend(reader.aside)
    return Narrative(tuple(claims), tuple(issues), tuple(unread), tuple(excluded))
