"""The documentation as one static site that works from disk: nothing in it is fetched from anywhere."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from yusuan.cookbooks import Recipe, read_recipes
from yusuan.dbt_runs import run_dbt
from yusuan.dictionaries import read_dictionary
from yusuan.exports import open_text
from yusuan.labels import (
    CONDITIONS,
    DOCUMENT_KINDS,
    EXPENDITURE_KINDS,
    FAMILIES,
    KINDS,
    ORIGINS,
    PHASES,
    VERDICTS,
    Words,
    say,
)
from yusuan.pages import make_environment
from yusuan.places import DATABASE_NAME
from yusuan.selections import open_published
from yusuan.star_pictures import draw_star
from yusuan.stars import find_edges, read_marts

Progress = Callable[[int, int, str], None]

# dbt's page loads a tracker where tracking is on. It is off; this makes sure of it.
TRACKER = re.compile(r"(https?:)?//(d1fc8wv8zag5ca\.cloudfront\.net/[\w./]*|fuzzed\.getdbt\.com/?)")

DIRECTIONS: dict[str, Words] = {"income": ("收入", "income"), "expenditure": ("支出", "expenditure")}
BLOCKS: dict[str, Words] = {
    "income": ("收入栏", "income side"),
    "expenditure": ("支出栏", "expenditure side"),
    "personnel": ("人员经费栏", "personnel side"),
    "public": ("公用经费栏", "public side"),
}


class BrokenSite(Exception):
    """A part of the site could not be made."""


@dataclass(frozen=True)
class PrintedColumn:
    """A column of an official table as printed, and how to find its figures in ``fct_amounts``."""

    statement_code: str
    statement_number: str
    statement_name: str
    name: str
    name_en: str
    printed: tuple[str, ...]
    filter: str
    words: Words


@dataclass(frozen=True)
class IdentityWords:
    """An identity in words: what it says, when it is owed, what stands on each side, how it came out."""

    identity_id: str
    words: Words
    kind: str
    condition: str | None
    reported: tuple[str, ...]
    computed: tuple[str, ...]
    counts: dict[str, int]


# Which table answers which question: the front page's list, and the README's.
QUESTIONS: tuple[tuple[Words, str], ...] = (
    (("按功能分类科目的支出：基本、项目", "expenditure by function subject, basic and project"),
     "marts.fct_expenditure_by_subject"),
    (("按经济分类科目的基本支出：部门、政府两套", "basic expenditure by economic category, both schemes"),
     "marts.fct_expenditure_by_economic_category"),
    (("项目支出，按资金来源", "projects by fund"), "marts.fct_project_budgets"),
    (("收入，按科目和资金来源", "income by subject and fund"), "marts.fct_income"),
    (("“三公”经费", "travel abroad, hospitality, vehicles"), "marts.fct_three_public"),
    (("车辆、设备等数量", "vehicles and equipment counted"), "marts.fct_statistics"),
    (("绩效目标、绩效指标、绩效自评", "performance: targets, indicators, self-evaluations"),
     "marts.fct_project_targets"),
    (("未见绩效目标表的项目", "projects without a form of targets"), "marts.rpt_projects_without_targets"),
    (("任何一个印出的金额，含合计", "any printed amount, totals included"), "marts.fct_amounts"),
    (("情况说明中写出的数字", "the figures that a narrative states"), "marts.fct_claims"),
    (("情况说明所述同比增减，推算的上年数", "changes against the year before that a narrative states"),
     "marts.rpt_year_on_year"),
    (("数字是否相互一致", "do the figures agree"), "marts.fct_identity_checks"),
    (("一项勾稽关系的两侧各是哪些数字", "the figures on both sides of a verdict"), "marts.fct_identity_operands"),
    (("公开表原样", "an official table as printed"), "forms.b03"),
    (("每份文件一行：读取、未读取、核对结果", "each document in one line: read, set aside, judged"),
     "marts.rpt_document_scorecard"),
    (("与上一版本相比有何变动", "what changed since the release before"), "marts.rpt_changes"),
    (("代码（如 approved）的名称", "what a code (approved) is called"), "marts.dim_codes"),
    (("本文件是哪次构建，含多少文件", "which build this file is, of which documents"), "marts.rpt_release"),
)  # fmt: skip


def make_site(
    database: Path,
    folder: Path,
    on_progress: Progress = lambda done, total, name: None,
) -> Path:
    """Write the site of a published file into ``folder`` and return its first page.

    Raises BrokenSite if dbt cannot make its documentation.
    """
    steps = ("dbt", "pages", "data docs")
    folder.mkdir(parents=True, exist_ok=True)
    on_progress(0, len(steps), steps[0])
    _make_dbt_docs(database, folder / "dbt")
    on_progress(1, len(steps), steps[1])
    with open_published(database) as connection:
        _make_pages(connection, folder, has_data_docs=(database.parent / "data_docs").is_dir())
    on_progress(2, len(steps), steps[2])
    shutil.rmtree(folder / "data_docs", ignore_errors=True)
    if (database.parent / "data_docs").is_dir():
        shutil.copytree(database.parent / "data_docs", folder / "data_docs")
    on_progress(3, len(steps), "")
    return folder / "index.html"


def _make_dbt_docs(database: Path, folder: Path) -> None:
    """Let dbt describe a copy: it opens its file for writing, and a published one is never written to."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copy(database, Path(temporary) / DATABASE_NAME))
        target = Path(temporary) / "target"
        outcome = run_dbt(["docs", "generate", "--static"], copy, target)
        page = target / "static_index.html"
        if outcome.errors or not page.is_file():
            raise BrokenSite(outcome.errors[0].message if outcome.errors else outcome.log)
        with open_text(folder / "index.html") as file:
            content = page.read_text(encoding="utf-8").replace(f"{temporary}/", "")
            file.write(TRACKER.sub("data:,", content))


