"""Publishing: a file is built aside and swapped in whole, so that no reader ever meets half of one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from yusuan.places import DATABASE_NAME, Home

KEPT_RELEASES = 5


class BuildInProgress(Exception):
    """Another build holds the warehouse."""


class UnsoundFile(Exception):
    """The finished file is not fit to be published."""


@contextmanager
def hold_warehouse(home: Home) -> Iterator[None]:
    """Hold the right to build; raise BuildInProgress, naming the holder, if another does.

    The lock is the operating system's: it ends with its process, however that ends.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    path = home.folder / "build.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise BuildInProgress(holder) from error
        file.seek(0)
        file.truncate()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"process": os.getpid(), "host": socket.gethostname(), "started": started}, file)
        file.flush()
        yield
        file.seek(0)
        file.truncate()


def make_build_id() -> str:
    """Return a name for a build: when it began, and the process, for two in a second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"


def finish_database(database: Path) -> None:
    """Write everything into the file itself and see that it opens; raise UnsoundFile if not."""
    try:
        with duckdb.connect(database) as connection:
            connection.execute("checkpoint")
        wal = database.with_name(database.name + ".wal")
        if wal.exists():
            raise UnsoundFile(f"{wal.name} is left beside the file")
        with duckdb.connect(database, read_only=True) as connection:
            releases = connection.execute("select count(*) from marts.rpt_release").fetchone()
    except duckdb.Error as error:
        raise UnsoundFile(str(error)) from error
    if releases != (1,):
        raise UnsoundFile("marts.rpt_release does not hold just one row")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(home: Home, build_id: str) -> Path:
    """Make the finished build the current release by one atomic swap; return the published file."""
    building = home.building(build_id)
    for path in [*building.rglob("*"), building]:
        _sync(path)
    home.releases.mkdir(parents=True, exist_ok=True)
    os.rename(building, home.releases / build_id)
    _sync(home.releases)
    swap_current(home, build_id)
    _remove_old_releases(home)
    return home.published_database


def swap_current(home: Home, build_id: str) -> None:
    """Point ``current`` at a release; readers see the old one or the new one, never neither."""
    temporary = home.folder / f".current.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("releases") / build_id)
    os.replace(temporary, home.current)
    _sync(home.folder)


def list_releases(home: Home) -> list[str]:
    """Return the builds that can be current, oldest first."""
    if not home.releases.is_dir():
        return []
    return sorted(path.name for path in home.releases.iterdir() if (path / DATABASE_NAME).is_file())


def current_release(home: Home) -> str | None:
    return Path(os.readlink(home.current)).name if home.current.is_symlink() else None


def _remove_old_releases(home: Home) -> None:
    current = current_release(home)
    old = [name for name in list_releases(home) if name != current]
    for name in old[: max(0, len(old) + 1 - KEPT_RELEASES)]:
        shutil.rmtree(home.releases / name, ignore_errors=True)


def keep_failed_build(home: Home, build_id: str) -> Path:
    """Move a build that was not published to ``failed/``, for looking into; the earlier one goes."""
    shutil.rmtree(home.failed, ignore_errors=True)
    home.failed.parent.mkdir(parents=True, exist_ok=True)
    os.rename(home.building(build_id), home.failed)
    return home.failed / DATABASE_NAME


def remove_unfinished_builds(home: Home) -> None:
    """Remove what builds left that were killed; called with the warehouse held."""
    shutil.rmtree(home.folder / "building", ignore_errors=True)


@dataclass(frozen=True)
class Relapse:
    """A verdict that was sound in the release before and is broken now, its document unchanged."""

    document_id: str
    identity_id: str
    instance: str
    line_no: int | None
    before: str


def find_relapses(home: Home, database: Path) -> list[Relapse]:
    """Compare verdicts with those of the current release: an unchanged document cannot get worse."""
    if not home.published_database.is_file():
        return []
    with duckdb.connect(database, read_only=True) as connection:
        # The path is ours (the release folder), not a document's; attach takes no parameters.
        earlier = str(home.published_database.resolve()).replace("'", "''")
        connection.execute(f"attach '{earlier}' as earlier (read_only)")
        rows = connection.execute(
            """
            select now.document_id, now.identity_id, now.instance, now.line_no, before.verdict
            from marts.fct_identity_checks as now
            inner join earlier.marts.fct_identity_checks as before
                on
                    now.document_id = before.document_id
                    and now.identity_id = before.identity_id
                    and now.instance = before.instance
            where now.verdict = 'broken' and before.verdict in ('exact', 'rounding')
            order by now.document_id, now.line_no, now.identity_id
            """
        ).fetchall()
    return [Relapse(*row) for row in rows]
