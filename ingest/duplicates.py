"""Tables of one document that claim to be the same official table, and which of them is none.

Two tables of one kind are both set aside: which of them counts is not ours to guess. But a title may
only resemble that of an official table (支出决算明细表 beside 支出决算表), and a publisher may print
under a second title what the first one says already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.issues import Issue, quote
from ingest.parsed_tables import ParsedRow, ParsedTable
from ingest.templates import Library
from ingest.words import fold, fold_label, fold_title

# The code of a table that is none of the official ones; one that may be several has all their codes.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReadTable:
    """A table with the rows and the issues that reading it gave."""

    table: ParsedTable
    rows: tuple[ParsedRow, ...]
    issues: tuple[Issue, ...]

    @property
    def is_read(self) -> bool:
        return self.table.state != "set_aside"

    def rename(self, code: str) -> ReadTable:
        """Return the table under another statement code, its issues with it."""
        issues = tuple(
            replace(issue, statement_code=code)
            if issue.statement_code == self.table.statement_code
            else issue
            for issue in self.issues
        )
        return replace(self, table=replace(self.table, statement_code=code), issues=issues)


def settle_duplicates(read: Sequence[ReadTable], library: Library) -> list[ReadTable]:
    """Return the tables with no statement read twice.

    What could not be read, under another title than what could, only resembles it: it becomes unknown.
    What repeats another one, figure by figure, under another title is left out and told. Of what is
    left, all of one statement are set aside.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(read):
        if "|" not in one.table.statement_code:
            groups[one.table.statement_code].append(place)
    settled: dict[int, ReadTable | None] = dict(enumerate(read))
    for places in groups.values():
        if len(places) > 1:
            _settle_group(places, settled, library)
    return [one for one in settled.values() if one is not None]


def _settle_group(places: Sequence[int], settled: dict[int, ReadTable | None], library: Library) -> None:
    group = {place: one for place in places if (one := settled[place]) is not None}
    titles = {place: _bare_title(one.table.printed_title, library) for place, one in group.items()}
    sound = {titles[place] for place, one in group.items() if one.is_read}
    if sound:
        for place, one in list(group.items()):
            if not one.is_read and titles[place] not in sound:
                settled[place] = group.pop(place).rename(UNKNOWN)
    if len(group) > 1 and len({titles[place] for place in group}) == len(group):
        whole = max(group, key=lambda place: len(_list_figures(group[place])))
        for place, one in list(group.items()):
            if place != whole and _repeats(one, group[whole]):
                settled[place] = None
                kept = group[whole]
                told = (*kept.issues, *one.issues, _report_repeat(one, kept))
                settled[whole] = group[whole] = replace(kept, issues=told)
                del group[place]
    if len(group) > 1:
        lines = [str(one.table.title_line_no) for one in group.values()]
        for place, one in group.items():
            issue = Issue(
                "duplicate_table",
                one.table.title_line_no,
                one.table.statement_code,
                found=f"line {', '.join(lines)} / 第 {'、'.join(lines)} 行",
                expected="one / 一张",
            )
            table = replace(one.table, state="set_aside")
            settled[place] = ReadTable(table, (), (*one.issues, issue))


def _bare_title(title: str, library: Library) -> str:
    folded = fold(title)
    *_, bare = (folded, *library.documents.leave_prefixes(folded))
    return fold_title(bare)


def _list_figures(one: ReadTable) -> dict[tuple[str, str, str], str]:
    return {
        (row.block, row.row_code or fold_label(row.printed_label), column): text
        for row in one.rows
        for column, text in row.cells.items()
    }


def _repeats(one: ReadTable, other: ReadTable) -> bool:
    """Tell whether all that a table prints stands in the same row and column of another."""
    if not (one.is_read and other.is_read):
        return False
    figures, known = _list_figures(one), _list_figures(other)
    same_unit = not figures or one.table.unit_of_money == other.table.unit_of_money
    is_whole = sum(len(row.cells) for row in one.rows) == len(figures)
    return same_unit and is_whole and all(known.get(place) == text for place, text in figures.items())


def _report_repeat(one: ReadTable, kept: ReadTable) -> Issue:
    return Issue(
        "repeated_table",
        one.table.title_line_no,
        kept.table.statement_code,
        found=quote(one.table.printed_title),
        expected=f"{quote(kept.table.printed_title)} (line {kept.table.title_line_no})",
        page_no=one.rows[0].page_no if one.rows else None,
    )
