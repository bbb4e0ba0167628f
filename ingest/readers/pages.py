"""Ink on a page to rows: what every reader of positioned print has in common, whatever it reads.

A reader gives pages of glyphs (characters with their boxes) and rulings (the lines around cells). Here
rulings become grids, and glyphs are put into the cells they stand in; ``alignments.py`` makes grids where
no rulings are, and ``page_lines.py`` makes the numbered lines of all pages that templates know. A number
is placed by where it stands, never by counting: one that stands in no single cell is marked, and
refused later on.

Lengths are points; x grows to the right and y downwards from the corner of the upright page. Lines are
counted through the document from 1: a line of text is one, a row of a grid is one, however many lines
of print its cells hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from ingest.numbers import CellKind, classify_cell

# Rulings this near are one: drawn twice, or the two edges of a thin rectangle. No digit is narrower.
NEAR = 3.0
# A mark for print that cannot be placed or told apart: no amount contains it, so none is guessed.
UNPLACED = "\ufffd"

_WORD = re.compile(r"[\u4e00-\u9fff]+")
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
            if start is not None and ruling.start <= end + NEAR:
                end = max(end, ruling.end)
                continue
            if start is not None:
                merged.append(Ruling(at, start, end))
            start, end = ruling.start, ruling.end
        assert start is not None
        merged.append(Ruling(at, start, end))
        group.clear()

    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        if group and ruling.at - group[0].at > NEAR / 2:
            close()
        group.append(ruling)
    close()
    return [ruling for ruling in merged if ruling.end - ruling.start > NEAR]


def _touch(across: Ruling, down: Ruling) -> bool:
    return (
        across.start - NEAR <= down.at <= across.end + NEAR
        and down.start - NEAR <= across.at <= down.end + NEAR
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


def cluster(positions: Iterable[float]) -> tuple[float, ...]:
    """Return one position for each group of positions that are near one another."""
    groups: list[list[float]] = []
    for position in sorted(positions):
        if groups and position - groups[-1][0] <= NEAR:
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
        grid = build_grid(page.page_no, horizontal, vertical)
        if grid is not None:
            grids.append(grid)
    return tuple(sorted(grids, key=lambda grid: (grid.top, grid.left)))


def _find_open_ends(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[float]:
    """Return where vertical lines end beyond the first or last horizontal one, if most of them do."""
    first, last = min(ruling.at for ruling in across), max(ruling.at for ruling in across)
    above = [ruling.start for ruling in down if ruling.start < first - 2 * NEAR]
    below = [ruling.end for ruling in down if ruling.end > last + 2 * NEAR]
    least = max(2, (len(down) + 1) // 2)
    return [end(ends) for end, ends in ((min, above), (max, below)) if len(ends) >= least]


def _find_open_sides(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[float]:
    """Return where horizontal lines end beyond the first or last vertical one, if more than one of them does.

    One alone is none of the table's: the line below a running header, or above a footer.
    """
    first, last = min(ruling.at for ruling in down), max(ruling.at for ruling in down)
    left = [ruling.start for ruling in across if ruling.start < first - 2 * NEAR]
    right = [ruling.end for ruling in across if ruling.end > last + 2 * NEAR]
    return [end(ends) for end, ends in ((min, left), (max, right)) if len(ends) > 1]


def build_grid(page_no: int, across: Sequence[Ruling], down: Sequence[Ruling]) -> Grid | None:
    if not across or not down:
        return None
    # A table may be open at its sides: its horizontal lines say how wide it is. And where a page break
    # cuts a row, its vertical lines say how far it goes.
    sides = _find_open_sides(across, down)
    edges_x = cluster([*(ruling.at for ruling in down), *sides])
    edges_y = cluster([*(ruling.at for ruling in across), *_find_open_ends(across, down)])
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
    # By place, not by name: nothing is done as often as this.
    lines: list[list[Glyph]] = []
    spans: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph[2] + glyph[4], glyph[1])):
        _, _, top, _, bottom, _ = glyph
        for place in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            first, last = spans[place]
            shared = (last if last < bottom else bottom) - (first if first > top else top)
            if shared >= 0.5 * (last - first) or shared >= 0.5 * (bottom - top):
                lines[place].append(glyph)
                break
        else:
            lines.append([glyph])
            spans.append((top, bottom))
    for line in lines:
        line.sort(key=itemgetter(1))
    order = sorted(range(len(lines)), key=lambda place: spans[place][0])
    return [lines[place] for place in order]


def spell_line(line: Sequence[Glyph]) -> str:
    """Return the text of a line of print: a space for each gap, a mark where print lies on print."""
    parts = [line[0].text]
    for before, glyph in pairwise(line):
        gap = glyph[1] - before[3]
        if gap > 0:
            # By the taller one: 一 or a dash may be known by its ink alone.
            if gap > 0.45 * max(before[4] - before[2], glyph[4] - glyph[2]):
                parts.append(" ")
        elif gap < 0:
            width = min(before[3] - before[1], glyph[3] - glyph[1])
            if width > 0 and -gap > 0.6 * width and glyph.middle - before.middle < 0.4 * width:
                if glyph.text == before.text:
                    continue  # Printed twice for boldness.
                parts.append(UNPLACED)
        parts.append(glyph[0])
    return "".join(parts)


def _join_spaced(line: Sequence[Glyph]) -> str | None:
    """Return the amount whose digits stand apart, all equally far; None if they do not."""
    joined = "".join(glyph.text for glyph in line)
    if classify_cell(joined) is not CellKind.AMOUNT:
        return None
    gaps = [glyph.left - before.right for before, glyph in pairwise(line)]
    return joined if max(gaps) - min(gaps) < 0.15 * line[0].size else None


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
        if line[-1].right - line[0].left < width - 3 * digit - 2 * NEAR:
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
    if len(parts) == 1 and " " in parts[0]:
        return _join_spaced(lines[0]) or parts[0]
    text = ""
    for part in parts:
        is_latin = text[-1:].isascii() and part[:1].isascii() and text[-1:].isalnum() and part[:1].isalnum()
        text += f" {part}" if is_latin else part
    return text


@dataclass(frozen=True)
class Row:
    """A row of a grid, ready to be a line."""

    page_no: int
    top: float
    cells: tuple[str, ...]


def read_rows(grid: Grid, glyphs: Sequence[Glyph], edges_x: Sequence[float]) -> list[Row]:
    """Put the glyphs of a grid into its cells; columns are those of ``edges_x``, rows its own."""
    rows, columns = len(grid.edges_y) - 1, len(grid.edges_x) - 1
    owner: dict[tuple[int, int], int] = {}
    for number, box in enumerate(grid.boxes):
        for row in range(box.row, box.row_end):
            for column in range(box.column, box.column_end):
                owner.setdefault((row, column), number)
    contents: list[list[Glyph]] = [[] for _ in grid.boxes]
    edges_down, edges_across = grid.edges_y, grid.edges_x
    for glyph in glyphs:
        row = bisect_right(edges_down, (glyph[2] + glyph[4]) / 2) - 1
        column = bisect_right(edges_across, (glyph[1] + glyph[3]) / 2) - 1
        row = 0 if row < 0 else rows - 1 if row >= rows else row
        column = 0 if column < 0 else columns - 1 if column >= columns else column
        contents[owner[row, column]].append(glyph)
    texts: dict[tuple[int, int], list[str]] = {}
    beside = {(box.row, box.row_end, box.column_end): n for n, box in enumerate(grid.boxes)}
    above = {(box.row_end, box.column, box.column_end): n for n, box in enumerate(grid.boxes)}
    for box, content in zip(grid.boxes, contents, strict=True):
        if not content:
            continue
        width = grid.edges_x[box.column_end] - grid.edges_x[box.column]
        text = spell_cell(content, width)
        row, left = box.row, grid.edges_x[box.column]
        if _NUMERIC.fullmatch(text) and box.row_end - box.row > 1:
            label = beside.get((box.row, box.row_end, box.column))
            # A label as tall as the number names it; both stand in the first row of theirs.
            if label is None or not any(_WORD.fullmatch(glyph.text) for glyph in contents[label]):
                row, text = _place_down(grid, box, content, text)
        first = _find_column(edges_x, left + NEAR)
        last = _find_column(edges_x, grid.edges_x[box.column_end] - NEAR)
        if last > first and _NUMERIC.fullmatch(text) and not _has_word_above(grid, above, box, contents):
            first, text = _place_across(edges_x, first, last, content, text)
        if box.is_ragged:
            text += UNPLACED
        texts.setdefault((row, first), []).append(text)
    width_in_columns = len(edges_x) - 1
    return [
        Row(
            grid.page_no,
            grid.edges_y[row],
            tuple(UNPLACED.join(texts.get((row, column), ())) for column in range(width_in_columns)),
        )
        for row in range(rows)
    ]


def _find_column(edges: Sequence[float], x: float) -> int:
    return min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)


def _has_word_above(
    grid: Grid, above: Mapping[tuple[int, int, int], int], box: Box, contents: Sequence[Sequence[Glyph]]
) -> bool:
    """Tell whether a cell stands in a column of cells of just its width, below a word: that is its column."""
    while (number := above.get((box.row, box.column, box.column_end))) is not None:
        box = grid.boxes[number]
        if any(_WORD.fullmatch(glyph.text) for glyph in contents[number]):
            return True
    return False


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
