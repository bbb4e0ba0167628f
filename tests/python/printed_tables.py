"""Official tables as publishers print them, written into PDF, HTML, XLSX and DOCX, with what must be read.

A header is a matrix: ``<`` goes on from the cell to its left, ``^`` from the one above. Below it stand rows
of texts. ``columns`` says what each column is: ``expenditure.total`` (block and column) for an amount, ``""``
for what is none.
"""

from __future__ import annotations

import html
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import docx
import openpyxl
from pdf_writer import PageWriter, write_pdf

from ingest.parsed_tables import ParsedTables

_ROW, _SIZE, _LEFT, _WIDTH = 16, 7, 20, 800


@dataclass(frozen=True)
class Printed:
    """A table as printed: its title, what stands above it, header and rows, and what its columns are."""

    statement: str
    title: str
    header: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: tuple[str, ...] = ("单位：万元",)
    below: tuple[str, ...] = ()
    # 合计 may print a code over several columns: rows use the marks of headers too.

    def list_cells(self) -> Counter[tuple[str, str, str]]:
        """Return what must be read: statement, block and column, amount."""
        return Counter(
            # Behind no label of its own an amount closes the line of the block before: ``first|own``.
            (self.statement, column.split("|")[-1 if row[place - 1] else 0], text)
            for row in self.rows
            for place, (column, text) in enumerate(zip(self.columns, row, strict=True))
            if column and text and text not in "<^"
        )


def list_read(parsed: ParsedTables) -> Counter[tuple[str, str, str]]:
    """Return what was read in the same form."""
    return Counter(
        (code, f"{row.block}.{column}", text)
        for code, rows in parsed.rows.items()
        for row in rows
        for column, text in row.cells.items()
    )


def _list_boxes(rows: Sequence[Sequence[str]]) -> list[tuple[int, int, int, int, str]]:
    """Return the cells of a matrix: row, column, row end, column end, text."""
    boxes = []
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text in ("<", "^"):
                continue
            column_end = column + 1
            while column_end < len(cells) and cells[column_end] == "<":
                column_end += 1
            row_end = row + 1
            while row_end < len(rows) and rows[row_end][column] == "^":
                row_end += 1
            boxes.append((row, column, row_end, column_end, text))
    return boxes


def _place_columns(width: int, columns: Sequence[str]) -> list[float]:
    wide = [1 if column else 2 for column in columns]
    step = _WIDTH / sum(wide)
    edges = [float(_LEFT)]
    for share in wide:
        edges.append(edges[-1] + share * step)
    return edges[: width + 1]


def _write_centred(page: PageWriter, left: float, right: float, top: float, bottom: float, text: str) -> None:
    size: float = _SIZE
    per_line = max(int((right - left - 4) / size), 1)
    width = sum(0.5 if char.isascii() else 1 for char in text)
    lines = [text] if width <= per_line else [text[i : i + per_line] for i in range(0, len(text), per_line)]
    size = min(size, (bottom - top - 2) / len(lines))
    for number, line in enumerate(lines):
        wide = sum(size / 2 if char.isascii() else size for char in line)
        y = (top + bottom) / 2 + (len(lines) / 2 - number - 1) * size + size * 0.12
        page.write((left + right - wide) / 2, page.height - (top + bottom) + y, line, size)


def make_pdf(cover: Sequence[str], tables: Sequence[Printed], *, rows_per_page: int = 28) -> bytes:
    """Write a ruled PDF: a cover, then each table on pages of its own, its header on the first only."""
    first = PageWriter(842, 595)
    for number, text in enumerate(cover):
        first.write(200, 400 - 40 * number, text, 18)
    pages = [first]
    for table in tables:
        matrix = [*table.header, *table.rows]
        starts = [0, *range(rows_per_page, len(matrix), rows_per_page)]
        for start in starts:
            page = PageWriter(842, 595)
            top = 40.0
            if not start:
                page.write(300, page.height - top, table.title, 14)
                for text in table.above:
                    top += 16
                    page.write(600 if "单位:" in text or "单位：" in text else 30, page.height - top, text, 9)
            _draw_table(page, table, matrix[start : start + rows_per_page], top + 8)
            if start == starts[-1]:
                low = top + 8 + _ROW * len(matrix[start : start + rows_per_page])
                for number, text in enumerate(table.below, start=1):
                    page.write(30, page.height - low - 14 * number, text, 9)
            pages.append(page)
    return write_pdf(pages)


