"""The command ``check``: what a document's own figures break, what could not be judged, which figure to look at."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.batches import BatchResult
from yusuan.findings import (
    Finding,
    Scorecard,
    Suspect,
    list_findings_of,
    list_suspects,
    read_scorecards,
)
from yusuan.labels import KINDS, say
from yusuan.lookups import Found, UnknownDocument, find_document
from yusuan.parse_commands import parse_with_progress, report_issues, require_documents
from yusuan.places import Home
from yusuan.spreadsheets import BYTE_ORDER_MARK, defuse
from yusuan.terminals import (
    EXIT_FAILED,
    EXIT_FINDINGS,
    console,
    errors,
    fail,
    make_table,
    note,
    show_stages,
)

# The tests of tests/_tests.yml that ask something of a document itself (tag: document).
WARNINGS = {
    "assert_units_name_the_publisher": (
        "表内单位名称与公开单位不符：",
        "A table of units or projects names another unit than the publisher:",
    ),
    "assert_printed_names_are_those_of_their_codes": (
        "科目名称与该年度编码表不符：",
        "A printed name is not that of its code in this year:",
    ),
    "assert_narrative_subjects_are_in_the_tables": (
        "情况说明所述科目不在公开表中：",
        "The narrative names a subject that no table prints:",
    ),
    "assert_every_economic_name_has_a_code": (
        "经济分类科目名称不在编码表内：",
        "The name of an economic item is in no list of codes:",
    ),
    "assert_economic_pairs_are_in_the_crosswalk": (
        "部门与政府经济分类科目的对应不合规定：",
        "A department item stands beside a government item that the crosswalk does not give it:",
    ),
}
OPERANDS_SHOWN = 6  # a total of thirty lines would hide the next finding


class OutputFormat(StrEnum):
    """How findings are printed: for a person, or for a machine."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def check(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOCUMENT…]",
            help="库内文件标识，或待检查的文件、文件夹、通配符 · documents of the warehouse; or files, "
            "folders and patterns to be checked",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="输出格式 · table, json or csv")
    ] = OutputFormat.TABLE,
) -> None:
    """检查勾稽关系 · List the identities that a document's own figures break.

    Differences within rounding that chance hardly makes are listed, too, and are no failures.
    Without DOCUMENT: all of the published warehouse. With files or folders: these, read and judged
    aside, nothing stored. Exit code 0: nothing unexplained (a hint is none); 3: an identity is
    broken and unexplained, or an official table is missing or could not be read; 1: refused.
    """
    named = documents or []
    paths = [Path(name) for name in named if _names_files(name)]
    if paths and len(paths) < len(named):
        others = "、".join(name for name in named if not _names_files(name))
        fail(
            f"没有这些文件，或不应与文件同列：{others}。 Not there, or not to be named beside files: {others}."
        )
        raise typer.Exit(EXIT_FAILED)
    if paths:
        _check_files(paths, output_format)
        return
    database = Home.find().published_database
    require_published(database)
    try:
        with duckdb.connect(database, read_only=True) as connection:
            ids = [find_document(connection, name)[0] for name in named] or None
    except UnknownDocument as error:
        fail(str(error))
        raise typer.Exit(EXIT_FAILED) from error
    if _report(database, ids, output_format):
        raise typer.Exit(EXIT_FINDINGS)


def _names_files(name: str) -> bool:
    return Path(name).exists() or any(char in name for char in "*?[")


def _check_files(paths: list[Path], output_format: OutputFormat) -> None:
    """Judge files aside; what is refused is told, and the rest is judged all the same."""
    found = require_documents(paths)
    with tempfile.TemporaryDirectory() as work:
        result = parse_with_progress(found, Path(work, "parsed"))
        if result.count("refused") == len(found):
            raise typer.Exit(EXIT_FAILED)
        has_findings = _report(_judge_aside(result, Path(work)), None, output_format, is_all_told=True)
    if result.count("refused"):
        raise typer.Exit(EXIT_FAILED)
    if has_findings:
        raise typer.Exit(EXIT_FINDINGS)


def require_published(database: Path) -> None:
    """End the command if there is no published warehouse."""
    if not database.is_file():
        fail("尚未发布数据仓库，请先运行 yusuan build。 Nothing is published yet: run yusuan build first.")
        raise typer.Exit(EXIT_FAILED)