def _make_pages(connection: duckdb.DuckDBPyConnection, folder: Path, *, has_data_docs: bool) -> None:
    environment = make_environment()
    dictionary = read_dictionary(connection)
    terms = {table.name: table.term for table in dictionary}
    release = _query(connection, "select * from marts.rpt_release")[0]
    shared = {"release": release, "has_data_docs": has_data_docs, "say": say}
    known = {table.full_name for table in dictionary}
    pages: dict[str, dict[str, Any]] = {
        "index": {
            "star": draw_star(terms),
            "questions": [(words, table) for words, table in QUESTIONS if table in known],
            "matrix": make_matrix(terms),
            "documents": _query(connection, DOCUMENTS_QUERY),
            "kinds": DOCUMENT_KINDS,
        },
        "dictionary": {"tables": dictionary, "printed_columns": read_printed_columns(connection)},
        "identities": {
            "families": read_identities(connection),
            "family_words": FAMILIES,
            "kinds": KINDS,
            "verdicts": VERDICTS,
            "conditions": CONDITIONS,
        },
        "cookbook": {"recipes": [(recipe, read_table(recipe)) for recipe in read_recipes()]},
    }
    for name, content in pages.items():
        page = environment.get_template(f"{name}.html.j2").render(page=name, **shared, **content)
        with open_text(folder / f"{name}.html") as file:
            file.write(page)


DOCUMENTS_QUERY = """
    select fiscal_year, document_kind, unit_name, region_name, document_id, source_name
    from marts.dim_documents
    inner join marts.dim_units using (unit_id)
    where is_current
    order by fiscal_year desc, unit_name
"""


