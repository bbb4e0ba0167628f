"""Where the official tables of a document stand: their titles, and the lines that belong to each.

In a text a table goes from its title to the next title. Where a reader sees rulings, a table is the
ruled table below its title (or above it, if that one has no other), its rows told by their number,
with the notes around it: nothing that follows is taken for a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.issues import Issue, quote
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedDocument
from ingest.readers.grids import settle_rows
from ingest.readers.texts import Document, Line
from ingest.tables import fit_template
from ingest.templates import Library, Template
from ingest.words import fold, fold_title, fold_year

_TITLE_LINES = 3
# How far below a table its rest is looked for: a page of rows.
_LOOSE_LINES = 60
_PROSE = re.compile(r"[，。；！？：:]")
# ……… 12 behind an entry of the contents.
_LEADERS = re.compile(r"[\s.．…·⋯‥_-]*\d{0,3}$")
_LEAST_PROMISES = 3


@dataclass(frozen=True)
class Title:
    """A line that reads like the title of an official table, with the templates it names."""

    line: Line
    templates: tuple[Template, ...]
    text: str
    # The line after the title: a title may break into several.
    end_line_no: int

    @property
    def statement_code(self) -> str | None:
        # A title may name several tables; a layout of its own says which one is meant.
        own = [template for template in self.templates if not template.open_columns]
        codes = {template.statement for template in own or self.templates}
        return codes.pop() if len(codes) == 1 else None

    @property
    def possible_codes(self) -> str:
        """The code of its table, or the codes of all that it may name: ``b02|b21``."""
        return self.statement_code or "|".join(sorted({one.statement for one in self.templates}))


@dataclass(frozen=True)
class Region:
    """A title with the lines of its table."""

    title: Title
    lines: tuple[Line, ...]

    @property
    def table_nos(self) -> frozenset[int]:
        return frozenset(line.table_no for line in self.lines if line.table_no is not None)


def settle_document(document: Document, library: Library) -> Document:
    """Return a document with its titles and notes told from its rows, whatever it was read from."""
    return _free_lines(settle_rows(document, library) if document.is_grid else document, library)


def _free_lines(document: Document, library: Library) -> Document:
    """Make lines of ruled rows that say no more than unit, name or note: a frame is often drawn around them."""
    if not document.is_ruled:
        return document
    lines = tuple(_free_line(line, library) if line.table_no is not None else line for line in document.lines)
    return replace(document, lines=lines)


def _free_line(line: Line, library: Library) -> Line:
    layout = library.documents
    printed = [cell for cell in line.cells if cell]
    says = (layout.note_pattern, layout.empty_pattern, layout.unit_name_pattern, layout.unit_of_money_pattern)
    if printed and all(any(pattern.match(fold(cell)) for pattern in says) for cell in printed):
        return line._replace(cells=("  ".join(printed),), table_no=None)
    return line


def find_titles(document: Document, library: Library, identified: ParsedDocument) -> list[Title]:
    """Find the lines that read like titles of official tables."""
    titles: list[Title] = []
    lines = document.lines
    taken = 0
    for line in document.plain_lines:
        if line.line_no < taken:
            continue
        index = line.line_no - 1
        for text, count in _list_spellings(lines, index):
            found = _find_templates(text, library, identified)
            if found:
                taken = lines[index + count - 1].line_no + 1
                titles.append(Title(line, found, text, taken))
                break
    inside = _find_titles_inside(document, library, identified)
    return sorted([*titles, *inside], key=lambda title: title.line.line_no) if inside else titles


def _find_titles_inside(document: Document, library: Library, identified: ParsedDocument) -> list[Title]:
    """Find the rows that print nothing but the title of a table which goes on within another's frame."""
    known = library.titles_inside
    titles = []
    for line in document.lines:
        count = len(line.cells)
        if count == 1 or count - line.cells.count("") != 1:
            continue
        text = "".join(line.cells)
        if fold_title(text) in known:
            found = _find_templates(text, library, identified)
            if found:
                titles.append(Title(line, found, text, line.line_no + 1))
    return titles


