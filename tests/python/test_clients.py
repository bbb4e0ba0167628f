"""The oldest DuckDB client that is promised reads every mart and form of a published file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.proofs import build_quickly
from yusuan.places import PROJECT, Home, parsed_folder

pytestmark = pytest.mark.slow

OLDEST = PROJECT / "tests" / "oldest_client.txt"

READ_ALL = """
import sys
sys.path.insert(0, sys.argv[1])
import duckdb
assert duckdb.__version__ == "1.0.0", duckdb.__version__
connection = duckdb.connect(sys.argv[2], read_only=True)
names = connection.execute('''
    select table_schema, table_name from information_schema.tables
    where table_schema in ('marts', 'forms') order by all
''').fetchall()
for schema, name in names:
    rows = connection.execute(f'select * from "{schema}"."{name}"').fetchall()
    print(schema, name, len(rows))
"""


@pytest.fixture(scope="module")
def oldest_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel of duckdb 1.0.0: no environment is needed for one package."""
    if sys.version_info >= (3, 13):
        pytest.skip("duckdb 1.0.0 has no wheel for this Python; 3.11 and 3.12 try it")
    folder = tmp_path_factory.mktemp("oldest_client")
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable),
        *("--target", str(folder), "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        *("-r", str(OLDEST)),
    ]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode and "CI" not in os.environ:
        pytest.skip(f"duckdb 1.0.0 cannot be fetched here: {result.stderr[-300:]}")
    assert result.returncode == 0, result.stderr
    return folder


def test_the_oldest_client_reads_every_mart_and_form(
    oldest_client: Path, built_database: Path, tmp_path: Path
) -> None:
    home = Home(tmp_path / "warehouse")
    assert build_quickly(home, parsed_folder(), built_database).is_published
    # Without site-packages: only the one client can be found.
    command = [sys.executable, "-I", "-S", "-c", READ_ALL, str(oldest_client), str(home.published_database)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    rows = {name: int(count) for _, name, count in map(str.split, result.stdout.splitlines())}
    assert rows["rpt_release"] == 1
    assert rows["fct_amounts"] > 1000
    assert len([name for name in rows if name[0] in "bf" and name[1:].isdigit()]) == 23
