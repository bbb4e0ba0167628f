"""Publishing: a file is built aside and swapped in whole, so that no reader ever meets half of one.

A build works in ``building/<build_id>/``. To publish it is: sync every file and folder of it, rename the
folder to ``releases/<build_id>/``, sync both parents, and swap the symlink ``current`` by a rename. What a
kill can leave is a folder in ``building/`` or ``removed/`` or a temporary symlink, which the next build
removes, or a whole release that is not current, which is like any other: usable, listed, pruned in its turn.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import struct
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from yusuan.places import DATABASE_NAME, Home

KEPT_RELEASES = 5


class UnsoundFile(Exception):
    """The finished file is not fit to be published."""


class NoSuchRelease(Exception):
    """There is no release to go back to, or none of that name."""


def make_build_id() -> str:
    """Return a name for a build: when it began, and the process, for two in a second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"


def finish_database(database: Path, build_id: str) -> None:
    """Write everything into the file itself and see that it opens; raise UnsoundFile if not."""
    try:
        with duckdb.connect(database) as connection:
            connection.execute("checkpoint")
    except duckdb.Error as error:
        raise UnsoundFile(str(error)) from error
    examine_database(database, build_id)


def examine_database(database: Path, build_id: str) -> None:
    """See that a file is whole and is the build it is taken for; raise UnsoundFile if not."""
    wal = database.with_name(database.name + ".wal")
    if wal.exists():
        raise UnsoundFile(f"旁有未并入的 {wal.name}。 {wal.name} is left beside the file.")
    try:
        with duckdb.connect(database, read_only=True) as connection:
            releases = connection.execute("select build_id from marts.rpt_release").fetchall()
    except duckdb.Error as error:
        raise UnsoundFile(str(error)) from error
    if releases != [(build_id,)]:
        raise UnsoundFile(
            f"marts.rpt_release 应为 {build_id} 一行，实为 {releases}。 "
            f"marts.rpt_release should be one row, {build_id}; found {releases}."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(home: Home, build_id: str, keep: int = KEPT_RELEASES) -> Path:
    """Make the finished build the current release by one atomic swap; return the published file.

    ``keep``: how many releases stay, the current one among them. Raises OSError, with the build back
    where it was, if the disk does not take it.
    """
    building, release = home.building(build_id), home.releases / build_id
    for path in [*building.rglob("*"), building]:
        _sync(path)
    home.releases.mkdir(parents=True, exist_ok=True)
    os.rename(building, release)
    try:
        _sync(building.parent)
        _sync(home.releases)
        # The folder of releases may be new: `current` must not reach the disk before it does.
        _sync(home.folder)
        swap_current(home, build_id)
    except OSError:
        if current_release(home) != build_id:
            os.rename(release, building)
        raise
    prune_releases(home, keep)
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


def prune_releases(home: Home, keep: int) -> list[str]:
    """Remove the oldest releases beyond ``keep``; return their names.

    The current one stays, and so does one that a reader on this machine has open, until it has not.
    (An open file outlives its name, so elsewhere, on a network disk, a reader that had begun still ends
    well; but one that sorts more than fits in memory puts a folder beside the file.)
    """
    current = current_release(home)
    old = [name for name in list_releases(home) if name != current]
    surplus = old[: max(0, len(old) + 1 - keep)]
    gone = [name for name in surplus if not is_open_elsewhere(home.releases / name / DATABASE_NAME)]
    for name in gone:
        _remove(home, home.releases / name)
    return gone


def _remove(home: Home, folder: Path) -> None:
    """Take a folder away by one rename, then empty it: a kill leaves nothing that looks like a release."""
    removed = home.folder / "removed"
    try:
        removed.mkdir(exist_ok=True)
        shutil.rmtree(removed / folder.name, ignore_errors=True)
        os.rename(folder, removed / folder.name)
    except OSError:
        return  # The next build tries again: being published matters more than being tidy.
    shutil.rmtree(removed, ignore_errors=True)


# struct flock of 64-bit Linux: type, whence, start, length, process
_FLOCK = struct.Struct("@hhqqi4x")


def is_open_elsewhere(database: Path) -> bool:
    """Return whether another process of this machine has the database open (always False off Linux).

    DuckDB holds a lock of the operating system on a file while it has it open. We only ask who would be
    in our way: to take the lock, even for an instant, would turn away a reader that is just opening.
    """
    if sys.platform != "linux":
        return False
    asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        descriptor = os.open(database, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        answer = fcntl.fcntl(descriptor, fcntl.F_GETLK, asked)
        return bool(_FLOCK.unpack(answer)[0] != fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def keep_failed_build(home: Home, build_id: str) -> Path:
    """Move a build that was not published to ``failed/``, for looking into; the earlier one goes."""
    shutil.rmtree(home.failed, ignore_errors=True)
    os.rename(home.building(build_id), home.failed)
    return home.failed / DATABASE_NAME


def drop_failed_build(home: Home, build_id: str) -> None:
    """Remove a build that was not published, and the one before: the disk is full."""
    shutil.rmtree(home.building(build_id), ignore_errors=True)
    shutil.rmtree(home.failed, ignore_errors=True)


def remove_leftovers(home: Home) -> None:
    """Remove what runs left that were killed; called with the warehouse held."""
    shutil.rmtree(home.folder / "building", ignore_errors=True)
    shutil.rmtree(home.folder / "removed", ignore_errors=True)
    for link in home.folder.glob(".current.*"):
        link.unlink(missing_ok=True)


@dataclass(frozen=True)
class Release:
    """A release on the disk, as its own ``marts.rpt_release`` describes it; None where it is unreadable."""

    build_id: str
    size: int
    is_current: bool
    is_open: bool
    built_at: datetime | None = None
    documents: int | None = None
    amounts: int | None = None
    identities_broken: int | None = None


def describe_releases(home: Home) -> list[Release]:
    """Return the releases on the disk, oldest first, with what they hold."""
    current = current_release(home)
    return [_describe_release(home, name, name == current) for name in list_releases(home)]


def _describe_release(home: Home, name: str, is_current: bool) -> Release:
    database = home.releases / name / DATABASE_NAME
    is_open = is_open_elsewhere(database)  # before we open it ourselves
    size = database.stat().st_size
    try:
        with duckdb.connect(database, read_only=True) as connection:
            row = connection.execute(
                "select built_at, documents, amounts, identities_broken from marts.rpt_release"
            ).fetchone()
    except duckdb.Error:
        row = None
    return Release(name, size, is_current, is_open, *(row or ()))


def roll_back(home: Home, build_id: str) -> str | None:
    """Make an earlier release current by one swap; return the one that was.

    Raises NoSuchRelease, with what there is, or UnsoundFile; then nothing has changed.
    """
    releases = list_releases(home)
    if build_id not in releases:
        listed = "、".join(releases) or "无"
        raise NoSuchRelease(
            f"没有版本 {build_id}；现有：{listed}。 There is no release {build_id}; there are: "
            f"{', '.join(releases) or 'none'}."
        )
    examine_database(home.releases / build_id / DATABASE_NAME, build_id)
    before = current_release(home)
    swap_current(home, build_id)
    return before


def find_earlier_release(home: Home, withdrawn: set[str]) -> str:
    """Return the newest release before the current one from which nobody has gone back.

    Raises NoSuchRelease if there is none.
    """
    current = current_release(home)
    earlier = [
        name for name in list_releases(home) if name not in withdrawn and (not current or name < current)
    ]
    if not earlier:
        raise NoSuchRelease(
            "没有更早的版本可退回。 There is no earlier release to go back to (yusuan releases lists what there is)."
        )
    return earlier[-1]


def is_disk_full(error: BaseException | str) -> bool:
    """Return whether an error, or the words of one in a child process, says that the disk is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    words = ("No space left on device", "Disk quota exceeded", "File too large", "out of disk space")
    return any(word in str(error) for word in words)
