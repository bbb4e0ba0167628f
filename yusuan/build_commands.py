"""The commands that make releases and look after them: build, runs, releases, rollback."""

from __future__ import annotations

import json
import logging
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from yusuan.changes import Changes
from yusuan.findings import Finding
from yusuan.locks import BuildInProgress, Holder, describe_holder, hold_warehouse
from yusuan.lookups import Found
from yusuan.places import Home, describe_path, parsed_folder
from yusuan.releases import (
    KEPT_RELEASES,
    NoSuchRelease,
    UnsoundFile,
    current_release,
    describe_releases,
    find_earlier_release,
    is_disk_full,
    make_build_id,
    roll_back,
)
from yusuan.run_logs import JsonWatcher, LogFormat, Watcher, make_watcher
from yusuan.runs import Outcome, Run, read_runs, record_begin, record_end
from yusuan.stops import hear_stops
from yusuan.terminals import EXIT_FAILED, console, errors, fail, make_table, note

if TYPE_CHECKING:  # dbt and Great Expectations take seconds to import: only a build does
    from yusuan.builds import BuildOutcome, Summary

LogOption = Annotated[
    LogFormat,
    typer.Option(
        "--log-format", envvar="YUSUAN_LOG", help="日志格式 · text for people, json for machines (stderr)"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="以 JSON Lines 输出 · print JSON Lines")]


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
    wait: Annotated[
        bool,
        typer.Option(
            "--wait",
            help="如另一构建正在进行，则等候 · wait for a build that is under way instead of giving up",
        ),
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            min=1,
            envvar="YUSUAN_KEEP_RELEASES",
            help="保留的版本数 · releases that stay, the new one included",
        ),
    ] = KEPT_RELEASES,
    log_format: LogOption = LogFormat.TEXT,
) -> None:
    """构建并发布数据仓库 · Build the warehouse in a new file and publish it.

    Loads the parsed tables, builds and tests the models, checks the expectations, and swaps the new
    file in; if anything that blocks fails, the published file stays as it was.
    Exit code 0: all is well; 3: published, and something deserves a look (broken identities, tables set
    aside, documents gone); 1: not published.
    """
    from yusuan.builds import build_warehouse

    logging.disable(logging.WARNING)
    home = Home.find()
    watcher = make_watcher(log_format)

    is_told = False

    def on_wait(holder: Holder | None) -> None:
        chinese, english = describe_holder(holder)
        _tell(watcher, "info", "waiting", f"等候{chinese}。 Waiting for {english}.")

    def on_end(outcome: BuildOutcome, ended: Outcome) -> None:
        nonlocal is_told
        is_told = ended is not Outcome.CRASHED
        if ended is Outcome.STOPPED:
            _report_stop(home, watcher)
        elif is_told:
            _report_outcome(home, outcome, watcher)

    try:
        with hear_stops():
            outcome = build_warehouse(
                home,
                parsed or parsed_folder(),
                is_strict=strict,
                is_patient=wait,
                keep=keep,
                watcher=watcher,
                on_wait=on_wait,
                on_end=on_end,
            )
    except BuildInProgress as error:
        _refuse_held(watcher, error)
    except OSError as error:
        _tell(watcher, "error", "cannot_write", _describe_os_error(home, error))
        raise typer.Exit(EXIT_FAILED) from error
    except KeyboardInterrupt:
        if not is_told:
            _report_stop(home, watcher)
        raise typer.Exit(EXIT_FAILED) from None
    raise typer.Exit(outcome.exit_code)


def _report_stop(home: Home, watcher: Watcher) -> None:
    stays = _describe_what_stays(home)
    _tell(watcher, "error", "stopped", f"已中止，未发布。 Stopped; nothing was published. {stays}")


def _report_outcome(home: Home, outcome: BuildOutcome, watcher: Watcher) -> None:
    """Say what was found, and what became of the file."""
    _report_problems(outcome, watcher)
    for finding in outcome.findings:
        _report_finding(finding, watcher)
    if outcome.summary is None:
        _tell(watcher, "error", "not_published", f"未发布。 Not published. {_describe_what_stays(home)}")
        if outcome.database.is_file():
            path = describe_path(outcome.database)
            _tell(watcher, "info", "kept", f"可供查看的未发布文件 The failed build, for looking into: {path}")
    elif not isinstance(watcher, JsonWatcher):
        _print_summary(outcome.database, outcome.summary)


