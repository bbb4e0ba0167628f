"""What stands at a line of a document: the printed row, its place in the star, its verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


class UnknownDocument(Exception):
    """No document, or more than one, answers to a name."""


@dataclass(frozen=True)
class Found:
    """Rows of a query with their column names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def _query(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any]) -> Found:
    cursor = connection.execute(query, parameters)
    return Found(tuple(column[0] for column in cursor.description or ()), tuple(cursor.fetchall()))


def find_document(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, str, str]:
    """Return id, unit and title of the one document a person means: by id, its beginning, or file name."""
    rows = connection.execute(
        """
        select document_id, printed_unit_name, printed_title
        from marts.dim_documents
        where
            document_id = $name
            or starts_with(document_id, $name)
            or source_name = $name
            or regexp_replace(source_name, '\\.[^.]*$', '') = $name
            or contains(document_id, $name)
        order by document_id
        """,
        {"name": name},
    ).fetchall()
    if len(rows) == 1:
        return rows[0]
    exact = [row for row in rows if row[0] == name]
    if exact:
        return exact[0]
    known = [row[0] for row in connection.execute("select document_id from marts.dim_documents").fetchall()]
    listed = ", ".join(row[0] for row in rows) if rows else ", ".join(sorted(known)[:10])
    raise UnknownDocument(
        f"{'不止一份文件符合' if rows else '没有这份文件'}：{name}。 "
        f"{'More than one document answers to' if rows else 'No document is called'} {name}: {listed}."
    )


def show_line(database: Path, name: str, line_no: int) -> tuple[tuple[str, str, str], dict[str, Found]]:
    """Return the document, and what raw, the star and the identities have of one of its lines."""
    with duckdb.connect(database, read_only=True) as connection:
        document = find_document(connection, name)
        key = [document[0], line_no]
        rows = _query(
            connection,
            """
            select statement_code, block, coalesce(printed_code, '') as printed_code, printed_label,
                printed_beside, row_code
            from raw.rows where document_id = ? and line_no = ? order by block_no
            """,
            key,
        )
        figures = _query(
            connection,
            """
            select statement_code, printed_column, printed_amount, amount_yuan, phase, direction, fund_code,
                subject_code, economic_code, government_economic_code, project_id, item_code,
                expenditure_kind, origin, row_role, column_role
            from marts.fct_amounts where document_id = ? and line_no = ? order by block_no, column_code
            """,
            key,
        )
        counts = _query(
            connection,
            """
            select statement_code, item_code, printed_amount, value, unit_of_measure, row_role
            from marts.fct_statistics where document_id = ? and line_no = ?
            """,
            key,
        )
        checks = _query(
            connection,
            """
            select distinct checks.identity_id, checks.instance, operands.side, identities.identity_name,
                checks.verdict, checks.difference_yuan, checks.bound_yuan
            from marts.fct_identity_operands as operands
            inner join marts.fct_identity_checks as checks using (document_id, identity_id, instance)
            inner join marts.dim_identities as identities using (identity_id)
            where operands.document_id = ? and operands.line_no = ?
            order by checks.identity_id, checks.instance
            """,
            key,
        )
        issues = _query(
            connection,
            "select reason, severity, found, expected from raw.issues where document_id = ? and line_no = ?",
            key,
        )
        place = _query(
            connection,
            """
            select statement_code, printed_title, state, title_line_no, last_line_no, unit_of_money
            from raw.tables where document_id = ? and ? between title_line_no and last_line_no
            """,
            key,
        )
    return document, {
        "table": place,
        "rows": rows,
        "amounts": figures,
        "counts": counts,
        "identities": checks,
        "issues": issues,
    }
