"""Prove that publishing breaks no reader: publish a thousand times under readers in several processes.

Each release carries a pair that must agree: one number in every row of a large table, and a checksum of
it in another. Four kinds of readers ask for both, each kind in a process of its own:

  short      opens `current/yusuan.duckdb`, asks, closes; as a script does
  resolved   the same by the path behind the symlink; as the recipes of docs/ do
  long       keeps a connection for seconds and asks again and again: the answer must not change, though
             its release is replaced and pruned meanwhile
  sorting    as long, with so little memory that it must write beside the file it reads

No reader may meet an error, an answer that mixes two releases, or one older than what it saw before.

    python -m benchmarks.publish_proof                  # 1,000 times
    python -m benchmarks.publish_proof --publish 50
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.proofs import fork, require, wait_for
from ingest.loads import connect
from yusuan.places import DATABASE_NAME, Home
from yusuan.releases import list_releases, publish

ROWS = 60_000
KINDS = ("short", "resolved", "long", "sorting")
LONG_SECONDS = 2.0


def make_release(home: Home, template: Path, number: int) -> str:
    """Put a finished file into building/, as a build leaves it; return its id."""
    build_id = f"{number:08d}"
    database = home.building(build_id) / DATABASE_NAME
    database.parent.mkdir(parents=True)
    shutil.copy(template, database)
    with duckdb.connect(database) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.facts as select {number} as number, range as row_no from range({ROWS})"
        )
        connection.execute(
            "create table marts.rpt_release as select ? as build_id, ? as checksum",
            [build_id, checksum(number)],
        )
        connection.execute("checkpoint")
    return build_id


def checksum(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def ask(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the release that a connection reads, or raise for a mixed answer."""
    first = connection.execute("select checksum from marts.rpt_release").fetchall()
    facts = connection.execute("select min(number), max(number), count(*) from marts.facts").fetchone()
    assert facts is not None
    least, greatest, rows = facts
    require(least == greatest and rows == ROWS, f"rows of {least} and {greatest}: {rows}")
    require(first == [(checksum(least),)], f"the checksum is not that of {least}")
    return int(least)


def ask_sorting(connection: duckdb.DuckDBPyConnection) -> int:
    """As ``ask``, after a sort that does not fit into the memory allowed."""
    connection.execute("set memory_limit = '80MB'")
    connection.execute("set threads = 1")
    row = connection.execute(
        """
        select min(number), max(number), count(*) from (
            select number, row_number() over (order by hash(row_no + copy), repeat('x', 200) || row_no) as place
            from marts.facts cross join range(8) as copies (copy)
        )
        """
    ).fetchone()
    assert row is not None
    require(row[0] == row[1] and row[2] == ROWS * 8, f"sorting: {row}")
    return int(row[0])


@dataclass
class Tally:
    """What a reader met, handed over as a line in a file."""

    kind: str
    connections: int = 0
    answers: int = 0
    newest: int = 0

    def write(self, folder: Path) -> None:
        text = f"{self.kind} {self.connections} {self.answers}"
        (folder / f"{self.kind}-{os.getpid()}.tally").write_text(text, encoding="utf-8")


def read_until(stop: Path, home: Home, kind: str) -> int:
    """Read as one kind of reader does until ``stop`` exists; return 0, or 1 if anything went wrong."""
    tally = Tally(kind)
    while not stop.exists():
        database = home.published_database if kind == "short" else home.published_database.resolve()
        tally.connections += 1
        with duckdb.connect(database, read_only=True) as connection:
            number = ask(connection)
            tally.answers += 1
            require(number >= tally.newest, f"{kind}: {number} after {tally.newest}")
            tally.newest = number
            until = time.monotonic() + LONG_SECONDS
            while kind in ("long", "sorting") and time.monotonic() < until:
                again = ask_sorting(connection) if kind == "sorting" else ask(connection)
                require(again == number, f"{kind}: {again} where it was {number}")
                tally.answers += 1
    tally.write(stop.parent)
    return 0


def prove(count: int, readers: int, work: Path, keep: int, console: Console) -> tuple[Counter[str], float]:
    """Publish ``count`` times under ``readers`` processes of each kind; return connections and answers."""
    home = Home(work / "warehouse")
    template = work / DATABASE_NAME
    connect(template).close()
    publish(home, make_release(home, template, 0), keep)
    stop = work / "stop"
    # One that sorts: two that write beside the same file crash each other (duckdb/duckdb#15173), published
    # anew or not; docs/reliability.md says what a reader sets to be safe from it.
    kinds = [kind for kind in KINDS for _ in range(1 if kind == "sorting" else readers)]
    processes = [fork(partial(read_until, stop, home, kind)) for kind in kinds]
    started = time.monotonic()
    for number in track(range(1, count + 1), "publish", console=console, disable=not console.is_terminal):
        publish(home, make_release(home, template, number), keep)
    seconds = time.monotonic() - started
    stop.touch()
    codes = [wait_for(process) for process in processes]
    require(not any(codes), f"{sum(map(bool, codes))} readers met an error, see above")
    publish(home, make_release(home, template, count + 1), keep)
    require(len(list_releases(home)) == keep, f"{len(list_releases(home))} releases stay, not {keep}")
    totals: Counter[str] = Counter()
    for path in work.glob("*.tally"):
        kind, connections, answers = path.read_text(encoding="utf-8").split()
        totals[f"{kind} connections"] += int(connections)
        totals[f"{kind} answers"] += int(answers)
    return totals, seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--publish", type=int, default=1000, metavar="N", help="publish N times")
    parser.add_argument(
        "--readers", type=int, default=2, metavar="N", help="N processes of each kind (one sorts)"
    )
    parser.add_argument("--keep", type=int, default=2, metavar="N", help="releases that stay")
    arguments = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as work:
        totals, seconds = prove(arguments.publish, arguments.readers, Path(work), arguments.keep, console)
    table = Table(title=f"发布 {arguments.publish:,} 次 Published, {seconds:.0f} s", title_justify="left")
    for heading in ("读者 Reader", "连接 Connections", "应答 Answers", "出错 Errors", "混杂 Mixed"):
        table.add_column(heading, justify="left" if heading.startswith("读者") else "right")
    for kind in KINDS:
        table.add_row(kind, f"{totals[f'{kind} connections']:,}", f"{totals[f'{kind} answers']:,}", "0", "0")
    console.print(table)


if __name__ == "__main__":
    main()
