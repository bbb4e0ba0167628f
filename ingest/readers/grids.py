"""Tables that come as grids (sheets, web pages, Word files) to numbered lines, as texts have them.

A converter to text writes a title, a unit of money or a note as a line and only rows as rows; in a
grid all of them are rows. What surrounds a table is told apart here, so that templates do not care.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.issues import Issue, RefusedDocument
from ingest.numbers import CellKind, classify_cell
from ingest.readers import limits
from ingest.readers.texts import Document, Line
from ingest.templates import DocumentLayout, Library
from ingest.words import fold, fold_label, fold_title

_LIKE_A_TITLE = re.compile(r"^.{5,60}表(?:\(.*\))?$")
_BREAK = re.compile(r"[ \t]*[\r\n\t\v\f\u2028\u2029]+[ \t\r\n]*")


def clean_cell(text: str) -> str:
    """Return a cell's text on one line; the spaces inside stay as printed."""
    return _BREAK.sub(" ", text).replace("\xa0", " ").strip()


def refuse_excess(name: str, what: str, found: int, most: int) -> RefusedDocument:
    """Word the refusal of a file that holds more than is read."""
    return RefusedDocument(
        name, Issue("limit_exceeded", None, found=f"{found:,} {what}", expected=f"{most:,} {what}")
    )


@dataclass
class Cell:
    """A cell as placed in its row; ``text`` stands in the first of the places it covers."""

    text: str
    column_span: int = 1
    row_span: int = 1


