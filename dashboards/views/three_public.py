"""Travel abroad, official vehicles, hospitality; the operating cost of organs; vehicles and equipment counted."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import (
    choose_document,
    describe_document,
    open_page,
    pick_unit,
    query,
    say,
    say_code,
)
from dashboards.tables import Column, show_table
from dashboards.warehouses import Row

CHART_ROWS = 30
ITEMS = ("travel_abroad", "vehicle_purchase", "vehicle_running", "hospitality")

FACTS_QUERY = """
    select document_id, item_code, phase, amount_yuan, line_no
    from marts.fct_three_public
    where $document is null or document_id = $document
    order by document_id, phase, line_no
"""

# Printed without parts to add: a total over units in a budget, two kinds of unit in a final account.
OPERATING_QUERY = """
    select document_id, item_code, phase, row_role, printed_label, amount_yuan, line_no
    from marts.fct_amounts
    where
        is_current
        and ($document is null or document_id = $document)
        and (
            (statement_code = 'b11' and column_role = 'total')
            or (statement_code = 'b19' and row_role = 'total')
            or (statement_code = 'f10' and item_code like 'operating_cost%')
        )
    order by document_id, line_no
"""

PROCUREMENT_QUERY = """
    select document_id, item_code, row_role, printed_label, amount_yuan, line_no
    from marts.fct_amounts
    where
        is_current
        and item_code like 'procurement%'
        and ($document is null or document_id = $document)
    order by document_id, line_no
"""

COUNTS_QUERY = """
    select document_id, item_code, row_role, printed_label, value, unit_of_measure, line_no
    from marts.fct_statistics
    where is_current and ($document is null or document_id = $document)
    order by document_id, line_no
"""


def show() -> None:
    documents = open_page("three_public")
    if not documents:
        return
    document = choose_document(documents, with_all=True)
    chosen = [document] if document else documents
    described = {row["document_id"]: describe_document(row) for row in documents}
    document_id = document["document_id"] if document else None
    _show_three_public(query(FACTS_QUERY, document=document_id), chosen, described)
    _show_operating_cost(query(OPERATING_QUERY, document=document_id), described)
    _show_procurement(query(PROCUREMENT_QUERY, document=document_id), described)
    _show_counts(query(COUNTS_QUERY, document=document_id), described)


def _describe(row: Row, described: dict[str, str]) -> str:
    return f"{described[row['document_id']]} · {say_code('phase', row['phase'])}"


def _show_three_public(facts: list[Row], chosen: list[Row], described: dict[str, str]) -> None:
    st.header(say("three_public.chart"), anchor=False)
    without = [row for row in chosen if row["document_id"] not in {fact["document_id"] for fact in facts}]
    if facts:
        unit = pick_unit(row["amount_yuan"] for row in facts)
        sums: dict[tuple[str, str], Decimal] = {}
        for row in facts:
            key = (row["document_id"], row["phase"])
            sums[key] = sums.get(key, Decimal(0)) + row["amount_yuan"]
        largest = sorted(sums, key=lambda key: (-sums[key], key))[:CHART_ROWS]
        bars = [
            Bar("/".join(key), _describe(row, described), row["item_code"], row["amount_yuan"])
            for key in largest
            for row in facts
            if (row["document_id"], row["phase"]) == key
        ]
        items = {item: say(f"item.{item}") for item in ITEMS}
        show_money_bars(bars, unit, items, alt_text=say("three_public.chart"))
        rows = [
            {
                **row,
                "document": described[row["document_id"]],
                "item": say_code("item", row["item_code"]),
                "phase_words": say_code("phase", row["phase"]),
            }
            for row in facts
        ]
        columns = [
            Column("document", say("column.document"), is_wide=True),
            Column("phase_words", say("column.phase")),
            Column("item", say("column.item")),
            Column("amount_yuan", say("column.amount"), "amount"),
            Column("line_no", say("column.line"), "line"),
        ]
        show_table(rows, columns, name="yusuan-three-public", unit=unit)
    if without:
        names = say("list.comma").join(describe_document(row) for row in without[:10])
        st.caption(say("three_public.blank", documents=names))


def _show_operating_cost(facts: list[Row], described: dict[str, str]) -> None:
    st.header(say("three_public.operating_cost"), anchor=False)
    if not facts:
        st.info(say("three_public.operating_cost_empty"))
        return
    unit = pick_unit(row["amount_yuan"] for row in facts)
    rows = [
        {
            **row,
            "document": described[row["document_id"]],
            "phase_words": say_code("phase", row["phase"]),
            "_role": row["row_role"],
        }
        for row in facts
    ]
    # A budget prints the sum over its units and each unit; a final account the kinds of unit.
    totals = [row for row in rows if row["row_role"] == "total" or row["item_code"] is not None]
    bars = [
        Bar(
            f"{row['document_id']}/{row['line_no']}",
            _describe(row, described),
            row["phase"],
            row["amount_yuan"],
        )
        for row in sorted(totals, key=lambda row: -row["amount_yuan"])[:CHART_ROWS]
    ]
    if bars:
        phases = {phase: say(f"phase.{phase}") for phase in ("approved", "executed")}
        show_money_bars(bars, unit, phases, alt_text=say("three_public.operating_cost"))
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("phase_words", say("column.phase")),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, columns, name="yusuan-operating-cost", unit=unit)
    st.caption(say("three_public.operating_cost_note"))


def _show_procurement(facts: list[Row], described: dict[str, str]) -> None:
    if not facts:
        return
    st.header(say("three_public.procurement"), anchor=False)
    rows = [{**row, "document": described[row["document_id"]], "_role": row["row_role"]} for row in facts]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("line_no", say("column.line"), "line"),
    ]
    unit = pick_unit(row["amount_yuan"] for row in facts)
    show_table(rows, columns, name="yusuan-procurement", unit=unit)


def _show_counts(facts: list[Row], described: dict[str, str]) -> None:
    if not facts:
        return
    st.header(say("three_public.counts"), anchor=False)
    rows = [
        {
            **row,
            "document": described[row["document_id"]],
            "value": f"{row['value'].normalize():,f}" if isinstance(row["value"], Decimal) else row["value"],
            "_role": row["row_role"],
        }
        for row in facts
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("value", say("column.count"), "count"),
        Column("unit_of_measure", say("column.unit_of_measure")),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, columns, name="yusuan-counts")


show()
