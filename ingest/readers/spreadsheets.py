"""Spreadsheets: XLSX and XLS to numbered lines, numbers as the sheet shows them.

XLSX is read here and not by a library: the readers that exist give floats without their formats
(calamine), or cannot tell a formula that was never calculated from a blank (openpyxl). A formula is
never evaluated: what counts is the value the program stored when it last showed it, and a formula
without one stays a formula, which no amount column accepts. Links to other files are never followed.
Rows are numbered through all sheets; a sheet is no page, for nothing is printed on it.
Hidden sheets, rows and columns are not read, for nobody sees them; a warning says so.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingest.issues import Issue, RefusedDocument, quote
from ingest.readers import limits
from ingest.readers.grids import LineWriter, clean_cell, refuse_excess
from ingest.readers.number_formats import BUILT_IN, print_number, print_plain, read_number
from ingest.readers.packages import Package, refuse_damaged
from ingest.readers.texts import Document

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Sheet:
    """What one sheet shows: texts by row and column from 0, merged ranges, what is hidden."""

    title: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    # First row, last row, first column, last column.
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def _write_sheet(writer: LineWriter, sheet: Sheet, page_no: int) -> list[Issue]:
    """Write a sheet's rows down to the last one with a text; blank rows are lines too."""
    hidden = sum(
        bool(text) and (number in sheet.hidden_rows or column in sheet.hidden_columns)
        for number, row in sheet.rows.items()
        for column, text in row.items()
    )
    last = max((number for number, row in sheet.rows.items() if any(row.values())), default=-1)
    if len(writer.lines) + last >= limits.MAX_LINES:
        raise refuse_excess(writer.name, "lines / 行", len(writer.lines) + last + 1, limits.MAX_LINES)
    spans = {(top, left): right - left + 1 for top, _, left, right in sheet.merged}
    # A merged range shows one text; what other cells of it hold is out of sight.
    covered = _list_covered(sheet)
    rows: list[dict[int, str]] = []
    for number in range(last + 1):
        row = {} if number in sheet.hidden_rows else sheet.rows.get(number, {})
        rows.append(
            {
                column: text
                for column, text in row.items()
                if column not in sheet.hidden_columns and (number, column) not in covered
            }
        )
    writer.add_grid(rows, _list_columns(sheet, rows), spans)
    if not hidden:
        return []
    found = f"{hidden} cells / 单元格 ({quote(sheet.title)})"
    return [Issue("hidden_part", None, found=found, page_no=page_no)]


def _list_columns(sheet: Sheet, rows: list[dict[int, str]]) -> set[int]:
    """Return the columns that count: not the margin before the first text, nor what is only merged into.

    A blank column that no merged cell reaches into stays: in a table that goes on from another
    sheet it may be one of its columns.
    """
    used = {column for row in rows for column, text in row.items() if text}
    if not used:
        return used
    merged = {
        column
        for _, _, left, right in sheet.merged
        if right > left
        for column in range(left, min(right, max(used)) + 1)
    }
    between = set(range(min(used), max(used) + 1))
    return used | (between - merged - sheet.hidden_columns)


def _list_covered(sheet: Sheet) -> set[tuple[int, int]]:
    return {
        (number, column)
        for top, bottom, left, right in sheet.merged
        for number in (range(top, bottom + 1) if bottom - top < len(sheet.rows) else sheet.rows)
        if top <= number <= bottom
        for column in sheet.rows.get(number, ())
        if left <= column <= right and (number, column) != (top, left)
    }


def _finish(writer: LineWriter, content: bytes, kind: str, issues: list[Issue]) -> Document:
    if not any(not line.is_blank for line in writer.lines):
        raise RefusedDocument(writer.name, Issue("empty_document", None))
    return Document(
        source_name=writer.name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding=kind,
        lines=tuple(writer.lines),
        has_trailing_blanks=False,
        is_grid=True,
        issues=tuple(issues),
    )


def read_xlsx(source_name: str, content: bytes) -> Document:
    """Read an XLSX workbook; raises RefusedDocument for one that is damaged, encrypted or too large."""
    package = Package(source_name, content)
    book = _Workbook(package)
    writer = LineWriter(source_name)
    issues: list[Issue] = []
    for page_no, (title, part) in enumerate(book.sheets, start=1):
        issues.extend(_write_sheet(writer, book.read_sheet(title, part), page_no))
    if book.hidden_sheets:
        found = f"{len(book.hidden_sheets)} sheets / 工作表 ({quote('、'.join(book.hidden_sheets))})"
        issues.append(Issue("hidden_part", None, found=found))
    return _finish(writer, content, "xlsx", issues)


