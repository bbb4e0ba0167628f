"""One build at a time: a lock that names its holder and ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from yusuan.places import Home

# `yusuan runs` looks at the lock by taking it, shared, for an instant: that must not refuse a build.
GRACE_SECONDS = 1.0


@dataclass(frozen=True)
class Holder:
    """Who holds the warehouse, since when (UTC), for which run."""

    process: int
    host: str
    started: str
    command: str
    run_id: str

    @classmethod
    def me(cls, command: str, run_id: str) -> Holder:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(os.getpid(), socket.gethostname(), started, command, run_id)

    def describe(self) -> tuple[str, str]:
        """Return who it is, in Chinese and in English."""
        return (
            f"{self.host} 上的进程 {self.process}（yusuan {self.command}），自 {self.started} 起",
            f"process {self.process} on {self.host} (yusuan {self.command}), since {self.started}",
        )


class BuildInProgress(Exception):
    """Another process holds the warehouse; ``holder`` is None if it has not said who it is."""

    def __init__(self, holder: Holder | None) -> None:
        self.holder = holder
        super().__init__(" · ".join(describe_holder(holder)))


def describe_holder(holder: Holder | None) -> tuple[str, str]:
    return holder.describe() if holder else ("另一进程", "another process")


def _lock_path(home: Home) -> Path:
    return home.folder / "build.lock"


@contextmanager
def hold_warehouse(
    home: Home,
    me: Holder,
    *,
    is_patient: bool = False,
    on_wait: Callable[[Holder | None], None] = lambda holder: None,
) -> Iterator[None]:
    """Hold the right to build, publish and roll back.

    Raises BuildInProgress, naming the holder, if another has it; ``is_patient`` waits instead and says
    for whom. The lock is the operating system's: a file that a killed process left blocks nobody.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_lock_path(home), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(home, descriptor, is_patient, on_wait)
        _write_holder(descriptor, json.dumps(asdict(me)))
        try:
            yield
        finally:
            _write_holder(descriptor, "")
    finally:
        os.close(descriptor)


def _take(home: Home, descriptor: int, is_patient: bool, on_wait: Callable[[Holder | None], None]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    waiting_for: list[Holder | None] = []
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
        holder = _read_holder(home)
        if not is_patient:
            raise BuildInProgress(holder)
        if waiting_for != [holder]:
            waiting_for = [holder]
            on_wait(holder)
        time.sleep(0.5)


def _write_holder(descriptor: int, text: str) -> None:
    # The name is a courtesy to whoever comes next: a full disk must not keep a build from trying.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)


def _read_holder(home: Home) -> Holder | None:
    try:
        return Holder(**json.loads(_lock_path(home).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def find_holder(home: Home) -> tuple[bool, Holder | None]:
    """Return whether the warehouse is held now, and by whom as far as that is known."""
    try:
        descriptor = os.open(_lock_path(home), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False, None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True, _read_holder(home)
    else:
        return False, None
    finally:
        os.close(descriptor)
