"""A build publishes or leaves all as it was, says why, and is in the history; changes are never silent."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from benchmarks.proofs import fork, fork_quick_build, quick_stages, read_published, wait_for
from ingest.loads import LoadOutcome
from yusuan import build_commands, builds
from yusuan.changes import list_relapses, read_changes
from yusuan.cli import app
from yusuan.dbt_runs import run_dbt
from yusuan.locks import Holder, find_holder, hold_warehouse
from yusuan.places import DATABASE_NAME, PROJECT, Home, parsed_folder
from yusuan.releases import current_release, list_releases
from yusuan.runs import Outcome, read_runs

pytestmark = pytest.mark.slow  # all look at a built warehouse

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path / "warehouse"))
    return Home(tmp_path / "warehouse")


@pytest.fixture
def parsed(tmp_path: Path) -> Path:
    """A copy of the project's parsed tables, to be spoiled."""
    return Path(shutil.copytree(parsed_folder(), tmp_path / "parsed"))


@pytest.fixture
def run(home: Home, parsed: Path, built_database: Path) -> Run:
    """Run a command; a build takes its models from the database that was built before."""

    def invoke(*arguments: str) -> Result:
        if arguments[0] == "build":
            arguments = (*arguments, "--parsed", str(parsed))
        with quick_stages(built_database):
            return CliRunner().invoke(app, arguments)

    return invoke


def test_a_build_is_published_and_recorded(home: Home, run: Run) -> None:
    result = run("build")
    assert result.exit_code == 0, result.output
    assert "数据仓库已发布" in result.stdout
    assert "━" not in result.stderr, "no bar where there is no terminal"
    (told,) = read_runs(home)
    assert told.outcome is Outcome.PUBLISHED
    assert told.run_id == current_release(home) == read_published(home).build_id
    assert list(told.stages) == ["load", "dbt", "expectations", "examine", "publish"]
    assert told.details["documents"] == 5
    assert "已发布" in run("runs").stdout
    (line,) = run("runs", "--json").stdout.splitlines()
    assert json.loads(line)["outcome"] == "published"


def test_machines_read_events_on_stderr_and_nothing_on_stdout(home: Home, run: Run) -> None:
    result = run("build", "--log-format", "json")
    assert result.stdout == ""
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert events[0]["event"] == "run_begin"
    end = events[-1]
    assert [event["event"] for event in events].count("run_end") == 1
    assert end["event"] == "run_end", "what was found is told before the end"
    assert end["outcome"] == "published"
    assert end["findings"] == len([event for event in events if event["event"] == "finding"])


def test_the_end_of_a_run_that_published_nothing_is_told_last_too(run: Run, parsed: Path) -> None:
    path = sorted(parsed.glob("*.jsonl"))[0]
    path.write_text(path.read_text(encoding="utf-8")[:-100], encoding="utf-8")
    for arguments in (("build",), ("rollback", "nonsense")):
        result = run(*arguments, "--log-format", "json")
        assert result.exit_code == 1
        told = [json.loads(line)["event"] for line in result.stderr.splitlines()]
        assert told[-1] == "run_end"
        assert "refused" in told


