"""Where a printed label, code or amount stands: its document, table and line, and its place in the star."""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape

import streamlit as st

from dashboards.contexts import (
    choose_document,
    describe_document,
    has,
    is_chinese,
    make_link,
    name_of,
    name_statement,
    open_page,
    pick_unit,
    query,
    say,
    say_code,
)
from dashboards.tables import Column, show_table
from dashboards.warehouses import Row

FOUND = 500

# The same words for amounts and counts, so that one table shows both.
SEARCH_QUERY = f"""
    select
        facts.document_id, facts.statement_code, statements.statement_number, statements.statement_name,
        statements.statement_name_en, facts.line_no, facts.printed_label, facts.printed_column,
        facts.printed_amount, facts.amount_yuan, facts.subject_code, facts.economic_code,
        facts.government_economic_code
    from marts.fct_amounts as facts
    left join marts.dim_statements as statements using (statement_code)
    where
        ($document is null or facts.document_id = $document)
        and (
            contains(lower(facts.printed_label), lower($words))
            or starts_with(facts.subject_code, $code)
            or starts_with(facts.economic_code, $code)
            or starts_with(facts.government_economic_code, $code)
            or replace(facts.printed_amount, ',', '') = $figure
            or facts.amount_yuan = $yuan
            or facts.amount_yuan = $yuan * 10000
        )
    union all by name
    select
        facts.document_id, facts.statement_code, statements.statement_number, statements.statement_name,
        statements.statement_name_en, facts.line_no, facts.printed_label, facts.printed_column,
        facts.printed_amount
    from marts.fct_statistics as facts
    left join marts.dim_statements as statements using (statement_code)
    where
        ($document is null or facts.document_id = $document)
        and (
            contains(lower(facts.printed_label), lower($words))
            or replace(facts.printed_amount, ',', '') = $figure
        )
    order by document_id, statement_code, line_no, printed_column
    limit {FOUND + 1}
"""

LINE_QUERY = """
    select
        facts.document_id, facts.statement_code, statements.statement_number, statements.statement_name,
        statements.statement_name_en, facts.line_no, facts.page_no, facts.printed_label,
        facts.printed_column, facts.printed_amount, facts.unit_of_measure, facts.amount_yuan, facts.phase,
        facts.direction, funds.fund_name, funds.fund_name_en, facts.subject_code, subjects.subject_name,
        facts.economic_code, categories.economic_name, facts.government_economic_code,
        projects.project_name, facts.item_code, facts.expenditure_kind, facts.origin, facts.row_role,
        facts.column_role
    from marts.fct_amounts as facts
    left join marts.dim_statements as statements using (statement_code)
    left join marts.dim_funds as funds on facts.fund_code = funds.fund_code
    left join marts.dim_projects as projects on facts.project_id = projects.project_id
    left join marts.dim_subjects as subjects
        on
            facts.subject_code = subjects.subject_code
            and facts.fiscal_year between subjects.valid_from_year and subjects.valid_to_year
    left join marts.dim_economic_categories as categories
        on
            facts.economic_code = categories.economic_code
            and categories.economic_scheme = 'department'
            and facts.fiscal_year between categories.valid_from_year and categories.valid_to_year
    where facts.document_id = $document and facts.line_no = $line
    order by facts.block_no, facts.column_code
"""

COUNTS_QUERY = """
    select
        facts.document_id, facts.statement_code, statements.statement_number, statements.statement_name,
        statements.statement_name_en, facts.line_no, facts.printed_label, facts.printed_column,
        facts.printed_amount, facts.unit_of_measure, facts.item_code, facts.row_role
    from marts.fct_statistics as facts
    left join marts.dim_statements as statements using (statement_code)
    where facts.document_id = $document and facts.line_no = $line
"""

VERDICTS_QUERY = """
    select distinct
        checks.document_id, checks.identity_id, checks.instance, identities.identity_name,
        identities.identity_name_en, operands.side, checks.verdict, checks.reported_yuan,
        checks.computed_yuan, checks.difference_yuan, checks.bound_yuan, checks.reported_count,
        checks.computed_count, checks.line_no
    from marts.fct_identity_operands as operands
    inner join marts.fct_identity_checks as checks using (document_id, identity_id, instance)
    inner join marts.dim_identities as identities using (identity_id)
    where operands.document_id = $document and operands.line_no = $line
    order by checks.verdict <> 'broken', checks.identity_id, checks.instance
"""

