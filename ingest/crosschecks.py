"""What the tables of one document say twice: a code with two names, a row that repeats another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ingest.issues import Issue, quote
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedRow, ParsedTable
from ingest.templates import Library
from ingest.words import fold_label

# Tables whose codes are of units: 301 is somebody there, and a class of expenditure elsewhere.
_TABLES_OF_UNITS = frozenset(("b21",))


def check_names(rows: Mapping[str, Sequence[ParsedRow]]) -> list[Issue]:
    """Return an issue for each row whose code bears another name than elsewhere in the document.

    The name that most rows print, of equals the first, is taken for the right one.
    """
    printed: dict[str, list[tuple[str, ParsedRow]]] = defaultdict(list)
    for statement_code, statement_rows in rows.items():
        for row in () if statement_code in _TABLES_OF_UNITS else statement_rows:
            if row.printed_code and row.printed_label and row.row_code and row.row_code.isdigit():
                printed[row.row_code].append((statement_code, row))
    issues = []
    for code, found in printed.items():
        if len({row.printed_label for _, row in found}) == 1:
            continue
        names = Counter(fold_label(row.printed_label) for _, row in found)
        (name, _) = names.most_common(1)[0]
        first = next((table, row) for table, row in found if fold_label(row.printed_label) == name)
        for statement_code, row in found:
            if fold_label(row.printed_label) != name:
                where = f"{quote(first[1].printed_label)} ({first[0]}:{first[1].line_no})"
                what = f"{code} {quote(row.printed_label)}"
                issues.append(
                    Issue("name_mismatch", row.line_no, statement_code, what, where, page_no=row.page_no)
                )
    return issues


def check_repeats(
    tables: Sequence[ParsedTable], rows: Mapping[str, Sequence[ParsedRow]], library: Library
) -> list[Issue]:
    """Return an issue for each row that repeats another one of its table, name and figures.

    Only where a row is known by two names side by side: projects and purchases may well be alike.
    """
    issues = []
    for table in tables:
        seen: dict[tuple[str, ...], ParsedRow] = {}
        for row in rows.get(table.statement_code, ()) if table.template in library.paired_templates else ():
            if not row.printed_beside or not _has_amount(row):
                continue
            key = (row.block, row.printed_label, row.printed_beside, *map(str, sorted(row.cells.items())))
            first = seen.setdefault(key, row)
            if first is not row:
                what, where = quote(row.printed_label), f"one / 一行 ({first.line_no})"
                issues.append(
                    Issue("repeated_row", row.line_no, table.statement_code, what, where, page_no=row.page_no)
                )
    return issues


def _has_amount(row: ParsedRow) -> bool:
    return any(classify_cell(cell) is CellKind.AMOUNT for cell in row.cells.values())
