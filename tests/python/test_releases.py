"""Publishing survives a kill at every step; releases are pruned, spared and gone back to; one build at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import pytest

from benchmarks.proofs import fork, wait_for
from yusuan.locks import BuildInProgress, Holder, find_holder, hold_warehouse
from yusuan.places import DATABASE_NAME, Home
from yusuan.releases import (
    NoSuchRelease,
    UnsoundFile,
    current_release,
    describe_releases,
    examine_database,
    find_earlier_release,
    is_disk_full,
    list_releases,
    prune_releases,
    publish,
    remove_leftovers,
    roll_back,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "warehouse")


def _build(home: Home, build_id: str) -> str:
    """Put a finished build where a build leaves it, small and real."""
    database = home.building(build_id) / DATABASE_NAME
    (database.parent / "data_docs").mkdir(parents=True)
    (database.parent / "data_docs" / "index.html").write_text(build_id)
    with duckdb.connect(database) as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.rpt_release as
            select ? as build_id, current_timestamp::timestamp as built_at, 1 as documents, 2 as amounts,
                0 as identities_broken
            """,
            [build_id],
        )
    return build_id


def _publish(home: Home, *build_ids: str, keep: int = 5) -> None:
    for build_id in build_ids:
        publish(home, _build(home, build_id), keep)


def _read(home: Home) -> str:
    with duckdb.connect(home.published_database, read_only=True) as connection:
        row = connection.execute("select build_id from marts.rpt_release").fetchone()
    assert row is not None
    return str(row[0])


def test_a_build_is_published_whole(home: Home) -> None:
    _publish(home, "a")
    assert _read(home) == current_release(home) == "a"
    assert not list((home.folder / "building").iterdir())
    _publish(home, "b")
    assert _read(home) == "b"
    assert (home.current / "data_docs" / "index.html").read_text() == "b"


# The calls by which publishing changes what is on the disk.
CALLS = ("mkdir", "rename", "replace", "symlink", "fsync", "unlink", "rmdir")


def _die_at(step: int, work: Callable[[], object]) -> int:
    """Run ``work`` in a child that is killed just before its ``step``-th change of the disk."""

    def run() -> int:
        left = step
        for name in CALLS:
            real = getattr(os, name)

            def counted(*arguments: object, real: Callable[..., object] = real, **options: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **options)

            setattr(os, name, counted)
        work()
        return 0

    return wait_for(fork(run))


def test_a_kill_before_any_step_of_publishing_leaves_the_old_release_or_the_new(home: Home) -> None:
    def make(build_id: str) -> str:
        building = home.building(build_id)
        (building / "data_docs").mkdir(parents=True)
        (building / DATABASE_NAME).write_text(build_id)  # publishing moves a file and never looks into it
        return build_id

    def publish_next(build_id: str) -> None:
        publish(home, make(build_id), keep=2)

    publish_next("00")
    publish_next("00-next")
    killed = 0
    for step in range(1, 30):
        before, build_id = current_release(home), make(f"{step:02}")
        code = _die_at(step, partial(publish, home, build_id, keep=2))
        assert code in (0, -signal.SIGKILL)
        assert home.published_database.read_text() in (before, build_id), f"killed before step {step}"
        killed += code != 0
        # What the next build does first, and then it publishes.
        remove_leftovers(home)
        publish_next(f"{step:02}-next")
        assert home.published_database.read_text() == f"{step:02}-next"
        assert sorted(path.name for path in home.folder.iterdir()) == ["building", "current", "releases"]
        assert len(list_releases(home)) == 2
    assert killed > 10, "publishing has fewer steps than it had: are they still seen?"
    assert killed < 29, "publishing has more steps than were tried"


def test_a_disk_that_takes_no_link_leaves_the_release_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(home, "a")
    _build(home, "b")

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "symlink", refuse)
    with pytest.raises(OSError, match="No space") as caught:
        publish(home, "b")
    assert is_disk_full(caught.value)
    assert _read(home) == "a"
    assert list_releases(home) == ["a"]
    assert (home.building("b") / DATABASE_NAME).is_file(), "a build that failed is kept for looking into"


def test_the_newest_releases_stay(home: Home) -> None:
    _publish(home, "a", "b", "c", "d", keep=2)
    assert list_releases(home) == ["c", "d"]
    assert not (home.folder / "removed").exists()


def test_the_current_release_is_not_pruned_however_old(home: Home) -> None:
    _publish(home, "a", "b", "c")
    roll_back(home, "a")
    prune_releases(home, keep=1)
    assert list_releases(home) == ["a"]


READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
connection.execute("set memory_limit = '80MB'")
connection.execute("set threads = 1")
connection.execute("set enable_progress_bar = false")
print("open", flush=True)
sys.stdin.readline()
print(connection.execute("select build_id from marts.rpt_release").fetchone()[0], flush=True)
sys.stdin.readline()
connection.execute('''
    select max(place) from (
        select row_number() over (order by hash(range), repeat('x', 200) || range) as place from range(400000)
    )
''').fetchall()
print("sorted", flush=True)
"""


def test_a_release_that_a_reader_has_open_is_spared_until_it_is_closed(home: Home) -> None:
    _publish(home, "a")
    database = home.published_database.resolve()
    command = [sys.executable, "-c", READER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        _publish(home, "b", "c", "d", keep=2)
        assert list_releases(home) == ["a", "c", "d"]
        assert [release.is_open for release in describe_releases(home)] == [True, False, False]
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "a\n"
        # A sort that does not fit in memory needs the folder of the file; that is why the release stays.
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "sorted\n"
    _publish(home, "e", keep=2)
    assert list_releases(home) == ["d", "e"]


def test_an_open_file_outlives_its_release(home: Home) -> None:
    """Where nobody can see that it is read (a network disk), a reader that has begun still ends well."""
    _publish(home, "a")
    connection = duckdb.connect(home.published_database.resolve(), read_only=True)
    # In one process a lock is no hindrance, so this release goes though it is open.
    _publish(home, "b", keep=1)
    assert list_releases(home) == ["b"]
    assert connection.execute("select build_id from marts.rpt_release").fetchall() == [("a",)]
    assert _read(home) == "b"
    connection.close()


def test_going_back_is_one_swap_and_goes_further_back_each_time(home: Home) -> None:
    _publish(home, "a", "b", "c")
    assert find_earlier_release(home, set()) == "b"
    assert roll_back(home, "b") == "c"
    assert _read(home) == "b"
    assert find_earlier_release(home, {"c"}) == "a"
    _publish(home, "d")
    assert find_earlier_release(home, {"c"}) == "b", "who went back from c does not want it again"


def test_what_is_not_there_or_not_whole_is_not_gone_back_to(home: Home) -> None:
    _publish(home, "a", "b")
    with pytest.raises(NoSuchRelease, match="a, b"):
        roll_back(home, "x")
    (home.releases / "a" / DATABASE_NAME).write_bytes(b"half a file")
    with pytest.raises(UnsoundFile):
        roll_back(home, "a")
    assert _read(home) == "b"
    assert [release.built_at is None for release in describe_releases(home)] == [True, False]
    with pytest.raises(NoSuchRelease):
        find_earlier_release(home, {"a"})


def test_a_file_is_examined_before_it_is_published(home: Home) -> None:
    database = home.building("a") / DATABASE_NAME
    _build(home, "a")
    examine_database(database, "a")
    with pytest.raises(UnsoundFile, match="should be one row, b"):
        examine_database(database, "b")
    database.with_name(f"{DATABASE_NAME}.wal").touch()
    with pytest.raises(UnsoundFile, match="wal"):
        examine_database(database, "a")


def test_the_lock_names_its_holder_and_ends_with_its_process(home: Home) -> None:
    def hold() -> int:
        with hold_warehouse(home, Holder.me("build", "first")):
            time.sleep(60)
        return 0

    process = fork(hold)
    deadline = time.monotonic() + 10
    while find_holder(home)[1] is None:
        assert time.monotonic() < deadline
    with pytest.raises(BuildInProgress) as caught, hold_warehouse(home, Holder.me("build", "second")):
        pass
    holder = caught.value.holder
    assert holder is not None
    assert (holder.process, holder.run_id) == (process, "first")
    chinese, english = holder.describe()
    assert f"进程 {process}" in chinese
    assert f"process {process}" in english
    assert holder.started in english
    os.kill(process, signal.SIGKILL)
    wait_for(process)
    assert "first" in (home.folder / "build.lock").read_text(), "the dead process's file is still there"
    assert find_holder(home) == (False, None)
    with hold_warehouse(home, Holder.me("build", "third")):
        pass


def test_who_is_patient_is_told_for_whom_and_gets_the_lock(home: Home) -> None:
    def hold() -> int:
        with hold_warehouse(home, Holder.me("build", "first")):
            time.sleep(2)
        return 0

    process = fork(hold)
    while find_holder(home)[1] is None:
        time.sleep(0.01)
    told: list[Holder | None] = []
    with hold_warehouse(home, Holder.me("build", "second"), is_patient=True, on_wait=told.append):
        assert wait_for(process) == 0
    assert [holder.run_id for holder in told if holder] == ["first"]


def test_to_look_at_the_lock_does_not_refuse_a_build(home: Home) -> None:
    with hold_warehouse(home, Holder.me("build", "before")):
        pass

    def look() -> int:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            find_holder(home)
        return 0

    process = fork(look)
    for _ in range(20):
        with hold_warehouse(home, Holder.me("build", "x")):
            pass
    assert wait_for(process) == 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), True),
        ("IO Error: Could not write file: No space left on device", True),
        (PermissionError(13, "Permission denied"), False),
        ("Catalog Error: no such table", False),
    ],
)
def test_a_full_disk_is_known_by_number_or_by_words(error: OSError | str, expected: bool) -> None:
    assert is_disk_full(error) is expected
