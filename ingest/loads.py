"""Parsed tables to ``raw.*``: one transaction a document, the same document twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.indexes import IndexEntry, hash_parsed_tables, read_index
from ingest.issues import BrokenParsedTables
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import (
    ParsedTables,
    format_parsed_tables,
    list_parsed_tables,
    read_parsed_tables,
)

# Files of this version are read by every DuckDB client from 1.0 on.
STORAGE_VERSION = "v1.0.0"

_TEXT, _WHOLE = pa.string(), pa.int32()

# raw is strings and provenance: numbers here count lines and places, never money.
RAW_TABLES: dict[str, pa.Schema] = {
    "documents": pa.schema(
        {
            "document_id": _TEXT,
            "source_name": _TEXT,
            "source_sha256": _TEXT,
            "encoding": _TEXT,
            "line_count": _WHOLE,
            "printed_title": _TEXT,
            "title_line_no": _WHOLE,
            "printed_unit_name": _TEXT,
            "unit_name_line_no": _WHOLE,
            "fiscal_year": _WHOLE,
            "document_kind": _TEXT,
            "scope": _TEXT,
            "revision": _WHOLE,
            "parsed_sha256": _TEXT,
            "loaded_at": pa.timestamp("us"),
        }
    ),
    "tables": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "template": _TEXT,
            "printed_title": _TEXT,
            "state": _TEXT,
            "title_line_no": _WHOLE,
            "last_line_no": _WHOLE,
            "unit_of_money": _TEXT,
            "unit_line_no": _WHOLE,
        }
    ),
    "columns": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "block": _TEXT,
            "column_code": _TEXT,
            "column_no": _WHOLE,
            "printed_column": _TEXT,
        }
    ),
    "rows": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_code": _TEXT,
            "printed_label": _TEXT,
            "printed_beside": _TEXT,
            "unit_of_measure": _TEXT,
        }
    ),
    "cells": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_code": _TEXT,
            "printed_label": _TEXT,
            "column_code": _TEXT,
            "printed_column": _TEXT,
            "printed_amount": _TEXT,
            "unit_of_measure": _TEXT,
        }
    ),
    "marks": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "block_no": _WHOLE,
            "column_code": _TEXT,
            "printed_mark": _TEXT,
        }
    ),
    "claims": pa.schema(
        {
            "document_id": _TEXT,
            "line_no": _WHOLE,
            "position_no": _WHOLE,
            "page_no": _WHOLE,
            "section": _TEXT,
            "item": _TEXT,
            "printed_label": _TEXT,
            "measure": _TEXT,
            "printed_value": _TEXT,
            "unit_of_measure": _TEXT,
            "sign": _TEXT,
        }
    ),
    "forms": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "statement_code": _TEXT,
            "template": _TEXT,
            "state": _TEXT,
            "printed_title": _TEXT,
            "first_line_no": _WHOLE,
            "last_line_no": _WHOLE,
            "printed_project_name": _TEXT,
            "project_name_line_no": _WHOLE,
            "printed_department": _TEXT,
            "printed_unit_name": _TEXT,
            "printed_kind": _TEXT,
            "printed_term": _TEXT,
            "unit_of_money": _TEXT,
            "unit_line_no": _WHOLE,
            "printed_grade": _TEXT,
            "grade_line_no": _WHOLE,
        }
    ),
    "form_rows": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_label": _TEXT,
        }
    ),
    "form_cells": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_label": _TEXT,
            "column_code": _TEXT,
            "printed_value": _TEXT,
        }
    ),
    "indicators": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "level_1": _TEXT,
            "level_2": _TEXT,
            "printed_name": _TEXT,
            "printed_target": _TEXT,
            "printed_initial": _TEXT,
            "printed_adjusted": _TEXT,
            "printed_actual": _TEXT,
            "printed_weight": _TEXT,
            "printed_score": _TEXT,
        }
    ),
    "issues": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "severity": _TEXT,
            "reason": _TEXT,
            "found": _TEXT,
            "expected": _TEXT,
        }
    ),
}

_COMMENTS = {
    "documents": "公开文件 A disclosure as read. Grain: a document.",
    "tables": "公开表 An official table as found, with its state. Grain: a table of a document.",
    "columns": "栏目 An amount column with its printed header. Grain: a column of a table.",
    "rows": "行 A printed row, or one side of it. Grain: a row of a table.",
    "cells": "单元格 A printed figure, as printed. Grain: a figure of an official table.",
    "marks": "横线 A dash where an amount would stand. Grain: a dash.",
    "claims": "文字说明中的数字 A figure stated in the narrative. Grain: a figure.",
    "forms": "绩效表 A performance form as found, with its head. Grain: a form of a document.",
    "form_rows": "绩效表金额行 A label of a form beside which figures stand. Grain: a label on one side.",
    "form_cells": "绩效表数字 A figure of a form, as printed. Grain: a figure of a form.",
    "indicators": "绩效指标 An indicator of a form, as printed. Grain: an indicator on one side.",
    "issues": "读取问题 What could not be read, or reads oddly. Grain: an issue.",
}

_DUCKDB_TYPES = {_TEXT: "varchar", _WHOLE: "integer", pa.timestamp("us"): "timestamp"}


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
    """Create schema ``raw`` and its tables where they do not exist."""
    connection.execute("create schema if not exists raw")
    for name, schema in RAW_TABLES.items():
        columns = ", ".join(f'"{column.name}" {_DUCKDB_TYPES[column.type]}' for column in schema)
        connection.execute(f'create table if not exists raw."{name}" ({columns})')
        connection.execute(f"comment on table raw.\"{name}\" is '{_COMMENTS[name]}'")


def list_raw_records(
    parsed: ParsedTables, revision: int, parsed_sha256: str
) -> dict[str, list[dict[str, Any]]]:
    """Spread a document's parsed tables over the tables of ``raw``."""
    document = parsed.document
    records: dict[str, list[dict[str, Any]]] = {name: [] for name in RAW_TABLES}
    records["documents"].append(
        asdict(document)
        | {
            "revision": revision,
            "parsed_sha256": parsed_sha256,
            "loaded_at": datetime.now(UTC).replace(tzinfo=None),
        }
    )
    for table in parsed.tables:
        table_record = asdict(table)
        table_key = {"document_id": document.document_id, "statement_code": table.statement_code}
        columns = table_record.pop("columns")
        records["tables"].append(table_key | table_record)
        if table.state == "set_aside":
            continue
        printed_columns = {}
        for number, column in enumerate(columns, start=1):
            records["columns"].append(table_key | column | {"column_no": number})
            printed_columns[column["block"], column["column_code"]] = column["printed_column"]
        for row in parsed.rows.get(table.statement_code, ()):
            row_record = table_key | asdict(row)
            cells = row_record.pop("cells")
            records["rows"].append(row_record)
            for column_code, printed in cells.items():
                place = row_record | {"column_code": column_code}
                if classify_cell(printed) is CellKind.DASH:
                    records["marks"].append(place | {"printed_mark": printed})
                else:
                    printed_column = printed_columns[row.block, column_code]
                    records["cells"].append(
                        place | {"printed_column": printed_column, "printed_amount": printed}
                    )
    for claim in parsed.claims:
        records["claims"].append({"document_id": document.document_id} | asdict(claim))
    for form in parsed.forms:
        form_record = asdict(form)
        form_record.pop("rows")
        form_record.pop("indicators")
        form_key = {"document_id": document.document_id, "form_no": form.form_no}
        records["forms"].append(form_key | form_record)
        for form_row in form.rows:
            form_row_record: dict[str, Any] = form_key | asdict(form_row)
            form_row_record.pop("cells")
            records["form_rows"].append(form_row_record)
            records["form_cells"].extend(
                form_row_record | {"column_code": column_code, "printed_value": printed}
                for column_code, printed in form_row.cells.items()
            )
        for indicator in form.indicators:
            indicator_record: dict[str, Any] = form_key | asdict(indicator)
            indicator_record.pop("cells")
            records["indicators"].append(
                indicator_record | {f"printed_{name}": printed for name, printed in indicator.cells.items()}
            )
    for issue in parsed.issues:
        records["issues"].append({"document_id": document.document_id} | asdict(issue))
    return records


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
    finally:
        connection.close()
    outcome.refused.extend(_list_lost_files(index, paths))
    return outcome


def _list_lost_files(index: dict[str, IndexEntry], paths: Iterable[Path]) -> list[str]:
    present = {path.stem for path in paths}
    return [
        f"{document_id}.jsonl 索引 index.csv 列有此文件，但文件不存在。 The index lists this file and the "
        f"folder lacks it: parse {entry.source_name} again, or take its line out of the index."
        for document_id, entry in index.items()
        if document_id not in present
    ]
