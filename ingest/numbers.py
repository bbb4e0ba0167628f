"""What one cell of a table prints: an amount, a dash, nothing, or something else."""

from __future__ import annotations

import re
from enum import StrEnum

# Thousands separators stand in groups of three or not at all: 1,2a4 and 12,34 are no amounts.
_AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
# Full-width digits only: NFKC would also make a figure of a footnote mark, and 15072 of 1507².
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")
_DASH = re.compile(r"[-‐‑‒–—―─－]{1,4}")
_HEADER_WORD = re.compile(r"\[[^\[\]\d]{1,20}\]")


class CellKind(StrEnum):
    """The things a cell of an amount column can be; a blank is not a zero."""

    AMOUNT = "amount"
    DASH = "dash"
    BLANK = "blank"
    # A word of the header, in brackets: it stands in the row where an amount would, so there is room for none.
    HEADER_WORD = "header_word"
    MALFORMED = "malformed"


def is_amount(text: str) -> bool:
    """Tell whether ``text`` is an amount, as most that is asked for is."""
    return _AMOUNT.fullmatch(text if text.isascii() else text.translate(_FULL_WIDTH)) is not None


def classify_cell(text: str) -> CellKind:
    """Tell what kind of cell ``text`` is, without reading its value."""
    if not text:
        return CellKind.BLANK
    if is_amount(text):
        return CellKind.AMOUNT
    if _DASH.fullmatch(text):
        return CellKind.DASH
    return CellKind.HEADER_WORD if _HEADER_WORD.fullmatch(text) else CellKind.MALFORMED
