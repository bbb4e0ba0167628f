"""Files as published to documents: what a file is, is told by its content, never by its name.

Every reader takes a name and the bytes and yields a ``Document`` of numbered lines; a new format is
a new entry in ``READERS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ingest.issues import Issue, RefusedDocument, quote
from ingest.readers import limits
from ingest.readers.grids import refuse_excess
from ingest.readers.packages import Package
from ingest.readers.pdfs import read_pdf
from ingest.readers.spreadsheets import read_xls, read_xlsx
from ingest.readers.texts import Document, read_text
from ingest.readers.web_pages import read_html
from ingest.readers.word_files import read_docx

Reader = Callable[[str, bytes], Document]

READERS: Mapping[str, Reader] = {
    "text": read_text,
    "HTML": read_html,
    "XLSX": read_xlsx,
    "XLS": read_xls,
    "DOCX": read_docx,
    "PDF": read_pdf,
}

# The names under which each kind is published. Other names say nothing, so they are not wrong.
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt", ".md", ".tsv"),
    "HTML": (".html", ".htm", ".shtml", ".xhtml"),
    "XLSX": (".xlsx", ".xlsm"),
    "XLS": (".xls", ".et"),
    "DOCX": (".docx", ".docm"),
    "PDF": (".pdf",),
}

# What a person can do about a file that is not read.
_ADVICE = {
    "DOC": "save as DOCX / 请另存为 DOCX",
    "WPS": "save as DOCX or XLSX / 请另存为 DOCX 或 XLSX",
    "XML": "save as XLSX / 请另存为 XLSX",
    "MHTML": "save as HTML or XLSX / 请另存为 HTML 或 XLSX",
    "RTF": "save as DOCX / 请另存为 DOCX",
    "ZIP": "unpack it first / 请先解压",
    "image": "recognise its text first (OCR) / 请先进行文字识别（OCR）",
}
_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "ZIP"),
    (b"\x1f\x8b", "ZIP"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"GIF8", "image"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|style|script|link|table|div|center)\b",
    re.IGNORECASE | re.DOTALL,
)


def find_kind(content: bytes) -> str:
    """Tell from its first bytes what a file is; whatever has no mark is taken for text."""
    start = content[:4096]
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if start.startswith(b"PK\x03\x04"):
        return _find_package_kind(content)
    if start.startswith(_OLE):
        return _find_compound_kind(content)
    if _HTML.match(start):
        return "HTML"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return "XML"
    if start.lstrip().lower().startswith(b"mime-version:"):
        return "MHTML"
    # Some producers put a few bytes before the mark; readers of PDF look for it there too.
    return "PDF" if b"%PDF-" in start[:1024] and b"\x00" in content[:65536] else "text"


def _find_package_kind(content: bytes) -> str:
    """Tell the office files apart by the parts that each must have."""
    package = Package("", content)
    if "word/document.xml" in package:
        return "DOCX"
    if "xl/workbook.xml" in package:
        return "XLSX"
    if "[Content_Types].xml" not in package:
        return "ZIP"
    main = package.find_main_part("")
    return "DOCX" if main.startswith("word/") else "XLSX" if main.startswith("xl/") else "ZIP"


def _find_compound_kind(content: bytes) -> str:
    """Tell the old office files apart by the names of their streams, which are in UTF-16."""
    names = {
        "encrypted": "EncryptedPackage",
        "XLS": "Workbook",
        "DOC": "WordDocument",
    }
    for kind, stream in names.items():
        if stream.encode("utf-16-le") in content:
            return kind
    return "XLS" if "Book".encode("utf-16-le") in content else "WPS"


def clean_name(name: str) -> str:
    """Return a file's name without what would move a cursor or break a line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)


def read_document(path: Path) -> Document:
    """Read a disclosure as published.

    Raises RefusedDocument for a missing path and for a file that is empty, too large, damaged,
    encrypted, or of a kind that cannot be read.
    """
    if not path.is_file():
        raise RefusedDocument(clean_name(str(path)), Issue("missing_document", None))
    name = clean_name(path.name)
    try:
        size = path.stat().st_size
        if size > limits.MAX_FILE_BYTES:
            raise refuse_excess(name, "bytes / 字节", size, limits.MAX_FILE_BYTES)
        content = path.read_bytes()
    except OSError as error:
        raise RefusedDocument(
            name, Issue("damaged_document", None, found=quote(error.strerror or str(error)), expected="—")
        ) from error
    return read_content(name, content)


def read_content(name: str, content: bytes) -> Document:
    """Read a disclosure from its bytes; ``name`` is what it is called in messages."""
    if not content.strip():
        raise RefusedDocument(name, Issue("empty_document", None))
    try:
        kind = find_kind(content)
    except RefusedDocument as error:
        raise RefusedDocument(name, error.issue) from error
    if kind == "encrypted":
        raise RefusedDocument(name, Issue("encrypted_document", None))
    reader = READERS.get(kind)
    if reader is None:
        found = f"{kind} ({_ADVICE[kind]})"
        raise RefusedDocument(
            name, Issue("unsupported_format", None, found=found, expected=", ".join(READERS))
        )
    document = reader(name, content)
    mistaken = _find_mistaken_kind(name, kind)
    if mistaken is None:
        return document
    odd = Issue("wrong_extension", None, found=f"{quote(name)} = {kind}", expected=EXTENSIONS[kind][0])
    return replace(document, issues=(odd, *document.issues))


def _find_mistaken_kind(name: str, kind: str) -> str | None:
    """Return the kind that a file's name claims if it is another one."""
    extension = Path(name).suffix.lower()
    claimed = next((other for other, known in EXTENSIONS.items() if extension in known), kind)
    return None if claimed == kind else claimed
