"""Many documents: all cores, the rest goes on, what has not changed is left alone, two at once."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from formats import FORMATS
from renderer import Layout, render
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from ingest import batches
from ingest.batches import Outcome, list_documents, parse_documents
from ingest.bulk_tables import list_parts
from ingest.disclosures import parse_document
from ingest.indexes import IndexEntry, read_index, write_parsed_tables
from ingest.loads import connect, load_parsed_tables
from ingest.parsed_tables import list_parsed_tables, read_parsed_tables
from ingest.raw_tables import RAW_TABLES
from ingest.readers import limits
from ingest.templates import get_library
from yusuan import parse_commands
from yusuan.cli import app

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
PARSED = [read_parsed_tables(path) for path in list_parsed_tables(PARSED_FOLDER)]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with three documents, one of them a web page in a folder below."""
    folder = tmp_path / "documents"
    (folder / "more").mkdir(parents=True)
    for parsed in PARSED[:2]:
        render(parsed, get_library()).write(folder)
    page = FORMATS["html"](render(PARSED[2], get_library()).lines)
    (folder / "more" / "page.html").write_bytes(page.content)
    return folder


def _statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_folders_patterns_and_files_are_listed_once_and_in_order(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("readme.md", "~$open.xlsx", ".hidden.txt", "picture.png"):
        (documents / name).write_text("甲", encoding="utf-8")
    names = sorted(parsed.document.source_name for parsed in PARSED[:2])
    everything = [*(documents / name for name in names), documents / "more" / "page.html"]
    assert sorted(list_documents([documents])) == sorted(everything)
    assert list_documents([documents / "more" / "*.html", documents / "more"]) == everything[2:]
    assert list_documents([documents / "*.t?t"]) == everything[:2]
    assert list_documents([documents / "readme.md", documents / "absent.txt"]) == [
        documents / "readme.md",
        documents / "absent.txt",
    ]
    monkeypatch.chdir(documents)
    assert list_documents([Path("**/*.html")]) == [Path("more/page.html")]


def test_a_batch_gives_what_reading_one_by_one_gives(documents: Path, tmp_path: Path) -> None:
    paths = sorted(list_documents([documents]))
    result = parse_documents(paths, tmp_path / "batch", processes=2)
    write_parsed_tables(tmp_path / "single", [parse_document(path) for path in paths])
    single = {path.name: path.read_bytes() for path in (tmp_path / "single").iterdir()}
    batch = {path.name: path.read_bytes() for path in (tmp_path / "batch").iterdir()}
    batch.pop(batches.STATE_NAME)
    assert batch == single
    assert [outcome.path for outcome in result.outcomes] == paths
    assert _statuses(result.outcomes) == ["read"] * 3
    assert all(outcome.document and outcome.document.revision == 1 for outcome in result.outcomes)


def test_the_rest_goes_on_after_a_refusal(documents: Path, tmp_path: Path) -> None:
    (documents / "a.txt").write_text("一封信", encoding="utf-8")
    (documents / "b.xlsx").write_bytes(b"PK\x03\x04")
    told: list[Outcome] = []
    result = parse_documents(
        list_documents([documents]), tmp_path / "out", processes=2, on_outcome=told.append
    )
    assert sorted(outcome.path.name for outcome in told if outcome.status == "refused") == ["a.txt", "b.xlsx"]
    assert {status: result.count(status) for status in ("read", "refused")} == {"read": 3, "refused": 2}
    assert len(read_index(tmp_path / "out")) == 3
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_dir()] == []


