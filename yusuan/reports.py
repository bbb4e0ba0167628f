"""The report on one unit and year: one page that needs nothing else, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from yusuan.findings import Finding, list_findings_of
from yusuan.labels import (
    CAUSES,
    DOCUMENT_KINDS,
    EXPENDITURE_KINDS,
    FAMILIES,
    ORIGINS,
    PHASES,
    REASONS,
    SCOPES,
    STATES,
    THREE_PUBLIC,
    VERDICTS,
    Words,
    say,
)
from yusuan.official_forms import OfficialForm, read_forms
from yusuan.pages import make_environment
from yusuan.performance_sections import report_evaluations, report_targets, report_whole_department
from yusuan.report_parts import CHART_ROWS, Money, Place, Row, Section, Source, fetch_rows, sort_largest
from yusuan.selections import NothingSelected, Unit
from yusuan.svg_charts import BLUE, COLORS, GREEN, ORANGE, Bar, draw_bars


@dataclass(frozen=True)
class KeyFigure:
    """One of the figures that a report opens with."""

    words: Words
    amount: Decimal
    place: Place


@dataclass(frozen=True)
class DocumentReport:
    """What a report says of one disclosure."""

    about: dict[str, Any]
    label: Words
    figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    forms: tuple[OfficialForm, ...]
    verdicts: tuple[tuple[Any, ...], ...]
    reasons: tuple[tuple[Any, ...], ...]
    findings: tuple[Finding, ...]


def make_report(connection: duckdb.DuckDBPyConnection, unit: Unit, year: int) -> str:
    """Return the report as one HTML page; raise NothingSelected if the unit published nothing for the year."""
    documents = fetch_rows(
        connection,
        """
        select document_id, document_kind, scope, printed_title, source_name, source_sha256, fiscal_year
        from marts.dim_documents
        where unit_id = ? and fiscal_year = ? and is_current
        order by document_kind, scope, document_id
        """,
        [unit.unit_id, year],
    )
    if not documents:
        known = fetch_rows(
            connection,
            "select distinct fiscal_year as y from marts.dim_documents where unit_id = ? order by 1",
            [unit.unit_id],
        )
        years = "、".join(str(row["y"]) for row in known)
        raise NothingSelected(
            f"{unit.unit_name}没有 {year} 年的公开文件，有：{years} 年。 "
            f"{unit.unit_name} has no disclosure of {year}, only of {years}."
        )
    labels = _label_documents(documents)
    money = _choose_money(connection, [document["document_id"] for document in documents])
    reports = [
        _report_document(connection, document, label, money)
        for document, label in zip(documents, labels, strict=True)
    ]
    release = fetch_rows(connection, "select build_id, built_at, git_commit from marts.rpt_release", [])[0]
    template = make_environment().get_template("report.html.j2")
    return template.render(
        unit=unit,
        year=year,
        money=money,
        reports=reports,
        release=release,
        words={
            "verdicts": VERDICTS,
            "reasons": REASONS,
            "families": FAMILIES,
            "states": STATES,
            "scopes": SCOPES,
            "kinds": DOCUMENT_KINDS,
            "causes": CAUSES,
        },
        say=say,
    )


def _label_documents(documents: Sequence[dict[str, Any]]) -> list[Words]:
    """Return a short name for each document: its kind, with the scope where two are of one kind."""
    kinds = [document["document_kind"] for document in documents]
    labels = []
    for document, kind in zip(documents, kinds, strict=True):
        chinese, english = say(DOCUMENT_KINDS, kind)
        if kinds.count(kind) > 1:
            is_department = document["scope"] == "department"
            chinese = f"{'部门' if is_department else '单位'}{chinese}"
            english = f"{'department' if is_department else 'unit'} {english}"
        labels.append((chinese, english))
    return labels


def _choose_money(connection: duckdb.DuckDBPyConnection, documents: list[str]) -> Money:
    row = connection.execute(
        "select bool_and(amount_yuan % 100 = 0) from marts.fct_amounts where list_contains($ids, document_id)",
        {"ids": documents},
    ).fetchone()
    return Money(bool(row and row[0]))


def _report_document(
    connection: duckdb.DuckDBPyConnection, document: dict[str, Any], label: Words, money: Money
) -> DocumentReport:
    source = Source(connection, document["document_id"], label, money)
    sections = [
        _report_subjects(source),
        _report_kinds(source),
        _report_economic_categories(source),
        _report_projects(source),
        _report_three_public(source),
        report_whole_department(source),
        report_targets(source),
        report_evaluations(source),
    ]
    verdicts = connection.execute(VERDICTS_QUERY, [source.document_id]).fetchall()
    reasons = connection.execute(REASONS_QUERY, [source.document_id]).fetchall()
    return DocumentReport(
        about=document,
        label=label,
        figures=tuple(_find_key_figures(source)),
        sections=tuple(section for section in sections if section is not None),
        forms=tuple(read_forms(connection, source.document_id)),
        verdicts=tuple(verdicts),
        reasons=tuple(reasons),
        findings=tuple(list_findings_of(connection, source.document_id)),
    )


VERDICTS_QUERY = """
    select
        family,
        count(*) filter (where verdict = 'exact'),
        count(*) filter (where verdict = 'rounding'),
        count(*) filter (where verdict = 'broken'),
        count(*) filter (where verdict = 'not_assessable')
    from marts.fct_identity_checks
    where document_id = ? and reason is distinct from 'not_owed'
    group by all
    order by family
