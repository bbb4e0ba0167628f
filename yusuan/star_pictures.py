"""The star as a picture, drawn from the keys that the models declare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from yusuan.stars import Edge, find_edges

WIDTH = 1040
BOX_WIDTH, BOX_HEIGHT = 260, 76
GAP = 16
CENTRE_WIDTH = 380
HEAD = 62
ROW_HEIGHT = 28
FACT = "fct_amounts"


@dataclass(frozen=True)
class Box:
    """A dimension's box: its name, its Chinese term, the column that leads to it."""

    edge: Edge
    term: str
    top: float


def draw_star(terms: dict[str, str], fact: str = FACT) -> Markup:
    """Draw a fact with a line from each of its keys to the dimension it leads to.

    ``terms``: the Chinese term of each mart.
    """
    edges = [edge for edge in find_edges() if edge.mart == fact]
    edges.sort(key=lambda edge: edge.column)
    half = (len(edges) + 1) // 2
    centre_height = HEAD + half * ROW_HEIGHT + 10
    height = max(half * (BOX_HEIGHT + GAP), centre_height) + 4
    centre_top = (height - centre_height) / 2
    parts = [
        f'<svg class="star" viewBox="0 0 {WIDTH} {height:.0f}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(fact)}</title>"
    ]
    for number, edge in enumerate(edges):
        is_left = number < half
        row = number if is_left else number - half
        count = half if is_left else len(edges) - half
        top = (height - count * (BOX_HEIGHT + GAP) + GAP) / 2 + row * (BOX_HEIGHT + GAP)
        key_y = centre_top + HEAD + row * ROW_HEIGHT + ROW_HEIGHT / 2
        parts.append(_draw_line(is_left, top + BOX_HEIGHT / 2, key_y))
        parts.append(_draw_dimension(Box(edge, terms.get(edge.dimension, ""), top), is_left))
    parts.append(_draw_fact(fact, terms.get(fact, ""), edges, centre_top, centre_height))
    return Markup("".join(parts) + "</svg>")


def _draw_line(is_left: bool, box_y: float, key_y: float) -> str:
    start = BOX_WIDTH if is_left else WIDTH - BOX_WIDTH
    end = (WIDTH - CENTRE_WIDTH) / 2 if is_left else (WIDTH + CENTRE_WIDTH) / 2
    middle = (start + end) / 2
    return (
        f'<path d="M{start} {box_y:.1f} C{middle} {box_y:.1f} {middle} {key_y:.1f} {end} {key_y:.1f}" '
        'fill="none" stroke="#8796a5" stroke-width="1.6"/>'
    )


def _draw_dimension(box: Box, is_left: bool) -> str:
    left = 0 if is_left else WIDTH - BOX_WIDTH
    year = " + fiscal_year" if box.edge.by_year else ""
    return (
        f'<a href="dictionary.html#marts.{escape(box.edge.dimension)}">'
        f'<rect x="{left + 1}" y="{box.top:.1f}" width="{BOX_WIDTH - 2}" height="{BOX_HEIGHT}" rx="5" '
        'fill="#f3f6f9" stroke="#1f4e79"/>'
        f'<text x="{left + 12}" y="{box.top + 23:.1f}" class="name">{escape(box.edge.dimension)}</text>'
        f'<text x="{left + 12}" y="{box.top + 44:.1f}" class="term">{escape(box.term)}</text>'
        f'<text x="{left + 12}" y="{box.top + 65:.1f}" class="key">{escape(box.edge.key)}{year}</text></a>'
    )


def _draw_fact(fact: str, term: str, edges: Sequence[Edge], top: float, height: float) -> str:
    left = (WIDTH - CENTRE_WIDTH) / 2
    parts = [
        f'<a href="dictionary.html#marts.{escape(fact)}"><rect x="{left}" y="{top:.1f}" width="{CENTRE_WIDTH}" '
        f'height="{height}" rx="5" fill="#fff" stroke="#1f4e79" stroke-width="2"/>'
        f'<rect x="{left}" y="{top:.1f}" width="{CENTRE_WIDTH}" height="54" rx="5" fill="#1f4e79"/>'
        f'<text x="{WIDTH / 2}" y="{top + 23:.1f}" class="name light" text-anchor="middle">{escape(fact)}</text>'
        f'<text x="{WIDTH / 2}" y="{top + 44:.1f}" class="term light" text-anchor="middle">{escape(term)}</text></a>'
    ]
    half = (len(edges) + 1) // 2
    for number, edge in enumerate(edges):
        row = number if number < half else number - half
        y = top + HEAD + row * ROW_HEIGHT + ROW_HEIGHT / 2 + 5
        anchor, x = ("start", left + 12) if number < half else ("end", left + CENTRE_WIDTH - 12)
        parts.append(
            f'<text x="{x}" y="{y:.1f}" class="name" text-anchor="{anchor}">{escape(edge.column)}</text>'
        )
    return "".join(parts)
