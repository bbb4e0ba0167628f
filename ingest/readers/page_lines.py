"""Pages to lines: tables that go on over a page are joined, and all lines are counted through.

Rows of one table bear its number; a line of text is one line, a row of a grid is one, however many lines
of print its cells hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.numbers import CellKind, classify_cell
from ingest.readers.alignments import Aligned, find_aligned, is_above_table, is_note, lay_grids, stands_alone
from ingest.readers.pages import (
    NEAR,
    Glyph,
    Grid,
    Page,
    Row,
    cluster,
    compose_lines,
    find_grids,
    read_rows,
    spell_line,
)
from ingest.readers.texts import Line

_PAGE_NUMBER = re.compile(
    r"[-–—―·~～\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/]*共\s*\d{1,4}\s*页)?[-–—―·~～\s]*"
)
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"[\d\s]")
# What says that a table goes on, alone or after its title.
_CONTINUED = re.compile(r"[（(]?(?:续表|续上表|接上表|接上页|续)\d*[)）]?$")

# Columns of the same widths are the same columns, though they may have moved: so many edges, so far.
_FEW_EDGES = 4
_MOST_SHIFT = 80.0


@dataclass
class _Table:
    """Grids that are one table, with the glyphs in each."""

    parts: list[tuple[Grid, list[Glyph]]]
    aligned: tuple[Aligned, ...] = ()  # What its grids were laid over, where there are no rulings.

    @property
    def edges_x(self) -> tuple[float, ...]:
        return cluster(edge for grid, _ in self.parts for edge in grid.edges_x)

    @property
    def last(self) -> Grid:
        return self.parts[-1][0]


def _make_aligned(parts: Sequence[Aligned]) -> _Table | None:
    grids = lay_grids(parts)
    if grids is None:
        return None
    return _Table([(grid, part.glyphs) for grid, part in zip(grids, parts, strict=True)], tuple(parts))


def _join(table: _Table, follower: _Table) -> None:
    """Make one table of two; the columns of one without rulings are those of all its pages."""
    shift = _find_shift(table, follower.last)
    if shift:
        follower.parts = [_move(grid, glyphs, -shift) for grid, glyphs in follower.parts]
    table.parts.extend(follower.parts)
    if table.aligned and follower.aligned:
        table.aligned += follower.aligned
        joined = _make_aligned(table.aligned)
        assert joined is not None, "goes_on has looked"
        table.parts = joined.parts


def _aligns_on(table: _Table, follower: _Table) -> bool:
    """Tell whether two tables without rulings have the same columns."""
    joined = _make_aligned((*table.aligned, *follower.aligned))
    counts = [len(part.edges_x) for part in (table, follower)]
    return joined is not None and len(joined.edges_x) == max(counts)


def _find_shift(table: _Table, grid: Grid) -> float:
    """Return how far a grid has moved that has the very columns of a table; 0 if it has other ones.

    Pages that are bound have one margin wider than the other, now the left one, now the right one.
    """
    edges = table.edges_x
    if table.aligned or len(grid.edges_x) != len(edges) or len(edges) < _FEW_EDGES:
        return 0.0
    shift = grid.left - edges[0]
    is_same = all(abs(x - shift - edge) <= NEAR / 2 for x, edge in zip(grid.edges_x, edges, strict=True))
    return shift if is_same and NEAR < abs(shift) < _MOST_SHIFT else 0.0


def _move(grid: Grid, glyphs: Sequence[Glyph], shift: float) -> tuple[Grid, list[Glyph]]:
    moved = [glyph._replace(left=glyph.left + shift, right=glyph.right + shift) for glyph in glyphs]
    return replace(grid, edges_x=tuple(x + shift for x in grid.edges_x)), moved


def _goes_on(table: _Table, grid: Grid) -> bool:
    """Tell whether a grid at the top of a page has the columns of the table on the page before."""
    edges = table.edges_x
    if _find_shift(table, grid):
        return True
    if abs(grid.left - edges[0]) > NEAR or abs(grid.right - edges[-1]) > NEAR:
        return False
    # 合计 alone on a page has fewer columns.
    if all(_is_near(edge, edges) for edge in grid.edges_x):
        return True
    # A finer page than the one before is another table, unless that one holds no more than the header.
    return all(_is_near(edge, grid.edges_x) for edge in edges) and not any(
        classify_cell(cell) is CellKind.AMOUNT
        for part, glyphs in table.parts
        for row in read_rows(part, glyphs, edges)
        for cell in row.cells
    )


def _is_near(position: float, others: Iterable[float]) -> bool:
    return any(abs(position - other) <= NEAR for other in others)


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
    first, last = 0.08 * page.height, 0.88 * page.height  # As _is_at_margin has it, which is slower.
    margin = [glyph for glyph in page.glyphs if glyph[5] or glyph[4] > last or glyph[2] < first]
    words = [glyph for glyph in margin if glyph.is_word]
    texts = [spell_line(line) for line in compose_lines(glyph for glyph in margin if not glyph.is_word)]
    found = [find_page_number(text) for text in [*texts, *(word.text for word in words)]]
    numbers = [number for number in found if number is not None]
    return numbers[0] if len(numbers) == 1 else None


def _print_line(line: Sequence[Glyph], page: Page) -> _TextLine:
    top, bottom = min(glyph.top for glyph in line), max(glyph.bottom for glyph in line)
    return _TextLine(page.page_no, top, bottom, spell_line(line), _is_at_margin(top, bottom, page))


def _is_page_number(line: Sequence[Glyph], page: Page) -> bool:
    if len(line) > 20 or not _is_at_margin(line[0].top, line[0].bottom, page):
        return False
    return find_page_number(spell_line(line)) is not None


def _dissolve(table: _Table, pages: Mapping[int, Page]) -> list[_TextLine]:
    """Return the lines of text that were taken for a table."""
    return [_print_line(line.glyphs, pages[part.page_no]) for part in table.aligned for line in part.lines]


def _compose_page(page: Page) -> list[_TextLine | _Table]:
    """Return the tables and the lines of text of a page, from top to bottom, without its page number."""
    found = [_Table([(grid, [])]) for grid in find_grids(page)]
    free: list[Glyph] = []
    # Of a grid within a grid the inner one holds the print.
    narrow = sorted(found, key=lambda table: table.last.right - table.last.left)
    places = [(t.last.left, t.last.right, t.last.top, t.last.bottom, t.parts[0][1]) for t in narrow]
    for glyph in (*page.glyphs, *page.images):
        x, y = (glyph[1] + glyph[3]) / 2, (glyph[2] + glyph[4]) / 2
        for left, right, top, bottom, inside in places:
            if left <= x <= right and top <= y <= bottom:
                inside.append(glyph)
                break
        else:
            free.append(glyph)
    images = set(page.images)
    words = [[glyph] for glyph in free if glyph.is_word]
    plain = [
        line
        for line in compose_lines(glyph for glyph in free if not glyph.is_word and glyph not in images)
        if not _is_page_number(line, page)
    ]
    taken: set[Glyph] = set()
    for aligned in find_aligned(page.page_no, plain, page.horizontal):
        table = _make_aligned([aligned])
        is_at_end = aligned.glyphs[0] in plain[0] or aligned.glyphs[-1] in plain[-1]
        if table is not None and (is_at_end or not aligned.is_weak):
            found.append(table)
            taken.update(aligned.glyphs)
    on_page: list[_TextLine | _Table] = list(found)
    on_page.extend(_print_line(line, page) for line in plain if line[0] not in taken)
    on_page.extend(_print_line(line, page) for line in words if find_page_number(line[0].text) is None)
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
    first, next_ = (next(iter(read_rows(*part.parts[0], part.edges_x)), None) for part in (table, follower))
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
            if table.aligned and item.aligned:
                goes_on = _aligns_on(table, item)
            else:
                # What runs on through the document says nothing of this table.
                is_first = all(
                    isinstance(other, _TextLine) and _runs_on(other, running) for other in items[:place]
                )
                goes_on = _goes_on(table, item.last) and (is_first or _starts_alike(table, item))
            return place if goes_on else None
        text = "".join(item.text.split())
        is_again = _CONTINUED.sub("", text) in above or _runs_on(item, running)
        if not is_again and not _CONTINUED.fullmatch(text):
            return None
    return None


def assemble_lines(pages: Iterable[Page]) -> tuple[Line, ...]:
    """Return the lines of all pages, counted through; rows of one table bear its number."""
    pages = tuple(pages)
    by_number = {page.page_no: page for page in pages}  # Two of a sheet are equally high.
    composed = [_compose_page(page) for page in pages]
    running = _find_running_lines(composed)
    items: list[_TextLine | _Table] = []
    open_table: _Table | None = None  # The table that may go on at the top of the next page.
    above: frozenset[str] = frozenset()
    for on_page in composed:
        if all(isinstance(item, _TextLine) and _runs_on(item, running) for item in on_page):
            items.extend(on_page)
            continue  # A blank page, as for printing on both sides: the table may go on behind it.
        printed = [item.text for item in on_page if isinstance(item, _TextLine)]
        texts = frozenset(word for text in printed for word in (*text.split(), "".join(text.split())))
        if open_table is None or not open_table.aligned:
            on_page = _settle(on_page[:-1], by_number) + on_page[-1:]
        place = _find_follower(open_table, on_page, running, above) if open_table is not None else None
        if place is not None and open_table is not None:
            follower = on_page[place]
            assert isinstance(follower, _Table), "only a table goes on with a table"
            _join(open_table, follower)
            items.extend(on_page[:place] + on_page[place + 1 :])
            on_page[place] = open_table
            above |= texts
        else:
            items.extend(on_page)
            above = texts
        # A table is the last thing on its page, or only notes follow it and it has ended.
        last = [item for item in on_page if isinstance(item, _Table) or not _runs_on(item, running)][-1:]
        open_table = last[0] if last and isinstance(last[0], _Table) else None
    return tuple(_number_lines(_settle(items, by_number)))


def _settle(items: Iterable[_TextLine | _Table], pages: Mapping[int, Page]) -> list[_TextLine | _Table]:
    """Make lines of what is too little for a table by itself and was joined to none."""
    settled: list[_TextLine | _Table] = []
    for item in items:
        if isinstance(item, _Table) and item.aligned and not stands_alone(item.aligned):
            settled.extend(_dissolve(item, pages))
        else:
            settled.append(item)
    return settled


def _runs_on(line: _TextLine, running: frozenset[str]) -> bool:
    return line.is_at_margin and _strip_numbers(line.text) in running


def _join_cells(row: Row) -> str:
    return " ".join(cell for cell in row.cells if cell)


def _count_above(rows: Sequence[Row]) -> int:
    """Return how many rows at the top of a grid are its title, its unit of money and the like, and no rows."""
    count = 0
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        if not cells or not all(is_above_table(cell) for cell in cells):
            break
        count += 1
    return count if count < len(rows) else 0


def _number_lines(items: Sequence[_TextLine | _Table]) -> list[Line]:
    lines: list[Line] = []
    table_no = 0
    for item in items:
        if isinstance(item, _TextLine):
            lines.append(Line(0, (item.text,), item.page_no))
            continue
        table_no += 1
        edges = item.edges_x
        above: list[str] = []  # What stands in the table's frame and is none of its rows.
        for number, (grid, glyphs) in enumerate(item.parts):
            rows = read_rows(grid, glyphs, edges)
            first = _count_above(rows)
            texts = [_join_cells(row) for row in rows[:first]]
            # On the next page it is but printed again.
            fresh = [text for text in texts if text not in above]
            lines.extend(Line(0, (text,), grid.page_no) for text in fresh)
            above += texts
            last = len(rows)
            while number == len(item.parts) - 1 and last > first and is_note(_join_cells(rows[last - 1])):
                last -= 1
            lines.extend(Line(0, row.cells, row.page_no, table_no) for row in rows[first:last])
            lines.extend(Line(0, (_join_cells(row),), row.page_no) for row in rows[last:])
    return [line._replace(line_no=number) for number, line in enumerate(lines, start=1)]
