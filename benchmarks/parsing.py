"""How fast documents are read: ratios measured in one run, on whatever machine this is.

    python -m benchmarks.parsing [--documents 1000]

Seconds differ from machine to machine and hour to hour; ratios of two things measured one after the
other, in processor time and the best of several rounds, do not. What they are measured against:

- text: splitting the same files into lines and cells, which any parser must do. What is read of words is
  remembered while a process runs; the row "cold" parses each document as if it were the first;
- other formats: reading the same document as text;
- PDF: ``extract_tables`` of pdfplumber on the same pages (where ``../shared/pdf-samples`` is at hand);
- growth: ten times as many documents should take ten times as long, in the same memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ingest.batches import parse_documents
from ingest.disclosures import parse_document, parse_text, read_tables
from ingest.narratives import read_narrative
from ingest.parsed_tables import list_parsed_tables, read_parsed_tables
from ingest.performance_forms import read_forms
from ingest.readers.files import read_content, read_document
from ingest.templates import get_library

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared"))
ROUNDS = 5
TEXT_ROUNDS = 25
console = Console()


def measure(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the processor seconds of the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def list_texts(folder: Path) -> list[Path]:
    """Return the disclosures, or documents rendered from the parsed tables where those are not at hand."""
    found = sorted((SHARED / "disclosures").glob("*.txt"))
    if found:
        return found
    render = _import_renderer()
    return [render(read_parsed_tables(path), get_library()).write(folder) for path in _list_parsed()]


def _list_parsed() -> list[Path]:
    return list(list_parsed_tables(ROOT / "data" / "parsed"))


def _import_renderer() -> Callable[..., object]:
    sys.path.insert(0, str(ROOT / "tests" / "python"))
    from renderer import render

    return render


def _split(path: Path) -> None:
    _ = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")]


def _list_stages(path: Path) -> dict[str, Callable[[], object]]:
    """Return the stages of the parse of a text, each as a piece of work."""
    library = get_library()
    found = read_tables(read_document(path), library)
    told = found.document, found.identified.document_kind, found.identified.fiscal_year
    watermarks = library.documents.watermark_words
    stops = frozenset(title.line.line_no for title in found.titles)
    return {
        "splitting into lines and cells (the floor)": lambda: _split(path),
        "reading lines": lambda: read_document(path),
        "reading, and the official tables": lambda: read_tables(read_document(path), library),
        "the narrative alone": lambda: read_narrative(*told, watermarks),
        "the performance forms alone": lambda: read_forms(*told, watermarks, stops),
        "all of it": lambda: parse_document(path),
        "all of it, cold": lambda: parse_document(path),
    }


def measure_texts(folder: Path) -> Table:
    """Measure the stages of a parse, each alone and together: the best round of each document."""
    paths = list_texts(folder)
    size = sum(path.stat().st_size for path in paths) / 1e6
    totals: dict[str, float] = {}
    for stages in map(_list_stages, paths):
        best = dict.fromkeys(stages, float("inf"))
        # In turn, so that whatever else the machine does slows all of them.
        for _ in range(TEXT_ROUNDS):
            for name, work in stages.items():
                if name.endswith("cold"):
                    _forget_words()
                best[name] = min(best[name], measure(work, 1))
        totals = {name: totals.get(name, 0.0) + seconds for name, seconds in best.items()}
    floor = next(iter(totals.values()))
    table = _make_table("Text", "MB/s", "× floor")
    for name, seconds in totals.items():
        table.add_row(name, f"{size / seconds:,.1f}", f"{seconds / floor:.1f}")
    return table


def _forget_words() -> None:
    """Empty what remembers words, so that a document is parsed as the first one of a process."""
    for cache in gc.get_objects():
        is_ours = isinstance(cache, _lru_cache_wrapper) and cache.__module__.startswith("ingest.")
        if is_ours and cache.cache_parameters()["maxsize"] != 1:  # The templates stay.
            cache.cache_clear()


def measure_formats() -> Table:
    render = _import_renderer()
    from formats import FORMATS

    parsed = max(map(read_parsed_tables, _list_parsed()), key=lambda parsed: parsed.amount_count)
    lines = render(parsed, get_library()).lines
    files = {"text": ("a.txt", "\n".join(lines).encode())}
    for kind, convert in FORMATS.items():
        converted = convert(lines)
        files[kind] = (converted.name, converted.content)
    table = _make_table(f"One document of {len(lines)} lines in each format", "lines/s", "× text")
    base = 0.0
    for kind, (name, content) in files.items():
        seconds = measure(
            lambda name=name, content=content: parse_text(read_content(name, content), get_library())
        )
        base = base or seconds
        table.add_row(f"reading and parsing {kind}", f"{len(lines) / seconds:,.0f}", f"{seconds / base:.1f}")
    return table


def measure_pdfs() -> Table | None:
    """Measure pages a second against pdfplumber; None where there are no samples or no pdfplumber."""
    paths = sorted((SHARED / "pdf-samples").glob("*.pdf"))
    try:
        import pdfplumber
    except ImportError:
        return None
    if not paths:
        return None
    table = _make_table("PDF", "pages/s", "× pdfplumber")
    totals = [0.0, 0.0, 0.0]
    for path in paths:
        with pdfplumber.open(path) as document:
            pages = len(document.pages)

        def extract(path: Path = path) -> None:
            with pdfplumber.open(path) as document:
                for page in document.pages:
                    page.extract_tables()
                    page.close()

        def parse(path: Path = path) -> None:
            parse_document(path)

        ours, theirs = measure(parse, 2), measure(extract, 1)
        table.add_row(f"{path.name} ({pages} pages)", f"{pages / ours:,.1f}", f"{theirs / ours:.1f}")
        totals = [total + one for total, one in zip(totals, (pages, ours, theirs), strict=True)]
    count, mine, others = totals
    table.add_row(f"all ({count:.0f} pages)", f"{count / mine:,.1f}", f"{others / mine:.1f}")
    return table


def _make_documents(folder: Path, count: int) -> list[Path]:
    """Write so many different documents: copies of the texts, each with a line of its own at the end."""
    texts = [path.read_text(encoding="utf-8") for path in list_texts(folder)]
    paths = []
    for number in range(count):
        path = folder / f"document-{number:05}.txt"
        path.write_text(f"{texts[number % len(texts)]}\n第{number}份\n", encoding="utf-8")
        paths.append(path)
    return paths


def run_batch(folder: Path, count: int, as_parquet: bool) -> None:
    """Parse documents in this process and its workers, and print what it took (run in a process of its own)."""
    paths = _make_documents(folder, count)
    peak: dict[str, int] = {}
    stop = threading.Event()
    watcher = threading.Thread(target=_watch_memory, args=(peak, stop), daemon=True)
    watcher.start()
    started = time.monotonic()
    result = parse_documents(paths, folder / "parsed", as_parquet=as_parquet)
    seconds = time.monotonic() - started
    started = time.monotonic()
    again = parse_documents(paths, folder / "parsed", as_parquet=as_parquet)
    stop.set()
    watcher.join()
    print(
        json.dumps(
            {
                "read": result.count("read"),
                "unchanged": again.count("unchanged"),
                "seconds": seconds,
                "seconds_again": time.monotonic() - started,
                "megabytes": {name: kilobytes / 1024 for name, kilobytes in peak.items()},
            }
        )
    )


def _watch_memory(peak: dict[str, int], stop: threading.Event) -> None:
    """Keep the largest memory of this process and of any of its workers (Linux: /proc)."""
    while not stop.wait(0.2):
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getsid(int(status.parent.name)) != os.getsid(0):
                    continue
                fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                name = "parent" if int(fields["Pid"]) == os.getpid() else "worker"
                peak[name] = max(peak.get(name, 0), int(fields["VmHWM"].split()[0]))
            except (OSError, KeyError, ValueError):
                continue


def measure_growth(counts: Sequence[int]) -> Table:
    table = Table(title="Many documents, all cores", title_justify="left")
    for heading in (
        "documents",
        "seconds",
        "ms/document",
        "again, unchanged: s",
        "parent MB",
        "largest worker MB",
    ):
        table.add_column(heading, justify="right")
    for count, as_parquet in [*((count, False) for count in counts), (counts[-1], True)]:
        with tempfile.TemporaryDirectory() as folder:
            arguments = [sys.executable, "-m", "benchmarks.parsing", "--batch", folder, str(count)]
            arguments += ["--parquet"] if as_parquet else []
            done = subprocess.run(
                arguments, cwd=ROOT, check=True, capture_output=True, text=True, start_new_session=True
            )
            found = json.loads(done.stdout.splitlines()[-1])
        assert found["read"] == found["unchanged"] == count
        table.add_row(
            f"{count:,}{' (Parquet)' if as_parquet else ''}",
            f"{found['seconds']:.1f}",
            f"{found['seconds'] / count * 1000:.0f}",
            f"{found['seconds_again']:.1f}",
            *(f"{found['megabytes'].get(name, 0):.0f}" for name in ("parent", "worker")),
        )
    return table


def _make_table(title: str, unit: str, ratio: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in (unit, ratio):
        table.add_column(heading, justify="right")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1000, help="how many for the last step of growth")
    parser.add_argument("--batch", nargs=2, metavar=("FOLDER", "COUNT"), help=argparse.SUPPRESS)
    parser.add_argument("--parquet", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.batch:
        run_batch(Path(options.batch[0]), int(options.batch[1]), options.parquet)
        return
    with tempfile.TemporaryDirectory() as folder:
        console.print(measure_texts(Path(folder)))
    console.print(measure_formats())
    if (pdfs := measure_pdfs()) is not None:
        console.print(pdfs)
    else:
        console.print("No PDF samples at hand (YUSUAN_SHARED), or pdfplumber is not installed.")
    counts = sorted({10, max(options.documents // 10, 10), options.documents})
    console.print(measure_growth(counts))


if __name__ == "__main__":
    main()