def test_what_has_not_changed_is_not_read_again(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    paths = sorted(list_documents([documents]))

    def parse(**options: Any) -> list[str]:
        return _statuses(parse_documents(paths, folder, processes=1, **options).outcomes)

    assert parse() == ["read"] * 3
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert parse() == ["unchanged"] * 3
    assert parse(again=True) == ["read"] * 3
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    # A document that changed, parsed tables that were edited or lost, and a new parser.
    paths[0].write_bytes(paths[0].read_bytes() + b"\n")
    assert parse() == ["read", "unchanged", "unchanged"]
    entry = next(e for e in read_index(folder).values() if e.source_name == paths[1].name)
    (folder / f"{entry.document_id}.jsonl").write_text("{}\n", encoding="utf-8")
    assert parse() == ["unchanged", "read", "unchanged"]
    (folder / f"{entry.document_id}.jsonl").unlink()
    assert parse() == ["unchanged", "read", "unchanged"]
    (folder / batches.STATE_NAME).write_bytes(b"\xff")
    assert parse() == ["read"] * 3
    monkeypatch.setattr(batches, "fingerprint_parser", lambda: "another")
    assert parse() == ["read"] * 3
    assert parse() == ["unchanged"] * 3


def test_the_fingerprint_is_that_of_code_and_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = batches.fingerprint_parser()
    assert before == batches.fingerprint_parser()
    (tmp_path / "b03.yaml").write_text("template: b03\n", encoding="utf-8")
    monkeypatch.setattr(batches, "TEMPLATE_FOLDER", tmp_path)
    assert batches.fingerprint_parser() != before


def test_the_same_content_under_two_names_is_read_once(documents: Path, tmp_path: Path) -> None:
    paths = sorted(list_documents([documents]))
    copy = paths[0].with_name("zz-copy.txt")
    copy.write_bytes(paths[0].read_bytes())
    result = parse_documents([*paths, copy], tmp_path / "out", processes=2)
    outcome = result.outcomes[-1]
    assert (outcome.path, outcome.status, paths[0].name in outcome.message) == (copy, "unchanged", True)
    assert result.count("read") == 3


def test_what_was_read_before_a_break_is_entered(documents: Path, tmp_path: Path) -> None:
    def break_off(outcome: Outcome) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parse_documents(list_documents([documents]), tmp_path / "out", processes=1, on_outcome=break_off)
    assert len(read_index(tmp_path / "out")) == 1
    assert not load_parsed_tables(tmp_path / "out", tmp_path / "yusuan.duckdb").refused


def test_two_parses_into_one_folder_both_count(documents: Path, tmp_path: Path) -> None:
    paths = sorted(list_documents([documents]))
    threads = [
        threading.Thread(target=parse_documents, args=([path], tmp_path / "out"), kwargs={"processes": 1})
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_index(tmp_path / "out")) == 3
    assert not load_parsed_tables(tmp_path / "out", tmp_path / "yusuan.duckdb").refused


def test_revisions_are_counted_in_a_batch_of_versions(tmp_path: Path) -> None:
    parsed = PARSED[0]
    paths = []
    for number in range(3):
        rendered = render(parsed, get_library(), Layout(rows_per_page=5 + number))
        paths.append(rendered.write(tmp_path).rename(tmp_path / f"version-{number}.txt"))
    result = parse_documents(paths, tmp_path / "out", processes=2)
    assert [outcome.document and outcome.document.revision for outcome in result.outcomes] == [1, 2, 3]


def _hang(path: Path, staging: Path, as_parquet: bool) -> Any:
    time.sleep(600 if path.name == "bad" else 0)
    return batches._Report(Outcome(path, "read"))


def _crash(path: Path, staging: Path, as_parquet: bool) -> Any:
    if path.name == "bad":
        os._exit(9)
    return batches._Report(Outcome(path, "read"))


def _fill_memory(path: Path, staging: Path, as_parquet: bool) -> Any:
    try:
        bytearray(limits.MAX_MEMORY_BYTES if path.name == "bad" else 1)
    except MemoryError as error:
        return batches._Report(batches._refuse(path, batches._word_fault(path, error), 0), "lost:")
    return batches._Report(Outcome(path, "read"))


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (_hang, "took too long"),  # "time_exceeded"
        (_crash, "he process that read the file broke down: found exit 9"),  # "reader_crashed"
        (_fill_memory, "expected at most 4,096 MB"),
    ],
)
def test_a_document_that_costs_its_worker_costs_no_other(
    read: Callable[[Path, Path, bool], Any], words: str, tmp_path: Path
) -> None:
    paths = [Path("one"), Path("bad"), Path("two"), Path("three")]
    reports = list(batches._read_apart(paths, tmp_path, processes=1, seconds=3.0, read=read))
    outcomes = {report.outcome.path.name: report.outcome for report in reports}
    assert [outcomes[path.name].status for path in paths] == ["read", "refused", "read", "read"]
    assert words in outcomes["bad"].message
    assert outcomes["bad"].message.startswith("bad ")


def test_a_fault_of_ours_is_a_refusal_that_names_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr(batches, "parse_document", fail)
    outcome = batches._read_one(Path("a.txt"), tmp_path, False).outcome
    assert outcome.status == "refused"
    assert "IndexError: tuple index out of range (test_batches.py:" in outcome.message


