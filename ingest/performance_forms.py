"""Performance forms: targets of projects and of a department, self-evaluations of projects.

Their tables reach us with columns shifted, halved and cut off, so that a form is read by its labels
and the order of its words; places only tell which half of the page a lone indicator stands in.
What cannot be read so is an issue with its line, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.form_templates import FormTemplate, get_form_templates
from ingest.issues import Issue, Severity, quote
from ingest.numbers import CellKind, classify_cell, is_amount
from ingest.parsed_forms import COUNTS, ParsedForm, ParsedFormRow, ParsedIndicator, is_count
from ingest.patterns import find_last_characters
from ingest.readers.pages import UNPLACED
from ingest.readers.texts import Document, Line
from ingest.words import fold

_TAG = re.compile(r"<[^<>]*>")
_YEAR_LINE = re.compile(r"\(?\(?(20\d\d)\)?年度?\)?")
_NUMBERED_NOTE = re.compile(r"^[1-9][.、]")
_LABEL_WITH_AMOUNT = re.compile(r"^(?P<label>[^:：]+[:：])\s*(?P<amount>[-0-9.,]+)$")
_INNER_COLON = re.compile(r":[^\n]")
# What stands in the place of a value although the name beside it was lost.
_VALUE = re.compile(r"^[≥≤=＝><≈≠—→]|%$|^\d[\d.,]*\D{0,6}$")
_OPERATOR = re.compile(r"^[≥≤=＝><≈≠—→]")
_DATE = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_HEADER_WORD = "三级指标"
_YEAR_SIDE_WORD = "二级指标"
# Rows that hold no money, and stand without its unit.
_UNITLESS = frozenset({"score", COUNTS})
# A name or value longer than this is a sentence, or what a converter made of several cells.
_LONGEST_WORD = 80

Token = tuple[int, str]


class _Row(NamedTuple):
    """A row of a form with its words: as printed, as they compare, and as they compare as labels.

    ``part`` is the number of the page part it stands in: a page break leaves an empty line.
    """

    part: int
    line: Line
    texts: list[str]
    folded: list[str]
    labels: list[str]

    @property
    def has_colon(self) -> bool:
        """Whether a word has a colon: only then labels are any other than the words."""
        return self.labels is not self.folded


@dataclass
class _Draft:
    """The lines of one form before they are read; without a template's title where it was lost."""

    template: FormTemplate
    title: Line | None
    rows: list[_Row] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    years: list[Line] = field(default_factory=list)
    # Whether a row has its first field: where that stands again, another form begins.
    has_opened: bool = False

    @property
    def first_line_no(self) -> int:
        lines = [self.title] if self.title else [*self.years, *(row.line for row in self.rows), *self.notes]
        return min(line.line_no for line in lines if line)

    @property
    def last_line_no(self) -> int:
        lines = [*self.years, *(row.line for row in self.rows[-1:]), *self.notes]
        return max((line.line_no for line in lines), default=self.first_line_no)


@dataclass(frozen=True)
class Forms:
    """The forms of a document, and what of them could not be read."""

    forms: tuple[ParsedForm, ...]
    issues: tuple[Issue, ...]


def read_forms(
    document: Document,
    document_kind: str,
    fiscal_year: int,
    watermark_words: frozenset[str],
    stops: frozenset[int] = frozenset(),
    templates: Sequence[FormTemplate] | None = None,
) -> Forms:
    """Read every performance form of a document; ``stops`` are the lines where other tables begin."""
    known = _list_known(document_kind, fiscal_year, get_form_templates() if templates is None else templates)
    cutter = _Cutter(known, watermark_words)
    cutter.cut(document, stops)
    forms: list[ParsedForm] = []
    issues = list(cutter.issues)
    for draft in cutter.drafts:
        if not draft.rows:
            issues.extend(_judge_remains(draft, is_first=not forms))
            continue
        draft.template = _settle_template(draft, known)
        reader = _FormReader(draft, len(forms) + 1, fiscal_year)
        forms.append(reader.read())
        issues.extend(reader.issues)
    return Forms(tuple(forms), tuple(issues))


def find_form_titles(document: Document, document_kind: str, fiscal_year: int) -> frozenset[int]:
    """Return the lines that print the title of a performance form: no table goes on beyond them."""
    known = _list_known(document_kind, fiscal_year, get_form_templates())
    titles = _Titles(known)
    return frozenset(line.line_no for line in document.plain_lines if titles.find(fold(line.text)))


