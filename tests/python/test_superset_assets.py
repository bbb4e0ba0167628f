"""The Superset dashboards as code: hardened, complete, and asking only what the warehouse answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from yusuan.places import PROJECT
from yusuan.selections import open_published

FOLDER = PROJECT / "dashboards" / "superset"


def read_assets(kind: str) -> list[dict[str, Any]]:
    return [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted((FOLDER / "assets" / kind).rglob("*.yaml"))
    ]


DATASETS = read_assets("datasets")
CHARTS = read_assets("charts")


def test_the_connection_is_hardened() -> None:
    (database,) = read_assets("databases")
    arguments = database["extra"]["engine_params"]["connect_args"]
    assert arguments == {
        "read_only": True,
        "config": {"enable_external_access": "false", "lock_configuration": "true"},
    }
    assert not any(database[name] for name in ("allow_ctas", "allow_cvas", "allow_dml", "allow_file_upload"))


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset["table_name"])
def test_a_dataset_has_the_columns_it_names(built_database: Path, dataset: dict[str, Any]) -> None:
    with open_published(built_database) as connection:
        cursor = connection.execute(f"select * from ({dataset['sql']}) limit 1")
        assert [column[0] for column in cursor.description or ()] == [
            column["column_name"] for column in dataset["columns"]
        ]
        assert cursor.fetchall()
        for metric in dataset["metrics"]:
            assert connection.execute(f"select {metric['expression']} from ({dataset['sql']})").fetchall()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart["slice_name"])
def test_a_chart_asks_for_columns_of_its_dataset(chart: dict[str, Any]) -> None:
    (dataset,) = [one for one in DATASETS if one["uuid"] == chart["dataset_uuid"]]
    known = {column["column_name"] for column in dataset["columns"]}
    params = chart["params"]
    asked = {*params.get("groupby", ()), *params.get("all_columns", ())} | {params.get("x_axis")} - {None}
    assert asked <= known
    assert set(params.get("metrics", ())) <= {metric["metric_name"] for metric in dataset["metrics"]}


def test_the_dashboard_shows_every_chart() -> None:
    (dashboard,) = read_assets("dashboards")
    shown = {
        part["meta"]["uuid"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    assert shown == {chart["uuid"] for chart in CHARTS}


def test_the_lock_file_is_of_the_versions_asked_for() -> None:
    locked = (FOLDER / "requirements.txt").read_text("utf-8")
    for pinned in (
        "apache-superset==6.1",
        "sqlalchemy==1.4",
        "duckdb==1.5",
        "duckdb-engine==",
        "cachetools==",
    ):
        assert f"\n{pinned}" in locked
    assert "--hash=sha256:" in locked
