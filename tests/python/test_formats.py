"""The same document in every format: the same tables, rows and cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from formats import FORMATS, Converted, make_html, make_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from inventions import invented_documents, layouts
from renderer import Layout, Rendered, render

from ingest.disclosures import parse_text
from ingest.issues import RefusedDocument
from ingest.parsed_tables import ParsedTables, list_parsed_tables, read_parsed_tables
from ingest.readers.files import read_content
from ingest.templates import get_library

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
PARSED = [read_parsed_tables(path) for path in list_parsed_tables(PARSED_FOLDER)]
UGLY = Layout(
    contents="plain",
    rows_per_page=3,
    repeats_header=True,
    lines_per_watermark=7,
    splits_table_number=True,
    splits_unit=True,
    unit_beside_name=True,
    trims_decimals=True,
    separates_thousands=True,
    wraps_after=1,
)


def _strip(parsed: ParsedTables) -> ParsedTables:
    """Leave out what the narrative says (its tests are its own), and that invented tables lack totals."""
    issues = tuple(issue for issue in parsed.issues if issue.reason != "missing_total")
    return replace(parsed, claims=(), issues=issues)


def assert_recovered(rendered: Rendered, converted: Converted) -> ParsedTables:
    found = parse_text(read_content(converted.name, converted.content), get_library())
    expected = converted.expect(rendered, found)
    stripped = _strip(found)
    assert not stripped.issues
    for table, other in zip(stripped.tables, expected.tables, strict=True):
        code = table.statement_code
        assert stripped.rows.get(code) == expected.rows.get(code)
        assert table == other
    assert stripped == _strip(expected)
    return found


@pytest.mark.parametrize("layout", [Layout(), UGLY], ids=["plain", "ugly"])
@pytest.mark.parametrize("parsed", PARSED, ids=lambda parsed: parsed.document.source_name)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_document_is_recovered_from_every_format(
    kind: str, parsed: ParsedTables, layout: Layout
) -> None:
    rendered = render(parsed, get_library(), layout)
    found = assert_recovered(rendered, FORMATS[kind](rendered.lines))
    assert found.amount_count == parsed.amount_count


@pytest.mark.parametrize("parsed", PARSED[:2], ids=lambda parsed: parsed.document.source_name)
def test_merged_columns_and_margins_are_no_columns(parsed: ParsedTables) -> None:
    rendered = render(parsed, get_library())
    assert_recovered(rendered, make_xlsx(rendered.lines, columns_per_cell=3, margin=2))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_web_page_may_be_in_either_encoding(encoding: str) -> None:
    rendered = render(PARSED[0], get_library())
    found = assert_recovered(rendered, make_html(rendered.lines, encoding))
    assert found.document.encoding == encoding.removesuffix("-sig")


@given(
    parsed=invented_documents(),
    layout=layouts,
    kind=st.sampled_from(sorted(FORMATS)),
)
@settings(max_examples=120)
def test_invented_tables_are_recovered_from_every_format(
    parsed: ParsedTables, layout: Layout, kind: str
) -> None:
    layout = replace(layout, strips_trailing_blanks=False, encoding="utf-8")
    rendered = render(parsed, get_library(), layout)
    assert_recovered(rendered, FORMATS[kind](rendered.lines))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_that_nobody_knows_costs_no_other(kind: str) -> None:
    rendered = render(PARSED[0], get_library())
    lines = list(rendered.lines)
    after = rendered.expected.tables[2].last_line_no
    strange = [
        "",
        "2024年虚构收入明细表",
        "单位：万元",
        "星系\t行星\t光年",
        "银河\t1,234.56\t2.00",
        "注：虚构",
        "",
    ]
    lines[after:after] = strange
    converted = FORMATS[kind](lines)
    found = parse_text(read_content(converted.name, converted.content), get_library())
    (issue,) = found.issues
    assert (issue.reason, issue.line_no) == ("unknown_table", converted.line_numbers[after + 4])
    assert "2024年虚构收入明细表" in issue.found
    assert "星系" in issue.found
    assert {code: [row.cells for row in rows] for code, rows in found.rows.items()} == {
        code: [row.cells for row in rows] for code, rows in rendered.expected.rows.items()
    }


def test_a_document_of_unknown_tables_says_how_to_go_on() -> None:
    text = "虚构局\n2026年度单位预算公开\n2026年虚构收入明细表\n星系\t行星\n银河\t1.00\n"
    with pytest.raises(RefusedDocument, match=r"yusuan template page\.txt"):
        parse_text(read_content("page.txt", text.encode()), get_library())
