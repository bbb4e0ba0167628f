"""Files made to harm: refused or read harmlessly, always with a message that names what was found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from test_word_files import make_word_file

from ingest.issues import RefusedDocument
from ingest.readers import limits
from ingest.readers.files import clean_name, read_content, read_document
from ingest.readers.texts import Document

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def _pack(parts: dict[str, str | bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return output.getvalue()


def _make_workbook(sheet: str, target: str = "worksheets/sheet1.xml", **parts: str) -> bytes:
    relation = f"<Relationship Id='a' Type='{_OFFICE}/worksheet' Target='{target}'/>"
    link = f"<Relationship Id='b' Type='{_OFFICE}/externalLink' Target='http://a/b' TargetMode='External'/>"
    return _pack(
        {
            "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' xmlns:r='{_OFFICE}'><sheets>"
            "<sheet name='表' sheetId='1' r:id='a'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{_PACKAGE}'>{relation}{link}</Relationships>",
            "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_MAIN}'>{sheet}</worksheet>",
            **parts,
        }
    )


def _refuse(name: str, content: bytes) -> tuple[str, str, str]:
    """Return reason, found and expected of the refusal; its message names the document."""
    with pytest.raises(RefusedDocument) as refused:
        read_content(name, content)
    assert str(refused.value).startswith(name)
    issue = refused.value.issue
    assert issue.found
    return issue.reason, issue.found, issue.expected


def _cells(document: Document) -> list[tuple[str, ...]]:
    return [line.cells for line in document.lines]


_ENTITIES = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'ha'}'>" for n in range(12))
_BOMB = f"<!DOCTYPE x [{_ENTITIES}]>"


def test_an_entity_bomb_is_refused_before_it_unfolds() -> None:
    reason, found, _ = _refuse("bomb.docx", make_word_file("<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>", _BOMB))
    assert (reason, found) == ("unsafe_document", "<!DOCTYPE> (word/document.xml)")


def test_a_file_from_elsewhere_is_never_opened() -> None:
    prefix = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    assert _refuse("file.docx", make_word_file("<w:p>&e;</w:p>", prefix))[0] == "unsafe_document"


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.xlsx"])
def test_a_decompression_bomb_is_refused_while_it_unpacks(name: str) -> None:
    filling = " " * (64 * limits.MEGABYTE)
    content = make_word_file(filling) if name.endswith("docx") else _make_workbook(filling)
    assert len(content) < limits.MEGABYTE
    reason, found, expected = _refuse(name, content)
    assert reason == "limit_exceeded"
    assert "unpacked" in found
    assert expected.startswith(f"{limits.MAX_UNPACK_RATIO} ")


def test_many_parts_that_unpack_to_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", 1000)
    reason, _, expected = _refuse("large.docx", make_word_file("<w:p/>" * 500))
    assert (reason, expected.split()[0]) == ("limit_exceeded", "1,000")


def test_a_package_of_too_many_parts_is_refused() -> None:
    content = _pack({f"word/{number}": "" for number in range(limits.MAX_PARTS + 1)})
    assert _refuse("parts.docx", content)[0] == "limit_exceeded"


def test_names_that_climb_out_of_a_package_lead_nowhere(tmp_path: Path) -> None:
    content = _make_workbook("", target="../../../../../../etc/passwd")
    reason, found, expected = _refuse("climb.xlsx", content)
    assert (reason, found, expected) == ("damaged_document", "—", "etc/passwd")
    content = _pack({"../../word/document.xml": "<a/>", "word/document.xml": "<a/>"})
    assert _refuse_empty("climb.docx", content)
    assert not list(tmp_path.iterdir())


def _refuse_empty(name: str, content: bytes) -> bool:
    with pytest.raises(RefusedDocument) as refused:
        read_content(name, content)
    return refused.value.issue.reason == "empty_document"


def test_a_sheet_is_as_large_as_its_cells_not_as_it_claims() -> None:
    sheet = "<dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1'><v>1</v></c><c r='XFD1' s='1'/></row></sheetData>"
    assert _cells(read_content("claim.xlsx", _make_workbook(sheet))) == [("1",)]


def test_a_cell_at_the_far_corner_is_refused() -> None:
    for place, what in (("A1048576", "lines"), ("XFD1", "columns")):
        row = "".join(filter(str.isdigit, place))
        sheet = f"<sheetData><row r='1'><c r='B1'><v>1</v></c></row><row r='{row}'><c r='{place}'><v>1</v></c></row>"
        if row == "1":
            sheet = f"<sheetData><row r='1'><c r='B1'><v>1</v></c><c r='{place}'><v>1</v></c></row>"
        reason, found, _ = _refuse("corner.xlsx", _make_workbook(f"{sheet}</sheetData>"))
        assert (reason, what in found) == ("limit_exceeded", True)


def test_a_cell_that_stands_twice_is_refused() -> None:
    sheet = "<sheetData><row r='1'><c r='A1'><v>1</v></c><c r='A1'><v>2</v></c></row></sheetData>"
    assert _refuse("twice.xlsx", _make_workbook(sheet))[1].startswith("two cells: row 1, column 1")


def test_formulas_and_links_are_data_only() -> None:
    sheet = (
        "<sheetData><row r='1'><c r='A1' t='str'><f>WEBSERVICE(\"http://a\")</f><v>甲</v></c>"
        "<c r='B1'><f>[1]别处!A1</f><v>5</v></c><c r='C1'><f>1+1</f></c></row></sheetData>"
    )
    assert _cells(read_content("formulas.xlsx", _make_workbook(sheet))) == [("甲", "5", "=1+1")]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("deep.html", lambda depth: f"<html>{'<div>' * depth}甲".encode()),
        ("deep.html", lambda depth: f"<html>{'<table><tr><td>' * depth}甲".encode()),
        ("deep.docx", lambda depth: make_word_file("<w:sdt>" * depth + "</w:sdt>" * depth)),
    ],
    ids=["elements of a page", "tables of a page", "elements of a Word file"],
)
def test_what_nests_too_deep_is_refused_at_once(name: str, make: Callable[[int], bytes]) -> None:
    reason, found, expected = _refuse(name, make(100_000))
    assert reason == "limit_exceeded"
    assert "nested" in found + expected


def test_a_page_that_nests_as_deep_as_browsers_go_is_read() -> None:
    depth = limits.MAX_NESTING - 10
    body = f"<html>{'<span>' * depth}甲{'</span>' * depth}<p>乙"
    assert _cells(read_content("deep.html", body.encode())) == [("甲",), ("乙",)]


def test_a_cell_that_claims_a_million_columns_is_refused() -> None:
    body = "<html><table><tr><td colspan=1000000>甲</td><td>乙</td></tr></table>"
    assert _refuse("wide.html", body.encode())[:2] == ("limit_exceeded", "300,000 columns / 列")


def test_a_cell_that_claims_a_million_rows_is_read() -> None:
    body = "<html><table><tr><td rowspan=1000000>甲</td><td>1</td></tr><tr><td>2</td></tr></table>"
    assert _cells(read_content("tall.html", body.encode())) == [("甲", "1"), ("", "2")]


def test_a_line_as_long_as_a_book_is_refused() -> None:
    body = f"<html><p>{'甲' * (limits.MAX_CELL_CHARACTERS + 1)}"
    assert _refuse("long.html", body.encode())[0] == "limit_exceeded"


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 10)
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(RefusedDocument, match=r"large\.txt .*11 bytes") as refused:
        read_document(path)
    assert refused.value.issue.reason == "limit_exceeded"


def _encrypt(content: bytes) -> bytes:
    """Set the mark of encryption on every part of a package."""
    raw = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + offset] |= 1
            place = raw.find(mark, place + 4)
    return bytes(raw)


@pytest.mark.parametrize(
    "content",
    [_encrypt(make_word_file("<w:p/>")), b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")],
    ids=["parts", "whole"],
)
def test_an_encrypted_file_says_what_to_do(content: bytes) -> None:
    with pytest.raises(RefusedDocument, match="save it without a password") as refused:
        read_content("secret.docx", content)
    assert refused.value.issue.reason == "encrypted_document"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("cut.docx", make_word_file("<w:p/>")[:-30], "not a zip file"),
        ("cut.docx", _pack({"word/document.xml": "<a><b></a>"}), "word/document.xml:1: mismatched tag"),
        ("bad.xlsx", _make_workbook("<sheetData><row><c r='1A'><v>1</v></c></row></sheetData>"), "“1A”"),
        ("bad.xlsx", _make_workbook("<sheetData><row><c t='s'><v>7</v></c></row></sheetData>"), "“7”"),
        ("bad.xls", b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le") * 99, "“"),
    ],
)
def test_a_damaged_file_says_where(name: str, content: bytes, found: str) -> None:
    reason, said, expected = _refuse(name, content)
    assert reason == "damaged_document"
    assert found in said
    assert expected


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (_pack({"甲.txt": "甲"}), "unpack it"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "save as DOCX or XLSX"),
        (b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>", "save as XLSX"),
        (b"MIME-Version: 1.0\r\n\r\n", "save as HTML"),
        (b"{\\rtf1 }", "save as DOCX"),
    ],
)
def test_a_kind_that_is_not_read_comes_with_advice(content: bytes, advice: str) -> None:
    reason, found, expected = _refuse("file.bin", content)
    assert (reason, advice in found, "XLSX" in expected) == ("unsupported_format", True, True)


def test_a_wrong_extension_is_read_by_content_and_told() -> None:
    output = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["甲", 1])
    book.save(output)
    for name, content, kind in (
        ("table.xls", output.getvalue(), "XLSX"),
        ("table.xls", b"<html><table><tr><td>1<td>2", "HTML"),
        ("file.pdf", "甲\t1".encode(), "text"),
    ):
        (issue,) = read_content(name, content).issues
        assert (issue.reason, issue.found) == ("wrong_extension", f"“{name}” = {kind}")
    assert not read_content("table.XLSX", output.getvalue()).issues
    assert not read_content("table", output.getvalue()).issues


def test_a_name_cannot_write_on_the_terminal() -> None:
    assert clean_name("a\x1b[2J\nb\u202e.txt") == "a\ufffd[2J\ufffdb\ufffd.txt"
