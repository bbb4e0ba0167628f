"""Many documents: read by worker processes, each within limits, and entered together.

A worker reads one document at a time and writes its parsed tables aside; what comes back is a few
words, so that memory is bounded by the largest document. A worker that takes too long is ended, one
that breaks down is replaced, and the rest goes on. The templates are loaded once a worker.
"""

from __future__ import annotations

import csv
import hashlib
import io
import multiprocessing
import os
import pickle
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

from ingest.bulk_tables import StagedRecords, list_part_documents, write_part
from ingest.disclosures import parse_document
from ingest.indexes import (
    IndexEntry,
    StagedTables,
    commit_staged,
    enter_documents,
    hash_parsed_tables,
    lock_folder,
    open_staging,
    read_index,
    replace_file,
    stage_parsed_tables,
)
from ingest.issues import IngestError, Issue, RefusedDocument, Severity, quote
from ingest.parsed_tables import ParsedTables
from ingest.readers import limits
from ingest.readers.files import EXTENSIONS, clean_name
from ingest.templates import TEMPLATE_FOLDER, get_library

# What a folder's earlier parses leave for the next one, to skip what has not changed.
STATE_NAME = ".parsed.csv"
# A worker begins afresh after so many documents: what libraries keep stays small.
_DOCUMENTS_PER_WORKER = 500
# For a worker to load our code and the templates, on a busy machine.
_SECONDS_TO_START = 60.0
# How many documents go into one part of Parquet files.
_DOCUMENTS_PER_PART = 500
_READING_LIBRARIES = ("pydantic", "selectolax", "xlrd", "pypdfium2")

Status = Literal["read", "refused", "unchanged"]


@dataclass(frozen=True)
class Outcome:
    """What became of one document. ``message`` says why it was refused, or what it repeats."""

    path: Path
    status: Status
    message: str = ""
    document: IndexEntry | None = None
    set_aside: tuple[str, ...] = ()
    # Severity and words of each issue of a document that was read.
    issues: tuple[tuple[Severity, str], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class _Report:
    """What a worker sends back."""

    outcome: Outcome
    source_sha256: str = ""
    staged: StagedTables | None = None


# Reads one document in a worker: its path, where to stage, whether as Parquet.
_Read = Callable[[Path, Path, bool], _Report]


@dataclass(frozen=True)
class _Known:
    """A document that an earlier parse read: from which file, with which parser, to which place."""

    source_sha256: str
    document_id: str
    fingerprint: str
    parsed_sha256: str
    set_aside: str


@dataclass
class BatchResult:
    """What a parse of many documents did, in the order of their paths."""

    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, status: Status) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)

    @property
    def set_aside_count(self) -> int:
        return sum(len(outcome.set_aside) for outcome in self.outcomes)


def list_documents(named: Iterable[Path]) -> list[Path]:
    """Return the documents that are named: files, what folders hold, what patterns match.

    A folder gives the files whose extension a reader knows; a file that is named is taken as it is.
    """
    known = {extension for extensions in EXTENSIONS.values() for extension in extensions} - {".md", ".tsv"}
    found: dict[Path, None] = {}
    for path in named:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.suffix.lower() in known)
            found.update(dict.fromkeys(_list_visible(inside)))
        elif not path.exists() and any(char in str(path) for char in "*?["):
            root = Path(path.anchor) if path.is_absolute() else Path()
            found.update(dict.fromkeys(_list_visible(root.glob(str(path.relative_to(root))))))
        else:
            found[path] = None
    return list(found)


def _list_visible(paths: Iterable[Path]) -> list[Path]:
    """Return files in order, without what office programs (and we) leave beside those they work on."""
    return [path for path in sorted(paths) if path.is_file() and not path.name.startswith(("~$", "."))]


def fingerprint_parser() -> str:
    """Return what all reading depends on, hashed: our code, the templates, the libraries' versions.

    Any change of one of them reads every document again: no list of what a template touches could
    be trusted, and reading is cheap.
    """
    digest = hashlib.sha256()
    code = sorted(Path(__file__).parent.rglob("*.py"))
    for path in [*code, *sorted(TEMPLATE_FOLDER.rglob("*.yaml"))]:
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for library in _READING_LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{library} {metadata.version(library)}\n".encode())
    return digest.hexdigest()[:16]


def _read_state(folder: Path) -> dict[str, _Known]:
    """Read what earlier parses left; a state that is broken is no state, and all is read again."""
    try:
        with (folder / STATE_NAME).open(encoding="utf-8", newline="") as file:
            return {row["source_sha256"]: _Known(**row) for row in csv.DictReader(file)}
    except (OSError, KeyError, TypeError, UnicodeDecodeError, csv.Error):
        return {}


