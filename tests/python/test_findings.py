"""Disagreements in words: each in its own measure, and with its cause once somebody has read it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from renderer import render
from typer.testing import CliRunner

from ingest.parsed_tables import list_parsed_tables, read_parsed_tables
from ingest.templates import get_library
from yusuan.check_commands import WARNINGS
from yusuan.cli import app
from yusuan.findings import list_findings, list_suspects
from yusuan.places import parsed_folder

runner = CliRunner()


def test_a_finding_is_told_in_its_own_measure(built_database: Path) -> None:
    """Points of a score are no percentage, and forms that are counted are no yuan."""
    units = {"amount": "元", "count": "，计算数", "ratio": "%", "score": "分"}
    found = list_findings(built_database)
    assert {finding.measure for finding in found} == set(units)
    for finding in found:
        chinese, english = finding.describe()
        assert units[finding.measure or ""] in chinese, chinese
        assert ("%" in english) == (finding.measure == "ratio"), english


def test_an_explained_finding_says_what_is_wrong(
    built_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (finding,) = (
        finding
        for finding in list_findings(built_database)
        if (finding.identity_id, finding.line_no) == ("p.count", 518)
    )
    chinese, english = finding.explain() or ("", "")
    assert "XM行政事业单位遗属补助经费" in chinese
    assert english.startswith("Explained (error of the conversion): The narrative announces 13 forms")

    (tmp_path / "current").symlink_to(built_database.parent)
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path))
    records = json.loads(runner.invoke(app, ["check", finding.document_id, "--format", "json"]).stdout)
    (record,) = (record for record in records if record["identity_id"] == "p.count")
    assert record["cause"] == "conversion"
    assert record["原因"] in chinese
    assert record["explanation"] in english
    table = runner.invoke(app, ["check", finding.document_id], env={"COLUMNS": "240"}).stdout
    assert "已说明（文件" in table


@pytest.mark.parametrize(
    ("change", "exit_code"),
    [
        ("select 1", 0),
        # A hint never fails a run, explained or not.
        ("update marts.fct_identity_checks set is_explained = false where kind = 'hint'", 0),
        ("update marts.fct_identity_checks set is_explained = false where kind = 'equality'", 3),
        ("update marts.fct_identity_checks set is_explained = false where kind = 'inclusion'", 3),
        ("update marts.rpt_document_scorecard set missing_table_count = 1, missing_tables = 'b07'", 3),
        ("update marts.rpt_document_scorecard set set_aside_table_count = 1", 3),
    ],
)
def test_the_exit_code_says_how_grave_it_is(
    change: str, exit_code: int, built_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "current").mkdir()
    database = Path(shutil.copy(built_database, tmp_path / "current" / "yusuan.duckdb"))
    with duckdb.connect(database) as connection:
        connection.execute(change)
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path))
    assert runner.invoke(app, ["check"]).exit_code == exit_code


def test_an_inclusion_is_told_as_a_limit(built_database: Path) -> None:
    found = [finding for finding in list_findings(built_database) if finding.kind == "inclusion"]
    assert found
    for finding in found:
        chinese, english = finding.describe()
        assert re.search("：上限 .+，实为 .+，超出 ", chinese), chinese
        assert re.search(": at most .+ found .+ too much", english), english


def test_the_figure_that_broken_identities_share_is_named_first() -> None:
    """A leaf that was changed breaks all it takes part in; its total stays sound elsewhere; hints do not count."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.fct_identity_checks as select 'd' as document_id, * from (values
                ('tree', 'a', 'equality', 'broken', false), ('leaves', 'a', 'equality', 'broken', false),
                ('row', 'a', 'equality', 'exact', false), ('row', 'b', 'equality', 'rounding', false),
                ('x', 'a', 'equality', 'broken', false), ('known', 'a', 'equality', 'broken', true),
                ('hint', 'a', 'hint', 'broken', false), ('hint', 'b', 'hint', 'broken', false)
            ) as checks (identity_id, instance, kind, verdict, is_explained)
            """
        )
        connection.execute(
            """
            create table marts.fct_identity_operands as
            select 'd' as document_id, identity_id, instance, line_no, 1 as page_no, label as printed_label,
                'total' as printed_column, '1.00' as printed_amount
            from (values
                ('tree', 'a', 1, 'total'), ('leaves', 'a', 1, 'total'), ('row', 'a', 1, 'total'),
                ('tree', 'a', 2, 'leaf'), ('leaves', 'a', 2, 'leaf'), ('x', 'a', 2, 'leaf'),
                ('leaves', 'a', 3, 'sibling'), ('tree', 'a', 3, 'sibling'),
                ('row', 'b', 3, 'sibling'), ('row', 'a', 3, 'sibling'),
                ('known', 'a', 4, 'explained'), ('hint', 'a', 5, 'hinted'), ('hint', 'b', 5, 'hinted')
            ) as operands (identity_id, instance, line_no, label)
            """
        )
        suspects = list_suspects(connection, "d")
    assert [(s.printed_label, s.broken_count, s.sound_count) for s in suspects] == [
        ("leaf", 3, 0),
        ("total", 2, 1),
    ]


def test_what_is_asked_of_a_document_itself_has_words() -> None:
    """The tests that `check` runs are tagged in tests/_tests.yml, and worded for people in two languages."""
    tests = yaml.safe_load((Path(__file__).parents[1] / "_tests.yml").read_text(encoding="utf-8"))
    tagged = {test["name"] for test in tests["data_tests"] if "document" in test["config"].get("tags", ())}
    assert tagged == set(WARNINGS)


@pytest.mark.slow
def test_a_folder_of_files_is_judged_aside(tmp_path: Path) -> None:
    """Each finding bears its file's name; what is refused is told, and keeps nothing else from being judged."""
    folder = tmp_path / "disclosures"
    folder.mkdir()
    parsed = [read_parsed_tables(path) for path in list_parsed_tables(parsed_folder())]
    sound, wrong = (one for one in parsed if one.document.document_kind == "budget" and one.rows.get("b13"))
    render(sound, get_library()).write(folder)
    path = render(wrong, get_library()).write(folder)
    total = max((row.cells["total"] for row in wrong.rows["b03"]), key=len)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(total, f"1{total}", 1), encoding="utf-8")
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    result = runner.invoke(app, ["check", str(folder), "--format", "csv"])
    found = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    assert {one["source_name"] for one in found} == {path.name}
    assert any(f"1{total}" in one["reported"] + one["computed"] for one in found)
    assert all(one["line_no"] for one in found)
    assert "torn.pdf" in result.stderr
    assert sound.document.source_name in result.stderr
    assert result.exit_code == 1, "a document was refused"


def test_a_file_that_is_not_there_is_not_taken_for_a_document(tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("nothing", encoding="utf-8")
    result = runner.invoke(app, ["check", str(tmp_path / "there.txt"), "not-there.txt"])
    assert result.exit_code == 1
    assert "not-there.txt" in result.stderr
    assert "Parsing" not in result.stderr
    empty = runner.invoke(app, ["check", str(tmp_path / "*.pdf")])
    assert empty.exit_code == 1
    assert "没有找到可读取的文件" in empty.stderr
