"""On what the money goes: economic categories of both schemes; personnel and public, basic and project."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import streamlit as st

from dashboards.amounts import MoneyUnit, divide
from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import choose_document, open_page, pick_unit, query, say, say_code
from dashboards.tables import Column, show_table
from dashboards.warehouses import Row

FACTS_QUERY = """
    select
        facts.document_id, facts.economic_code, facts.government_economic_code, facts.expenditure_kind,
        facts.amount_yuan, facts.printed_label, facts.line_no,
        department.economic_name, government.economic_name as government_economic_name
    from marts.fct_expenditure_by_economic_category as facts
    left join marts.dim_economic_categories as department
        on facts.economic_code = department.economic_code
        and department.economic_scheme = 'department'
        and facts.fiscal_year between department.valid_from_year and department.valid_to_year
    left join marts.dim_economic_categories as government
        on facts.government_economic_code = government.economic_code
        and government.economic_scheme = 'government'
        and facts.fiscal_year between government.valid_from_year and government.valid_to_year
    where facts.document_id = $document
    order by facts.line_no, facts.expenditure_kind
"""

CLASSES_QUERY = """
    select economic_code, economic_name
    from marts.dim_economic_categories
    where economic_level = 'class' and $year between valid_from_year and valid_to_year
"""

KINDS_QUERY = """
    select expenditure_kind, sum(amount_yuan) as amount_yuan
    from marts.fct_expenditure_by_subject
    where document_id = $document
    group by expenditure_kind
"""

ITEM_ROWS = 15


def show() -> None:
    document = choose_document(open_page("categories"))
    if document is None:
        return
    facts = query(FACTS_QUERY, document=document["document_id"])
    if not facts:
        st.info(say("categories.empty"))
        return
    names = {
        row["economic_code"]: row["economic_name"]
        for row in query(CLASSES_QUERY, year=document["fiscal_year"])
    }
    split = query(KINDS_QUERY, document=document["document_id"])
    unit = pick_unit([row["amount_yuan"] for row in facts])
    _show_split(split, facts, unit)
    _show_schemes(facts, names, unit)
    _show_items(facts, unit)
    _show_table(facts, unit, document)


def _show_split(split: list[Row], facts: list[Row], unit: MoneyUnit) -> None:
    """Draw the whole in basic and project, and the basic part in personnel and public."""
    bars = [
        Bar("all", say("categories.all_expenditure"), row["expenditure_kind"], row["amount_yuan"])
        for row in split
    ] + [
        Bar("basic", say("categories.basic_expenditure"), kind, amount)
        for kind, amount in _add(facts, "expenditure_kind").items()
    ]
    st.header(say("categories.split"), anchor=False)
    kinds = (
        "basic",
        "project",
        "operating",
        "remitted_to_superior",
        "affiliate_subsidy",
        "personnel",
        "public",
    )
    show_money_bars(
        bars,
        unit,
        {kind: say(f"expenditure.{kind}") for kind in kinds},
        alt_text=say("categories.split"),
    )
    st.caption(say("categories.split_note"))


def _add(rows: Iterable[Row], key: str, length: int | None = None) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        if row[key] is not None:
            group = row[key][:length]
            sums[group] = sums.get(group, Decimal(0)) + row["amount_yuan"]
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def _show_schemes(facts: list[Row], names: dict[str, str], unit: MoneyUnit) -> None:
    left, right = st.columns(2)
    with left:
        st.header(say("categories.department"), anchor=False)
        _show_scheme(facts, "economic_code", names, unit, say("categories.department"))
    with right:
        st.header(say("categories.government"), anchor=False)
        if any(row["government_economic_code"] for row in facts):
            _show_scheme(facts, "government_economic_code", names, unit, say("categories.government"))
            missing = [row for row in facts if not row["government_economic_code"]]
            if missing:
                st.caption(say("categories.government_missing", count=len(missing)))
        else:
            st.info(say("categories.government_empty"))


def _show_scheme(facts: list[Row], key: str, names: dict[str, str], unit: MoneyUnit, title: str) -> None:
    classes = list(_add(facts, key, 3))
    bars = [
        Bar(code, f"{code} {names.get(code, '')}".strip(), kind, amount)
        for code in classes
        for kind, amount in _add(
            (row for row in facts if (row[key] or "").startswith(code)), "expenditure_kind"
        ).items()
    ]
    kinds = {kind: say(f"expenditure.{kind}") for kind in ("personnel", "public")}
    show_money_bars(bars, unit, kinds, alt_text=title)


def _show_items(facts: list[Row], unit: MoneyUnit) -> None:
    largest = sorted(facts, key=lambda row: -row["amount_yuan"])[:ITEM_ROWS]
    st.header(say("categories.items", count=len(largest)), anchor=False)
    bars = [
        Bar(
            f"{row['economic_code']}:{row['line_no']}:{row['expenditure_kind']}",
            f"{row['economic_code'] or ''} {row['printed_label']}".strip(),
            row["expenditure_kind"],
            row["amount_yuan"],
        )
        for row in largest
    ]
    kinds = {kind: say(f"expenditure.{kind}") for kind in ("personnel", "public")}
    show_money_bars(bars, unit, kinds, alt_text=say("categories.items", count=len(largest)))


def _show_table(facts: list[Row], unit: MoneyUnit, document: Row) -> None:
    st.header(say("categories.table"), anchor=False)
    total = sum((row["amount_yuan"] for row in facts), Decimal(0))
    rows: list[Row] = [
        {
            **row,
            "kind_words": say_code("expenditure", row["expenditure_kind"]),
            "share": divide(row["amount_yuan"], total),
        }
        for row in facts
    ]
    rows.append(
        {
            "document_id": document["document_id"],
            "printed_label": say("table.sum"),
            "amount_yuan": total,
            "share": divide(total, total),
            "_role": "total",
        }
    )
    columns = [
        Column("economic_code", say("column.department_code"), "code"),
        Column("printed_label", say("column.department_category"), is_wide=True),
        Column("government_economic_code", say("column.government_code"), "code"),
        Column("government_economic_name", say("column.government_category"), is_wide=True),
        Column("kind_words", say("column.kind_of_expenditure")),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("share", say("column.share"), "share"),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, columns, name=f"yusuan-categories-{document['document_id']}", unit=unit)
    st.caption(say("table.follow"))


show()
