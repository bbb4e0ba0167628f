"""Tables without rulings: columns and rows by where the words stand.

Print that stands one below the other, with white between it all the way down, is a column; a header word
over several columns is one over all that it covers. What is found becomes a grid like any other. Where
it is wrong, header and columns fit no template, and the table is set aside: nothing is guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.numbers import CellKind, classify_cell
from ingest.readers.open_headers import HeaderWord, find_lowest, find_spans, make_room
from ingest.readers.pages import NEAR, Glyph, Grid, Ruling, build_grid, spell_line

# White between two words, in heights of print, from which on they may stand in two columns.
_GAP = 0.45
# White between two columns, in heights of print; less is no column's edge.
_GUTTER = 0.3
# Print further below the line above it, in heights of print, is no row of the same table.
_MOST_LEADING = 4.0
# A gap between lines, in those between rows, below which they are of one row.
_CLOSE = 0.75
# So many lines of print a row has at most, in the middle.
_MOST_WRAPPED = 4
_Extent = tuple[float, float]  # Where print begins and ends.
# Characters of one word may be spread this far, in heights of print; 类, 款 and 项 are words.
_SPREAD = 6.0
_PARTS_OF_CODES = frozenset("类款项")
_PROSE = re.compile(r"[，。；！？]|…|\.{4}")
# Prose goes on with it after a number that has white around it; in a table it stands above or in brackets.
_UNIT = re.compile(r"[万亿]?元|[%％]|个百分点|人[，。次]")
_TITLE = re.compile(
    r"(?:预算|决算|收支|收入|支出|情况|经费|明细).{0,12}表(?:[（(].{1,12}[)）])?$"
    r"|^(?:预算|决算)?(?:公开|附)?表[一二三四五六七八九十\d]+$|^公开\d+表$"
)
_MONEY = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+\.\d\d"
# Money and a label with no white between them; before a unit of money it is prose.
_TOUCHING = re.compile(
    rf"(?P<money>{_MONEY})(?![万亿元])[\u4e00-\u9fff（(].+|(?P<label>.*[\u4e00-\u9fff）)])(?:{_MONEY})"
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d{1,2}[.、．]\D")
_SAYS = re.compile(r"(?:金额)?单位[:：]|(?:编制|预算主管|填报|预算)?(?:部门|单位)(?:名称)?[:：]|公开\d+表")
_NOTE = re.compile(r"(?:注|备注|说明)[:：]")
_AROUND = re.compile(r"单位[:：]|^注[:：]|^备注[:：]|^说明[:：]")


@dataclass(frozen=True)
class _Word:
    """Print without white in it: where it begins and ends."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

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
    def extent(self) -> _Extent:
        return self.words[0].left, max(word.right for word in self.words)

    @property
    def is_of_figures(self) -> bool:
        return len(self.words) > 1 and any(word.is_amount for word in self.words)

    @property
    def is_of_labels(self) -> bool:
        """Whether it begins as rows do, and no header: with an ordinal."""
        return bool(_ORDINAL.match(self.words[0].text))


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
    words = [part for word in words for part in _part_money(word)]
    return _Print(
        min(glyph.top for glyph in line),
        max(glyph.bottom for glyph in line),
        tuple(map(_make_word, words)),
        tuple(line),
    )


def _part_money(word: list[Glyph]) -> list[list[Glyph]]:
    """Part money from the label that touches it, behind it or before."""
    text = "".join(glyph.text for glyph in word)
    if len(text) != len(word) or not (match := _TOUCHING.fullmatch(text)):
        return [word]
    place = match.end("money") if match["money"] else match.end("label")
    return [word[:place], word[place:]]


