"""Ink on pages to lines: what every reader of positioned print has in common, whatever it reads.

A reader gives pages of glyphs (characters with their boxes) and rulings (the lines around cells). Here
rulings become grids, glyphs are put into the cells they stand in, grids that go on over a page are
joined, and everything becomes the numbered lines that templates know. A number is placed by where it
stands, never by counting: one that stands in no single cell is marked, and refused later on.

Lengths are points; x grows to the right and y downwards from the corner of the upright page. Lines are
counted through the document from 1: a line of text is one, a row of a grid is one, however many lines
of print its cells hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from ingest.numbers import CellKind, classify_cell
from ingest.readers.texts import Line

# Rulings this near are one: drawn twice, or the two edges of a thin rectangle. No digit is narrower.
_NEAR = 3.0
# A mark for print that cannot be placed or told apart: no amount contains it, so none is guessed.
UNPLACED = "\ufffd"

_PAGE_NUMBER = re.compile(
    r"[-–—―·~～\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/]*共\s*\d{1,4}\s*页)?[-–—―·~～\s]*"
)
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"[\d\s]")
# What says that a table goes on, alone or after its title.
_CONTINUED = re.compile(r"[（(]?(?:续表|续上表|接上表|接上页|续)\d*[)）]?$")
_NUMERIC = re.compile(r"[-0-9０-９.,．，－]+")


class Glyph(NamedTuple):
    """A printed character and the box it takes up, or a word where that is all a reader knows."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_word: bool = False  # A line of print across the page's own.

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        return self.bottom - self.top


class Ruling(NamedTuple):
    """A straight line: ``at`` is its y (horizontal) or x (vertical), from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Page:
    """The ink of one upright page."""

    page_no: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    horizontal: tuple[Ruling, ...] = ()
    vertical: tuple[Ruling, ...] = ()
    # Small pictures: what one shows in a cell is not known.
    images: tuple[Glyph, ...] = ()


@dataclass(frozen=True)
class Box:
    """A cell of a grid: rows and columns it spans (ends exclusive), and its edges."""

    row: int
    column: int
    row_end: int
    column_end: int
    is_ragged: bool = False


@dataclass(frozen=True)
class Grid:
    """A ruled table on one page: where its rows and columns begin and end, and its cells."""

    page_no: int
    edges_x: tuple[float, ...]
    edges_y: tuple[float, ...]
    boxes: tuple[Box, ...]

    @property
    def left(self) -> float:
        return self.edges_x[0]

    @property
    def right(self) -> float:
        return self.edges_x[-1]

    @property
    def top(self) -> float:
        return self.edges_y[0]

    @property
    def bottom(self) -> float:
        return self.edges_y[-1]

    def holds(self, glyph: Glyph) -> bool:
        return self.left <= glyph.middle <= self.right and self.top <= glyph.centre <= self.bottom


def _merge_rulings(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Make one ruling of those that lie on one another or follow one another."""
    merged: list[Ruling] = []
    group: list[Ruling] = []

    def close() -> None:
        if not group:
            return
        at = sum(ruling.at for ruling in group) / len(group)
        start, end = None, 0.0
        for ruling in sorted(group, key=lambda ruling: ruling.start):
            if start is not None and ruling.start <= end + _NEAR:
                end = max(end, ruling.end)
                continue
            if start is not None:
                merged.append(Ruling(at, start, end))
            start, end = ruling.start, ruling.end
        assert start is not None
        merged.append(Ruling(at, start, end))
        group.clear()

    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        if group and ruling.at - group[0].at > _NEAR / 2:
            close()
        group.append(ruling)
    close()
    return [ruling for ruling in merged if ruling.end - ruling.start > _NEAR]


def _touch(across: Ruling, down: Ruling) -> bool:
    return (
        across.start - _NEAR <= down.at <= across.end + _NEAR
        and down.start - _NEAR <= across.at <= down.end + _NEAR
    )


