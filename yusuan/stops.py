"""A stop that was asked for (Ctrl-C, ``systemctl stop``, a shutdown) is heeded, whatever was at work.

An exception raised by a signal handler can get lost: DuckDB turns one that reaches it within a query
into ``RuntimeError: Query interrupted``, and a callback of a C library may swallow it. So the wish is
remembered, and looked at wherever a run makes progress.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_asked = Event()


@contextmanager
def hear_stops() -> Iterator[None]:
    """Let both signals end what runs within by KeyboardInterrupt: tidied up and recorded."""
    _asked.clear()
    if current_thread() is not main_thread():  # only the main thread may say what a signal does
        yield
        return
    earlier = [signal.signal(number, _remember) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, earlier, strict=True):
            signal.signal(number, handler)


def _remember(number: int, frame: FrameType | None) -> None:
    _asked.set()
    raise KeyboardInterrupt


def heed_stop() -> None:
    """Raise KeyboardInterrupt if a stop was asked for and its exception got lost."""
    if _asked.is_set():
        raise KeyboardInterrupt


@contextmanager
def heeding_stops() -> Iterator[None]:
    """Let what fails within because of a stop, or outlives one, end by KeyboardInterrupt."""
    try:
        yield
    except Exception as error:
        if _asked.is_set():
            raise KeyboardInterrupt from error
        raise
    heed_stop()
