"""The history of runs is true after kills, torn lines and two at once; watchers say what they are told."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from benchmarks.proofs import fork, wait_for
from yusuan.locks import Holder, find_holder, hold_warehouse
from yusuan.places import Home
from yusuan.run_logs import JsonWatcher, LineWatcher, LogFormat, make_watcher
from yusuan.runs import Outcome, history_path, read_runs, record_begin, record_end


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "warehouse")


def test_a_run_is_told_from_begin_to_end(home: Home) -> None:
    assert read_runs(home) == []
    record_begin(home, "a", "build", parsed="data/parsed")
    record_end(home, "a", Outcome.PUBLISHED, 3, {"load": 0.12345}, documents=5)
    (run,) = read_runs(home)
    assert (run.run_id, run.command, run.outcome, run.exit_code) == ("a", "build", Outcome.PUBLISHED, 3)
    assert run.stages == {"load": 0.123}
    assert run.details == {"parsed": "data/parsed", "documents": 5}
    assert run.seconds is not None
    assert run.seconds >= 0


def test_a_run_that_was_killed_shows_as_killed_and_one_that_works_as_running(home: Home) -> None:
    def work() -> int:
        with hold_warehouse(home, Holder.me("build", "a")):
            record_begin(home, "a", "build")
            time.sleep(60)
        return 0

    process = fork(work)
    while not history_path(home).exists() or find_holder(home)[1] is None:
        time.sleep(0.01)
    assert [run.outcome for run in read_runs(home)] == [Outcome.RUNNING]
    os.kill(process, signal.SIGKILL)
    wait_for(process)
    assert [run.outcome for run in read_runs(home)] == [Outcome.KILLED]


def test_a_torn_line_spoils_no_other(home: Home) -> None:
    record_begin(home, "a", "build")
    with history_path(home).open("a", encoding="utf-8") as file:
        file.write('{"event": "end", "run_id": "a", "outc')  # the disk was full
    record_begin(home, "b", "build")
    record_end(home, "b", Outcome.PUBLISHED, 0)
    assert [(run.run_id, run.outcome) for run in read_runs(home)] == [
        ("a", Outcome.KILLED),
        ("b", Outcome.PUBLISHED),
    ]


def test_lines_of_processes_that_write_at_once_do_not_mix(home: Home) -> None:
    def write(name: str) -> int:
        for number in range(50):
            record_begin(home, f"{name}-{number}", "build", padding="长" * 500)
        return 0

    processes = [fork(lambda name=name: write(name)) for name in "abc"]  # type: ignore[misc]
    assert [wait_for(process) for process in processes] == [0, 0, 0]
    assert len(read_runs(home)) == 150


def test_machines_get_one_event_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    watcher = JsonWatcher()
    watcher.begin_run("a", "build", git_commit="c")
    watcher.begin_stage("load")
    watcher.advance("load", 1, 1, "document")
    watcher.end_stage("load", 0.5)
    watcher.tell("error", "refused", "一行\n两行")
    watcher.end_run("published", 3, 1.0, findings=2)
    written = capsys.readouterr()
    assert written.out == ""
    events = [json.loads(line) for line in written.err.splitlines()]
    assert [event["event"] for event in events] == [
        *("run_begin", "stage_begin", "stage_end", "refused", "run_end"),
    ]
    assert {event["run_id"] for event in events} == {"a"}
    assert [event["level"] for event in events] == ["info", "info", "info", "error", "warning"]
    assert events[-1] | {"outcome": "published", "exit_code": 3, "findings": 2} == events[-1]


def test_without_a_terminal_there_are_lines_and_no_bars(capsys: pytest.CaptureFixture[str]) -> None:
    watcher = make_watcher(LogFormat.TEXT)
    assert isinstance(watcher, LineWatcher)
    watcher.begin_stage("load")
    for done in range(5):
        watcher.advance("load", done + 1, 5, "document")
    watcher.end_stage("load", 0.5)
    watcher.close()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("载入 Loading …")
    assert lines[1].endswith("载入 Loading 5/5 0.5 s")
