"""Parsed tables laid out as a document's text again, the way converters lay documents out.

The parser's tests need disclosures, and the project carries none. What it carries are the figures
(``data/parsed``); around them everything here is invented: contents, notes, narrative. A rendered
document comes with what the parser must find in it, line numbers included.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from ingest.parsed_tables import ParsedColumn, ParsedIssue, ParsedRow, ParsedTable, ParsedTables
from ingest.templates import Library, PrintedField, Template

Numbering = Literal["none", "amounts", "all"]
WATERMARK = "仅供内部审核"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLAIN_AMOUNT = re.compile(r"(-?)(\d+)((?:\.\d+)?)")


@dataclass(frozen=True)
class Layout:
    """How a converter lays a document out; the plain one is the default."""

    contents: Literal["tabs", "dots", "plain", "none"] = "tabs"
    unit_name_in_title: bool = False
    heading: Literal["{}", "# {}", "### {}", "<b>{}</b>", "## **{}**"] = "{}"
    bold_totals: bool = False
    # A blank line after so many rows of a table, and the header again below it.
    rows_per_page: int | None = None
    repeats_header: bool = False
    # A watermark after every so many lines, wherever that falls.
    lines_per_watermark: int | None = None
    splits_table_number: bool = False
    splits_unit: bool = False
    unit_beside_name: bool = False
    numbering: Numbering = "amounts"
    # A word over several columns stands over the first of them, or over the second.
    centres_headers: bool = False
    # 合计 stands in the column of codes, not in that of names.
    total_in_codes: bool = True
    notes: bool = True
    trims_decimals: bool = False
    separates_thousands: bool = False
    # Labels, titles and header words break after so many characters, which leaves a space there.
    wraps_after: int | None = None
    strips_trailing_blanks: bool = False
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"] = "utf-8"
    newline: Literal["\n", "\r\n"] = "\n"


@dataclass(frozen=True)
class Rendered:
    """A document's lines, and what the parser must find in them."""

    lines: tuple[str, ...]
    expected: ParsedTables
    layout: Layout

    @property
    def content(self) -> bytes:
        return encode_lines(self.lines, self.layout)

    def write(self, folder: Path) -> Path:
        path = folder / self.expected.document.source_name
        path.write_bytes(self.content)
        return path


def encode_lines(lines: Sequence[str], layout: Layout) -> bytes:
    return layout.newline.join([*lines, ""]).encode(layout.encoding)


def wrap(text: str, wraps_after: int | None) -> str:
    """Put the space of a broken line into a text, between two Han characters."""
    if wraps_after is None or len(text) <= wraps_after:
        return text
    before, after = text[:wraps_after], text[wraps_after:]
    return f"{before} {after}" if _HAN.match(before[-1]) and _HAN.match(after) else text


def print_amount(text: str, layout: Layout) -> str:
    """Print an amount as the layout has it; a dash stays a dash."""
    match = _PLAIN_AMOUNT.fullmatch(text.replace(",", ""))
    if match is None:
        return text
    sign, whole, fraction = match.groups()
    if layout.trims_decimals:
        fraction = fraction.rstrip("0").rstrip(".")
    return f"{sign}{int(whole):,}{fraction}" if layout.separates_thousands else f"{sign}{whole}{fraction}"


class _Page:
    """The lines printed so far."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.lines: list[str] = []
        self._since_watermark = 0

    def add(self, text: str) -> int:
        """Print a line, and a watermark where one is due; return the line's number."""
        self.lines.append(text.rstrip("\t") if self.layout.strips_trailing_blanks else text)
        line_no = len(self.lines)
        self._since_watermark += 1
        if self._since_watermark == self.layout.lines_per_watermark:
            self.lines.append(WATERMARK)
            self._since_watermark = 0
        return line_no

    def add_spaced(self, text: str) -> int:
        line_no = self.add(text)
        self.add("")
        return line_no

    def add_heading(self, text: str) -> int:
        return self.add_spaced(self.layout.heading.format(text))

    @property
    def last_printed(self) -> int:
        """The number of the last line that is not blank."""
        return max(line_no for line_no, line in enumerate(self.lines, start=1) if line.strip())


