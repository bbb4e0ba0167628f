"""Whole disclosures of the national set and of Jiangsu: read to the last figure, judged without a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from printed_tables import FORMATS, Printed, list_read, make_text
from whole_disclosures import BUDGET_COVER, FINAL_COVER, JIANGSU_BUDGET, JIANGSU_FINAL, NATIONAL_FINAL

from ingest.disclosures import parse_document
from ingest.indexes import write_parsed_tables
from yusuan.builds import check_parsed_tables
from yusuan.places import DATABASE_NAME

DISCLOSURES: dict[str, tuple[tuple[str, ...], tuple[Printed, ...]]] = {
    "national-final": (FINAL_COVER, NATIONAL_FINAL),
    "jiangsu-final": (FINAL_COVER, JIANGSU_FINAL),
    "jiangsu-budget": (BUDGET_COVER, JIANGSU_BUDGET),
}
MAKERS = {"txt": make_text, **FORMATS}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("name", DISCLOSURES)
def test_every_figure_is_read_as_what_it_is(name: str, kind: str, tmp_path: Path) -> None:
    cover, tables = DISCLOSURES[name]
    path = tmp_path / f"{name}.{kind}"
    path.write_bytes(MAKERS[kind](cover, tables))
    parsed = parse_document(path)
    assert list_read(parsed) == sum((table.list_cells() for table in tables), Counter())
    assert [table.statement_code for table in parsed.tables] == [table.statement for table in tables]
    assert not parsed.issues


def _list_contents(tables: Sequence[Printed]) -> tuple[str, ...]:
    return ("目 录", *(f"{number}、{table.title} ……{number}" for number, table in enumerate(tables, start=1)))


def test_every_verdict_is_sound_and_no_table_is_missing(tmp_path: Path) -> None:
    """A document with contents owes what they name; one without owes what all layouts of its tables print."""
    disclosures = dict(DISCLOSURES)
    # One whose contents promise a table that does not stand there, and whose summary of projects is wrong.
    lost = tuple(table for table in JIANGSU_BUDGET if table.statement != "b19")
    disclosures["lost"] = (("虚构市另一局2024年度部门预算", *_list_contents(JIANGSU_BUDGET)), lost)
    parsed = []
    for name, (cover, tables) in disclosures.items():
        path = tmp_path / f"{name}.txt"
        path.write_bytes(make_text(cover, tables))
        parsed.append(parse_document(path))
    write_parsed_tables(tmp_path / "parsed", parsed)
    _, outcome = check_parsed_tables(tmp_path / "parsed", tmp_path, lambda *progress: None)
    assert outcome.is_success, [failure.message for failure in outcome.errors]
    with duckdb.connect(tmp_path / DATABASE_NAME, read_only=True) as connection:
        broken = connection.sql("""
            select source_name, identity_id, instance, verdict from marts.fct_identity_checks
            inner join marts.dim_documents using (document_id)
            where verdict not in ('exact', 'not_assessable')
        """).fetchall()
        assert not broken
        scorecards = connection.sql("""
            select source_name, missing_tables, set_aside_table_count, judged_count > 200
            from marts.rpt_document_scorecard inner join marts.dim_documents using (document_id)
            order by source_name
        """).fetchall()
        unjudged = connection.sql("""
            select distinct figures.statement_code from intermediate.int_figures_dimensioned as figures
            anti join marts.fct_identity_operands
                using (document_id, statement_code, line_no, block_no, column_code)
        """).fetchall()
    assert scorecards == [
        ("jiangsu-budget.txt", None, 0, True),
        ("jiangsu-final.txt", None, 0, True),
        ("lost.txt", "b19", 0, True),
        ("national-final.txt", None, 0, True),
    ]
    # What was counted has nothing beside it but the narrative.
    assert unjudged == [("f17",)]


@pytest.mark.parametrize("kind", MAKERS)
def test_what_was_counted_may_stand_within_the_frame_of_the_table_above(kind: str, tmp_path: Path) -> None:
    """相关统计数 is then a row over all columns, and its pairs stand over several of them each."""
    (counted,) = (table for table in JIANGSU_FINAL if table.statement == "f17")
    (above,) = (table for table in JIANGSU_FINAL if table.statement == "f09")

    def widen(row: tuple[str, ...]) -> tuple[str, ...]:
        widths = (5, 4, 5, 4)
        return tuple(
            cell for text, width in zip(row, widths, strict=True) for cell in (text, *"<" * (width - 1))
        )

    title = (counted.title, *"<" * (len(above.columns) - 1))
    rows = (*above.rows, title, *map(widen, (*counted.header, *counted.rows)))
    path = tmp_path / f"framed.{kind}"
    path.write_bytes(MAKERS[kind](FINAL_COVER, [replace(above, rows=rows)]))
    parsed = parse_document(path)
    assert list_read(parsed) == above.list_cells() + counted.list_cells()
    assert not parsed.issues