"""

REASONS_QUERY = """
    select reason, count(*) from marts.fct_identity_checks
    where document_id = ? and verdict = 'not_assessable' and reason != 'not_owed'
    group by all
    order by 2 desc, 1
"""


KEY_FIGURES: tuple[tuple[Words, str], ...] = (
    (
        ("收入总计", "Total income"),
        "statement_code in ('b01', 'f01') and direction = 'income' and row_role = 'total'",
    ),
    (
        ("其中：上年结转", "of which carried over"),
        "statement_code in ('b01', 'f01') and direction = 'income' and item_code = 'carryover_in'",
    ),
    (
        ("支出合计", "Expenditure"),
        "statement_code in ('b03', 'f03') and row_role = 'total' and column_role = 'total'",
    ),
    (
        ("基本支出", "Basic expenditure"),
        "statement_code in ('b03', 'f03') and row_role = 'total' and expenditure_kind = 'basic'",
    ),
    (
        ("项目支出", "Project expenditure"),
        "statement_code in ('b03', 'f03') and row_role = 'total' and expenditure_kind = 'project'",
    ),
    (
        ("“三公”经费", "Travel abroad, hospitality, vehicles"),
        "item_code = 'total' and (statement_code = 'b10' and column_role = 'total'"
        " or statement_code = 'f09' and phase = 'executed')",
    ),
    (
        ("机关运行经费", "Operating cost"),
        "statement_code = 'b11' and row_role = 'total' and column_role = 'total'"
        " or statement_code = 'f10' and item_code like 'operating_cost%'",
    ),
)


def _find_key_figures(source: Source) -> list[KeyFigure]:
    figures = []
    for words, condition in KEY_FIGURES:
        found = source.query(
            "select amount_yuan, line_no from marts.fct_amounts "
            f"where document_id = $document and ({condition}) order by line_no"
        )
        figures += [KeyFigure(words, row["amount_yuan"], source.place(row["line_no"])) for row in found]
    return figures


SUBJECTS_QUERY = """
    select
        line_no, subject_code, any_value(printed_label) as label, any_value(row_role) as role,
        max(amount_yuan) filter (where column_role = 'total') as total,
        max(amount_yuan) filter (where expenditure_kind = 'basic') as basic,
        max(amount_yuan) filter (where expenditure_kind = 'project') as project,
        sum(amount_yuan) filter (where column_role = 'part' and expenditure_kind not in ('basic', 'project'))
            as other
    from marts.fct_amounts
    where document_id = $document and statement_code in ('b03', 'f03')
    group by line_no, subject_code
    order by line_no