class _Titles:
    """Tells which form a line is the title of; most are of none."""

    def __init__(self, templates: Sequence[FormTemplate]) -> None:
        self._templates = templates
        self._ends = find_last_characters(title for template in templates for title in template.titles)

    def find(self, folded: str) -> FormTemplate | None:
        if self._ends is not None and folded[-1:] not in self._ends:
            return None
        return next((t for t in self._templates if t.title_pattern.fullmatch(folded)), None)


def _list_known(
    document_kind: str, fiscal_year: int, templates: Sequence[FormTemplate]
) -> list[FormTemplate]:
    return [
        template
        for template in templates
        if template.document_kind == document_kind
        and template.years.first <= fiscal_year <= template.years.last
    ]


def _judge_remains(draft: _Draft, *, is_first: bool) -> Iterable[Issue]:
    if draft.title and is_first:
        return  # A table of contents names the forms before they stand.
    reason = "missing_grid" if draft.title else "unreadable_form"
    span = f"{draft.first_line_no}-{draft.last_line_no}"
    found = quote(draft.title.text) if draft.title else span
    yield Issue(reason, draft.first_line_no, draft.template.statement, found, "header + rows / 表头与数据")


def _settle_template(draft: _Draft, templates: Sequence[FormTemplate]) -> FormTemplate:
    """Return the template whose labels a form prints: layouts of one form share its title."""
    alike = [draft.template, *(t for t in templates if t.statement == draft.template.statement)]
    printed = {label for row in draft.rows for label in row.labels}
    return max(alike, key=lambda template: sum(label in printed for label in template.amount_labels))


class _Cutter:
    """Cuts a document into the lines of each form."""

    def __init__(self, templates: Sequence[FormTemplate], watermark_words: frozenset[str]) -> None:
        self._titles = _Titles(templates)
        self._watermarks = watermark_words
        self._template: FormTemplate | None = None
        self._draft: _Draft | None = None
        self._part = 0
        self._pending: list[Line] = []
        self.drafts: list[_Draft] = []
        self.issues: list[Issue] = []

    def cut(self, document: Document, stops: frozenset[int]) -> None:
        """Cut all forms; what stands before the first title is none of them."""
        for line in document.lines:
            cells = line.cells
            count = len(cells) - cells.count("")
            if line.line_no in stops:
                self._template = self._draft = None
                self._pending.clear()
            elif not count:
                self._part += 1
            elif len(cells) > 1:
                if count == 1 and self._titles.find(folded := fold("".join(cells))):
                    self._add_text(line, folded)  # The title is printed within the grid.
                elif self._template is not None:
                    self._add_row(line, self._template)
            elif (folded := _fold_line(line)) not in self._watermarks:
                self._add_text(line, folded)

    def _add_row(self, line: Line, template: FormTemplate) -> None:
        row = _read_words(self._part, line)
        is_new = self._draft is not None and not self._draft.rows
        if is_new and len(row.folded) == 1 and _YEAR_LINE.fullmatch(row.folded[0]):
            self._add_text(line, row.folded[0])  # Below a title within the grid.
            return
        opens = not template.first_labels.isdisjoint(row.labels[:2])
        if opens and (self._draft is None or self._draft.has_opened):
            self._open(None)
        if self._draft is None:
            self._pending.append(line)
        else:
            self._draft.rows.append(row)
            self._draft.has_opened |= opens

    def _add_text(self, line: Line, folded: str) -> None:
        title = self._titles.find(folded)
        if title is not None:
            continues = (
                self._draft is not None
                and self._draft.title is not None
                and self._draft.rows
                and title.first_field != "project_name"
                and fold(self._draft.title.text) == folded
            )
            self._template = title
            if not continues:  # A form of a department comes once: its title again heads its next page.
                self._open(line)
            return
        if self._template is None:
            return
        if _YEAR_LINE.fullmatch(folded):
            draft = self._draft
            has_year = draft is not None and (draft.rows or draft.notes or draft.years)
            if draft is None or (has_year and not self._is_page_head()):
                self._open(None)
            assert self._draft is not None
            self._draft.years.append(line)
        elif self._template.note_pattern.search(folded):
            is_first = not _NUMBERED_NOTE.search(folded)
            if self._draft is None or (is_first and self._draft.notes):
                self._open(None)
            assert self._draft is not None
            self._draft.notes.append(line)
        else:
            self._draft = None
            self._pending.append(line)

    def _is_page_head(self) -> bool:
        """Tell whether a year line heads the next page of a department's form."""
        return self._draft is not None and self._draft.template.first_field != "project_name"

    def _is_heading(self) -> bool:
        """Tell whether the lines since the last form are the next one's number and name, over one or more."""
        if not self._pending or self._template is None or any(line.is_row for line in self._pending):
            return False
        return bool(self._template.heading_pattern.search(fold(self._pending[0].text)))

    def _open(self, title: Line | None) -> None:
        """Begin a form; lines since the last one that belong to none cannot be read."""
        assert self._template is not None
        if self._is_heading():
            self._pending.clear()
        self.issues.extend(
            Issue("unreadable_form_line", line.line_no, self._template.statement, quote(line.text))
            for line in self._pending
        )
        self._pending.clear()
        self._draft = _Draft(self._template, title)
        self.drafts.append(self._draft)


