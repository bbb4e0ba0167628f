"""The header of a table without rulings: which words stand over several columns.

Words stand in the middle of their cells, up and down as well as across. A word that stands low has another
one over it; that one stands over all the columns whose middle is its own. Where this does not work out for
every word, nothing is said of the header.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Print is in the middle if it is no further from it than this, in heights of print.
_OFF = 0.3
# A word may be off the middle of its columns by this share of the narrower one at their ends.
_MOST_OFF = 0.35
# No header has as many words.
_MOST_WORDS = 200


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


def _is_below(word: HeaderWord, other: HeaderWord) -> bool:
    return word.top > other.top + other.size / 2 and word.left < other.right and other.left < word.right


def find_lowest(words: Sequence[HeaderWord]) -> list[HeaderWord]:
    """Return the words that stand over one column: none is below them, and they do not stand high."""
    if not words or len(words) > _MOST_WORDS:
        return []
    centre = _find_centre(words)
    return [
        word
        for word in words
        if (word.top + word.bottom) / 2 > centre - _OFF * word.size
        and not any(_is_below(other, word) for other in words)
    ]


def find_spans(words: Sequence[HeaderWord], edges: Sequence[float]) -> list[Span] | None:
    """Return the cells of a header that stand over several columns; None if that is not clear.

    ``edges`` are those of the columns, one more than there are columns.
    """
    spans = _nest(words, 0, len(edges) - 2, edges, 0) if len(words) <= _MOST_WORDS else None
    if spans is None:
        return None
    spans = _even_out(spans)
    for word in words:  # A word beyond its cell would be torn.
        place = _find_place(word.middle, edges)
        over = [s for s in spans if s.first <= place <= s.last and word.bottom < s.bottom + word.size / 2]
        first, last = min(
            ((s.first, s.last) for s in over), default=(place, place), key=lambda s: s[1] - s[0]
        )
        if word.left < edges[first] - word.size or word.right > edges[last + 1] + word.size:
            return None
    return spans


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
    centre = _find_centre(words)
    stacks: dict[int, list[HeaderWord]] = {}
    for word in words:
        stacks.setdefault(_find_place(word.middle, edges), []).append(word)
    size = max(word.size for word in words)
    low = {place for place, stack in stacks.items() if _find_centre(stack) > centre + _OFF * size}
    if not low:
        return []
    ceiling = min(word.top for place in low for word in stacks[place])
    above = [word for word in words if word.bottom <= ceiling + _OFF * size]
    spans: list[Span] = []
    covered: set[int] = set()
    for group in _stack_up(above):
        run = _find_run(group, first, last, edges, low, stacks)
        if run is None:
            continue  # It stands over one column, and this one needs nothing above it.
        if covered & set(range(run[0], run[1] + 1)):
            return None
        covered |= set(range(run[0], run[1] + 1))
        inside = [
            word for place in range(run[0], run[1] + 1) for word in stacks.get(place, ()) if word not in group
        ]
        if not inside:
            return None
        base = max(word.bottom for word in group)
        nested = _nest(inside, *run, edges, level + 1)
        if nested is None:
            return None
        spans += [Span(*run, (base + min(word.top for word in inside)) / 2, base, level), *nested]
    return spans if low <= covered else None


def _stack_up(words: Sequence[HeaderWord]) -> list[list[HeaderWord]]:
    """Put the lines of a wrapped word together: they stand in the middle of each other."""
    groups: list[list[HeaderWord]] = []
    for word in sorted(words, key=lambda word: word.top):
        for group in groups:
            above = group[-1]
            gap = word.top - above.bottom
            if abs(above.middle - word.middle) < word.size / 2 and gap < word.size / 2:
                group.append(word)
                break
        else:
            groups.append([word])
    return groups


def _find_run(
    group: Sequence[HeaderWord],
    first: int,
    last: int,
    edges: Sequence[float],
    low: set[int],
    stacks: dict[int, list[HeaderWord]],
) -> tuple[int, int] | None:
    """Return the columns in whose middle a word stands, all of which need one above them."""
    middle = (min(word.left for word in group) + max(word.right for word in group)) / 2
    best: tuple[float, tuple[int, int]] | None = None
    own = {place for place, stack in stacks.items() if any(word in group for word in stack)}

    def may_be_under(place: int) -> bool:
        return place in low or place in own or place not in stacks

    for start in range(first, last + 1):
        for end in range(start + 1, last + 1):
            if not may_be_under(end) or not may_be_under(start):
                break
            if not any(place in low for place in range(start, end + 1)):
                continue
            narrow = min(edges[start + 1] - edges[start], edges[end + 1] - edges[end])
            off = abs((edges[start] + edges[end + 1]) / 2 - middle)
            is_over = edges[start] < middle < edges[end + 1]
            if is_over and off < _MOST_OFF * narrow and (best is None or off < best[0]):
                best = (off, (start, end))
    return best[1] if best else None