"""


def _report_subjects(source: Source) -> Section | None:
    """Expenditure by class, with divisions and items below it."""
    found = source.query(SUBJECTS_QUERY)
    if not found:
        return None
    classes = [row for row in found if row["subject_code"] and len(row["subject_code"]) == 3]
    bars = [source.bar(row["label"], row["total"]) for row in sort_largest(classes, "total")]
    has_other = any(row["other"] for row in found)
    columns = [("合计", "Total"), *(say(EXPENDITURE_KINDS, kind) for kind in ("basic", "project"))]
    names = ["total", "basic", "project", *(["other"] if has_other else [])]
    rows = [
        Row(
            row["label"],
            tuple(source.money.show(row[name]) for name in names),
            source.place(row["line_no"]),
            depth=0 if row["role"] == "total" else max(len(row["subject_code"] or "") - 3, 0) // 2,
            code=row["subject_code"] or "",
            is_total=row["role"] == "total" or len(row["subject_code"] or "") == 3,
        )
        for row in found
    ]
    return Section(
        ("支出：按功能分类科目", "Expenditure by function subject"),
        ("图示类级科目；表列类、款、项。", "The chart shows classes; the table classes, divisions, items."),
        draw_bars(bars, (BLUE,)),
        (),
        (*columns, *([("其他支出", "Other kinds")] if has_other else [])),
        tuple(rows),
    )


def _report_kinds(source: Source) -> Section | None:
    """Basic against project expenditure, class by class."""
    found = source.query(SUBJECTS_QUERY)
    classes = [
        row
        for row in found
        if row["role"] == "total" or (row["subject_code"] and len(row["subject_code"]) == 3)
    ]
    if not any(row["project"] or row["basic"] for row in classes):
        return None
    bars = [source.bar(row["label"], row["basic"], row["project"]) for row in sort_largest(classes, "total")]
    return Section(
        ("基本支出与项目支出", "Basic and project expenditure"),
        ("", ""),
        draw_bars(bars, (BLUE, ORANGE)),
        ((BLUE, say(EXPENDITURE_KINDS, "basic")), (ORANGE, say(EXPENDITURE_KINDS, "project"))),
        (),
        (),
    )


ECONOMIC_QUERY = """
    select
        facts.line_no, facts.economic_code as code, any_value(facts.printed_label) as label,
        any_value(government.economic_name) as government,
        sum(facts.amount_yuan) filter (where expenditure_kind = 'personnel') as personnel,
        sum(facts.amount_yuan) filter (where expenditure_kind = 'public') as public,
        sum(facts.amount_yuan) as total
    from marts.fct_expenditure_by_economic_category as facts
    left join marts.dim_economic_categories as government
        on
            facts.government_economic_code = government.economic_code
            and facts.fiscal_year between government.valid_from_year and government.valid_to_year
    where facts.document_id = $document
    group by facts.line_no, facts.economic_code
    order by facts.line_no, facts.economic_code
"""


def _report_economic_categories(source: Source) -> Section | None:
    """Basic expenditure by economic item, personnel and public."""
    found = source.query(ECONOMIC_QUERY)
    if not found:
        return None
    largest = sort_largest(found, "total")[:CHART_ROWS]
    bars = [source.bar(row["label"], row["personnel"], row["public"]) for row in largest]
    # A final account prints no government category.
    has_government = any(row["government"] for row in found)
    rows = [
        Row(
            row["label"],
            (
                *([row["government"] or ""] if has_government else []),
                *(source.money.show(row[name]) for name in ("total", "personnel", "public")),
            ),
            source.place(row["line_no"]),
            code=row["code"] or "",
        )
        for row in found
    ]
    note = (
        (f"图示金额最大的 {CHART_ROWS} 项。", f"The chart shows the {CHART_ROWS} largest items.")
        if len(found) > CHART_ROWS
        else ("", "")
    )
    return Section(
        ("基本支出：按经济分类科目", "Basic expenditure by economic category"),
        note,
        draw_bars(bars, (GREEN, ORANGE)),
        ((GREEN, say(EXPENDITURE_KINDS, "personnel")), (ORANGE, say(EXPENDITURE_KINDS, "public"))),
        (
            *([("政府预算经济分类", "Government category")] if has_government else []),
            ("合计", "Total"),
            say(EXPENDITURE_KINDS, "personnel"),
            say(EXPENDITURE_KINDS, "public"),
        ),
        tuple(rows),
        text_columns=int(has_government),
    )


PROJECTS_QUERY = """
    select
        facts.line_no, facts.origin, any_value(projects.project_name) as name,
        string_agg(distinct funds.fund_name, '、' order by funds.fund_name) as funds,
        string_agg(distinct funds.fund_name_en, ', ' order by funds.fund_name_en) as funds_en,
        sum(facts.amount_yuan) as total
    from marts.fct_project_budgets as facts
    inner join marts.dim_projects as projects using (project_id)
    left join marts.dim_funds as funds using (fund_code)
    where facts.document_id = $document
    group by facts.line_no, facts.origin
    order by facts.line_no
