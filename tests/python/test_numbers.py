"""What a cell prints, by example."""

from __future__ import annotations

import pytest

from ingest.numbers import CellKind, classify_cell

# Cells of one kind, separated by spaces.
CELLS = {
    CellKind.AMOUNT: "0 0.00 007 1507 629.8 1507.00 1,507.00 12,345,678.9 -3.50 -1,000 １５０７．００ １，５０７ －３.５０",
    CellKind.DASH: "- -- — —— – ― － ----",
    CellKind.MALFORMED: (
        "1,2a4 12,34 1,5070 ,507 1,507, 1. .5 . 1.2.3 +5 5% (5.00) 1507² ① ½ ٣ 五 1e3 NaN 万元 −5 --5 5- ----- －－－－－"
    ),
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((kind, text) for kind, texts in CELLS.items() for text in texts.split()),
        (CellKind.BLANK, ""),
        (CellKind.MALFORMED, "1 507"),
    ],
)
def test_a_cell_is_classified(kind: CellKind, text: str) -> None:
    assert classify_cell(text) is kind
