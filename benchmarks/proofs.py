"""What the proofs of benchmarks/ share: a warehouse to begin with, builds to disturb, what must hold after.

A whole build takes half a minute, most of it in dbt and the expectations, which write to a file nobody
knows of yet. A quick build is the same code, `yusuan.builds.build_warehouse`, with these two stages
replaced by a copy of a database that was built before: what loads, examines, publishes, prunes and
records is real, and a quick build takes a second.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from yusuan import builds
from yusuan.dbt_runs import DbtOutcome
from yusuan.expectations import ExpectationsOutcome
from yusuan.places import DATABASE_NAME, Home
from yusuan.releases import current_release
from yusuan.run_logs import JsonWatcher
from yusuan.runs import Run, read_runs


class ProofFailed(Exception):
    """What was to be proven does not hold."""


def require(holds: bool, message: str) -> None:
    if not holds:
        raise ProofFailed(message)


def build_prepared(parsed: Path, work: Path) -> Path:
    """Build the models of ``parsed`` once, for quick builds to copy."""
    database, outcome = builds.check_parsed_tables(parsed, work, lambda stage, done, total, name: None)
    require(outcome.is_success, f"the models do not build: {[error.message for error in outcome.errors]}")
    with duckdb.connect(database) as connection:
        connection.execute("checkpoint")
    return database


@contextmanager
def quick_stages(prepared: Path) -> Iterator[None]:
    """Replace dbt and the expectations by a copy of ``prepared`` within this process."""

    def run_dbt(
        arguments: list[str],
        database: Path,
        target: Path,
        variables: dict[str, str],
        on_progress: Callable[[int, int, str], None],
    ) -> DbtOutcome:
        shutil.copy(prepared, database)
        with duckdb.connect(database) as connection:
            connection.execute("update marts.rpt_release set build_id = ?", [variables["build_id"]])
        return DbtOutcome(nodes=1)

    def run_expectations(
        database: Path, data_docs: Path, *, strict: bool, on_progress: Callable[[int, int, str], None]
    ) -> ExpectationsOutcome:
        data_docs.mkdir()
        (data_docs / "index.html").write_text("<!DOCTYPE html>", encoding="utf-8")
        return ExpectationsOutcome((), data_docs / "index.html", strict, 0.0)

    with (
        mock.patch.object(builds, "run_dbt", run_dbt),
        mock.patch.object(builds, "run_expectations", run_expectations),
    ):
        yield


def build_quickly(home: Home, parsed: Path, prepared: Path, **options: Any) -> builds.BuildOutcome:
    with quick_stages(prepared):
        return builds.build_warehouse(home, parsed, **options)


def fork_quick_build(home: Home, parsed: Path, prepared: Path, log: Path, **options: Any) -> int:
    """Start a quick build in a process group of its own; return the process. Its log is JSON Lines."""
    return fork(lambda: _log_quick_build(home, parsed, prepared, log, **options))


def _log_quick_build(home: Home, parsed: Path, prepared: Path, log: Path, **options: Any) -> int:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 2)
    sys.stderr = os.fdopen(descriptor, "w", encoding="utf-8")
    with quick_stages(prepared):
        return builds.build_warehouse(home, parsed, watcher=JsonWatcher(), **options).exit_code


def fork(work: Callable[[], int]) -> int:
    """Run ``work`` in a copy of this process, its imports already done; its answer is the exit code."""
    process = os.fork()
    if process:
        return process
    code = 70
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait_for(process: int) -> int:
    """Return the exit code of a process that was forked; negative: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def kill_group(process: int) -> None:
    """Kill a process and all that it started, at once and without a word."""
    with suppress(ProcessLookupError):  # it may be done
        os.killpg(process, signal.SIGKILL)


@dataclass(frozen=True)
class Published:
    """What a reader finds: which build, and a sum over every amount and verdict in it."""

    build_id: str
    checksum: int


def read_published(home: Home) -> Published:
    """Read the published file as any client would. Raises ProofFailed if it is not whole."""
    database = home.published_database
    require(database.is_file(), f"{database} is not there")
    strangers = {path.name for path in database.parent.iterdir()} - {DATABASE_NAME, "data_docs"}
    require(not strangers, f"strangers beside the published file: {strangers}")
    with duckdb.connect(database, read_only=True) as connection:
        releases = connection.execute("select build_id from marts.rpt_release").fetchall()
        row = connection.execute(
            """
            select bit_xor(checksum) from (
                select hash(document_id, statement_code, line_no, block_no, column_code, amount_yuan)
                    as checksum
                from marts.fct_amounts
                union all
                select hash(document_id, identity_id, instance, verdict) from marts.fct_identity_checks
            )
            """
        ).fetchone()
    require(len(releases) == 1, f"marts.rpt_release holds {len(releases)} rows")
    build_id = releases[0][0]
    require(build_id == current_release(home), f"{build_id} is published as {current_release(home)}")
    assert row is not None
    return Published(build_id, int(row[0]))


def last_run(home: Home) -> Run:
    return read_runs(home)[-1]
