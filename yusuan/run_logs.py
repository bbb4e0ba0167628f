"""What a run says while it works: a progress bar, plain lines, or JSON Lines for machines; all on stderr."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from rich.progress import Progress, TaskID

from yusuan.terminals import STAGES, errors, make_progress

LINE_SECONDS = 15.0  # how often a long stage says where it is when nobody can see a bar move


class LogFormat(StrEnum):
    """For whom a run's log is: people, or machines that collect it."""

    TEXT = "text"
    JSON = "json"


class Watcher:
    """Is told what a run does. This one says nothing."""

    def begin_run(self, run_id: str, command: str, **details: Any) -> None:
        """Tell that the warehouse is held and the run begins."""

    def begin_stage(self, stage: str) -> None:
        """Tell that a stage begins: load, dbt, expectations, examine, publish."""

    def advance(self, stage: str, done: int, total: int, name: str) -> None:
        """Tell how far a stage is and what it is at."""

    def end_stage(self, stage: str, seconds: float) -> None:
        """Tell that a stage is over, well or not."""

    def tell(self, level: str, event: str, message: str, **details: Any) -> None:
        """Tell a warning or an error that people read elsewhere."""

    def end_run(self, outcome: str, exit_code: int, seconds: float, **details: Any) -> None:
        """Tell how the run ended."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class BarWatcher(Watcher):
    """Bars that move, for a person at a terminal."""

    def __init__(self) -> None:
        self._progress: Progress = make_progress()
        self._tasks: dict[str, TaskID] = {}

    def begin_stage(self, stage: str) -> None:
        self._progress.start()
        self._tasks[stage] = self._progress.add_task(STAGES[stage], total=None, current="")

    def advance(self, stage: str, done: int, total: int, name: str) -> None:
        current = "" if done == total else name
        self._progress.update(self._tasks[stage], completed=done, total=total, current=current)

    def close(self) -> None:
        self._progress.stop()


class LineWatcher(Watcher):
    """A line when a stage begins, ends, or takes long: for cron's mail and a service's journal."""

    def __init__(self) -> None:
        self._counts: dict[str, str] = {}
        self._spoke = time.monotonic()

    def begin_stage(self, stage: str) -> None:
        self._say(f"{STAGES[stage]} …")

    def advance(self, stage: str, done: int, total: int, name: str) -> None:
        self._counts[stage] = f"{done}/{total}"
        if time.monotonic() - self._spoke > LINE_SECONDS:
            self._say(f"{STAGES[stage]} {done}/{total}")

    def end_stage(self, stage: str, seconds: float) -> None:
        count = f" {self._counts[stage]}" if stage in self._counts else ""
        self._say(f"{STAGES[stage]}{count} {seconds:.1f} s")

    def _say(self, line: str) -> None:
        self._spoke = time.monotonic()
        errors.print(f"{datetime.now():%H:%M:%S} {line}", soft_wrap=True, markup=False)


class JsonWatcher(Watcher):
    """One event a line, each with time, level, event and run_id."""

    def __init__(self) -> None:
        self._run_id: str | None = None

    def begin_run(self, run_id: str, command: str, **details: Any) -> None:
        self._run_id = run_id
        self._write("info", "run_begin", command=command, **details)

    def begin_stage(self, stage: str) -> None:
        self._write("info", "stage_begin", stage=stage)

    def end_stage(self, stage: str, seconds: float) -> None:
        self._write("info", "stage_end", stage=stage, seconds=round(seconds, 3))

    def tell(self, level: str, event: str, message: str, **details: Any) -> None:
        self._write(level, event, message=message, **details)

    def end_run(self, outcome: str, exit_code: int, seconds: float, **details: Any) -> None:
        level = {0: "info", 3: "warning"}.get(exit_code, "error")
        figures = {"outcome": outcome, "exit_code": exit_code, "seconds": round(seconds, 3)}
        self._write(level, "run_end", **figures, **details)

    def _write(self, level: str, event: str, **details: Any) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": level, "event": event, "run_id": self._run_id} | details
        print(json.dumps(line, ensure_ascii=False, default=str), file=sys.stderr, flush=True)


def make_watcher(log_format: LogFormat) -> Watcher:
    if log_format is LogFormat.JSON:
        return JsonWatcher()
    return BarWatcher() if errors.is_terminal else LineWatcher()
