"""A disclosure's text to its parsed tables: find the official tables by title, read them by template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from ingest.crosschecks import check_names, check_repeats
from ingest.duplicates import ReadTable, settle_duplicates
from ingest.identifications import identify_document
from ingest.issues import Issue, RefusedDocument, Severity, quote
from ingest.narratives import read_narrative
from ingest.parsed_tables import ParsedDocument, ParsedIssue, ParsedRow, ParsedTable, ParsedTables
from ingest.performance_forms import find_form_titles, read_forms
from ingest.readers.files import read_document
from ingest.readers.grids import find_strange_tables
from ingest.readers.texts import Document, Line
from ingest.regions import (
    Region,
    Title,
    cut_regions,
    find_titles,
    has_figures,
    is_loose_row,
    join_continued,
    list_promises,
    report_table,
    report_unclaimed_tables,
    settle_document,
)
from ingest.tables import Grid, explain_misfit, fit_template, list_columns, read_rows
from ingest.templates import Library, Template, get_library
from ingest.words import find_years, fold, fold_label, is_same_unit

# The year of a document in a heading: 2025年度部门决算情况说明, also one that lost a digit.
_HEADING_YEAR = re.compile(r"(?<!\d)(?P<year>\d{2,5})年度?(?:部门|单位)(?P<kind>预算|决算)")
_KINDS = {"budget": "预算", "final": "决算"}


def parse_document(path: Path, library: Library | None = None) -> ParsedTables:
    """Parse the disclosure at ``path``.

    Raises RefusedDocument for a file that is no disclosure. A table that cannot be read is set
    aside with its issues; the rest is read.
    """
    return parse_text(read_document(path), library or get_library())


@dataclass(frozen=True)
class OfficialTables:
    """The official tables of a document, with the places that they take and the tables that are none of them."""

    document: Document
    identified: ParsedDocument
    titles: tuple[Title, ...]
    regions: tuple[Region, ...]
    strange: tuple[tuple[Line, tuple[Line, ...]], ...]
    tables: tuple[ParsedTable, ...]
    rows: Mapping[str, tuple[ParsedRow, ...]]
    issues: tuple[Issue, ...]


def read_tables(document: Document, library: Library) -> OfficialTables:
    """Find the official tables of a document and read them; raise RefusedDocument if it is no disclosure."""
    document = settle_document(document, library)
    identified = identify_document(document, library)
    titles = find_titles(document, library, identified)
    strange = find_strange_tables(document, library, {title.line.line_no for title in titles})
    others = {line.line_no for line, _ in strange}
    others |= find_form_titles(document, identified.document_kind, identified.fiscal_year)
    regions = join_continued(cut_regions(document, library, titles, others))
    common_unit = _find_common_unit(document, titles, library)
    read: list[ReadTable] = []
    promises: tuple[str, ...] = ()
    for title, region in ((region.title, region.lines) for region in regions):
        if not read and not any(line.is_row for line in region) and not _is_declared_empty(region, library):
            continue  # A table of contents names every title before the first table stands.
        if not read:
            promises = list_promises(document, library, identified, title)
        read.append(_read_table(title, region, document, identified, library, common_unit))
    settled = settle_duplicates(read, library)
    tables = [one.table for one in settled]
    rows = {one.table.statement_code: one.rows for one in settled if one.rows}
    issues = [*document.issues, *(issue for one in settled for issue in one.issues)]
    issues.extend(_check_headings(document, identified, library))
    issues.extend(check_names(rows))
    issues.extend(check_repeats(tables, rows, library))
    if not tables:
        raise RefusedDocument(
            document.source_name,
            Issue(
                "not_a_disclosure",
                identified.title_line_no,
                found=f"{quote(identified.printed_title)}, no official table / 无公开表格",
                expected=f"{quote('2026年预算收支总表')} (yusuan template {document.source_name})",
            ),
        )
    return OfficialTables(
        document,
        replace(identified, promised_tables=" ".join(promises)),
        tuple(titles),
        tuple(regions),
        tuple(strange),
        tuple(tables),
        rows,
        tuple(issues),
    )


def parse_text(document: Document, library: Library) -> ParsedTables:
    """Parse a disclosure that was read already: its official tables, its narrative, its performance forms."""
    found = read_tables(document, library)
    document, identified = found.document, found.identified
    kind, year, watermarks = (
        identified.document_kind,
        identified.fiscal_year,
        library.documents.watermark_words,
    )
    narrative = read_narrative(document, kind, year, watermarks)
    stops = frozenset(title.line.line_no for title in found.titles)
    forms = read_forms(document, kind, year, watermarks, stops)
    issues = [*found.issues, *narrative.issues, *forms.issues]
    taken = {row.line_no for form in forms.forms for row in form.rows}
    issues.extend(report_unclaimed_tables(document, library, found.regions, taken))
    issues.extend(
        report_table(lines, title.text, library)
        for title, lines in found.strange
        if has_figures(lines) and not any(line.line_no in taken for line in lines)
    )
    issues.sort(key=lambda issue: (issue.line_no or 0, issue.reason))
    return ParsedTables(
        identified,
        found.tables,
        found.rows,
        tuple(map(ParsedIssue.of, issues)),
        narrative.claims,
        forms.forms,
    )


def _is_declared_empty(region: Sequence[Line], library: Library) -> bool:
    return any(not line.is_row and library.documents.empty_pattern.search(fold(line.text)) for line in region)


@dataclass(frozen=True)
class _Head:
    """What the lines of a region say that are no rows."""

    units: tuple[tuple[str, int], ...]
    unit_names: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, Line], ...]
    empty_line_no: int | None
    unknown: tuple[Line, ...]


def _find_common_unit(
    document: Document, titles: Sequence[Title], library: Library
) -> tuple[str, int] | None:
    """Return the unit of money of all tables, with its line, if one stands before them and none anywhere else."""
    first = min((title.line.line_no for title in titles), default=1)
    if next(_list_units(document.lines[first - 1 :], library), None):
        return None
    found = list(_list_units(document.lines[: first - 1], library))
    return found[0] if len({unit for unit, _ in found}) == 1 else None


def _list_units(lines: Iterable[Line], library: Library) -> Iterator[tuple[str, int]]:
    pattern = library.documents.unit_of_money_pattern
    for line in lines:
        for cell in line.cells:
            if "元" in cell and (match := pattern.search(fold(cell))):
                yield match["unit"], line.line_no


def _read_head(region: Sequence[Line], library: Library) -> _Head:
    layout = library.documents
    units: list[tuple[str, int]] = []
    unit_names: list[tuple[str, int]] = []
    years: list[tuple[int, Line]] = []
    unknown: list[Line] = []
    empty_line_no = None
    plain = [
        line
        for line in region
        if len(line.cells) == 1 and line.cells[0] and fold(line.text) not in layout.watermark_words
    ]
    skip = False
    for line, follower in zip_longest(plain, plain[1:]):
        if skip:
            skip = False
            continue
        folded = fold(line.text)
        if layout.empty_pattern.search(folded):
            empty_line_no = line.line_no
        elif layout.note_pattern.search(folded):
            pass
        else:
            # A converter breaks 单位：万元 after 万; neither half says anything alone.
            if follower is not None and not layout.unit_of_money_pattern.search(folded):
                joined = folded + fold(follower.text)
                if layout.unit_of_money_pattern.search(joined) and len(fold(follower.text)) <= 2:
                    folded, skip = joined, True
            years.extend((year, line) for year in find_years(folded))
            name = layout.unit_name_pattern.search(folded)
            rest = folded[: name.start()] + folded[name.end() :] if name else folded
            unit = layout.unit_of_money_pattern.search(rest)
            rest = rest[: unit.start()] + rest[unit.end() :] if unit else rest
            if name:
                unit_names.append((name["name"], line.line_no))
            if unit:
                units.append((unit["unit"], line.line_no))
            if rest and not layout.furniture_pattern.search(rest):
                unknown.append(line)
    return _Head(tuple(units), tuple(unit_names), tuple(years), empty_line_no, tuple(unknown))


def _restore_rows(
    region: Sequence[Line], templates: Sequence[Template], library: Library
) -> tuple[Line, ...]:
    """Give a known row without amounts its stripped cells back: alone its label reads like text."""
    rules = [rule for template in templates for rule in template.rows.values()]

    def is_known(line: Line) -> bool:
        label = fold_label(line.text)
        return any(label in rule.folded_headings or library.find_named_rows(rule, label) for rule in rules)

    return tuple(
        line._replace(cells=(*line.cells, ""))
        if len(line.cells) == 1 and line.cells[0] and is_known(line)
        else line
        for line in region
    )


def _read_grids(
    templates: Sequence[Template],
    lines: tuple[Line, ...],
    library: Library,
    document: Document,
    unit_of_money: str,
) -> list[tuple[Grid, tuple[ParsedRow, ...], list[Issue]]]:
    """Return the grids of the templates that fit, with what is read of them.

    Templates with open columns are asked after the others, and where another one knows not all rows.
    """
    found: list[tuple[Grid, tuple[ParsedRow, ...], list[Issue]]] = []
    for is_open in (False, True):
        asked = (template for template in templates if template.open_columns is is_open)
        grids = [grid for template in asked if (grid := fit_template(template, lines, document)) is not None]
        read = [
            (grid, *read_rows(grid, library, document, unit_of_money or grid.unit_of_money or ""))
            for grid in grids
        ]
        sound = [one for one in read if not any(issue.severity is Severity.ERROR for issue in one[2])]
        if sound or not found:
            found = sound if len(sound) == 1 else read
        if sound:
            break
    return found


def _read_table(
    title: Title,
    region: tuple[Line, ...],
    document: Document,
    identified: ParsedDocument,
    library: Library,
    common_unit: tuple[str, int] | None,
) -> ReadTable:
    code = title.possible_codes
    if not document.has_trailing_blanks:
        region = _restore_rows(region, title.templates, library)
    head = _read_head(region, library)
    if not head.units:
        # 收支总表（单位：万元）: the title's own line may say it.
        unit = library.documents.unit_of_money_pattern.search(fold(title.text))
        said = (unit["unit"], title.line.line_no) if unit else common_unit
        head = replace(head, units=(said,)) if said else head
    grid_lines = tuple([line for line in region if len(line.cells) > 1 and any(line.cells)])
    issues = [
        Issue(
            "unjoined_table" if is_loose_row(line) else "unknown_line",
            line.line_no,
            code,
            found=quote(line.text),
            expected=quote(title.line.text) if is_loose_row(line) else "",
            page_no=line.page_no,
        )
        for line in head.unknown
    ]
    issues.extend(_check_head(title, head, identified, code))
    last_line_no = max([line.line_no for line in region if any(line.cells)], default=title.line.line_no)

    def settle(state: str, grid: Grid | None = None, rows: tuple[ParsedRow, ...] = ()) -> ReadTable:
        unit, unit_line_no = head.units[0] if head.units else (None, None)
        template = grid.template if grid else None
        table = ParsedTable(
            statement_code=code,
            template=template.template if template else None,
            printed_title=title.line.text,
            state=state,  # type: ignore[arg-type]
            title_line_no=title.line.line_no,
            last_line_no=last_line_no,
            unit_of_money=unit,
            unit_line_no=unit_line_no,
            columns=list_columns(grid) if grid else (),
        )
        return ReadTable(table, rows, tuple(issues))

    def refuse(reason: str, line_no: int, found: str, expected: str) -> None:
        issues.append(Issue(reason, line_no, code, found=found, expected=expected))

    if not grid_lines:
        if head.empty_line_no is not None:
            return settle("declared_empty")
        refuse("missing_grid", title.line.line_no, quote(title.line.text), "header + rows / 表头与数据")
        return settle("set_aside")
    found = _read_grids(
        title.templates, grid_lines, library, document, head.units[0][0] if head.units else ""
    )
    if not found:
        line, printed, expected = explain_misfit(title.templates, grid_lines, document)
        refuse("unknown_layout", line.line_no, printed, expected)
        return settle("set_aside")
    if len(found) > 1:
        names = ", ".join(grid.template.template for grid, _, _ in found)
        refuse("ambiguous_template", title.line.line_no, names, "one / 一个")
        return settle("set_aside")
    ((grid, rows, row_issues),) = found
    code = grid.template.statement
    # Several tables may bear one title; what was noted before the header was read is of this one.
    issues = [
        replace(issue, statement_code=code) if issue.statement_code == title.possible_codes else issue
        for issue in issues
    ]
    header = grid.lines[grid.header_start : grid.header_end]
    years = [(year, line) for line in header for cell in line.cells for year in find_years(cell)]
    # Beside this year's figures those of the year before may stand.
    beside = {identified.fiscal_year - 1 for year, _ in years if year == identified.fiscal_year}
    issues.extend(_check_years((one for one in years if one[0] not in beside), identified, code))
    if grid.unit_of_money and not any(unit == grid.unit_of_money for unit, _ in head.units):
        head = replace(head, units=(*head.units, (grid.unit_of_money, header[0].line_no)))
    issues.extend(row_issues)
    has_data = any(row.cells for row in rows)
    units = {unit for unit, _ in head.units}
    # A table that only counts says in each row what.
    if not units and (row_issues or any(row.cells and not row.unit_of_measure for row in rows)):
        refuse("missing_unit", title.line.line_no, quote(title.line.text), quote("单位：万元"))
    elif len(units) > 1:
        refuse("conflicting_unit", head.units[-1][1], ", ".join(sorted(units)), head.units[0][0])
    if any(issue.severity is Severity.ERROR for issue in issues):
        return settle("set_aside", grid)
    if has_data and head.empty_line_no is not None:
        issues.append(
            Issue(
                "declared_empty_with_data",
                head.empty_line_no,
                code,
                found=f"{sum(len(row.cells) for row in rows)}",
            )
        )
    if has_data:
        issues.extend(_report_lost_totals(grid, rows, library))
        return settle("data", grid, rows)
    return settle("blank" if head.empty_line_no is None else "declared_empty", grid, rows)


def _report_lost_totals(grid: Grid, rows: Sequence[ParsedRow], library: Library) -> list[Issue]:
    """Return an issue for each total that the template names and the table does not print.

    With a total goes what it is judged by, and nothing else would tell of it.
    """
    printed = {(row.block, row.row_code) for row in rows}
    return [
        Issue(
            "missing_total",
            rows[-1].line_no,
            grid.template.statement,
            found=quote(rows[-1].printed_label or rows[-1].printed_code),
            expected=quote(row.labels[0]),
            page_no=rows[-1].page_no,
        )
        for block, rule in grid.template.rows.items()
        for row in library.list_named_rows(rule)
        if row.row.endswith("total") and not row.optional and (block, row.row) not in printed
    ]


def _check_head(title: Title, head: _Head, identified: ParsedDocument, code: str) -> list[Issue]:
    years = [*((year, title.line) for year in find_years(title.line.text)), *head.years]
    issues = _check_years(years, identified, code)
    for name, line_no in head.unit_names:
        if not is_same_unit(name, fold(identified.printed_unit_name)):
            issues.append(
                Issue(
                    "unit_name_mismatch",
                    line_no,
                    code,
                    found=quote(name),
                    expected=quote(identified.printed_unit_name),
                )
            )
    return issues


def _check_headings(document: Document, identified: ParsedDocument, library: Library) -> Iterator[Issue]:
    """Report a part whose heading, here or in the contents, names another year than the document (202年度)."""
    kind = _KINDS[identified.document_kind]
    for line in document.plain_lines:
        below = document.lines[line.line_no : line.line_no + 1]
        rest = "" if not below or below[0].is_row else below[0].text
        # The word may break at the end of the line.
        if kind[0] not in line.text and kind[0] not in rest:
            continue
        if not library.documents.heading_pattern.search(fold(line.text)):
            continue
        found = _HEADING_YEAR.search(fold(line.text + rest))
        if found and found["kind"] == kind and int(found["year"]) != identified.fiscal_year:
            what, expected = quote(line.text), f"{identified.fiscal_year}年"
            yield Issue("heading_year", line.line_no, found=what, expected=expected, page_no=line.page_no)


def _check_years(years: Iterable[tuple[int, Line]], identified: ParsedDocument, code: str) -> list[Issue]:
    return [
        Issue(
            "year_mismatch",
            line.line_no,
            code,
            found=quote(line.text),
            expected=str(identified.fiscal_year),
            page_no=line.page_no,
        )
        for year, line in dict.fromkeys(years)
        if year != identified.fiscal_year
    ]