def _tell(watcher: Watcher, level: str, event: str, message: str, **details: Any) -> None:
    """Say something once: to machines in their way, to people in theirs."""
    if isinstance(watcher, JsonWatcher):
        watcher.tell(level, event, message, **details)
    elif level == "error":
        fail(message)
    else:
        note(message)


def _refuse_held(watcher: Watcher, error: BuildInProgress) -> None:
    chinese, english = describe_holder(error.holder)
    holder = asdict(error.holder) if error.holder else None
    message = f"数据仓库正被占用：{chinese}。 The warehouse is held by {english}. (--wait 可等候 waits)"
    _tell(watcher, "error", "held", message, holder=holder)
    raise typer.Exit(EXIT_FAILED) from error


def _describe_os_error(home: Home, error: OSError) -> str:
    if is_disk_full(error):
        return f"{PROBLEMS['disk_full']}: {describe_path(home.folder)}"
    return f"无法写入 Cannot write to {describe_path(home.folder)}: {error.strerror or error}"


def _describe_what_stays(home: Home) -> str:
    if home.published_database.is_file():
        path = describe_path(home.published_database)
        return f"原发布文件未改动：{path}。 The published file stays as it was."
    return "尚无发布文件。 Nothing has been published yet."


PROBLEMS = {
    "parsed_tables_refused": "解析结果有误 Parsed tables were refused",
    "nothing_to_load": "没有可载入的解析结果 There are no parsed tables to load",
    "dbt_failed": "模型或测试未通过 A model or test failed",
    "expectations_failed": "数据检查未通过 An expectation that blocks was not met",
    "suite_unsound": "数据检查的定义有误 An expectation suite is unsound",
    "unexplained_findings": "存在未说明的不符（--strict） Broken identities are unexplained (--strict)",
    "relapsed_verdicts": "文件未变，勾稽关系却由相符变为不符 Verdicts got worse though the document is the same",
    "unsound_file": "生成的文件有误 The file that was built is not fit to be published",
    "disk_full": (
        "磁盘空间已满；未完成的文件已删除 The disk is full; the unfinished file was removed. "
        "腾出空间后重试 Make room, then build again"
    ),
    "cannot_write": "无法写入 A file cannot be written",
    "database_error": "数据库出错 The database reports an error",
}


def _report_problems(outcome: BuildOutcome, watcher: Watcher) -> None:
    for message in outcome.load.refused:
        _tell(watcher, "error", "refused", message)
    for problem in outcome.problems:
        words = PROBLEMS.get(problem.code, problem.code)
        _tell(watcher, "error", problem.code, f"{words}: {problem.detail}" if problem.detail else words)
    if outcome.dbt is not None and not any(problem.code == "disk_full" for problem in outcome.problems):
        for failure in outcome.dbt.errors:
            words = "\n  ".join(filter(None, [failure.description, failure.message]))
            _tell(watcher, "error", "dbt_failure", f"{failure.name}: {words}", name=failure.name)
            _print_examples(watcher, failure.columns, failure.examples)
        for failure in outcome.dbt.warnings:
            words = f"{failure.name}: {failure.description or failure.message}"
            _tell(watcher, "warning", "dbt_warning", words, name=failure.name)
            _print_examples(watcher, failure.columns, failure.examples)
    if outcome.expectations is not None:
        for result in outcome.expectations.blocking:
            _tell(watcher, "error", "expectation", result.describe(), id=result.id)
    for relapse in outcome.relapses:
        place = f"{relapse.document_id}:{relapse.line_no} {relapse.identity_id} {relapse.instance}"
        words = "确属原文不符的，在 seeds/known_discrepancies.csv 说明 A true disagreement is explained in the seed"
        _tell(watcher, "error", "relapse", f"{place}: {relapse.before} → broken. {words}")


