"""Which figures disagree: the verdicts on the accounting identities, both sides with their lines."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from dashboards.amounts import MoneyUnit, format_amount, format_share
from dashboards.charts import show_count_bars
from dashboards.contexts import (
    ALL,
    choose,
    choose_document,
    describe_document,
    has,
    name_of,
    name_statement,
    open_page,
    pick_unit,
    query,
    say,
    say_code,
    say_unit,
)
from dashboards.tables import Column, render_line_link, show_figures, show_table
from dashboards.warehouses import Row
from dashboards.words import WORDS
from yusuan.labels import FAMILIES

VERDICTS = ("exact", "rounding", "broken", "not_assessable")
CARDS = 50
ITEM = re.compile(r"[a-z_]+(\.[a-z_]+)+")
RARE = (
    *("reported_ratio", "computed_ratio", "reported_score", "computed_score", "reported_count"),
    *("computed_count", "cause", "explanation"),
)
FORM_FAMILIES = ("performance", "self_evaluation")
OPERANDS_SHOWN = 12
CHART_ROWS = 30

COUNTS_QUERY = """
    select
        checks.document_id, checks.family, checks.statement_code, statements.statement_number,
        statements.statement_name, statements.statement_name_en, checks.verdict, checks.kind,
        checks.is_explained, checks.reason is not distinct from 'not_owed' as is_not_owed, count(*) as verdict_count
    from marts.fct_identity_checks as checks
    left join marts.dim_statements as statements using (statement_code)
    where $document is null or checks.document_id = $document
    group by all
"""

CHECKS_QUERY = """
    select checks.*, identities.identity_name, identities.identity_name_en
    from marts.fct_identity_checks as checks
    inner join marts.dim_identities as identities using (identity_id)
    where
        checks.verdict = $verdict
        and checks.reason is distinct from 'not_owed'
        and ($document is null or checks.document_id = $document)
        and ($family = 'all' or checks.family = $family)
        and ($statement = 'all' or checks.statement_code = $statement)
    order by checks.is_explained, checks.kind = 'hint', checks.document_id, checks.line_no, checks.identity_id
"""

OPERANDS_QUERY = """
    select side, weight, amount_yuan, counted_value, printed_label, printed_column, printed_amount, line_no
    from marts.fct_identity_operands
    where document_id = $document and identity_id = $identity and instance = $instance
    order by line_no, block_no, column_code
"""

STATEMENTS_QUERY = """
    select statement_code, statement_number, statement_name, statement_name_en
    from marts.dim_statements
    -- A performance form is judged with the table it belongs to.
    where statement_code in (select statement_code from marts.fct_identity_checks)
    order by statement_code
"""

CLAIMS_QUERY = """
    select *
    from marts.fct_claims
    where $document is null or document_id = $document
    order by document_id, line_no
"""

YEARS_QUERY = """
    select *
    from marts.rpt_year_on_year
    where $document is null or document_id = $document
    order by document_id, line_no
