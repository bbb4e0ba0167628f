"""Charts as inline SVG: bars whose lengths are the figures, for pages that must work alone and on paper.

By hand, because bars are all that is needed, and a chart library would bring a megabyte of script that
draws nothing on paper. Colours are of Okabe and Ito's palette, which colour-blind people can tell apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from yusuan.labels import Words

BLUE, ORANGE, GREEN, SKY, GREY = "#0072b2", "#e69f00", "#009e73", "#56b4e9", "#8c8c8c"
COLORS = (BLUE, ORANGE, GREEN, "#cc79a7", SKY, "#d55e00", "#f0e442", GREY)

WIDTH = 760
LABEL_WIDTH = 250
VALUE_WIDTH = 110
ROW_HEIGHT = 26
BAR_HEIGHT = 16
FONT_SIZE = 13


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its label, and a value for each series (None: nothing is printed).

    A label that is printed is a text; one that we say is words in Chinese and in English.
    """

    label: str | Words
    values: tuple[Decimal | None, ...]
    shown: str


def draw_bars(bars: Sequence[Bar], colors: Sequence[str] = COLORS) -> Markup:
    """Draw a horizontal bar for each row, its series one after another; a negative part is left out.

    Every bar begins at zero, and the longest takes the whole width.
    """
    totals = [sum((value for value in bar.values if value and value > 0), Decimal(0)) for bar in bars]
    longest = max(totals, default=Decimal(0))
    height = ROW_HEIGHT * len(bars) + 4
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg">'
    ]
    for number, (bar, total) in enumerate(zip(bars, totals, strict=True)):
        parts.append(_draw_row(bar, total, longest, number * ROW_HEIGHT, colors))
    parts.append(
        f'<line x1="{LABEL_WIDTH}" y1="0" x2="{LABEL_WIDTH}" y2="{height}" stroke="#444" stroke-width="1"/></svg>'
    )
    return Markup("".join(parts))


def _draw_row(bar: Bar, total: Decimal, longest: Decimal, top: int, colors: Sequence[str]) -> str:
    middle = top + ROW_HEIGHT // 2 + FONT_SIZE // 3
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    texts = (
        [("", bar.label)] if isinstance(bar.label, str) else list(zip(("zh", "en"), bar.label, strict=True))
    )
    title = " · ".join(label for _, label in texts)
    parts = [f"<g><title>{escape(title)} {escape(bar.shown)}</title>"] + [
        f'<text x="{LABEL_WIDTH - 8}" y="{middle}" text-anchor="end" class="{language}">'
        f"{escape(shorten(label))}</text>"
        for language, label in texts
    ]
    left = Decimal(LABEL_WIDTH)
    for value, color in zip(bar.values, colors, strict=False):
        if not value or value < 0 or not longest:
            continue
        width = room * value / longest
        parts.append(
            f'<rect x="{left:.2f}" y="{top + (ROW_HEIGHT - BAR_HEIGHT) // 2}" width="{width:.2f}" '
            f'height="{BAR_HEIGHT}" fill="{color}"/>'
        )
        left += width
    parts.append(f'<text x="{left + 6:.2f}" y="{middle}" class="value">{escape(bar.shown)}</text></g>')
    return "".join(parts)


def shorten(label: str, width: int = LABEL_WIDTH - 16) -> str:
    """Cut a label that is too long for its place, and show that it was cut."""
    used, kept = 0, ""
    for char in label:
        used += FONT_SIZE if unicodedata.east_asian_width(char) in "WFA" else FONT_SIZE * 6 // 10
        if used > width:
            return kept[:-1] + "…"
        kept += char
    return kept