CLAIMS_QUERY = """
    select document_id, section, measure, printed_value, unit_of_measure, amount_yuan, line_no
    from marts.fct_claims
    where document_id = $document and line_no = $line
"""


def show() -> None:
    documents = open_page("lookup", is_current=False)
    if not documents:
        return
    left, right = st.columns([3, 2])
    with left:
        wanted = st.text_input(
            say("lookup.input"),
            value=st.query_params.get("words", ""),
            placeholder=say("lookup.placeholder"),
            key="lookup_words",
            max_chars=100,
        )
    with right:
        document = choose_document(documents, with_all=True)
    described = {row["document_id"]: describe_document(row) for row in documents}
    line = _read_line()
    if line and document and not wanted:
        _show_line(document, line)
    elif wanted and wanted.strip():
        st.query_params["words"] = wanted.strip()
        _show_found(wanted.strip(), document["document_id"] if document else None, described)
    else:
        st.info(say("lookup.hint"))


def _read_line() -> int | None:
    text = st.query_params.get("line", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _show_found(wanted: str, document_id: str | None, described: dict[str, str]) -> None:
    figure = wanted.replace(",", "").replace("，", "")
    is_number = re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,6})?", figure) is not None
    rows = query(
        SEARCH_QUERY,
        document=document_id,
        words=wanted,
        code=wanted if re.fullmatch(r"[0-9]{3,7}", wanted) else None,
        figure=figure if is_number else None,
        yuan=Decimal(figure) if is_number else None,
    )
    if not rows:
        st.info(say("lookup.nothing", words=wanted))
        return
    st.caption(say("lookup.found_more" if len(rows) > FOUND else "lookup.found", count=min(len(rows), FOUND)))
    shown = [
        {**row, "document": described[row["document_id"]], "table": name_statement(row)}
        for row in rows[:FOUND]
    ]
    columns = [
        Column("document", say("column.document"), is_wide=True),
        Column("table", say("column.table"), is_wide=True),
        Column("line_no", say("column.line"), "line"),
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("printed_column", say("column.printed_column")),
        Column("printed_amount", say("column.printed_amount"), "printed"),
        Column("amount_yuan", say("column.amount"), "amount"),
        Column("subject_code", say("column.subject_code"), "code"),
        Column("economic_code", say("column.department_code"), "code"),
        Column("government_economic_code", say("column.government_code"), "code"),
    ]
    show_table(shown, columns, name="yusuan-lookup", unit=pick_unit(row["amount_yuan"] for row in rows))


def _show_line(document: Row, line: int) -> None:
    st.header(say("lookup.line", line=line, document=describe_document(document)), anchor=False)
    key = {"document": document["document_id"], "line": line}
    amounts = query(LINE_QUERY, **key)
    counts = query(COUNTS_QUERY, **key)
    claims = (
        query(CLAIMS_QUERY, **key) if has("marts.fct_claims", "section", "measure", "printed_value") else []
    )
    if not amounts and not counts and not claims:
        st.info(say("lookup.empty_line"))
        return
    for place in (amounts or counts)[:1]:
        link = escape(make_link("forms", document=key["document"], form=place["statement_code"], line=line))
        page = say("lookup.on_page", page=place["page_no"]) if place.get("page_no") else ""
        st.html(
            f"<p>{escape(document['source_name'])}{escape(page)} · {escape(name_statement(place))} · "
            f'<a href="{link}">{escape(say("lookup.to_form"))}</a></p>'
        )
    if amounts:
        _show_amounts(amounts)
    if counts:
        _show_counts(counts)
    if claims:
        _show_claims(claims)
    _show_verdicts(query(VERDICTS_QUERY, **key))