def _fold_line(line: Line) -> str:
    return fold(_TAG.sub("", line.text) if "<" in line.text else line.text)


def _read_words(part: int, line: Line) -> _Row:
    """Return a line with the texts of its cells that hold something; each is folded once."""
    texts = list(filter(None, line.cells))
    folded = list(map(fold, texts))
    printed = "".join(folded)
    if "<" in printed or UNPLACED in printed:
        texts = [text for _, text in _list_tokens(line)]
        folded = list(map(fold, texts))
    labels = folded
    if ":" in printed:
        labels = [_strip_edges(word) if ":" in word else word for word in folded]
    return _Row(part, line, texts, folded, labels)


def _list_tokens(line: Line) -> list[Token]:
    """Return the texts of a line, each with its place."""
    tokens = [(place, cell) for place, cell in enumerate(line.cells) if cell]
    printed = line.text
    if UNPLACED in printed:  # A form is read by its labels: a date need not stand in one column.
        bare = [(place, text.removesuffix(UNPLACED)) for place, text in tokens]
        tokens = [b if _DATE.fullmatch(b[1]) else t for b, t in zip(bare, tokens, strict=True)]
    if "<" in printed:
        stripped = [(place, _TAG.sub("", text).strip()) for place, text in tokens]
        tokens = [token for token in stripped if token[1]]
    return tokens


def _fold_label(text: str) -> str:
    return _strip_edges(fold(text))


def _split_amounts(row: _Row) -> Iterable[tuple[str, str, str]]:
    """Return a row's words, each with how it compares; a cell may hold a label and its amount together."""
    if not row.has_colon or not _INNER_COLON.search("\n".join(row.folded)):
        return zip(row.texts, row.folded, row.labels, strict=True)
    words: list[tuple[str, str, str]] = []
    for text, word, label in zip(row.texts, row.folded, row.labels, strict=True):
        match = _LABEL_WITH_AMOUNT.match(text) if ":" in word else None
        if match:
            words.extend((part, fold(part), _fold_label(part)) for part in match.groups())
        else:
            words.append((text, word, label))
    return words


def _strip_edges(label: str) -> str:
    """Leave out 其中: before a label and the colons behind it; either may be there twice."""
    for _ in range(2):
        label = label.removeprefix("其中:").removesuffix(":")
    return label


class _Side(NamedTuple):
    """What an indicator's line prints on one side: words of level 2, then a name, then a value."""

    level_2: tuple[Token, ...]
    words: tuple[Token, ...]


class _IndicatorLine(NamedTuple):
    """An indicator's line cut into its sides; ``part`` is the piece of the page it stands in."""

    line: Line
    part: int
    level_1: str
    sides: list[_Side]


