"""What a person asked for, of the published file: units by any of their names, years, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("marts", "forms")


class UnknownUnit(Exception):
    """No unit, or more than one, answers to a name."""


class UnknownTable(Exception):
    """No table of the published schemas is called so."""


class NothingSelected(Exception):
    """The units and years named have no disclosure in the file."""


@dataclass(frozen=True)
class Unit:
    """A budget unit, as it is known."""

    unit_id: str
    unit_name: str
    region_name: str | None


@dataclass(frozen=True)
class Selection:
    """The documents of some units and years; ``tables`` as ``schema.name``, all marts if none is named."""

    unit_ids: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not self.unit_ids and not self.years


def open_published(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a published file for reading only, with no way to any other file of this machine."""
    connection = duckdb.connect(database, read_only=True)
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def find_unit(connection: duckdb.DuckDBPyConnection, name: str) -> Unit:
    """Return the one unit a person means: by identifier, code, name or a part of it."""
    rows = connection.execute(
        """
        select
            unit_id, unit_name, region_name,
            unit_id = $name or unit_name = $name as is_exact
        from marts.dim_units
        where unit_id = $name or unit_code = $name or contains(unit_name, $name) or region_name = $name
        order by unit_id
        """,
        {"name": name},
    ).fetchall()
    exact = [row for row in rows if row[3]] or rows
    if len(exact) == 1:
        return Unit(*exact[0][:3])
    known = rows or connection.execute("select unit_id, unit_name from marts.dim_units order by 1").fetchall()
    listed = "、".join(f"{row[1]}（{row[0]}）" for row in known[:10])
    raise UnknownUnit(
        f"{'不止一个单位符合' if rows else '没有这个单位'}：{name}。可选：{listed}。 "
        f"{'More than one unit answers to' if rows else 'No unit is called'} {name}."
    )


def list_tables(connection: duckdb.DuckDBPyConnection, names: Sequence[str] = ()) -> list[str]:
    """Return ``schema.table`` for each name, or every mart; raise UnknownTable for a name nobody knows."""
    rows = connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('marts', 'forms') order by table_schema desc, table_name"
    ).fetchall()
    known = {f"{schema}.{table}" for schema, table in rows}
    if not names:
        return [f"marts.{table}" for schema, table in rows if schema == "marts"]
    found = []
    for name in names:
        full = (
            name if name in known else next((f"{s}.{name}" for s in SCHEMAS if f"{s}.{name}" in known), None)
        )
        if full is None:
            raise UnknownTable(f"没有这张表：{name}。 There is no table {name}: {', '.join(sorted(known))}.")
        found.append(full)
    return found


def list_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Return name and type of each column of ``schema.table``."""
    schema, _, name = table.partition(".")
    return connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [schema, name],
    ).fetchall()


def make_query(
    connection: duckdb.DuckDBPyConnection, table: str, selection: Selection
) -> tuple[str, dict[str, Any]]:
    """Return a query for the rows of a table that belong to a selection, in a stable order.

    A table that knows neither unit, year nor document (a code list) is given whole.
    """
    columns = [name for name, _ in list_columns(connection, table)]
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if selection.unit_ids and "unit_id" in columns:
        conditions.append("list_contains($units, unit_id)")
        parameters["units"] = list(selection.unit_ids)
    if selection.years and "fiscal_year" in columns:
        conditions.append("list_contains($years, fiscal_year)")
        parameters["years"] = list(selection.years)
    if not selection.is_everything and "document_id" in columns:
        conditions.append("list_contains($documents, document_id)")
        parameters["documents"] = list_documents(connection, selection)
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"select * from {table}{where} order by all", parameters


def list_documents(connection: duckdb.DuckDBPyConnection, selection: Selection) -> list[str]:
    """Return the documents of a selection; raise NothingSelected if there are none."""
    rows = connection.execute(
        """
        select document_id from marts.dim_documents
        where
            (len($units) = 0 or list_contains($units, unit_id))
            and (len($years) = 0 or list_contains($years, fiscal_year))
        order by document_id
        """,
        {"units": list(selection.unit_ids), "years": list(selection.years)},
    ).fetchall()
    if not rows:
        raise NothingSelected("所选单位和年度没有公开文件。 These units and years have no disclosure here.")
    return [row[0] for row in rows]