def _judge_aside(result: BatchResult, work: Path) -> Path:
    from yusuan.builds import check_parsed_tables

    with show_stages() as on_progress:
        database, outcome = check_parsed_tables(work / "parsed", work, on_progress)
    if not outcome.is_success:
        fail(f"{outcome.errors[0].name}: {outcome.errors[0].message}")
        raise typer.Exit(EXIT_FAILED)
    report_issues(result)
    for warning in outcome.warnings:
        note(" ".join(WARNINGS.get(warning.name, (warning.name,))))
        errors.print(make_table(Found(warning.columns, warning.examples)))
    return database


def _report(
    database: Path, document_ids: list[str] | None, output_format: OutputFormat, *, is_all_told: bool = False
) -> bool:
    """Print the findings, and how much stands behind them; return whether something deserves a look.

    Of a whole warehouse only the documents that lack tables are told of, unless all are to be (``is_all_told``).
    """
    with duckdb.connect(database, read_only=True) as connection:
        wanted: list[str | None] = [*document_ids] if document_ids else [None]
        findings = [one for name in wanted for one in list_findings_of(connection, name, with_unusual=True)]
        scorecards = [one for name in wanted for one in read_scorecards(connection, name)]
        suspects = {card.document_id: list_suspects(connection, card.document_id) for card in scorecards}
    _print_findings(findings, suspects, output_format)
    is_all_told = is_all_told or document_ids is not None or len(scorecards) == 1
    told = [card for card in scorecards if is_all_told or card.lacks_tables]
    if len(told) > 1:
        errors.print(_make_scorecards_table(told))
    elif told:
        _describe_scorecard(told[0])
    return any(finding.is_failure for finding in findings) or any(card.lacks_tables for card in scorecards)


def _print_findings(
    findings: list[Finding], suspects: dict[str, list[Suspect]], output_format: OutputFormat
) -> None:
    if output_format is OutputFormat.JSON:
        typer.echo(json.dumps(_list_records(findings), ensure_ascii=False, indent=2, default=str))
    elif output_format is OutputFormat.CSV:
        sys.stdout.write(BYTE_ORDER_MARK)
        writer = csv.DictWriter(sys.stdout, _COLUMNS)
        writer.writeheader()
        writer.writerows(
            {key: defuse(value) for key, value in record.items()} for record in _list_records(findings)
        )
    else:
        for key, group in groupby(findings, lambda finding: finding.document_id):
            console.print(_make_findings_table(list(group)))
            for suspect in suspects[key]:
                console.print(_describe_suspect(suspect), soft_wrap=True)
        if not findings:
            console.print("未发现不符的勾稽关系。 No identity is broken.")


_COLUMNS = (
    *(
        "document_id",
        "source_name",
        "page_no",
        "line_no",
        "identity_id",
        "instance",
        "kind",
        "verdict",
        "measure",
        "reported_yuan",
        "computed_yuan",
    ),
    *("difference_yuan", "bound_yuan", "is_explained", "cause", "reported", "computed", "说明", "meaning"),
    *("原因", "explanation", "statement_code", "reason"),
)


def _list_records(findings: list[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "document_id": finding.document_id,
            "source_name": finding.source_name,
            "page_no": finding.page_no,
            "line_no": finding.line_no,
            "identity_id": finding.identity_id,
            "instance": finding.instance,
            "kind": finding.kind,
            "verdict": finding.verdict,
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
            "statement_code": finding.statement_code,
            "reason": finding.reason,
        }
        for finding in findings
    ]