def _dump(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    with connect(database) as connection:
        return {
            name: connection.execute(
                f"select columns(c -> c != 'loaded_at') from raw.\"{name}\" order by all"
            ).fetchall()
            for name in RAW_TABLES
        }


def test_parquet_loads_as_the_same_rows_of_raw(documents: Path, tmp_path: Path) -> None:
    paths = list_documents([documents])
    parse_documents(paths, tmp_path / "lines", processes=1)
    parse_documents(paths, tmp_path / "bulk", as_parquet=True, processes=1)
    assert not list((tmp_path / "bulk").glob("*.jsonl"))
    first = load_parsed_tables(tmp_path / "lines", tmp_path / "lines.duckdb")
    second = load_parsed_tables(tmp_path / "bulk", tmp_path / "bulk.duckdb")
    assert not first.refused + second.refused
    assert sorted(first.added) == sorted(second.added)
    assert _dump(tmp_path / "lines.duckdb") == _dump(tmp_path / "bulk.duckdb")
    again = load_parsed_tables(tmp_path / "bulk", tmp_path / "bulk.duckdb")
    assert sorted(again.unchanged) == sorted(first.added)
    assert parse_documents(paths, tmp_path / "bulk", as_parquet=True).count("unchanged") == 3


def test_a_later_part_supersedes_an_earlier_one(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, database = tmp_path / "bulk", tmp_path / "yusuan.duckdb"
    (path, *_) = list_documents([documents])
    parse_documents([path], folder, as_parquet=True, processes=1)
    assert len(load_parsed_tables(folder, database).added) == 1
    # The same document as another parser would read it: the same id, another checksum.
    parsed = parse_document(path)
    changed = replace(parsed, tables=parsed.tables[:1], rows={}, issues=())
    with batches.open_staging(folder) as staging:
        staged = batches.stage_parsed_tables(staging, changed)
        batches.StagedRecords.of(changed, staged.entry.parsed_sha256).write(staged.path)
        batches.write_part(folder, [staged])
        entered = batches.enter_documents(folder, [staged.entry])
    outcome = load_parsed_tables(folder, database)
    assert (outcome.replaced, outcome.refused) == ([entered[0].document_id], [])
    assert len(_dump(database)["tables"]) == 1
    assert len(list_parts(folder)) == 2


@pytest.mark.parametrize("name", ["cells.parquet", "manifest.json"])
def test_a_broken_part_is_refused_whole(name: str, documents: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bulk"
    parse_documents(list_documents([documents]), folder, as_parquet=True, processes=1)
    (part,) = list_parts(folder)
    (part / name).write_bytes((part / name).read_bytes()[:-9])
    outcome = load_parsed_tables(folder, tmp_path / "yusuan.duckdb")
    assert not outcome.added
    assert outcome.refused[0].startswith(f"bulk/{part.name} ")


def test_the_index_names_what_no_file_holds(documents: Path, tmp_path: Path) -> None:
    entry = IndexEntry("2026-budget-0", "a.txt", "某局", 2026, "budget", "unit", 0, 0, 0, 0, "x")
    batches.enter_documents(tmp_path, [entry])
    (refused,) = load_parsed_tables(tmp_path, tmp_path / "yusuan.duckdb").refused
    assert refused.startswith("2026-budget-0.jsonl ")


def test_the_command_says_what_it_did_and_cuts_no_name(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = documents / f"{'a-very-long-name-of-a-document-' * 4}.txt"
    (documents / PARSED[0].document.source_name).rename(long)
    monkeypatch.setattr(parse_commands, "console", Console(width=80, file=io.StringIO()))
    runner = CliRunner()
    arguments = ["parse", str(documents), "--to", str(tmp_path / "out"), "--jobs", "1"]
    assert runner.invoke(app, arguments).exit_code == 0
    printed = parse_commands.console.file.getvalue()  # type: ignore[attr-defined]
    assert long.name in "".join(line[1:].split("  ")[0] for line in printed.splitlines()).replace(" ", "")
    assert max(map(cell_len, printed.splitlines())) <= 80
    (documents / "letter.txt").write_text("一封信", encoding="utf-8")
    result = runner.invoke(app, arguments)
    assert result.exit_code == 1
    assert "letter.txt" in result.output
    assert runner.invoke(app, ["parse", str(tmp_path / "out")]).exit_code == 1


def test_a_table_set_aside_shows_in_the_exit_code_each_time(documents: Path, tmp_path: Path) -> None:
    path = next(documents.glob("*.txt"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("单位：万元", "", 1), encoding="utf-8")
    arguments = ["parse", str(path), "--to", str(tmp_path / "out"), "--jobs", "1"]
    assert CliRunner().invoke(app, arguments).exit_code == 3
    assert CliRunner().invoke(app, arguments).exit_code == 3
