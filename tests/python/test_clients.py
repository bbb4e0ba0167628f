"""The recipes of docs/clients.md: they work as written, and SQL gets at nothing but the warehouse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from yusuan.places import PROJECT

RECIPES = (PROJECT / "docs" / "clients.md").read_text("utf-8")
CONFIG = {"enable_external_access": "false", "lock_configuration": "true"}

REFUSED = (
    "select * from read_text('{file}')",
    "select * from read_csv('{file}')",
    "select * from '{file}'",
    "select * from glob('{folder}/*')",
    "copy (select 1) to '{folder}/leak.csv'",
    "copy marts.dim_units to '{folder}/leak.parquet'",
    "export database '{folder}/leak'",
    "attach '{folder}/other.duckdb' as other",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set temp_directory = '{folder}'",
    "set profiling_output = '{folder}/leak.json'",
    "reset lock_configuration",
    "create table marts.mine as select 1",
    "update marts.fct_income set amount_yuan = 0",
    "drop table marts.fct_income",
)


def find_recipe(heading: str, language: str) -> str:
    match = re.search(rf"\n## {heading}\n.*?```{language}\n(.*?)```", RECIPES, re.DOTALL)
    assert match, heading
    return match.group(1)


@pytest.mark.slow
@pytest.mark.parametrize("query", REFUSED)
def test_sql_gets_at_nothing_but_the_warehouse(built_database: Path, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("password\n", encoding="utf-8")
    duckdb.connect(tmp_path / "other.duckdb").close()
    before = sorted(tmp_path.rglob("*"))
    with (
        duckdb.connect(built_database, read_only=True, config=CONFIG) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute(query.format(file=secret, folder=tmp_path))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
@pytest.mark.parametrize("heading", ["Python", "pandas"])
def test_a_recipe_works_as_written(built_database: Path, tmp_path: Path, heading: str) -> None:
    recipe = find_recipe(heading, "python")
    assert all(f'"{name}": "{value}"' in recipe for name, value in CONFIG.items())
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "current").symlink_to(built_database.parent)
    subprocess.run([sys.executable, "-c", recipe], cwd=tmp_path, check=True, timeout=120)


def test_every_recipe_is_hardened_or_marked() -> None:
    sections = re.split(r"\n## ", RECIPES)[1:]
    for section in sections:
        text = section.replace(" ", "")
        assert "lock_configuration" in text, section[:40]
        assert "enable_external_access" in text, section[:40]
        assert "readonly" in text.lower().replace("_", ""), section[:40]


OLDEST = """
import duckdb, sys
assert duckdb.__version__ == "1.0.0", duckdb.__version__
config = {"enable_external_access": "false", "lock_configuration": "true"}
warehouse = duckdb.connect(sys.argv[1], read_only=True, config=config)
assert warehouse.sql("select count(*) from marts.fct_amounts").fetchone()[0] > 0
assert warehouse.sql("select count(*) from forms.b03").fetchone()[0] > 0
try:
    warehouse.execute("select * from read_text('/etc/hostname')")
except duckdb.PermissionException:
    print("refused")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="DuckDB 1.0.0 has no wheel for this Python")
def test_the_oldest_client_reads_the_file(built_database: Path, tmp_path: Path) -> None:
    """DuckDB 1.0.0 is what the README promises; it is fetched for this test alone."""
    uv = [str(Path(sys.executable).with_name("uv"))]
    python = tmp_path / "old" / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for command in (
        [*uv, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "old")],
        [
            *uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            str(python),
            "--only-binary",
            ":all:",
            "duckdb==1.0.0",
        ],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        if done.returncode:
            pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-200:]}")
    answer = subprocess.run(
        [str(python), "-c", OLDEST, str(built_database)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.stdout.strip() == "refused"
