"""The parser recovers what the renderer laid out, in every layout."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inventions import invented_documents, layouts
from renderer import Layout, Numbering, render

from ingest.disclosures import parse_document
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedRow, ParsedTables, list_parsed_tables, read_parsed_tables
from ingest.templates import get_library

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
# Without their claims: the renderer lays out tables, and a narrative is not made from figures.
PARSED = [replace(read_parsed_tables(path), claims=()) for path in list_parsed_tables(PARSED_FOLDER)]
assert PARSED, f"no parsed tables in {PARSED_FOLDER}"

UGLY = Layout(
    contents="plain",
    heading="## **{}**",
    bold_totals=True,
    rows_per_page=3,
    repeats_header=True,
    lines_per_watermark=1,
    splits_table_number=True,
    splits_unit=True,
    unit_beside_name=True,
    centres_headers=True,
    trims_decimals=True,
    separates_thousands=True,
    wraps_after=1,
    strips_trailing_blanks=True,
    encoding="gb18030",
    newline="\r\n",
)


def _squeeze(parsed: ParsedTables) -> ParsedTables:
    """Leave out the white space in words: a line broken in a cell may or may not leave some."""

    def squeeze(text: str) -> str:
        return "".join(text.split())

    return replace(
        parsed,
        tables=tuple(replace(t, printed_title=squeeze(t.printed_title)) for t in parsed.tables),
        rows={
            code: tuple(row._replace(printed_label=squeeze(row.printed_label)) for row in rows)
            for code, rows in parsed.rows.items()
        },
        issues=tuple(
            replace(issue, found=squeeze(issue.found))
            for issue in parsed.issues
            if issue.reason != "missing_total"  # What is invented prints any rows, or none.
        ),
    )


def _assert_recovered(parsed: ParsedTables, layout: Layout, folder: Path) -> ParsedTables:
    rendered = render(parsed, get_library(), layout)
    found = _squeeze(parse_document(rendered.write(folder)))
    expected = _squeeze(rendered.expected)
    # Table by table first: the whole says too little about where it differs.
    assert found.issues == expected.issues
    for table, expected_table in zip(found.tables, expected.tables, strict=True):
        assert table == expected_table
        code = table.statement_code
        assert found.rows.get(code) == expected.rows.get(code)
    assert found == expected
    return found


def _values(rows: tuple[ParsedRow, ...]) -> list[dict[str, Decimal | str]]:
    return [
        {
            column: Decimal(text.replace(",", "")) if classify_cell(text) is CellKind.AMOUNT else text
            for column, text in row.cells.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize("parsed", PARSED, ids=lambda parsed: parsed.document.source_name)
@pytest.mark.parametrize("layout", [Layout(), UGLY], ids=["plain", "ugly"])
def test_every_document_is_recovered_whole(parsed: ParsedTables, layout: Layout, tmp_path: Path) -> None:
    found = _assert_recovered(parsed, layout, tmp_path)
    assert found.amount_count == parsed.amount_count
    for code, rows in parsed.rows.items():
        assert _values(found.rows[code]) == _values(rows), code


@given(number=st.integers(0, len(PARSED) - 1), places=st.sets(st.integers(0, 9), min_size=1), layout=layouts)
@settings(max_examples=80)
def test_tables_of_documents_are_recovered_in_any_layout(
    number: int, places: set[int], layout: Layout, scratch: Path
) -> None:
    parsed = PARSED[number]
    tables = [parsed.tables[place] for place in sorted(places)]
    codes = {table.statement_code for table in tables}
    rows = {code: rows for code, rows in parsed.rows.items() if code in codes}
    _assert_recovered(replace(parsed, tables=tuple(tables), rows=rows), layout, scratch)


@given(parsed=invented_documents(), layout=layouts)
@settings(max_examples=800)
def test_invented_tables_are_recovered_in_any_layout(
    parsed: ParsedTables, layout: Layout, scratch: Path
) -> None:
    _assert_recovered(parsed, layout, scratch)


@pytest.mark.parametrize("numbering", ["none", "amounts"])
def test_the_amount_1_is_not_taken_for_a_column_number(numbering: Numbering, tmp_path: Path) -> None:
    """The table of 公开09 has no labels: a lone 1 below its header looks like 栏次."""
    final = next(parsed for parsed in PARSED if "f09" in parsed.rows)
    (row,) = final.rows["f09"]
    table = next(table for table in final.tables if table.statement_code == "f09")
    parsed = replace(final, tables=(table,), rows={"f09": (row._replace(cells={"budget_total": "1"}),)})
    found = _assert_recovered(parsed, Layout(numbering=numbering), tmp_path)
    assert [row.cells for row in found.rows["f09"]] == [{"budget_total": "1"}]
