"""What commands say on a terminal: messages, progress, tables; plain lines where there is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from yusuan.lookups import Found

# What a caller can rely on; README.md says the same in words.
EXIT_FAILED = 1  # refused, or not published: something must be mended
EXIT_FINDINGS = 3  # done, and something deserves a look: a table set aside, a broken identity

LINE_WIDTH = 132  # of tables where there is no terminal to say how wide it is


def _make_console(stream: TextIO, is_stderr: bool) -> Console:
    return Console(stderr=is_stderr, highlight=False, width=None if stream.isatty() else LINE_WIDTH)


console = _make_console(sys.stdout, is_stderr=False)
errors = _make_console(sys.stderr, is_stderr=True)


def fail(message: str) -> None:
    errors.print(f"[bold red]✘[/] {escape(message)}", soft_wrap=True)


def note(message: str) -> None:
    errors.print(f"[yellow]•[/] {escape(message)}", soft_wrap=True)


def make_progress() -> Progress:
    """Bars for a person at a terminal; nothing where there is none, for a log cannot take a line back."""
    return Progress(
        SpinnerColumn(finished_text="✔"),
        TextColumn("{task.description:<34}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[current]}"),
        console=errors,
        transient=False,
        disable=not errors.is_terminal,
    )


@contextmanager
def show_progress() -> Iterator[Progress]:
    with make_progress() as progress:
        yield progress


STAGES = {
    "load": "载入 Loading",
    "dbt": "建模与测试 Models and tests",
    "expectations": "数据检查 Expectations",
    "examine": "检查文件 Examining the file",
    "publish": "发布 Publishing",
}


@contextmanager
def show_stages() -> Iterator[Any]:
    with show_progress() as progress:
        tasks: dict[str, Any] = {}

        def on_progress(stage: str, done: int, total: int, name: str) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(STAGES[stage], total=total, current=name)
            progress.update(tasks[stage], completed=done, total=total, current="" if done == total else name)

        yield on_progress


def make_table(found: Found, title: str | None = None) -> Table:
    """Lay rows out as a table, without the columns that are empty throughout."""
    kept = [i for i in range(len(found.columns)) if any(row[i] not in (None, "") for row in found.rows)]
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for index in kept:
        table.add_column(found.columns[index], overflow="fold")
    for row in found.rows:
        table.add_row(*(escape("" if row[i] is None else f"{row[i]}") for i in kept))
    return table
