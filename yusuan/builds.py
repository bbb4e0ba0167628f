"""A build: load, dbt, expectations, publish; the old file stays until all that blocks has held."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.loads import LoadOutcome, load_parsed_tables
from yusuan.changes import Changes, Relapse, list_relapses, read_changes
from yusuan.dbt_runs import DbtOutcome, run_dbt
from yusuan.expectations import ExpectationsOutcome, run_expectations
from yusuan.findings import Finding, list_findings
from yusuan.locks import BuildInProgress, Holder, hold_warehouse
from yusuan.places import DATABASE_NAME, PROJECT, Home
from yusuan.releases import (
    KEPT_RELEASES,
    UnsoundFile,
    drop_failed_build,
    finish_database,
    is_disk_full,
    keep_failed_build,
    make_build_id,
    publish,
    remove_leftovers,
)
from yusuan.run_logs import Watcher
from yusuan.runs import Outcome, record_begin, record_end
from yusuan.stops import heed_stop, heeding_stops
from yusuan.suites import SuiteError
from yusuan.terminals import EXIT_FAILED, EXIT_FINDINGS

# stage (load, dbt, expectations, examine, publish), done, total, what is being done
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True)
class Problem:
    """Why a build was not published: a code that stays, and what was found."""

    code: str
    detail: str = ""


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
    problems: list[Problem] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    summary: Summary | None = None
    is_published: bool = False

    @property
    def unexplained(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_failure]

    @property
    def exit_code(self) -> int:
        """1: not published; 3: published, and something deserves a look; 0: all is well."""
        if not self.is_published or self.summary is None:
            return EXIT_FAILED
        removed = self.summary.changes.count("document", "removed")
        return EXIT_FINDINGS if self.unexplained or self.summary.tables_set_aside or removed else 0


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
    is_patient: bool = False,
    keep: int = KEPT_RELEASES,
    watcher: Watcher | None = None,
    on_wait: Callable[[Holder | None], None] = lambda holder: None,
    on_end: Callable[[BuildOutcome, Outcome], None] = lambda outcome, ended: None,
) -> BuildOutcome:
    """Build a new file from the parsed tables and publish it if nothing that blocks has failed.

    ``is_patient`` waits for a build that is under way (``on_wait`` is told of it); ``keep`` is how many
    releases stay; ``on_end`` tells what was found, before the run's end is told. Raises BuildInProgress if another build holds the warehouse, and OSError if ``home``
    cannot be written to at all. Every run, also one that was refused, is in the history.
    """
    watcher = watcher or Watcher()
    build_id = make_build_id()
    outcome = BuildOutcome(build_id, home.building(build_id) / DATABASE_NAME)
    started = time.monotonic()
    try:
        with hold_warehouse(home, Holder.me("build", build_id), is_patient=is_patient, on_wait=on_wait):
            remove_leftovers(home)
            git_commit = read_git_commit()
            facts = {"parsed": str(parsed), "git_commit": git_commit, "is_strict": is_strict}
            with suppress(OSError):  # a full disk is told of by what cannot do without
                record_begin(home, build_id, "build", **facts)
            watcher.begin_run(build_id, "build", **facts)
            with _record_the_end(home, outcome, started, watcher, on_end):
                _run_stages(home, parsed, outcome, git_commit, is_strict, watcher)
                _settle(home, outcome, keep, watcher)
    except BuildInProgress as error:
        with suppress(OSError):
            record_begin(home, build_id, "build")
            record_end(home, build_id, Outcome.REFUSED, EXIT_FAILED, problems=[f"held: {error}"])
        raise
    return outcome


@contextmanager
def _record_the_end(
    home: Home,
    outcome: BuildOutcome,
    started: float,
    watcher: Watcher,
    on_end: Callable[[BuildOutcome, Outcome], None],
) -> Iterator[None]:
    """Write into the history how the run ended, also when it was stopped or crashed."""
    ended = Outcome.CRASHED
    exit_code = EXIT_FAILED
    try:
        yield
        ended = Outcome.PUBLISHED if outcome.is_published else Outcome.NOT_PUBLISHED
        exit_code = outcome.exit_code
    except KeyboardInterrupt:
        ended = Outcome.PUBLISHED if outcome.is_published else Outcome.STOPPED
        remove_leftovers(home)
        raise
    finally:
        outcome.seconds = time.monotonic() - started
        facts = describe_outcome(outcome)
        with suppress(OSError):
            record_end(home, outcome.build_id, ended, exit_code, outcome.stages, **facts)
        watcher.close()
        # Who reads the events stops at the last one: all that was found comes before it.
        on_end(outcome, ended)
        watcher.end_run(ended, exit_code, outcome.seconds, **facts)


def describe_outcome(outcome: BuildOutcome) -> dict[str, Any]:
    """Return the figures of a run for the history and for machines."""
    facts: dict[str, Any] = {
        "problems": [f"{problem.code}: {problem.detail}".rstrip(": ") for problem in outcome.problems],
        "refused": outcome.load.refused,
        "findings": len(outcome.findings),
        "findings_unexplained": len(outcome.unexplained),
    }
    if outcome.summary is not None:
        summary = outcome.summary
        facts |= {
            "database": str(outcome.database),
            "documents": summary.documents,
            "amounts": summary.amounts,
            "verdicts": summary.verdicts,
            "tables_set_aside": summary.tables_set_aside,
            "newest_fiscal_year": summary.newest_fiscal_year,
            "documents_changed_at": summary.documents_changed_at.isoformat(timespec="seconds"),
            "compared_with": summary.changes.compared_with,
            "changes": summary.changes.as_record(),
        }
    return facts


def _run_stages(
    home: Home, parsed: Path, outcome: BuildOutcome, git_commit: str, is_strict: bool, watcher: Watcher
) -> None:
    """Do all that comes before publishing; what goes wrong is a problem of the outcome."""
    stages: tuple[Callable[[], None], ...] = (
        lambda: _load(parsed, outcome, watcher),
        lambda: _run_models(home, outcome, git_commit, watcher),
        lambda: _judge(outcome, is_strict, watcher),
        lambda: _finish(outcome, watcher),
    )
    try:
        for run_stage in stages:
            with heeding_stops():
                run_stage()
            if outcome.problems:
                return
    except (OSError, duckdb.Error, SuiteError) as error:
        outcome.problems.append(_name_problem(error))


def _name_problem(error: Exception) -> Problem:
    if is_disk_full(error):
        return Problem("disk_full", str(error))
    if isinstance(error, SuiteError):
        return Problem("suite_unsound", str(error))
    if isinstance(error, UnsoundFile):
        return Problem("unsound_file", str(error))
    return Problem("cannot_write" if isinstance(error, OSError) else "database_error", str(error))


@contextmanager
def _stage(outcome: BuildOutcome, watcher: Watcher, name: str) -> Iterator[Callable[[int, int, str], None]]:
    """Time a stage; yield what to tell its progress to."""
    started = time.monotonic()

    def advance(done: int, total: int, what: str) -> None:
        watcher.advance(name, done, total, what)
        if not outcome.is_published:
            heed_stop()

    watcher.begin_stage(name)
    try:
        yield advance
    finally:
        outcome.stages[name] = time.monotonic() - started
        watcher.end_stage(name, outcome.stages[name])


def _load(parsed: Path, outcome: BuildOutcome, watcher: Watcher) -> None:
    total = len(list(parsed.glob("*.jsonl")))
    with _stage(outcome, watcher, "load") as advance:
        loaded = iter(range(1, total + 1))
        outcome.load = load_parsed_tables(
            parsed, outcome.database, lambda name: advance(next(loaded, total), total, name)
        )
    if outcome.load.refused:
        outcome.problems.append(Problem("parsed_tables_refused"))
    elif not outcome.load.added:
        outcome.problems.append(Problem("nothing_to_load", str(parsed)))


def _run_models(home: Home, outcome: BuildOutcome, git_commit: str, watcher: Watcher) -> None:
    earlier = home.published_database
    variables = {
        "build_id": outcome.build_id,
        "git_commit": git_commit,
        "earlier_database": str(earlier.resolve()) if earlier.is_file() else "",
    }
    with _stage(outcome, watcher, "dbt") as advance:
        outcome.dbt = run_dbt(["build"], outcome.database, home.folder / "target", variables, advance)
    if not outcome.dbt.is_success:
        full = is_disk_full("\n".join([outcome.dbt.log, *(error.message for error in outcome.dbt.errors)]))
        outcome.problems.append(Problem("disk_full") if full else Problem("dbt_failed"))


def _judge(outcome: BuildOutcome, is_strict: bool, watcher: Watcher) -> None:
    database = outcome.database
    with _stage(outcome, watcher, "expectations") as advance:
        outcome.expectations = run_expectations(
            database, database.parent / "data_docs", strict=is_strict, on_progress=advance
        )
        if outcome.expectations.blocking:
            outcome.problems.append(Problem("expectations_failed"))
        outcome.findings = list_findings(database)
        if is_strict and outcome.unexplained:
            outcome.problems.append(Problem("unexplained_findings", str(len(outcome.unexplained))))
        outcome.relapses = list_relapses(database)
        if outcome.relapses:
            outcome.problems.append(Problem("relapsed_verdicts", str(len(outcome.relapses))))


def _finish(outcome: BuildOutcome, watcher: Watcher) -> None:
    with _stage(outcome, watcher, "examine") as advance:
        try:
            finish_database(outcome.database, outcome.build_id)
            outcome.summary = summarise(outcome.database)
            advance(1, 1, outcome.build_id)
        except UnsoundFile as error:
            outcome.problems.append(_name_problem(error))


def _settle(home: Home, outcome: BuildOutcome, keep: int, watcher: Watcher) -> None:
    """Publish the build, or put it where it can be looked into."""
    if not outcome.problems:
        with _stage(outcome, watcher, "publish") as advance:
            try:
                outcome.database = publish(home, outcome.build_id, keep)
                outcome.is_published = True
                advance(1, 1, outcome.build_id)
            except OSError as error:
                outcome.problems.append(_name_problem(error))
    if outcome.problems:
        outcome.summary = None
        if any(problem.code == "disk_full" for problem in outcome.problems):
            drop_failed_build(home, outcome.build_id)
        else:
            with suppress(OSError):
                outcome.database = keep_failed_build(home, outcome.build_id)


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
    newest_fiscal_year: int | None
    documents_changed_at: datetime
    changes: Changes

    @property
    def days_since_change(self) -> int:
        return (datetime.now(UTC).replace(tzinfo=None) - self.documents_changed_at).days


def summarise(database: Path) -> Summary:
    with duckdb.connect(database, read_only=True) as connection:

        def count(query: str) -> int:
            row = connection.execute(query).fetchone()
            assert row is not None
            return int(row[0])

        verdicts = connection.execute(
            "select verdict, count(*) from marts.fct_identity_checks group by verdict order by verdict"
        ).fetchall()
        release = connection.execute(
            "select newest_fiscal_year, documents_changed_at from marts.rpt_release"
        ).fetchone()
        assert release is not None
        return Summary(
            documents=count("select count(*) from marts.dim_documents"),
            units=count("select count(*) from marts.dim_units"),
            tables=count("select count(*) from raw.tables"),
            tables_with_data=count("select count(*) from raw.tables where state = 'data'"),
            tables_set_aside=count("select count(*) from raw.tables where state = 'set_aside'"),
            amounts=count("select count(*) from marts.fct_amounts"),
            counts=count("select count(*) from marts.fct_statistics"),
            verdicts=dict(verdicts),
            newest_fiscal_year=release[0],
            documents_changed_at=release[1],
            changes=read_changes(database),
        )


def check_parsed_tables(folder: Path, work: Path, on_progress: Progress) -> tuple[Path, DbtOutcome]:
    """Build the star of a folder of parsed tables aside, for checking one document.

    Of the tests only those that ask something of a document itself: what they find are warnings.
    """
    database = work / DATABASE_NAME
    load_parsed_tables(folder, database)
    outcome = run_dbt(
        [
            *("build", "--select", "resource_type:seed", "resource_type:model", "tag:document"),
            # What only hangs on a selected model is not run.
            *("--indirect-selection", "empty", "--exclude-resource-type", "unit_test"),
        ],
        database,
        work / "target",
        on_progress=lambda done, count, name: on_progress("dbt", done, count, name),
    )
    return database, outcome
