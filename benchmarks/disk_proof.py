"""Prove that a full disk harms nobody: fill it at several moments of a build, look, make room, build again.

The warehouse is on a small file system of its own (a tmpfs; unprivileged, in a user namespace of Linux),
beside a ballast that leaves so much room that the disk is full at once, in the middle of dbt, or near the
end. Each time the build must end with 1 and say in words that the disk is full, without a traceback; the
published file must be the one before and whole; and when the ballast is gone the next build must publish.

    python -m benchmarks.disk_proof                    # whole builds: six minutes
    python -m benchmarks.disk_proof --room 0           # just one, at once
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.kill_proof import find_stage, start_whole_build
from benchmarks.proofs import read_published, require
from yusuan.places import Home, parsed_folder

SIZE_MB = 400
ROOMS_KB = (0, 2_000, 12_000, 22_000)
INSIDE = "YUSUAN_DISK_PROOF_MOUNTED"


def enter_small_disk(folder: Path) -> int:
    """Run this command again with a small file system mounted on ``folder``; return its exit code.

    Raises OSError where the machine has no ``unshare`` or forbids it; the caller says so and proves nothing.
    """
    mount = f'mount -t tmpfs -o size={SIZE_MB}m tmpfs "$1" && shift && exec "$@"'
    command = [*("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", str(folder))]
    if subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        raise OSError("this machine lets nobody mount a small file system (unshare --user --mount)")
    again = [sys.executable, "-m", "benchmarks.disk_proof", *sys.argv[1:]]
    return subprocess.run([*command, *again], check=False, env=os.environ | {INSIDE: str(folder)}).returncode


def fill(folder: Path, room_kb: int) -> Path:
    """Write a ballast that leaves just ``room_kb`` free."""
    ballast = folder / "ballast"
    state = os.statvfs(folder)
    size = state.f_bavail * state.f_frsize - room_kb * 1024
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return ballast


def prove(folder: Path, rooms: list[int], parsed: Path, console: Console) -> None:
    home = Home(folder / "warehouse")
    with tempfile.TemporaryDirectory() as elsewhere:
        log = Path(elsewhere) / "build.jsonl"

        def build() -> int:
            return start_whole_build(home, parsed, log).wait()

        require(build() in (0, 3), f"the first build fails: {log.read_text(encoding='utf-8')}")
        for room in rooms:
            before = read_published(home)
            ballast = fill(folder, room)
            code = build()
            words = log.read_text(encoding="utf-8")
            stage = find_stage_of_failure(log)
            ballast.unlink()
            require(code == 1, f"with {room} KB of room a build ends with {code}: {words}")
            require("磁盘空间已满" in words and "disk is full" in words, f"nobody says why: {words}")
            require("Traceback" not in words, f"a traceback: {words}")
            require(read_published(home) == before, "another file is published")
            require(build() in (0, 3), f"the build after it fails: {log.read_text(encoding='utf-8')}")
            require(read_published(home).checksum == before.checksum, "the figures differ")
            console.print(f"{room:>7,} KB: {stage}, 1, ✔")


def find_stage_of_failure(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if '"run_end"' not in line]
    log.write_text("\n".join(lines), encoding="utf-8")
    return find_stage(log)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--room", type=int, nargs="*", default=list(ROOMS_KB), metavar="KB", help="room left")
    parser.add_argument("--parsed", type=Path, default=parsed_folder(), help="folder of parsed tables")
    arguments = parser.parse_args()
    console = Console()
    if INSIDE in os.environ:
        prove(Path(os.environ[INSIDE]), arguments.room, arguments.parsed, console)
        console.print(
            "磁盘每次写满后，发布文件完好，腾出空间后构建成功。 Each time the published file was whole."
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(enter_small_disk(Path(folder)))


if __name__ == "__main__":
    main()