def _find_roots(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each of ``count`` things the first of those it hangs together with."""
    parents = list(range(count))

    def find(thing: int) -> int:
        while parents[thing] != thing:
            parents[thing] = parents[parents[thing]]
            thing = parents[thing]
        return thing

    for first, second in pairs:
        first, second = find(first), find(second)
        if first != second:
            parents[max(first, second)] = min(first, second)
    return [find(thing) for thing in range(count)]


def _cluster(positions: Iterable[float]) -> tuple[float, ...]:
    """Return one position for each group of positions that are near one another."""
    groups: list[list[float]] = []
    for position in sorted(positions):
        if groups and position - groups[-1][0] <= _NEAR:
            groups[-1].append(position)
        else:
            groups.append([position])
    return tuple(sum(group) / len(group) for group in groups)


def _bands(edges: Sequence[float], rulings: Iterable[Ruling]) -> list[list[Ruling]]:
    """Sort rulings by the edge they lie on."""
    found: list[list[Ruling]] = [[] for _ in edges]
    for ruling in rulings:
        place = min(range(len(edges)), key=lambda index: abs(edges[index] - ruling.at))
        found[place].append(ruling)
    return found


def find_grids(page: Page) -> tuple[Grid, ...]:
    """Find the ruled tables of a page, from top to bottom."""
    across, down = _merge_rulings(page.horizontal), _merge_rulings(page.vertical)
    pairs = [
        (index, len(across) + other)
        for index, horizontal in enumerate(across)
        for other, vertical in enumerate(down)
        if _touch(horizontal, vertical)
    ]
    roots = _find_roots(len(across) + len(down), pairs)
    grids = []
    for root in sorted(set(roots)):
        horizontal = [across[i] for i in range(len(across)) if roots[i] == root]
        vertical = [down[i] for i in range(len(down)) if roots[len(across) + i] == root]
        grid = _build_grid(page.page_no, horizontal, vertical)
        if grid is not None:
            grids.append(grid)
    return tuple(sorted(grids, key=lambda grid: (grid.top, grid.left)))


def _find_open_ends(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[float]:
    """Return where vertical lines end beyond the first or last horizontal one, if most of them do."""
    first, last = min(ruling.at for ruling in across), max(ruling.at for ruling in across)
    above = [ruling.start for ruling in down if ruling.start < first - 2 * _NEAR]
    below = [ruling.end for ruling in down if ruling.end > last + 2 * _NEAR]
    least = max(2, (len(down) + 1) // 2)
    return [end(ends) for end, ends in ((min, above), (max, below)) if len(ends) >= least]


def _build_grid(page_no: int, across: Sequence[Ruling], down: Sequence[Ruling]) -> Grid | None:
    if not across or not down:
        return None
    # A table may be open at its sides: its horizontal lines say how wide it is. And where a page break
    # cuts a row, its vertical lines say how far it goes.
    sides = [min(ruling.start for ruling in across), max(ruling.end for ruling in across)]
    edges_x = _cluster([*(ruling.at for ruling in down), *sides])
    edges_y = _cluster([*(ruling.at for ruling in across), *_find_open_ends(across, down)])
    rows, columns = len(edges_y) - 1, len(edges_x) - 1
    if rows < 1 or columns < 2:
        return None  # A frame around text is no table.
    on_x, on_y = _bands(edges_x, down), _bands(edges_y, across)

    def is_ruled(rulings: Iterable[Ruling], first: float, last: float) -> bool:
        middle = (first + last) / 2
        return any(ruling.start <= middle <= ruling.end for ruling in rulings)

    pairs = []
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not is_ruled(on_x[column + 1], edges_y[row], edges_y[row + 1]):
                pairs.append((here, here + 1))
            if row + 1 < rows and not is_ruled(on_y[row + 1], edges_x[column], edges_x[column + 1]):
                pairs.append((here, here + columns))
    roots = _find_roots(rows * columns, pairs)
    members: dict[int, list[int]] = {}
    for place, root in enumerate(roots):
        members.setdefault(root, []).append(place)
    boxes = []
    for places in members.values():
        of_rows = [place // columns for place in places]
        of_columns = [place % columns for place in places]
        row, row_end = min(of_rows), max(of_rows) + 1
        column, column_end = min(of_columns), max(of_columns) + 1
        is_ragged = len(places) != (row_end - row) * (column_end - column)
        boxes.append(Box(row, column, row_end, column_end, is_ragged))
    return Grid(page_no, edges_x, edges_y, tuple(boxes))


def compose_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group glyphs into lines of print, from top to bottom, each from left to right.

    Glyphs whose heights overlap by half stand on one line: digits of another font often sit on a
    baseline of their own.
    """
    lines: list[list[Glyph]] = []
    spans: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.centre, glyph.left)):
        for place in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            top, bottom = spans[place]
            shared = min(bottom, glyph.bottom) - max(top, glyph.top)
            if shared >= 0.5 * min(bottom - top, glyph.size):
                lines[place].append(glyph)
                break
        else:
            lines.append([glyph])
            spans.append((glyph.top, glyph.bottom))
    for line in lines:
        line.sort(key=lambda glyph: glyph.left)
    order = sorted(range(len(lines)), key=lambda place: spans[place][0])
    return [lines[place] for place in order]


