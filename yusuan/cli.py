"""The command ``yusuan``."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.batches import parse_documents
from ingest.issues import IngestError
from ingest.loads import LoadOutcome, load_parsed_tables
from yusuan.build_commands import build, releases, rollback, runs
from yusuan.dashboards import dashboard
from yusuan.findings import Finding, list_findings
from yusuan.lookups import UnknownDocument, show_line
from yusuan.parse_commands import parse
from yusuan.places import Home, describe_path, parsed_folder
from yusuan.product_commands import docs, export, report
from yusuan.spreadsheets import BYTE_ORDER_MARK, defuse
from yusuan.template_commands import template
from yusuan.terminals import (
    EXIT_FAILED,
    EXIT_FINDINGS,
    console,
    errors,
    fail,
    make_table,
    note,
    show_progress,
    show_stages,
)

app = typer.Typer(
    help="预算与决算公开数据仓库 · A warehouse of Chinese public budgets and final accounts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


class OutputFormat(StrEnum):
    """How findings are printed: for a person, or for a machine."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


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


for command in (parse, template, build, runs, releases, rollback, export, report, docs, dashboard):
    app.command()(command)


@app.command()
def check(
    document: Annotated[
        str | None,
        typer.Argument(
            metavar="[DOCUMENT]",
            help="文件标识，或待检查的文本 · a document of the warehouse, or a text to be checked",
        ),
    ] = None,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="输出格式 · table, json or csv")
    ] = OutputFormat.TABLE,
) -> None:
    """检查勾稽关系 · List the identities that a document's own figures break.

    Without DOCUMENT: all of the published warehouse. With the path of a text: that text, read and
    judged aside, nothing stored. Exit code 0: nothing unexplained; 3: something is; 1: refused.
    """
    home = Home.find()
    if document is not None and Path(document).exists():
        with tempfile.TemporaryDirectory() as work:
            findings = _check_text(Path(document), Path(work))
    else:
        database = home.published_database
        _require_published(database)
        document_id = None
        if document is not None:
            from yusuan.lookups import find_document

            try:
                with duckdb.connect(database, read_only=True) as connection:
                    document_id = find_document(connection, document)[0]
            except UnknownDocument as error:
                fail(str(error))
                raise typer.Exit(EXIT_FAILED) from error
        findings = list_findings(database, document_id)
    _print_findings(findings, output_format)
    if any(finding.is_failure for finding in findings):
        raise typer.Exit(EXIT_FINDINGS)


def _require_published(database: Path) -> None:
    if not database.is_file():
        fail("尚未发布数据仓库，请先运行 yusuan build。 Nothing is published yet: run yusuan build first.")
        raise typer.Exit(EXIT_FAILED)


def _check_text(path: Path, work: Path) -> list[Finding]:
    from yusuan.builds import check_parsed_tables

    (read,) = parse_documents([path], work / "parsed", processes=1).outcomes
    if read.status == "refused":
        fail(read.message)
        raise typer.Exit(EXIT_FAILED)
    with show_stages() as on_progress:
        database, outcome = check_parsed_tables(work / "parsed", work, on_progress)
    if not outcome.is_success:
        fail(f"{outcome.errors[0].name}: {outcome.errors[0].message}")
        raise typer.Exit(EXIT_FAILED)
    for _, message in read.issues:
        note(message)
    return list_findings(database)


def _print_findings(findings: list[Finding], output_format: OutputFormat) -> None:
    records = [
        {
            "document_id": finding.document_id,
            "line_no": finding.line_no,
            "identity_id": finding.identity_id,
            "instance": finding.instance,
            "kind": finding.kind,
            "measure": finding.measure,
            "reported_yuan": finding.reported_yuan,
            "computed_yuan": finding.computed_yuan,
            "difference_yuan": finding.difference_yuan,
            "bound_yuan": finding.bound_yuan,
            "is_explained": finding.is_explained,
            "cause": finding.known_cause,
            "reported": "; ".join(finding.list_side("reported")),
            "computed": "; ".join(finding.list_side("computed")),
            "说明": finding.describe()[0],
            "meaning": finding.describe()[1],
            "原因": finding.known_explanation,
            "explanation": finding.known_explanation_en,
        }
        for finding in findings
    ]
    if output_format is OutputFormat.JSON:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2, default=str))
    elif output_format is OutputFormat.CSV:
        columns = [
            *("document_id", "line_no", "identity_id", "instance", "kind", "measure", "reported_yuan"),
            *("computed_yuan", "difference_yuan", "bound_yuan", "is_explained", "cause", "reported"),
            *("computed", "说明", "meaning", "原因", "explanation"),
        ]
        sys.stdout.write(BYTE_ORDER_MARK)
        writer = csv.DictWriter(sys.stdout, columns)
        writer.writeheader()
        writer.writerows({key: defuse(value) for key, value in record.items()} for record in records)
    elif not findings:
        console.print("未发现不符的勾稽关系。 No identity is broken.")
    else:
        console.print(_make_findings_table(findings))


OPERANDS_SHOWN = 6  # a total of thirty lines would hide the next finding


def _list_operands(finding: Finding, side: str) -> str:
    operands = finding.list_side(side)
    left_out = len(operands) - OPERANDS_SHOWN
    shown = operands[:OPERANDS_SHOWN] + ([f"… +{left_out}"] if left_out > 0 else [])
    return escape("\n".join(shown) or "空 blank")


def _make_findings_table(findings: list[Finding]) -> Table:
    """Lay findings out: where, which identity and what it means, both sides with their lines."""
    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    for heading in (
        "行\nLine",
        "勾稽关系\nIdentity",
        "报告数（行：项目）\nReported",
        "计算数（行：项目）\nComputed",
    ):
        table.add_column(heading, overflow="fold")
    for heading in ("差额（元）\nDifference", "尾差界限\nBound"):
        table.add_column(heading, justify="right")
    for finding in findings:
        chinese, english = finding.describe()
        explained = (
            f"\n[dim]{escape(chr(10).join(finding.explain() or ()))}[/]" if finding.is_explained else ""
        )
        difference, bound = finding.difference_yuan, finding.bound_yuan
        table.add_row(
            f"{finding.document_id}\n{finding.line_no}",
            f"[bold]{escape(finding.identity_id)}[/]\n{escape(chinese)}\n{escape(english)}{explained}",
            _list_operands(finding, "reported"),
            _list_operands(finding, "computed"),
            "" if difference is None else f"{difference:,}",
            "" if bound is None else f"{bound:,.2f}",
        )
    return table


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
    _require_published(database)
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