def _query(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_matrix(terms: dict[str, str]) -> dict[str, Any]:
    """Return which fact leads to which dimension, and by which column."""
    led_to = {edge.dimension for edge in find_edges()}  # dim_codes is joined by the column's name, too
    dimensions = [mart.name for mart in read_marts() if mart.name in led_to]
    rows = []
    for mart in read_marts():
        if mart.is_dimension:
            continue
        cells = [
            [edge for edge in find_edges() if edge.mart == mart.name and edge.dimension == dimension]
            for dimension in dimensions
        ]
        if any(cells):
            rows.append((mart.name, terms.get(mart.name, ""), cells))
    return {"dimensions": [(name, terms.get(name, "")) for name in dimensions], "rows": rows}


def read_printed_columns(connection: duckdb.DuckDBPyConnection) -> list[PrintedColumn]:
    """Return every column of the official tables with the headers that documents print above it."""
    rows = _query(
        connection,
        """
        select
            columns.statement_code, statements.statement_number, statements.statement_name, columns.block,
            columns.column_code, columns.column_name, columns.column_name_en, columns.phase,
            columns.direction, columns.fund_code, columns.expenditure_kind, columns.origin,
            funds.fund_name, funds.fund_name_en,
            (
                select list(distinct printed.printed_column order by printed.printed_column)
                from raw.columns as printed
                where
                    printed.statement_code = columns.statement_code
                    and printed.block = columns.block
                    and printed.column_code = columns.column_code
            ) as printed
        from seeds.statement_columns as columns
        inner join marts.dim_statements as statements using (statement_code)
        left join marts.dim_funds as funds using (fund_code)
        order by columns.statement_code, columns.block, columns.column_no
        """,
    )
    return [_describe_printed_column(row) for row in rows]


def _describe_printed_column(row: dict[str, Any]) -> PrintedColumn:
    conditions = [f"statement_code = '{row['statement_code']}'"]
    if row["block"] in DIRECTIONS:
        conditions.append(f"direction = '{row['direction']}'")
    elif row["block"] in BLOCKS:  # personnel and public
        conditions.append(f"expenditure_kind = '{row['expenditure_kind']}'")
    conditions.append(f"column_code = '{row['column_code']}'")
    fund: Words = (row["fund_name"] or "", row["fund_name_en"] or "")
    words = [
        say(PHASES, row["phase"]),
        say(DIRECTIONS, row["direction"]),
        fund,
        say(EXPENDITURE_KINDS, row["expenditure_kind"]),
        say(ORIGINS, row["origin"]),
    ]
    return PrintedColumn(
        statement_code=row["statement_code"],
        statement_number=row["statement_number"],
        statement_name=row["statement_name"],
        name=row["column_name"],
        name_en=row["column_name_en"],
        printed=tuple(row["printed"] or ()),
        filter=" and ".join(conditions),
        words=(
            "、".join(chinese for chinese, _ in words if chinese),
            ", ".join(english for _, english in words if english),
        ),
    )


def read_identities(connection: duckdb.DuckDBPyConnection) -> dict[str, list[IdentityWords]]:
    """Return the identities in words, family by family."""
    terms: dict[str, dict[str, list[str]]] = {}
    for row in _query(connection, TERMS_QUERY):
        sides = terms.setdefault(row["identity_id"], {"reported": [], "computed": []})
        sides[row["side"]].append(word_term(row))
    counts: dict[str, dict[str, int]] = {}
    for row in _query(
        connection,
        "select identity_id, verdict, count(*) as n from marts.fct_identity_checks group by all",
    ):
        counts.setdefault(row["identity_id"], {})[row["verdict"]] = row["n"]
    families: dict[str, list[IdentityWords]] = {name: [] for name in FAMILIES}
    for row in _query(connection, "select * from seeds.identities order by statement_code, identity_id"):
        identity_id = row["identity_id"]
        sides = terms.get(identity_id, {"reported": [], "computed": []})
        families.setdefault(row["family"], []).append(
            IdentityWords(
                identity_id,
                (row["identity_name"], row["identity_name_en"]),
                row["kind"],
                row["condition"] or None,
                tuple(sides["reported"]),
                tuple(sides["computed"]),
                counts.get(identity_id, {}),
            )
        )
    return {family: found for family, found in families.items() if found}


TERMS_QUERY = """
    select
        terms.*,
        statements.statement_number,
        coalesce(columns.column_name, terms.column_selector) as column_name,
        rows.row_name
    from seeds.identity_terms as terms
    inner join marts.dim_statements as statements using (statement_code)
    left join seeds.statement_columns as columns
        on
            terms.statement_code = columns.statement_code
            and terms.block = columns.block
            and terms.column_selector = columns.column_code
    left join seeds.statement_rows as rows
        on
            terms.statement_code = rows.statement_code
            and terms.block = rows.block
            and ltrim(terms.row_selector, '=') = rows.row_code
    order by terms.identity_id, terms.side desc, terms.term_no
"""

ROW_SELECTORS = {
    "=": "本行",
    "parent": "上级行",
    "children": "下级各行之和",
    "total": "合计行",
    "leaves": "末级各行之和",
    "role:total": "合计行",
}


def word_term(row: dict[str, Any]) -> str:
    """Return a term in Chinese, as an accountant would point at it: table, side, row, column."""
    selector = row["row_selector"]
    if selector in ROW_SELECTORS:
        place = ROW_SELECTORS[selector]
    elif selector.startswith("economic:"):
        place = f"经济科目 {selector.partition(':')[2]}"
    elif selector.startswith("="):
        place = "同一科目"
    else:
        place = f"“{row['row_name'] or selector}”"
    column = "同一栏" if row["column_selector"] == "=" else f"“{row['column_name']}”栏"
    block = say(BLOCKS, row["block"])[0] if row["block"] in BLOCKS else ""
    sign = {1: "", -1: "减 "}.get(row["weight"], f"{row['weight']} × ")
    return f"{sign}{row['statement_number']}{block}{place}{column}"


def read_table(recipe: Recipe) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return heading, rows, and which columns stand to the right, of a recipe's answer."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in recipe.answer.splitlines()]
    cells = [[cell.strip().replace("\\|", "|") for cell in line] for line in lines]
    return cells[0], cells[2:], [cell.endswith(":") for cell in cells[1]]