def _write_state(folder: Path, state: Mapping[str, _Known]) -> None:
    output = io.StringIO()
    writer = csv.DictWriter(output, list(_Known.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(state[key]) for key in sorted(state))
    replace_file(folder / STATE_NAME, output.getvalue())


class _Folder:
    """The folder of parsed tables as the batch finds it: what need not be read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fingerprint = fingerprint_parser()
        self._state = _read_state(folder)
        self._index = read_index(folder)
        self._in_parts = list_part_documents(folder)

    def find_unchanged(self, source_sha256: str, *, as_parquet: bool) -> tuple[IndexEntry, _Known] | None:
        known = self._state.get(source_sha256)
        entry = self._index.get(known.document_id) if known else None
        if known is None or entry is None or known.fingerprint != self.fingerprint:
            return None
        if entry.parsed_sha256 != known.parsed_sha256:
            return None
        if as_parquet:
            return (entry, known) if entry.parsed_sha256 in self._in_parts else None
        try:
            text = (self.folder / f"{entry.document_id}.jsonl").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return (entry, known) if hash_parsed_tables(text) == entry.parsed_sha256 else None


def _hash_file(path: Path) -> str | None:
    """Return the hash of a file's content; None for what is better left to the reader to refuse."""
    try:
        if path.stat().st_size > limits.MAX_FILE_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def parse_documents(
    paths: Iterable[Path],
    folder: Path,
    *,
    as_parquet: bool = False,
    again: bool = False,
    processes: int | None = None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> BatchResult:
    """Parse documents on all cores and enter what was read in ``folder``.

    A document that is refused leaves nothing; the rest goes on. What has not changed since an
    earlier parse, and was parsed with the same code and templates, is not read ``again`` unless
    asked for. If the parse is broken off, what was read until then is entered.
    """
    get_library()  # A template that breaks the rules is refused before any worker starts.
    known = _Folder(folder)
    outcomes: dict[Path, Outcome] = {}
    to_read: list[Path] = []
    first_of: dict[str, Path] = {}
    for path in paths:
        outcome = _skip(path, known, first_of, as_parquet=as_parquet, again=again)
        if outcome is None:
            to_read.append(path)
        else:
            outcomes[path] = outcome
            on_outcome(outcome)
    reports: dict[Path, _Report] = {}
    with open_staging(folder) as staging:
        try:
            for report in _read_apart(to_read, staging, as_parquet=as_parquet, processes=processes):
                reports[report.outcome.path] = report
                on_outcome(report.outcome)
        finally:
            ordered = [reports[path] for path in to_read if path in reports]
            entries = _enter(known, ordered, as_parquet=as_parquet)
    for report in ordered:
        entry = entries.get(report.outcome.path, report.outcome.document)
        outcomes[report.outcome.path] = replace(report.outcome, document=entry)
    return BatchResult([outcomes[path] for path in sorted(outcomes)])


def _skip(
    path: Path, known: _Folder, first_of: dict[str, Path], *, as_parquet: bool, again: bool
) -> Outcome | None:
    """Return the outcome of a document that need not be read; None for one that must."""
    source_sha256 = _hash_file(path)
    if source_sha256 is None:
        return None
    first = first_of.setdefault(source_sha256, path)
    if first != path:
        message = f"内容与 {clean_name(first.name)} 相同。 The same content as {clean_name(first.name)}."
        return Outcome(path, "unchanged", message)
    if again:
        return None
    unchanged = known.find_unchanged(source_sha256, as_parquet=as_parquet)
    if unchanged is None:
        return None
    entry, earlier = unchanged
    return Outcome(path, "unchanged", document=entry, set_aside=tuple(earlier.set_aside.split()))


def _enter(known: _Folder, reports: list[_Report], *, as_parquet: bool) -> dict[Path, IndexEntry]:
    """Enter what was read in the folder; return the entries with their revisions."""
    read = [report for report in reports if report.staged is not None]
    if not read:
        return {}
    staged = [report.staged for report in read if report.staged is not None]
    folder = known.folder
    if as_parquet:
        with lock_folder(folder):
            for start in range(0, len(staged), _DOCUMENTS_PER_PART):
                write_part(folder, staged[start : start + _DOCUMENTS_PER_PART])
            entries = enter_documents(folder, (tables.entry for tables in staged))
    else:
        entries = commit_staged(folder, staged)
    with lock_folder(folder):
        state = _read_state(folder)
        for report, entry in zip(read, entries, strict=True):
            state[report.source_sha256] = _Known(
                report.source_sha256,
                entry.document_id,
                known.fingerprint,
                entry.parsed_sha256,
                " ".join(report.outcome.set_aside),
            )
        _write_state(folder, state)
    return {report.outcome.path: entry for report, entry in zip(read, entries, strict=True)}


class _Worker:
    """A process that reads documents, one at a time, and what it is reading."""

    def __init__(self, context: Any, staging: Path, as_parquet: bool, read: _Read) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=_work, args=(theirs, staging, as_parquet, read), daemon=True, name="yusuan-reader"
        )
        self.process.start()
        theirs.close()
        self.path: Path | None = None
        self.deadline = 0.0
        self.started = 0.0
        self.document_count = 0

    def give(self, path: Path) -> None:
        self.path, self.document_count = path, self.document_count + 1
        self.begin(_SECONDS_TO_START)
        self.connection.send(path)

    def begin(self, seconds: float) -> None:
        """Count the time from now: a new worker says when it has started and begins to read."""
        self.started = time.monotonic()
        self.deadline = self.started + seconds

    def end(self) -> None:
        with suppress(OSError):
            self.connection.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def _make_context() -> Any:
    """Return how processes are started: from a clean server where there is one, so that they start fast."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "ingest.warm_starts"])
        return context
    return multiprocessing.get_context("spawn")


def _read_apart(
    paths: Iterable[Path],
    staging: Path,
    *,
    as_parquet: bool = False,
    processes: int | None = None,
    seconds: float = limits.MAX_SECONDS,
    read: _Read | None = None,
) -> Iterator[_Report]:
    """Yield what becomes of each document, as soon as it is known."""
    waiting = deque(paths)
    count = min(processes or os.cpu_count() or 1, len(waiting))
    context = _make_context()

    def start() -> _Worker:
        return _Worker(context, staging, as_parquet, read or _read_one)

    workers = [start() for _ in range(count)]
    try:
        while True:
            for place, worker in enumerate(workers):
                if worker.path is None and waiting:
                    if worker.document_count >= _DOCUMENTS_PER_WORKER:
                        worker.end()
                        workers[place] = worker = start()
                    worker.give(waiting.popleft())
            busy = [worker for worker in workers if worker.path is not None]
            if not busy:
                return
            left = min(worker.deadline for worker in busy) - time.monotonic()
            ready = set(wait([worker.connection for worker in busy], timeout=max(left, 0)))
            for place, worker in enumerate(workers):
                report = _collect(worker, worker.connection in ready, seconds)
                if report is None:
                    continue
                worker.path = None
                if not worker.process.is_alive() or report.source_sha256 == _LOST:
                    worker.end()
                    workers[place] = start()
                yield replace(report, source_sha256=report.source_sha256.removeprefix(_LOST))
    finally:
        for worker in workers:
            worker.end()


# Marks the report of a document whose worker is of no more use.
_LOST = "lost:"


def _collect(worker: _Worker, is_ready: bool, seconds: float) -> _Report | None:
    """Return what a worker has to say of its document, or what must be said of the worker."""
    path = worker.path
    if path is None:
        return None
    taken = time.monotonic() - worker.started
    if is_ready:
        try:
            report = worker.connection.recv()
            if report is None:
                worker.begin(seconds)
                return None
            assert isinstance(report, _Report)
            return report
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.process.join(timeout=5)
            issue = Issue("reader_crashed", None, found=f"exit {worker.process.exitcode}", expected="exit 0")
    elif time.monotonic() >= worker.deadline:
        issue = Issue("time_exceeded", None, found=f"{taken:.0f} s", expected=f"{seconds:.0f} s")
    else:
        return None
    return _Report(_refuse(path, RefusedDocument(clean_name(path.name), issue), taken), _LOST)


def _refuse(path: Path, error: IngestError, seconds: float) -> Outcome:
    return Outcome(path, "refused", str(error), seconds=seconds)


def _limit_memory() -> None:
    """Hold this process to its share of memory, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_MEMORY_BYTES, limits.MAX_MEMORY_BYTES))


