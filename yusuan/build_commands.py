"""The commands that make releases: ``yusuan build``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from yusuan.findings import Finding
from yusuan.lookups import Found
from yusuan.places import Home, describe_path, parsed_folder
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


def build(
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="有未说明的不符即不发布 · do not publish while a broken identity is unexplained"
        ),
    ] = False,
    parsed: Annotated[
        Path | None,
        typer.Option(
            help="解析结果文件夹 · folder of parsed tables [default: data/parsed]", show_default=False
        ),
    ] = None,
) -> None:
    """构建并发布数据仓库 · Build the warehouse in a new file and publish it.

    Loads the parsed tables, builds and tests the models, checks the expectations, and swaps the new
    file in; if anything that blocks fails, the published file stays as it was.
    Exit code 0: all is well; 3: published, with broken identities or tables set aside; 1: not published.
    """
    # dbt and Great Expectations take seconds to import; the other commands do without.
    from yusuan.builds import build_warehouse, summarise
    from yusuan.releases import BuildInProgress

    logging.disable(logging.WARNING)
    home = Home.find()
    folder = parsed or parsed_folder()
    try:
        with show_stages() as on_progress:
            outcome = build_warehouse(home, folder, is_strict=strict, on_progress=on_progress)
    except BuildInProgress as error:
        fail(f"另一构建正在进行：{error}。 Another build holds the warehouse: {error}.")
        raise typer.Exit(EXIT_FAILED) from error
    _report_problems(outcome)
    for finding in outcome.findings:
        _report_finding(finding)
    if not outcome.is_published:
        kept = home.published_database
        stays = (
            f"原发布文件未改动：{describe_path(kept)}。 The published file stays as it was."
            if kept.is_file()
            else "尚无发布文件。 Nothing has been published yet."
        )
        fail(f"未发布。 Not published. {stays}")
        if outcome.database.is_file():
            errors.print(
                f"可供查看的未发布文件 The failed build, for looking into: {describe_path(outcome.database)}"
            )
        raise typer.Exit(EXIT_FAILED)
    summary = summarise(outcome.database)
    _print_summary(outcome.database, summary)
    if outcome.unexplained or summary.tables_set_aside:
        raise typer.Exit(EXIT_FINDINGS)


PROBLEMS = {
    "parsed_tables_refused": "解析结果有误 Parsed tables were refused",
    "nothing_to_load": "没有可载入的解析结果 There are no parsed tables to load",
    "dbt_failed": "模型或测试未通过 A model or test failed",
    "expectations_failed": "数据期望未满足 An expectation that blocks was not met",
    "unexplained_findings": "存在未说明的不符（--strict） Broken identities are unexplained (--strict)",
    "relapsed_verdicts": "文件未变而勾稽由符转为不符 Verdicts got worse though the document is the same",
}


def _report_problems(outcome: Any) -> None:
    for message in outcome.load.refused:
        fail(message)
    for problem in outcome.problems:
        fail(PROBLEMS.get(problem, problem))
    if outcome.dbt is not None:
        for failure in outcome.dbt.errors:
            errors.print(
                f"  [bold]{escape(failure.name)}[/]: {escape(failure.description or failure.message)}"
            )
            if failure.description:
                errors.print(f"  {escape(failure.message)}")
            _print_examples(failure.columns, failure.examples)
        for failure in outcome.dbt.warnings:
            note(f"{failure.name}: {failure.description or failure.message}")
            _print_examples(failure.columns, failure.examples)
    if outcome.expectations is not None:
        for result in outcome.expectations.blocking:
            fail(result.describe())
    for relapse in outcome.relapses:
        errors.print(
            f"  {relapse.document_id}:{relapse.line_no} {relapse.identity_id} {relapse.instance}: "
            f"{relapse.before} → broken"
        )


def _print_examples(columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> None:
    if rows:
        errors.print(make_table(Found(columns, rows)))


def _report_finding(finding: Finding) -> None:
    chinese, english = finding.describe()
    mark = "已说明 explained" if finding.is_explained else "不符 broken"
    place = f"{finding.document_id}:{finding.line_no} {finding.identity_id}"
    errors.print(f"[yellow]≠[/] {escape(place)} [{mark}] {escape(chinese)} {escape(english)}", soft_wrap=True)


FIRST_QUERY = """select documents.fiscal_year, units.unit_name, sum(facts.amount_yuan) / 10000 as 万元
from marts.fct_expenditure_by_subject as facts
join marts.dim_documents as documents using (document_id)
join marts.dim_units as units on facts.unit_id = units.unit_id
group by all order by all;"""


def _print_summary(database: Path, summary: Any) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    grid.add_column()
    names = {"exact": "符合 exact", "rounding": "尾差 rounding", "broken": "不符 broken"}
    grid.add_row("公开文件 Documents", str(summary.documents), f"{summary.units} 个单位 units")
    tables = f"{summary.tables_with_data} 张有数据 with figures"
    if summary.tables_set_aside:
        tables += f"，{summary.tables_set_aside} 张未读取 set aside"
    grid.add_row("公开表 Tables", str(summary.tables), tables)
    grid.add_row("金额 Amounts", f"{summary.amounts:,}", f"另有计数 and counts: {summary.counts}")
    judged = sum(n for verdict, n in summary.verdicts.items() if verdict != "not_assessable")
    verdicts = " · ".join(f"{label} {summary.verdicts.get(verdict, 0)}" for verdict, label in names.items())
    grid.add_row("勾稽关系 Identities", f"{judged:,}", verdicts)
    not_assessable = summary.verdicts.get("not_assessable", 0)
    grid.add_row("", str(not_assessable), "无法判断（如本表无数据） not assessable, with reason")
    console.print(
        Panel(grid, title="数据仓库已发布 The warehouse is published", title_align="left", expand=False)
    )
    console.print(f"文件 File: [bold]{escape(describe_path(database))}[/]", soft_wrap=True)
    docs = database.parent / "data_docs" / "index.html"
    if docs.is_file():
        console.print(f"检查结果页面 Data Docs: {escape(describe_path(docs))}", soft_wrap=True)
    python = describe_path(Path(sys.executable))
    console.print("\n试一试 A first query:", soft_wrap=True)
    command = f"{python} -c \"import duckdb; print(duckdb.connect('{describe_path(database)}', read_only=True).sql('''"
    console.print(escape(f"{command}\n{FIRST_QUERY}\n'''))\""), soft_wrap=True)
