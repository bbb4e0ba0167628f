"""The report on a unit and year: complete, alone, traceable, fit to print."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from yusuan import labels
from yusuan.cli import app
from yusuan.reports import Money, make_report
from yusuan.selections import NothingSelected, find_unit, open_published
from yusuan.svg_charts import Bar, draw_bars, shorten

Spoil = Callable[..., Path]


@pytest.fixture
def warehouse(built_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(built_database) as connection:
        yield connection


def find_requests(page: str) -> list[str]:
    """Return every address that a page would fetch something from."""
    tree = LexborHTMLParser(page)
    found = [
        value
        for node in tree.css("[src], link[href], object[data], use[href], image[href]")
        for name, value in node.attributes.items()
        if name in ("src", "href", "data") and value and not value.startswith(("data:", "#"))
    ]
    return found + re.findall(r"(?:url\(|@import)\s*['\"]?(?!data:|#)([^'\")]+)", page)


def test_bars_are_as_long_as_their_figures() -> None:
    svg = draw_bars([Bar("甲", (Decimal(300), Decimal(100)), "400"), Bar("乙", (Decimal(100), None), "100")])
    widths = [Decimal(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert widths[0] == 3 * widths[1]
    assert widths[1] == widths[2]


def test_a_chart_takes_labels_as_text() -> None:
    svg = draw_bars([Bar("<script>", (Decimal(1),), "1")])
    assert "<script>" not in svg
    assert draw_bars([]).startswith("<svg")
    assert shorten("十五五应急管理体系和本质安全能力规划编制费").endswith("…")


def test_money_is_shown_without_loss() -> None:
    assert Money(True).show(Decimal("40240500.00")) == "4,024.05"
    assert Money(False).show(Decimal("40240512.34")) == "40,240,512.34"
    assert Money(True).show(None) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "year", "figures"),
    [
        ("高平", 2026, ("4,024.05", "2,335.28", "1,688.77", "38.50", "232.23")),
        ("高平", 2024, ("5,296.11", "2,328.73", "2,967.38", "17.63", "165.90")),
        ("岚县", 2026, ()),
        ("大同", 2025, ()),
        ("阳城", 2024, ("4,510.52", "1,507.00", "3,003.53")),
    ],
)
def test_a_report_shows_the_printed_figures_and_where_they_stand(
    warehouse: duckdb.DuckDBPyConnection, unit: str, year: int, figures: tuple[str, ...]
) -> None:
    page = make_report(warehouse, find_unit(warehouse, unit), year)
    tree = LexborHTMLParser(page)
    shown = [node.text() for node in tree.css(".card b")]
    assert set(figures) <= set(shown)
    assert find_requests(page) == []
    places = [
        node.attributes["title"] for node in tree.css("[title]") if ":" in (node.attributes["title"] or "")
    ]
    assert places
    lines = {
        f"{document}:{line}"
        for document, line in warehouse.execute(
            """
            select document_id, line_no from marts.fct_amounts
            union select document_id, line_no from marts.fct_project_targets
            union select document_id, line_no from marts.fct_project_evaluations
            """
        ).fetchall()
    }
    assert set(places) <= lines
    assert len(tree.css("svg.chart")) >= 4


@pytest.mark.slow
def test_a_report_shows_disagreements_with_both_sides(spoil: Spoil) -> None:
    broken = spoil(
        """
        update marts.fct_identity_checks
        set verdict = 'broken', reason = 'beyond_bound', difference_yuan = 1000
        where identity_id = 'b03.row' and unit_id = '140581-020'
        """
    )
    with open_published(broken) as connection:
        page = make_report(connection, find_unit(connection, "高平"), 2026)
    finding = LexborHTMLParser(page).css(".finding")[0].text()
    assert "差额超出尾差界限" in finding
    assert "197: 合计" in finding


@pytest.mark.slow
def test_a_report_tells_of_targets_and_of_projects_without_them(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    page = LexborHTMLParser(make_report(warehouse, find_unit(warehouse, "岚县"), 2026))
    section = find_section(page, "项目支出绩效目标：18 张目标表")
    # Forms are in yuan, with 37,920.00 among them: in 万元 with two decimals that would be cut.
    assert [
        "2026年应急局见习生人员补助资金",
        "37,920.00",
        "37,920.00",
        "37,900.00",
        "4",
        "3",
        "1",
    ] in section.rows
    assert "有 3 个当年项目未见绩效目标表" in section.text
    assert "2025年经费 25,800.00" in section.text
    assert "2026年消防协管员工资" not in section.text.split("未见绩效目标表")[1].split("。")[0]


@pytest.mark.slow
def test_a_report_tells_of_evaluations_with_what_could_not_be_read(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    page = LexborHTMLParser(make_report(warehouse, find_unit(warehouse, "高平"), 2024))
    section = find_section(page, "项目支出绩效自评：23 张自评表")
    assert [
        *("防汛业务经费", "良", "已读取read", "1,000,000.00", "9,980.00", "1.00%", "0.10", "80.00", "80.10")
    ] in section.rows
    assert "有 4 张自评表空白或受损" in section.text


@dataclass(frozen=True)
class ReportSection:
    text: str
    rows: list[list[str]]


def find_section(page: LexborHTMLParser, title: str) -> ReportSection:
    """Return a section of a report and its rows without the place at the end of each."""
    section = next(node for node in page.css("section") if title in node.css("h3")[0].text())
    rows = [[cell.text(strip=True) for cell in row.css("td")[:-1]] for row in section.css("tbody tr")]
    return ReportSection(section.text(), rows)


@pytest.mark.slow
def test_text_of_a_document_is_never_markup(spoil: Spoil) -> None:
    evil = spoil(
        "update marts.dim_projects set project_name = '<img src=x onerror=alert(1)>'",
        "update marts.fct_amounts set printed_label = '<script>alert(1)</script>'",
    )
    with open_published(evil) as connection:
        page = make_report(connection, find_unit(connection, "高平"), 2026)
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.slow
def test_a_year_without_disclosure_is_said(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NothingSelected, match="没有 1999 年的公开文件，有：2024、2026 年"):
        make_report(warehouse, find_unit(warehouse, "高平"), 1999)


@pytest.mark.slow
def test_every_code_has_words(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A code that a page would show bare stands in the warehouse without words in labels.py."""
    for words, query in (
        (labels.VERDICTS, "select verdict from marts.fct_identity_checks"),
        (labels.REASONS, "select reason from marts.fct_identity_checks"),
        (labels.FAMILIES, "select family from marts.dim_identities"),
        (labels.KINDS, "select kind from marts.dim_identities"),
        (labels.CONDITIONS, "select condition from seeds.identities"),
        (labels.STATES, "select state from raw.tables"),
        (labels.PHASES, "select phase from marts.fct_amounts"),
        (labels.EXPENDITURE_KINDS, "select expenditure_kind from marts.fct_amounts"),
        (labels.FORM_BLOCKS, "select block from marts.fct_project_targets"),
        (labels.STATES, "select state from marts.fct_project_evaluations"),
        (labels.THREE_PUBLIC, "select item_code from marts.fct_three_public"),
    ):
        codes = {row[0] for row in warehouse.execute(query).fetchall()} - {None, ""}
        assert codes <= set(words), query


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_a_report_prints_on_a4(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(make_report(warehouse, find_unit(warehouse, "高平"), 2026), encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", f"--user-data-dir={tmp_path}/profile"]
    subprocess.run(
        [*command, f"--print-to-pdf={tmp_path}/report.pdf", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pages = re.findall(rb"/MediaBox\s*\[\s*0 0 (\d+)[\d.]* (\d+)", (tmp_path / "report.pdf").read_bytes())
    assert pages
    assert set(pages) <= {(b"594", b"841"), (b"595", b"842"), (b"595", b"841")}


@pytest.mark.slow
def test_the_command_writes_the_report(
    built_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "current").symlink_to(built_database.parent)
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path))
    path = tmp_path / "report.html"
    assert CliRunner().invoke(app, ["report", "高平", "2026", "--to", str(path)]).exit_code == 0
    assert "高平市应急管理局" in path.read_text("utf-8")
    assert CliRunner().invoke(app, ["report", "高平", "1999", "--to", str(path)]).exit_code == 1
