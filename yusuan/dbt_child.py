"""dbt as a child process that ends when its parent does, however that ended.

A build that is killed leaves its dbt behind, and that would go on writing while the next build works.
The parent holds the other end of our standard input: when it is gone, so are we. (Signals would do on
Linux only, and not be noticed by all.)
"""

from __future__ import annotations

import os
import sys
import threading


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


def main() -> None:
    """Run dbt with the arguments given, as its own command would."""
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
