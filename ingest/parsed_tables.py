"""Parsed tables: what the paper prints, as printed; one JSON Lines file a document.

The first line of a file is the document, then come its tables, each followed by its rows, then the
figures that the narrative states, then the performance forms, each followed by its money and its
indicators, then the issues. Every line is one thing of the paper, so that a change reads as a change
of that thing.
Facts and figures only: no sentence of a document is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as strict_dataclass

from ingest.issues import REASONS, BrokenParsedTables, Issue
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_forms import FORM_RECORDS, FormRecords, ParsedForm, format_forms

# What is read from a file is validated against these types; the parser, which makes thousands of them from
# a document, is held to them by mypy.
_STRICT = ConfigDict(extra="forbid", strict=True)

TableState = Literal["data", "blank", "declared_empty", "set_aside"]


@strict_dataclass(frozen=True, config=_STRICT)
class ParsedDocument:
    """What a disclosure says of itself. ``document_id`` is made of its content's hash.

    ``promised_tables`` are the official tables that its contents name, by code; the codes that one title
    may mean stand together: ``b01 b02|b21``. Empty where contents name none.
    """

    document_id: str
    source_name: str
    source_sha256: str
    encoding: str
    line_count: int
    printed_title: str
    title_line_no: int
    printed_unit_name: str
    unit_name_line_no: int
    fiscal_year: int
    document_kind: Literal["budget", "final"]
    scope: Literal["unit", "department"]
    promised_tables: str = ""


@strict_dataclass(frozen=True, config=_STRICT)
class ParsedColumn:
    """An amount column of a table: its code, and its header from top to bottom."""

    block: str
    column_code: str
    printed_column: str


@dataclass(frozen=True)
class ParsedTable:
    """An official table as found, in one of four states (a table never found is in none)."""

    __pydantic_config__ = _STRICT

    statement_code: str
    template: str | None
    printed_title: str
    state: TableState
    title_line_no: int
    last_line_no: int
    unit_of_money: str | None
    unit_line_no: int | None
    columns: tuple[ParsedColumn, ...]


class ParsedRow(NamedTuple):
    """A label with its amounts: a printed row, or one side of it.

    ``amount_block_no`` is the block under which the amount stands where that is not its label's.

    ``cells`` holds what is printed under each column code; blank columns are left out, dashes stay.
    """

    line_no: int
    block_no: int
    block: str
    printed_code: str
    printed_label: str
    printed_beside: str
    row_code: str | None
    unit_of_measure: str
    cells: dict[str, str]
    page_no: int | None = None
    amount_block_no: int | None = None


@strict_dataclass(frozen=True, config=_STRICT)
class ParsedIssue:
    """An issue of this document (``ingest/issues.py`` words it)."""

    reason: str
    severity: str
    statement_code: str | None
    line_no: int | None
    found: str
    expected: str
    page_no: int | None = None

    @classmethod
    def of(cls, issue: Issue) -> ParsedIssue:
        return cls(
            issue.reason,
            issue.severity.value,
            issue.statement_code,
            issue.line_no,
            issue.found,
            issue.expected,
            issue.page_no,
        )


class ParsedClaim(NamedTuple):
    """A figure that the narrative states: what it is about in codes, its value as printed.

    ``position_no`` counts the claims of a line from 1; ``printed_label`` names a subject where the
    item is about one; ``sign`` is that of a change. A stated 与上年相同 is
    a change of 0 without a sign; 决算数大于预算数 is a ``deviation`` with a sign, 持平 one without.
    """

    line_no: int
    position_no: int
    section: str
    item: str
    measure: Literal["amount", "share", "change_amount", "change_ratio", "count", "area", "deviation"]
    printed_value: str
    unit_of_measure: str
    printed_label: str = ""
    sign: Literal["+", "-"] | None = None
    page_no: int | None = None


@dataclass(frozen=True)
class ParsedTables:
    """A document with all that was read of it."""

    document: ParsedDocument
    tables: tuple[ParsedTable, ...]
    rows: Mapping[str, tuple[ParsedRow, ...]] = field(default_factory=dict)
    issues: tuple[ParsedIssue, ...] = ()
    claims: tuple[ParsedClaim, ...] = ()
    forms: tuple[ParsedForm, ...] = ()

    @property
    def amount_count(self) -> int:
        return sum(
            classify_cell(text) is CellKind.AMOUNT
            for rows in self.rows.values()
            for row in rows
            for text in row.cells.values()
        )

    @property
    def set_aside(self) -> tuple[str, ...]:
        return tuple(table.statement_code for table in self.tables if table.state == "set_aside")


_DOCUMENT = TypeAdapter(ParsedDocument)
_TABLE = TypeAdapter(ParsedTable)
_ROW = TypeAdapter(ParsedRow, config=_STRICT)
_ISSUE = TypeAdapter(ParsedIssue)
_CLAIM = TypeAdapter(ParsedClaim, config=_STRICT)


def _compact(record: Mapping[str, Any]) -> str:
    # Empty optional things are left out: they would drown what is printed.
    kept = {key: value for key, value in record.items() if value not in (None, "", (), [])}
    return json.dumps(kept, ensure_ascii=False, separators=(", ", ": "))


def format_parsed_tables(parsed: ParsedTables) -> str:
    """Return the JSON Lines text of a document's parsed tables; the same input, the same bytes."""
    lines = [_compact({"document": asdict(parsed.document)})]
    for table in parsed.tables:
        record = {key: value for key, value in asdict(table).items() if value not in (None, ())}
        lines.append(_compact({"table": record}))
        for row in parsed.rows.get(table.statement_code, ()):
            lines.append(
                json.dumps(
                    {"row": {k: v for k, v in row._asdict().items() if v not in (None, "")}},
                    ensure_ascii=False,
                )
            )
    lines.extend(
        json.dumps(
            {"claim": {k: v for k, v in claim._asdict().items() if v not in (None, "")}}, ensure_ascii=False
        )
        for claim in parsed.claims
    )
    lines.extend(format_forms(parsed.forms))
    lines.extend(
        json.dumps(
            {"issue": {k: v for k, v in asdict(issue).items() if v not in (None, "")}}, ensure_ascii=False
        )
        for issue in parsed.issues
    )
    return "\n".join(lines) + "\n"