class _Workbook:
    """The parts of a workbook that say what its cells show."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.sheets: list[tuple[str, str]] = []
        self.hidden_sheets: list[str] = []
        self._starts_1904 = False
        self._strings: list[str] = []
        self._formats: list[str] = []
        main = package.find_main_part("xl/workbook.xml")
        related = package.find_related(main)
        self._read_main(main, related)
        for kind, part in related.values():
            if kind == "sharedStrings" and part in package:
                self._read_strings(part)
            elif kind == "styles" and part in package:
                self._read_styles(part)

    def _read_main(self, main: str, related: dict[str, tuple[str, str]]) -> None:
        def on_start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self._starts_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet":
                title = attributes.get("name", "")
                kind, part = related.get(attributes.get("id", ""), ("", ""))
                if attributes.get("state", "visible") != "visible":
                    self.hidden_sheets.append(title)
                elif kind == "worksheet":
                    self.sheets.append((title, part))

        self._package.read_xml(main, on_start, lambda name: None)
        if len(self.sheets) > limits.MAX_SHEETS:
            raise refuse_excess(self._package.name, "sheets / 工作表", len(self.sheets), limits.MAX_SHEETS)

    def _read_strings(self, part: str) -> None:
        texts = _TextParts()

        def on_end(name: str) -> None:
            texts.end(name)
            if name == "si":
                self._strings.append(texts.take())

        self._package.read_xml(part, texts.start, on_end, texts.add)

    def _read_styles(self, part: str) -> None:
        own: dict[int, str] = {}
        within: list[str] = []

        def on_start(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                own[_read_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "General")
            elif name == "xf" and within and within[-1] == "cellXfs":
                number = _read_whole(attributes.get("numFmtId"))
                self._formats.append(own.get(number) or BUILT_IN.get(number, "General"))
            within.append(name)

        def on_end(name: str) -> None:
            within.pop()

        self._package.read_xml(part, on_start, on_end)

    def read_sheet(self, title: str, part: str) -> Sheet:
        reader = _SheetReader(self, Sheet(title))
        self._package.read_xml(part, reader.on_start, reader.on_end, reader.on_text)
        return reader.sheet

    def refuse(self, found: str, expected: str) -> RefusedDocument:
        return refuse_damaged(self._package.name, found, expected)

    def show(self, kind: str, stored: str, style: int) -> str:
        """Return what a cell with this stored value shows."""
        if kind == "s":
            index = _read_whole(stored, -1)
            if not 0 <= index < len(self._strings):
                raise self.refuse(f"shared string {quote(stored)}", f"0-{len(self._strings) - 1}")
            return self._strings[index]
        if kind == "b":
            return {"0": "FALSE", "1": "TRUE"}.get(stored, stored)
        if kind in ("str", "e", "d", "inlineStr"):
            return stored
        value = read_number(stored)
        return stored if value is None else self.show_number(value, style)

    def show_number(self, value: Decimal, style: int) -> str:
        code = self._formats[style] if 0 <= style < len(self._formats) else "General"
        return print_number(value, code, starts_1904=self._starts_1904)


class _TextParts:
    """Collects the texts of a string; the reading aids above Chinese characters are left out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._takes = False
        self._aids = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._aids += 1
        self._takes = name == "t" and not self._aids

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aids -= 1
        self._takes = False

    def add(self, text: str) -> None:
        if self._takes:
            self._parts.append(text)

    def take(self) -> str:
        text, self._parts = "".join(self._parts), []
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _SheetReader:
    """Takes the XML of a sheet as it comes."""

    def __init__(self, book: _Workbook, sheet: Sheet) -> None:
        self._book = book
        self.sheet = sheet
        self._shows_zeros = True
        self._row = self._column = -1
        self._kind = self._value = self._formula = ""
        self._style = 0
        self._has_value = self._has_formula = False
        self._takes: str | None = None
        self._inline = _TextParts()
        self._cells = 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "f"):
            self._takes = name
            self._has_value = self._has_value or name == "v"
            self._has_formula = self._has_formula or name == "f"
        elif name == "row":
            self._row = _read_whole(attributes.get("r"), self._row + 2) - 1
            self._column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self._row)
        elif name == "sheetView":
            self._shows_zeros = attributes.get("showZeros", "1") in ("1", "true")
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first = _read_whole(attributes.get("min"), 1)
            last = min(_read_whole(attributes.get("max"), first), 16384)
            self.sheet.hidden_columns.update(range(first - 1, last))
        elif name == "mergeCell":
            self._add_merged(attributes.get("ref", ""))
        else:
            self._inline.start(name, attributes)

    def on_text(self, text: str) -> None:
        if self._takes == "v":
            self._value += text
        elif self._takes == "f":
            self._formula += text
        else:
            self._inline.add(text)

    def on_end(self, name: str) -> None:
        self._inline.end(name)
        self._takes = None
        if name == "c":
            self._end_cell()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._place(reference)
        self._kind = attributes.get("t", "n")
        self._style = _read_whole(attributes.get("s"))
        self._value = self._formula = ""
        self._has_value = self._has_formula = False
        self._inline.take()

    def _place(self, reference: str) -> tuple[int, int]:
        match = _REFERENCE.fullmatch(reference)
        if match is None or match[2] == "0":
            raise self._book.refuse(f"cell {quote(reference)} ({self.sheet.title})", "A1")
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(match[2]) - 1, column - 1

    def _end_cell(self) -> None:
        inline = self._inline.take()
        if self._has_value and self._value != "":
            text = self._book.show(self._kind, self._value, self._style)
            value = read_number(self._value) if self._kind == "n" else None
            if value is not None and not value and not self._shows_zeros:
                text = ""
        elif self._kind == "inlineStr":
            text = inline
        elif self._has_formula and self._kind != "str":
            text = f"={self._formula}"  # Never calculated: to be told from a blank.
        else:
            return
        text = clean_cell(text)
        if not text:
            return
        self._cells += 1
        if self._cells > limits.MAX_CELLS:
            raise refuse_excess(self._book._package.name, "cells / 单元格", self._cells, limits.MAX_CELLS)
        row = self.sheet.rows.setdefault(self._row, {})
        if self._column in row:
            place = f"row {self._row + 1}, column {self._column + 1} ({self.sheet.title})"
            raise self._book.refuse(f"two cells: {place}", "one / 一个")
        row[self._column] = text

    def _add_merged(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = self._place(first)
        bottom, right = self._place(last or first)
        if len(self.sheet.merged) >= limits.MAX_LINES:
            raise refuse_excess(
                self._book._package.name,
                "merged ranges / 合并区域",
                len(self.sheet.merged) + 1,
                limits.MAX_LINES,
            )
        self.sheet.merged.append((top, bottom, left, right))


def _read_whole(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else default


def read_xls(source_name: str, content: bytes) -> Document:
    """Read an XLS workbook; raises RefusedDocument for one that is damaged, encrypted or too large."""
    import xlrd  # Only old spreadsheets need it.

    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except Exception as error:  # xlrd meets damage with whatever its own code runs into.
        if "encrypted" in str(error):
            raise RefusedDocument(source_name, Issue("encrypted_document", None)) from error
        raise refuse_damaged(source_name, quote(str(error) or type(error).__name__, 80), "XLS") from error
    if book.nsheets > limits.MAX_SHEETS:
        raise refuse_excess(source_name, "sheets / 工作表", book.nsheets, limits.MAX_SHEETS)
    writer = LineWriter(source_name)
    issues: list[Issue] = []
    hidden = [sheet.name for sheet in book.sheets() if sheet.visibility]
    shown = [sheet for sheet in book.sheets() if not sheet.visibility]
    for page_no, sheet in enumerate(shown, start=1):
        try:
            shown_sheet = _read_xls_sheet(book, sheet)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise refuse_damaged(source_name, f"{quote(sheet.name)}: {error}", "XLS") from error
        issues.extend(_write_sheet(writer, shown_sheet, page_no))
    if hidden:
        found = f"{len(hidden)} sheets / 工作表 ({quote('、'.join(hidden))})"
        issues.append(Issue("hidden_part", None, found=found))
    return _finish(writer, content, "xls", issues)


def _read_xls_sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(source.name)
    sheet.hidden_rows = {number for number, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {number for number, info in source.colinfo_map.items() if info.hidden}
    sheet.merged = [(top, bottom - 1, left, right - 1) for top, bottom, left, right in source.merged_cells]
    for number in range(source.nrows):
        row = {}
        for column in range(source.row_len(number)):
            text = clean_cell(_show_xls_cell(book, source, number, column))
            if text:
                row[column] = text
        if row:
            sheet.rows[number] = row
    return sheet


def _show_xls_cell(book: Any, source: Any, number: int, column: int) -> str:
    import xlrd

    kind, stored = source.cell_type(number, column), source.cell_value(number, column)
    if kind == xlrd.XL_CELL_TEXT:
        return str(stored)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if stored else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(stored, "#ERROR!"))
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return ""
    value = read_number(repr(stored))
    if value is None:
        return repr(stored)
    if not value and not source.show_zero_values:
        return ""
    style = book.xf_list[source.cell_xf_index(number, column)]
    known = book.format_map.get(style.format_key)
    code = known.format_str if known is not None else BUILT_IN.get(style.format_key, "General")
    return print_plain(value) if not code else print_number(value, code, starts_1904=bool(book.datemode))
