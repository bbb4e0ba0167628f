"""Hypothesis strategies: layouts of documents, and tables that nobody ever published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from renderer import Layout

from ingest.parsed_tables import (
    ParsedColumn,
    ParsedDocument,
    ParsedRow,
    ParsedTable,
    ParsedTables,
    TableState,
)
from ingest.templates import Block, DocumentKind, Library, NamedRow, Template, get_library
from ingest.words import fold_label

layouts: SearchStrategy[Layout] = st.builds(
    Layout,
    contents=st.sampled_from(["tabs", "dots", "plain", "none"]),
    unit_name_in_title=st.booleans(),
    heading=st.sampled_from(["{}", "# {}", "### {}", "<b>{}</b>", "## **{}**"]),
    bold_totals=st.booleans(),
    rows_per_page=st.none() | st.integers(1, 12),
    repeats_header=st.booleans(),
    lines_per_watermark=st.none() | st.integers(1, 15),
    splits_table_number=st.booleans(),
    splits_unit=st.booleans(),
    unit_beside_name=st.booleans(),
    numbering=st.sampled_from(["amounts", "all", "none"]),
    centres_headers=st.booleans(),
    total_in_codes=st.booleans(),
    notes=st.booleans(),
    trims_decimals=st.booleans(),
    separates_thousands=st.booleans(),
    wraps_after=st.none() | st.integers(1, 12),
    strips_trailing_blanks=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)

# No digit, no number word and no unit opens a word, or it could be taken for a table's furniture.
_words = st.text("甲乙丙丁戊己工程经费补助（）“”·—［］2025x", max_size=10).map(lambda text: f"某{text}项")
_ordinals = st.sampled_from(["", "一、", "二十一、", "（三）", "(四)", "5. ", "6、", "②"])
_fen = st.integers(-99_999_999, 9_999_999_999).map(
    lambda fen: f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
)
amounts = st.sampled_from(["0", "0.00", "1", "2", "1507", "629.8", "——", "-", "—"]) | _fen


@dataclass(frozen=True)
class _Side:
    """A row of one block, before it has a line."""

    block: Block
    code: str
    label: str
    row_code: str | None
    unit: str | None
    cells: dict[str, str]
    beside: str = ""


@st.composite
def invented_documents(draw: DrawFn) -> ParsedTables:
    """A budget or final account with some of its tables, all of their contents invented."""
    library = get_library()  # Not an argument: hypothesis would print it whole in every failure.
    kind: DocumentKind = draw(st.sampled_from(["budget", "final"]))
    fiscal_year = draw(st.integers(2018, 2029))
    # The renderer lays documents out as texts; what is only printed in PDFs is tested there.
    layout = "_shanxi"
    templates = {
        t.template: t for t in library.templates if t.document_kind == kind and t.template.endswith(layout)
    }
    chosen = draw(st.lists(st.sampled_from(sorted(templates)), min_size=1, max_size=3, unique=True))
    document = ParsedDocument(
        document_id="",
        source_name=f"{draw(st.sampled_from(['a', '公开', 'x-1']))}.txt",
        source_sha256="",
        encoding="",
        line_count=0,
        printed_title="",
        title_line_no=0,
        printed_unit_name=draw(_words) + "局",
        unit_name_line_no=0,
        fiscal_year=fiscal_year,
        document_kind=kind,
        scope=draw(st.sampled_from(["unit", "department"])),
    )
    tables, rows = [], {}
    for name in chosen:
        table, table_rows = draw(_tables(templates[name], library, fiscal_year))
        tables.append(table)
        if table_rows:
            rows[table.statement_code] = table_rows
    return ParsedTables(document, tuple(tables), rows)


@st.composite
def _tables(
    draw: DrawFn, template: Template, library: Library, fiscal_year: int
) -> tuple[ParsedTable, tuple[ParsedRow, ...]]:
    unit = draw(st.sampled_from(["万元", "元", "千元", "百元", "亿元"]))
    has_grid = draw(st.integers(0, 5)) > 0
    lines = draw(_lines(template, library)) if has_grid else []
    rows = tuple(
        ParsedRow(
            line_no=line_no,
            block_no=side.block.number,
            block=side.block.name,
            printed_code=side.code,
            printed_label=side.label,
            printed_beside=side.beside,
            row_code=side.row_code,
            unit_of_measure=side.unit or unit,
            cells=side.cells,
        )
        for line_no, sides in enumerate(lines, start=1)
        for side in sides
    )
    state: TableState
    if any(row.cells for row in rows):
        state = "data"
    else:
        state = draw(st.sampled_from(["blank", "declared_empty"])) if has_grid else "declared_empty"
    pick = draw(st.integers(0, 5))
    table = ParsedTable(
        statement_code=template.statement if has_grid else _name_statements(template, library),
        template=template.template if has_grid else None,
        printed_title=template.titles[pick % len(template.titles)].replace("{year}", str(fiscal_year)),
        state=state,
        title_line_no=0,
        last_line_no=0,
        unit_of_money=unit,
        unit_line_no=0,
        columns=tuple(_print_columns(template, fiscal_year, pick)) if has_grid else (),
    )
    return table, rows


def _name_statements(template: Template, library: Library) -> str:
    """Return what the title of a table without a grid may name."""
    same = {
        t.statement
        for t in library.templates
        if t.folded_titles & template.folded_titles and not t.open_columns
    }
    return "|".join(sorted(same))


def _print_columns(template: Template, fiscal_year: int, pick: int) -> Iterator[ParsedColumn]:
    seen = set()
    for field in template.fields:
        if field.column is not None and (field.block, field.column) not in seen:
            seen.add((field.block, field.column))
            words = [word.split("|") for word in field.header]
            path = "/".join(several[pick % len(several)] for several in words)
            yield ParsedColumn(field.block, field.column, path.replace("{year}", str(fiscal_year)))


@st.composite
def _lines(draw: DrawFn, template: Template, library: Library) -> list[list[_Side]]:
    """The lines of a table, each with the sides that print something there."""
    used: set[str] = set()
    blocks = [draw(_sides(template, block, library, used)) for block in template.blocks]
    lines = [[side for side in line if side is not None] for line in zip_longest(*blocks)]
    for spanning in template.spanning_rows:
        block = next(
            b for b in template.blocks if b.start <= spanning.label_place - 1 < b.start + len(b.fields)
        )
        column = template.fields[spanning.amount_place - 1].column or ""
        cells = {column: draw(amounts)} if draw(st.booleans()) else {}
        lines.append([_Side(block, "", spanning.label, spanning.row, None, cells)])
    return lines


@st.composite
def _sides(draw: DrawFn, template: Template, block: Block, library: Library, used: set[str]) -> list[_Side]:
    """The rows of one block: named ones in printed order, coded ones, free ones."""
    rule = template.rows[block.name]
    columns = [field.column for field in block.fields if field.column is not None]
    cells = st.dictionaries(st.sampled_from(columns), amounts)
    if rule.unlabelled:
        return [_Side(block, "", "", rule.unlabelled, None, draw(cells.filter(bool)))]
    spanning = {row.row for row in template.spanning_rows}
    named = [row for row in library.list_named_rows(rule) if row.row not in spanning]
    sides = []
    for row in draw(_subsets(named, used)):
        used.add(row.row)
        label = draw(_ordinals) + draw(st.sampled_from(row.labels))
        sides.append(_Side(block, "", label, row.row, row.unit, draw(cells)))
    for _ in range(draw(st.integers(0, 4)) if rule.code_lengths else 0):
        length = draw(st.sampled_from(rule.code_lengths))
        code = str(draw(st.integers(10 ** (length - 1), 10**length - 1)))
        code = rule.code_begins + code[len(rule.code_begins) :]
        if code not in used:
            used.add(code)
            name = draw(st.shared(_words, key=code))  # A code has one name in a document.
            sides.append(_Side(block, code, name, code, None, draw(cells)))
    known = {label for row in named for label in row.folded_labels} | rule.folded_headings
    for _ in range(draw(st.integers(0, 4)) if rule.free else 0):
        label = draw(_words)
        if fold_label(label) not in known:
            known |= {fold_label(label)} if block.beside_place is not None else set()
            beside = draw(st.just("") | _words) if block.beside_place is not None else ""
            sides.append(_Side(block, "", label, None, None, draw(cells), beside))
    return sides


@st.composite
def _subsets(draw: DrawFn, named: list[NamedRow], used: set[str]) -> list[NamedRow]:
    """Some named rows in printed order; a row that follows another one stands only with it."""
    if not named:
        return []
    places = sorted(draw(st.sets(st.integers(0, len(named) - 1), max_size=8)))
    chosen = [named[place] for place in places if named[place].row not in used]
    present = {row.row for row in chosen}
    return [row for row in chosen if row.after is None or row.after in present]
