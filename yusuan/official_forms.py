"""The official tables of a disclosure as printed: header, rows, state, unit of money."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from yusuan.dictionaries import TableWords, read_dictionary

# What the dictionary calls the columns of a view that hold labels, and where raw keeps their text.
LABEL_TERMS = {"原文编码": "printed_code", "原文项目": "printed_label", "原文并列科目": "printed_beside"}
REPEATED = re.compile(r"_\d+$")


@dataclass(frozen=True)
class FormColumn:
    """A column: its header from top to bottom, and where its text comes from.

    ``source`` is the field of ``raw.rows`` for a label, the column code for a figure.
    """

    block_no: int
    source: str
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
    -- A title may name several tables: what no other table of the document is, its table may be.
    with possible as (
        select *, unnest(string_split(statement_code, '|')) as possible_code
        from raw.tables where document_id = $document
    ),

    found as (
        select * from possible
        where
            possible_code = statement_code
            or possible_code not in (select statement_code from raw.tables where document_id = $document)
    )

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
    left join found as tables on statements.statement_code = tables.possible_code
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

# The groups of columns from left to right, each with the headers above its figures. Where a table has no
# row its groups are numbered as they stand.
BLOCKS_QUERY = """
    with columns as (
        select block, column_code, column_no, printed_column
        from raw.columns
        where document_id = $document and statement_code = $statement
    ),

    blocks as (
        select
            columns.block,
            coalesce(rows.block_no, row_number() over (order by min(columns.column_no))) as block_no,
            list(columns.column_code order by columns.column_no) as column_codes,
            list(columns.printed_column order by columns.column_no) as printed_columns
        from columns
        left join (
            select distinct block, block_no from raw.rows
            where document_id = $document and statement_code = $statement
        ) as rows using (block)
        group by columns.block, rows.block_no
    )

    select block_no, column_codes, printed_columns from blocks order by block_no
"""

TEXTS_QUERY = """
    select line_no, block_no, 'printed_code' as source, printed_code as printed
    from raw.rows where document_id = $document and statement_code = $statement
    union all
    select line_no, block_no, 'printed_label' as source, printed_label as printed
    from raw.rows where document_id = $document and statement_code = $statement
    union all
    select line_no, block_no, 'printed_beside' as source, printed_beside as printed
    from raw.rows where document_id = $document and statement_code = $statement
    union all
    -- An amount stands where it is printed: that of a total may close the line, some blocks behind its label.
    select
        figures.line_no, coalesce(rows.amount_block_no, figures.block_no) as block_no,
        figures.column_code as source, figures.printed
    from (
        select document_id, statement_code, line_no, block_no, column_code, printed_amount as printed
        from raw.cells
        union all
        select document_id, statement_code, line_no, block_no, column_code, printed_mark as printed
        from raw.marks
    ) as figures
    inner join raw.rows as rows using (document_id, statement_code, line_no, block_no)
    where figures.document_id = $document and figures.statement_code = $statement
    order by line_no
"""


def read_forms(connection: duckdb.DuckDBPyConnection, document_id: str) -> list[OfficialForm]:
    """Return every official table that a document owes, those it lacks or leaves empty included.

    The columns are those that this document prints, with its own headers: the views of ``forms`` hold
    the columns of all layouts, and give the names of the labels.
    """
    views = {table.name: table for table in read_dictionary(connection, ("forms",))}
    forms = []
    for *about, unit_of_money, first_line, last_line, units in connection.execute(
        STATEMENTS_QUERY, {"document": document_id}
    ).fetchall():
        measures = tuple(units or ([unit_of_money] if unit_of_money else []))
        values: list[Any] = [*about, measures, first_line, last_line, (), ()]
        form = OfficialForm(*values)
        view = views.get(form.statement_code)
        forms.append(form if view is None else _read_rows(connection, form, name_labels(view)))
    return forms


def name_labels(view: TableWords) -> list[list[FormColumn]]:
    """Return the label columns of each block: a view lists them block by block."""
    blocks: list[list[FormColumn]] = []
    for column in view.columns:
        source = LABEL_TERMS.get(column.term)
        if source is None:
            continue
        if not blocks or source in [label.source for label in blocks[-1]]:
            blocks.append([])
        header = tuple(REPEATED.sub("", column.name).split("_"))
        blocks[-1].append(FormColumn(len(blocks), source, header, is_figure=False))
    return blocks


def _read_rows(
    connection: duckdb.DuckDBPyConnection, form: OfficialForm, labels: list[list[FormColumn]]
) -> OfficialForm:
    key: dict[str, Any] = {"document": form.document_id, "statement": form.statement_code}
    columns: list[FormColumn] = []
    for block_no, codes, headers in connection.execute(BLOCKS_QUERY, key).fetchall():
        columns += labels[block_no - 1] if block_no <= len(labels) else []
        columns += [
            FormColumn(block_no, code, tuple(header.split("/")), is_figure=True)
            for code, header in zip(codes, headers, strict=True)
        ]
    places = {(column.block_no, column.source): place for place, column in enumerate(columns)}
    rows: dict[int, list[str | None]] = {}
    for line_no, block_no, source, printed in connection.execute(TEXTS_QUERY, key).fetchall():
        row = rows.setdefault(line_no, [None] * len(columns))
        if (block_no, source) in places:
            row[places[block_no, source]] = printed or None
    printed_rows = tuple((line_no, tuple(row)) for line_no, row in rows.items())
    return replace(form, columns=tuple(columns), rows=printed_rows)
