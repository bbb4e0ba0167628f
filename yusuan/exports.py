"""Tables of the published file for other programs: Parquet, and CSV that opens correctly in Excel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow.parquet

from yusuan.dictionaries import Column, TableWords, read_dictionary
from yusuan.selections import Selection, list_tables, make_query
from yusuan.spreadsheets import Headers, write_csv

BATCH_ROWS = 50_000

# done, total, what is being written
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class WrittenTable:
    """A table as written: its file, its rows."""

    table: str
    path: Path
    rows: int


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Give a path to write to, and put the file in its place only when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a text file for writing that appears only when it is whole; line ends are the writer's."""
    with replace_file(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        yield file


def export_parquet(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    folder: Path,
    on_progress: Progress = lambda done, total, name: None,
) -> list[WrittenTable]:
    """Write a Parquet file for each table: exact decimals, and the descriptions as metadata."""
    tables = list_tables(connection, selection.tables)
    words = {table.full_name: table for table in read_dictionary(connection)}
    written = []
    for number, table in enumerate(tables):
        on_progress(number, len(tables), table)
        query, parameters = make_query(connection, table, selection)
        reader = connection.execute(query, parameters).to_arrow_reader(BATCH_ROWS)
        schema = _describe_schema(reader.schema, words[table])
        path = folder / f"{name_file(table)}.parquet"
        rows = 0
        with (
            replace_file(path) as unfinished,
            pyarrow.parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer,
        ):
            for batch in reader:
                writer.write_batch(pyarrow.RecordBatch.from_arrays(batch.columns, schema=schema))
                rows += batch.num_rows
        written.append(WrittenTable(table, path, rows))
    on_progress(len(tables), len(tables), "")
    return written


def _describe_schema(schema: Any, table: TableWords) -> Any:
    columns = {column.name: column for column in table.columns}
    fields = [field.with_metadata({"description": join_words(columns[field.name])}) for field in schema]
    described = f"{table.term}。{table.words}{table.words_en}"
    return pyarrow.schema(fields, metadata={"description": described, "grain": table.grain})


def join_words(column: Column) -> str:
    """Return a column's meaning in both languages on one line."""
    chinese = f"{column.term}：{column.words}" if column.words else column.term
    return " · ".join(part for part in (chinese, column.words_en) if part)


def name_file(table: str) -> str:
    """Return the stem of a table's file: marts by their name, other schemas with theirs before it."""
    schema, _, name = table.partition(".")
    return name if schema == "marts" else f"{schema}_{name}"


def export_csv(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    folder: Path,
    on_progress: Progress = lambda done, total, name: None,
    headers: Headers = Headers.NAMES,
) -> list[WrittenTable]:
    """Write a CSV for each table that Excel opens as it is meant, and the dictionary beside them."""
    tables = list_tables(connection, selection.tables)
    words = {table.full_name: table for table in read_dictionary(connection)}
    written = []
    for number, table in enumerate(tables):
        on_progress(number, len(tables), table)
        query, parameters = make_query(connection, table, selection)
        heading = [_name_column(column, headers) for column in words[table].columns]
        path = folder / f"{name_file(table)}.csv"
        with open_text(path) as file:
            rows = write_csv(file, heading, fetch_rows(connection, query, parameters))
        written.append(WrittenTable(table, path, rows))
    write_dictionary(folder / "data_dictionary.csv", [words[table] for table in tables])
    on_progress(len(tables), len(tables), "")
    return written


def _name_column(column: Column, headers: Headers) -> str:
    """Return a column's heading; the forms' columns bear the printed Chinese names themselves."""
    is_chinese = not column.name.isascii()
    return column.name if headers is Headers.NAMES or is_chinese else column.term or column.name


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]
) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a query, some at a time."""
    cursor = connection.cursor().execute(query, parameters)
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield from rows


def write_dictionary(path: Path, tables: list[TableWords], *, is_marked: bool = True) -> int:
    """Write a row for each column of each table, and for each table one without a column."""
    rows: list[tuple[str, ...]] = []
    for table in tables:
        note = f"{table.words_en} Grain: {table.grain} Nuance: {table.nuance}"
        rows.append((table.full_name, "", "", table.term, table.words, note))
        rows += [
            (table.full_name, column.name, column.type, column.term, column.words, column.words_en)
            for column in table.columns
        ]
    with open_text(path) as file:
        return write_csv(
            file,
            ("table", "column", "type", "中文名", "说明", "description"),
            rows,
            is_marked=is_marked,
        )
