"""Tables without rulings: columns and rows by where the words stand.

Print that stands one below the other, with white between it all the way down, is a column; a header word
over several columns is one over all that it covers. What is found becomes a grid like any other. Where
it is wrong, header and columns fit no template, and the table is set aside: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.numbers import CellKind, classify_cell
from ingest.readers.pages import NEAR, Glyph, Grid, Ruling, build_grid, spell_line

# White between two words, in heights of print, from which on they may stand in two columns.
_GAP = 0.45
# White between two columns, in heights of print; less is no column's edge.
_GUTTER = 0.3
# Print further below the line above it, in heights of print, is no row of the same table.
_MOST_LEADING = 4.0
# A gap between lines, in those between rows, below which they are of one row.
_CLOSE = 0.75
_PROSE = re.compile(r"[，。；！？]|…|\.{4}")
# Prose goes on with it after a number that has white around it; in a table it stands above or in brackets.
_UNIT = re.compile(r"[万亿]?元|[%％]|个百分点|人[，。次]")
_TITLE = re.compile(
    r"(?:预算|决算|收支|收入|支出|情况|经费|明细).{0,12}表(?:[（(].{1,12}[)）])?$|^表[一二三四五六七八九十\d]+$"
)
_AROUND = re.compile(r"单位[:：]|^注[:：]|^备注[:：]|^说明[:：]")


@dataclass(frozen=True)
class _Word:
    """Print without white in it: where it begins and ends."""

    text: str
    left: float
    right: float

    @property
    def is_amount(self) -> bool:
        return classify_cell(self.text) is CellKind.AMOUNT

    @property
    def is_money(self) -> bool:
        return self.is_amount and ("." in self.text or "," in self.text)


@dataclass(frozen=True)
class _Print:
    """A line of print, taken apart into words."""

    top: float
    bottom: float
    words: tuple[_Word, ...]
    glyphs: tuple[Glyph, ...]

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def is_of_figures(self) -> bool:
        return len(self.words) > 1 and any(word.is_amount for word in self.words)


@dataclass(frozen=True)
class Aligned:
    """The lines of print of one page that stand as a table does, its header first."""

    page_no: int
    header: tuple[_Print, ...]
    body: tuple[_Print, ...]
    across: tuple[Ruling, ...]
    # Too little to be a table by itself; it may be the end, or the beginning, of one on the next page.
    is_weak: bool = False

    @property
    def lines(self) -> tuple[_Print, ...]:
        return (*self.header, *self.body)

    @property
    def glyphs(self) -> list[Glyph]:
        return [glyph for line in self.lines for glyph in line.glyphs]


def _take_apart(line: Sequence[Glyph]) -> _Print:
    words: list[list[Glyph]] = [[line[0]]]
    for before, glyph in pairwise(line):
        if glyph.left - before.right > _GAP * max(before.size, glyph.size):
            words.append([])
        words[-1].append(glyph)
    return _Print(
        min(glyph.top for glyph in line),
        max(glyph.bottom for glyph in line),
        tuple(_Word(spell_line(word), word[0].left, max(g.right for g in word)) for word in words),
        tuple(line),
    )


def find_aligned(page_no: int, lines: Iterable[Sequence[Glyph]], across: Sequence[Ruling]) -> list[Aligned]:
    """Return the tables among the lines of print of a page; ``across`` are its horizontal rulings.

    All that hangs together is one table: a row left out would leave half a table, one too many is refused.
    """
    found = []
    for block in _cut_blocks(lines):
        first = next((place for place, line in enumerate(block) if line.is_of_figures), None)
        if first is not None:
            header, body = tuple(block[:first]), tuple(block[first:])
            found.append(Aligned(page_no, header, body, tuple(across), not _is_table(block)))
    return found


def _cut_blocks(lines: Iterable[Sequence[Glyph]]) -> Iterable[list[_Print]]:
    """Yield the lines that stand close, without titles, notes and prose."""
    block: list[_Print] = []
    for glyphs in lines:
        line = None if _is_around(glyphs) else _take_apart(glyphs)
        if line is not None and any(_UNIT.match(word.text) for word in line.words):
            line = None
        is_apart = line is None or (block and line.top - block[-1].bottom > _MOST_LEADING * line.size)
        if block and is_apart:
            yield block
            block = []
        if line is not None:
            block.append(line)
    if block:
        yield block


def _is_around(line: Sequence[Glyph]) -> bool:
    """Tell whether a line of print is a title, a note or prose; a row with a clause in it ends with money."""
    text = "".join(glyph.text for glyph in line)
    if _AROUND.search(text) or _TITLE.search(text):
        return True
    return bool(_PROSE.search(text)) and not (text[-1].isdigit() and _take_apart(line).words[-1].is_money)


def _is_table(block: Sequence[_Print]) -> bool:
    """Tell whether most lines have several words, which begin or end below one another, and money among them."""
    wide = [line for line in block if len(line.words) > 1]
    if (
        len(wide) < 2
        or len(wide) * 2 < len(block)
        or not any(w.is_money for line in wide for w in line.words)
    ):
        return False

    def count_alike(edges: list[list[float]]) -> int:
        return sum(
            any(abs(edge - other) < NEAR for edge in first for other in second)
            for first, second in pairwise(edges)
        )

    lefts = count_alike([[word.left for word in line.words[1:]] for line in wide])
    rights = count_alike([[word.right for word in line.words[1:]] for line in wide])
    middles = count_alike([[(word.left + word.right) / 2 for word in line.words[1:]] for line in wide])
    return max(lefts, rights, middles) * 2 >= len(wide) - 1


def stands_alone(parts: Sequence[Aligned]) -> bool:
    """Tell whether the lines of some pages together are enough for a table."""
    return any(not part.is_weak for part in parts) or _is_table(
        [line for part in parts for line in part.lines]
    )


def _find_columns(parts: Sequence[Aligned]) -> list[tuple[float, float]]:
    """Return where each column of a table begins and ends, over all its pages."""
    size = min(line.size for part in parts for line in part.body)
    columns: list[tuple[float, float]] = []

    def add(word: _Word) -> None:
        touched = [
            column
            for column in columns
            if word.left < column[1] + _GUTTER * size and column[0] - _GUTTER * size < word.right
        ]
        for column in touched:
            columns.remove(column)
        columns.append(
            (min([word.left, *(c[0] for c in touched)]), max([word.right, *(c[1] for c in touched)]))
        )

    for part in parts:
        for line in part.body:
            for word in line.words:
                add(word)
    for part in parts:
        for line in reversed(part.header):  # The lowest word above a column is its own.
            for word in line.words:
                if sum(word.left < right and left < word.right for left, right in columns) <= 1:
                    add(word)
    return sorted(columns)


def lay_grids(parts: Sequence[Aligned]) -> list[Grid] | None:
    """Return a grid for each page of a table, all with the same columns; None if it has none."""
    columns = _find_columns(parts)
    if len(columns) < 2:
        return None
    inner = [(first[1] + second[0]) / 2 for first, second in pairwise(columns)]
    edges = [columns[0][0] - NEAR, *inner, columns[-1][1] + NEAR]
    grids = [_lay_grid(part, edges) for part in parts]
    return None if any(grid is None for grid in grids) else [grid for grid in grids if grid is not None]


def _lay_grid(part: Aligned, edges: Sequence[float]) -> Grid | None:
    rows = _find_rows(part, edges[-1] - edges[0])
    across = [Ruling(y, edges[0], edges[-1]) for y in sorted({y for row in rows for y in row[:2]})]
    down: list[Ruling] = []
    for top, bottom, lines in rows:
        for place, x in enumerate(edges):
            crossed = (
                any(word.left < x < word.right for line in lines for word in line.words)
                and 0 < place < len(edges) - 1
            )
            if not crossed:
                down.append(Ruling(x, top, bottom))
    return build_grid(part.page_no, across, down)


def _find_rows(part: Aligned, width: float) -> list[tuple[float, float, list[_Print]]]:
    """Return top, bottom and lines of each row: between rulings, or each line with what is close to it."""
    lines = part.lines
    ruled = sorted(
        ruling.at
        for ruling in part.across
        if ruling.end - ruling.start > 0.6 * width
        and lines[0].top - 2 * NEAR < ruling.at < lines[-1].bottom + 2 * lines[-1].size
    )
    groups = _group_by_rulings(lines, ruled) if len(ruled) > 2 else None
    if groups is None:
        groups = _group_by_nearness(lines)
    tops = [min(line.top for line in group) for group in groups]
    bottoms = [max(line.bottom for line in group) for group in groups]
    edges = [
        tops[0] - NEAR,
        *((b + t) / 2 for b, t in zip(bottoms, tops[1:], strict=False)),
        bottoms[-1] + NEAR,
    ]
    return [(edges[place], edges[place + 1], group) for place, group in enumerate(groups)]


def _group_by_rulings(lines: Sequence[_Print], ruled: Sequence[float]) -> list[list[_Print]] | None:
    """Return the lines between each two rulings; None if there is more than a row between some."""
    groups: dict[int, list[_Print]] = {}
    for line in lines:
        groups.setdefault(sum(at < (line.top + line.bottom) / 2 for at in ruled), []).append(line)
    if any(sum(line.is_of_figures for line in group) > 1 for group in groups.values()):
        return None
    return [groups[place] for place in sorted(groups)]


def _group_by_nearness(lines: Sequence[_Print]) -> list[list[_Print]]:
    """Return each line by itself, but a label's further lines with the figures they stand beside."""
    gaps = [
        second.top - first.bottom
        for first, second in pairwise(lines)
        if first.is_of_figures and second.is_of_figures
    ]
    near = _CLOSE * min(gaps, default=0.0)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        gap = line.top - before.bottom
        is_part = not (before.is_of_figures and line.is_of_figures) and gap < max(near, 0.0)
        if gap < -0.2 * min(before.size, line.size) or is_part:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups
