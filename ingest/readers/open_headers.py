"""The header of a table without rulings: which words stand over several columns.

Words stand in the middle of their cells, up and down as well as across. A word that stands low has another
one over it; that one stands over all the columns whose middle is its own. Where this does not work out for
every word, nothing is said of the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from operator import attrgetter
from typing import NamedTuple

# Print is in the middle if it is no further from it than this, in heights of print.
_OFF = 0.3
# A word may be off the middle of its columns by this share of the narrower one at their ends.
_MOST_OFF = 0.35
# No header has as many words.
_MOST_WORDS = 200
# Ways to read one that are looked at.
_MOST_WAYS = 20
_TOP = attrgetter("top")
Run = tuple[int, int]  # Columns, both ends included.


class HeaderWord(NamedTuple):
    """A word of a header and the box it takes up."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def size(self) -> float:
        return self.bottom - self.top


class Span(NamedTuple):
    """A cell over several columns, both ends included, where it and its print end below, and its level."""

    first: int
    last: int
    bottom: float
    base: float
    level: int


def _find_centre(words: Sequence[HeaderWord]) -> float:
    return (min(word.top for word in words) + max(word.bottom for word in words)) / 2


def find_lowest(words: Sequence[HeaderWord]) -> list[HeaderWord]:
    """Return the words that stand over one column: none is below them, and they do not stand high."""
    if not words or len(words) > _MOST_WORDS:
        return []
    centre = _find_centre(words)
    lowest: list[HeaderWord] = []
    for group in _stack_up(words):
        left, right = min(word.left for word in group), max(word.right for word in group)
        has_below = any(
            word not in group
            and word.top > group[0].top + group[0].size / 2
            and word.left < right
            and left < word.right
            for word in words
        )
        if not has_below and _find_centre(group) > centre - group[0].size / 2:
            lowest += group
    return lowest


def find_spans(words: Sequence[HeaderWord], edges: Sequence[float]) -> list[Span] | None:
    """Return the cells of a header that stand over several columns; None if that is not clear.

    ``edges`` are those of the columns, one more than there are columns.
    """
    spans = _nest(words, 0, len(edges) - 2, edges, 0) if len(words) <= _MOST_WORDS else None
    if spans is None:
        return None
    spans = _even_out(spans)
    for word in words:  # A word far beyond its cell is of another one.
        first, last = _find_cell(word, spans, edges)
        if word.left < edges[first] - 2 * word.size or word.right > edges[last + 1] + 2 * word.size:
            return None
    return spans


def _find_cell(word: HeaderWord, spans: Sequence[Span], edges: Sequence[float]) -> Run:
    place = _find_place(word.middle, edges)
    over = [s for s in spans if s.first <= place <= s.last and word.bottom < s.bottom + word.size / 2]
    return min(((s.first, s.last) for s in over), default=(place, place), key=lambda run: run[1] - run[0])


def make_room(
    words: Sequence[HeaderWord], edges: Sequence[float], columns: Sequence[tuple[float, float]]
) -> list[float]:
    """Return the edges, moved to the ends of words that reach across them where nothing else stands.

    ``columns`` says where the print of each column begins and ends.
    """
    moved = list(edges)
    spans = find_spans(words, edges)
    for word in words if spans is not None else ():
        first, last = _find_cell(word, spans or (), edges)
        if word.right > moved[last + 1] and last + 1 < len(columns) and word.right < columns[last + 1][0]:
            moved[last + 1] = (word.right + columns[last + 1][0]) / 2
        if word.left < moved[first] and first and word.left > columns[first - 1][1]:
            moved[first] = (word.left + columns[first - 1][1]) / 2
    return moved


def _even_out(spans: Sequence[Span]) -> list[Span]:
    """Let the cells of a level end together, where all their print ends before."""
    ends: dict[int, float] = {}
    for level in {span.level for span in spans}:
        alike = [span for span in spans if span.level == level]
        end = min(span.bottom for span in alike)
        if all(span.base <= end for span in alike):
            ends[level] = end
    return [span._replace(bottom=ends.get(span.level, span.bottom)) for span in spans]


def _find_place(x: float, edges: Sequence[float]) -> int:
    inside = sum(edge <= x for edge in edges) - 1
    return min(max(inside, 0), len(edges) - 2)


def _nest(
    words: Sequence[HeaderWord], first: int, last: int, edges: Sequence[float], level: int
) -> list[Span] | None:
    """Return the spans among the words over some columns, outer ones first."""
    if not words or first == last:
        return []
    stacks: dict[int, list[HeaderWord]] = {}
    for word in words:
        stacks.setdefault(_find_place(word.middle, edges), []).append(word)
    size = max(word.size for word in words)
    middle = _find_centre(words)
    for centre in dict.fromkeys((middle, _settle_centre(middle, stacks.values(), size))):
        spans = _nest_below(words, stacks, centre, size, (first, last), edges, level)
        if spans is not None:
            return spans
    return None


def _nest_below(
    words: Sequence[HeaderWord],
    stacks: dict[int, list[HeaderWord]],
    centre: float,
    size: float,
    reach: tuple[int, int],
    edges: Sequence[float],
    level: int,
) -> list[Span] | None:
    """Return the spans over the columns whose words stand lower than the centre; None if some have none."""
    low = {place for place, stack in stacks.items() if _find_centre(stack) > centre + _OFF * size}
    if not low:
        return []
    ceiling = min(word.top for place in low for word in stacks[place])
    groups = _stack_up([word for word in words if word.bottom <= ceiling + _OFF * size])
    groups.sort(key=lambda group: group[0].middle)
    runs = [_list_runs(group, reach, edges, low, stacks) for group in groups]
    best: tuple[float, list[Span]] | None = None
    for off, chosen in _cover(runs, low):
        spans = _nest_chosen(list(zip(groups, chosen, strict=True)), stacks, edges, level)
        if spans is not None and (best is None or off < best[0]):
            best = (off, spans)
    return best[1] if best else None


def _nest_chosen(
    chosen: Sequence[tuple[Sequence[HeaderWord], Run | None]],
    stacks: dict[int, list[HeaderWord]],
    edges: Sequence[float],
    level: int,
) -> list[Span] | None:
    """Return the spans of these words over these columns, and those below them; None if one has none below."""
    spans: list[Span] = []
    for group, run in chosen:
        if run is None:
            continue
        places = range(run[0], run[1] + 1)
        inside = [word for place in places for word in stacks.get(place, ()) if word not in group]
        base = max(word.bottom for word in group)
        nested = _nest(inside, *run, edges, level + 1) if inside else None
        if nested is None:
            return None
        spans += [Span(*run, (base + min(word.top for word in inside)) / 2, base, level), *nested]
    return spans


def _cover(
    runs: Sequence[Sequence[tuple[float, Run]]], low: set[int]
) -> Iterator[tuple[float, list[Run | None]]]:
    """Yield the ways to give words columns that do not overlap, all low ones among them, and how far off they are."""
    if not runs:
        if not low:
            yield 0.0, []
        return
    if low and not any(run[0] <= min(low) <= run[1] for several in runs for _, run in several):
        return
    for rest_off, rest in islice(_cover(runs[1:], low), _MOST_WAYS):
        yield rest_off, [None, *rest]
    for off, run in runs[0]:
        left = {place for place in low if place > run[1]}
        if any(place < run[0] for place in low):
            continue  # No word further to the right could stand over these.
        later = [[other for other in several if other[1][0] > run[1]] for several in runs[1:]]
        for rest_off, rest in islice(_cover(later, left), _MOST_WAYS):
            yield off + rest_off, [run, *rest]


def _settle_centre(centre: float, stacks: Iterable[Sequence[HeaderWord]], size: float) -> float:
    """Return where words stand that have nothing above or below them: lines of a header differ in height."""
    whole = [
        stack
        for stack in stacks
        if all(second.top - first.bottom < 0.8 * size for first, second in pairwise(sorted(stack, key=_TOP)))
    ]
    nearest = min((_find_centre(stack) for stack in whole), key=lambda y: abs(y - centre), default=centre)
    return nearest if abs(nearest - centre) < size else centre


def _stack_up(words: Sequence[HeaderWord]) -> list[list[HeaderWord]]:
    """Put the lines of a wrapped word together: they stand in the middle of each other."""
    groups: list[list[HeaderWord]] = []
    for word in sorted(words, key=_TOP):
        for group in groups:
            above = group[-1]
            gap = word.top - above.bottom
            if abs(above.middle - word.middle) < word.size / 2 and gap < word.size / 2:
                group.append(word)
                break
        else:
            groups.append([word])
    return groups


def _list_runs(
    group: Sequence[HeaderWord],
    reach: Run,
    edges: Sequence[float],
    low: set[int],
    stacks: dict[int, list[HeaderWord]],
) -> list[tuple[float, Run]]:
    """Return the columns in whose middle a word stands, each of which may have one above it, and how far off."""
    middle = (min(word.left for word in group) + max(word.right for word in group)) / 2
    own = {place for place, stack in stacks.items() if any(word in group for word in stack)}
    may_be_under = [place in low or place in own or place not in stacks for place in range(len(edges) - 1)]
    found = []
    for start in range(reach[0], reach[1]):
        for end in range(start + 1, reach[1] + 1):
            if not (may_be_under[start] and may_be_under[end]):
                break
            narrow = min(edges[start + 1] - edges[start], edges[end + 1] - edges[end])
            off = abs((edges[start] + edges[end + 1]) / 2 - middle)
            is_over = edges[start] < middle < edges[end + 1] and any(start <= place <= end for place in low)
            if is_over and off < _MOST_OFF * narrow:
                found.append((off, (start, end)))
    return found
