"""Disclosures as text: bytes to numbered lines, table rows split at tabs.

``Document`` and ``Line`` are what every reader yields; ``ingest/readers/files.py`` chooses the reader.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from ingest.issues import Issue, RefusedDocument, quote
from ingest.words import strip_markup

# In this order: UTF-8 refuses what is not UTF-8, GB18030 accepts nearly everything.
_CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
_HAN = range(0x4E00, 0xA000)
_RETURNS_AT_END = re.compile(r"\r+(?=\n|\Z)")


class Line(NamedTuple):
    """A printed line: its number from 1, and its cells (one for a line without a tab).

    No cell has white space around it. ``table_no`` counts the ruled tables of a document whose reader sees rulings; its rows bear it.
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
    # Rows come from a grid, titles and notes among them (ingest/readers/grids.py: settle_rows).
    is_grid: bool = False
    # What the reader found odd about the file.
    issues: tuple[Issue, ...] = ()

    # What a text is asked again and again is found once: most lines are blank, or rows.

    @cached_property
    def plain_lines(self) -> tuple[Line, ...]:
        """The lines that print something and are no rows: titles, notes, sentences."""
        return tuple([line for line in self.lines if len(line.cells) == 1 and line.cells[0]])

    @cached_property
    def is_ruled(self) -> bool:
        """Whether the reader saw rulings: else no line knows its table."""
        return set(map(attrgetter("table_no"), self.lines)) != {None}


def decode_text(source_name: str, content: bytes) -> tuple[str, str]:
    """Return a text and the name of its encoding; raise RefusedDocument if there is none."""
    if not content.removeprefix(codecs.BOM_UTF8).strip():
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


def read_text(source_name: str, content: bytes) -> Document:
    """Read the text of a disclosure.

    Raises RefusedDocument for an empty text and one in an unknown encoding.
    """
    text, encoding = decode_text(source_name, content)
    text = text.removesuffix("\n")
    if "\r" in text:
        text = _RETURNS_AT_END.sub("", text)
    lines = [
        Line(number, tuple(map(str.strip, line.split("\t"))))
        for number, line in enumerate(strip_markup(text).split("\n"), start=1)
    ]
    return Document(
        source_name=source_name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        lines=tuple(lines),
        has_trailing_blanks="\t\n" in text or text.endswith("\t"),
    )