def render(parsed: ParsedTables, library: Library, layout: Layout | None = None) -> Rendered:
    """Lay parsed tables out as a document, with what the parser must find in it."""
    page = _Page(layout or Layout())
    document = parsed.document
    title_line_no, name_line_no, printed_title = _render_front(page, parsed)
    page.add_heading("第一部分 概况")
    page.add_spaced("此处为虚构的概况文字。")
    page.add_heading(f"第二部分 {document.fiscal_year}年报表")
    tables: list[ParsedTable] = []
    rows: dict[str, tuple[ParsedRow, ...]] = {}
    issues: list[ParsedIssue] = []
    for number, table in enumerate(parsed.tables, start=1):
        if document.document_kind == "budget":
            page.add_spaced(f"预算公开表{number}")  # Above the title: it ends the table before.
        if tables:
            tables[-1] = replace(tables[-1], last_line_no=page.last_printed)
        printer = _TablePrinter(page, parsed, table, library, number)
        tables.append(printer.print())
        if printer.rows:
            rows[table.statement_code] = tuple(printer.rows)
        issues.extend(printer.issues)
    tables[-1] = replace(tables[-1], last_line_no=page.last_printed)
    page.add_heading("第三部分 情况说明")
    page.add("此处为虚构的说明文字，单价1,234.56万元以上的设备另行说明。")
    page.add("项目名称\t虚构项目\t预算数\t99.00")  # A form of the narrative is no official table.
    lines = tuple(page.lines)
    content = encode_lines(lines, page.layout)
    source_sha256 = hashlib.sha256(content).hexdigest()
    found = replace(
        document,
        document_id=f"{document.fiscal_year}-{document.document_kind}-{source_sha256[:12]}",
        source_sha256=source_sha256,
        encoding="gb18030" if page.layout.encoding == "gb18030" else "utf-8",
        line_count=len(lines),
        printed_title=printed_title,
        title_line_no=title_line_no,
        unit_name_line_no=name_line_no,
        promised_tables="" if page.layout.contents == "none" else _list_promises(parsed, library),
    )
    return Rendered(lines, ParsedTables(found, tuple(tables), rows, tuple(issues)), page.layout)


def _list_promises(parsed: ParsedTables, library: Library) -> str:
    """Return what the contents say of the tables: one or two names are none."""
    document = parsed.document
    named = (
        library.find_by_title(table.printed_title, document.document_kind, document.fiscal_year)
        for table in parsed.tables
    )
    codes = dict.fromkeys("|".join(sorted({one.statement for one in found})) for found in named)
    return " ".join(codes) if len(codes) > 2 else ""


def _render_front(page: _Page, parsed: ParsedTables) -> tuple[int, int, str]:
    """Print cover and contents; return the lines of title and unit name, and the title."""
    document = parsed.document
    scope = {"unit": "单位", "department": "部门"}[document.scope]
    kind = {"budget": "预算", "final": "决算"}[document.document_kind]
    title = f"{document.fiscal_year}年度{scope}{kind}公开"
    if page.layout.unit_name_in_title:
        title = document.printed_unit_name + title
        title_line_no = name_line_no = page.add_heading(title)
    else:
        name_line_no = page.add_heading(document.printed_unit_name)
        title_line_no = page.add_heading(title)
    if page.layout.contents != "none":
        page.add_heading("目 录")
        entries = ["第一部分 概况", f"第二部分 {document.fiscal_year}年报表"]
        entries += [wrap(table.printed_title, page.layout.wraps_after) for table in parsed.tables]
        for number, entry in enumerate([*entries, "第三部分 情况说明"], start=1):
            tail = {"tabs": f".....\t{number}", "dots": f"......{number}", "plain": ""}
            page.add(entry + tail[page.layout.contents])
        page.add("")
    return title_line_no, name_line_no, title