class _FormReader:
    """Reads the rows of one form."""

    def __init__(self, draft: _Draft, form_no: int, fiscal_year: int) -> None:
        self._draft = draft
        self._template = draft.template
        self._form_no = form_no
        self._fiscal_year = fiscal_year
        self._fields: dict[str, tuple[str, int]] = {}
        self._unit: tuple[str, int] | None = None
        self._grade: tuple[str, int] | None = None
        self._rows: list[ParsedFormRow] = []
        self._seen: set[tuple[str, str]] = set()
        self._indicators: list[ParsedIndicator] = []
        self._headers: dict[int, int] = {}
        self._indicator_lines: list[_IndicatorLine] = []
        self._header_words: list[str] | None = None
        self._figures_label: str | None = None
        self._section = "head"
        self._level_1 = ""
        self.issues: list[Issue] = []

    def _note(self, reason: str, line: Line, found: str = "", expected: str = "") -> None:
        code = self._template.statement
        issue = Issue(reason, line.line_no, code, found or quote(line.text), expected, line.page_no)
        if issue not in self.issues:  # Both sides of a line often suffer alike.
            self.issues.append(issue)

    def read(self) -> ParsedForm:
        draft, template = self._draft, self._template
        if draft.title is None:
            self._note("form_without_title", draft.rows[0].line, expected=quote("项目支出绩效…表"))
        for line in draft.years:
            if (match := _YEAR_LINE.fullmatch(fold(line.text))) and int(match[1]) != self._fiscal_year:
                self._note("year_mismatch", line, expected=str(self._fiscal_year))
        for printed in draft.rows:
            if printed.texts:
                self._read_line(printed)
        self._read_indicators()
        if self._unit is None and any(row.cells for row in self._rows if row.block not in _UNITLESS):
            self._note("missing_unit", draft.rows[0].line, expected=quote("项目资金（元）"))
            self._rows = [row for row in self._rows if row.block in _UNITLESS]
        has_figures = any(row.cells for row in self._rows)
        for row in self._rows if has_figures else ():
            if row.row_code == "total" and not row.cells:
                line = next(printed.line for printed in draft.rows if printed.line.line_no == row.line_no)
                self._note("missing_form_amount", line, found=quote(row.printed_label))
        is_damaged = draft.title is None or any(issue.severity is Severity.ERROR for issue in self.issues)
        project = self._fields.get("project_name", ("", 0))
        return ParsedForm(
            form_no=self._form_no,
            statement_code=template.statement,
            template=template.template,
            state="damaged" if is_damaged else "read" if has_figures else "blank",
            printed_title=draft.title.text.strip() if draft.title else "",
            first_line_no=draft.first_line_no,
            last_line_no=draft.last_line_no,
            printed_project_name=project[0],
            project_name_line_no=project[1] or None,
            printed_department=self._fields.get("department", ("", 0))[0],
            printed_unit_name=self._fields.get("unit_name", ("", 0))[0],
            printed_kind=self._fields.get("project_kind", ("", 0))[0],
            printed_term=self._fields.get("project_term", ("", 0))[0],
            unit_of_money=self._unit[0] if self._unit else None,
            unit_line_no=self._unit[1] if self._unit else None,
            printed_grade=self._grade[0] if self._grade else "",
            grade_line_no=self._grade[1] if self._grade else None,
            rows=tuple(self._rows),
            indicators=tuple(self._indicators),
        )

    # ── one line after the other ────────────────────────────────────────────────────────────────

    def _read_line(self, row: _Row) -> None:
        template, section = self._template, self._section
        _, line, texts, folded, labels = row
        if section in ("head", "money") and not template.field_labels.keys().isdisjoint(labels):
            self._read_fields(row)
            return
        if section in ("head", "texts") and not template.count_labels.keys().isdisjoint(labels):
            self._read_counts(row)
            return
        if self._unit is None and section != "tail":
            match = next(filter(None, map(template.unit_pattern.fullmatch, folded)), None)
            self._unit = (match["unit"], line.line_no) if match else None
        if _HEADER_WORD in folded:
            self._section = "indicators"
            self._read_header(row)
        elif self._may_hold_money(section) and self._reads_money(row):
            self._section = "money"
        elif section == "indicators" and labels[0] in template.folded_totals:
            self._read_total(line, texts)
        elif section == "tail":
            self._read_tail(line, texts)
        elif self._is_indicator(labels[0]):
            self._section = "indicators"
            self._add_indicator(row)
        elif section == "indicators":
            if not any(map(template.is_text, labels)):
                self._add_indicator(row)
        elif any(map(template.is_text, labels)):
            self._section = "texts"
        elif self._section == "texts" and not any(map(is_amount, texts)):
            pass  # Running text goes on in the next line.
        elif self._section == "money" and len(texts) == 1 and not is_amount(texts[0]):
            pass  # The cause of a deviation, broken off its figures.
        elif len(texts) == 1 and template.unit_pattern.fullmatch(folded[0]):
            pass
        else:
            self._note("unreadable_form_line", line)

    def _may_hold_money(self, section: str) -> bool:
        # Figures without labels of their own are told from other numbers by where they stand.
        return section in ("head", "money") or (section == "texts" and self._template.figures is None)

    def _is_indicator(self, label: str) -> bool:
        template = self._template
        return (
            label in template.folded_indicator_labels
            or label in template.level_1_words
            or label in template.level_2_words
        )

    def _read_fields(self, row: _Row) -> None:
        name: str | None = None
        for text, label in zip(row.texts, row.labels, strict=True):
            field_name = self._template.field_labels.get(label)
            if field_name is not None:
                name = field_name
            elif name is not None and (name == "project_term" or name not in self._fields):
                before, line_no = self._fields.get(name, ("", row.line.line_no))
                # A term is printed as one, or as its first day and its last.
                self._fields[name] = (f"{before} {text}".strip(), line_no)
                name = None
            elif not self._template.is_text(label):
                self._note("unread_form_words", row.line, found=quote(text))

    def _read_counts(self, row: _Row) -> None:
        """Read labels each with a number and its unit; a label without one is blank."""
        line = row.line
        place: tuple[str, str] | None = None
        for text, label in zip(row.texts, row.labels, strict=True):
            rule = self._template.count_labels.get(label)
            if rule is not None:
                if place is not None:
                    self._keep(line, COUNTS, *place, {})
                place = (rule.row, text)
            elif place is not None and is_count(text):
                self._keep(line, COUNTS, *place, {"count": text})
                place = None
            elif not self._template.is_text(label):
                self._note("malformed_amount", line, found=quote(text), expected="123人")
                place = None
        if place is not None:
            self._keep(line, COUNTS, *place, {})

    # ── money ───────────────────────────────────────────────────────────────────────────────────

    def _reads_money(self, row: _Row) -> bool:
        if self._template.figures is not None:
            return self._reads_figures(row)
        known = self._template.amount_labels
        has_label = not known.keys().isdisjoint(row.labels)
        if not has_label and not row.has_colon:
            return False
        line, words = row.line, list(_split_amounts(row))
        if not has_label and known.keys().isdisjoint(label for _, _, label in words):
            return False
        seen: dict[tuple[str, ...], int] = {}
        place: tuple[str, str, str] | None = None
        for cell, folded, label in words:
            rules = known.get(label)
            if rules:
                self._keep_blank(line, place)
                (rule,) = rules
                key = (rule.row, *rule.blocks)
                number = seen[key] = seen.get(key, 0) + 1
                place = None
                if number <= len(rule.blocks):
                    place = (rule.blocks[number - 1], rule.row, cell)
                else:
                    self._note("unreadable_form_line", line, found=quote(cell))
            elif self._template.unit_pattern.fullmatch(folded) or self._template.is_text(label):
                continue
            elif place is not None and self._is_printed_blank(cell):
                self._keep_blank(line, place)
                place = None
            elif place is None or not is_amount(cell):
                self._note("malformed_amount", line, found=quote(cell), expected="1,234.56")
                place = None
            else:
                self._keep(line, *place, {"amount": cell})
                place = None
        self._keep_blank(line, place)
        return True

    def _is_printed_blank(self, cell: str) -> bool:
        return self._template.dash_is_blank and classify_cell(cell) is CellKind.DASH

    def _keep_blank(self, line: Line, place: tuple[str, str, str] | None) -> None:
        if place is not None:
            self._keep(line, *place, {})

    def _keep(self, line: Line, block: str, row_code: str, label: str, cells: dict[str, str]) -> None:
        if row_code != "source" and (block, row_code) in self._seen:
            self._note("duplicate_row", line, found=quote(label), expected="one / 一行")
            return
        self._seen.add((block, row_code))
        self._rows.append(ParsedFormRow(line.line_no, block, row_code, label, cells, line.page_no))

    def _reads_figures(self, row: _Row) -> bool:
        """Read a line of figures below their header: a label, a figure for each column, a remark."""
        _, line, texts, folded, labels = row
        rule = self._template.figures
        assert rule is not None
        if any(map(rule.header_patterns[0].fullmatch, folded)):
            position = 0
            for word in folded:
                if position < len(rule.header) and rule.header_patterns[position].fullmatch(word):
                    position += 1
            if position < len(rule.header):
                self._note("unknown_layout", line, quote(line.text, 120), " | ".join(rule.header))
            else:
                self._header_words = []
            for text, label in zip(texts, labels, strict=True):
                if label in self._template.amount_labels:
                    self._figures_label = text  # The label slipped up into the header.
            return True
        if rule.part_patterns and rule.part_patterns[0].fullmatch(folded[0]):
            found = [
                p.fullmatch(word) is not None for p, word in zip(rule.part_patterns, folded, strict=False)
            ]
            if not all(found) or len(found) != len(rule.part_patterns):
                self._header_words = None
                self._note("unknown_layout", line, quote(line.text, 120), " | ".join(rule.first_parts))
            return True
        first = next((i for i, text in enumerate(texts) if is_amount(text)), None)
        is_total = any(label in self._template.amount_labels for label in labels)
        if first is None and not is_total:
            return False
        if first is None:
            label = next(text for text in texts if _fold_label(text) in self._template.amount_labels)
            self._keep(line, "main", "total", label, {})
            return True
        count = 0
        while first + count < len(texts) and is_amount(texts[first + count]):
            count += 1
        before = [text for text in texts[:first] if not self._template.unit_pattern.fullmatch(fold(text))]
        after = texts[first + count :]
        if len(before) > 1 or len(after) > 1 or (after and is_amount(after[0])):
            self._note("unreadable_form_line", line)
            return True
        label = before[0] if before else ""
        if not label and self._figures_label:
            label, self._figures_label, is_total = self._figures_label, None, True
        if self._header_words is None or count != len(rule.columns) or not label:
            self._note("unreadable_amounts", line, f"{count}: {quote(line.text)}", str(len(rule.columns)))
            return True
        cells = dict(zip(rule.columns, texts[first : first + count], strict=True))
        self._keep(line, "main", "total" if is_total else "source", label, cells)
        return True

    # ── indicators ──────────────────────────────────────────────────────────────────────────────

    def _read_header(self, row: _Row) -> None:
        words = zip(_list_tokens(row.line), row.folded, strict=True)
        starts = [place for (place, _), word in words if word == _YEAR_SIDE_WORD]
        if len(starts) > 1:
            self._headers[row.part] = starts[1]
        for word in row.folded:
            if word in self._template.level_1_words:
                self._level_1 = self._template.level_1_words[word]
        if any(len(word) > _LONGEST_WORD for word in row.folded):
            self._note("unreadable_form_line", row.line)

    def _add_indicator(self, row: _Row) -> None:
        template, line, texts = self._template, row.line, row.texts
        if template.grades and len(texts) == 1 and row.folded[0] in template.grades:
            self._grade = (texts[0], line.line_no)
            return
        if max(map(len, texts)) > _LONGEST_WORD:
            self._note("unreadable_form_line", line)
            return
        sides: list[_Side] = []
        level_2: list[Token] = []
        names: list[Token] = []
        is_start = True
        labels, level_2_words = template.folded_indicator_labels, template.level_2_words
        for token, word in zip(_list_tokens(line), row.folded, strict=True):
            if word in labels:
                continue
            if is_start and word in template.level_1_words:
                self._level_1 = template.level_1_words[word]
                continue
            is_start = False
            if word in level_2_words:
                is_apart = bool(level_2) and token[0] - level_2[-1][0] > 1
                if names or (is_apart and len(template.indicator_blocks) > 1):
                    sides.append(_Side(tuple(level_2), tuple(names)))
                    level_2, names = [], []
                level_2.append(token)
            else:
                names.append(token)
        if level_2 or names:
            sides.append(_Side(tuple(level_2), tuple(names)))
        if sides:
            self._indicator_lines.append(_IndicatorLine(line, row.part, self._level_1, sides))

    def _read_indicators(self) -> None:
        carried = dict.fromkeys(self._template.indicator_blocks, "")
        for found in self._indicator_lines:
            if self._template.indicator_columns:
                self._read_scored(found, carried)
            elif len(self._template.indicator_blocks) == 1:
                self._read_single(found, carried)
            else:
                self._read_double(found, carried)

    def _name_levels(self, level_1: str, level_2: str) -> tuple[str, str]:
        return self._template.level_2_words.get(fold(level_2), (level_1, ""))

    def _keep_indicator(
        self, found: _IndicatorLine, block: str, level_2: str, name: str, cells: dict[str, str]
    ) -> None:
        level_1, level_2 = self._name_levels(found.level_1, level_2)
        line = found.line
        self._indicators.append(
            ParsedIndicator(line.line_no, block, level_1, level_2, name, cells, line.page_no)
        )

    def _read_single(self, found: _IndicatorLine, carried: dict[str, str]) -> None:
        (block,) = self._template.indicator_blocks
        for side in found.sides:
            side = _take_name_from_level_2(side)
            if side.level_2:
                carried[block] = side.level_2[-1][1]
            elif found.level_1 and carried[block]:
                first = self._name_levels("", carried[block])[0]
                if first != found.level_1:
                    carried[block] = ""
            words = [text for _, text in side.words]
            if not words:
                continue
            if len(words) != 2:
                reason = "cut_off_indicator" if len(words) == 1 else "unreadable_form_line"
                self._note(reason, found.line)
                continue
            self._keep_indicator(found, block, carried[block], words[0], {"target": words[1]})

    def _read_double(self, found: _IndicatorLine, carried: dict[str, str]) -> None:
        sides = _split_sides(found.sides)
        if sides is None:
            self._note("unreadable_form_line", found.line)
            return
        term, year = self._template.indicator_blocks
        sides = [_take_name_from_level_2(side) for side in sides]
        if len(sides) == 1:
            side = sides[0]
            if not side.words:
                carried[term] = carried[year] = side.level_2[-1][1]
                return
            block = self._place(found, side)
            if block is None:
                self._note("unplaced_indicator", found.line)
            placed = [(block or "unplaced", side)]
        else:
            placed = list(zip((term, year), sides, strict=True))
        printed = {block: side.level_2[-1][1] for block, side in placed if side.level_2}
        names = {block: side.words[0][1] for block, side in placed if side.words}
        # The same indicator on both sides has one word of level 2, though only one side prints it.
        if len(printed) == 1 and len(names) == 2 and fold(names[term]) == fold(names[year]):
            printed = dict.fromkeys((term, year), next(iter(printed.values())))
        carried.update((block, word) for block, word in printed.items() if block in carried)
        width = len(found.line.cells)
        for block, side in placed:
            if not side.words:
                if side.level_2 and side.level_2[-1][0] == width - 1:
                    self._note("cut_off_indicator", found.line, found=quote(side.level_2[-1][1]))
                continue
            level_2 = printed.get(block, "" if block == "unplaced" else carried[block])
            name = side.words[0][1]
            if len(side.words) > 1:
                self._keep_indicator(found, block, level_2, name, {"target": side.words[1][1]})
            elif _VALUE.search(name):
                self._keep_indicator(found, block, level_2, "", {"target": name})
            else:
                self._note("cut_off_indicator", found.line, found=quote(name))
                self._keep_indicator(found, block, level_2, name, {})

    def _place(self, found: _IndicatorLine, side: _Side) -> str | None:
        """Tell on which side a lone indicator stands: where those of full lines around it stand."""
        term, year = self._template.indicator_blocks
        first, last = side.words[0][0], side.words[-1][0]
        places: dict[str, set[tuple[int, int]]] = {term: set(), year: set()}
        starts = {self._headers[found.part]} if found.part in self._headers else set[int]()
        for other in self._indicator_lines:
            if other.part != found.part or (sides := _split_sides(other.sides)) is None or len(sides) < 2:
                continue
            for block, near in zip((term, year), sides, strict=True):
                if len(near.words) > 1:
                    places[block].add((near.words[0][0], near.words[-1][0]))
            starts.add(min(place for place, _ in (*sides[1].level_2, *sides[1].words)))
        exact = [block for block in (term, year) if (first, last) in places[block]]
        if len(exact) == 1:
            return exact[0]
        if not starts or exact:
            return None
        if first >= max(starts):
            return year
        return term if last < min(starts) else None

    def _read_scored(self, found: _IndicatorLine, carried: dict[str, str]) -> None:
        """Read an indicator with its values, then its marks (weight, score), then perhaps a remark."""
        (block,) = self._template.indicator_blocks
        columns, wanted = self._template.indicator_columns, self._template.indicator_marks
        if len(found.sides) != 1:
            self._note("unreadable_form_line", found.line)
            return
        side = found.sides[0]
        if side.words and _OPERATOR.search(side.words[0][1]):
            # The name is lost, or is the same word as that of level 2.
            named = side.level_2[-1] if len(side.level_2) > 1 else (side.words[0][0] - 1, "")
            side = _Side(side.level_2[:-1] if named[1] else side.level_2, (named, *side.words))
        if side.level_2:
            carried[block] = side.level_2[-1][1]
        if not side.words:
            return
        words = list(side.words)
        end = next((i for i in range(len(words), 0, -1) if is_amount(words[i - 1][1])), 0)
        start = end
        while start > 1 and is_amount(words[start - 1][1]):
            start -= 1
        marks = [text for _, text in words[start:end]]
        (place, name), values = words[0], words[1 : max(start, 1)]
        if len(marks) > len(wanted):  # A value may be a bare number too.
            values, marks = words[1 : end - len(wanted)], marks[-len(wanted) :]
        if not marks:
            values, end = words[1:], len(words)
        if len(words) - end > 1 or len(values) > len(columns):
            self._note("unreadable_form_line", found.line)
            return
        cells: dict[str, str] = {}
        if marks:
            # The last value is what was reached, the one before it what was aimed at.
            shift = len(columns) - len(values)
            cells |= {columns[shift + i]: text for i, (_, text) in enumerate(values)}
        else:
            # Not evaluated: nothing was reached, so that only the place tells which value is printed.
            for at, text in values:
                if not 1 <= at - place <= len(columns):
                    self._note("unreadable_form_line", found.line)
                    return
                cells[columns[at - place - 1]] = text
        cells |= dict(zip(wanted, marks, strict=False))
        if marks and len(marks) < len(wanted):
            self._note("missing_score", found.line, found=quote(name))
        self._keep_indicator(found, block, carried[block], name, cells)

    # ── the end of an evaluation ────────────────────────────────────────────────────────────────

    def _read_total(self, line: Line, texts: list[str]) -> None:
        self._section = "tail"
        cells: dict[str, str] = {}
        for text in texts[1:]:
            if is_amount(text) and not cells:
                cells["score"] = text
            elif fold(text) in self._template.grades and self._grade is None:
                self._grade = (text, line.line_no)
            else:
                self._note("unreadable_form_line", line, found=quote(text))
        self._keep(line, "score", "total_score", texts[0], cells)

    def _read_tail(self, line: Line, texts: list[str]) -> None:
        if len(texts) == 1 and fold(texts[0]) in self._template.grades and self._grade is None:
            self._grade = (texts[0], line.line_no)
        elif any(map(is_amount, texts)):
            self._note("unreadable_form_line", line)