def _show_amounts(amounts: list[Row]) -> None:
    rows = [
        {
            **row,
            "phase": say_code("phase", row["phase"]),
            "direction": say_code("direction", row["direction"]),
            "fund": row["fund_name" if is_chinese() else "fund_name_en"],
            "item_code": say_code("item", row["item_code"]),
            "expenditure_kind": say_code("expenditure", row["expenditure_kind"]),
            "origin": say_code("origin", row["origin"]),
            "row_role": say_code("role", row["row_role"]),
            "column_role": say_code("role", row["column_role"]),
            "yuan": f"{row['amount_yuan']:,}",
        }
        for row in amounts
    ]
    columns = [
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("printed_column", say("column.printed_column")),
        Column("printed_amount", say("column.printed_amount"), "printed"),
        Column("unit_of_measure", say("column.unit_of_measure")),
        Column("yuan", say("column.yuan"), "printed"),
        Column("subject_code", say("column.subject_code"), "code"),
        Column("subject_name", say("column.subject")),
        Column("economic_code", say("column.department_code"), "code"),
        Column("economic_name", say("column.department_category")),
        Column("government_economic_code", say("column.government_code"), "code"),
        Column("project_name", say("column.project")),
        Column("item_code", say("column.item")),
        Column("direction", say("column.direction")),
        Column("phase", say("column.phase")),
        Column("fund", say("column.fund")),
        Column("expenditure_kind", say("column.kind_of_expenditure")),
        Column("origin", say("column.origin")),
        Column("row_role", say("column.row_role")),
        Column("column_role", say("column.column_role")),
    ]
    present = [column for column in columns if any(row.get(column.key) not in (None, "") for row in rows)]
    st.subheader(say("lookup.amounts"), anchor=False)
    show_table(rows, present, name="yusuan-line-amounts")


def _show_counts(counts: list[Row]) -> None:
    st.subheader(say("lookup.counts"), anchor=False)
    columns = [
        Column("printed_label", say("column.printed_label"), is_wide=True),
        Column("printed_column", say("column.printed_column")),
        Column("printed_amount", say("column.printed_amount"), "printed"),
        Column("unit_of_measure", say("column.unit_of_measure")),
    ]
    show_table(counts, columns, name="yusuan-line-counts")


def _show_claims(claims: list[Row]) -> None:
    st.subheader(say("lookup.claims"), anchor=False)
    rows = [
        {
            **row,
            "section": say_code("section", row["section"]),
            "measure": say_code("measure", row["measure"]),
            "stated": f"{row['printed_value']} {row['unit_of_measure'] or ''}",
        }
        for row in claims
    ]
    columns = [
        Column("section", say("column.section"), is_wide=True),
        Column("measure", say("column.measure")),
        Column("stated", say("column.stated"), "printed"),
        Column("amount_yuan", say("column.amount"), "amount"),
    ]
    show_table(rows, columns, name="yusuan-line-claims", unit=pick_unit(row["amount_yuan"] for row in claims))


def _show_verdicts(verdicts: list[Row]) -> None:
    if not verdicts:
        return
    st.subheader(say("lookup.verdicts"), anchor=False)
    rows = [
        {
            **row,
            "identity": name_of(row, "identity_name"),
            "side": say_code("checks", row["side"]),
            "verdict": say_code("verdict", row["verdict"]),
            "_role": "subtotal" if row["verdict"] == "broken" else "",
        }
        for row in verdicts
    ]
    columns = [
        Column("identity", say("column.identity"), is_wide=True),
        Column("identity_id", say("column.identity_id"), "code"),
        Column("side", say("column.side")),
        Column("verdict", say("column.verdict")),
        Column("reported_yuan", say("checks.reported"), "amount"),
        Column("computed_yuan", say("checks.computed"), "amount"),
        Column("difference_yuan", say("column.difference"), "amount"),
        Column("reported_count", say("column.reported_count"), "count"),
        Column("computed_count", say("column.computed_count"), "count"),
        Column("line_no", say("column.line"), "line"),
    ]
    present = [column for column in columns if any(row[column.key] is not None for row in rows)]
    unit = pick_unit(row["reported_yuan"] for row in verdicts)
    show_table(rows, present, name="yusuan-line-verdicts", unit=unit)


show()
