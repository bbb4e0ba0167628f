"""Two documents side by side: two units, two years, or what was planned and what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboards.amounts import MoneyUnit, divide, format_amount, format_share
from dashboards.charts import Bar, show_money_bars
from dashboards.contexts import (
    choose,
    choose_document,
    describe_document,
    list_documents,
    pick_unit,
    query,
    say,
    say_code,
    say_unit,
)
from dashboards.tables import Column, show_table
from dashboards.warehouses import Row

CHART_ROWS = 15

# What can be set side by side, and where the figures are. A line is kept only where one printed figure is
# the amount: a sum of several has many.
TOTALS_QUERY = """
    select
        coalesce(expenditure_kind, 'total') as code, amount_yuan, line_no
    from marts.fct_amounts
    where
        document_id = $document
        and statement_code in ('b03', 'f03')
        and row_role = 'total'
        and (column_role = 'total' or expenditure_kind is not null)
"""

SUBJECTS_QUERY = """
    select left(subject_code, $digits) as code, sum(amount_yuan) as amount_yuan, min(line_no) as line_no
    from marts.fct_expenditure_by_subject
    where document_id = $document
    group by all
"""

CATEGORIES_QUERY = """
    select left(economic_code, $digits) as code, sum(amount_yuan) as amount_yuan, min(line_no) as line_no
    from marts.fct_expenditure_by_economic_category
    where document_id = $document and economic_code is not null
    group by all
"""

# The executed side of a final account: its budget side is on the page of its own.
THREE_PUBLIC_QUERY = """
    select item_code as code, sum(amount_yuan) as amount_yuan, min(line_no) as line_no
    from marts.fct_three_public
    where document_id = $document and phase <> 'adjusted'
    group by all
"""

PROJECTS_QUERY = """
    select printed_label as code, sum(amount_yuan) as amount_yuan, min(line_no) as line_no
    from marts.fct_project_budgets
    where document_id = $document
    group by all
"""

SUBJECT_NAMES_QUERY = """
    select subject_code as code, subject_name as name
    from marts.dim_subjects
    where $year between valid_from_year and valid_to_year
"""

CATEGORY_NAMES_QUERY = """
    select economic_code as code, economic_name as name
    from marts.dim_economic_categories
    where $year between valid_from_year and valid_to_year
