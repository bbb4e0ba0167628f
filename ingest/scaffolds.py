"""A first draft of a template from a printed table, and what a template reads, beside the page.

The draft copies what is printed (titles, header words, which columns hold codes and amounts) and
borrows the names of columns and rows from the templates that exist where the words are the same.
What it cannot know stands as ``todo_…``: a person gives it its meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import yaml

from ingest.issues import Issue, RefusedDocument, quote
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedRow
from ingest.readers.texts import Document, Line
from ingest.tables import explain_misfit, fit_template, read_rows
from ingest.templates import DocumentKind, Library, NamedRow, Template
from ingest.words import fold, fold_label, fold_title, fold_year

_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
_YEAR = re.compile(r"20\d\d(?=年)")
# Halves of 单位：万元, a year alone, a page number.
_NO_TITLE = re.compile(r".{0,2}|(?:金额)?单位:.{0,2}|\(?20\d\d年?度?\)?|[-—\d]+")
_CODE_WORDS = re.compile(r"编码|代码|^[类款项]$")
_REMARKS = frozenset(("备注", "说明"))
_ORDINAL_WORDS = frozenset(("行次", "序号"))
# Blocks that stand side by side are mostly named by the word over them.
_BLOCK_NAMES = (("收入", "income"), ("支出", "expenditure"))
_LEAST_ROWS = 2
# From so many labels in common on, a list of rows is meant.
_LEAST_SHARED = 10


@dataclass(frozen=True)
class PrintedTable:
    """Rows that stand together in a document, below a line that may be their title."""

    number: int
    title: Line
    rows: tuple[Line, ...]

    @property
    def width(self) -> int:
        return max(len(line.cells) for line in self.rows)


@dataclass(frozen=True)
class Reading:
    """What a template makes of a printed line: its rows, or what it says against it."""

    line: Line
    rows: tuple[ParsedRow, ...]
    issues: tuple[Issue, ...]


def list_tables(document: Document, library: Library) -> list[PrintedTable]:
    """Return the tables of a settled document: rows with a line above them that is no furniture."""
    layout = library.documents
    around = (layout.note_pattern, layout.empty_pattern, layout.unit_name_pattern)
    found: list[tuple[Line, list[Line]]] = []
    title, open_title = None, None
    for line in document.lines:
        folded = fold(line.text)
        if line.is_blank:
            continue
        if line.is_row:
            if title is not None and title is not open_title:
                found.append((title, []))
                open_title = title
            if found:
                found[-1][1].append(line)
        elif not (
            folded in layout.watermark_words
            or layout.furniture_pattern.search(folded)
            or layout.unit_of_money_pattern.search(folded)
            or _NO_TITLE.fullmatch(folded)
            or any(pattern.search(folded) for pattern in around)
        ):
            title = line
    tables = [
        (title, rows)
        for title, rows in found
        if len(rows) >= _LEAST_ROWS and any(_is_figure(cell) for line in rows for cell in line.cells)
    ]
    return [PrintedTable(number, title, tuple(rows)) for number, (title, rows) in enumerate(tables, start=1)]


def _is_figure(text: str) -> bool:
    return classify_cell(text) in (CellKind.AMOUNT, CellKind.DASH)


def find_kind(document: Document, library: Library) -> DocumentKind:
    """Return whether a document is a budget or a final account, by the words of its lines."""
    words = Counter(
        kind
        for line in document.lines
        if not line.is_row
        for word, kind in library.documents.kinds.items()
        if fold(line.text).endswith((word, f"{word}公开", f"{word}表", f"{word}总表"))
    )
    return words.most_common(1)[0][0] if words else "budget"


def find_nearest(table: PrintedTable, kind: str, library: Library) -> Template | None:
    """Return the template whose title is most like a table's; None if none is like it."""
    title = fold_title(table.title.text)
    known = [template for template in library.templates if template.document_kind == kind]
    best = max(
        known,
        key=lambda template: max(
            SequenceMatcher(None, title, other).ratio() for other in template.folded_titles
        ),
        default=None,
    )
    if best is None:
        return None
    likeness = max(SequenceMatcher(None, title, other).ratio() for other in best.folded_titles)
    return best if likeness >= 0.6 else None


