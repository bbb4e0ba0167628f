"""Parsed tables to ``raw.*``: one transaction a document, the same document twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.bulk_tables import check_part, list_part_documents, list_parts
from ingest.indexes import IndexEntry, hash_parsed_tables, read_index
from ingest.issues import BrokenParsedTables
from ingest.parsed_tables import (
    ParsedTables,
    format_parsed_tables,
    list_parsed_tables,
    read_parsed_tables,
)
from ingest.raw_tables import DUCKDB_TYPES, RAW_COMMENTS, RAW_TABLES, list_raw_records

# Files of this version are read by every DuckDB client from 1.0 on.
STORAGE_VERSION = "v1.0.0"


@dataclass
class LoadOutcome:
    """What a load did: ids of documents, and the messages of what was refused."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open a database for writing, in the storage version that is published."""
    database.parent.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(database, config={"storage_compatibility_version": STORAGE_VERSION})


def create_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create schema ``raw`` and its tables where they do not exist.

    If an earlier version of the project left tables of other columns, all are made anew: what they held
    comes from the same parsed tables that are loaded next.
    """
    connection.execute("create schema if not exists raw")
    if not _has_columns_of_now(connection):
        for name in RAW_TABLES:
            connection.execute(f'drop table if exists raw."{name}"')
    for name, schema in RAW_TABLES.items():
        columns = ", ".join(f'"{column.name}" {DUCKDB_TYPES[column.type]}' for column in schema)
        connection.execute(f'create table if not exists raw."{name}" ({columns})')
        connection.execute(f"comment on table raw.\"{name}\" is '{RAW_COMMENTS[name]}'")


def _has_columns_of_now(connection: duckdb.DuckDBPyConnection) -> bool:
    found: dict[str, list[str]] = {}
    for name, column in connection.execute(
        """
        select table_name, column_name from duckdb_columns()
        where database_name = current_database() and schema_name = 'raw' order by table_name, column_index
        """
    ).fetchall():
        found.setdefault(name, []).append(column)
    return all(found.get(name, schema.names) == schema.names for name, schema in RAW_TABLES.items())


def load_document(
    connection: duckdb.DuckDBPyConnection, parsed: ParsedTables, revision: int, parsed_sha256: str
) -> str:
    """Load one document in one transaction; return ``added``, ``replaced`` or ``unchanged``."""
    document_id = parsed.document.document_id
    known = connection.execute(
        "select parsed_sha256, revision from raw.documents where document_id = ?", [document_id]
    ).fetchone()
    if known == (parsed_sha256, revision):
        return "unchanged"
    records = list_raw_records(parsed, revision, parsed_sha256)
    connection.begin()
    try:
        for name, schema in RAW_TABLES.items():
            if known is not None:
                connection.execute(f'delete from raw."{name}" where document_id = ?', [document_id])
            if records[name]:
                connection.register("incoming", pa.Table.from_pylist(records[name], schema=schema))
                connection.execute(f'insert into raw."{name}" by name from incoming')
                connection.unregister("incoming")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return "added" if known is None else "replaced"


def _check_index(path: Path, parsed: ParsedTables, index: dict[str, IndexEntry]) -> IndexEntry:
    """Return the file's entry in the index; refuse a file that is not what was parsed."""
    entry = index.get(parsed.document.document_id)
    if entry is None:
        raise BrokenParsedTables(
            f"{path.name}:1 索引 index.csv 中没有此文件，未载入。 The index does not list this file; "
            "it was refused: parse the document again."
        )
    if entry.parsed_sha256 != hash_parsed_tables(format_parsed_tables(parsed)):
        raise BrokenParsedTables(
            f"{path.name}:1 文件内容与索引 index.csv 的校验值不符，整份未载入。 The file is not what was "
            "parsed (its checksum in index.csv differs) and was refused whole: parse the document again."
        )
    return entry