def _take_name_from_level_2(side: _Side) -> _Side:
    """Where an indicator is called like its level 2, the second of two such words is its name."""
    if len(side.level_2) > 1 and len(side.words) == 1 and _VALUE.search(side.words[0][1]):
        return _Side(side.level_2[:-1], (side.level_2[-1], *side.words))
    return side


def _split_sides(sides: Sequence[_Side]) -> list[_Side] | None:
    """Return the one or two sides of an indicator's line, or None where its order does not tell."""
    counts = [len(side.words) for side in sides]
    if len(sides) == 2:
        return list(sides) if max(counts) <= 2 else None
    if len(sides) == 1:
        (side,) = sides
        words = side.words
        if counts[0] <= 2:
            return [side]
        half = len(words) // 2
        if counts[0] == 4:
            return [_Side(side.level_2, words[:2]), _Side((), words[2:])]
        texts = [fold(text) for _, text in words]
        if counts[0] == 3 and texts[2] == texts[0]:
            return [_Side(side.level_2, words[:2]), _Side((), words[2:])]
        # The name is printed in the place of level 2 as well.
        if counts[0] == 6 and texts[0] == texts[1] and texts[3] == texts[4]:
            return [_Side(side.level_2, words[1:half]), _Side((), words[half + 1 :])]
        return None
    if len(sides) > 2 and not any(counts):
        return list(sides[:1])
    return None
