"""Whose disclosure a document is, of which year and kind: from its cover, else from its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.issues import Issue, RefusedDocument, quote
from ingest.parsed_tables import ParsedDocument
from ingest.readers.texts import Document, Line
from ingest.templates import DOCUMENT_KINDS, DocumentKind, Library
from ingest.words import find_years, fold

# A cover or a title page stands at the front; further back the same words are running text.
_TITLE_SEARCH_LINES = 200
# A name on a cover breaks into few lines; 主管部门：… stands not far from the title.
_NAME_LINES = 3
_COVER_LINES = 8
_YEAR_ALONE = re.compile(r"20\d\d年度?")


@dataclass(frozen=True)
class _Cover:
    """What a document says of itself, with the lines where it does."""

    title: Line
    printed_title: str
    unit_name: str
    unit_line: Line
    fiscal_year: int
    kind: DocumentKind
    scope: str


def identify_document(document: Document, library: Library) -> ParsedDocument:
    """Return what a disclosure says of itself; raise RefusedDocument if it says too little."""
    cover = (
        _read_cover(document, library)
        or _read_first_table(document, library)
        or _read_cover(document, library, is_last_resort=True)
    )
    if cover is not None:
        return ParsedDocument(
            document_id=f"{cover.fiscal_year}-{cover.kind}-{document.source_sha256[:12]}",
            source_name=document.source_name,
            source_sha256=document.source_sha256,
            encoding=document.encoding,
            line_count=len(document.lines),
            printed_title=cover.printed_title,
            title_line_no=cover.title.line_no,
            printed_unit_name=cover.unit_name,
            unit_name_line_no=cover.unit_line.line_no,
            fiscal_year=cover.fiscal_year,
            document_kind=cover.kind,
            scope=cover.scope,  # type: ignore[arg-type]
        )
    first = next((line for line in document.lines if not line.is_blank), document.lines[0])
    raise RefusedDocument(
        document.source_name,
        Issue(
            "not_a_disclosure",
            first.line_no,
            found=quote(first.text),
            expected=f"{quote('某单位')}, {quote('2026年度单位预算公开')}",
            page_no=first.page_no,
        ),
    )


def _list_title_texts(lines: Sequence[Line], index: int, *, is_last_resort: bool) -> Iterator[str]:
    """Yield a line's text alone, then with the lines below it that a wide title breaks into."""
    text = lines[index].text
    yield text
    if lines[index].page_no is None and not is_last_resort and not _YEAR_ALONE.fullmatch(fold(text)):
        return  # A text has a line for each title, however wide; but the year may stand above it.
    for follower in lines[index + 1 : index + _NAME_LINES]:
        if follower.is_row or follower.is_blank:
            return
        text += follower.text
        yield text


def _read_cover(document: Document, library: Library, *, is_last_resort: bool = False) -> _Cover | None:
    """Return what the first title at the front says; as a last resort, the barest title is one."""
    layout = library.documents
    front = document.lines[:_TITLE_SEARCH_LINES]
    for index, line in enumerate(front):
        folded = fold(line.text)
        if (
            line.is_row
            or line.is_blank
            or (layout.furniture_pattern.search(folded) and not find_years(folded))
        ):
            continue  # 附件2, 监督索引号…: no title begins so.
        for text in _list_title_texts(front, index, is_last_resort=is_last_resort):
            folded = fold(text)
            match = layout.match_title(folded, may_be_bare=is_last_resort)
            if match is None:
                continue
            named = {key: value for key, value in match.groupdict().items() if value}
            in_title = (line, _find_printed(text, named["unit"])) if "unit" in named else None
            by_name = _find_named_unit(front, index, library)
            # On a page of its own 主管部门：… says whose cover it is; a text has no pages.
            unit = by_name if line.page_no is not None else None
            unit = unit or in_title or _find_unit_above(document, index, library) or by_name
            if unit is None:
                continue
            unit_line, unit_name = unit
            kind = layout.kinds[named["kind"]]
            # A title may say no more than 预算公开; then whose it is stands nowhere, and it is a unit's.
            scope = layout.scopes[named["scope"]] if "scope" in named else "unit"
            return _Cover(line, text, unit_name, unit_line, int(named["year"]), kind, scope)
    return None


def _find_printed(text: str, folded_name: str) -> str:
    """Return what in ``text`` folds to ``folded_name``, wherever it stands: names are kept as printed."""
    for start in range(len(text)):
        if not text[start].isspace() and fold(text[start:]).startswith(folded_name):
            ends = (end for end in range(start + 1, len(text) + 1) if fold(text[start:end]) == folded_name)
            return text[start : next(ends, len(text))]
    return text


def _find_named_unit(lines: Sequence[Line], index: int, library: Library) -> tuple[Line, str] | None:
    """Return the unit that a line near the title names as such: 预算主管部门：…"""
    title = lines[index]
    start = max(index - _COVER_LINES, 0)
    for line in lines[start : index + _COVER_LINES]:
        if line.is_row or line.page_no != title.page_no:
            continue
        match = library.documents.cover_unit_pattern.fullmatch(fold(line.text))
        if match is not None:
            text = line.text
            begins = next(
                (end for end in range(len(text)) if fold(text[end:]) == match["name"]), len(text) - 1
            )
            return line, text[begins:].strip()
    return None


def _find_unit_above(document: Document, index: int, library: Library) -> tuple[Line, str] | None:
    """Return the nearest line above a document's title that can be a name, with what it continues.

    A long name breaks into lines on a cover. The whole name returns in the document, its pieces put
    together by chance do not.
    """
    lines = document.lines
    nearest = next(
        (
            place
            for place in range(index - 1, -1, -1)
            if not lines[place].is_blank
            and not lines[place].is_row
            and fold(lines[place].text) not in library.documents.watermark_words
        ),
        None,
    )
    if nearest is None:
        return None
    for start in range(max(nearest - _NAME_LINES + 1, 0), nearest):
        pieces = lines[start : nearest + 1]
        if any(piece.is_row or piece.is_blank or piece.page_no != lines[nearest].page_no for piece in pieces):
            continue
        name = "".join(piece.text for piece in pieces)
        if any(fold(name) in fold(line.text) for line in lines[index + 1 :]):
            return pieces[0], name
    return lines[nearest], lines[nearest].text


def _read_first_table(document: Document, library: Library) -> _Cover | None:
    """Identify a document without a cover by its first official table that names unit and year."""
    layout = library.documents
    for index, line in enumerate(document.lines):
        if line.is_row or line.is_blank:
            continue
        if not library.may_hold_title(line.text):
            continue
        for text, kind in ((text, kind) for text in layout.list_titles(line.text) for kind in DOCUMENT_KINDS):
            years = find_years(text) or _find_document_years(document, index)
            if len(set(years)) != 1 or not library.find_by_title(text, kind, years[0]):
                continue
            below = (other for other in document.lines[index + 1 :] if not other.is_row)
            for other in islice(below, _COVER_LINES):
                name = layout.unit_name_pattern.search(fold(other.text))
                if name is not None:
                    words = fold(line.text) + fold(other.text)
                    scope = next((s for word, s in layout.scopes.items() if word in words), "unit")
                    return _Cover(line, line.text, name["name"], other, years[0], kind, scope)
    return None


def _find_document_years(document: Document, index: int) -> tuple[int, ...]:
    """Return the fiscal years that the lines down to the first table print."""
    lines = document.lines[: index + _COVER_LINES]
    return tuple(year for line in lines if not line.is_row for year in find_years(line.text))