def _list_spellings(lines: Sequence[Line], index: int) -> Iterator[tuple[str, int]]:
    """Yield the text of a line, and on ruled pages with those below it that it may go on in."""
    text = lines[index].text
    yield text, 1
    if lines[index].page_no is None:
        return
    for count, follower in enumerate(lines[index + 1 : index + _TITLE_LINES], start=2):
        if follower.is_row or follower.is_blank or follower.page_no != lines[index].page_no:
            return
        text += follower.text
        yield text, count


def _find_templates(text: str, library: Library, identified: ParsedDocument) -> tuple[Template, ...]:
    if not library.may_hold_title(text):
        return ()
    unit = fold(identified.printed_unit_name)
    for printed in library.documents.list_titles(text):
        bare = fold_title(printed)
        for title in dict.fromkeys((printed, fold(printed).removeprefix(unit), bare.removeprefix(unit))):
            found = library.find_by_title(title, identified.document_kind, identified.fiscal_year)
            if found:
                return found
    return ()


def list_promises(
    document: Document, library: Library, identified: ParsedDocument, first_title: Title
) -> tuple[str, ...]:
    """Return the official tables that the contents name, each with the codes that its title may mean.

    ``first_title`` is that of the first table that stands in the document: what names tables before it
    are contents. Fewer than three names are none, but a heading, or a cover.
    """
    promises: list[str] = []
    lines = document.lines[: first_title.line.line_no - 1]
    for index, line in enumerate(lines):
        if line.is_blank:
            continue
        entries = (text for text, _ in _list_spellings(lines, index))
        for entry in ("".join(line.cells),) if line.is_row else entries:
            if not library.may_hold_title(entry):
                continue
            found = _find_templates(_LEADERS.sub("", entry), library, identified)
            codes = "|".join(sorted({template.statement for template in found}))
            if codes:
                promises.extend([codes] if codes not in promises else [])
                break
    return tuple(promises) if len(promises) >= _LEAST_PROMISES else ()


def cut_regions(
    document: Document, library: Library, titles: Sequence[Title], also: Iterable[int] = ()
) -> list[Region]:
    """Return each title with the lines of its table; ``also`` are lines where something else begins."""
    stops = {title.line.line_no for title in titles} | set(also)
    stops.update(
        line.line_no
        for line in document.plain_lines
        if library.documents.heading_pattern.search(fold(line.text))
    )
    ordered = sorted(stops)
    ends = dict(pairwise([*ordered, len(document.lines) + 1]))
    regions = [
        Region(title, document.lines[title.end_line_no - 1 : ends[title.line.line_no] - 1])
        for title in titles
    ]
    if not document.is_ruled:
        return regions
    return _claim_tables_above(document, [_trim(region, library) for region in regions])


def join_continued(regions: Sequence[Region]) -> list[Region]:
    """Join a table to its rest on the next page where title and header are printed once more.

    A reader of pages has joined what goes on in the same columns; this is by the words, for what has
    other widths or another place on the next page. Two tables of one kind, of a department and of its
    unit, both print a total: they stay apart.
    """
    joined: list[Region] = []
    for region in regions:
        rest = _find_rest(joined[-1], region) if joined else ()
        if rest:
            joined[-1] = replace(joined[-1], lines=(*joined[-1].lines, *rest))
        else:
            joined.append(region)
    return joined


