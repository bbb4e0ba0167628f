"""Disclosures as text: bytes to numbered lines, table rows split at tabs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ingest.issues import Issue, RefusedDocument, quote
from ingest.words import strip_markup

# In this order: UTF-8 refuses what is not UTF-8, GB18030 accepts nearly everything.
_CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
_BINARY = {b"%PDF": "PDF", b"PK\x03\x04": "ZIP, XLSX or DOCX", b"\xd0\xcf\x11\xe0": "XLS or DOC"}
_HAN = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class Line:
    """A printed line: its number from 1, and its cells (one for a line without a tab).

    ``table_no`` counts the ruled tables of a document whose reader sees rulings; its rows bear it.
    """

    line_no: int
    cells: tuple[str, ...]
    page_no: int | None = None
    table_no: int | None = None

    @property
    def is_row(self) -> bool:
        return len(self.cells) > 1

    @property
    def text(self) -> str:
        return "\t".join(self.cells)

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class Document:
    """A disclosure as read: what it is called, what it hashes to, its lines."""

    source_name: str
    source_sha256: str
    encoding: str
    lines: tuple[Line, ...]
    # An editor that strips white space at line ends takes the blank cells at the end of a row too.
    has_trailing_blanks: bool


def _decode(source_name: str, content: bytes) -> tuple[str, str]:
    for magic, kind in _BINARY.items():
        if content.startswith(magic):
            expected = "text converted from the document (UTF-8 or GB18030, cells separated by tabs)"
            raise RefusedDocument(
                source_name, Issue("unsupported_format", None, found=kind, expected=expected)
            )
    if not content.strip():
        raise RefusedDocument(source_name, Issue("empty_document", None))
    for encoding, codec in _CODECS.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        # Arbitrary bytes often decode as GB18030; a Chinese text is mostly Han characters.
        if "\x00" not in text and (encoding != "gb18030" or _is_chinese(text)):
            return text, encoding
    line_no = content[: _first_undecodable(content)].count(b"\n") + 1
    raise RefusedDocument(
        source_name,
        Issue(
            "unreadable_encoding",
            line_no,
            found=quote(repr(content.split(b"\n")[line_no - 1][:24])),
            expected="UTF-8, GB18030",
        ),
    )


def _is_chinese(text: str) -> bool:
    wide = [char for char in text if ord(char) > 0x7F]
    return not wide or sum(ord(char) in _HAN for char in wide) >= len(wide) / 2


def _first_undecodable(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return content.find(b"\x00")


def read_document(path: Path) -> Document:
    """Read the text of a disclosure.

    Raises RefusedDocument for a missing path, an empty file, a binary file and a text in an
    unknown encoding.
    """
    if not path.is_file():
        raise RefusedDocument(str(path), Issue("missing_document", None))
    content = path.read_bytes()
    text, encoding = _decode(path.name, content)
    printed = [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
    lines = tuple(
        Line(number, tuple(cell.strip() for cell in strip_markup(line).split("\t")))
        for number, line in enumerate(printed, start=1)
    )
    return Document(
        source_name=path.name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        lines=lines,
        has_trailing_blanks=any(line.endswith("\t") for line in printed),
    )