def _draw_table(page: PageWriter, table: Printed, matrix: Sequence[Sequence[str]], top: float) -> None:
    edges = _place_columns(len(table.columns), table.columns)
    for row, column, row_end, column_end, text in _list_boxes(matrix):
        left, right = edges[column], edges[column_end]
        high, low = top + row * _ROW, top + row_end * _ROW
        for y in (high, low):
            page.draw(left, page.height - y, right, page.height - y)
        for x in (left, right):
            page.draw(x, page.height - high, x, page.height - low)
        if text:
            _write_centred(page, left, right, high, low, text)


def make_html(cover: Sequence[str], tables: Sequence[Printed]) -> bytes:
    parts = ["<!DOCTYPE html><html><body>", *(f"<p>{html.escape(text)}</p>" for text in cover)]
    for table in tables:
        parts += [f"<h3>{html.escape(table.title)}</h3>", *(f"<p>{html.escape(t)}</p>" for t in table.above)]
        matrix = [*table.header, *table.rows]
        boxes = _list_boxes(matrix)
        parts.append("<table>")
        for number in range(len(matrix)):
            parts.append("<tr>")
            for row, column, row_end, column_end, text in boxes:
                if row == number:
                    spans = f"rowspan={row_end - row} colspan={column_end - column}"
                    parts.append(f"<td {spans}>{html.escape(text)}</td>")
            parts.append("</tr>")
        parts += ["</table>", *(f"<p>{html.escape(text)}</p>" for text in table.below)]
    return "".join([*parts, "</body></html>"]).encode()


def make_xlsx(cover: Sequence[str], tables: Sequence[Printed]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    line = 0
    for text in cover:
        line += 1
        sheet.cell(line, 1, text)
    for table in tables:
        width = len(table.columns)
        for text in (table.title, *table.above):
            line += 1
            sheet.cell(line, 1, text)
            sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=width)
        for row, column, row_end, column_end, text in _list_boxes([*table.header, *table.rows]):
            sheet.cell(line + row + 1, column + 1).value = text or None
            if row_end - row > 1 or column_end - column > 1:
                sheet.merge_cells(
                    start_row=line + row + 1,
                    end_row=line + row_end,
                    start_column=column + 1,
                    end_column=column_end,
                )
        line += len(table.header) + len(table.rows)
        for text in table.below:
            line += 1
            sheet.cell(line, 1, text)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def make_docx(cover: Sequence[str], tables: Sequence[Printed]) -> bytes:
    document = docx.Document()
    for text in cover:
        document.add_paragraph(text)
    for table in tables:
        for text in (table.title, *table.above):
            document.add_paragraph(text)
        matrix = [*table.header, *table.rows]
        grid = document.add_table(rows=len(matrix), cols=len(table.columns))
        cells = [list(row.cells) for row in grid.rows]
        for row, column, row_end, column_end, text in _list_boxes(matrix):
            cell = cells[row][column]
            if row_end - row > 1 or column_end - column > 1:
                cell = cell.merge(cells[row_end - 1][column_end - 1])
            cell.text = text
        for text in table.below:
            document.add_paragraph(text)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


FORMATS = {"pdf": make_pdf, "html": make_html, "xlsx": make_xlsx, "docx": make_docx}


def make_text(cover: Sequence[str], tables: Sequence[Printed]) -> bytes:
    """Write tab-separated text, as converters of PDFs do: a cell over several columns stands in the first."""
    lines = list(cover)
    for table in tables:
        lines += ["", table.title, *table.above]
        lines += [
            "\t".join("" if text in ("<", "^") else text for text in row)
            for row in (*table.header, *table.rows)
        ]
        lines += list(table.below)
    return "\n".join(lines).encode()
