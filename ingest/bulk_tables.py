"""Parsed tables in bulk: Parquet files with the columns of ``raw``, some hundred documents a part.

A part is a folder ``bulk/<part>`` with one file for each table of ``raw``, and a manifest of their
checksums. A document that is parsed again stands in a later part too; the index says by checksum
which of them counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.indexes import StagedTables, replace_file
from ingest.issues import BrokenParsedTables
from ingest.parsed_tables import ParsedTables
from ingest.raw_tables import RAW_TABLES, list_raw_records

BULK_NAME = "bulk"
MANIFEST_NAME = "manifest.json"
# What only a load can know.
LOADED_COLUMNS = ("revision", "loaded_at")


@dataclass(frozen=True)
class StagedRecords:
    """A document's records of ``raw``, by table, while it waits for its part."""

    tables: dict[str, pa.Table]

    @classmethod
    def of(cls, parsed: ParsedTables, parsed_sha256: str) -> StagedRecords:
        records = list_raw_records(parsed, 0, parsed_sha256)
        tables = {
            name: pa.Table.from_pylist(records[name], schema=schema) for name, schema in RAW_TABLES.items()
        }
        tables["documents"] = tables["documents"].drop_columns(list(LOADED_COLUMNS))
        return cls(tables)

    def write(self, path: Path) -> None:
        """Write the records where the document's parsed tables wait."""
        path.write_bytes(pickle.dumps(self.tables))

    @classmethod
    def read(cls, path: Path) -> StagedRecords:
        return cls(pickle.loads(path.read_bytes()))


def write_part(folder: Path, staged: Sequence[StagedTables]) -> Path:
    """Write documents that wait as one part; the part stands whole or not at all."""
    records = [StagedRecords.read(tables.path).tables for tables in staged]
    name = hashlib.sha256("".join(tables.entry.parsed_sha256 for tables in staged).encode()).hexdigest()[:16]
    part = folder / BULK_NAME / name
    if (part / MANIFEST_NAME).exists():
        return part
    waiting = staged[0].path.parent / name
    waiting.mkdir()
    checksums = {}
    for table in RAW_TABLES:
        path = waiting / f"{table}.parquet"
        pq.write_table(pa.concat_tables(record[table] for record in records), path, compression="zstd")
        checksums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    documents = [tables.entry.parsed_sha256 for tables in staged]
    manifest = {"documents": documents, "checksums": checksums}
    replace_file(waiting / MANIFEST_NAME, json.dumps(manifest, indent=1) + "\n")
    part.parent.mkdir(exist_ok=True)
    os.replace(waiting, part)
    for tables in staged:  # A file of this document from before would no longer be what counts.
        (folder / f"{tables.entry.document_id}.jsonl").unlink(missing_ok=True)
    return part


def list_parts(folder: Path) -> list[Path]:
    """Return the parts of a folder of parsed tables, the oldest first."""
    manifests = (folder / BULK_NAME).glob(f"*/{MANIFEST_NAME}")
    return [path.parent for path in sorted(manifests, key=lambda path: (path.stat().st_mtime_ns, path))]


def list_part_documents(folder: Path) -> set[str]:
    """Return the checksums (``parsed_sha256``) of all documents that stand in parts."""
    found: set[str] = set()
    for part in list_parts(folder):
        try:
            found.update(json.loads((part / MANIFEST_NAME).read_text(encoding="utf-8"))["documents"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # What is wrong with it is said when it is loaded.
    return found


def check_part(part: Path) -> Iterator[tuple[str, Path]]:
    """Yield table and file of a part; raise BrokenParsedTables for a file that is not what was written."""
    try:
        checksums = json.loads((part / MANIFEST_NAME).read_text(encoding="utf-8"))["checksums"]
        found = {name: hashlib.sha256((part / name).read_bytes()).hexdigest() for name in checksums}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refuse(part, str(error)) from error
    for name, checksum in checksums.items():
        if found[name] != checksum:
            raise _refuse(part, f"the checksum of {name} differs")
        if Path(name).stem in RAW_TABLES:
            yield Path(name).stem, part / name


def _refuse(part: Path, problem: str) -> BrokenParsedTables:
    return BrokenParsedTables(
        f"{BULK_NAME}/{part.name} 批量解析结果已损坏，整批未载入。 This part of the parsed tables is broken and "
        f"was refused whole: {problem}. Parse its documents again."
    )