class LineWriter:
    """Collects a document's lines, numbered from 1, and holds them to the limits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[Line] = []
        self._cell_count = 0

    def add(self, cells: tuple[str, ...]) -> None:
        self._cell_count += len(cells)
        if len(self.lines) >= limits.MAX_LINES:
            raise refuse_excess(self.name, "lines / 行", len(self.lines) + 1, limits.MAX_LINES)
        if self._cell_count > limits.MAX_CELLS:
            raise refuse_excess(self.name, "cells / 单元格", self._cell_count, limits.MAX_CELLS)
        longest = max(map(len, cells))
        if longest > limits.MAX_CELL_CHARACTERS:
            raise refuse_excess(self.name, "characters / 字符", longest, limits.MAX_CELL_CHARACTERS)
        self.lines.append(Line(len(self.lines) + 1, cells))

    def add_grid(
        self,
        rows: Sequence[Mapping[int, str]],
        columns: Collection[int],
        spans: Mapping[tuple[int, int], int],
    ) -> None:
        """Add the rows of one grid: texts by column, and how many columns a text spans.

        ``columns`` are those that count. A column that only merged cells reach into is none on paper;
        one that is merely blank is, for the next page of a table may well have it so.
        A text that spans the whole grid is a line, not a row.
        """
        ordered = sorted(columns)
        if len(ordered) > limits.MAX_COLUMNS:
            raise refuse_excess(self.name, "columns / 列", len(ordered), limits.MAX_COLUMNS)
        places = {column: place for place, column in enumerate(ordered)}
        for number, row in enumerate(rows):
            printed = {places[column]: text for column, text in row.items() if text}
            if not printed:
                self.add(("",))
                continue
            last = max(printed)
            if len(printed) == 1 and _covers(ordered, last, spans.get((number, ordered[last]), 1)):
                self.add((printed[last],))
            else:
                # One blank is kept behind a lone label: it says that this is a row.
                self.add(tuple(printed.get(place, "") for place in range(max(last, 1) + 1)))


def _covers(columns: Sequence[int], place: int, span: int) -> bool:
    return len(columns) == 1 or (place == 0 and columns[0] + span > columns[-1])


@dataclass
class _OpenTable:
    """A table of a page or Word file whose end has not come yet."""

    rows: list[list[Cell]] = field(default_factory=list)
    row: list[Cell] | None = None
    parts: list[str] | None = None
    shape: tuple[int, int] = (1, 1)
    flushed: int = 0


class TableWriter:
    """Takes the tables and paragraphs of a page in the order they come, nested ones too.

    A table that holds another one is there for the layout: what stands in it so far goes out as
    lines before the inner table does.
    """

    def __init__(self, writer: LineWriter) -> None:
        self._writer = writer
        self._open: list[_OpenTable] = []
        self._table_count = 0

    def start_table(self) -> None:
        if self._open:
            self._flush_layout(self._open[-1])
        if len(self._open) >= limits.MAX_NESTING:
            raise refuse_excess(
                self._writer.name, "nested tables / 嵌套", len(self._open) + 1, limits.MAX_NESTING
            )
        self._open.append(_OpenTable())

    def start_row(self) -> None:
        if self._open:
            self.end_row()
            self._open[-1].row = []

    def start_cell(self, column_span: int = 1, row_span: int = 1) -> None:
        if not self._open:
            return
        self.end_cell()
        table = self._open[-1]
        if table.row is None:
            table.row = []
        table.parts, table.shape = [], (column_span, row_span)

    def add_blank(self, column_span: int) -> None:
        """Leave places free in the current row."""
        if self._open and (row := self._open[-1].row) is not None and column_span > 0:
            row.append(Cell("", column_span))

    def add_text(self, text: str) -> None:
        """Add a paragraph: to the current cell, or as a line of its own."""
        cleaned = clean_cell(text)
        table = self._open[-1] if self._open else None
        if table is not None and table.parts is not None:
            if cleaned:
                table.parts.append(cleaned)
        elif cleaned:
            self._writer.add((cleaned,))

    def end_cell(self) -> None:
        table = self._open[-1] if self._open else None
        if table is not None and table.parts is not None and table.row is not None:
            table.row.append(Cell(" ".join(table.parts), *table.shape))
            table.parts = None

    def end_row(self) -> None:
        self.end_cell()
        table = self._open[-1] if self._open else None
        if table is not None and table.row is not None:
            table.rows.append(table.row)
            table.row = None

    def end_table(self) -> None:
        if not self._open:
            return
        self.end_row()
        self._emit(self._open.pop())

    def end(self) -> None:
        """End what the file left open."""
        while self._open:
            self.end_table()

    def _flush_layout(self, table: _OpenTable) -> None:
        self._emit(table)
        table.rows = []
        for cell in table.row or ():
            if cell.text:
                self._writer.add((cell.text,))
                cell.text = ""
        for part in table.parts or ():
            self._writer.add((part,))
        if table.parts is not None:
            table.parts = []

    def _emit(self, table: _OpenTable) -> None:
        if table.rows:
            self._table_count += 1
            rows, spans = place_cells(self._writer.name, table.rows)
            self._writer.add_grid(rows, {column for row in rows for column in row}, spans)


def place_cells(
    name: str, rows: Iterable[Sequence[Cell]]
) -> tuple[list[dict[int, str]], dict[tuple[int, int], int]]:
    """Place cells by the columns and rows they span; return texts by column, and the spans."""
    placed: list[dict[int, str]] = []
    spans: dict[tuple[int, int], int] = {}
    taken: dict[int, int] = {}  # Column: how many rows below it are still covered from above.
    for number, cells in enumerate(rows):
        row: dict[int, str] = {}
        covered, taken = taken, {column: left - 1 for column, left in taken.items() if left > 1}
        column = 0
        for cell in cells:
            while column in covered:
                column += 1
            if column + cell.column_span > limits.MAX_COLUMNS:
                raise refuse_excess(name, "columns / 列", column + cell.column_span, limits.MAX_COLUMNS)
            row[column] = cell.text
            spans[number, column] = cell.column_span
            if cell.row_span > 1:
                for below in range(column, column + cell.column_span):
                    taken[below] = cell.row_span - 1
            column += cell.column_span
        placed.append(row)
    return placed, spans


class _Surroundings:
    """Knows what stands around tables: titles, units of money, notes."""

    def __init__(self, library: Library) -> None:
        self._layout: DocumentLayout = library.documents
        self._row_words = library.row_words
        self._titles = library.by_title.keys()

    def is_title(self, text: str) -> bool:
        folded = fold(text)
        return (
            any(fold_title(title) in self._titles for title in self._layout.list_titles(text))
            or self._layout.match_title(folded) is not None
            or bool(self._layout.heading_pattern.search(folded))
        )

    def may_be_title(self, text: str) -> bool:
        """Tell whether a lone text reads like the title of a table that nobody knows yet."""
        return bool(_LIKE_A_TITLE.search(fold(text))) and fold_label(text) not in self._row_words

    def reads_as_line(self, cells: Sequence[str]) -> bool:
        """Tell whether these texts of one row are a title, or say unit, name and note only."""
        if len(cells) == 1 and (self.is_title(cells[0]) or self._is_furniture(fold(cells[0]))):
            return True
        says = [self._says(fold(cell)) for cell in cells]
        return any(says) and all(
            said or self._is_furniture(fold(cell)) for said, cell in zip(says, cells, strict=True)
        )

    def is_around(self, text: str) -> bool:
        """Tell whether a line is furniture, says unit, name or note, or is a row's or section's label."""
        folded = fold(text)
        return self._is_furniture(folded) or self._says(folded) or fold_label(text) in self._row_words

    def _is_furniture(self, folded: str) -> bool:
        return folded in self._layout.watermark_words or bool(self._layout.furniture_pattern.search(folded))

    def _says(self, folded: str) -> bool:
        layout = self._layout
        patterns = (layout.unit_name_pattern, layout.unit_of_money_pattern, layout.note_pattern)
        return any(pattern.match(folded) for pattern in (*patterns, layout.empty_pattern))


def settle_rows(document: Document, library: Library) -> Document:
    """Make lines of a grid's rows that are none: titles, units of money, notes, what stands above.

    A row is one from the first row with two texts on; a lone amount always is.
    """
    surroundings = _Surroundings(library)
    settled: list[Line] = []
    in_table = False
    for line in document.lines:
        printed = [cell for cell in line.cells if cell]
        if not line.is_row:
            in_table = in_table and not surroundings.is_title(line.text)
        elif surroundings.reads_as_line(printed):
            in_table = in_table and not surroundings.is_title(printed[0])
            line = line._replace(cells=("  ".join(printed),))
        elif len(printed) == 1 and surroundings.may_be_title(printed[0]):
            line, in_table = line._replace(cells=(printed[0],)), False
        elif len(printed) > 1 or classify_cell(printed[0]) is CellKind.AMOUNT:
            in_table = True
        elif not in_table:
            line = line._replace(cells=(printed[0],))
        settled.append(line)
    return replace(document, lines=tuple(settled))


def find_strange_tables(
    document: Document, library: Library, title_line_nos: Collection[int]
) -> list[tuple[Line, tuple[Line, ...]]]:
    """Return the tables whose title is none of the official ones known, with that title.

    Below a line of text a table of a grid begins if its first row is a header, and another one than
    that of the table above: what goes on after a page break has its figures at once, or its header
    again. Below a title of its own a table is another one even with the same header.
    """
    surroundings = _Surroundings(library)
    found: list[tuple[Line, list[Line]]] = []
    header: tuple[str, ...] | None = None
    is_strange = False
    texts: list[Line] = []  # Since the last row.
    for line in document.lines:
        if len(line.cells) == 1:
            if line.cells[0]:
                texts.append(line)
            continue
        above, is_same = None, False
        if texts:
            is_same = line.cells == header
            # In a text most rows below a line go on with their table, whatever that line says.
            if document.is_grid or is_same or any(text.line_no in title_line_nos for text in texts):
                above = _find_above(texts, surroundings, title_line_nos)
            texts = []
        if above is not None:
            is_known = above.line_no in title_line_nos
            if document.is_grid:
                is_new = _is_own_title(above, document) if is_same else _is_header(line)
            else:  # Ruled tables are told apart by their rulings.
                is_new = is_same and line.table_no is None and _is_own_title(above, document)
            if is_known or (header is not None and is_new):
                header, is_strange = line.cells, not is_known
                if is_strange:
                    found.append((above, []))
        if is_strange:
            found[-1][1].append(line)
    return [(title, tuple(lines)) for title, lines in found]


def _find_above(
    texts: Sequence[Line], surroundings: _Surroundings, title_line_nos: Collection[int]
) -> Line | None:
    """Return the last line of text that is a title, or says what tables are not surrounded by."""
    return next(
        (
            line
            for line in reversed(texts)
            if line.line_no in title_line_nos or not surroundings.is_around(line.text)
        ),
        None,
    )


def _is_own_title(line: Line, document: Document) -> bool:
    """Tell whether a line is a table's title: not the head of every page; the contents name it once more."""
    folded = fold(line.text)
    if not _LIKE_A_TITLE.search(folded):
        return False
    return sum(fold(other.text) == folded for other in document.plain_lines) <= 2


def _is_header(line: Line) -> bool:
    words = [cell for cell in line.cells if cell]
    return len(words) > 1 and all(classify_cell(word) is CellKind.MALFORMED for word in words)