"""


def show() -> None:
    documents = open_page("checks", is_current=False)
    if not documents:
        return
    document = choose_document(documents, with_all=True)
    document_id = document["document_id"] if document else None
    described = {row["document_id"]: describe_document(row) for row in documents}
    every = query(COUNTS_QUERY, document=document_id)
    # What a disclosure does not owe (identities of another layout's tables, say) is no verdict on it.
    counts = [row for row in every if not row["is_not_owed"]]
    if not counts:
        st.info(say("checks.empty"))
        return
    _show_metrics(counts, sum(row["verdict_count"] for row in every if row["is_not_owed"]))
    views = ["summary", "broken", "rounding", "not_assessable"]
    if has("marts.fct_claims", "section", "printed_value"):
        views.append("claims")
    if has("marts.rpt_year_on_year", "prior_yuan", "change_yuan"):
        views.append("years")
    view = choose(
        "view",
        say("checks.view"),
        views,
        lambda key: say(f"checks.view_{key}"),
        widget=st.segmented_control,
        required=True,
        label_visibility="collapsed",
    )
    if view == "summary":
        _show_summary(counts, described)
    elif view == "claims":
        _show_claims(document_id, described)
    elif view == "years":
        _show_years(document_id, described)
    else:
        _show_checks(view, document_id, described)


def _show_metrics(counts: list[Row], not_owed: int) -> None:
    figures = []
    for verdict in VERDICTS:
        number = sum(row["verdict_count"] for row in counts if row["verdict"] == verdict)
        explained = sum(
            row["verdict_count"] for row in counts if row["verdict"] == verdict and row["is_explained"]
        )
        remark = say("checks.of_these_explained", count=explained) if verdict == "broken" else ""
        if verdict == "not_assessable" and not_owed:
            remark = say("checks.beside_not_owed", count=not_owed)
        figures.append((say(f"verdict.{verdict}"), f"{number:,}", remark))
    show_figures(figures)
    with st.expander(say("checks.what_verdicts_mean")):
        st.markdown(say("checks.meaning"))


def _show_summary(counts: list[Row], described: dict[str, str]) -> None:
    st.header(say("checks.by_document"), anchor=False)
    verdicts = {verdict: say(f"verdict.{verdict}") for verdict in VERDICTS}
    tally = _tally(counts, "document_id")
    worst = sorted(tally, key=lambda key: (-tally[key].get("broken", 0), described[key]))[:CHART_ROWS]
    bars = [
        (key, described[key], verdict, tally[key][verdict])
        for key in worst
        for verdict in VERDICTS
        if tally[key].get(verdict)
    ]
    show_count_bars(bars, verdicts, axis_title=say("checks.axis"), alt_text=say("checks.by_document"))
    if len(tally) > CHART_ROWS:
        st.caption(say("checks.worst", count=CHART_ROWS))
    st.header(say("checks.by_family"), anchor=False)
    rows = [
        {"name": say_code("family", family), **verdict_counts}
        for family, verdict_counts in sorted(_tally(counts, "family").items())
    ]
    _show_tally(rows, say("column.family"), "yusuan-checks-by-family")
    st.header(say("checks.by_table"), anchor=False)
    # The warehouse files what it judges of performance forms under the table they are about.
    of_forms = [row for row in counts if row["family"] in FORM_FAMILIES]
    of_tables = [row for row in counts if row["family"] not in FORM_FAMILIES]
    names = {row["statement_code"]: name_statement(row) for row in of_tables}
    rows = [
        {"name": names[code], **verdict_counts}
        for code, verdict_counts in sorted(_tally(of_tables, "statement_code").items())
    ] + [
        {"name": say_code("family", family), **verdict_counts}
        for family, verdict_counts in sorted(_tally(of_forms, "family").items())
    ]
    _show_tally(rows, say("column.table"), "yusuan-checks-by-table")


def _tally(counts: list[Row], key: str) -> dict[str, dict[str, int]]:
    tally: dict[str, dict[str, int]] = {}
    for row in counts:
        place = tally.setdefault(row[key] or "", {})
        place[row["verdict"]] = place.get(row["verdict"], 0) + row["verdict_count"]
    return tally


def _show_tally(rows: list[Row], heading: str, name: str) -> None:
    columns = [
        Column("name", heading, is_wide=True),
        *(Column(verdict, say(f"verdict.{verdict}"), "count") for verdict in VERDICTS),
    ]
    show_table(rows, columns, name=name)


def _show_checks(verdict: str, document_id: str | None, described: dict[str, str]) -> None:
    statements = {row["statement_code"]: name_statement(row) for row in query(STATEMENTS_QUERY)}
    present = {row["family"] for row in query(COUNTS_QUERY, document=document_id)}
    families = [family for family in FAMILIES if family in present]
    left, right = st.columns(2)
    with left:
        family = choose(
            "family",
            say("column.family"),
            [ALL, *families],
            lambda key: say("filter.all") if key == ALL else say_code("family", key),
        )
    with right:
        statement = choose(
            "statement_filter",
            say("column.table"),
            [ALL, *statements],
            lambda key: say("filter.all") if key == ALL else statements[key],
        )
    checks = query(CHECKS_QUERY, verdict=verdict, document=document_id, family=family, statement=statement)
    if not checks:
        st.info(say(f"checks.no_{verdict}"))
        return
    if verdict == "broken":
        _show_broken(checks, described)
    elif verdict == "rounding":
        _show_list(checks, described, "yusuan-rounding")
        st.caption(say("checks.rounding_note"))
    else:
        _show_not_assessable(checks, described)


def _show_broken(checks: list[Row], described: dict[str, str]) -> None:
    unit = pick_unit(row["reported_yuan"] for row in checks)
    for check in checks[:CARDS]:
        st.html(_render_card(check, described, unit))
    if len(checks) > CARDS:
        st.caption(say("table.cut", shown=CARDS, count=len(checks)))
    st.header(say("checks.list"), anchor=False)
    _show_list(checks, described, "yusuan-broken")


def _render_card(check: Row, described: dict[str, str], unit: MoneyUnit) -> str:
    operands = query(
        OPERANDS_QUERY,
        document=check["document_id"],
        identity=check["identity_id"],
        instance=check["instance"],
    )
    kind = "hint" if check["kind"] == "hint" else "explained" if check["is_explained"] else ""
    state = (
        say("checks.is_explained", cause=say_code("cause", check["known_cause"]))
        if check["is_explained"]
        else ""
    )
    if check["kind"] == "hint":
        state = say("checks.is_hint")
    tag = f' <span class="yusuan-tag">{escape(state)}</span>' if state else ""
    return (
        f'<div class="yusuan-card {kind}"><h4>{escape(name_of(check, "identity_name"))}{tag}</h4>'
        f'<div class="muted">{escape(described[check["document_id"]])} · {escape(check["identity_id"])} · '
        f"{escape(say_code('family', check['family']))}</div>"
        f"<div>{escape(_say_finding(check, unit))}</div>{_render_explanation(check)}"
        f'<div class="sides">{_render_side(check, operands, "reported", unit)}'
        f"{_render_side(check, operands, 'computed', unit)}</div></div>"
    )


def _say_finding(check: Row, unit: MoneyUnit) -> str:
    reason = say_code("reason", check["reason"])
    if check["difference_yuan"] is None:
        return say(
            "checks.finding_count",
            reported=_say_side(check, "reported", unit),
            computed=_say_side(check, "computed", unit),
            reason=reason,
        )
    return say(
        "checks.finding",
        difference=format_amount(check["difference_yuan"], unit),
        bound=format_amount(check["bound_yuan"], unit),
        unit=say_unit(unit),
        reason=reason,
    )


def _render_explanation(check: Row) -> str:
    """Say what was found by eye to be the cause of a disagreement."""
    words = name_of(check, "known_explanation") if check["is_explained"] else ""
    return f'<div class="muted">{escape(words)}</div>' if words else ""


def _say_score(check: Row, key: str) -> str:
    value = check.get(key)
    return "" if value is None else say("amount.points", points=f"{value.normalize():f}")


def _say_side(check: Row, side: str, unit: MoneyUnit) -> str:
    """Return one side of a check in its own measure: money, a ratio, points, or a count."""
    if check[f"{side}_yuan"] is not None:
        return say("amount.with_unit", amount=format_amount(check[f"{side}_yuan"], unit), unit=say_unit(unit))
    if check.get(f"{side}_ratio") is not None:
        return format_share(check[f"{side}_ratio"])
    if check.get(f"{side}_score") is not None:
        return _say_score(check, f"{side}_score")
    count = check[f"{side}_count"]
    return say("blank") if count is None else f"{count:,}"


def _render_side(check: Row, operands: list[Row], side: str, unit: MoneyUnit) -> str:
    whole = _say_side(check, side, unit)
    items = [f"<li>{_render_operand(check, operand)}</li>" for operand in operands if operand["side"] == side]
    listed = f"<ul>{''.join(items[:OPERANDS_SHOWN])}</ul>"
    if len(items) > OPERANDS_SHOWN:
        more = escape(say("checks.more_operands", count=len(items) - OPERANDS_SHOWN))
        listed += f"<details><summary>{more}</summary><ul>{''.join(items[OPERANDS_SHOWN:])}</ul></details>"
    return f"<div><b>{escape(say(f'checks.{side}'))}</b> {escape(whole)}{listed}</div>"


def _render_operand(check: Row, operand: Row) -> str:
    sign = "−" if operand["weight"] < 0 else ""
    parts = (operand["printed_label"], operand["printed_column"])
    # A figure of the narrative without a label is known by its item (projects.count): said in words.
    words = " ".join(_say_item(part) if ITEM.fullmatch(part) else part for part in parts if part)
    link = render_line_link(
        check["document_id"], operand["line_no"], say("line.short", line=operand["line_no"])
    )
    return f"{escape(sign + str(operand['printed_amount']))} · {escape(words)} · {link}"


def _show_list(checks: list[Row], described: dict[str, str], name: str) -> None:
    rows = [
        {
            **check,
            "document": described[check["document_id"]],
            "identity": name_of(check, "identity_name"),
            "explained": say("yes") if check["is_explained"] else say("no"),
            "cause": say_code("cause", check["known_cause"]),
            "explanation": name_of(check, "known_explanation"),
            "reported_ratio": format_share(check["reported_ratio"]),
            "computed_ratio": format_share(check["computed_ratio"]),
            "reported_score": _say_score(check, "reported_score"),
            "computed_score": _say_score(check, "computed_score"),
            "reason_words": say_code("reason", check["reason"]),
        }
        for check in checks
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("identity", say("column.identity"), is_wide=True),
        Column("identity_id", say("column.identity_id"), "code"),
        Column("reported_yuan", say("checks.reported"), "amount"),
        Column("computed_yuan", say("checks.computed"), "amount"),
        Column("difference_yuan", say("column.difference"), "amount"),
        Column("bound_yuan", say("column.bound"), "amount"),
        Column("reported_ratio", say("column.reported_ratio"), "printed"),
        Column("computed_ratio", say("column.computed_ratio"), "printed"),
        Column("reported_score", say("column.reported_score"), "printed"),
        Column("computed_score", say("column.computed_score"), "printed"),
        Column("reported_count", say("column.reported_count"), "count"),
        Column("computed_count", say("column.computed_count"), "count"),
        Column("reason_words", say("column.reason")),
        Column("explained", say("column.explained")),
        Column("cause", say("column.cause")),
        Column("explanation", say("column.explanation"), is_wide=True),
        Column("line_no", say("column.line"), "line"),
    ]
    if name == "yusuan-rounding":
        left_out = ("reason_words", "explained", "cause", "explanation")
        columns = [column for column in columns if column.key not in left_out]
    # Counts and causes only where there are any.
    columns = [
        column
        for column in columns
        if column.key not in RARE or any(row.get(column.key) not in (None, "") for row in rows)
    ]
    show_table(rows, columns, name=name, unit=pick_unit(row["difference_yuan"] for row in checks))


def _show_not_assessable(checks: list[Row], described: dict[str, str]) -> None:
    reasons: dict[str, int] = {}
    for check in checks:
        reasons[check["reason"] or ""] = reasons.get(check["reason"] or "", 0) + 1
    bars = [
        (reason, say_code("reason", reason), "not_assessable", count)
        for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])
    ]
    words = {"not_assessable": say("verdict.not_assessable")}
    show_count_bars(bars, words, axis_title=say("checks.axis"), alt_text=say("checks.view_not_assessable"))
    rows = [
        {
            **check,
            "document": described[check["document_id"]],
            "identity": name_of(check, "identity_name"),
            "reason_words": say_code("reason", check["reason"]),
        }
        for check in checks
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("identity", say("column.identity"), is_wide=True),
        Column("identity_id", say("column.identity_id"), "code"),
        Column("reason_words", say("column.reason")),
    ]
    show_table(rows, columns, name="yusuan-not-assessable")


def _show_claims(document_id: str | None, described: dict[str, str]) -> None:
    claims = query(CLAIMS_QUERY, document=document_id)
    if not claims:
        st.info(say("checks.no_claims"))
        return
    rows = [
        {
            **claim,
            "document": described[claim["document_id"]],
            "section_words": say_code("section", claim["section"]),
            "printed_label": claim.get("printed_label") or _say_item(claim["item"]),
            "measure_words": say_code("measure", claim["measure"]),
            "stated": f"{'−' if claim.get('sign') == '-' else ''}{claim['printed_value']} {claim['unit_of_measure'] or ''}",
            "judged": say("yes") if claim.get("is_judged") else say("no"),
        }
        for claim in claims
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("section_words", say("column.section"), is_wide=True),
        Column("printed_label", say("column.stated_item")),
        Column("measure_words", say("column.measure")),
        Column("stated", say("column.stated"), "printed"),
        Column("amount_yuan", say("column.amount"), "amount"),
        *([Column("judged", say("column.judged"))] if "is_judged" in claims[0] else []),
        Column("line_no", say("column.line"), "line"),
    ]
    unit = pick_unit(row["amount_yuan"] for row in claims)
    show_table(rows, columns, name="yusuan-claims", unit=unit)
    st.caption(say("checks.claims_note"))


def _say_item(item: str) -> str:
    """Return what a figure is about (``expenditure.total``) in words, as far as there are any."""
    whole, _, part = item.rpartition(".")
    words = [say(f"direction.{whole}")] if f"direction.{whole}" in WORDS else []
    words += [
        say(f"{group}.{part}") for group in ("item", "expenditure", "origin") if f"{group}.{part}" in WORDS
    ][:1]
    return say("list.of").join(words)


def _show_years(document_id: str | None, described: dict[str, str]) -> None:
    changes = query(YEARS_QUERY, document=document_id)
    if not changes:
        st.info(say("checks.no_years"))
        return
    rows = [
        {
            **change,
            "document": described[change["document_id"]],
            "section_words": say_code("section", change.get("section")),
            "printed_label": change.get("printed_label") or _say_item(change["item"]),
            "verdict_words": say_code("verdict", change.get("change_verdict")),
            "stated_change": format_share(change.get("stated_change_ratio")),
            "implied_change": format_share(change.get("implied_change_ratio")),
        }
        for change in changes
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("section_words", say("column.section")),
        Column("printed_label", say("column.stated_item")),
        Column("current_yuan", say("column.this_year"), "amount"),
        Column("change_yuan", say("column.change"), "amount"),
        Column("stated_change", say("column.stated_change"), "printed"),
        Column("implied_change", say("column.implied_change"), "printed"),
        Column("prior_yuan", say("column.implied_prior"), "amount"),
        Column("verdict_words", say("column.verdict")),
        Column("line_no", say("column.line"), "line"),
    ]
    present = [column for column in columns if any(row.get(column.key) not in (None, "") for row in rows)]
    show_table(
        rows, present, name="yusuan-year-on-year", unit=pick_unit(row["current_yuan"] for row in changes)
    )
    st.caption(say("checks.years_note"))


show()