class _TablePrinter:
    """Prints one table, and writes down what the parser must find in it."""

    def __init__(
        self, page: _Page, parsed: ParsedTables, table: ParsedTable, library: Library, number: int
    ) -> None:
        self._page = page
        self._layout = page.layout
        self._parsed = parsed
        self._table = table
        self._number = number
        self._template = next((t for t in library.templates if t.template == table.template), None)
        self._named_codes = (
            {row.row for rule in self._template.rows.values() for row in library.list_named_rows(rule)}
            if self._template
            else set()
        )
        self.rows: list[ParsedRow] = []
        self.issues: list[ParsedIssue] = []

    def print(self) -> ParsedTable:
        table = self._table
        printed_title = wrap(table.printed_title, self._layout.wraps_after)
        title_line_no = self._page.add_heading(printed_title)
        if self._parsed.document.document_kind == "final":
            halves = (f"公开{self._number:02}", "表")
            for text in halves if self._layout.splits_table_number else ("".join(halves),):
                self._page.add_spaced(text)
        unit_line_no = self._print_units()
        columns: tuple[ParsedColumn, ...] = ()
        if self._template is not None:
            columns = self._print_grid(self._template)
            self._page.add("")
        if self._layout.notes:
            self._page.add_spaced("注：此处为虚构的附注。")
        if table.state == "declared_empty":
            self._page.add_spaced("说明：本表无数据")
        lost_all = table.state == "data" and not any(row.cells for row in self.rows)
        return replace(
            table,
            printed_title=printed_title,
            state="blank" if lost_all else table.state,
            title_line_no=title_line_no,
            unit_line_no=unit_line_no,
            columns=columns,
        )

    def _print_units(self) -> int | None:
        name, unit = f"单位名称：{self._parsed.document.printed_unit_name}", self._table.unit_of_money
        if unit is None:
            self._page.add_spaced(name)
            return None
        if self._layout.unit_beside_name:
            name = f"{name}{self._parsed.document.fiscal_year}年度"
        else:
            self._page.add_spaced(name)
            name = ""
        first, second = f"{name}单位：{unit[:-1]}", unit[-1]
        if not self._layout.splits_unit:
            return self._page.add_spaced(first + second)
        line_no = self._page.add(first)
        self._page.add_spaced(second)
        return line_no

    def _print_grid(self, template: Template) -> tuple[ParsedColumn, ...]:
        paths = self._list_header_paths(template)
        headings = [heading for rule in template.rows.values() for heading in rule.headings]
        lines = [list(group) for _, group in groupby(self._source_rows(), key=lambda row: row.line_no)]
        share = max(1, len(lines) // max(1, len(headings)))
        for index, heading in enumerate(headings[:1]):
            self._print_heading(template, index, heading)
        self._print_header(template, paths)
        for index, rows in enumerate(lines):
            section, is_first = divmod(index, share)
            if index and is_first == 0 and section < len(headings):
                self._print_heading(template, section, headings[section])
                self._print_header(template, paths)
            if index and self._layout.rows_per_page and index % self._layout.rows_per_page == 0:
                self._page.add("")
                if self._layout.repeats_header:
                    self._print_header(template, paths)
            self._print_rows(template, index, rows)
        columns: dict[tuple[str, str], ParsedColumn] = {}
        for field, path in zip(template.fields, paths, strict=True):
            if field.column is not None:
                column = ParsedColumn(field.block, field.column, "/".join(path))
                columns.setdefault((field.block, field.column), column)
        return tuple(columns.values())

    def _source_rows(self) -> tuple[ParsedRow, ...]:
        return self._parsed.rows.get(self._table.statement_code, ())

    def _list_header_paths(self, template: Template) -> list[tuple[str, ...]]:
        """The words above each field: as the parsed table has them, else the template's first."""
        printed = {(c.block, c.column_code): c.printed_column.split("/") for c in self._table.columns}
        paths = []
        for field in template.fields:
            words = [word.split("|")[0] for word in field.header]
            if field.column is not None:
                words = printed.get((field.block, field.column), words)
            year = str(self._parsed.document.fiscal_year)
            paths.append(tuple(word.replace("{year}", year) for word in words))
        return paths

    def _print_heading(self, template: Template, index: int, heading: str) -> None:
        ordinal = "一二三四五六七八九"[index]
        self._page.add("\t".join([f"{ordinal}、{heading}", *[""] * (len(template.fields) - 1)]))

    def _print_header(self, template: Template, paths: Sequence[tuple[str, ...]]) -> None:
        for level in range(max(map(len, paths))):
            cells = [""] * len(paths)
            spans = [_span(paths, place, level) for place in range(len(paths))]
            for words, places in groupby(range(len(paths)), key=spans.__getitem__):
                if words is not None:
                    first, *others = places
                    place = others[0] if others and self._layout.centres_headers else first
                    cells[place] = wrap(words[-1], self._layout.wraps_after)
            self._page.add("\t".join(cells))
        if template.numbered_columns and self._layout.numbering != "none":
            self._page.add("\t".join(self._number_columns(template.fields)))

    def _number_columns(self, fields: Sequence[PrintedField]) -> list[str]:
        if self._layout.numbering == "all":
            return [str(number) for number in range(1, len(fields) + 1)]
        cells, number = [], 0
        for place, field in enumerate(fields):
            number += field.role == "amount"
            starts_block = place == 0 or fields[place - 1].block != field.block
            cells.append(str(number) if field.role == "amount" else "栏次" if starts_block else "")
        return cells

    def _print_rows(self, template: Template, index: int, rows: Sequence[ParsedRow]) -> None:
        cells = [""] * len(template.fields)
        for block_index, block in enumerate(template.blocks):
            if block.ordinal_place is not None:
                cells[block.ordinal_place] = str(1 + index + 100 * block_index)
        printed_rows = [self._place_row(template, row, cells) for row in rows]
        line_no = self._page.add("\t".join(cells))
        if self._layout.strips_trailing_blanks and not any(cells[1:]):
            (row,) = printed_rows
            if row.row_code not in self._named_codes:
                self._expect_unknown_line(line_no, cells[0])
                return
        self.rows.extend(row._replace(line_no=line_no) for row in printed_rows)

    def _expect_unknown_line(self, line_no: int, cell: str) -> None:
        """A lone cell that no template knows is like any line of text: not to be guessed."""
        issue = ("unknown_line", "warning", self._table.statement_code, line_no, f"“{cell}”", "")
        self.issues.append(ParsedIssue(*issue))

    def _place_row(self, template: Template, row: ParsedRow, cells: list[str]) -> ParsedRow:
        """Put a row's cells at their places of the line; return the row as printed."""
        label = wrap(row.printed_label, self._layout.wraps_after)
        amounts = {column: print_amount(text, self._layout) for column, text in row.cells.items()}
        printed = row._replace(printed_label=label, cells=amounts)
        bold = self._layout.bold_totals and "计" in label
        shown = f"<b>{label}</b>" if bold else label
        spanning = next((s for s in template.spanning_rows if s.row == row.row_code), None)
        if spanning is not None:
            cells[spanning.label_place - 1] = shown
            cells[spanning.amount_place - 1] = "".join(amounts.values())
            closing = next(b for b in template.blocks if spanning.amount_place - 1 in b.columns)
            return printed._replace(amount_block_no=closing.number if amounts else None)
        block = template.blocks[row.block_no - 1]
        for place, field in enumerate(block.fields, start=block.start):
            if field.role == "code":
                in_codes = self._layout.total_in_codes and not row.printed_code
                cells[place] = shown if in_codes else row.printed_code
            elif field.role == "label":
                in_codes = self._layout.total_in_codes and block.code_place is not None
                cells[place] = "" if in_codes and not row.printed_code else shown
            elif field.role == "beside":
                cells[place] = row.printed_beside
            elif field.column is not None:
                cells[place] = amounts.get(field.column, "")
        return printed


def _span(paths: Sequence[tuple[str, ...]], place: int, level: int) -> tuple[str, ...] | None:
    """Tell the fields under one word of a header line apart from those under the next."""
    path = paths[place]
    if len(path) <= level:
        return None
    is_leaf = len(path) == level + 1
    return (str(place), path[-1]) if is_leaf else path[: level + 1]