def _make_findings_table(findings: list[Finding]) -> Table:
    """Lay a document's findings out: the line, what is broken with both sides, the difference.

    Both sides stand below the sentence: beside it, five columns are unreadable on a narrow terminal.
    """
    first = findings[0]
    table = Table(
        box=box.SIMPLE_HEAD,
        show_lines=True,
        title=f"{escape(first.printed_unit_name)} {first.fiscal_year} · {escape(first.source_name)} · "
        f"{first.document_id}",
        title_justify="left",
        padding=(0, 1, 0, 0),
    )
    table.add_column("行、页\nLine, page", justify="right", no_wrap=True)
    table.add_column("勾稽关系与两侧数字\nIdentity, and the figures of both sides", overflow="fold", ratio=1)
    table.add_column("差额（界限）\nDifference (bound)", justify="right", no_wrap=True)
    for finding in findings:
        chinese, english = finding.describe()
        is_grave = finding.verdict == "broken" and finding.kind != "hint"
        kind = " ".join(
            say(KINDS, finding.kind) if finding.verdict == "broken" else ("尾差异常", "unusual rounding")
        )
        is_most = finding.kind == "inclusion"
        sides = ("上限 At most", "实为 Found") if is_most else ("报告数 Reported", "计算数 Computed")
        words = [
            f"[bold]{escape(finding.identity_id)}[/] [{'red' if is_grave else 'yellow'}]{kind}[/]",
            escape(chinese),
            escape(english),
            f"[dim]{sides[0]}[/] {_list_operands(finding, 'reported')}",
            f"[dim]{sides[1]}[/] {_list_operands(finding, 'computed')}",
        ]
        if explained := finding.explain():
            words.append(f"[dim]{escape(chr(10).join(explained))}[/]")
        place = "\n".join(filter(None, [str(finding.line_no or ""), _name_page(finding.page_no)]))
        table.add_row(place, "\n".join(words), "\n".join(finding.measure_difference()))
    return table


def _name_page(page_no: int | None) -> str:
    return "" if page_no is None else f"p.{page_no}"


def _list_operands(finding: Finding, side: str) -> str:
    operands = finding.list_side(side)
    left_out = len(operands) - OPERANDS_SHOWN
    shown = operands[:OPERANDS_SHOWN] + ([f"… +{left_out}"] if left_out > 0 else [])
    return escape("; ".join(shown) or "空 blank")


def _describe_suspect(suspect: Suspect) -> str:
    return (
        f"[yellow]?[/] 第 {suspect.line_no} 行 line {suspect.line_no} {_name_page(suspect.page_no)}: "
        f"{escape(' · '.join(filter(None, [suspect.printed_label, suspect.printed_column])))} "
        f"[bold]{escape(suspect.printed_amount)}[/] — 参与的关系中 {suspect.broken_count} 条不符、"
        f"{suspect.sound_count} 条相符，宜先核对 it stands in {suspect.broken_count} broken and "
        f"{suspect.sound_count} sound ones: look here first"
    )


def _describe_scorecard(card: Scorecard) -> None:
    """Say what stands behind the findings: how much was read and judged, and what was not."""
    missing = f" ({card.missing_tables})" if card.missing_tables else ""
    errors.print(
        f"{card.document_id}: 表 tables {card.table_count}，未读取 set aside {card.set_aside_table_count}，"
        f"未见 missing {card.missing_table_count}{missing}；数字 figures {card.figure_count}；"
        f"判断 judged {card.judged_count}：符合 exact {card.exact_count}，尾差 rounding {card.rounding_count}"
        f"（异常 unusual {card.unusual_count}），不符 broken {card.broken_count}"
        f"（已说明 explained {card.explained_count}）；无法判断 not assessable {card.not_assessable_count}",
        soft_wrap=True,
    )


def _make_scorecards_table(cards: list[Scorecard]) -> Table:
    """Lay out for many documents what stands behind the findings, those that deserve a look first."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("文件\nDocument", overflow="fold", min_width=22, ratio=1)
    for chinese, english in (
        ("表", "Tables"),
        ("未读", "Aside"),
        ("未见", "Missing"),
        ("数字", "Figures"),
        ("符合", "Exact"),
        ("尾差", "Rounding"),
        ("不符", "Broken"),
        ("已说明", "Explained"),
    ):
        table.add_column(f"{chinese}\n{english}", justify="right", no_wrap=True)
    for card in sorted(cards, key=lambda card: (-card.broken_count, not card.lacks_tables)):
        missing = f"\n[dim]未见 missing: {escape(card.missing_tables)}[/]" if card.missing_tables else ""
        table.add_row(
            f"{escape(card.source_name)}\n[dim]{escape(card.printed_unit_name)} {card.fiscal_year}[/]{missing}",
            str(card.table_count),
            str(card.set_aside_table_count),
            str(card.missing_table_count),
            str(card.figure_count),
            str(card.exact_count),
            str(card.rounding_count),
            f"[red]{card.broken_count}[/]" if card.broken_count else "0",
            str(card.explained_count),
        )
    return table