def _print_examples(watcher: Watcher, columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> None:
    if isinstance(watcher, JsonWatcher):
        for row in rows:
            watcher.tell("info", "example", "", row=dict(zip(columns, row, strict=True)))
    elif rows:
        errors.print(make_table(Found(columns, rows)))


def _report_finding(finding: Finding, watcher: Watcher) -> None:
    chinese, english = finding.describe()
    mark = "已说明 explained" if finding.is_explained else "不符 broken"
    place = f"{finding.document_id}:{finding.line_no} {finding.identity_id}"
    if isinstance(watcher, JsonWatcher):
        level = "warning" if finding.is_failure else "info"
        facts = {"is_explained": finding.is_explained, "cause": finding.known_cause}
        watcher.tell(level, "finding", f"{place} {chinese} {english}", **facts)
    else:
        errors.print(
            f"[yellow]≠[/] {escape(place)} [{mark}] {escape(chinese)} {escape(english)}", soft_wrap=True
        )


FIRST_QUERY = """select documents.fiscal_year, units.unit_name, sum(facts.amount_yuan) / 10000 as 万元
from marts.fct_expenditure_by_subject as facts
join marts.dim_documents as documents using (document_id)
join marts.dim_units as units on facts.unit_id = units.unit_id
group by all order by all;"""


def _print_summary(database: Path, summary: Summary) -> None:
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
    grid.add_row("", str(not_assessable), "无法判断或不适用 not assessable or not owed")
    age = summary.days_since_change
    newest = f"{summary.newest_fiscal_year}" if summary.newest_fiscal_year else "—"
    grid.add_row(
        "最新年度 Newest year", newest, f"文件最近变动于 {age} 天前 documents last changed {age} days ago"
    )
    console.print(
        Panel(grid, title="数据仓库已发布 The warehouse is published", title_align="left", expand=False)
    )
    console.print(f"文件 File: [bold]{escape(describe_path(database))}[/]", soft_wrap=True)
    _print_changes(summary.changes)
    docs = database.parent / "data_docs" / "index.html"
    if docs.is_file():
        console.print(f"检查结果页面 Data Docs: {escape(describe_path(docs))}", soft_wrap=True)
    python = describe_path(Path(sys.executable))
    console.print("\n试一试 A first query:", soft_wrap=True)
    command = f"{python} -c \"import duckdb; print(duckdb.connect('{describe_path(database)}', read_only=True).sql('''"
    console.print(escape(f"{command}\n{FIRST_QUERY}\n'''))\""), soft_wrap=True)


EXAMPLES_SHOWN = 5


def _print_changes(changes: Changes) -> None:
    if changes.compared_with is None:
        return
    words = "；".join(changes.list_words()) or "无 none"
    console.print(
        f"与上一版本相比 Changes since {escape(changes.compared_with)}: {escape(words)}", soft_wrap=True
    )
    shown: dict[tuple[str, str], int] = {}
    for change in changes.examples:
        kind = (change.object_kind, change.change_kind)
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= EXAMPLES_SHOWN:
            console.print(f"  {escape(change.describe())}", soft_wrap=True)
    if any(count > EXAMPLES_SHOWN for count in changes.counts.values()):
        console.print("  … 其余见 the rest is in marts.rpt_changes", soft_wrap=True)


OUTCOMES = {
    Outcome.PUBLISHED: "已发布 published",
    Outcome.NOT_PUBLISHED: "未发布 not published",
    Outcome.ROLLED_BACK: "已退回 rolled back",
    Outcome.REFUSED: "被拒绝 refused",
    Outcome.STOPPED: "已中止 stopped",
    Outcome.CRASHED: "程序出错 crashed",
    Outcome.KILLED: "被强行终止 killed",
    Outcome.RUNNING: "运行中 running",
}


def _show_time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def runs(
    limit: Annotated[int, typer.Option(min=1, help="显示最近几次 · how many of the latest")] = 20,
    as_json: JsonOption = False,
) -> None:
    """查看运行记录 · Show what was run, when, and what became of it.

    A run that was killed shows as killed. Stages, figures and changes of each are in --json.
    """
    home = Home.find()
    found = read_runs(home)[-limit:]
    if as_json:
        for run in found:
            typer.echo(json.dumps(asdict(run) | {"seconds": run.seconds}, ensure_ascii=False, default=str))
        return
    if not found:
        note("尚无运行记录。 Nothing has been run yet.")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("开始\nStarted", "命令\nCommand", "结果\nOutcome", "退出码\nExit code", "秒\nSeconds"):
        table.add_column(heading, justify="right" if heading[0] in "退秒" else "left", no_wrap=True)
    table.add_column("编号\nRun", no_wrap=True)
    table.add_column("说明\nRemarks", overflow="fold")
    for run in found:
        table.add_row(
            _show_time(run.started_at),
            run.command,
            OUTCOMES[run.outcome],
            "" if run.exit_code is None else str(run.exit_code),
            "" if run.seconds is None else f"{run.seconds:.1f}",
            run.run_id,
            escape(_describe_run(run)),
        )
    console.print(table)


def _describe_run(run: Run) -> str:
    if run.outcome is Outcome.RUNNING:
        elapsed = (datetime.now(UTC) - run.started_at).total_seconds()
        return f"进程 process {run.process} @ {run.host}, {elapsed:.0f} s"
    parts = [str(problem) for problem in run.details.get("problems") or []]
    if "from_release" in run.details:
        parts.append(f"{run.details['from_release']} → {run.details['to_release']}")
    if run.details.get("findings_unexplained"):
        parts.append(f"未说明的不符 unexplained: {run.details['findings_unexplained']}")
    changes = run.details.get("changes") or {}
    parts += [f"{name} {count}" for name, count in changes.items() if name.startswith("document")]
    return "; ".join(parts)


def releases(as_json: JsonOption = False) -> None:
    """查看现存版本 · List the releases on the disk; `yusuan rollback` goes back to one."""
    found = describe_releases(Home.find())
    if as_json:
        for release in found:
            typer.echo(json.dumps(asdict(release), ensure_ascii=False, default=str))
        return
    if not found:
        note("尚未发布数据仓库。 Nothing is published yet.")
        return
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("", "版本\nRelease", "构建时间 (UTC)\nBuilt", "状态\nState"):
        table.add_column(heading)
    for heading in ("文件\nDocuments", "金额\nAmounts", "不符\nBroken", "MB"):
        table.add_column(heading, justify="right")
    for release in found:
        figures = (release.documents, release.amounts, release.identities_broken)
        states = ["现行 current"] if release.is_current else []
        states += ["有读者打开 being read"] if release.is_open else []
        states += ["无法读取 unreadable"] if release.built_at is None else []
        table.add_row(
            "→" if release.is_current else "",
            release.build_id,
            "" if release.built_at is None else f"{release.built_at:%Y-%m-%d %H:%M:%S}",
            ", ".join(states),
            *("" if figure is None else f"{figure:,}" for figure in figures),
            f"{release.size / 1e6:.1f}",
        )
    console.print(table)


def rollback(
    build_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[BUILD_ID]", help="要退回的版本 · the release to go back to [default: the one before]"
        ),
    ] = None,
    log_format: LogOption = LogFormat.TEXT,
) -> None:
    """退回较早的版本 · Make an earlier release current again, by one swap.

    Readers see the one or the other. The release that was current stays on the disk. A scheduled build
    will publish anew: stop its timer first if it would publish the same fault again.
    Exit code 0: gone back; 1: refused, nothing changed.
    """
    home = Home.find()
    watcher = make_watcher(log_format)
    run_id = make_build_id()
    started = time.monotonic()
    try:
        with hold_warehouse(home, Holder.me("rollback", run_id)):
            target = build_id
            watcher.begin_run(run_id, "rollback")
            try:
                target = target or find_earlier_release(home, _list_withdrawn(home))
                facts: dict[str, Any] = {"from_release": current_release(home), "to_release": target}
                record_begin(home, run_id, "rollback", **facts)
                before = roll_back(home, target)
            except (NoSuchRelease, UnsoundFile) as error:
                record_begin(home, run_id, "rollback")
                record_end(home, run_id, Outcome.REFUSED, EXIT_FAILED, problems=[str(error)])
                _tell(watcher, "error", "refused", str(error))
                watcher.end_run(Outcome.REFUSED, EXIT_FAILED, time.monotonic() - started)
                raise typer.Exit(EXIT_FAILED) from error
            record_end(home, run_id, Outcome.ROLLED_BACK, 0, **facts)
            watcher.end_run(Outcome.ROLLED_BACK, 0, time.monotonic() - started, **facts)
    except BuildInProgress as error:
        _refuse_held(watcher, error)
    except OSError as error:
        _tell(watcher, "error", "cannot_write", _describe_os_error(home, error))
        raise typer.Exit(EXIT_FAILED) from error
    if not isinstance(watcher, JsonWatcher):
        console.print(
            f"现行版本已由 {before} 退回 {target}。 The current release is {target} again; it was {before}."
        )


def _list_withdrawn(home: Home) -> set[str]:
    """Return the releases that somebody went back from: to go back further is not to return to them."""
    withdrawn: set[str] = set()
    for run in read_runs(home):
        if run.command == "rollback" and run.outcome is not Outcome.REFUSED and "to_release" in run.details:
            withdrawn.add(str(run.details["from_release"]))
            withdrawn.discard(str(run.details["to_release"]))
    return withdrawn