def spell_line(line: Sequence[Glyph]) -> str:
    """Return the text of a line of print: a space for each gap, a mark where print lies on print."""
    parts: list[str] = []
    for before, glyph in pairwise([None, *line]):
        assert glyph is not None
        if before is not None:
            width = min(before.right - before.left, glyph.right - glyph.left)
            gap = glyph.left - before.right
            if gap > 0.45 * min(before.size, glyph.size):
                parts.append(" ")
            elif width > 0 and -gap > 0.6 * width and glyph.middle - before.middle < 0.4 * width:
                if glyph.text == before.text:
                    continue  # Printed twice for boldness.
                parts.append(UNPLACED)
        parts.append(glyph.text)
    return "".join(parts)


def _join_amount(lines: Sequence[Sequence[Glyph]], width: float) -> str | None:
    """Return the amount that is broken into lines; None if they may as well be several amounts."""
    parts = [spell_line(line) for line in lines]
    joined = "".join(parts)
    if classify_cell(joined) is not CellKind.AMOUNT:
        return None
    whole = [classify_cell(part) is CellKind.AMOUNT for part in parts]
    decimals = [len(part.partition(".")[2]) for part in parts]
    if all(whole) and len(set(decimals)) == 1:
        return None
    for line, follower in pairwise(lines):
        digit = max(glyph.right - glyph.left for glyph in line)
        if line[-1].right - line[0].left < width - 3 * digit - 2 * _NEAR:
            return None  # There was room for more: what follows is another number.
        if follower[0].top - line[0].top > 2 * line[0].size:
            return None
    return joined


def spell_cell(glyphs: Iterable[Glyph], width: float) -> str:
    """Return the text of a cell: wrapped words are joined, a wrapped amount too if it is surely one."""
    lines = compose_lines(glyphs)
    parts = [spell_line(line) for line in lines]
    if len(parts) > 1 and all(_NUMERIC.fullmatch(part) for part in parts):
        amount = _join_amount(lines, width)
        return amount if amount is not None else UNPLACED.join(parts)
    text = ""
    for part in parts:
        is_latin = text[-1:].isascii() and part[:1].isascii() and text[-1:].isalnum() and part[:1].isalnum()
        text += f" {part}" if is_latin else part
    return text


@dataclass(frozen=True)
class _Row:
    """A row of a grid, ready to be a line."""

    page_no: int
    top: float
    cells: tuple[str, ...]


def _read_rows(grid: Grid, glyphs: Sequence[Glyph], edges_x: Sequence[float]) -> list[_Row]:
    """Put the glyphs of a grid into its cells; columns are those of ``edges_x``, rows its own."""
    rows, columns = len(grid.edges_y) - 1, len(grid.edges_x) - 1
    owner: dict[tuple[int, int], int] = {}
    for number, box in enumerate(grid.boxes):
        for row in range(box.row, box.row_end):
            for column in range(box.column, box.column_end):
                owner.setdefault((row, column), number)
    contents: list[list[Glyph]] = [[] for _ in grid.boxes]
    for glyph in glyphs:
        row = min(max(bisect_right(grid.edges_y, glyph.centre) - 1, 0), rows - 1)
        column = min(max(bisect_right(grid.edges_x, glyph.middle) - 1, 0), columns - 1)
        contents[owner[row, column]].append(glyph)
    texts: dict[tuple[int, int], list[str]] = {}
    for box, content in zip(grid.boxes, contents, strict=True):
        if not content:
            continue
        width = grid.edges_x[box.column_end] - grid.edges_x[box.column]
        text = spell_cell(content, width)
        row, left = box.row, grid.edges_x[box.column]
        if _NUMERIC.fullmatch(text) and box.row_end - box.row > 1:
            row, text = _place_down(grid, box, content, text)
        first = _find_column(edges_x, left + _NEAR)
        last = _find_column(edges_x, grid.edges_x[box.column_end] - _NEAR)
        if last > first and _NUMERIC.fullmatch(text):
            first, text = _place_across(edges_x, first, last, content, text)
        if box.is_ragged:
            text += UNPLACED
        texts.setdefault((row, first), []).append(text)
    width_in_columns = len(edges_x) - 1
    return [
        _Row(
            grid.page_no,
            grid.edges_y[row],
            tuple(UNPLACED.join(texts.get((row, column), ())) for column in range(width_in_columns)),
        )
        for row in range(rows)
    ]


