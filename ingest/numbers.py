"""What one cell of a table prints: an amount, a dash, nothing, or something else."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

# Thousands separators stand in groups of three or not at all: 1,2a4 and 12,34 are no amounts.
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DASH = re.compile(r"[-‐‑‒–—―─－]{1,4}")


class CellKind(StrEnum):
    """The four things a cell of an amount column can be; a blank is not a zero."""

    AMOUNT = "amount"
    DASH = "dash"
    BLANK = "blank"
    MALFORMED = "malformed"


def classify_cell(text: str) -> CellKind:
    """Tell what kind of cell ``text`` is, without reading its value."""
    if not text:
        return CellKind.BLANK
    if _AMOUNT.fullmatch(text) and text.isascii():
        return CellKind.AMOUNT
    if _DASH.fullmatch(text):
        return CellKind.DASH
    if _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text)):
        return CellKind.AMOUNT
    return CellKind.MALFORMED