def _work(connection: Connection, staging: Path, as_parquet: bool, read: _Read) -> None:
    """Read documents until there are no more; run in a worker process."""
    _limit_memory()
    get_library()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            path = connection.recv()
            connection.send(None)  # Begun: from here the time counts.
            connection.send(read(path, staging, as_parquet))


def _read_one(path: Path, staging: Path, as_parquet: bool) -> _Report:
    started = time.monotonic()
    try:
        parsed = parse_document(path)
        staged = stage_parsed_tables(staging, parsed)
        if as_parquet:
            StagedRecords.of(parsed, staged.entry.parsed_sha256).write(staged.path)
    except Exception as error:  # A fault of ours on one document must not cost the others.
        refused = error if isinstance(error, IngestError) else _word_fault(path, error)
        lost = _LOST if isinstance(error, MemoryError) else ""
        return _Report(_refuse(path, refused, time.monotonic() - started), lost)
    outcome = Outcome(
        path,
        "read",
        document=staged.entry,
        set_aside=parsed.set_aside,
        issues=_list_issues(parsed),
        seconds=time.monotonic() - started,
    )
    return _Report(outcome, parsed.document.source_sha256, staged)


def _word_fault(path: Path, error: Exception) -> RefusedDocument:
    if isinstance(error, MemoryError):
        most = f"{limits.MAX_MEMORY_BYTES // limits.MEGABYTE:,} MB"
        issue = Issue("limit_exceeded", None, found=f"> {most}", expected=most)
    else:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        found = quote(f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})", 200)
        issue = Issue("reader_crashed", None, found=found, expected="—")
    return RefusedDocument(clean_name(path.name), issue)


def _list_issues(parsed: ParsedTables) -> tuple[tuple[Severity, str], ...]:
    worded = (
        Issue(issue.reason, issue.line_no, issue.statement_code, issue.found, issue.expected, issue.page_no)
        for issue in parsed.issues
    )
    return tuple((issue.severity, issue.describe(parsed.document.source_name)) for issue in worded)
