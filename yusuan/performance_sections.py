"""What a report says of performance: targets of projects and departments, self-evaluations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yusuan.labels import FORM_BLOCKS, STATES, Words, say
from yusuan.report_parts import CHART_ROWS, Money, Row, Section, Source, make_bar, sort_largest
from yusuan.svg_charts import BLUE, SKY, Bar, draw_bars

LEVELS = (
    ("产出指标", "outputs"),
    ("成本指标", "costs"),
    ("效益指标", "effects"),
    ("满意度指标", "satisfaction"),
)

# A form a row. Its indicators are those for the year: most forms repeat them for the whole term.
TARGETS_QUERY = """
    with budgets as (
        select project_id, sum(amount_yuan) as budget
        from marts.fct_project_budgets
        where document_id = $document and origin = 'current'
        group by project_id
    ),

    indicators as (
        select form_no, list(level_1) as levels
        from marts.fct_performance_indicators
        where document_id = $document and form_code = 'p01' and block = 'year'
        group by form_no
    )

    select
        targets.form_no, any_value(targets.printed_project_name) as name,
        max(targets.amount_yuan) filter (where targets.block = 'term') as term,
        max(targets.amount_yuan) filter (where targets.block = 'year') as year,
        any_value(budgets.budget) as budget, any_value(indicators.levels) as levels,
        min(targets.line_no) as line_no
    from marts.fct_project_targets as targets
    left join budgets using (project_id)
    left join indicators using (form_no)
    where targets.document_id = $document and targets.form_code = 'p01' and targets.row_role = 'total'
    group by targets.form_no
    order by targets.form_no
"""

WITHOUT_TARGETS_QUERY = """
    select project_name as name, amount_yuan as amount
    from marts.rpt_projects_without_targets
    where document_id = $document
    order by amount desc, name
"""


def report_targets(source: Source) -> Section | None:
    """Money and indicators of each project's targets, and the projects that have none."""
    found = source.query(TARGETS_QUERY)
    if not found:
        return None
    money = Money.fit(row[name] for row in found for name in ("term", "year", "budget"))
    bars = [
        make_bar(money, row["name"] or "", row["year"]) for row in sort_largest(found, "year")[:CHART_ROWS]
    ]
    levels = [words for words in LEVELS if any(words[0] in (row["levels"] or ()) for row in found)]
    rows = [
        Row(
            row["name"] or "",
            (
                *(money.show(row[name]) for name in ("term", "year", "budget")),
                *(str((row["levels"] or []).count(level)) for level, _ in levels),
            ),
            source.place(row["line_no"]),
        )
        for row in sort_largest(found, "year")
    ]
    without = [f"{row['name']} {money.show(row['amount'])}" for row in source.query(WITHOUT_TARGETS_QUERY)]
    names = "；".join(without)
    return Section(
        (f"项目支出绩效目标：{len(found)} 张目标表", f"Performance targets of projects: {len(found)} forms"),
        (
            "图示年度资金总额；各类指标列的是年度指标个数。"
            + (f"项目预算表中有 {len(without)} 个当年项目未见绩效目标表：{names}。" if without else ""),
            "The chart shows the money of the year; under each kind of indicator stands how many the form has for "
            "the year."
            + (
                f" {len(without)} projects of the year's budget have no form of targets: {names}."
                if without
                else ""
            ),
        ),
        draw_bars(bars, (BLUE,)),
        (),
        (
            ("实施期资金", "Whole term"),
            ("年度资金", "Year"),
            ("项目预算（当年）", "Budget of the project"),
            *((f"{chinese}（个）", f"Indicators: {english}") for chinese, english in levels),
        ),
        tuple(rows),
        money=money,
    )


WHOLE_QUERY = """
    select block, row_role, printed_label as label, amount_yuan, line_no
    from marts.fct_project_targets
    where document_id = $document and form_code = 'p02'
    order by block, line_no
"""


def report_whole_department(source: Source) -> Section | None:
    """Where the money of a whole department comes from, and what it is for, as its targets declare."""
    found = source.query(WHOLE_QUERY)
    if not found:
        return None
    money = Money.fit(row["amount_yuan"] for row in found)
    rows = [
        Row(
            row["label"],
            (say(FORM_BLOCKS, row["block"]), money.show(row["amount_yuan"])),
            source.place(row["line_no"]),
            depth=int(row["row_role"] != "total"),
            is_total=row["row_role"] == "total",
        )
        for row in found
    ]
    return Section(
        ("部门整体支出绩效目标：资金", "Performance targets of the whole department: money"),
        ("", ""),
        None,
        (),
        (("来源或用途", "Source or use"), ("金额", "Amount")),
        tuple(rows),
        text_columns=1,
        money=money,
    )


EVALUATIONS_QUERY = """
    select
        printed_project_name as name, grade_name, annual_budget_yuan, executed_yuan, execution_ratio,
        execution_score, indicator_score, total_score, state, line_no
    from marts.fct_project_evaluations
    where document_id = $document
    order by form_no
"""


def report_evaluations(source: Source) -> Section | None:
    """Budget, execution and scores of each self-evaluated project."""
    found = source.query(EVALUATIONS_QUERY)
    if not found:
        return None
    money = Money.fit(row[name] for row in found for name in ("annual_budget_yuan", "executed_yuan"))
    largest = sort_largest(found, "annual_budget_yuan")
    bars: list[Bar] = []
    for row in largest[: CHART_ROWS // 2]:
        if row["annual_budget_yuan"] is not None:
            bars.append(make_bar(money, row["name"] or "", row["annual_budget_yuan"], None))
            bars.append(make_bar(money, "", None, row["executed_yuan"]))
    rows = [
        Row(row["name"] or "", _show_evaluation(row, money), source.place(row["line_no"])) for row in largest
    ]
    unread = sum(row["state"] != "read" for row in found)
    return Section(
        (f"项目支出绩效自评：{len(found)} 张自评表", f"Self-evaluations of projects: {len(found)} forms"),
        (
            f"图示全年预算数最大的 {len(bars) // 2} 个项目。"
            + (f"有 {unread} 张自评表空白或受损，不能读取的数字留空。" if unread else ""),
            f"The chart shows the {len(bars) // 2} projects with the largest budgets."
            + (f" {unread} forms are blank or damaged; what cannot be read is left blank." if unread else ""),
        ),
        draw_bars(bars, (SKY, BLUE)),
        ((SKY, ("全年预算数", "adjusted budget")), (BLUE, ("全年执行数", "executed"))),
        (
            ("等级", "Grade"),
            ("表的读取情况", "Form"),
            ("全年预算数", "Adjusted budget"),
            ("全年执行数", "Executed"),
            ("执行率", "Execution"),
            ("执行得分", "Score of execution"),
            ("指标得分", "Score of indicators"),
            ("总分", "Total score"),
        ),
        tuple(rows),
        text_columns=2,
        money=money,
    )


def _show_evaluation(row: dict[str, Any], money: Money) -> tuple[str | Words, ...]:
    ratio: Decimal | None = row["execution_ratio"]
    scores = (row[name] for name in ("execution_score", "indicator_score", "total_score"))
    return (
        row["grade_name"] or "",
        say(STATES, row["state"]),
        money.show(row["annual_budget_yuan"]),
        money.show(row["executed_yuan"]),
        "" if ratio is None else f"{100 * ratio:,.2f}%",
        *("" if score is None else f"{score:,.2f}" for score in scores),
    )