def _find_column(edges: Sequence[float], x: float) -> int:
    return min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)


def _place_across(
    edges: Sequence[float], first: int, last: int, content: Sequence[Glyph], text: str
) -> tuple[int, str]:
    """Return the one column in which a number of a wide cell stands; mark it if it stands in two."""
    left = _find_column(edges, min(glyph.left for glyph in content) + 0.5)
    right = _find_column(edges, max(glyph.right for glyph in content) - 0.5)
    return (left, text) if left == right else (first, text + UNPLACED)


def _place_down(grid: Grid, box: Box, content: Sequence[Glyph], text: str) -> tuple[int, str]:
    """Return the one row in which a number of a tall cell stands, or that it is the row of all."""
    top, bottom = min(glyph.top for glyph in content), max(glyph.bottom for glyph in content)
    shrink = (bottom - top) / 5
    first, last = (
        bisect_right(grid.edges_y, top + shrink) - 1,
        bisect_right(grid.edges_y, bottom - shrink) - 1,
    )
    if first == last:
        return first, text
    # All that stands beside it is as tall: then the rows between are no rows.
    neighbours = [
        other
        for other in grid.boxes
        if other is not box and other.row < box.row_end and other.row_end > box.row
    ]
    if all((other.row, other.row_end) == (box.row, box.row_end) for other in neighbours):
        return box.row, text
    return box.row, text + UNPLACED


@dataclass
class _Table:
    """Grids that are one table, with the glyphs in each."""

    parts: list[tuple[Grid, list[Glyph]]]

    @property
    def edges_x(self) -> tuple[float, ...]:
        return _cluster(edge for grid, _ in self.parts for edge in grid.edges_x)

    @property
    def last(self) -> Grid:
        return self.parts[-1][0]


def _goes_on(table: _Table, grid: Grid) -> bool:
    """Tell whether a grid at the top of a page has the columns of the table on the page before."""
    edges = table.edges_x
    if grid.page_no != table.last.page_no + 1:
        return False
    if abs(grid.left - edges[0]) > _NEAR or abs(grid.right - edges[-1]) > _NEAR:
        return False
    # 合计 alone on a page has fewer columns.
    if all(_is_near(edge, edges) for edge in grid.edges_x):
        return True
    # A finer page than the one before is another table, unless that one holds no more than the header.
    return all(_is_near(edge, grid.edges_x) for edge in edges) and not any(
        classify_cell(cell) is CellKind.AMOUNT
        for part, glyphs in table.parts
        for row in _read_rows(part, glyphs, edges)
        for cell in row.cells
    )


def _is_near(position: float, others: Iterable[float]) -> bool:
    return any(abs(position - other) <= _NEAR for other in others)


@dataclass(frozen=True)
class _TextLine:
    page_no: int
    top: float
    bottom: float
    text: str
    is_at_margin: bool


def find_page_number(text: str) -> int | None:
    """Return the number of a page that a line prints, and nothing else; None if it prints more."""
    return int(_DIGITS.findall(text)[0]) if _PAGE_NUMBER.fullmatch(text) else None


def _is_at_margin(top: float, bottom: float, page: Page) -> bool:
    return bottom > 0.88 * page.height or top < 0.08 * page.height


def find_printed_number(page: Page) -> int | None:
    """Return the number that a page prints at its margin; None if there is none, or more than one."""
    margin = [glyph for glyph in page.glyphs if glyph.is_word or _is_at_margin(glyph.top, glyph.bottom, page)]
    words = [glyph for glyph in margin if glyph.is_word]
    texts = [spell_line(line) for line in compose_lines(glyph for glyph in margin if not glyph.is_word)]
    found = [find_page_number(text) for text in [*texts, *(word.text for word in words)]]
    numbers = [number for number in found if number is not None]
    return numbers[0] if len(numbers) == 1 else None