def _refuse(name: str, line_no: int, problem: str) -> BrokenParsedTables:
    return BrokenParsedTables(
        f"{name}:{line_no} 解析结果文件损坏，整份未载入。 These parsed tables are broken and were refused whole: {problem}."
    )


def read_parsed_tables(path: Path) -> ParsedTables:
    """Read and validate a file of parsed tables.

    Raises BrokenParsedTables, with file and line, for anything that this module would not write.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(path.name, 1, f"cannot be read as UTF-8 ({error})") from error
    document: ParsedDocument | None = None
    tables: list[ParsedTable] = []
    rows: dict[str, list[ParsedRow]] = {}
    claims: list[ParsedClaim] = []
    forms = FormRecords()
    issues: list[ParsedIssue] = []
    # Not splitlines: a label may hold U+2028, which JSON leaves as it is.
    lines = text.removesuffix("\n").split("\n") if text else []
    for line_no, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            if not isinstance(record, dict) or len(record) != 1:
                raise _refuse(
                    path.name,
                    line_no,
                    "expected one of document, table, row, claim, form, form_row, indicator, issue",
                )
            ((kind, body),) = record.items()
            if not isinstance(body, dict):
                raise _refuse(path.name, line_no, f"the {kind} has no keys")
            if (kind == "document") != (line_no == 1):
                raise _refuse(path.name, line_no, "the first line, and only it, is the document")
            if kind == "document":
                document = _DOCUMENT.validate_json(json.dumps(body))
            elif kind == "table":
                tables.append(
                    _TABLE.validate_json(
                        json.dumps(
                            {"template": None, "unit_of_money": None, "unit_line_no": None, "columns": []}
                            | body
                        )
                    )
                )
            elif kind == "row":
                if not tables:
                    raise _refuse(path.name, line_no, "a row before any table")
                optional = {
                    "printed_code": "",
                    "printed_label": "",
                    "printed_beside": "",
                    "row_code": None,
                    "unit_of_measure": "",
                }
                row = _ROW.validate_json(json.dumps(optional | body))
                _check_row(path.name, line_no, tables[-1], row)
                rows.setdefault(tables[-1].statement_code, []).append(row)
            elif kind == "claim":
                claims.append(_CLAIM.validate_json(json.dumps(body)))
            elif kind in FORM_RECORDS:
                forms.add(kind, body)
            elif kind == "issue":
                optional = {"statement_code": None, "line_no": None, "found": "", "expected": ""}
                issue = _ISSUE.validate_json(json.dumps(optional | body))
                if issue.reason not in REASONS:
                    raise _refuse(path.name, line_no, f"unknown reason {issue.reason!r}")
                issues.append(issue)
            else:
                raise _refuse(path.name, line_no, f"unknown record {kind!r}")
        except json.JSONDecodeError as error:
            raise _refuse(path.name, line_no, f"no valid JSON ({error.msg})") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(key) for key in first["loc"])
            raise _refuse(path.name, line_no, f"{where}: {first['msg']}") from error
        except ValueError as error:
            raise _refuse(path.name, line_no, str(error)) from error
    if document is None:
        raise _refuse(path.name, 1, "the file is empty")
    if path.stem != document.document_id:
        raise _refuse(path.name, 1, f"the file of {document.document_id} must bear its name")
    codes = [table.statement_code for table in tables if table.state != "set_aside"]
    if len(codes) != len(set(codes)):
        raise _refuse(path.name, 1, "a statement stands twice")
    parsed = ParsedTables(
        document,
        tuple(tables),
        {code: tuple(found) for code, found in rows.items()},
        tuple(issues),
        tuple(claims),
        forms.forms,
    )
    # What passed so far may still have a key twice, an issue before a table, another spelling.
    written = format_parsed_tables(parsed).removesuffix("\n").split("\n")
    for line_no, (line, expected) in enumerate(zip_longest(lines, written), start=1):
        if line != expected:
            raise _refuse(path.name, line_no, f"expected the line to read {expected}")
    return parsed


def _check_row(name: str, line_no: int, table: ParsedTable, row: ParsedRow) -> None:
    columns = {(column.block, column.column_code) for column in table.columns}
    for column_code, printed in row.cells.items():
        if (row.block, column_code) not in columns:
            raise _refuse(name, line_no, f"{table.statement_code} has no column {row.block}.{column_code}")
        if classify_cell(printed) not in (CellKind.AMOUNT, CellKind.DASH, CellKind.HEADER_WORD):
            raise _refuse(name, line_no, f"{printed!r} is neither an amount nor a dash")


def list_parsed_tables(folder: Path) -> Iterator[Path]:
    """Yield the files of parsed tables in a folder, in a stable order."""
    yield from sorted(folder.glob("*.jsonl"))