def test_releases_are_kept_listed_and_gone_back_to(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An id is second and process: within one process they would repeat.
    numbers = itertools.count(1)
    for module in (builds, build_commands):
        monkeypatch.setattr(module, "make_build_id", lambda: f"{next(numbers):03}")
    for _ in range(3):
        assert run("build", "--keep", "2").exit_code == 0
    older, newer = list_releases(home)
    assert newer in run("releases").stdout
    back = run("rollback")
    assert (back.exit_code, current_release(home)) == (0, older), back.output
    refused = run("rollback")
    assert refused.exit_code == 1
    assert "没有更早的版本" in refused.stderr
    assert run("rollback", "nonsense").exit_code == 1
    assert run("rollback", newer).exit_code == 0
    assert read_published(home).build_id == newer
    outcomes = [told.outcome for told in read_runs(home)]
    assert outcomes == [
        *[Outcome.PUBLISHED] * 3,
        *(Outcome.ROLLED_BACK, Outcome.REFUSED, Outcome.REFUSED, Outcome.ROLLED_BACK),
    ]
    listed = [json.loads(line) for line in run("releases", "--json").stdout.splitlines()]
    assert [(release["build_id"], release["is_current"]) for release in listed] == [
        (older, False),
        (newer, True),
    ]


def test_a_second_build_is_refused_and_told_who_is_at_work(home: Home, run: Run) -> None:
    def hold() -> int:
        with hold_warehouse(home, Holder.me("build", "first")):
            time.sleep(30)
        return 0

    process = fork(hold)
    while find_holder(home)[1] is None:
        time.sleep(0.01)
    result = run("build")
    os.kill(process, signal.SIGKILL)
    wait_for(process)
    assert result.exit_code == 1
    assert f"进程 {process}" in result.stderr
    assert f"process {process}" in result.stderr
    assert [told.outcome for told in read_runs(home)] == [Outcome.REFUSED]
    assert not home.published_database.exists()


def test_of_two_builds_at_once_one_waits_if_asked(
    home: Home, parsed: Path, built_database: Path, tmp_path: Path
) -> None:
    logs = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    processes = [
        fork_quick_build(home, parsed, built_database, log, is_patient=is_patient)
        for log, is_patient in zip(logs, (False, True), strict=True)
    ]
    codes = [wait_for(process) for process in processes]
    assert codes[1] == 0
    assert codes[0] in (0, 70), "who does not wait is refused, or was first"
    outcomes = {told.outcome for told in read_runs(home)}
    assert outcomes <= {Outcome.PUBLISHED, Outcome.REFUSED}
    read_published(home)


def test_a_build_that_is_stopped_tidies_up_and_says_so(
    home: Home, parsed: Path, built_database: Path, tmp_path: Path
) -> None:
    def work() -> int:
        from yusuan.build_commands import build

        def wait(*arguments: object, **options: object) -> None:
            time.sleep(60)

        with quick_stages(built_database):
            builds.run_dbt = wait  # type: ignore[assignment]
            build(parsed=parsed)
        return 0

    process = fork(work)
    deadline = time.monotonic() + 60
    while not list(home.folder.glob(f"building/*/{DATABASE_NAME}")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process, signal.SIGTERM)
    assert wait_for(process) == 70  # typer.Exit, raised where no typer catches it
    (told,) = read_runs(home)
    assert told.outcome is Outcome.STOPPED
    assert told.exit_code == 1
    assert not list(home.folder.glob("building/*"))


@pytest.mark.parametrize("becomes", ["nothing", "an error of the library"])
def test_a_stop_is_heeded_though_a_library_swallowed_its_exception(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch, becomes: str
) -> None:
    """DuckDB says `RuntimeError: Query interrupted`; a callback of a C library may say nothing at all."""

    def load(*arguments: object) -> LoadOutcome:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        if becomes == "nothing":
            return LoadOutcome(added=["a document"])
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(builds, "load_parsed_tables", load)
    result = run("build")
    assert result.exit_code == 1
    assert "已中止，未发布" in result.stderr
    assert [told.outcome for told in read_runs(home)] == [Outcome.STOPPED]


@pytest.mark.parametrize("spoil", ["flip", "truncate", "swap", "lose"])
def test_spoiled_parsed_tables_are_refused_with_file_and_line(
    home: Home, run: Run, parsed: Path, spoil: str
) -> None:
    assert run("build").exit_code == 0
    before = read_published(home)
    path = sorted(parsed.glob("*.jsonl"))[1]
    text = path.read_text(encoding="utf-8")
    if spoil == "flip":
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0x04
        path.write_bytes(content)
    elif spoil == "truncate":
        path.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
    elif spoil == "swap":  # still a sound file, of other figures
        figures = re.findall(r'"(\d+\.\d\d)"', text)
        path.write_text(text.replace(f'"{figures[0]}"', f'"{figures[0]}1"', 1), encoding="utf-8")
    else:
        path.unlink()
    result = run("build")
    assert result.exit_code == 1
    expected = f"{path.name} " if spoil == "lose" else rf"{path.name}:\d+ "
    assert re.search(expected, result.stderr), result.stderr
    assert "原发布文件未改动" in result.stderr
    assert read_published(home) == before
    assert read_runs(home)[-1].outcome is Outcome.NOT_PUBLISHED


def test_a_full_disk_is_named_and_nothing_of_the_build_stays(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("build").exit_code == 0
    before = read_published(home)

    def write(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(builds, "load_parsed_tables", write)
    result = run("build")
    assert result.exit_code == 1
    assert "磁盘空间已满" in result.stderr
    assert "Traceback" not in result.stderr
    assert read_published(home) == before
    assert not home.failed.exists()
    assert not list(home.folder.glob("building/*"))


def test_a_fault_of_ours_is_recorded_and_not_hidden(
    home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(builds, "load_parsed_tables", fault)
    assert isinstance(run("build").exception, ZeroDivisionError)
    assert [told.outcome for told in read_runs(home)] == [Outcome.CRASHED]


def test_kills_at_random_moments_harm_nobody(home: Home, parsed: Path, built_database: Path) -> None:
    import random

    from benchmarks.kill_proof import kill_quick_builds

    assert builds_quickly(home, parsed, built_database)
    hits = kill_quick_builds(6, home, parsed, built_database, random.Random(3), Console(quiet=True))
    assert sum(hits.values()) == 6


def builds_quickly(home: Home, parsed: Path, prepared: Path) -> bool:
    with quick_stages(prepared):
        return builds.build_warehouse(home, parsed).is_published


def test_readers_meet_no_error_while_releases_come_and_go(built_database: Path, tmp_path: Path) -> None:
    from benchmarks.publish_proof import KINDS, prove

    totals, _ = prove(15, 1, built_database, tmp_path, 2, Console(quiet=True))
    assert all(totals[f"{kind} answers"] > 0 for kind in KINDS)


def test_dbt_ends_with_its_parent() -> None:
    """A build that is killed must not leave a dbt that writes on beside the next build's."""
    waits = """
import threading, time
from yusuan import child_programs
threading.Thread(target=child_programs.end_with_parent).start()
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", waits], cwd=PROJECT, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.poll() is None
        child.stdin.close()  # as the system does for a process that dies
        assert child.wait(timeout=20) == 1


def _drop_document(parsed: Path, kind: str) -> str:
    """Take a document out of the folder and its index, as somebody does who means it."""
    path = next(parsed.glob(f"*-{kind}-*.jsonl"))
    path.unlink()
    index = parsed / "index.csv"
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with index.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row for row in rows if row[0] != path.stem)
    return path.stem


def test_what_changed_since_the_release_before_is_told(
    home: Home, run: Run, parsed: Path, built_database: Path, tmp_path: Path
) -> None:
    """A document gone, a figure, a code and a verdict changed: all in rpt_changes, the summary and the code."""
    assert run("build").exit_code == 0
    with duckdb.connect(home.published_database.resolve()) as connection:
        # The release before said otherwise, so that the one of now has changed.
        figure = connection.execute(
            """
            update marts.fct_amounts set amount_yuan = amount_yuan + 1, printed_amount = 'x'
            where (document_id, line_no, block_no, column_code) in (
                select (document_id, line_no, block_no, column_code) from marts.fct_amounts
                where statement_code = 'b03' order by all limit 1
            ) returning document_id, line_no
            """
        ).fetchone()
        connection.execute(
            """
            update marts.fct_identity_checks set verdict = 'broken'
            where (document_id, identity_id, instance) in (
                select (document_id, identity_id, instance) from marts.fct_identity_checks
                where verdict = 'exact' order by all limit 1
            )
            """
        )
    lost = _drop_document(parsed, "final")
    database = tmp_path / "now" / DATABASE_NAME
    builds.load_parsed_tables(parsed, database)
    outcome = run_dbt(
        ["build", "--select", "+rpt_release", "--resource-type", "seed", "--resource-type", "model"],
        database,
        tmp_path / "target",
        {"build_id": "now", "earlier_database": str(home.published_database.resolve())},
    )
    assert outcome.is_success, outcome.errors
    changes = read_changes(database)
    assert changes.compared_with == current_release(home)
    assert changes.counts == {
        ("document", "removed"): 1,
        ("amount", "changed"): 1,
        ("verdict", "changed"): 1,
    }
    assert [change.document_id for change in changes.examples if change.object_kind == "document"] == [lost]
    told = " ".join(change.describe() for change in changes.examples)
    assert figure is not None
    assert f"{figure[0]}:{figure[1]}" in told
    assert "x → " in told
    assert list_relapses(database) == [], "a verdict that healed is no relapse"


def test_a_verdict_that_got_worse_is_a_relapse(spoil: Callable[..., Path]) -> None:
    database = spoil(
        """
        insert into marts.rpt_changes by name
        select 'verdict' as object_kind, 'changed' as change_kind, document_id, identity_id, instance, line_no,
            'exact' as before_value, 'broken' as after_value
        from marts.fct_identity_checks where verdict = 'exact' order by all limit 1
        """
    )
    (relapse,) = list_relapses(database)
    assert relapse.before == "exact"
    with duckdb.connect(database) as connection:
        connection.execute("update marts.fct_identity_checks set is_explained = true")
    assert list_relapses(database) == [], "what is explained may be published"


def test_the_project_builds_from_end_to_end_with_nothing_unexplained(home: Home) -> None:
    """The one whole build of CI: every model, unit test, data test and expectation, and --strict."""
    command = [sys.executable, "-m", "yusuan.cli", "build", "--strict", "--log-format", "json"]
    result = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [event["stage"] for event in events if event["event"] == "stage_end"] == [
        *("load", "dbt", "expectations", "examine", "publish"),
    ]
    (end,) = [event for event in events if event["event"] == "run_end"]
    assert end["findings_unexplained"] == 0
    read_published(home)
    assert (home.current / "data_docs" / "index.html").is_file()
    assert read_changes(home.published_database).compared_with is None
