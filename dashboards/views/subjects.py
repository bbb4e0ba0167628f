"""What a unit plans or spent, by class, division and item of the function subjects."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.amounts import MoneyUnit, divide, format_amount, format_share
from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import ALL, choose, choose_document, open_page, pick_unit, query, say, say_unit
from dashboards.tables import Column, show_figures, show_table
from dashboards.warehouses import Row

KINDS = ("basic", "project", "operating", "remitted_to_superior", "affiliate_subsidy")
CHART_ROWS = 40
LEVELS = {"class": 3, "division": 5, "item": 7}

LEAVES_QUERY = """
    select document_id, subject_code, expenditure_kind, amount_yuan, printed_label, line_no
    from marts.fct_expenditure_by_subject
    where document_id = $document
    order by line_no
"""

NAMES_QUERY = """
    select subject_code, subject_name
    from marts.dim_subjects
    where $year between valid_from_year and valid_to_year
"""

PRINTED_QUERY = """
    select
        document_id, line_no, page_no, subject_code, printed_label, row_role, column_role, expenditure_kind,
        amount_yuan
    from marts.fct_amounts
    where document_id = $document and statement_code in ('b03', 'f03')
    order by line_no, column_code
"""


def show() -> None:
    document = choose_document(open_page("subjects"))
    if document is None:
        return
    printed = _pivot(query(PRINTED_QUERY, document=document["document_id"]))
    leaves = query(LEAVES_QUERY, document=document["document_id"])
    if not leaves:
        st.info(say("subjects.empty"))
        return
    total = next((row for row in printed if row["_role"] == "total"), None)
    unit = pick_unit([total["total"] if total else None, *(row["amount_yuan"] for row in leaves)])
    if total:
        _show_totals(total, unit)
    names = {
        row["subject_code"]: row["subject_name"] for row in query(NAMES_QUERY, year=document["fiscal_year"])
    }
    prefix, level = _drill(leaves, names)
    _show_chart([row for row in leaves if row["subject_code"].startswith(prefix)], names, level, unit)
    _check_sum(leaves, total, unit)
    _show_printed(
        [row for row in printed if (row["subject_code"] or "").startswith(prefix)], total, unit, document
    )


def _pivot(cells: list[Row]) -> list[Row]:
    """Return the printed rows of the table, one for each line, kinds of expenditure side by side."""
    rows: dict[int, Row] = {}
    for cell in cells:
        row = rows.setdefault(
            cell["line_no"],
            {
                "document_id": cell["document_id"],
                "line_no": cell["line_no"],
                "subject_code": cell["subject_code"],
                "printed_label": cell["printed_label"],
                "total": None,
                "_role": cell["row_role"],
                "_depth": max(0, (len(cell["subject_code"] or "") - 3) // 2),
            },
        )
        row["total" if cell["column_role"] == "total" else cell["expenditure_kind"]] = cell["amount_yuan"]
    return list(rows.values())


def _show_totals(total: Row, unit: MoneyUnit) -> None:
    unit_words = say_unit(unit)
    figures = [(say("subjects.total"), format_amount(total["total"], unit), unit_words)]
    for kind in KINDS:
        if total.get(kind):
            share = say("subjects.share", share=format_share(divide(total[kind], total["total"])))
            figures.append(
                (say(f"expenditure.{kind}"), format_amount(total[kind], unit), f"{unit_words} · {share}")
            )
    show_figures(figures)


def _drill(leaves: list[Row], names: dict[str, str]) -> tuple[str, str]:
    """Let the reader go from all classes into one class, and from there into one division."""
    left, right = st.columns(2)
    classes = list(dict.fromkeys(row["subject_code"][:3] for row in leaves))
    with left:
        chosen = choose("class", say("subjects.class"), [ALL, *classes], lambda code: _describe(code, names))
    if chosen == ALL:
        return "", "class"
    divisions = list(
        dict.fromkeys(row["subject_code"][:5] for row in leaves if row["subject_code"].startswith(chosen))
    )
    with right:
        division = choose(
            "division", say("subjects.division"), [ALL, *divisions], lambda code: _describe(code, names)
        )
    return (chosen, "division") if division == ALL else (division, "item")


def _describe(code: str, names: dict[str, str]) -> str:
    return say("filter.all") if code == ALL else f"{code} {names.get(code, '')}".strip()


def _show_chart(leaves: list[Row], names: dict[str, str], level: str, unit: MoneyUnit) -> None:
    sums: dict[tuple[str, str], Decimal] = {}
    for row in leaves:
        key = (row["subject_code"][: LEVELS[level]], row["expenditure_kind"])
        sums[key] = sums.get(key, Decimal(0)) + row["amount_yuan"]
    heights: dict[str, Decimal] = {}
    for (code, _), amount in sums.items():
        heights[code] = heights.get(code, Decimal(0)) + amount
    largest = sorted(heights, key=lambda code: -heights[code])[:CHART_ROWS]
    bars = [
        Bar(code, _describe(code, names), kind, sums[code, kind])
        for code in largest
        for kind in KINDS
        if (code, kind) in sums
    ]
    st.header(say(f"subjects.chart_{level}"), anchor=False)
    show_money_bars(
        bars,
        unit,
        {kind: say(f"expenditure.{kind}") for kind in KINDS},
        alt_text=say(f"subjects.chart_{level}"),
    )
    if len(heights) > CHART_ROWS:
        st.caption(say("chart.largest", count=CHART_ROWS))


def _check_sum(leaves: list[Row], total: Row | None, unit: MoneyUnit) -> None:
    """Say when the bars, which add the items, differ from the printed total by rounding."""
    added = sum((row["amount_yuan"] for row in leaves), Decimal(0))
    if total and total["total"] is not None and added != total["total"]:
        st.caption(
            say(
                "subjects.sum_differs",
                added=format_amount(added, unit),
                printed=format_amount(total["total"], unit),
                difference=format_amount(added - total["total"], unit),
                unit=say_unit(unit),
            )
        )


def _show_printed(rows: list[Row], total: Row | None, unit: MoneyUnit, document: Row) -> None:
    st.header(say("subjects.table"), anchor=False)
    for row in rows:
        row["share"] = divide(row["total"], total["total"] if total else None)
    columns = [
        Column("subject_code", say("column.code"), "code"),
        Column("printed_label", say("column.subject"), is_wide=True),
        Column("total", say("column.total"), "amount"),
        *(
            Column(kind, say(f"expenditure.{kind}"), "amount")
            for kind in KINDS
            if any(row.get(kind) is not None for row in rows)
        ),
        Column("share", say("column.share"), "share"),
        Column("line_no", say("column.line"), "line"),
    ]
    show_table(rows, columns, name=f"yusuan-subjects-{document['document_id']}", unit=unit)
    st.caption(say("table.follow"))


show()
