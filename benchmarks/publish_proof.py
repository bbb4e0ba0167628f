"""Prove that publishing breaks no reader: publish a thousand times under readers in several processes.

Each release is the project's warehouse with marks that must agree: one number in every row of a large
table, a checksum of it in another, and the same number in the name of every unit and in the build's id.
Five kinds of readers ask for them, each in a process of its own:

  short      opens `current/yusuan.duckdb`, asks, closes; as a script does
  resolved   the same by the path behind the symlink; as the recipes of docs/ do
  long       keeps a connection for seconds and asks again and again: the answer must not change, though
             its release is replaced and pruned meanwhile
  sorting    as long, with so little memory that it must write beside the file it reads
  dashboard  a tab of a browser, to one server of `yusuan dashboard`: opens, has the overview drawn again
             and again, closes; a page names every unit and the build, each from a query of its own

No reader may meet an error, an answer that mixes two releases, or one older than what it saw before.

    python -m benchmarks.publish_proof                  # 1,000 times
    python -m benchmarks.publish_proof --publish 50
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.dashboard_sessions import open_session
from benchmarks.proofs import build_prepared, fork, require, wait_for
from dashboards.words import WORDS
from ingest.loads import connect
from yusuan.dashboards import find_port, start_dashboard
from yusuan.places import DATABASE_NAME, Home, parsed_folder
from yusuan.releases import list_releases, publish

ROWS = 60_000
KINDS = ("short", "resolved", "long", "sorting", "dashboard")
LONG_SECONDS = 2.0
MARK = re.compile(rb"(unit|build)-(\d{8})")
# What a page would say had it met no file, half a file, or one of another make.
COMPLAINTS = [words[0].split("{")[0].encode() for key, words in WORDS.items() if key.startswith("error.")]


def make_template(prepared: Path, template: Path) -> None:
    """Copy the marts of a warehouse, all that the dashboard's first page reads, into a file of their own."""
    with connect(template) as connection:
        connection.execute(f"attach '{prepared}' as prepared (read_only)")
        connection.execute("create schema marts")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'prepared' and schema_name = 'marts'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"create table marts.{table} as from prepared.marts.{table}")


def make_release(home: Home, template: Path, number: int) -> str:
    """Put a finished file into building/, as a build leaves it; return its id."""
    build_id = f"build-{number:08d}"
    database = home.building(build_id) / DATABASE_NAME
    database.parent.mkdir(parents=True)
    shutil.copy(template, database)
    with duckdb.connect(database) as connection:
        connection.execute(
            f"create table marts.facts as select {number} as number, range as row_no from range({ROWS})"
        )
        connection.execute("create table marts.checksums as select ? as checksum", [checksum(number)])
        connection.execute("update marts.dim_units set unit_name = ?", [f"unit-{number:08d}"])
        connection.execute("update marts.rpt_release set build_id = ?", [build_id])
        connection.execute("checkpoint")
    return build_id


def checksum(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def ask(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the release that a connection reads, or raise for a mixed answer."""
    first = connection.execute("select checksum from marts.checksums").fetchall()
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


def look_until(stop: Path, port: int) -> int:
    """Have the dashboard's first page drawn, tab after tab, until ``stop`` exists; return 0."""
    tally = Tally("dashboard")
    while not stop.exists():
        tally.connections += 1
        with open_session(port) as session:
            until = time.monotonic() + LONG_SECONDS
            while time.monotonic() < until:
                for drawing in session.draw():
                    number = read_page(drawing.sent)
                    require(number is not None or not drawing.is_last, "a page drawn to its end lacks a mark")
                    if number is not None:
                        require(number >= tally.newest, f"dashboard: {number} after {tally.newest}")
                        tally.newest = number
                        tally.answers += 1
                    if time.monotonic() > until:
                        break  # the tab is closed, whatever is being drawn
    tally.write(stop.parent)
    return 0


def read_page(page: bytes) -> int | None:
    """Return the number of the release that a page was drawn from; None if it was not drawn to its end.

    Raises ProofFailed for a page of two releases, and for one that complains.
    """
    said = [complaint.decode() for complaint in COMPLAINTS if complaint in page]
    require(not said, f"the page says: {said}")
    marks = set(MARK.findall(page))
    numbers = {int(number) for _, number in marks}
    require(len(numbers) <= 1, f"one page of the releases {sorted(numbers)}")
    return numbers.pop() if len(marks) == len(("unit", "build")) else None


@contextmanager
def serve_dashboard(home: Home) -> Iterator[int]:
    """Run the dashboard's server on a warehouse, as its command does; give its port."""
    port = find_port(None)
    server = start_dashboard(port, home)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def prove(
    count: int, readers: int, prepared: Path, work: Path, keep: int, console: Console
) -> tuple[Counter[str], float]:
    """Publish ``count`` times under ``readers`` processes of each kind; return connections and answers."""
    home = Home(work / "warehouse")
    template = work / DATABASE_NAME
    make_template(prepared, template)
    publish(home, make_release(home, template, 0), keep)
    stop = work / "stop"
    # One that sorts: two that write beside the same file crash each other (duckdb/duckdb#15173), published
    # anew or not; docs/reliability.md says what a reader sets to be safe from it.
    kinds = [kind for kind in KINDS for _ in range(1 if kind == "sorting" else readers)]
    with serve_dashboard(home) as port:
        processes = [
            fork(
                partial(look_until, stop, port)
                if kind == "dashboard"
                else partial(read_until, stop, home, kind)
            )
            for kind in kinds
        ]
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
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        prepared = build_prepared(parsed_folder(), work / "prepared")
        totals, seconds = prove(arguments.publish, arguments.readers, prepared, work, arguments.keep, console)
    table = Table(title=f"发布 {arguments.publish:,} 次 Published, {seconds:.0f} s", title_justify="left")
    for heading in ("读者 Reader", "连接 Connections", "应答 Answers", "出错 Errors", "混杂 Mixed"):
        table.add_column(heading, justify="left" if heading.startswith("读者") else "right")
    for kind in KINDS:
        table.add_row(kind, f"{totals[f'{kind} connections']:,}", f"{totals[f'{kind} answers']:,}", "0", "0")
    console.print(table)


if __name__ == "__main__":
    main()
