"""A build: load, dbt, expectations, publish; the old file stays until all that blocks has held."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingest.loads import LoadOutcome, load_parsed_tables
from yusuan.dbt_runs import DbtOutcome, run_dbt
from yusuan.expectations import ExpectationsOutcome, run_expectations
from yusuan.findings import Finding, list_findings
from yusuan.places import DATABASE_NAME, PROJECT, Home
from yusuan.releases import (
    Relapse,
    UnsoundFile,
    find_relapses,
    finish_database,
    hold_warehouse,
    keep_failed_build,
    make_build_id,
    publish,
    remove_unfinished_builds,
)

# stage (load, dbt, expectations, publish), done, total, what is being done
Progress = Callable[[str, int, int, str], None]


@dataclass
class BuildOutcome:
    """What a build did. ``database`` is the published file, or the failed one for looking into."""

    build_id: str
    database: Path
    load: LoadOutcome = field(default_factory=LoadOutcome)
    dbt: DbtOutcome | None = None
    expectations: ExpectationsOutcome | None = None
    findings: list[Finding] = field(default_factory=list)
    relapses: list[Relapse] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_published: bool = False

    @property
    def unexplained(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_failure]


def read_git_commit() -> str:
    """Return the commit the project stands at, with ``+`` for uncommitted changes."""
    command = ["git", "-C", str(PROJECT), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def build_warehouse(
    home: Home,
    parsed: Path,
    *,
    is_strict: bool = False,
    on_progress: Progress = lambda stage, done, total, name: None,
) -> BuildOutcome:
    """Build a new file from the parsed tables and publish it if nothing that blocks has failed.

    Raises BuildInProgress if another build holds the warehouse.
    """
    with hold_warehouse(home):
        remove_unfinished_builds(home)
        build_id = make_build_id()
        outcome = BuildOutcome(build_id, home.building(build_id) / DATABASE_NAME)
        _run_stages(home, parsed, outcome, is_strict=is_strict, on_progress=on_progress)
        if outcome.problems:
            outcome.database = keep_failed_build(home, build_id)
        else:
            outcome.database = publish(home, build_id)
            outcome.is_published = True
            on_progress("publish", 1, 1, build_id)
        return outcome


def _run_stages(
    home: Home, parsed: Path, outcome: BuildOutcome, *, is_strict: bool, on_progress: Progress
) -> None:
    database = outcome.database
    total = len(list(parsed.glob("*.jsonl")))
    loaded = iter(range(1, total + 1))
    outcome.load = load_parsed_tables(
        parsed, database, lambda name: on_progress("load", next(loaded, total), total, name)
    )
    if outcome.load.refused:
        outcome.problems.append("parsed_tables_refused")
        return
    if not outcome.load.added:
        outcome.problems.append("nothing_to_load")
        return
    outcome.dbt = run_dbt(
        ["build"],
        database,
        home.folder / "target",
        {"build_id": outcome.build_id, "git_commit": read_git_commit()},
        lambda done, count, name: on_progress("dbt", done, count, name),
    )
    if not outcome.dbt.is_success:
        outcome.problems.append("dbt_failed")
        return
    outcome.expectations = run_expectations(
        database,
        database.parent / "data_docs",
        strict=is_strict,
        on_progress=lambda done, count, name: on_progress("expectations", done, count, name),
    )
    if outcome.expectations.blocking:
        outcome.problems.append("expectations_failed")
    outcome.findings = list_findings(database)
    if is_strict and outcome.unexplained:
        outcome.problems.append("unexplained_findings")
    try:
        finish_database(database)
    except UnsoundFile as error:
        outcome.problems.append(f"unsound_file: {error}")
    outcome.relapses = find_relapses(home, database)
    if outcome.relapses:
        outcome.problems.append("relapsed_verdicts")


@dataclass(frozen=True)
class Summary:
    """The figures of a built file, for a person."""

    documents: int
    units: int
    tables: int
    tables_with_data: int
    tables_set_aside: int
    amounts: int
    counts: int
    verdicts: dict[str, int]


def summarise(database: Path) -> Summary:
    with duckdb.connect(database, read_only=True) as connection:

        def count(query: str) -> int:
            row = connection.execute(query).fetchone()
            assert row is not None
            return int(row[0])

        verdicts = connection.execute(
            "select verdict, count(*) from marts.fct_identity_checks group by verdict order by verdict"
        ).fetchall()
        return Summary(
            documents=count("select count(*) from marts.dim_documents"),
            units=count("select count(*) from marts.dim_units"),
            tables=count("select count(*) from raw.tables"),
            tables_with_data=count("select count(*) from raw.tables where state = 'data'"),
            tables_set_aside=count("select count(*) from raw.tables where state = 'set_aside'"),
            amounts=count("select count(*) from marts.fct_amounts"),
            counts=count("select count(*) from marts.fct_statistics"),
            verdicts=dict(verdicts),
        )


def check_parsed_tables(folder: Path, work: Path, on_progress: Progress) -> tuple[Path, DbtOutcome]:
    """Build the star of a folder of parsed tables aside, without tests; for checking one document."""
    database = work / DATABASE_NAME
    load_parsed_tables(folder, database)
    outcome = run_dbt(
        ["build", "--resource-type", "seed", "--resource-type", "model"],
        database,
        work / "target",
        on_progress=lambda done, count, name: on_progress("dbt", done, count, name),
    )
    return database, outcome
