"""Dagster: one job that builds and publishes the warehouse every night. See docs/scheduling.md.

Tried with dagster 1.13.29 in an environment of its own: `dagster job execute -f deploy/yusuan_dagster.py`.
"""

import json
import os
import subprocess
from pathlib import Path

import dagster

PROJECT = Path(os.environ.get("YUSUAN_PROJECT", Path(__file__).resolve().parent.parent))
PUBLISHED = (0, 3)  # 3: published, and something deserves a look


@dagster.op
def build_warehouse(context: dagster.OpExecutionContext) -> None:
    """Build; hand every event on to Dagster's log; fail where nothing was published."""
    command = [str(PROJECT / ".venv" / "bin" / "yusuan"), "build", "--log-format", "json", "--wait"]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                context.log.warning(line.rstrip())
                continue
            log = getattr(context.log, event["level"], context.log.info)
            log(event.get("message") or json.dumps(event, ensure_ascii=False))
            if event["event"] == "run_end":
                context.add_output_metadata({"run": dagster.JsonMetadataValue(event)})
    if process.returncode not in PUBLISHED:
        raise dagster.Failure(f"yusuan build: exit code {process.returncode}")


@dagster.job
def yusuan() -> None:
    build_warehouse()


definitions = dagster.Definitions(
    jobs=[yusuan], schedules=[dagster.ScheduleDefinition(job=yusuan, cron_schedule="30 2 * * *")]
)
