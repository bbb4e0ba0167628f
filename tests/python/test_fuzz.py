"""Spoilt documents in every format: no crash, no hang, no amount lost between file, lines and cells."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from formats import FORMATS, Converted, split_lines
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from renderer import Layout, render

from ingest.disclosures import parse_text
from ingest.issues import RefusedDocument
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedTables, list_parsed_tables, read_parsed_tables
from ingest.readers.files import read_content
from ingest.readers.texts import Document, Line
from ingest.templates import get_library

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
PARSED = [read_parsed_tables(path) for path in list_parsed_tables(PARSED_FOLDER)]
# Three tables of each: the faults lie denser, and an example takes a tenth of a second.
SOURCES = [
    render(
        replace(
            parsed, tables=tables, rows={t.statement_code: parsed.rows[t.statement_code] for t in tables}
        ),
        get_library(),
        layout,
    ).lines
    for parsed, layout in zip(
        PARSED, [Layout(), Layout(rows_per_page=4, repeats_header=True)] * 3, strict=False
    )
    for tables in [tuple(t for t in parsed.tables if t.statement_code in parsed.rows)[:3]]
]
KINDS = ["text", *sorted(FORMATS)]
# Tables whose lines are numbered (行次).
NUMBERED = {
    template.statement
    for template in get_library().templates
    for field in template.fields
    if field.role == "ordinal"
}
# Far beyond what an example takes, far below what a person would call a hang.
PATIENCE = 20.0


def _make_text(lines: Sequence[str]) -> Converted:
    return Converted("document.txt", "\n".join([*lines, ""]).encode(), {})


def _convert(kind: str, lines: Sequence[str]) -> Converted:
    return FORMATS[kind](lines) if kind in FORMATS else _make_text(lines)


@st.composite
def spoilt_lines(draw: DrawFn) -> list[str]:
    """The lines of a document with some of them changed, moved, doubled or lost."""
    lines = list(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(lines) - 1))
        cells = lines[place].split("\t")
        cell = draw(st.integers(0, len(cells) - 1))
        change = draw(st.integers(0, 8))
        if change == 0:
            del lines[place]
            continue
        if change == 1:
            lines.insert(draw(st.integers(0, len(lines))), lines[place])
            continue
        if change == 2:
            other = draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
            continue
        if change == 3:
            del cells[cell]
        elif change == 4:
            cells.insert(cell, draw(st.sampled_from(["", "7.00", "1,234.56", "甲", "——"])))
        elif change == 5:
            cells[cell] += draw(
                st.sampled_from(["0", ".5", "%", "a", "，", " 9", "<b>", "&lt;", "=1+1", "'"])
            )
        elif change == 6:
            cells[cell] = draw(st.sampled_from(["", "-5.00", "99999999999.99", "一", "2026年预算收支总表"]))
        elif change == 7:
            cells[cell] = cells[cell][::-1]
        else:
            cells = draw(st.permutations(cells))
        lines[place] = "\t".join(cells)
    return lines


def _list_amounts(rows: Sequence[tuple[str, ...]]) -> Counter[str]:
    return Counter(cell for cells in rows for cell in cells if classify_cell(cell) is CellKind.AMOUNT)


def _assert_nothing_lost(document: Document, parsed: ParsedTables) -> None:
    """Each amount in a table's rows is a cell, a code, a line number, or on a line with an issue."""
    told = {issue.line_no for issue in parsed.issues}
    for table in parsed.tables:
        code = table.statement_code
        if table.state == "set_aside":
            assert any(issue.statement_code == code for issue in parsed.issues), code
            continue
        kept: dict[int, Counter[str]] = {}
        for row in parsed.rows.get(code, ()):
            texts = [*row.cells.values(), row.printed_code, row.printed_label, row.printed_beside]
            kept.setdefault(row.line_no, Counter()).update(texts)
        for line in document.lines[table.title_line_no : table.last_line_no]:
            lost = _list_amounts([line.cells]) - kept.get(line.line_no, Counter()) if line.is_row else None
            if lost and line.line_no not in told:
                assert _numbers_columns(line) or (code in NUMBERED and max(map(len, lost)) <= 3), (code, line)


def _numbers_columns(line: Line) -> bool:
    """Tell whether a line prints the numbers of the columns (栏次), which are no figures."""
    words = [cell for cell in line.cells if cell and cell != "栏次"]
    return words == [str(number) for number in range(1, len(words) + 1)]


def _read(converted: Converted) -> Document | None:
    with suppress(RefusedDocument):
        return read_content(converted.name, converted.content)
    return None


def _parse(document: Document) -> ParsedTables | None:
    with suppress(RefusedDocument):
        return parse_text(document, get_library())
    return None


@given(lines=spoilt_lines(), kind=st.sampled_from(KINDS))
@settings(max_examples=150)
def test_no_amount_is_lost_from_a_spoilt_document(lines: list[str], kind: str) -> None:
    started = time.monotonic()
    document = _read(_convert(kind, lines))
    assert document is not None
    rows = [line.cells for line in document.lines]
    assert _list_amounts(rows) == _list_amounts(split_lines(lines))
    parsed = _parse(document)
    if parsed is not None:
        _assert_nothing_lost(document, parsed)
    assert time.monotonic() - started < PATIENCE


@st.composite
def damaged_files(draw: DrawFn) -> Converted:
    """A file with bytes changed, cut or put in; of a package, also inside one of its parts."""
    kind = draw(st.sampled_from(KINDS))
    converted = _convert(kind, draw(st.sampled_from(SOURCES)))
    content = converted.content
    if content.startswith(b"PK") and draw(st.booleans()):
        content = _spoil_part(draw, content)
    else:
        content = _spoil_bytes(draw, content)
    return replace(converted, content=content)


def _spoil_bytes(draw: DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        at = int(draw(st.floats(0, 1)) * len(content))
        length = draw(st.sampled_from([0, 1, 2, 40]))
        noise = draw(
            st.binary(max_size=6) | st.sampled_from([b"<", b"</w:tc>", b"<!--", b"&#x", b"\x00" * 9])
        )
        content = content[:at] + noise + content[at + length :]
    return content


def _spoil_part(draw: DrawFn, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = draw(
        st.sampled_from([n for n in sorted(parts) if n.endswith((".xml", ".rels")) and "theme" not in n])
    )
    parts[name] = _spoil_bytes(draw, parts[name])
    if draw(st.integers(0, 9)) == 0:
        del parts[name]
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for part, body in parts.items():
            package.writestr(part, body)
    return output.getvalue()


@given(converted=damaged_files())
@settings(max_examples=150)
def test_a_damaged_file_is_read_or_refused(converted: Converted) -> None:
    started = time.monotonic()
    document = _read(converted)
    parsed = _parse(document) if document is not None else None
    if document is not None and parsed is not None:
        _assert_nothing_lost(document, parsed)
    assert time.monotonic() - started < PATIENCE


@given(
    content=st.binary(max_size=300),
    kind=st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>", b""]),
)
def test_bytes_behind_a_mark_are_read_or_refused(content: bytes, kind: bytes) -> None:
    document = _read(Converted("noise", kind + content, {}))
    if document is not None:
        assert _parse(document) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_prefix_of_a_file_is_read_or_refused(kind: str) -> None:
    content = _convert(kind, SOURCES[0]).content
    for part in _list_prefixes(content):
        document = _read(Converted(f"cut.{kind}", part, {}))
        if document is not None:
            _parse(document)


def _list_prefixes(content: bytes) -> Iterator[bytes]:
    for step in range(24):
        yield content[: len(content) * step // 24]
