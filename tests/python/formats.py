"""Rendered documents as the files that units publish: XLSX, XLS, HTML and DOCX.

Written by other hands than our readers' (openpyxl, xlwt, python-docx), so that both must be wrong in
the same way for a mistake to go unnoticed. Each writer returns the bytes and, for every line of the
text, the number of the line that the reader must make of it.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import docx
import openpyxl
import xlwt
from openpyxl.utils import get_column_letter
from renderer import Rendered

from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedTables
from ingest.words import strip_markup


@dataclass(frozen=True)
class Converted:
    """A document in another format, and which of its lines each line of the text became."""

    name: str
    content: bytes
    line_numbers: dict[int, int]

    def expect(self, rendered: Rendered, found: ParsedTables) -> ParsedTables:
        """Return what must be found: the same tables, rows and cells, at the lines of this format."""

        def move(line_no: int | None) -> int | None:
            return None if line_no is None else self.line_numbers[line_no]

        expected = rendered.expected
        document = replace(
            expected.document,
            document_id=found.document.document_id,
            source_name=self.name,
            source_sha256=found.document.source_sha256,
            encoding=found.document.encoding,
            line_count=found.document.line_count,
            title_line_no=move(expected.document.title_line_no),  # type: ignore[arg-type]
            unit_name_line_no=move(expected.document.unit_name_line_no),  # type: ignore[arg-type]
        )
        return replace(
            expected,
            document=document,
            tables=tuple(
                replace(
                    table,
                    title_line_no=move(table.title_line_no),  # type: ignore[arg-type]
                    last_line_no=move(table.last_line_no),  # type: ignore[arg-type]
                    unit_line_no=move(table.unit_line_no),
                )
                for table in expected.tables
            ),
            rows={
                code: tuple(row._replace(line_no=move(row.line_no)) for row in rows)  # type: ignore[arg-type]
                for code, rows in expected.rows.items()
            },
        )


def split_lines(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the cells of each line, without the marks of Markdown."""
    return [tuple(cell.strip() for cell in strip_markup(line).split("\t")) for line in lines]


def _group_rows(lines: Sequence[str]) -> Iterator[tuple[bool, list[tuple[int, tuple[str, ...]]]]]:
    """Yield runs of rows of one width, and runs of plain lines, with their numbers."""
    numbered = list(enumerate(split_lines(lines), start=1))
    for width, run in groupby(numbered, key=lambda item: len(item[1])):
        yield width > 1, list(run)


def _find_format(text: str) -> str:
    """Return the number format under which a spreadsheet shows an amount as this text."""
    decimals = len(text.partition(".")[2])
    return ("#,##0" if "," in text else "0") + ("." + "0" * decimals if decimals else "")


def _as_number(text: str) -> float | None:
    """Return an amount's number if a spreadsheet that stores it as a double can show it again."""
    plain = text.replace(",", "")
    if classify_cell(text) is not CellKind.AMOUNT or not text.isascii() or len(plain) > 15:
        return None
    is_code = re.fullmatch(r"0\d+|\d{1,3}(,\d\d?)+", text)
    return None if is_code else float(plain)


def make_xlsx(lines: Sequence[str], *, columns_per_cell: int = 1, margin: int = 0) -> Converted:
    """Write one sheet, line for line; cells may be merged over several columns, after a margin."""
    book = openpyxl.Workbook()
    sheet = book.active
    numbers = {}
    cells_by_line = split_lines(lines)
    width = max(map(len, cells_by_line))
    for number, cells in enumerate(cells_by_line, start=1):
        numbers[number] = number
        for place, text in enumerate(cells):
            column = 1 + margin + place * columns_per_cell
            cell = sheet.cell(number, column)
            amount = _as_number(text)
            if amount is not None and len(cells) > 1:
                cell.value, cell.number_format = amount, _find_format(text)
            elif text:
                # As text: openpyxl would take a leading "=" for a formula.
                cell.value, cell.data_type = text, "s"
            last = column + columns_per_cell - 1
            if len(cells) == 1 and text:
                last = margin + width * columns_per_cell
            if last > column:
                span = f"{get_column_letter(column)}{number}:{get_column_letter(last)}{number}"
                sheet.merge_cells(span)
    output = io.BytesIO()
    book.save(output)
    return Converted("document.xlsx", output.getvalue(), numbers)


def make_xls(lines: Sequence[str]) -> Converted:
    """Write one old sheet, line for line."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    styles: dict[str, xlwt.XFStyle] = {}
    for number, cells in enumerate(split_lines(lines)):
        for place, text in enumerate(cells):
            amount = _as_number(text)
            if amount is not None and len(cells) > 1:
                code = _find_format(text)
                style = styles.setdefault(code, xlwt.easyxf(num_format_str=code))
                sheet.write(number, place, amount, style)
            elif text:
                sheet.write(number, place, text)
    output = io.BytesIO()
    book.save(output)
    return Converted("document.xls", output.getvalue(), {n: n for n in range(1, len(lines) + 1)})


def make_html(lines: Sequence[str], encoding: str = "utf-8") -> Converted:
    """Write a page: paragraphs, and a table for each run of rows; blank lines vanish."""
    parts = ["<!DOCTYPE html><html><head><title>公开</title><style>p {}</style></head><body><div>"]
    numbers: dict[int, int] = {}
    written = 0
    for is_table, run in _group_rows(lines):
        parts.append("<table border=1>" if is_table else "")
        for number, cells in run:
            if is_table:
                columns = "".join(f"<td><span>{html.escape(text)}</span>&nbsp;</td>" for text in cells)
                parts.append(f"<tr>{columns}</tr>")
            elif cells[0]:
                parts.append(f"<p>{html.escape(cells[0])}</p>\n")
            if is_table or cells[0]:
                written += 1
            numbers[number] = written
        parts.append("</table>" if is_table else "")
    parts.append(
        "</div><script>document.write('<table><tr><td>9.99</td></tr></table>')</script></body></html>"
    )
    return Converted("document.html", "".join(parts).encode(encoding), numbers)


def make_docx(lines: Sequence[str]) -> Converted:
    """Write a Word file: paragraphs, and a table for each run of rows; blank lines vanish."""
    document = docx.Document()
    numbers: dict[int, int] = {}
    written = 0
    for is_table, run in _group_rows(lines):
        table = document.add_table(rows=len(run), cols=len(run[0][1])) if is_table else None
        rows = list(table.rows) if table is not None else []
        for index, (number, cells) in enumerate(run):
            if table is not None:
                for cell, text in zip(rows[index].cells, cells, strict=True):
                    cell.text = text
            elif cells[0]:
                document.add_paragraph(cells[0])
            if is_table or cells[0]:
                written += 1
            numbers[number] = written
    output = io.BytesIO()
    document.save(output)
    return Converted("document.docx", output.getvalue(), numbers)


FORMATS: dict[str, Callable[[Sequence[str]], Converted]] = {
    "xlsx": make_xlsx,
    "xls": make_xls,
    "html": make_html,
    "docx": make_docx,
}
