"""Folders of parsed tables: a file a document, and the index that says which files count.

Files are staged beside their place and moved in together with the index, under a lock: two parses
into one folder at once both count, and whoever reads meanwhile sees a whole folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ingest.issues import BrokenParsedTables
from ingest.parsed_tables import ParsedTables, format_parsed_tables
from ingest.words import fold

try:
    import fcntl
except ImportError:  # Windows has no such locks: there one parse at a time is the caller's duty.
    fcntl = None  # type: ignore[assignment]

INDEX_NAME = "index.csv"
_WHOLE_NUMBERS = ("fiscal_year", "revision", "tables", "amounts", "issues")


@dataclass(frozen=True)
class IndexEntry:
    """A row of the index: what each file holds. ``revision`` counts the versions of a disclosure."""

    document_id: str
    source_name: str
    printed_unit_name: str
    fiscal_year: int
    document_kind: str
    scope: str
    revision: int
    tables: int
    amounts: int
    issues: int
    parsed_sha256: str

    @property
    def series(self) -> tuple[str, int, str, str]:
        """What a disclosure is a version of: the unit's, for a year, of a kind and scope."""
        return fold(self.printed_unit_name), self.fiscal_year, self.document_kind, self.scope


@dataclass(frozen=True)
class StagedTables:
    """A document's parsed tables in a file that waits for its place; it has no revision yet."""

    entry: IndexEntry
    path: Path


def hash_parsed_tables(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def describe_parsed_tables(parsed: ParsedTables, text: str) -> IndexEntry:
    """Return a document's row of the index, without a revision."""
    document = parsed.document
    return IndexEntry(
        document_id=document.document_id,
        source_name=document.source_name,
        printed_unit_name=document.printed_unit_name,
        fiscal_year=document.fiscal_year,
        document_kind=document.document_kind,
        scope=document.scope,
        revision=0,
        tables=len(parsed.tables),
        amounts=parsed.amount_count,
        issues=len(parsed.issues),
        parsed_sha256=hash_parsed_tables(text),
    )


def read_index(folder: Path) -> dict[str, IndexEntry]:
    """Read ``index.csv`` of a folder of parsed tables; an absent index is an empty one."""
    path = folder / INDEX_NAME
    if not path.exists():
        return {}
    entries = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line_no, row in enumerate(csv.DictReader(file), start=2):
            try:
                fields: dict[str, Any] = dict(row)
                for key in _WHOLE_NUMBERS:
                    fields[key] = int(fields[key])
                entries[row["document_id"]] = IndexEntry(**fields)
            except (KeyError, TypeError, ValueError) as error:
                raise BrokenParsedTables(
                    f"{path.name}:{line_no} 索引文件损坏。 The index is broken: no valid row ({error})."
                ) from error
    return entries


def _format_index(entries: Iterable[IndexEntry]) -> str:
    output = io.StringIO()
    writer = csv.DictWriter(output, list(IndexEntry.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    for entry in sorted(entries, key=lambda entry: entry.document_id):
        writer.writerow(asdict(entry))
    return output.getvalue()


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", newline="")
    os.replace(temporary, path)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder of parsed tables against other writers; waits until it is free.

    The lock is on the folder itself, so that it leaves no file, and ends with the process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def open_staging(folder: Path) -> Iterator[Path]:
    """Make a folder for files that wait, on the disk where they will stand; it vanishes afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".parsing-", dir=folder) as staging:
        yield Path(staging)


def stage_parsed_tables(staging: Path, parsed: ParsedTables) -> StagedTables:
    """Write a document's parsed tables where they wait for their place."""
    text = format_parsed_tables(parsed)
    path = staging / f"{parsed.document.document_id}.jsonl"
    path.write_text(text, encoding="utf-8", newline="")
    return StagedTables(describe_parsed_tables(parsed, text), path)


def enter_documents(folder: Path, entries: Iterable[IndexEntry]) -> list[IndexEntry]:
    """Bring the index up to date and return the entries with their revisions; the lock is held."""
    index = read_index(folder)
    latest: dict[tuple[str, int, str, str], int] = {}
    for known in index.values():
        latest[known.series] = max(latest.get(known.series, 0), known.revision)
    entered = []
    for entry in entries:
        earlier = index.get(entry.document_id)
        if earlier is not None:
            entry = replace(entry, revision=earlier.revision)
        else:
            latest[entry.series] = latest.get(entry.series, 0) + 1
            entry = replace(entry, revision=latest[entry.series])
        index[entry.document_id] = entry
        entered.append(entry)
    replace_file(folder / INDEX_NAME, _format_index(index.values()))
    return entered


def commit_staged(folder: Path, staged: Iterable[StagedTables]) -> list[IndexEntry]:
    """Move staged files to their places and enter them in the index, in the order given."""
    waiting = list(staged)
    with lock_folder(folder):
        for tables in waiting:
            if tables.path.exists():  # The same document twice: moved already.
                os.replace(tables.path, folder / tables.path.name)
        return enter_documents(folder, (tables.entry for tables in waiting))


def write_parsed_tables(folder: Path, parsed: Iterable[ParsedTables]) -> list[IndexEntry]:
    """Write parsed tables and bring the index up to date; return the entries of what was written."""
    with open_staging(folder) as staging:
        return commit_staged(folder, [stage_parsed_tables(staging, tables) for tables in parsed])