def list_fitting(table: PrintedTable, document: Document, library: Library) -> list[Template]:
    """Return the templates that read a table: title and header are theirs."""
    titles = {fold_title(text) for text in library.documents.list_titles(table.title.text)}
    return [
        template
        for template in library.templates
        if titles & template.folded_titles and fit_template(template, table.rows, document) is not None
    ]


class _Vocabulary:
    """The names that existing templates give to words: of columns by their header, of rows by label."""

    def __init__(self, library: Library, statement: str) -> None:
        self._columns: dict[str, Counter[str]] = {}
        self._rows: dict[str, Counter[str]] = {}
        self.lists = {name: _list_labels(rows) for name, rows in library.row_lists.items()}
        for template in library.templates:
            weight = 10 if template.statement == statement else 1
            for printed in template.fields:
                if printed.column is not None:
                    for path in _spell_paths(printed.header):
                        self._columns.setdefault(path, Counter())[printed.column] += weight
            for rule in template.rows.values():
                for row in library.list_named_rows(rule):
                    for label in row.folded_labels:
                        self._rows.setdefault(label, Counter())[row.row] += weight

    def name_column(self, path: Sequence[str]) -> str | None:
        """Return the column of these header words: the whole path's, else the lowest word's."""
        for start in range(len(path)):
            known = self._columns.get("/".join(fold_year(word) for word in path[start:]))
            if known:
                return known.most_common(1)[0][0]
        return None

    def name_row(self, label: str) -> str | None:
        known = self._rows.get(fold_label(label))
        return known.most_common(1)[0][0] if known else None


def _list_labels(rows: Sequence[NamedRow]) -> frozenset[str]:
    return frozenset().union(*(row.folded_labels for row in rows))


def _spell_paths(header: Sequence[str]) -> Iterator[str]:
    """Yield each ending of a header path, in each of its spellings at the lowest level."""
    for start in range(len(header)):
        above = [words.split("|")[0] for words in header[start:-1]]
        for word in header[-1].split("|"):
            yield "/".join(fold_year(part) for part in [*above, word])


@dataclass
class _Column:
    """A printed column: the words above it, what stands in it, what it is taken for."""

    place: int
    header: tuple[str, ...]
    cells: tuple[str, ...]
    role: str = "label"
    block: str = "main"
    name: str | None = None


def draft_template(
    table: PrintedTable, document: Document, library: Library, *, kind: str, statement: str, layout: str
) -> str:
    """Return the YAML of a first template for a table."""
    width = table.width
    rows = [(*line.cells, *[""] * (width - len(line.cells))) for line in table.rows]
    depth = _count_header_lines(rows)
    body = rows[depth:]
    is_numbered = bool(body) and _is_numbering(body[0])
    body = [row for row in (body[1:] if is_numbered else body) if row[:width] not in rows[:depth]]
    vocabulary = _Vocabulary(library, statement)
    columns = [
        _Column(place, path, tuple(row[place] for row in body if row[place]))
        for place, path in enumerate(_read_header(rows[:depth], width))
    ]
    _find_roles(columns, vocabulary)
    lines = [
        f"# {_print_title(table.title)}: drafted by `yusuan template`; say here what a row is.",
        f"template: {statement}_{layout}",
        f"statement: {statement}",
        f"document_kind: {kind}",
        "titles:",
        f"  - {_quote(_print_title(table.title))}",
        "unit: printed",
        *(["numbered_columns: true"] if is_numbered else []),
        "fields:",
        *(_print_field(column, columns) for column in columns),
        "rows:",
    ]
    for block in dict.fromkeys(column.block for column in columns):
        lines.extend(_draft_rows(block, columns, body, vocabulary))
    return "\n".join(lines) + "\n"


def _count_header_lines(rows: Sequence[tuple[str, ...]]) -> int:
    """Return how many lines there are until every column has a word, or something else begins.

    A row that is a label alone has no figure to be told by, but no header is needed by then.
    """
    without_word = set(range(len(rows[0])))
    for number, row in enumerate(rows):
        begins = any(_is_figure(cell) or _CODE.fullmatch(cell) for cell in row) or _is_numbering(row)
        if number and (begins or not without_word):
            return number
        without_word -= {place for place, cell in enumerate(row) if cell and not _spans(rows, number, place)}
    return 1