def load_parsed_tables(
    folder: Path, database: Path, on_progress: Callable[[str], None] = lambda document_id: None
) -> LoadOutcome:
    """Load every file of parsed tables in ``folder`` into ``raw`` of ``database``.

    A broken file is refused whole and the rest goes on; so is one that the index lists and the
    folder lacks. Nothing is ever half-loaded.
    """
    outcome = LoadOutcome()
    try:
        index = read_index(folder)
    except BrokenParsedTables as error:
        outcome.refused.append(str(error))
        return outcome
    paths = list(list_parsed_tables(folder))
    connection = connect(database)
    try:
        create_raw_tables(connection)
        for path in paths:
            try:
                parsed = read_parsed_tables(path)
                entry = _check_index(path, parsed, index)
                kind = load_document(connection, parsed, entry.revision, entry.parsed_sha256)
                getattr(outcome, kind).append(parsed.document.document_id)
            except BrokenParsedTables as error:
                outcome.refused.append(str(error))
            on_progress(path.stem)
        for part in list_parts(folder):
            try:
                _load_part(connection, part, index, outcome)
            except (BrokenParsedTables, pa.ArrowException) as error:
                outcome.refused.append(str(error))
            on_progress(part.name)
    finally:
        connection.close()
    outcome.refused.extend(_list_lost_files(index, paths, list_part_documents(folder)))
    return outcome


def _load_part(
    connection: duckdb.DuckDBPyConnection, part: Path, index: dict[str, IndexEntry], outcome: LoadOutcome
) -> None:
    """Load a part of documents in bulk, in one transaction; what a later part supersedes stays out."""
    tables = dict(check_part(part))
    known = dict(
        connection.execute("select document_id, (parsed_sha256, revision) from raw.documents").fetchall()
    )
    counted: dict[str, IndexEntry] = {}
    for document_id, parsed_sha256 in _list_documents_of(tables["documents"]):
        entry = index.get(document_id)
        if entry is None:
            raise BrokenParsedTables(
                f"{part.name}: {document_id} 索引 index.csv 中没有此文件，整批未载入。 The index does not list "
                "this document; its part was refused whole: parse it again."
            )
        if entry.parsed_sha256 != parsed_sha256:
            continue
        if known.get(document_id) == (parsed_sha256, entry.revision):
            if document_id not in outcome.added and document_id not in outcome.replaced:
                outcome.unchanged.append(document_id)
            continue
        counted[document_id] = entry
    if not counted:
        return
    loaded_at = datetime.now(UTC).replace(tzinfo=None)
    wanted = pa.table(
        {
            "document_id": list(counted),
            "revision": pa.array([entry.revision for entry in counted.values()], pa.int32()),
            "loaded_at": pa.array([loaded_at] * len(counted), pa.timestamp("us")),
        }
    )
    connection.register("wanted", wanted)
    connection.begin()
    try:
        for name, path in tables.items():
            columns = "incoming.*, wanted.revision, wanted.loaded_at" if name == "documents" else "incoming.*"
            connection.execute(
                f'delete from raw."{name}" where document_id in (select document_id from wanted)'
            )
            connection.execute(
                f'insert into raw."{name}" by name select {columns} from read_parquet(?) as incoming '
                "inner join wanted using (document_id)",
                [str(path)],
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.unregister("wanted")
    for document_id in counted:
        (outcome.replaced if document_id in known else outcome.added).append(document_id)


def _list_documents_of(path: Path) -> list[tuple[str, str]]:
    documents = pq.read_table(path, columns=["document_id", "parsed_sha256"])
    return list(zip(*(documents.column(name).to_pylist() for name in documents.column_names), strict=True))


def _list_lost_files(
    index: dict[str, IndexEntry], paths: Iterable[Path], in_parts: Collection[str]
) -> list[str]:
    present = {path.stem for path in paths}
    present |= {entry.document_id for entry in index.values() if entry.parsed_sha256 in in_parts}
    return [
        f"{document_id}.jsonl 索引 index.csv 列有此文件，但文件不存在。 The index lists this file and the "
        f"folder lacks it: parse {entry.source_name} again, or take its line out of the index."
        for document_id, entry in index.items()
        if document_id not in present
    ]
