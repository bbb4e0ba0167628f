"""The official tables of a disclosure as printed: header, rows, state, unit of money."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from yusuan.dictionaries import TableWords, read_dictionary

# What the dictionary calls a printed figure; every other column after the line is a label.
FIGURE_TERM = "原文数字"
KEY_COLUMNS = ("document_id", "printed_unit_name", "fiscal_year", "unit_of_money", "line_no", "page_no")
REPEATED = re.compile(r"_\d+$")


@dataclass(frozen=True)
class FormColumn:
    """A column: its header from top to bottom, and whether figures stand in it."""

    name: str
    header: tuple[str, ...]
    is_figure: bool


@dataclass(frozen=True)
class OfficialForm:
    """An official table of one document: ``rows`` hold a line number and the printed text of each column."""

    document_id: str
    fiscal_year: int
    unit_name: str
    statement_code: str
    statement_number: str
    statement_name: str
    statement_name_en: str
    printed_title: str
    state: str
    units_of_measure: tuple[str, ...]
    first_line: int | None
    last_line: int | None
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[int, tuple[str | None, ...]], ...]


STATEMENTS_QUERY = """
    select
        documents.document_id, documents.fiscal_year, documents.printed_unit_name,
        statements.statement_code, statements.statement_number, statements.statement_name,
        statements.statement_name_en, tables.printed_title, coalesce(tables.state, 'missing'),
        tables.unit_of_money, tables.title_line_no, tables.last_line_no,
        (
            select list(distinct cells.unit_of_measure order by cells.unit_of_measure)
            from raw.cells as cells
            where
                cells.document_id = documents.document_id
                and cells.statement_code = statements.statement_code
        )
    from marts.dim_documents as documents
    inner join marts.dim_statements as statements using (document_kind)
    left join raw.tables as tables
        on
            documents.document_id = tables.document_id
            and statements.statement_code = tables.statement_code
    where
        documents.document_id = $document
        -- What the publisher's layout does not print is not missing.
        and (
            tables.document_id is not null
            or statements.statement_code in (
                select layouts.statement_code from intermediate.int_document_layouts as layouts
                where layouts.document_id = $document
            )
        )
    order by statements.statement_code, tables.title_line_no
"""

# In the order of the page: the headers that stand above the columns of each group.
HEADERS_QUERY = """
    with blocks as (
        select distinct block_no, block from raw.rows where document_id = $document and statement_code = $statement
    )

    select columns.printed_column
    from blocks
    inner join raw.columns as columns
        on blocks.block = columns.block
    where columns.document_id = $document and columns.statement_code = $statement
    order by blocks.block_no, columns.column_no
"""


def read_forms(connection: duckdb.DuckDBPyConnection, document_id: str) -> list[OfficialForm]:
    """Return every official table that a document owes, those it lacks or leaves empty included."""
    views = {table.name: table for table in read_dictionary(connection, ("forms",))}
    forms = []
    for *about, unit_of_money, first_line, last_line, units in connection.execute(
        STATEMENTS_QUERY, {"document": document_id}
    ).fetchall():
        measures = tuple(units or ([unit_of_money] if unit_of_money else []))
        values: list[Any] = [*about, measures, first_line, last_line, (), ()]
        form = OfficialForm(*values)
        view = views.get(form.statement_code)
        forms.append(form if view is None else _read_rows(connection, form, view))
    return forms


def _read_rows(connection: duckdb.DuckDBPyConnection, form: OfficialForm, view: TableWords) -> OfficialForm:
    columns = [
        FormColumn(column.name, _split_header(column.name), column.term == FIGURE_TERM)
        for column in view.columns
        if column.name not in KEY_COLUMNS
    ]
    columns = order_as_printed(_name_as_printed(connection, form, columns))
    names = ", ".join(f'"{column.name}"' for column in columns)
    rows = connection.execute(
        f"select line_no, {names} from {view.full_name} where document_id = ? order by line_no",
        [form.document_id],
    ).fetchall()
    return replace(form, columns=tuple(columns), rows=tuple((row[0], tuple(row[1:])) for row in rows))


def _split_header(name: str) -> tuple[str, ...]:
    return tuple(REPEATED.sub("", name).split("_"))


def _name_as_printed(
    connection: duckdb.DuckDBPyConnection, form: OfficialForm, columns: list[FormColumn]
) -> list[FormColumn]:
    """Put this document's own headers above the figures, where it prints one for each of them."""
    key: dict[str, Any] = {"document": form.document_id, "statement": form.statement_code}
    printed = [row[0] for row in connection.execute(HEADERS_QUERY, key).fetchall()]
    figures = [column for column in columns if column.is_figure]
    if len(printed) != len(figures):
        return columns
    headers = iter(printed)
    return [
        replace(column, header=tuple(next(headers).split("/"))) if column.is_figure else column
        for column in columns
    ]


def order_as_printed(columns: list[FormColumn]) -> list[FormColumn]:
    """Put the figures of a two-sided table beside their own labels.

    The views list all labels first. A table has sides when several labels have names of one beginning,
    and every figure's name begins as one of them does.
    """

    def side(column: FormColumn) -> tuple[str, str]:
        repeated = REPEATED.search(column.name)
        return column.name.partition("_")[0], repeated.group() if repeated else ""

    labels = [column for column in columns if not column.is_figure]
    sides = list(dict.fromkeys(side(column) for column in labels if "_" in column.name))
    if len(sides) < 2 or any(side(column) not in sides for column in columns):
        return columns
    return sorted(columns, key=lambda column: sides.index(side(column)))
