"""A built warehouse for the tests that look at one: built once a run, whatever the number of workers."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from yusuan.builds import check_parsed_tables
from yusuan.places import DATABASE_NAME, parsed_folder

Spoil = Callable[..., Path]


@pytest.fixture(scope="session")
def built_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own documents, loaded and built (models and seeds, no dbt tests). Never write to it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # what all workers of one run share
    work = root / "built_warehouse"
    work.mkdir(exist_ok=True)
    built = work / ".built"
    with (work / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _, outcome = check_parsed_tables(parsed_folder(), work, lambda stage, done, total, name: None)
            assert outcome.is_success, [failure.message for failure in outcome.errors]
            built.touch()
    return work / DATABASE_NAME


@pytest.fixture
def spoil(built_database: Path, tmp_path: Path) -> Spoil:
    """Return a copy of the built database after some SQL statements, for a test to find the harm."""

    def make(*statements: str) -> Path:
        # Views know the file by its stem: a copy keeps the name.
        copy = Path(shutil.copy(built_database, tmp_path / DATABASE_NAME))
        with duckdb.connect(copy) as connection:
            for statement in statements:
                connection.execute(statement)
        return copy

    return make