def _compose_page(page: Page) -> list[_TextLine | _Table]:
    """Return the tables and the lines of text of a page, from top to bottom, without its page number."""
    found = [_Table([(grid, [])]) for grid in find_grids(page)]
    free: list[Glyph] = []
    for glyph in (*page.glyphs, *page.images):
        inside = [table for table in found if table.last.holds(glyph)]
        # Of a grid within a grid the inner one holds the print.
        table = min(inside, key=lambda t: t.last.right - t.last.left) if inside else None
        (table.parts[0][1] if table else free).append(glyph)
    on_page: list[_TextLine | _Table] = list(found)
    images = set(page.images)
    words = [[glyph] for glyph in free if glyph.is_word]
    plain = (glyph for glyph in free if not glyph.is_word and glyph not in images)
    for line in [*compose_lines(plain), *words]:
        top, bottom = min(glyph.top for glyph in line), max(glyph.bottom for glyph in line)
        printed = _TextLine(page.page_no, top, bottom, spell_line(line), _is_at_margin(top, bottom, page))
        if not (printed.is_at_margin or line[0].is_word) or find_page_number(printed.text) is None:
            on_page.append(printed)
    on_page.sort(key=lambda item: item.last.top if isinstance(item, _Table) else item.top)
    for end in (-1, 0):  # Page numbers stand outside of all else, however wide the margin is.
        item = on_page[end] if on_page else None
        if isinstance(item, _TextLine) and find_page_number(item.text) is not None:
            del on_page[end]
    return on_page


def _strip_numbers(text: str) -> str:
    return _NUMBERED.sub("", text)


def _find_running_lines(pages: Iterable[Sequence[_TextLine | _Table]]) -> frozenset[str]:
    """Return what stands at the margin of several pages, numbers apart: headers and footers that run on."""
    counts = Counter(
        text
        for items in pages
        for text in {
            _strip_numbers(item.text) for item in items if isinstance(item, _TextLine) and item.is_at_margin
        }
    )
    return frozenset(text for text, count in counts.items() if count > 1)


def _starts_alike(table: _Table, follower: _Table) -> bool:
    """Tell whether a table begins with figures, or with the header of the one it may be a part of."""
    first, next_ = (next(iter(_read_rows(*part.parts[0], part.edges_x)), None) for part in (table, follower))
    if first is None or next_ is None:
        return False
    words = [[cell for cell in row.cells if cell] for row in (first, next_)]
    return words[0] == words[1] or any(classify_cell(cell) is CellKind.AMOUNT for cell in next_.cells)


def _find_follower(
    table: _Table, items: Sequence[_TextLine | _Table], running: frozenset[str], above: frozenset[str]
) -> int | None:
    """Return which item of the next page goes on with a table; None if none does.

    Above it may stand again what stood above the table, or runs on through the document, or says so.
    """
    for place, item in enumerate(items):
        if isinstance(item, _Table):
            goes_on = _goes_on(table, item.last) and (place == 0 or _starts_alike(table, item))
            return place if goes_on else None
        text = "".join(item.text.split())
        is_again = _CONTINUED.sub("", text) in above or (
            item.is_at_margin and _strip_numbers(text) in running
        )
        if not is_again and not _CONTINUED.fullmatch(text):
            return None
    return None


def assemble_lines(pages: Iterable[Page]) -> tuple[Line, ...]:
    """Return the lines of all pages, counted through; rows of one table bear its number."""
    composed = [_compose_page(page) for page in pages]
    running = _find_running_lines(composed)
    items: list[_TextLine | _Table] = []
    open_table: _Table | None = None  # The table that may go on at the top of the next page.
    above: frozenset[str] = frozenset()
    for on_page in composed:
        printed = [item.text for item in on_page if isinstance(item, _TextLine)]
        texts = frozenset(word for text in printed for word in (*text.split(), "".join(text.split())))
        place = _find_follower(open_table, on_page, running, above) if open_table is not None else None
        if place is not None and open_table is not None:
            follower = on_page[place]
            assert isinstance(follower, _Table), "only a table goes on with a table"
            open_table.parts.extend(follower.parts)
            items.extend(on_page[:place] + on_page[place + 1 :])
            on_page[place] = open_table
            above |= texts
        else:
            items.extend(on_page)
            above = texts
        # A table is the last thing on its page, or only notes follow it and it has ended.
        last = [item for item in on_page if isinstance(item, _Table) or not _runs_on(item, running)][-1:]
        open_table = last[0] if last and isinstance(last[0], _Table) else None
    return tuple(_number_lines(items))


def _runs_on(line: _TextLine, running: frozenset[str]) -> bool:
    return line.is_at_margin and _strip_numbers(line.text) in running


def _number_lines(items: Sequence[_TextLine | _Table]) -> list[Line]:
    lines: list[Line] = []
    table_no = 0
    for item in items:
        if isinstance(item, _TextLine):
            lines.append(Line(0, (item.text,), item.page_no))
            continue
        table_no += 1
        edges = item.edges_x
        for grid, glyphs in item.parts:
            lines.extend(Line(0, row.cells, row.page_no, table_no) for row in _read_rows(grid, glyphs, edges))
    return [replace(line, line_no=number) for number, line in enumerate(lines, start=1)]
