"""The command ``yusuan``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.markup import escape

from ingest.issues import IngestError
from ingest.loads import LoadOutcome, load_parsed_tables
from yusuan.build_commands import build, releases, rollback, runs
from yusuan.check_commands import check, require_published
from yusuan.dashboards import dashboard
from yusuan.lookups import UnknownDocument, show_line
from yusuan.parse_commands import parse
from yusuan.places import Home, describe_path, parsed_folder
from yusuan.product_commands import docs, export, report
from yusuan.template_commands import template
from yusuan.terminals import (
    EXIT_FAILED,
    console,
    errors,
    fail,
    make_table,
    show_progress,
)

app = typer.Typer(
    help="预算与决算公开数据仓库 · A warehouse of Chinese public budgets and final accounts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _report_load(outcome: LoadOutcome) -> None:
    for message in outcome.refused:
        fail(message)
    errors.print(
        f"新增 added {len(outcome.added)} · 更新 replaced {len(outcome.replaced)} · "
        f"未变 unchanged {len(outcome.unchanged)} · 拒绝 refused {len(outcome.refused)}"
    )


@app.command()
def load(
    parsed: Annotated[
        Path | None,
        typer.Option(
            help="解析结果文件夹 · folder of parsed tables [default: data/parsed]", show_default=False
        ),
    ] = None,
) -> None:
    """载入解析结果 · Load parsed tables into raw.*, one transaction a document.

    The same document twice changes nothing; a broken file is refused whole and the rest goes on.
    Afterwards a plain `dbt build --profiles-dir profiles` works.
    """
    folder = parsed or parsed_folder()
    database = Home.find().work_database
    if not folder.is_dir():
        fail(f"找不到文件夹 {folder}。 There is no folder {folder}.")
        raise typer.Exit(EXIT_FAILED)
    with show_progress() as progress:
        task = progress.add_task("载入 Loading", total=len(list(folder.glob("*.jsonl"))), current="")
        try:
            outcome = load_parsed_tables(
                folder, database, lambda name: progress.update(task, advance=1, current=name)
            )
        except duckdb.IOException as error:
            fail(f"数据库文件正被占用或无法写入。 The database cannot be opened for writing: {error}")
            raise typer.Exit(EXIT_FAILED) from error
        progress.update(task, current="")
    _report_load(outcome)
    errors.print(f"数据库 Database: {escape(describe_path(database))}")
    if outcome.refused:
        raise typer.Exit(EXIT_FAILED)


for command in (check, parse, template, build, runs, releases, rollback, export, report, docs, dashboard):
    app.command()(command)


@app.command()
def show(
    place: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT:LINE", help="文件标识（或其开头、文件名）:行号 · e.g. gaoping-2026-budget:197"
        ),
    ],
) -> None:
    """查看某一行 · Show a printed line, its place in the star, its verdicts."""
    name, separator, number = place.rpartition(":")
    if not separator or not number.isdigit():
        fail(f"应为 文件:行号，实际为 {place}。 Expected DOCUMENT:LINE, found {place}.")
        raise typer.Exit(2)
    database = Home.find().published_database
    require_published(database)
    try:
        (document_id, unit, title), parts = show_line(database, name, int(number))
    except UnknownDocument as error:
        fail(str(error))
        raise typer.Exit(EXIT_FAILED) from error
    console.print(f"[bold]{escape(unit)}[/] {escape(title)} · {document_id}:{number}")
    titles = {
        "table": "所在表 Table",
        "rows": "所印各行 As printed",
        "amounts": "金额 Amounts (fct_amounts)",
        "counts": "统计数 Counts (fct_statistics)",
        "identities": "勾稽关系 Identities",
        "issues": "读取问题 Issues",
    }
    if not any(found.rows for found in parts.values()):
        console.print("该行不在任何公开表内。 The line stands in no official table.")
        return
    for part, found in parts.items():
        if found.rows:
            console.print(make_table(found, titles[part]))


def main() -> None:
    """Run the command line; a template that breaks the rules is a message, not a traceback."""
    try:
        app()
    except IngestError as error:
        fail(str(error))
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
