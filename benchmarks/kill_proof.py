"""Prove that a killed build harms nobody: kill it at random moments, look at what is published, build again.

After each kill (SIGKILL, which nothing can catch) the published file must be there, whole, with no other
file beside it and with the same figures; the history must say that the run was killed; and the next build
must publish. Two kinds of builds are killed:

  quick   the real code of load, examine, publish, prune and history; dbt and the expectations are replaced
          by a copy of a database built before, so that the kills fall where a file comes to be published
  whole   `yusuan build` as people run it, dbt's process included; every second kill hits only the parent,
          so that dbt is left an orphan. A kill is followed by the next kill; every fifth by a whole build.

    python -m benchmarks.kill_proof                           # 150 quick, 50 whole: half an hour
    python -m benchmarks.kill_proof --quick 20 --whole 0
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.proofs import (
    Published,
    build_prepared,
    build_quickly,
    fork_quick_build,
    kill_group,
    last_run,
    read_published,
    require,
    wait_for,
)
from yusuan.places import PROJECT, Home, parsed_folder
from yusuan.runs import Outcome

STAGES = ("start", "load", "dbt", "expectations", "examine", "publish", "over")
CHAIN = 5  # whole builds that are killed before one is let through


def find_stage(log: Path) -> str:
    """Return what a run that logged as JSON was at when it ended."""
    stage = "start"
    if not log.exists():
        return stage
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event["event"] == "stage_begin":
            stage = str(event["stage"])
        elif event["event"] == "run_end":
            stage = "over"
    return stage


def check_after_kill(home: Home, before: Published, stage: str) -> None:
    """See that the published file is the one before, or the new one as a whole, with the same figures."""
    found = read_published(home)
    require(found.checksum == before.checksum, f"the figures differ after a kill in {stage}")
    run = last_run(home)
    if stage == "over":
        require(run.outcome is not Outcome.RUNNING, f"{run.run_id} is over and still shows as running")
    elif stage != "start":
        expected = (Outcome.KILLED, Outcome.PUBLISHED)  # the very last moment may have recorded its end
        require(run.outcome in expected, f"{run.run_id} shows as {run.outcome} after a kill in {stage}")


def kill_quick_builds(
    count: int, home: Home, parsed: Path, prepared: Path, randomly: random.Random, console: Console
) -> Counter[str]:
    """Kill ``count`` quick builds, each followed by one that must publish; return where they were hit.

    Of four kills one falls anywhere, three between the last look at the file and the end.
    """
    log = home.folder.parent / "quick.jsonl"
    published = read_published(home)
    started = time.monotonic()
    require(wait_for(fork_quick_build(home, parsed, prepared, log)) in (0, 3), "a quick build fails")
    duration, stages = time.monotonic() - started, last_run(home).stages
    ending = stages["examine"] + stages["publish"]
    hits: Counter[str] = Counter()
    for number in track(range(count), "quick", console=console, disable=not console.is_terminal):
        log.unlink(missing_ok=True)
        process = fork_quick_build(home, parsed, prepared, log)
        if number % 4:
            wait_for_stage(log, "examine")
            time.sleep(randomly.uniform(0, ending))
        else:
            time.sleep(randomly.uniform(0, duration))
        kill_group(process)
        wait_for(process)
        stage = find_stage(log)
        hits[stage] += 1
        check_after_kill(home, published, stage)
        outcome = build_quickly(home, parsed, prepared)
        require(outcome.is_published, f"the build after a kill in {stage} fails: {outcome.problems}")
        require(read_published(home).build_id == outcome.build_id, "another build is published")
    return hits


def wait_for_stage(log: Path, stage: str) -> None:
    deadline = time.monotonic() + 300
    while not log.exists() or f'"stage": "{stage}"' not in log.read_text(encoding="utf-8"):
        require(time.monotonic() < deadline, f"a build does not come to {stage}")
        time.sleep(0.001)


def start_whole_build(home: Home, parsed: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "yusuan.cli", "build", "--log-format", "json", "--parsed", str(parsed)],
            cwd=PROJECT,
            env=os.environ | {"YUSUAN_HOME": str(home.folder)},
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )


def kill_whole_builds(
    count: int, home: Home, parsed: Path, randomly: random.Random, console: Console
) -> Counter[str]:
    """Kill ``count`` whole builds; each fifth is followed by one that must publish."""
    log = home.folder.parent / "whole.jsonl"
    started = time.monotonic()
    require(start_whole_build(home, parsed, log).wait() in (0, 3), f"a whole build fails: {log.read_text()}")
    duration = time.monotonic() - started
    published = read_published(home)
    hits: Counter[str] = Counter()
    for number in track(range(1, count + 1), "whole", console=console, disable=not console.is_terminal):
        process = start_whole_build(home, parsed, log)
        time.sleep(randomly.uniform(0, duration))
        if number % 2:
            kill_group(process.pid)
        else:
            process.send_signal(signal.SIGKILL)
        process.wait()
        stage = find_stage(log)
        hits[stage] += 1
        check_after_kill(home, published, stage)
        if number % CHAIN == 0 or number == count:
            code = start_whole_build(home, parsed, log).wait()
            require(code in (0, 3), f"the build after a kill in {stage} ends with {code}: {log.read_text()}")
            read_published(home)
    return hits


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", type=int, default=150, metavar="N", help="kill N quick builds")
    parser.add_argument("--whole", type=int, default=50, metavar="N", help="kill N whole builds")
    parser.add_argument("--parsed", type=Path, default=parsed_folder(), help="folder of parsed tables")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    arguments = parser.parse_args()
    console = Console()
    randomly = random.Random(arguments.seed)
    table = Table(title="被终止时所处阶段 Killed while at", title_justify="left")
    for heading in ("", "start", "load", "dbt", "expectations", "examine", "publish", "over", "全部 all"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        home = Home(work / "warehouse")
        prepared = build_prepared(arguments.parsed, work / "prepared")
        require(build_quickly(home, arguments.parsed, prepared).is_published, "a quick build fails")
        for kind, hits in (
            (
                "quick",
                kill_quick_builds(arguments.quick, home, arguments.parsed, prepared, randomly, console),
            ),
            ("whole", kill_whole_builds(arguments.whole, home, arguments.parsed, randomly, console))
            if arguments.whole
            else ("whole", Counter[str]()),
        ):
            counts = [hits[stage] for stage in STAGES]
            table.add_row(kind, *map(str, counts), str(sum(counts)))
    console.print(table)
    console.print("每次终止后，发布文件完好，下次构建成功。 After each kill the published file was whole.")


if __name__ == "__main__":
    main()
