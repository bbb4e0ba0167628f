"""Two pages printed side by side on one sheet, as booklets are, to the two pages they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.readers.page_lines import find_printed_number
from ingest.readers.pages import Glyph, Page, Ruling

# How much of a sheet's width is white between its two pages, at least.
_GUTTER = 0.03


def split_sheets(pages: Sequence[Page]) -> list[Page]:
    """Return the pages of a document, a sheet with two of them as two with its number.

    That one sheet is such shows in the numbers of its pages, or in tables that stand side by side; the
    others of the document are then, too, where nothing stands across their middle.
    """
    halves = {page.page_no: _split(page) for page in pages if _is_white_in_the_middle(page)}
    if not any(_are_two_pages(*two) for two in halves.values()):
        return list(pages)
    return [half for page in pages for half in halves.get(page.page_no, (page,))]


def _is_white_in_the_middle(page: Page) -> bool:
    """Tell whether nothing stands across the middle of a page, and something to its left."""
    inset = page.width * _GUTTER / 2
    left, right = page.width / 2 - inset, page.width / 2 + inset

    def crosses(spans: Iterable[tuple[float, float]]) -> bool:
        return any(start < right and end > left for start, end in spans)

    return (
        page.width > page.height
        and any(glyph.right < left for glyph in page.glyphs)
        and not crosses((glyph.left, glyph.right) for glyph in page.glyphs)
        and not crosses((ruling.start, ruling.end) for ruling in page.horizontal)
        and not crosses((ruling.at, ruling.at) for ruling in page.vertical)
    )


def _split(page: Page) -> tuple[Page, Page]:
    middle = page.width / 2

    def take(is_left: bool) -> Page:
        move = 0.0 if is_left else middle

        def take_glyphs(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
            return tuple(
                glyph._replace(left=glyph.left - move, right=glyph.right - move)
                for glyph in glyphs
                if (glyph.middle < middle) is is_left
            )

        return replace(
            page,
            width=middle,
            glyphs=take_glyphs(page.glyphs),
            images=take_glyphs(page.images),
            horizontal=tuple(
                Ruling(line.at, line.start - move, line.end - move)
                for line in page.horizontal
                if (line.start < middle) is is_left
            ),
            vertical=tuple(
                line._replace(at=line.at - move) for line in page.vertical if (line.at < middle) is is_left
            ),
        )

    return take(True), take(False)


def _are_two_pages(left: Page, right: Page) -> bool:
    first, second = find_printed_number(left), find_printed_number(right)
    if first is not None and second is not None:
        return second == first + 1
    return _has_table(left) and _has_table(right) and _overlap(left, right)


def _has_table(page: Page) -> bool:
    return len(page.horizontal) > 2 and len(page.vertical) > 2


def _overlap(left: Page, right: Page) -> bool:
    """Tell whether the rulings of two pages stand beside each other, and not at the same heights."""
    heights = [{round(line.at / 2) for line in page.horizontal} for page in (left, right)]
    shared = len(heights[0] & heights[1])
    is_beside = max(min(h) for h in heights) < min(max(h) for h in heights)
    return is_beside and 2 * shared < min(map(len, heights))
