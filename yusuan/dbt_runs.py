"""Run dbt in a child process: in ours it would keep the database locked until we end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from yusuan.child_programs import make_command
from yusuan.places import PROJECT

EXAMPLE_LIMIT = 5
# "Found 73 models, 158 data tests, 19 seeds, 8 sources, 65 unit tests": what a build can run.
_FOUND = re.compile(r"(\d+) (?:models?|data tests?|seeds?|unit tests?)\b")


@dataclass(frozen=True)
class DbtFailure:
    """A model that did not build or a test that failed, with rows that show it."""

    name: str
    status: str
    message: str
    description: str
    columns: tuple[str, ...] = ()
    examples: tuple[tuple[Any, ...], ...] = ()


@dataclass
class DbtOutcome:
    """What a dbt run did: how many nodes, and what did not hold."""

    nodes: int = 0
    errors: list[DbtFailure] = field(default_factory=list)
    warnings: list[DbtFailure] = field(default_factory=list)
    log: str = ""

    @property
    def is_success(self) -> bool:
        return not self.errors


def run_dbt(
    arguments: Sequence[str],
    database: Path,
    target: Path,
    variables: dict[str, str] | None = None,
    on_progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> DbtOutcome:
    """Run a dbt command on ``database`` and return its outcome; never raises for a failing node."""
    target.mkdir(parents=True, exist_ok=True)
    results_path = target / "run_results.json"
    results_path.unlink(missing_ok=True)
    command = [
        *make_command("dbt", *arguments),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT / "profiles")),
        *("--target-path", str(target), "--log-path", str(target / "logs")),
        *("--log-format", "json", "--vars", json.dumps(variables or {})),
    ]
    environment = os.environ | {"YUSUAN_DATABASE": str(database), "PYTHONUNBUFFERED": "1"}
    outcome = DbtOutcome()
    messages: list[str] = []
    invocations: set[str] = set()
    most = sys.maxsize
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,  # never written to: its end tells the child of ours
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = _read_event(line)
            if event is None:
                messages.append(line.rstrip())
                continue
            info, data = event.get("info", {}), event.get("data", {})
            messages.append(str(info.get("msg", "")))
            invocations.add(str(info.get("invocation_id", "")))
            if found := _FOUND.findall(str(info.get("msg", ""))):
                most = sum(map(int, found))
            event_name = str(info.get("name", ""))
            # Hooks are counted by themselves and are no nodes.
            is_node = event_name.startswith("Log") and not event_name.startswith("LogHook")
            if is_node and "index" in data and "total" in data:
                node = data.get("node_info", {}).get("node_name", "")
                done = int(data["index"])
                # dbt 1.11 counts nodes twice where a project has both hooks and unit tests.
                on_progress(done, max(done, min(int(data["total"]), most)), node)
    outcome.log = "\n".join(message for message in messages if message)
    tail = "\n".join(outcome.log.splitlines()[-15:])
    results = _read_results(results_path, invocations)
    if results is None:
        outcome.errors.append(
            DbtFailure(
                "dbt", "error", tail, "dbt 未能完成，没有留下结果。 dbt itself stopped and left no results."
            )
        )
        return outcome
    _collect(outcome, results, target / "manifest.json", database)
    if process.returncode and not outcome.errors:
        outcome.errors.append(DbtFailure("dbt", "error", tail, ""))
    return outcome


def _read_results(path: Path, invocations: set[str]) -> list[dict[str, Any]] | None:
    """Return the results of just this run; None if there are none, or half of them, or another's."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        is_ours = found["metadata"]["invocation_id"] in invocations
        return list(found["results"]) if is_ours else None
    except (OSError, ValueError, KeyError):
        return None


def _read_event(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return None
    return event if isinstance(event, dict) else None


def _collect(outcome: DbtOutcome, results: list[dict[str, Any]], manifest_path: Path, database: Path) -> None:
    nodes = json.loads(manifest_path.read_text(encoding="utf-8"))["nodes"]
    outcome.nodes = len(results)
    for result in results:
        if result["status"] not in ("error", "fail", "warn"):
            continue
        node = nodes.get(result["unique_id"], {})
        columns, examples = _find_examples(database, result)
        failure = DbtFailure(
            name=node.get("name", result["unique_id"]),
            status=result["status"],
            message=str(result.get("message") or ""),
            description=str(node.get("description") or ""),
            columns=columns,
            examples=examples,
        )
        (outcome.warnings if result["status"] == "warn" else outcome.errors).append(failure)


def _find_examples(
    database: Path, result: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """Return rows that a failed data test found: they name document and line."""
    query = result.get("compiled_code")
    if result["status"] == "error" or not query or not result["unique_id"].startswith("test."):
        return (), ()
    try:
        with duckdb.connect(database, read_only=True) as connection:
            cursor = connection.execute(f"select * from ({query}) limit {EXAMPLE_LIMIT}")
            return tuple(column[0] for column in cursor.description or ()), tuple(cursor.fetchall())
    except duckdb.Error:
        return (), ()  # The failure itself is told; its examples are a help only.
