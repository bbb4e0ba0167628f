"""``yusuan parse``: documents, folders and patterns to parsed tables, on all cores."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.batches import BatchResult, Outcome, list_documents, parse_documents
from ingest.issues import Severity
from ingest.readers.files import clean_name
from yusuan.places import describe_path, parsed_folder
from yusuan.terminals import EXIT_FAILED, EXIT_FINDINGS, console, errors, fail, note, show_progress

# Up to so many documents are listed one by one; of more, only those that want a look.
_LISTED = 25


def parse(
    documents: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOCUMENT…",
            help="公开文件、文件夹或通配符 · disclosures as published, folders of them, or patterns",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            help="输出文件夹 · folder for the parsed tables [default: data/parsed]", show_default=False
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="未变的文件也重新解析 · read what has not changed, too")
    ] = False,
    parquet: Annotated[
        bool,
        typer.Option(
            "--parquet", help="写成 Parquet，适于大批量 · write Parquet, for thousands of documents"
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="并行进程数 · processes [default: all cores]", show_default=False),
    ] = None,
) -> None:
    """解析公开文件 · Read disclosures and write their parsed tables.

    Text, PDF, XLSX, XLS, HTML and DOCX are told apart by their content. A table that cannot be read is
    set aside with its lines and reasons; the rest is read. What has not changed since it was parsed
    with the same templates is not read again.
    Exit code 0: all read; 3: something was set aside; 1: a document was refused.
    """
    folder = to or parsed_folder()
    found = require_documents(documents)
    started = time.monotonic()
    result = parse_with_progress(found, folder, as_parquet=parquet, again=again, processes=jobs)
    _report(result, time.monotonic() - started)
    errors.print(f"解析结果 Parsed tables: {escape(describe_path(folder))}")
    if result.count("refused"):
        raise typer.Exit(EXIT_FAILED)
    if result.set_aside_count:
        raise typer.Exit(EXIT_FINDINGS)


def require_documents(named: list[Path]) -> list[Path]:
    """Return the documents that are named, in folders and patterns too; end the command if there are none."""
    found = list_documents(named)
    if not found:
        fail("没有找到可读取的文件。 No document of a kind that can be read stands in what was named.")
        raise typer.Exit(EXIT_FAILED)
    return found


def parse_with_progress(found: list[Path], folder: Path, **options: Any) -> BatchResult:
    """Parse documents as `parse_documents` does, saying how far it is, and at once what was refused."""
    with show_progress() as progress:
        task = progress.add_task("解析 Parsing", total=len(found), current="")

        def on_outcome(outcome: Outcome) -> None:
            progress.update(task, advance=1, current=clean_name(outcome.path.name))
            if outcome.status == "refused":
                progress.console.print(f"[bold red]✘[/] {escape(outcome.message)}", soft_wrap=True)
            elif outcome.set_aside and len(found) > _LISTED:
                where = " ".join(outcome.set_aside)
                progress.console.print(
                    f"[bold red]✘[/] {escape(clean_name(outcome.path.name))} 未读取 set aside: {where}",
                    soft_wrap=True,
                )

        result = parse_documents(found, folder, on_outcome=on_outcome, **options)
        progress.update(task, current="")
    return result


def report_issues(result: BatchResult) -> None:
    """Say what was noticed while reading; of many documents only how much."""
    if len(result.outcomes) > _LISTED:
        _report_warnings(result)
        return
    for outcome in result.outcomes:
        for severity, message in outcome.issues:
            (fail if severity is Severity.ERROR else note)(message)


def _report(result: BatchResult, seconds: float) -> None:
    report_issues(result)
    if len(result.outcomes) <= _LISTED:
        _print_documents(result.outcomes)
    _print_summary(result, seconds)


def _report_warnings(result: BatchResult) -> None:
    """Say how many warnings there are: of thousands of documents they would bury what failed."""
    count = Counter(severity for outcome in result.outcomes for severity, _ in outcome.issues)
    if warnings := count[Severity.WARNING]:
        note(f"{warnings} 条提示，详见解析结果。 {warnings} warnings; they stand in the parsed tables.")


def _print_documents(outcomes: list[Outcome]) -> None:
    """One row a document that was read; its name is folded, never cut."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("文件\nDocument", overflow="fold", min_width=22, ratio=1)
    table.add_column("年度\nYear", no_wrap=True)
    for chinese, english in (
        ("表", "Tables"),
        ("未读", "Aside"),
        ("数字", "Figures"),
        ("提示", "Issues"),
        ("秒", "s"),
    ):
        table.add_column(f"{chinese}\n{english}", justify="right", no_wrap=True)
    for outcome in outcomes:
        entry = outcome.document
        if entry is None:
            continue
        kind = {"budget": "预算", "final": "决算"}[entry.document_kind]
        table.add_row(
            f"{escape(clean_name(outcome.path.name))}\n[dim]{escape(entry.printed_unit_name)}[/]",
            f"{entry.fiscal_year} {kind}",
            str(entry.tables),
            str(len(outcome.set_aside)),
            str(entry.amounts),
            str(entry.issues),
            "未变" if outcome.status == "unchanged" else f"{outcome.seconds:.1f}",
        )
    if table.row_count:
        console.print(table)


def _print_summary(result: BatchResult, seconds: float) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    counts = {
        "已读取\nRead": result.count("read"),
        "未变\nUnchanged": result.count("unchanged"),
        "已拒绝\nRefused": result.count("refused"),
        "未读取的表\nTables set aside": result.set_aside_count,
        "数字\nFigures": sum(outcome.document.amounts for outcome in result.outcomes if outcome.document),
    }
    for heading in (*counts, "秒\nSeconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row(*(f"{count:,}" for count in counts.values()), f"{seconds:.1f}")
    console.print(table)
