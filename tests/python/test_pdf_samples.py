"""The real PDFs of other places, where they are at hand: every table as reviewed, no amount lost on the way."""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.batches import parse_documents
from ingest.disclosures import parse_text
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedTables
from ingest.readers.files import read_document
from ingest.readers.texts import Document
from ingest.tables import fit_template
from ingest.templates import get_library
from yusuan.builds import build_warehouse
from yusuan.places import Home

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("YUSUAN_PDF_SAMPLES", ROOT.parent / "shared" / "pdf-samples"))
DATA = ROOT / "tests" / "data"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"the PDFs are not at {FOLDER}; they are no part of the project (YUSUAN_PDF_SAMPLES)",
)


def _read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAMES = sorted({row["source_name"] for row in _read_csv("pdf_samples_tables.csv")})


@cache
def _read(name: str) -> tuple[Document, ParsedTables]:
    document = read_document(FOLDER / name)
    return document, parse_text(document, get_library())


def list_tables(name: str, parsed: ParsedTables) -> Iterator[dict[str, str]]:
    """Yield what the fixture says of each table: its state, its rows and figures, a checksum of them."""
    for table in parsed.tables:
        rows = parsed.rows.get(table.statement_code, ())
        cells = [
            f"{row.block}|{row.row_code or row.printed_label}|{column}|{text}|{row.unit_of_measure}|{row.page_no}"
            for row in rows
            for column, text in row.cells.items()
        ]
        yield {
            "source_name": name,
            "statement_code": table.statement_code,
            "template": table.template or "",
            "state": table.state,
            "row_count": str(len(rows)),
            "cell_count": str(len(cells)),
            "checksum": hashlib.sha256("\n".join(cells).encode()).hexdigest()[:12],
        }


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_read_as_reviewed(name: str) -> None:
    _, parsed = _read(name)
    expected = [row for row in _read_csv("pdf_samples_tables.csv") if row["source_name"] == name]
    assert list(list_tables(name, parsed)) == expected
    assert not parsed.set_aside


@pytest.mark.parametrize("name", NAMES)
def test_cells_that_a_person_looked_up_on_the_page_are_read(name: str) -> None:
    _, parsed = _read(name)
    for looked_up in (row for row in _read_csv("pdf_samples_cells.csv") if row["source_name"] == name):
        found = [
            row.cells.get(looked_up["column_code"])
            for row in parsed.rows[looked_up["statement_code"]]
            if row.block == looked_up["block"]
            and looked_up["row"] in (row.row_code, row.printed_label)
            and str(row.page_no) == looked_up["page_no"]
        ]
        assert found[:1] == [looked_up["printed"]], looked_up


@pytest.mark.parametrize("name", NAMES)
def test_every_amount_inside_a_table_is_one_cell(name: str) -> None:
    """Below its header a row holds codes, labels and amounts: each amount is one cell, no cell is anything else."""
    document, parsed = _read(name)
    templates = {template.template: template for template in get_library().templates}
    for table in parsed.tables:
        template = templates[str(table.template)]
        if template.open_columns:  # What it reads of this table, its header says.
            printed_rows = [
                line
                for line in document.lines[table.title_line_no - 1 : table.last_line_no]
                if line.table_no is not None and not line.is_blank
            ]
            grid = fit_template(template, printed_rows, document)
            assert grid is not None
            template = grid.template
        amounts = {place for block in template.blocks for place in block.amount_places}
        rows = parsed.rows.get(table.statement_code, ())
        first = min((row.line_no for row in rows), default=table.last_line_no)
        printed = Counter(
            (line.line_no, cell)
            for line in document.lines[first - 1 : table.last_line_no]
            if line.table_no is not None
            for place, cell in enumerate(line.cells)
            if place in amounts and classify_cell(cell) is CellKind.AMOUNT
        )
        cells = Counter((row.line_no, text) for row in rows for text in row.cells.values())
        assert cells == printed, table.statement_code


def test_every_performance_form_of_the_university_is_read() -> None:
    """Its own sums vouch for it: each total is that of its sources, and the weights make the 90 of the header."""
    _, parsed = _read("southwest-university-2024-budget.pdf")
    assert [form.state for form in parsed.forms] == ["read"] * 26
    assert {form.unit_of_money for form in parsed.forms} == {"万元"}
    assert not [issue for issue in parsed.issues if issue.reason not in ("unattributed_claim",)]
    for form in parsed.forms:
        money = {row.row_code: _read_number(row.cells.get("amount", "0")) for row in form.rows}
        assert money.pop("total") == sum(money.values()), form.printed_project_name
        assert sum(_read_number(each.cells["weight"]) for each in form.indicators) == 90


def _read_number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


# What a narrative states, figures and words against the plan, as counted on the pages, and those of them that nothing names: the form's own
# open choice (下降（增长）27.78%), parts of a list that are projects, what a sentence says of other bodies.
NARRATIVES = {
    "jiangsu-procuratorate-2018-budget.pdf": (108, {559: 2, 542: 1, 661: 1}),
    "shanghai-putuo-finance-2025-budget.pdf": (68, {}),
    "shanghai-putuo-planning-2024-final.pdf": (155, {443: 1}),
    "shanghai-putuo-wanli-2024-budget.pdf": (191, {}),
    "southwest-university-2024-budget.pdf": (35, {}),
}


@pytest.mark.parametrize("name", NARRATIVES)
def test_narratives_of_other_places_are_attributed(name: str) -> None:
    _, parsed = _read(name)
    count, unattributed = NARRATIVES[name]
    assert len(parsed.claims) == count
    found = Counter(claim.line_no for claim in parsed.claims if claim.item == "unattributed")
    assert found == unattributed


# Errors of the publishers, each read on its page: what is not among them is a false alarm, what is missing was missed.
BROKEN = {
    ("jiangsu-procuratorate-2018-budget.pdf", 513, "n.change.b01"),
    ("jiangsu-procuratorate-2018-budget.pdf", 580, "n.share.b17"),
    ("jiangsu-procuratorate-2018-budget.pdf", 593, "n.change.b17"),
    ("jiangsu-procuratorate-2018-budget.pdf", 596, "n.change.b17"),
    ("shanghai-putuo-finance-2025-budget.pdf", 87, "n.funds"),
    ("shanghai-putuo-planning-2024-final.pdf", 423, "n.f05"),
    ("shanghai-putuo-planning-2024-final.pdf", 424, "n.f06"),
    ("shanghai-putuo-wanli-2024-budget.pdf", 147, "n.funds"),
    ("shanghai-putuo-wanli-2024-budget.pdf", 147, "n.growth.funds"),
}


@pytest.mark.slow
def test_a_warehouse_of_other_publishers_alone_is_published(tmp_path: Path) -> None:
    """Nothing that blocks may know the project's own documents only; what is broken is what the paper has wrong."""
    result = parse_documents(sorted(FOLDER.glob("*.pdf")), tmp_path / "parsed")
    assert result.set_aside_count == 0
    sources = {one.document.document_id: one.path.name for one in result.outcomes if one.document}
    outcome = build_warehouse(Home(tmp_path / "warehouse"), tmp_path / "parsed")
    assert outcome.problems == []
    assert outcome.is_published
    broken = {(sources[one.document_id], one.line_no, one.identity_id) for one in outcome.unexplained}
    assert broken == BROKEN
