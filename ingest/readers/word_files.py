"""Word files (DOCX) to numbered lines: tables become rows, paragraphs become lines.

What Word shows is what counts: deleted text of tracked changes, hidden text and the second copy of
text boxes are left out; headers, footers and footnotes are no part of a table.
"""

from __future__ import annotations

import hashlib

from ingest.issues import Issue, RefusedDocument
from ingest.readers import limits
from ingest.readers.grids import LineWriter, TableWriter
from ingest.readers.packages import Package, refuse_damaged
from ingest.readers.texts import Document

_OFF = frozenset(("0", "false", "off", "none"))
# Their contents are shown elsewhere, or not at all.
_UNSEEN = frozenset(("Fallback", "instrText", "delText", "delInstrText", "moveFrom", "pict"))


def read_docx(source_name: str, content: bytes) -> Document:
    """Read a DOCX file; raises RefusedDocument for one that is damaged, encrypted or too large."""
    package = Package(source_name, content)
    main = package.find_main_part("word/document.xml")
    if main not in package:
        raise refuse_damaged(source_name, "—", main)
    writer = LineWriter(source_name)
    body = _Body(TableWriter(writer))
    package.read_xml(main, body.on_start, body.on_end, body.on_text)
    body.tables.end()
    if not writer.lines:
        raise RefusedDocument(source_name, Issue("empty_document", None))
    return Document(
        source_name=source_name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding="docx",
        lines=tuple(writer.lines),
        has_trailing_blanks=False,
        is_grid=True,
    )


class _Body:
    """Takes the XML of a document's body as it comes."""

    def __init__(self, tables: TableWriter) -> None:
        self.tables = tables
        self._text: list[str] = []
        self._unseen = 0
        self._takes = False
        self._run_properties = False
        self._hidden_run = False
        self._in_run = 0
        self._span = 1
        self._continues = False
        self._cell_waits = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
            return
        if name == "t":
            self._takes = True
        elif name == "r":
            self._in_run += 1
            self._hidden_run = False
        elif name == "rPr":
            self._run_properties = self._in_run > 0
        elif name == "vanish" and self._run_properties:
            self._hidden_run = attributes.get("val", "1") not in _OFF
        elif name == "tab" and self._in_run:
            self._add(" ")
        elif name in ("br", "cr"):
            self._flush()
        elif name in ("noBreakHyphen", "softHyphen"):
            self._add("-" if name == "noBreakHyphen" else "")
        elif name == "p":
            self._begin_cell()
            self._flush()
        elif name == "tbl":
            self._begin_cell()
            self._flush()
            self.tables.start_table()
        elif name == "tr":
            self.tables.start_row()
        elif name == "gridBefore":
            self.tables.add_blank(_read_span(attributes))
        elif name == "tc":
            self._span, self._continues, self._cell_waits = 1, False, True
        elif name == "gridSpan" and self._cell_waits:
            self._span = _read_span(attributes)
        elif name == "vMerge" and self._cell_waits:
            self._continues = attributes.get("val", "continue") == "continue"

    def on_text(self, text: str) -> None:
        if self._takes and not self._unseen:
            self._add(text)

    def on_end(self, name: str) -> None:
        if self._unseen:
            self._unseen -= 1
            return
        if name == "t":
            self._takes = False
        elif name == "r":
            self._in_run -= 1
            self._hidden_run = False
        elif name == "rPr":
            self._run_properties = False
        elif name == "p":
            self._flush()
        elif name == "tc":
            self._begin_cell()
            self.tables.end_cell()
        elif name == "tr":
            self.tables.end_row()
        elif name == "tbl":
            self.tables.end_table()

    def _add(self, text: str) -> None:
        if not self._hidden_run:
            self._text.append(text)

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        if text and not self._continues:
            self.tables.add_text(text)

    def _begin_cell(self) -> None:
        """Start the cell whose properties have been read: they come before its contents."""
        if self._cell_waits:
            self._cell_waits = False
            self.tables.start_cell(self._span)


def _read_span(attributes: dict[str, str]) -> int:
    text = attributes.get("val", "1")
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(whole, 1), limits.MAX_LINES)