def _find_rest(before: Region, after: Region) -> tuple[Line, ...]:
    """Return the lines of a region that go on with the table of the one before it, if they do."""
    if fold(before.title.text) != fold(after.title.text):
        return ()
    first = [line for line in before.lines if line.is_row and not line.is_blank]
    second = [line for line in after.lines if line.is_row and not line.is_blank]
    if not first or not second:
        return ()
    page_no = first[-1].page_no
    if page_no is None or after.title.line.page_no != page_no + 1:
        return ()
    header = 0
    while header < min(len(first), len(second)) and _words_of(first[header]) == _words_of(second[header]):
        header += 1
    if not header or header == len(second):
        return ()
    said = {fold(line.text) for line in before.lines if not line.is_row}
    start = after.lines.index(second[0])
    if any(not line.is_row and fold(line.text) not in said for line in after.lines[:start]):
        return ()
    labels = {_labels_of(line) for line in first[header:]}
    if any(_labels_of(line) in labels for line in second[header:] if _labels_of(line)):
        return ()
    return after.lines[start:]


def _words_of(line: Line) -> tuple[str, ...]:
    return tuple(fold(cell) for cell in line.cells)


def _labels_of(line: Line) -> tuple[str, ...]:
    return tuple(fold(cell) for cell in line.cells if cell and classify_cell(cell) is not CellKind.AMOUNT)


def _trim(region: Region, library: Library) -> Region:
    """End a region with its first ruled table and the notes below it."""
    lines = region.lines
    last = None
    table_no = None
    for index, line in enumerate(lines):
        if line.table_no is None:
            continue
        is_apart = table_no is not None and line.table_no != table_no and _has_text(lines[last:index])
        if is_apart and not _is_cut_off(line):
            break
        # Another table right below, with nothing between: a part that could not be joined.
        table_no, last = line.table_no, index + 1
    if last is None:
        return region
    while last < len(lines) and lines[last].table_no is None and _is_note(lines[last], library):
        last += 1
    return replace(region, lines=lines[: _find_loose_end(lines, last)])


def _is_cut_off(line: Line) -> bool:
    """Tell whether a table begins with figures: then it is the rest of the one before, not joined."""
    return any(classify_cell(cell) is CellKind.AMOUNT for cell in line.cells)


def _find_loose_end(lines: Sequence[Line], last: int) -> int:
    """Return where a table ends of which rows may stand below it, outside its lines or columns."""
    end = last
    for place in range(last, min(last + _LOOSE_LINES, len(lines))):
        if lines[place].is_row or _PROSE.search(lines[place].text):
            break
        if is_loose_row(lines[place]):
            end = place + 1
    return end


def is_loose_row(line: Line) -> bool:
    """Tell whether a line of a page reads like a row of a table: words, then money."""
    words = line.text.split()
    is_on_page = line.page_no is not None and not line.is_row
    return is_on_page and len(words) > 1 and _is_figure(words[-1]) and not _PROSE.search(line.text)


def _has_text(lines: Sequence[Line]) -> bool:
    return any(not line.is_blank for line in lines)


def _is_note(line: Line, library: Library) -> bool:
    layout = library.documents
    folded = fold(line.text)
    patterns = (layout.note_pattern, layout.empty_pattern, layout.furniture_pattern)
    return (
        not folded or folded in layout.watermark_words or any(pattern.search(folded) for pattern in patterns)
    )


def _is_beside_title(line: Line, library: Library) -> bool:
    layout = library.documents
    patterns = (layout.furniture_pattern, layout.unit_name_pattern, layout.unit_of_money_pattern)
    return any(pattern.match(fold(line.text)) for pattern in patterns)


def _claim_tables_above(document: Document, regions: Sequence[Region]) -> list[Region]:
    """Give a title below its table that table; leave out titles that only name what stands elsewhere."""
    complete: list[Region] = []
    for region in regions:
        above = _find_table_above(document, region.title.line)
        taken = frozenset().union(*(other.table_nos for other in complete))
        is_free = above is not None and above[-1].table_no not in taken
        if above is not None and is_free and not _fits(region.title, region.lines, document):
            is_its_table = _fits(region.title, above, document) or not region.table_nos
            beside = [line for line in region.lines[:2] if line.table_no is None]
            region = replace(region, lines=(*above, *beside)) if is_its_table else region
        complete.append(region)
    with_table = {region.title.statement_code for region in complete if region.table_nos}
    return [
        region for region in complete if region.table_nos or region.title.statement_code not in with_table
    ]


