"""dbt and Streamlit as child processes that end when their parent does, however that ended.

A build that is killed would leave its dbt behind, writing on while the next build works; a dashboard that
is killed, its server, holding the port. The parent holds the other end of our standard input: when it is
gone, so are we. (Signals would do on Linux only, and not be noticed by all.)

    python -m yusuan.child_programs dbt build …
"""

from __future__ import annotations

import importlib
import os
import sys
import threading

# What is imported only in the child: both take seconds.
PROGRAMS = {"dbt": ("dbt.cli.main", "cli"), "streamlit": ("streamlit.web.cli", "main")}


def make_command(program: str, *arguments: str) -> list[str]:
    """Return the command of a child; it must be given a pipe as standard input that is never written to."""
    return [sys.executable, "-m", __name__, program, *arguments]


def end_with_parent() -> None:
    """Wait for the end of the parent, then end this process at once."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


def main() -> None:
    """Run a program with the arguments given, as its own command would."""
    module, function = PROGRAMS[sys.argv.pop(1)]
    threading.Thread(target=end_with_parent, name="end-with-parent", daemon=True).start()
    getattr(importlib.import_module(module), function)(prog_name=module.split(".")[0])


if __name__ == "__main__":
    main()
