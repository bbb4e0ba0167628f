"""Files of parsed tables: the same tables back, and nothing that was tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from inventions import invented_documents, layouts
from renderer import Layout, render

from ingest.disclosures import parse_document
from ingest.indexes import INDEX_NAME, hash_parsed_tables, read_index, write_parsed_tables
from ingest.issues import BrokenParsedTables
from ingest.loads import connect, load_parsed_tables
from ingest.parsed_tables import (
    ParsedIssue,
    ParsedTables,
    format_parsed_tables,
    list_parsed_tables,
    read_parsed_tables,
)
from ingest.templates import get_library

FOLDER = Path(__file__).parents[2] / "data" / "parsed"
FINAL = next(path for path in list_parsed_tables(FOLDER) if "-final-" in path.name)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _find(records: list[dict[str, Any]], kind: str) -> int:
    return next(place for place, record in enumerate(records) if kind in record)


@pytest.mark.parametrize("path", list(list_parsed_tables(FOLDER)), ids=lambda path: path.stem)
def test_a_committed_file_is_read_and_written_unchanged(path: Path) -> None:
    parsed = read_parsed_tables(path)
    text = path.read_text(encoding="utf-8")
    assert format_parsed_tables(parsed) == text
    entry = read_index(FOLDER)[path.stem]
    assert entry.parsed_sha256 == hash_parsed_tables(text)
    assert (entry.tables, entry.amounts) == (len(parsed.tables), parsed.amount_count)
    assert entry.source_name == parsed.document.source_name


@given(parsed=invented_documents(), layout=layouts)
def test_what_was_parsed_is_read_back(parsed: ParsedTables, layout: Layout, scratch: Path) -> None:
    found = parse_document(render(parsed, get_library(), layout).write(scratch))
    write_parsed_tables(scratch, [found])
    assert read_parsed_tables(scratch / f"{found.document.document_id}.jsonl") == found


def test_odd_characters_and_issues_survive(tmp_path: Path) -> None:
    parsed = read_parsed_tables(FINAL)
    code, rows = next(iter(parsed.rows.items()))
    odd = rows[0]._replace(printed_label="某\u2028项\x85目\t\"'\\{\x0c}")
    issues = (
        ParsedIssue("unknown_line", "warning", None, None, "“某”", ""),
        ParsedIssue("unknown_row", "error", code, 7, "“某”", "“甲”", page_no=3),
    )
    parsed = replace(parsed, rows={**parsed.rows, code: (odd, *rows[1:])}, issues=issues)
    write_parsed_tables(tmp_path, [parsed])
    assert read_parsed_tables(tmp_path / FINAL.name) == parsed
    assert read_index(tmp_path)[parsed.document.document_id].issues == 2


def _set(kind: str, **values: object) -> Callable[[list[dict[str, Any]]], int]:
    """Change keys of the first record of a kind (None leaves the key out); return its place."""

    def spoil(records: list[dict[str, Any]]) -> int:
        place = _find(records, kind)
        body = {**records[place][kind], **values}
        records[place] = {kind: {key: value for key, value in body.items() if value is not None}}
        return place

    return spoil


def _set_record(kind: str, record: object) -> Callable[[list[Any]], int]:
    def spoil(records: list[Any]) -> int:
        place = _find(records, kind)
        records[place] = record
        return place

    return spoil


def _lose_document(records: list[dict[str, Any]]) -> int:
    del records[0]
    return 0


def _second_document(records: list[dict[str, Any]]) -> int:
    records.append(records[0])
    return len(records) - 1


def _row_before_tables(records: list[dict[str, Any]]) -> int:
    records.insert(1, records[_find(records, "row")])
    return 1


def _statement_twice(records: list[dict[str, Any]]) -> int:
    records.append(records[_find(records, "table")])
    return 0


def _issue_before_tables(records: list[dict[str, Any]]) -> int:
    records.insert(1, {"issue": {"reason": "unknown_line", "severity": "warning"}})
    return 1


# How the records are spoilt, and words of the message.
FAULTS: dict[str, tuple[Callable[[list[Any]], int], str]] = {
    "no document": (_lose_document, "the first line, and only it"),
    "two documents": (_second_document, "the first line, and only it"),
    "a row before any table": (_row_before_tables, "a row before any table"),
    "a statement twice": (_statement_twice, "a statement stands twice"),
    "an issue before the tables": (_issue_before_tables, "expected the line to read"),
    "a list": (_set_record("row", []), "expected one of document, table, row"),
    "a number": (_set_record("row", 5), "expected one of document, table, row"),
    "two records on a line": (_set_record("row", {"row": {}, "table": {}}), "expected one of"),
    "an unknown record": (_set_record("row", {"verdict": {}}), "unknown record 'verdict'"),
    "a row without keys": (_set_record("row", {"row": 5}), "has no keys"),
    "an unknown key": (_set("row", colour="red"), "colour"),
    "a missing key": (_set("row", cells=None), "cells"),
    "a key of the document missing": (_set("document", fiscal_year=None), "fiscal_year"),
    "a line number as text": (_set("row", line_no="130"), "line_no"),
    "an amount as a number": (_set("row", cells={"amount": 4052.12}), "cells.amount"),
    "no amount": (_set("row", cells={"amount": "1,2a4"}), "'1,2a4' is neither an amount nor a dash"),
    "a blank kept": (_set("row", cells={"amount": ""}), "'' is neither an amount nor a dash"),
    "an unknown column": (_set("row", cells={"width": "1.00"}), "has no column income.width"),
    "an unknown state": (_set("table", state="fine"), "state"),
    "an unknown kind": (_set("document", document_kind="plan"), "document_kind"),
    "another document's name": (
        _set("document", document_id="2024-final-000000000000"),
        "must bear its name",
    ),
}


def _refuse(path: Path) -> str:
    with pytest.raises(BrokenParsedTables) as refused:
        read_parsed_tables(path)
    return str(refused.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_is_refused_whole_with_its_line(fault: str, tmp_path: Path) -> None:
    spoil, words = FAULTS[fault]
    records = _read(FINAL)
    place = spoil(records)
    path = tmp_path / FINAL.name
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    message = _refuse(path)
    assert message.startswith(f"{FINAL.name}:{place + 1} ")
    assert words in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"amount": "5296.11"}', '"amount": "5296.11"', "no valid JSON"),
        ('"amount": "5296.11"', '"amount": "1.00", "amount": "5296.11"', "expected the line to read"),
        ('"block_no": 1, ', '"block_no":1, ', "expected the line to read"),
        ('"printed_label"', '"printed_code": "", "printed_label"', "expected the line to read"),
    ],
    ids=["cut off", "a key twice", "another spelling", "an empty key"],
)
def test_a_line_that_was_edited_is_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    lines = FINAL.read_text(encoding="utf-8").splitlines()
    place = next(place for place, line in enumerate(lines) if old in line)
    lines[place] = lines[place].replace(old, new, 1)
    path = tmp_path / FINAL.name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    message = _refuse(path)
    assert message.startswith(f"{FINAL.name}:{place + 1} ")
    assert words in message


def test_an_unknown_reason_is_refused(tmp_path: Path) -> None:
    issue = {"issue": {"reason": "bad_mood", "severity": "error"}}
    path = tmp_path / FINAL.name
    path.write_text(FINAL.read_text(encoding="utf-8") + json.dumps(issue) + "\n", encoding="utf-8")
    assert f":{len(_read(path))} " in _refuse(path)
    assert "unknown reason 'bad_mood'" in _refuse(path)


@pytest.mark.parametrize("content", [b"", "单位".encode("gb18030")], ids=["empty", "GB18030"])
def test_a_file_without_parsed_tables_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / FINAL.name
    path.write_bytes(content)
    assert _refuse(path).startswith(f"{FINAL.name}:1 ")


def _revise(parsed: ParsedTables, sha: str, **values: object) -> ParsedTables:
    document = replace(parsed.document, document_id=f"2024-final-{sha}", source_sha256=sha, **values)  # type: ignore[arg-type]
    return replace(parsed, document=document)


def _revisions(folder: Path) -> dict[str, int]:
    return {entry.document_id: entry.revision for entry in read_index(folder).values()}


def test_a_changed_document_is_a_new_revision_and_the_old_one_stays(tmp_path: Path) -> None:
    first = read_parsed_tables(FINAL)
    write_parsed_tables(tmp_path, [first])
    old = (tmp_path / FINAL.name).read_bytes()
    (entry,) = write_parsed_tables(tmp_path, [_revise(first, "abc")])
    assert entry.revision == 2
    assert _revisions(tmp_path) == {FINAL.stem: 1, "2024-final-abc": 2}
    assert (tmp_path / FINAL.name).read_bytes() == old
    # Parsed once more, with a better template: the document is the same, so is its revision.
    write_parsed_tables(tmp_path, [replace(first, issues=()), _revise(first, "def")])
    assert _revisions(tmp_path) == {FINAL.stem: 1, "2024-final-abc": 2, "2024-final-def": 3}


@pytest.mark.parametrize(
    "other",
    [
        {"fiscal_year": 2023},
        {"document_kind": "budget"},
        {"scope": "department"},
        {"printed_unit_name": "某局"},
    ],
)
def test_another_unit_year_kind_or_scope_is_no_revision(other: dict[str, object], tmp_path: Path) -> None:
    first = read_parsed_tables(FINAL)
    write_parsed_tables(tmp_path, [first, _revise(first, "abc", **other)])
    assert set(_revisions(tmp_path).values()) == {1}


def test_the_same_document_twice_changes_nothing(tmp_path: Path) -> None:
    parsed = [read_parsed_tables(path) for path in list_parsed_tables(FOLDER)]
    write_parsed_tables(tmp_path, parsed)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_parsed_tables(tmp_path, reversed(parsed))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert before[INDEX_NAME] == (FOLDER / INDEX_NAME).read_bytes()


def test_an_absent_index_is_empty(tmp_path: Path) -> None:
    assert read_index(tmp_path) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("revision", "version"),
        (",10,299,", ",ten,299,"),
        (",13,303,0,", ",13,"),
        (",10,299,", ",10,299,1,1,"),
    ],
    ids=["column", "number", "short row", "long row"],
)
def test_a_broken_index_is_refused_with_its_line(old: str, new: str, tmp_path: Path) -> None:
    text = (FOLDER / INDEX_NAME).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / INDEX_NAME).write_text(text.replace(old, new, 1), encoding="utf-8")
    line_no = 2 if old == "revision" else text[: text.index(old)].count("\n") + 1
    with pytest.raises(BrokenParsedTables, match=rf"^index\.csv:{line_no} "):
        read_index(tmp_path)


def test_raw_tables_of_an_earlier_version_are_made_anew(tmp_path: Path) -> None:
    """Else the first load after an update would end in an error of the database."""
    database = tmp_path / "yusuan.duckdb"
    expected = sorted(path.stem for path in list_parsed_tables(FOLDER))
    assert sorted(load_parsed_tables(FOLDER, database).added) == expected
    with connect(database) as connection:
        connection.execute("alter table raw.documents drop column printed_title")
    assert sorted(load_parsed_tables(FOLDER, database).added) == expected
    assert sorted(load_parsed_tables(FOLDER, database).unchanged) == expected