"""


def _report_projects(source: Source) -> Section | None:
    """Projects, largest first."""
    found = source.query(PROJECTS_QUERY)
    if not found:
        return None
    colors = {"current": (BLUE, ORANGE), "carryover": (ORANGE, BLUE)}
    bars = [
        source.bar(
            row["name"], *((row["total"], None) if row["origin"] == "current" else (None, row["total"]))
        )
        for row in sort_largest(found, "total")[:CHART_ROWS]
    ]
    rows = [
        Row(
            row["name"],
            (
                (row["funds"] or "", row["funds_en"] or ""),
                say(ORIGINS, row["origin"]),
                source.money.show(row["total"]),
            ),
            source.place(row["line_no"]),
        )
        for row in sort_largest(found, "total")
    ]
    return Section(
        (f"项目支出：{len(found)} 个项目", f"Project expenditure: {len(found)} projects"),
        (f"图示金额最大的 {CHART_ROWS} 个项目。", f"The chart shows the {CHART_ROWS} largest projects.")
        if len(found) > CHART_ROWS
        else ("", ""),
        draw_bars(bars, colors["current"]),
        ((BLUE, say(ORIGINS, "current")), (ORANGE, say(ORIGINS, "carryover"))),
        (("资金来源", "Fund"), ("资金年度", "Origin"), ("金额", "Amount")),
        tuple(rows),
        text_columns=2,
    )


THREE_PUBLIC_QUERY = """
    select item_code, phase, sum(amount_yuan) as total, min(line_no) as line_no
    from marts.fct_three_public
    where document_id = $document
    group by item_code, phase
"""


def _report_three_public(source: Source) -> Section | None:
    """Travel abroad, hospitality and vehicles; in a final account the budget beside the account."""
    found = {(row["item_code"], row["phase"]): row for row in source.query(THREE_PUBLIC_QUERY)}
    if not found:
        return None
    phases = [phase for phase in PHASES if any(key[1] == phase for key in found)]
    bars, rows = [], []
    for item, words in THREE_PUBLIC.items():
        printed = {phase: found.get((item, phase)) for phase in phases}
        for number, phase in enumerate(phases):
            row = printed[phase]
            values: list[Decimal | None] = [None] * len(phases)
            values[number] = row["total"] if row else None
            chinese, english = (f"{word}：{said}" for word, said in zip(words, PHASES[phase], strict=True))
            name = words if len(phases) == 1 else (chinese, english.replace("：", ": "))
            shown = source.money.show(row["total"]) if row else "—"
            bars.append(Bar(name, tuple(values), shown))
        lines = [row["line_no"] for row in printed.values() if row]
        if lines:
            cells = tuple(source.money.show(row["total"]) if row else "" for row in printed.values())
            rows.append(Row(words, cells, source.place(lines[0])))
    return Section(
        ("“三公”经费", "Travel abroad, hospitality, vehicles"),
        ("“—”为原文空白，不等于零。", "— means blank on paper, which is not zero."),
        draw_bars(bars, COLORS),
        tuple((COLORS[number], say(PHASES, phase)) for number, phase in enumerate(phases)),
        tuple(say(PHASES, phase) for phase in phases),
        tuple(rows),
    )
