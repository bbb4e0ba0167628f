"""The identities notice a changed figure: a sample of benchmarks/mutation_proof.py, which changes all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.mutation_proof import MUST_BE_NOTICED, Figure, list_mutations, measure, read_figures
from yusuan.places import DATABASE_NAME, parsed_folder


def _figure(column: str, amount: str, unit: str = "万元") -> Figure:
    return Figure("document", "b03", 10, 1, column, amount, unit)


def test_each_kind_of_change_is_a_change_in_print() -> None:
    figures = [_figure("total", "1,507.00"), _figure("basic", "0.05"), _figure("project", "0.05")]
    changes = {
        (mutation.kind, mutation.figure.column_code): [text for _, text in mutation.changes]
        for mutation in list_mutations(figures, sample=1)
    }
    assert changes[("+1.00 万元", "total")] == ["1508.00"]
    assert changes[("+10 %", "total")] == ["1657.70"]
    assert changes[("last digit", "total")] == ["1507.01"]
    assert changes[("swap", "total")] == ["0.05", "1,507.00"]
    # A tenth of five hundredths is not printed, and equal neighbours swap to the same page.
    assert ("+10 %", "basic") not in changes
    assert ("swap", "basic") not in changes


def test_a_change_is_measured_in_the_unit_of_its_table() -> None:
    (change, *_) = list_mutations([_figure("total", "15070000.00", "元")], sample=1)
    assert Decimal(change.changes[0][1]) == Decimal("15080000.00")


@pytest.mark.slow
def test_changed_figures_are_noticed(tmp_path: Path) -> None:
    made, missed, called_unusual = measure(
        parsed_folder(), sample=40, work=tmp_path, console=Console(quiet=True)
    )
    unnoticed = [mutation for mutation in missed if mutation.kind in MUST_BE_NOTICED]
    assert sum(count for (kind, _), count in made.items() if kind in MUST_BE_NOTICED) >= 70
    assert unnoticed == []
    # The proof must be able to say no, of every document: most last digits are within rounding.
    documents = {figure.document_id for figure in read_figures(tmp_path / "base" / DATABASE_NAME)}
    assert {mutation.figure.document_id for mutation in missed if mutation.kind == "last digit"} == documents
    # Hardly one is missed altogether: a figure that is printed elsewhere, too, is called unusual.
    assert {mutation.kind for mutation in called_unusual} <= {"last digit", "swap"}
    assert len(called_unusual) > 0.8 * sum(count for (kind, _), count in made.items() if kind == "last digit")
