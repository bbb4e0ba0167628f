"""Performance targets, indicators and self-evaluations of projects, where a release has them."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import choose, has, pick_unit, query, say, say_code
from dashboards.tables import Column, show_table
from dashboards.warehouses import Row

CHART_ROWS = 20

# A form a row: the totals for the whole term and for the year, with the budget of the project beside them.
TARGETS_QUERY = """
    with budgets as (
        select document_id, project_id, sum(amount_yuan) as budget_yuan
        from marts.fct_project_budgets
        where origin = 'current'
        group by all
    )

    select
        targets.document_id, targets.form_no, targets.form_code, any_value(targets.project_id) as project_id,
        any_value(targets.printed_project_name) as project_name, any_value(targets.project_kind) as project_kind,
        any_value(targets.project_term) as project_term,
        max(targets.amount_yuan) filter (where targets.block = 'term') as term_yuan,
        max(targets.amount_yuan) filter (where targets.block = 'year') as year_yuan,
        any_value(budgets.budget_yuan) as budget_yuan, min(targets.line_no) as line_no
    from marts.fct_project_targets as targets
    left join budgets
        on targets.document_id = budgets.document_id and targets.project_id = budgets.project_id
    where
        targets.is_current
        and targets.form_code = 'p01'
        and targets.row_role = 'total'
        and ($document is null or targets.document_id = $document)
    group by targets.document_id, targets.form_no, targets.form_code
    order by year_yuan desc nulls last, targets.document_id, targets.form_no
"""

WITHOUT_QUERY = """
    select document_id, project_name, amount_yuan, line_no
    from marts.rpt_projects_without_targets
    where list_contains($documents, document_id)
    order by amount_yuan desc, document_id, line_no
"""

# What a department declares for all its money: sources, and uses.
WHOLE_QUERY = """
    select document_id, block, funding_source, row_role, printed_label, amount_yuan, line_no
    from marts.fct_project_targets
    where
        is_current
        and form_code = 'p02'
        and ($document is null or document_id = $document)
    order by document_id, line_no
"""

SOURCES_QUERY = """
    select document_id, block, funding_source, row_role, printed_label, printed_amount, amount_yuan, line_no
    from marts.fct_project_targets
    where document_id = $document and form_no = $form and form_code = $code
    order by block, line_no
"""

INDICATORS_QUERY = """
    select
        document_id, block, level_1, level_2, indicator_name, printed_target, printed_actual, full_score, score,
        line_no
    from marts.fct_performance_indicators
    where document_id = $document and form_no = $form and form_code = $code
    order by block, line_no
"""

EVALUATIONS_QUERY = """
    select
        document_id, form_no, printed_project_name as project_name, grade_name, annual_budget_yuan,
        executed_yuan, balance_yuan, execution_ratio, execution_score, indicator_score, total_score,
        indicator_count, state, line_no
    from marts.fct_project_evaluations
    where is_current and ($document is null or document_id = $document)
    order by annual_budget_yuan desc nulls last, document_id, form_no
