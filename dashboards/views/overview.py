"""Which units, years and documents there are, and what each plans or spent in all."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import (
    ALL,
    DOCUMENTS_QUERY,
    choose,
    describe_document,
    is_chinese,
    pick_unit,
    query,
    say,
    say_code,
    say_time,
)
from dashboards.tables import Column, show_figures, show_table
from dashboards.warehouses import Row
from dashboards.words import WORDS

CHART_ROWS = 30

TOTALS_QUERY = """
    select document_id, expenditure_kind, column_role, amount_yuan, line_no
    from marts.fct_amounts
    where statement_code in ('b03', 'f03') and row_role = 'total' and is_current
"""

VERDICTS_QUERY = """
    select document_id, verdict, count(*) as verdict_count
    from marts.fct_identity_checks
    where reason is distinct from 'not_owed'
    group by all
"""

RELEASE_QUERY = "select * from marts.rpt_release"


def show() -> None:
    st.title(say("overview.title"), anchor=False)
    st.caption(say("overview.question"))
    documents = _add_totals(query(DOCUMENTS_QUERY))
    if not documents:
        st.info(say("overview.empty"))
        return
    _show_metrics(documents)
    chosen = _filter(documents)
    if not chosen:
        st.info(say("overview.none_chosen"))
        return
    _show_chart([row for row in chosen if row["is_current"]])
    _show_documents(chosen)
    _show_release()


def _add_totals(documents: list[Row]) -> list[Row]:
    totals = query(TOTALS_QUERY)
    verdicts = query(VERDICTS_QUERY)
    by_document: dict[str, Row] = {row["document_id"]: dict(row) for row in documents}
    for row in by_document.values():
        row["parts"] = {}
    for total in totals:
        row = by_document[total["document_id"]]
        row["line_no"] = total["line_no"]
        if total["column_role"] == "total":
            row["total"] = total["amount_yuan"]
        elif total["expenditure_kind"]:
            row["parts"][total["expenditure_kind"]] = total["amount_yuan"]
            row[total["expenditure_kind"]] = total["amount_yuan"]
    for verdict in verdicts:
        by_document[verdict["document_id"]][verdict["verdict"]] = verdict["verdict_count"]
    return list(by_document.values())


def _show_metrics(documents: list[Row]) -> None:
    release = query(RELEASE_QUERY)[0]
    values = (
        ("overview.units", f"{len({row['unit_id'] for row in documents}):,}"),
        ("overview.documents", f"{len(documents):,}"),
        ("overview.years", _say_years({row["fiscal_year"] for row in documents})),
        ("overview.amounts", f"{release['amounts']:,}"),
        ("overview.judged", f"{release['identities_judged']:,}"),
        ("overview.broken", f"{release['identities_broken']:,}"),
    )
    show_figures([(say(key), value, "") for key, value in values])


def _say_years(years: set[int]) -> str:
    return f"{min(years)}" if len(years) == 1 else f"{min(years)}–{max(years)}"


def _filter(documents: list[Row]) -> list[Row]:
    chosen = documents
    filters = (("year", "fiscal_year"), ("kind", "document_kind"), ("region", "region_name"))
    for column, (name, key) in zip(st.columns(len(filters)), filters, strict=True):
        values = sorted({str(row[key]) for row in documents if row[key] is not None}, reverse=name == "year")
        with column:
            value = choose(
                name,
                say(f"filter.{name}"),
                [ALL, *values],
                lambda option: say("filter.all") if option == ALL else say_code("kind", option),
            )
        chosen = [row for row in chosen if value in (ALL, str(row[key]))]
    return chosen


def _show_chart(documents: list[Row]) -> None:
    largest = sorted(documents, key=lambda row: -row.get("total", Decimal(0)))[:CHART_ROWS]
    bars = [
        Bar(row["document_id"], describe_document(row), kind, amount)
        for row in largest
        for kind, amount in row["parts"].items()
    ]
    if not bars:
        return
    st.header(say("overview.chart"), anchor=False)
    kinds = ("basic", "project", "operating", "remitted_to_superior", "affiliate_subsidy")
    show_money_bars(
        bars,
        pick_unit(row.get("total") for row in largest),
        {kind: say(f"expenditure.{kind}") for kind in kinds},
        alt_text=say("overview.chart"),
        printed_totals={row["document_id"]: row["total"] for row in largest if "total" in row},
    )
    note = say("overview.chart_note")
    st.caption(note if len(documents) <= CHART_ROWS else note + say("overview.largest", count=CHART_ROWS))


def _show_documents(documents: list[Row]) -> None:
    st.header(say("overview.table"), anchor=False)
    for row in documents:
        row["kind_words"] = say_code("kind", row["document_kind"])
        row["scope_words"] = say_code("scope", row["scope"])
        row["current_words"] = say("yes") if row["is_current"] else say("no")
    set_aside = [Column("set_aside_count", say("column.set_aside"), "count")]
    if not any(row["set_aside_count"] for row in documents):
        set_aside = []
    columns = [
        Column("unit_name", say("column.unit"), is_wide=True),
        Column("region_name", say("column.region"), "code"),
        Column("fiscal_year", say("column.year"), "code"),
        Column("kind_words", say("column.kind"), "code"),
        Column("scope_words", say("column.scope"), "code"),
        Column("total", say("column.total_expenditure"), "amount", is_linked=True),
        Column("basic", say("expenditure.basic"), "amount"),
        Column("project", say("expenditure.project"), "amount"),
        Column("table_count", say("column.tables"), "count"),
        *set_aside,
        Column("exact", say("verdict.exact"), "count"),
        Column("rounding", say("verdict.rounding"), "count"),
        Column("broken", say("verdict.broken"), "count"),
        Column("not_assessable", say("verdict.not_assessable"), "count"),
    ]
    if not all(row["is_current"] for row in documents):
        columns.insert(5, Column("current_words", say("column.is_current")))
    unit = pick_unit(row.get("total") for row in documents)
    show_table(documents, columns, name="yusuan-documents", unit=unit)
    st.caption(say("overview.table_note"))


def _show_release() -> None:
    release = dict(query(RELEASE_QUERY)[0])
    release["built_at"] = say_time(release["built_at"])
    with st.expander(say("release.title")):
        st.markdown(
            "\n".join(
                f"- {say(f'release.{key}')}：{value}"
                if is_chinese()
                else f"- {say(f'release.{key}')}: {value}"
                for key, value in release.items()
                if f"release.{key}" in WORDS
            )
        )


show()
