"""The history of runs: one line of JSON when a run begins and one when it ends, appended to a file.

A run that began and did not end is running if it holds the lock, and was killed otherwise: nothing has
to be tidied up after a kill for the history to be true.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from yusuan.locks import find_holder
from yusuan.places import Home


class Outcome(StrEnum):
    """What became of a run."""

    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"  # another run held the warehouse, or there was nothing to go back to
    STOPPED = "stopped"  # by a signal that could be heard: Ctrl-C, systemctl stop
    CRASHED = "crashed"  # an error that nobody foresaw
    KILLED = "killed"
    RUNNING = "running"


@dataclass(frozen=True)
class Run:
    """A run as the history tells it. ``details``: figures, problems, changes, for those who read JSON."""

    run_id: str
    command: str
    process: int
    host: str
    started_at: datetime
    outcome: Outcome
    ended_at: datetime | None = None
    exit_code: int | None = None
    stages: dict[str, float] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


def history_path(home: Home) -> Path:
    return home.folder / "runs.jsonl"


def record_begin(home: Home, run_id: str, command: str, **details: Any) -> None:
    """Write that a run begins. Raises OSError where nothing can be written."""
    _append(
        home,
        {
            "event": "begin",
            "run_id": run_id,
            "command": command,
            "process": os.getpid(),
            "host": socket.gethostname(),
            "at": _now(),
        }
        | details,
    )


def record_end(
    home: Home,
    run_id: str,
    outcome: Outcome,
    exit_code: int,
    stages: dict[str, float] | None = None,
    **details: Any,
) -> None:
    """Write how a run ended. Raises OSError where nothing can be written."""
    stages = {stage: round(seconds, 3) for stage, seconds in (stages or {}).items()}
    _append(
        home,
        {
            "event": "end",
            "run_id": run_id,
            "at": _now(),
            "outcome": outcome,
            "exit_code": exit_code,
            "stages": stages,
        }
        | details,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _append(home: Home, event: dict[str, Any]) -> None:
    """Append a line in one write: lines of two processes never mix, and a torn line spoils no other."""
    home.folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(history_path(home), os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        line = json.dumps(event, ensure_ascii=False, default=str) + "\n"
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":  # a disk was full, or the power went
            line = "\n" + line
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_runs(home: Home) -> list[Run]:
    """Return all runs, oldest first; lines that were torn are passed over."""
    begun: dict[str, dict[str, Any]] = {}
    ended: dict[str, dict[str, Any]] = {}
    for event in _read_events(home):
        (begun if event["event"] == "begin" else ended)[str(event["run_id"])] = event
    is_held, holder = find_holder(home)
    running = holder.run_id if is_held and holder else None
    return [_make_run(event, ended.get(run_id), running) for run_id, event in begun.items()]


def _read_events(home: Home) -> list[dict[str, Any]]:
    try:
        lines = history_path(home).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    events = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and {"event", "run_id", "at"} <= event.keys():
            events.append(event)
    return events


def _make_run(begin: dict[str, Any], end: dict[str, Any] | None, running: str | None) -> Run:
    told = {"event", "run_id", "command", "process", "host", "at", "outcome", "exit_code", "stages"}
    details = {key: value for key, value in (begin | (end or {})).items() if key not in told}
    run_id = str(begin["run_id"])
    unfinished = Outcome.RUNNING if run_id == running else Outcome.KILLED
    return Run(
        run_id=run_id,
        command=str(begin.get("command", "")),
        process=int(begin.get("process", 0)),
        host=str(begin.get("host", "")),
        started_at=datetime.fromisoformat(begin["at"]),
        outcome=Outcome(end["outcome"]) if end else unfinished,
        ended_at=datetime.fromisoformat(end["at"]) if end else None,
        exit_code=end["exit_code"] if end else None,
        stages=end["stages"] if end else {},
        details=details,
    )