def _spans(rows: Sequence[tuple[str, ...]], number: int, place: int) -> bool:
    """Tell whether a header word stands over several columns: the next is blank, and words stand below."""
    row, below = rows[number], rows[number + 1] if number + 1 < len(rows) else ()
    is_last = place + 1 == len(row)
    return (
        not is_last and not row[place + 1] and bool(below) and bool(below[place]) and bool(below[place + 1])
    )


def _is_numbering(row: Sequence[str]) -> bool:
    words = [fold(cell) for cell in row if cell and fold(cell) != "栏次"]
    return bool(words) and words == [str(number) for number in range(1, len(words) + 1)]


def _read_header(rows: Sequence[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    """Return the words above each column, top line first; a word over several stands over each.

    A level that a column's words leave out is blank, as templates have it.
    """
    paths: list[tuple[str, ...]] = []
    for place in range(width):
        lowest = max((level for level, row in enumerate(rows) if row[place]), default=-1)
        path: list[str] = []
        for level in range(lowest + 1):
            word = "".join(rows[level][place].split())
            beside = paths[-1] if paths else ()
            if not word and level < lowest and len(beside) > level + 1 and list(beside[:level]) == path:
                word = beside[level]
            path.append(word)
        paths.append(tuple(path))
    return paths


def _find_roles(columns: Sequence[_Column], vocabulary: _Vocabulary) -> None:
    """Tell codes, labels, amounts and line numbers apart, and where a new block begins."""
    for column in columns:
        lowest = fold(column.header[-1]) if column.header else ""
        follows_amount = column.place > 0 and columns[column.place - 1].role == "amount"
        codes = sum(bool(_CODE.fullmatch(cell) or cell.isdigit()) for cell in column.cells)
        figures = sum(map(_is_figure, column.cells))
        if lowest in _ORDINAL_WORDS:
            column.role = "ordinal"
        elif (_CODE_WORDS.search(lowest) and codes * 2 >= len(column.cells)) or _are_nested(column.cells):
            column.role = "code"
        elif column.cells:
            column.role = "amount" if figures * 2 >= len(column.cells) else "label"
        elif vocabulary.name_column(column.header) or (follows_amount and lowest not in _REMARKS):
            column.role = "amount"  # Blank throughout: what stands among amounts is one.
        if column.role == "amount":
            column.name = vocabulary.name_column(column.header) or f"todo_{column.place + 1}"
    starts = _find_blocks(columns)
    for column in columns:
        block = sum(start <= column.place for start in starts)
        top = fold(column.header[0]) if column.header else ""
        known = next((name for word, name in _BLOCK_NAMES if word in top), f"todo_block_{block}")
        column.block = known if len(starts) > 1 else "main"
    seen: dict[tuple[str, str], int] = {}
    for column in columns:
        key = (column.block, column.name or column.role)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1 and column.role == "label":
            column.role = "beside"
        elif seen[key] > 1 and column.role == "amount":
            column.name = f"todo_{column.place + 1}"


def _are_nested(cells: Sequence[str]) -> bool:
    """Tell whether a column holds codes of classes with those below them, whatever word stands above it."""
    codes = {"".join(cell.split()) for cell in cells}
    is_code = all(_CODE.fullmatch(code) for code in codes)
    return is_code and any(code[:-2] in codes for code in codes if len(code) > 3)


def _find_blocks(columns: Sequence[_Column]) -> list[int]:
    """Return where blocks begin: at the first label or code after an amount, if amounts follow it."""
    starts = [0]
    for column in columns[1:]:
        follows_amount = columns[column.place - 1].role == "amount"
        later = any(other.role == "amount" for other in columns[column.place + 1 :])
        if follows_amount and later and column.role in ("label", "code"):
            starts.append(column.place)
    return starts


def _draft_rows(
    block: str, columns: Sequence[_Column], body: Sequence[tuple[str, ...]], vocabulary: _Vocabulary
) -> Iterator[str]:
    own = [column for column in columns if column.block == block]
    code_places = [column.place for column in own if column.role == "code"]
    labels: dict[str, None] = {}
    lengths: set[int] = set()
    for row in body:
        code = "".join(row[place] for place in code_places)
        label = next((row[c.place] for c in own if c.role == "label" and row[c.place]), "")
        if code.isdigit():
            lengths.add(len(code))
        elif code or label:
            labels[code or label] = None
    shared = {
        name: sum(fold_label(label) in known for label in labels) for name, known in vocabulary.lists.items()
    }
    include = next((name for name, count in shared.items() if count >= _LEAST_SHARED), None)
    yield f"  {block}:"
    if include:
        yield f"    include: {include}"
    if lengths:
        yield f"    code_lengths: [{', '.join(map(str, sorted(lengths)))}]"
    named = [label for label in labels if not include or fold_label(label) not in vocabulary.lists[include]]
    known = [label for label in named if vocabulary.name_row(label)]
    if len(known) < len(named):
        unknown = "、".join(label for label in named if label not in known)
        yield f"    free: true  # todo: is every other label a row? If not, name: {quote(unknown, 60)}"
    if known:
        yield "    named:"
        taken: set[str] = set()
        for label in known:
            name = vocabulary.name_row(label) or ""
            if name not in taken:
                taken.add(name)
                yield f"      - {{row: {_quote_code(name)}, labels: [{_quote(_strip_ordinal(label))}]}}"
    if not (lengths or include or named):
        yield "    unlabelled: todo_row"


def _strip_ordinal(label: str) -> str:
    """Return a label without the number before it, as templates have it."""
    squeezed = "".join(label.split())
    return next(
        (squeezed[start:] for start in range(len(squeezed)) if fold(squeezed[start:]) == fold_label(label)),
        squeezed,
    )


def _print_title(line: Line) -> str:
    return _YEAR.sub("{year}", "".join(line.text.split()))


def _print_field(column: _Column, columns: Sequence[_Column]) -> str:
    parts = [f"role: {column.role}"]
    if any(other.block != "main" for other in columns):
        parts.append(f"block: {column.block}")
    if column.role == "amount":
        parts.append(f"column: {column.name}")
    if column.header:
        words = ", ".join(_quote(_YEAR.sub("{year}", word)) for word in column.header)
        parts.append(f"header: [{words}]")
    return f"  - {{{', '.join(parts)}}}"


def _quote(text: str) -> str:
    """Quote a word where YAML would take it for something else."""
    try:
        plain = bool(text) and yaml.safe_load(f"[{text}]") == [text]
    except yaml.YAMLError:
        plain = False
    return text if plain else "'" + text.replace("'", "''") + "'"


def _quote_code(row: str) -> str:
    return f"'{row}'" if row.isdigit() else row


def read_table(
    table: PrintedTable, template: Template, document: Document, library: Library
) -> tuple[list[Reading], str]:
    """Return what a template reads of each line of a table, and why it does not fit if it does not."""
    grid = fit_template(template, table.rows, document)
    if grid is None:
        line, found, expected = explain_misfit([template], table.rows, document)
        return [Reading(line, (), ()) for line in table.rows], f"{line.line_no}: {found} ≠ {expected}"
    rows, issues = read_rows(grid, library, document, "")
    rows_of: dict[int, list[ParsedRow]] = {}
    for row in rows:
        rows_of.setdefault(row.line_no, []).append(row)
    issues_of: dict[int | None, list[Issue]] = {}
    for issue in issues:
        issues_of.setdefault(issue.line_no, []).append(issue)
    readings = [
        Reading(line, tuple(rows_of.get(line.line_no, ())), tuple(issues_of.get(line.line_no, ())))
        for line in table.rows
    ]
    return readings, ""


def choose_table(tables: Sequence[PrintedTable], number: int, document: Document) -> PrintedTable:
    """Return the table of this number; refuse a document that has none such."""
    chosen = next((table for table in tables if table.number == number), None)
    if chosen is None:
        found = f"{len(tables)} tables / 张表"
        expected = f"1-{len(tables)}" if tables else "rows of cells / 表格行"
        raise RefusedDocument(
            document.source_name, Issue("missing_grid", None, found=found, expected=expected)
        )
    return chosen