"""


@dataclass(frozen=True)
class Aspect:
    """One way to set two documents side by side."""

    query: str
    digits: int | None = None
    names: str | None = None
    words: str | None = None


ASPECTS = {
    "totals": Aspect(TOTALS_QUERY, words="expenditure"),
    "subject_class": Aspect(SUBJECTS_QUERY, 3, SUBJECT_NAMES_QUERY),
    "subject_division": Aspect(SUBJECTS_QUERY, 5, SUBJECT_NAMES_QUERY),
    "subject_item": Aspect(SUBJECTS_QUERY, 7, SUBJECT_NAMES_QUERY),
    "category_class": Aspect(CATEGORIES_QUERY, 3, CATEGORY_NAMES_QUERY),
    "category_item": Aspect(CATEGORIES_QUERY, 5, CATEGORY_NAMES_QUERY),
    "three_public": Aspect(THREE_PUBLIC_QUERY, words="item"),
    "projects": Aspect(PROJECTS_QUERY),
}


def show() -> None:
    st.title(say("comparisons.title"), anchor=False)
    st.caption(say("comparisons.question"))
    documents = list_documents()
    if len(documents) < 2:
        st.info(say("comparisons.too_few"))
        return
    left, right = st.columns(2)
    with left:
        first = choose_document(_repeated_first(documents), name="first", label=say("comparisons.first"))
    others = [row for row in documents if first is None or row["document_id"] != first["document_id"]]
    with right:
        second = choose_document(
            _nearest_first(first, others), name="second", label=say("comparisons.second")
        )
    if first is None or second is None:
        return
    _say_what_it_is(first, second)
    _show_pairs(documents)
    name = choose("aspect", say("comparisons.aspect"), list(ASPECTS), lambda key: say(f"aspect.{key}"))
    rows = _compare(ASPECTS[name], first, second)
    if not rows:
        st.info(say("comparisons.nothing", aspect=say(f"aspect.{name}")))
        return
    _warn_of_gaps(rows, first, second, name)
    unit = pick_unit([row[side] for row in rows for side in ("first", "second")])
    sides = {
        side: say("comparisons.side", side=say(f"comparisons.{side}"), document=describe_document(document))
        for side, document in (("first", first), ("second", second))
    }
    _show_chart(rows, unit, name, sides)
    _show_table(rows, unit, first, second, name, sides)


def _repeated_first(documents: list[Row]) -> list[Row]:
    """Put first the units with more than one document, the oldest of each: theirs can be compared over time."""
    units = [row["unit_id"] for row in documents]
    return sorted(documents, key=lambda row: (units.count(row["unit_id"]) < 2, row["fiscal_year"]))


def _nearest_first(first: Row | None, others: list[Row]) -> list[Row]:
    """Put first what compares best: the same unit, then the same year."""
    if first is None:
        return others
    return sorted(
        others,
        key=lambda row: (
            row["unit_id"] != first["unit_id"],
            abs(row["fiscal_year"] - first["fiscal_year"]),
            row["document_kind"] != first["document_kind"],
        ),
    )


def _say_what_it_is(first: Row, second: Row) -> None:
    """Say what a difference between the two means, and what it does not."""
    is_same_unit = first["unit_id"] == second["unit_id"]
    is_same_year = first["fiscal_year"] == second["fiscal_year"]
    is_same_kind = first["document_kind"] == second["document_kind"]
    cautions = []
    if is_same_unit and is_same_year and not is_same_kind:
        st.success(say("comparisons.execution", unit=first["unit_name"], year=first["fiscal_year"]))
    elif not is_same_kind:
        cautions.append(say("comparisons.other_kind"))
        cautions.append(say("comparisons.other_year") if not is_same_year else say("comparisons.other_unit"))
    if first["scope"] != second["scope"]:
        cautions.append(say("comparisons.other_scope"))
    if not is_same_unit and is_same_kind:
        cautions.append(say("comparisons.units"))
    if cautions:
        st.warning("\n\n".join(cautions))


def _show_pairs(documents: list[Row]) -> None:
    """Say for which units and years a budget and a final account are both here."""
    kinds: dict[tuple[str, int], set[str]] = {}
    for row in documents:
        kinds.setdefault((row["unit_name"], row["fiscal_year"]), set()).add(row["document_kind"])
    pairs = [
        say("document.unit_year", unit=unit, year=year)
        for (unit, year), found in kinds.items()
        if len(found) == 2
    ]
    if pairs:
        st.caption(say("comparisons.pairs", pairs=say("list.comma").join(pairs[:12])))
    else:
        st.caption(say("comparisons.no_pairs"))


def _compare(aspect: Aspect, first: Row, second: Row) -> list[Row]:
    rows: dict[str, Row] = {}
    for side, document in (("first", first), ("second", second)):
        names = _name_codes(aspect, document["fiscal_year"])
        parameters = {"document": document["document_id"]}
        if aspect.digits:
            parameters["digits"] = aspect.digits
        for cell in query(aspect.query, **parameters):
            row = rows.setdefault(cell["code"], {"code": cell["code"], "first": None, "second": None})
            row[side] = cell["amount_yuan"]
            row[f"{side}_line"] = cell["line_no"]
            row[f"{side}_name"] = names.get(cell["code"]) or (
                say_code(aspect.words, cell["code"]) if aspect.words else ""
            )
    for row in rows.values():
        row["name"] = _join_names(row.get("first_name") or "", row.get("second_name") or "")
        if row["first"] is not None and row["second"] is not None:
            row["change"] = row["second"] - row["first"]
            row["ratio"] = divide(row["second"] - row["first"], abs(row["first"]))
    order = {code: place for place, code in enumerate(("total", "basic", "project"))}
    return sorted(
        rows.values(),
        key=lambda row: (
            order.get(row["code"], 9),
            -max(row["first"] or Decimal(0), row["second"] or Decimal(0)),
        ),
    )


def _name_codes(aspect: Aspect, year: int) -> dict[str, str]:
    return {row["code"]: row["name"] for row in query(aspect.names, year=year)} if aspect.names else {}


def _join_names(first: str, second: str) -> str:
    """A code whose name changed between the years shows both."""
    return f"{first} → {second}" if first and second and first != second else first or second


def _warn_of_gaps(rows: list[Row], first: Row, second: Row, name: str) -> None:
    for side, document in (("first", first), ("second", second)):
        if all(row[side] is None for row in rows):
            st.warning(
                say(
                    "comparisons.not_printed",
                    document=describe_document(document),
                    aspect=say(f"aspect.{name}"),
                )
            )
            return
    one_sided = [row for row in rows if row["first"] is None or row["second"] is None]
    if one_sided:
        st.caption(say("comparisons.one_sided", count=len(one_sided), all=len(rows)))
    renamed = [row for row in rows if "→" in row["name"]]
    if renamed:
        st.caption(say("comparisons.renamed", count=len(renamed)))


def _show_chart(rows: list[Row], unit: MoneyUnit, name: str, sides: dict[str, str]) -> None:
    is_coded = ASPECTS[name].names is not None
    shown = rows[:CHART_ROWS]
    bars = [
        Bar(
            row["code"],
            f"{row['code']} {row['name']}".strip() if is_coded else row["name"] or row["code"],
            side,
            row[side],
        )
        for row in shown
        for side in ("first", "second")
        if row[side] is not None
    ]
    st.header(say(f"aspect.{name}"), anchor=False)
    show_money_bars(bars, unit, sides, alt_text=say(f"aspect.{name}"), is_stacked=False)
    if len(rows) > CHART_ROWS:
        st.caption(say("chart.largest", count=CHART_ROWS))


def _show_table(
    rows: list[Row], unit: MoneyUnit, first: Row, second: Row, name: str, sides: dict[str, str]
) -> None:
    for row in rows:
        row["first_document_id"] = first["document_id"]
        row["second_document_id"] = second["document_id"]
        row["difference"] = _say_difference(row, unit)
        row["percentage"] = format_share(row["ratio"]) if row.get("ratio") is not None else ""
        if name == "totals" and row["code"] == "total":
            row["_role"] = "total"
    is_coded = ASPECTS[name].names is not None
    columns = [
        *([Column("code", say("column.code"), "code")] if is_coded else []),
        Column("name" if name != "projects" else "code", say("column.name"), is_wide=True),
        Column("first", sides["first"], "amount"),
        Column("second", sides["second"], "amount"),
        Column("difference", f"{say('column.change')} ({say_unit(unit)})", "printed"),
        Column("percentage", say("column.change_ratio"), "printed"),
        Column("first_line", say("column.line_of", side=say("comparisons.first")), "line:first_document_id"),
        Column(
            "second_line", say("column.line_of", side=say("comparisons.second")), "line:second_document_id"
        ),
    ]
    show_table(rows, columns, name=f"yusuan-comparison-{name}", unit=unit)
    st.caption(say("comparisons.table_note"))
    if ASPECTS[name].digits in (3, 5) or name == "projects":
        st.caption(say("comparisons.line_note"))


def _say_difference(row: Row, unit: MoneyUnit) -> str:
    if "change" not in row:
        return say("comparisons.not_comparable")
    return ("+" if row["change"] > 0 else "") + format_amount(row["change"], unit)


show()