"""


def show_performance(document_id: str | None, described: dict[str, str]) -> None:
    """Show what the forms say; a part whose table this release lacks is left out."""
    if has("marts.fct_project_targets", "form_no", "form_code", "block", "amount_yuan", "line_no"):
        _show_targets(
            query(TARGETS_QUERY, document=document_id), described, is_single=document_id is not None
        )
        _show_whole(query(WHOLE_QUERY, document=document_id), described)
    if has("marts.fct_project_evaluations", "form_no", "annual_budget_yuan", "executed_yuan", "state"):
        _show_evaluations(query(EVALUATIONS_QUERY, document=document_id))


def _columns_present(rows: list[Row], columns: list[Column]) -> list[Column]:
    return [column for column in columns if any(row.get(column.key) not in (None, "") for row in rows)]


def _show_targets(forms: list[Row], described: dict[str, str], *, is_single: bool) -> None:
    if not forms:
        return
    st.header(say("performance.targets"), anchor=False)
    rows = [{**form, "document": described.get(form["document_id"], form["document_id"])} for form in forms]
    columns = [
        Column("project_name", say("column.project"), is_wide=True),
        *([] if is_single else [Column("document", say("column.document"), is_wide=True)]),
        Column("project_kind", say("column.project_kind")),
        Column("project_term", say("column.project_term"), "code"),
        Column("term_yuan", say("performance.term"), "amount"),
        Column("year_yuan", say("performance.year"), "amount"),
        Column("budget_yuan", say("performance.budget"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    unit = pick_unit(row["year_yuan"] for row in rows)
    show_table(rows, _columns_present(rows, columns), name="yusuan-targets", unit=unit)
    st.caption(say("performance.targets_note"))
    documents = tuple(sorted({form["document_id"] for form in forms}))
    if has("marts.rpt_projects_without_targets", "amount_yuan", "line_no"):
        _show_without(query(WITHOUT_QUERY, documents=documents), described, is_single=is_single)
    _show_form(rows, "target_form", say("performance.choose_target"))


def _show_without(projects: list[Row], described: dict[str, str], *, is_single: bool) -> None:
    """List the projects of the year's budget that have no form, in documents that have any."""
    if not projects:
        return
    rows = [{**row, "document": described.get(row["document_id"], row["document_id"])} for row in projects]
    columns = [
        Column("project_name", say("column.project"), is_wide=True),
        *([] if is_single else [Column("document", say("column.document"), is_wide=True)]),
        Column("amount_yuan", say("performance.budget"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    unit = pick_unit(row["amount_yuan"] for row in rows)
    show_table(rows, columns, name="yusuan-without-targets", unit=unit, title=say("performance.without"))
    st.caption(say("performance.without_note"))


def _show_whole(amounts: list[Row], described: dict[str, str]) -> None:
    """Show the targets of a whole department: where its money comes from, and what it is for."""
    if not amounts:
        return
    st.header(say("performance.whole"), anchor=False)
    rows = [
        {
            **row,
            "document": described.get(row["document_id"], row["document_id"]),
            "block_words": say_code("block", row["block"]),
            "_role": row["row_role"],
        }
        for row in amounts
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("block_words", say("column.block"), "code"),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, columns, name="yusuan-whole-targets", unit=pick_unit(row["amount_yuan"] for row in rows))


def _show_form(forms: list[Row], name: str, label: str, code: str | None = None) -> None:
    """Let the reader choose a form; show its money by source and its indicators."""
    known = {f"{form['document_id']}:{form['form_no']}": form for form in forms}
    chosen = known[choose(name, label, list(known), lambda key: str(known[key]["project_name"] or key))]
    key = {"document": chosen["document_id"], "form": chosen["form_no"], "code": code or chosen["form_code"]}
    if code is None:
        _show_sources(query(SOURCES_QUERY, **key), name)
    if has("marts.fct_performance_indicators", "form_no", "form_code", "printed_target", "line_no"):
        _show_indicators(query(INDICATORS_QUERY, **key), name)


def _show_sources(sources: list[Row], name: str) -> None:
    rows = [
        {**row, "block_words": say_code("block", row["block"]), "_role": row["row_role"]} for row in sources
    ]
    columns = [
        Column("block_words", say("column.block"), "code"),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("printed_amount", say("column.printed_amount"), "printed"),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    if rows:
        unit = pick_unit(row["amount_yuan"] for row in rows)
        show_table(rows, columns, name=f"yusuan-{name}-sources", unit=unit, title=say("performance.sources"))


def _show_indicators(indicators: list[Row], name: str) -> None:
    if not indicators:
        st.info(say("performance.no_indicators"))
        return
    rows = [{**row, "block_words": say_code("block", row["block"])} for row in indicators]
    columns = [
        Column("block_words", say("column.block"), "code"),
        Column("level_1", say("column.level_1")),
        Column("level_2", say("column.level_2")),
        Column("indicator_name", say("column.indicator"), is_wide=True),
        Column("printed_target", say("column.target"), "printed"),
        Column("printed_actual", say("column.actual"), "printed"),
        Column("full_score", say("column.full_score"), "count"),
        Column("score", say("column.score"), "count"),
        Column("line_no", say("column.line"), "line"),
    ]
    present = _columns_present(rows, columns)
    show_table(rows, present, name=f"yusuan-{name}-indicators", title=say("performance.indicators"))


def _show_evaluations(evaluations: list[Row]) -> None:
    if not evaluations:
        return
    st.header(say("performance.evaluations"), anchor=False)
    unit = pick_unit(row["annual_budget_yuan"] for row in evaluations)
    shown = [row for row in evaluations if row["annual_budget_yuan"] is not None][:CHART_ROWS]
    bars = [
        Bar(f"{row['document_id']}:{row['form_no']}", str(row["project_name"] or ""), side, row[key])
        for row in shown
        for side, key in (("adjusted", "annual_budget_yuan"), ("executed", "executed_yuan"))
        if isinstance(row[key], Decimal)
    ]
    if bars:
        sides = {"adjusted": say("phase.adjusted"), "executed": say("performance.executed")}
        show_money_bars(bars, unit, sides, alt_text=say("performance.evaluations"), is_stacked=False)
    unread = [row for row in evaluations if row["state"] != "read"]
    if unread:
        st.caption(say("performance.unread", count=len(unread), all=len(evaluations)))
    rows = [{**row, "state_words": say_code("state", row["state"])} for row in evaluations]
    columns = [
        Column("project_name", say("column.project"), is_wide=True),
        Column("annual_budget_yuan", say("phase.adjusted"), "amount"),
        Column("executed_yuan", say("performance.executed"), "amount"),
        Column("balance_yuan", say("column.balance"), "amount"),
        Column("execution_ratio", say("column.execution_ratio"), "share"),
        Column("execution_score", say("column.execution_score"), "count"),
        Column("indicator_score", say("column.indicator_score"), "count"),
        Column("total_score", say("column.total_score"), "count"),
        Column("grade_name", say("column.grade"), "code"),
        Column("state_words", say("column.state"), "code"),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, _columns_present(rows, columns), name="yusuan-evaluations", unit=unit)
    _show_form(evaluations, "evaluation_form", say("performance.choose_evaluation"), code="e01")