def _make_word(glyphs: Sequence[Glyph]) -> _Word:
    return _Word(
        spell_line(glyphs),
        glyphs[0].left,
        max(glyph.right for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def find_aligned(page_no: int, lines: Iterable[Sequence[Glyph]], across: Sequence[Ruling]) -> list[Aligned]:
    """Return the tables among the lines of print of a page; ``across`` are its horizontal rulings.

    All that hangs together is one table: a row left out would leave half a table, one too many is refused.
    """
    found = []
    for block, is_titled in _cut_blocks(lines):
        first = next((place for place, line in enumerate(block) if line.is_of_figures), None)
        if first is not None:
            first = next(place for place, line in enumerate(block) if line.is_of_figures or line.is_of_labels)
            block = _trim(block, first)
            header, body = tuple(block[:first]), tuple(block[first:])
            is_table = _is_table(block) or (is_titled and _is_small_table(header, body))
            found.append(Aligned(page_no, header, body, tuple(across), not is_table))
    return found


def _have_two(line: Sequence[_Extent], columns: Sequence[_Extent]) -> bool:
    """Tell whether a line has print in two of these columns."""
    return sum(any(_touch(word, column) for word in line) for column in columns) > 1


def _trim(block: list[_Print], first: int) -> list[_Print]:
    """Leave out the lines at the end of a table that stand across its columns: a heading, or prose."""
    end = len(block)
    columns = _list_extents(block[first:])
    while end > first + 1 and len(block[end - 1].words) == 1:
        if sum(_touch(column, block[end - 1].extent) for column in columns) < 2:
            break
        end -= 1
    return block[:end]


def _list_extents(lines: Iterable[_Print], gutter: float = _GUTTER) -> list[_Extent]:
    """Return where the words of the lines that have several stand, gaps left out."""
    wide = [line for line in lines if len(line.words) > 1]
    words = [(word.left, word.right) for line in wide for word in line.words]
    return _merge(words, gutter * min((line.size for line in wide), default=0.0))


def _is_in_line(line: _Print, block: Sequence[_Print]) -> bool:
    """Tell whether a row that follows on blank ones stands in the columns of the rows above it."""
    columns = _list_extents(block, 0.0)  # Money may touch the label of the next one.
    touched = [[place for place, c in enumerate(columns) if _touch((w.left, w.right), c)] for w in line.words]
    is_money = any(word.is_money for word in line.words)
    return (
        is_money
        and len(touched) > 1
        and all(map(len, touched))
        and len({t[0] for t in touched}) == len(touched)
    )


def _is_small_table(header: Sequence[_Print], body: Sequence[_Print]) -> bool:
    """Tell whether a few lines below the title of a table are one: words above money."""
    words = [len(line.words) for line in header]
    return sum(words) > 2 and max(words) > 1 and any(word.is_money for line in body for word in line.words)


def _cut_blocks(lines: Iterable[Sequence[Glyph]]) -> Iterable[tuple[list[_Print], bool]]:
    """Yield the lines that stand close, without titles, notes and prose, and whether a title is above them."""
    block: list[_Print] = []
    is_titled = False
    for glyphs in lines:
        line = None if _is_around(glyphs) else _take_apart(glyphs)
        if line is not None and any(_UNIT.match(word.text) for word in line.words):
            line = None
        is_apart = line is None or (
            block and line.top - block[-1].bottom > _MOST_LEADING * line.size and not _is_in_line(line, block)
        )
        if block and is_apart:
            yield block, is_titled
            block, is_titled = [], False
        if line is not None:
            block.append(line)
        else:
            text = "".join(glyph.text for glyph in glyphs)
            is_titled = bool(_TITLE.search(text)) or (is_titled and bool(_AROUND.search(text)))
    if block:
        yield block, is_titled


def is_above_table(text: str) -> bool:
    """Tell whether a text is the title of a table, its unit of money or the unit that it is of."""
    return bool(_TITLE.search(text) or _SAYS.match(text))


def is_note(text: str) -> bool:
    """Tell whether a text explains the table above it."""
    return bool(_NOTE.match(text))


def _is_around(line: Sequence[Glyph]) -> bool:
    """Tell whether a line of print is a title, a note or prose; a row with a clause in it ends with money."""
    text = "".join(glyph.text for glyph in line)
    if _AROUND.search(text) or _TITLE.search(text):
        return True
    return bool(_PROSE.search(text)) and not (text[-1].isdigit() and _take_apart(line).words[-1].is_money)


def _is_table(block: Sequence[_Print]) -> bool:
    """Tell whether most lines have several words, which begin or end below one another, and money among them."""
    wide = [line for line in block if len(line.words) > 1]
    columns = _list_extents(block)
    # The further lines of a wrapped word stand in one column, prose stands across all.
    across = [
        line
        for line in block
        if len(line.words) == 1 and sum(_touch(line.extent, column) for column in columns) > 1
    ]
    if (
        len(wide) < 2
        or len(wide) < len(across)
        or len(wide) * _MOST_WRAPPED < len(block)
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


def _find_columns(parts: Sequence[Aligned]) -> list[_Extent]:
    """Return where each column of a table begins and ends, over all its pages."""
    size = min(line.size for part in parts for line in part.body)
    gutter = _GUTTER * size
    columns = _merge(
        [(word.left, word.right) for p in parts for line in p.body for word in line.words], gutter
    )
    words = [word for part in parts for word in list_header_words(part.header)]
    lowest = [word for part in parts for word in find_lowest(list_header_words(part.header))]
    heads = _merge([(word.left, word.right) for word in lowest], gutter)
    lines = [[(word.left, word.right) for word in line.words] for part in parts for line in part.body]
    columns = _merge([*columns, *_place_heads(columns, heads, lines)], gutter)
    for word in words:  # The upper lines of a wrapped word.
        own = [column for column in columns if _touch((word.left, word.right), column, gutter)]
        is_wrapped = any(abs(word.middle - other.middle) < size / 2 for other in lowest)
        if len(own) == 1 and is_wrapped:
            columns = _merge([*columns, (word.left, word.right)], gutter)
    return _cut(columns, [line for part in parts for line in part.body], heads)


def _cut(columns: Sequence[_Extent], lines: Sequence[_Print], heads: Sequence[_Extent]) -> list[_Extent]:
    """Part columns where money touches the label of the next one, if nothing stands across."""
    pairs = [
        two for line in lines for two in pairwise(line.words) if two[1].left - two[0].right < _GAP * line.size
    ]
    if not pairs:
        return list(columns)
    printed = [*heads, *((word.left, word.right) for line in lines for word in line.words)]
    cuts = sorted({round((first.right + second.left) / 2, 1) for first, second in pairs})
    parted: list[_Extent] = []
    for left, right in columns:
        for cut in cuts:
            if left < cut < right and not any(start < cut - 1 and cut + 1 < end for start, end in printed):
                parted.append((left, cut))
                left = cut
        parted.append((left, right))
    return parted


def _touch(first: _Extent, second: _Extent, gutter: float = 0.0) -> bool:
    return first[0] < second[1] + gutter and second[0] < first[1] + gutter


def _merge(extents: Iterable[_Extent], gutter: float) -> list[_Extent]:
    """Put together what has no white between it."""
    merged: list[_Extent] = []
    for extent in sorted(extents):
        if merged and extent[0] < merged[-1][1] + gutter:
            merged[-1] = (merged[-1][0], max(merged[-1][1], extent[1]))
        else:
            merged.append(extent)
    return merged


def _place_heads(
    columns: Sequence[_Extent], heads: Sequence[_Extent], lines: Sequence[Sequence[_Extent]]
) -> list[_Extent]:
    """Return the columns that the words above them say there are: wider ones, and blank ones.

    Figures may stand beside their word instead of below it: then one is the other's only neighbour. So may
    they on one side of it, and on the other what has no figures in its line.
    """
    bare = [column for column in columns if not any(_touch(column, head) for head in heads)]
    found: list[_Extent] = []
    alone: list[_Extent] = []
    for head in heads:
        under = [column for column in columns if _touch(head, column)]
        if not under:
            alone.append(head)
        elif len(under) == 1 or not any(_have_two(line, under) for line in lines):
            found.append((min(head[0], under[0][0]), max(head[1], under[-1][1])))
    row = sorted([*columns, *alone])
    for head in alone:
        place = row.index(head)
        beside = [other for other in row[max(place - 1, 0) : place + 2] if other in bare]
        if len(beside) == 1 or (beside and not any(_have_two(line, beside) for line in lines)):
            bare = [column for column in bare if column not in beside]
            head = (min(head[0], beside[0][0]), max(head[1], beside[-1][1]))
        found.append(head)
    return found


def list_header_words(lines: Iterable[_Print]) -> list[HeaderWord]:
    """Return the words of a header; 收    入 is one, the ends of two wrapped words are two."""
    found: list[HeaderWord] = []
    for line in lines:
        words: list[HeaderWord] = []
        for word in line.words:
            before = words[-1] if words else None
            printed = HeaderWord(word.text, word.left, word.right, word.top, word.bottom)
            if before is not None and _are_spread(before, printed, found):
                words[-1] = before._replace(text=before.text + word.text, right=word.right)
            else:
                words.append(printed)
        found.extend(words)
    return found


def _are_spread(before: HeaderWord, word: HeaderWord, above: Sequence[HeaderWord]) -> bool:
    """Tell whether two words of a line are of one whose characters stand apart."""
    is_short = (
        len(word.text) == 1 and len(before.text) < 4 and not {*before.text, word.text} & _PARTS_OF_CODES
    )
    if not is_short or word.left - before.right > _SPREAD * word.size:
        return False
    return not any(
        abs(other.middle - end.middle) < word.size / 2
        and 0 <= end.top - other.bottom + word.size / 2 < word.size
        for other in above
        for end in (before, word)
    )


def lay_grids(parts: Sequence[Aligned]) -> list[Grid] | None:
    """Return a grid for each page of a table, all with the same columns; None if it has none."""
    columns = _find_columns(parts)
    if len(columns) < 2:
        return None
    inner = [(first[1] + second[0]) / 2 for first, second in pairwise(columns)]
    heads = [word for part in parts for line in part.header for word in line.words]
    left = min([columns[0][0], *(word.left for word in heads)])
    right = max([columns[-1][1], *(word.right for word in heads)])
    edges = [left - NEAR, *inner, right + NEAR]
    for part in parts:
        if part.header:
            edges = make_room(list_header_words(part.header), edges, columns)
    grids = [_lay_grid(part, edges) for part in parts]
    return None if any(grid is None for grid in grids) else [grid for grid in grids if grid is not None]


def _lay_grid(part: Aligned, edges: Sequence[float]) -> Grid | None:
    rows = _find_rows(part, edges[-1] - edges[0])
    spans = find_spans(list_header_words(part.header), edges) if part.header else None
    across: list[Ruling] = []
    down: list[Ruling] = []
    if spans is not None:
        headed = [row for row in rows if row[2][0] in part.header]
        rows = rows[len(headed) :]
        top, bottom = headed[0][0], headed[-1][1]
        across.append(Ruling(top, edges[0], edges[-1]))
        across.extend(Ruling(span.bottom, edges[span.first], edges[span.last + 1]) for span in spans)
        for place, x in enumerate(edges):
            over = [span.bottom for span in spans if span.first < place <= span.last]
            down.append(Ruling(x, max(over, default=top), bottom))
    across += [Ruling(y, edges[0], edges[-1]) for y in sorted({y for row in rows for y in row[:2]})]
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
        parted = [_group_by_nearness(several) for several in (part.header, part.body) if several]
        groups = [group for several in parted for group in several]
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
    least = 0.2 * min(line.size for line in lines)
    gaps = [(second.top - first.bottom, first, second) for first, second in pairwise(lines)]
    wide = sorted(gap for gap, _, _ in gaps if gap > least)
    between_rows = [gap for gap, *two in gaps if gap > least and all(line.is_of_figures for line in two)]
    near = _CLOSE * (min(between_rows) if between_rows else wide[len(wide) // 2] if wide else 0.0)
    white = [math.inf, *(gap for gap, _, _ in gaps), math.inf]
    # A line without figures is of the row that it stands nearer to.
    linked = {
        place + (white[place + 1] < white[place])
        for place, line in enumerate(lines)
        if not line.is_of_figures and min(white[place : place + 2]) < near
    }
    groups = [[lines[0]]]
    for place, line in enumerate(lines[1:], start=1):
        if white[place] < -least or place in linked:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups
