"""Which projects a unit has, ranked, by fund and origin of the money; their targets and evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import streamlit as st

from dashboards.amounts import MoneyUnit, divide, format_amount
from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import (
    ALL,
    choose,
    choose_document,
    describe_document,
    is_chinese,
    open_page,
    pick_unit,
    query,
    say,
    say_code,
    say_unit,
)
from dashboards.performances import show_performance
from dashboards.tables import Column, show_figures, show_table
from dashboards.warehouses import Row

CHART_ROWS = 20

PROJECTS_QUERY = """
    select
        facts.document_id, facts.project_id, projects.project_name, facts.fund_code, funds.fund_name,
        funds.fund_name_en, facts.origin, facts.amount_yuan, facts.printed_label, facts.statement_code,
        facts.page_no, facts.line_no
    from marts.fct_project_budgets as facts
    inner join marts.dim_projects as projects using (project_id)
    inner join marts.dim_funds as funds on facts.fund_code = funds.fund_code
    where $document is null or facts.document_id = $document
    order by facts.amount_yuan desc, facts.document_id, facts.line_no
"""


def show() -> None:
    documents = open_page("projects")
    if not documents:
        return
    document = choose_document(documents, with_all=True)
    document_id = document["document_id"] if document else None
    described = {row["document_id"]: describe_document(row) for row in documents}
    facts = _filter(query(PROJECTS_QUERY, document=document_id))
    if facts:
        unit = pick_unit(row["amount_yuan"] for row in facts)
        _show_metrics(facts, unit, is_single=document is not None)
        _show_ranking(facts, unit, described, is_single=document is not None)
        _show_table(facts, unit, described, is_single=document is not None)
    elif document and document["document_kind"] == "final":
        st.info(say("projects.not_in_final"))
    else:
        st.info(say("projects.empty"))
    show_performance(document_id, described)


def _filter(facts: list[Row]) -> list[Row]:
    funds = {row["fund_code"]: row["fund_name" if is_chinese() else "fund_name_en"] for row in facts}
    origins = sorted({row["origin"] for row in facts})
    if len(funds) < 2 and len(origins) < 2:
        return facts
    left, right = st.columns(2)
    with left:
        fund = choose(
            "fund",
            say("filter.fund"),
            [ALL, *funds],
            lambda code: say("filter.all") if code == ALL else funds[code],
        )
    with right:
        origin = choose(
            "origin",
            say("filter.origin"),
            [ALL, *origins],
            lambda code: say("filter.all") if code == ALL else say_code("origin", code),
        )
    return [row for row in facts if fund in (ALL, row["fund_code"]) and origin in (ALL, row["origin"])]


def _add(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _show_metrics(facts: list[Row], unit: MoneyUnit, *, is_single: bool) -> None:
    unit_words = say_unit(unit)
    figures = [
        (say("projects.count"), f"{len({(row['document_id'], row['project_id']) for row in facts}):,}", ""),
    ]
    # Of one document only: a department's projects contain its units', and years are not added.
    if is_single:
        figures += [
            (say("projects.sum"), format_amount(_add(row["amount_yuan"] for row in facts), unit), unit_words),
        ]
    for origin in ("current", "carryover") if is_single else ():
        part = _add(row["amount_yuan"] for row in facts if row["origin"] == origin)
        if part:
            figures.append((say_code("origin", origin), format_amount(part, unit), unit_words))
    show_figures(figures)


def _show_ranking(facts: list[Row], unit: MoneyUnit, described: dict[str, str], *, is_single: bool) -> None:
    sums: dict[tuple[str, str], Decimal] = {}
    for row in facts:
        key = (row["document_id"], row["project_id"])
        sums[key] = sums.get(key, Decimal(0)) + row["amount_yuan"]
    largest = sorted(sums, key=lambda key: -sums[key])[:CHART_ROWS]
    names = {(row["document_id"], row["project_id"]): row["project_name"] for row in facts}
    bars = [
        Bar(
            "/".join(key),
            names[key] if is_single else f"{names[key]} · {described[key[0]]}",
            origin,
            _add(
                row["amount_yuan"]
                for row in facts
                if (row["document_id"], row["project_id"], row["origin"]) == (*key, origin)
            ),
        )
        for key in largest
        for origin in ("current", "carryover", "all")
        if any((row["document_id"], row["project_id"], row["origin"]) == (*key, origin) for row in facts)
    ]
    title = say("projects.ranking", count=len(largest))
    st.header(title, anchor=False)
    origins = {origin: say_code("origin", origin) for origin in ("current", "carryover", "all")}
    show_money_bars(bars, unit, origins, alt_text=title)


def _show_table(facts: list[Row], unit: MoneyUnit, described: dict[str, str], *, is_single: bool) -> None:
    st.header(say("projects.table"), anchor=False)
    totals: dict[str, Decimal] = {}
    for row in facts:
        totals[row["document_id"]] = totals.get(row["document_id"], Decimal(0)) + row["amount_yuan"]
    rows = [
        {
            **row,
            "rank": rank,
            "document": described[row["document_id"]],
            "fund": row["fund_name" if is_chinese() else "fund_name_en"],
            "origin_words": say_code("origin", row["origin"]),
            "share": divide(row["amount_yuan"], totals[row["document_id"]]),
        }
        for rank, row in enumerate(facts, 1)
    ]
    columns = [
        Column("rank", say("column.rank"), "count"),
        Column("printed_label", say("column.project"), is_wide=True),
        *([] if is_single else [Column("document", say("column.document"), is_wide=True)]),
        Column("fund", say("column.fund"), is_wide=not is_chinese()),
        Column("origin_words", say("column.origin"), "code"),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("share", say("column.share_of_document"), "share"),
        Column("line_no", say("column.line"), "line"),
    ]
    name = f"yusuan-projects-{facts[0]['document_id'] if is_single else 'all'}"
    show_table(rows, columns, name=name, unit=unit)
    st.caption(say("table.follow"))


show()
