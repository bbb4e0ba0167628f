"""The published file as the pages see it: one release for a run of a page, read-only, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from yusuan.places import Home

Row = dict[str, Any]
Parameters = Mapping[str, Any]


class NoWarehouse(Exception):
    """Nothing has been published yet."""


class UnreadableWarehouse(Exception):
    """The published file is no warehouse that this version reads."""


@dataclass(frozen=True)
class ReleaseKey:
    """What tells one published file from another, even when one takes the other's path."""

    path: str
    inode: int
    modified_ns: int


def find_release(home: Home) -> ReleaseKey:
    """Return the release that is current now; raise NoWarehouse if there is none."""
    try:
        path = home.published_database.resolve(strict=True)
        status = path.stat()
    except OSError as error:
        raise NoWarehouse from error
    return ReleaseKey(str(path), status.st_ino, status.st_mtime_ns)


class Release:
    """One published file, opened for reading; it stays whole for whoever holds it, whatever is published."""

    def __init__(self, key: ReleaseKey) -> None:
        self.key = key
        self._lock = threading.Lock()
        # A database of its own for each release, the file attached to it: DuckDB would hand a second
        # connection to one path the file it already knows, though another lies there now. The views of
        # a file name its catalog, which is the file's stem.
        try:
            self._connection = duckdb.connect(":memory:")
            path = key.path.replace("'", "''")
            self._connection.execute(f"attach '{path}' as {Path(key.path).stem} (read_only)")
            self._connection.execute(f"use {Path(key.path).stem}")
            self._connection.execute("set enable_external_access = false")
            self._connection.execute("set lock_configuration = true")
            self._columns = self._list_columns()
        except duckdb.Error as error:
            raise UnreadableWarehouse(str(error)) from error
        if "marts.dim_documents" not in self._columns:
            raise UnreadableWarehouse("marts.dim_documents")

    def _list_columns(self) -> dict[str, frozenset[str]]:
        rows = self._connection.execute(
            """
            select table_schema || '.' || table_name, list(column_name)
            from information_schema.columns
            where table_schema in ('marts', 'forms')
            group by all
            """
        ).fetchall()
        return {name: frozenset(columns) for name, columns in rows}

    def has(self, table: str, *columns: str) -> bool:
        """Whether this release has a table (``marts.fct_claims``), with these columns."""
        return table in self._columns and self._columns[table].issuperset(columns)

    def fetch(self, query: str, parameters: Parameters) -> list[Row]:
        # One connection for all: queries take milliseconds, and a cursor would forget the catalog.
        with self._lock:
            cursor = self._connection.execute(query, dict(parameters))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# Two, not one: a page that is still being drawn from the release before keeps hold of it anyway.
@st.cache_resource(max_entries=2, show_spinner=False)
def _open(key: ReleaseKey) -> Release:
    return Release(key)


def open_release(home: Home) -> Release:
    """Return the current release, opened once for all sessions."""
    for _ in range(3):
        key = find_release(home)
        try:
            return _open(key)
        except UnreadableWarehouse:
            # Retired between the look and the opening: then another one is current by now.
            if find_release(home) == key:
                raise
    raise NoWarehouse


@st.cache_data(max_entries=500, show_spinner=False)
def _fetch(
    _release: Release, key: ReleaseKey, query: str, parameters: tuple[tuple[str, Any], ...]
) -> list[Row]:
    return _release.fetch(query, dict(parameters))


def ask(release: Release, query: str, **parameters: Any) -> list[Row]:
    """Return the rows of a query against ``marts`` or ``forms``; amounts come as exact decimals."""
    return _fetch(release, release.key, query, tuple(sorted(parameters.items())))
