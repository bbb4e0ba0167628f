"""Disagreements in words: each in its own measure, and with its cause once somebody has read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yusuan.cli import app
from yusuan.findings import list_findings

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