def _fits(title: Title, lines: Sequence[Line], document: Document) -> bool:
    rows = tuple(line for line in lines if line.is_row and not line.is_blank)
    return bool(rows) and any(fit_template(template, rows, document) for template in title.templates)


def _find_table_above(document: Document, title: Line) -> tuple[Line, ...] | None:
    """Return the ruled table that ends right above a title on its page, with the lines around it."""
    end = title.line_no - 1
    while end and document.lines[end - 1].is_blank and document.lines[end - 1].table_no is None:
        end -= 1
    if (
        not end
        or document.lines[end - 1].table_no is None
        or document.lines[end - 1].page_no != title.page_no
    ):
        return None
    table_no = document.lines[end - 1].table_no
    start = end
    while start and document.lines[start - 1].table_no == table_no:
        start -= 1
    for _ in range(2):  # Name and unit of money stand above the table, wherever its title does.
        if (
            start
            and not document.lines[start - 1].is_row
            and document.lines[start - 1].page_no == title.page_no
        ):
            start -= 1
    return document.lines[start:end]


def report_unclaimed_tables(
    document: Document, library: Library, regions: Sequence[Region], taken: Container[int]
) -> list[Issue]:
    """Return an issue for each ruled table with figures that no title claims; ``taken`` lines were read.

    It names the lines above the table, its header words, and how they differ from the nearest template.
    """
    if not document.is_ruled:
        return []
    claimed = frozenset().union(*(region.table_nos for region in regions))
    tables: dict[int, list[Line]] = {}
    above: dict[int, str] = {}
    before: list[str] = []
    for line in document.lines:
        if line.table_no is None:
            is_title = not (line.is_blank or _is_beside_title(line, library))
            before = [*before[-1:], line.text] if is_title else before
        elif line.table_no not in claimed and not line.is_blank:
            above.setdefault(line.table_no, " / ".join(before))
            tables.setdefault(line.table_no, []).append(line)
    return [
        report_table(lines, above[number], library)
        for number, lines in tables.items()
        if has_figures(lines) and not any(line.line_no in taken for line in lines)
    ]


def has_figures(lines: Sequence[Line]) -> bool:
    return any(_is_figure(cell) for line in lines for cell in line.cells)


def report_table(lines: Sequence[Line], above: str, library: Library) -> Issue:
    """Return the issue of a table that no title claims; ``above`` is the line above it."""
    words = {cell for line in lines[:3] for cell in line.cells if cell}
    printed = {fold_year(word) for word in words if classify_cell(word) is CellKind.MALFORMED}
    nearest, missing = "—", set[str]()
    best = 0.0
    for template in library.templates:
        known = frozenset().union(*(word.alternatives for header in template.header_lines for word in header))
        if template.open_columns:
            # It knows more words than any table prints: none of them is missing.
            shared, lacks = len(printed & known) / (len(printed) or 1), set[str]()
        else:
            own = {min(word.alternatives) for header in template.header_lines for word in header}
            shared, lacks = len(printed & known) / (len(own | printed) or 1), own - printed
        if shared > best:
            best, nearest, missing = shared, template.template, lacks
    head = quote(f"{above} : {' '.join(sorted(printed))}", 120)
    expected = f"{nearest} (缺 missing {quote(' '.join(sorted(missing)), 80)})" if missing else nearest
    first = lines[0]
    return Issue("unknown_table", first.line_no, None, found=head, expected=expected, page_no=first.page_no)


def _is_figure(text: str) -> bool:
    """Tell whether a cell prints money rather than a count, a score or an ordinal."""
    return classify_cell(text) is CellKind.AMOUNT and ("." in text or "," in text or len(text) > 4)
