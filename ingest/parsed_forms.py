"""Records of the performance forms in a file of parsed tables: a form, its money, its indicators."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from ingest.numbers import CellKind, classify_cell

_STRICT = ConfigDict(extra="forbid", strict=True)

# The block of numbers of people and bodies, each printed with its unit: 123人, 7个.
COUNTS = "counts"
_COUNT = re.compile(r"[0-9]+(?:,[0-9]{3})*[个人名位家所]")

FormState = Literal["read", "damaged", "blank"]


class ParsedFormRow(NamedTuple):
    """A label of a form with what is printed beside it: amounts, or figures by column code."""

    line_no: int
    block: str
    row_code: str
    printed_label: str
    cells: dict[str, str]
    page_no: int | None = None


class ParsedIndicator(NamedTuple):
    """An indicator on one side of a form: its names of three levels, its values as printed."""

    line_no: int
    block: str
    level_1: str
    level_2: str
    printed_name: str
    cells: dict[str, str]
    page_no: int | None = None


@dataclass(frozen=True)
class ParsedForm:
    """A performance form as found: ``damaged`` where lines of it could not be read, or its title.

    ``blank`` is a form that prints no figure at all. Running text of a form is never kept.
    """

    __pydantic_config__ = _STRICT

    form_no: int
    statement_code: str
    template: str
    state: FormState
    printed_title: str
    first_line_no: int
    last_line_no: int
    printed_project_name: str
    project_name_line_no: int | None
    printed_department: str
    printed_unit_name: str
    printed_kind: str
    printed_term: str
    unit_of_money: str | None
    unit_line_no: int | None
    printed_grade: str
    grade_line_no: int | None
    rows: tuple[ParsedFormRow, ...] = ()
    indicators: tuple[ParsedIndicator, ...] = ()


def is_count(text: str) -> bool:
    """Tell whether ``text`` is a whole number with its unit."""
    return _COUNT.fullmatch(text) is not None


_FORM = TypeAdapter(ParsedForm)
_ROW = TypeAdapter(ParsedFormRow, config=_STRICT)
_INDICATOR = TypeAdapter(ParsedIndicator, config=_STRICT)

FORM_RECORDS = ("form", "form_row", "indicator")
_OPTIONAL: dict[str, dict[str, Any]] = {
    "form": {
        "printed_title": "",
        "printed_project_name": "",
        "project_name_line_no": None,
        "printed_department": "",
        "printed_unit_name": "",
        "printed_kind": "",
        "printed_term": "",
        "unit_of_money": None,
        "unit_line_no": None,
        "printed_grade": "",
        "grade_line_no": None,
    },
    "form_row": {"printed_label": ""},
    "indicator": {"level_1": "", "level_2": "", "printed_name": ""},
}


def format_forms(forms: Iterable[ParsedForm]) -> Iterator[str]:
    """Yield the JSON lines of forms, each form followed by its rows and its indicators."""

    def dump(kind: str, record: Mapping[str, Any]) -> str:
        kept = {key: value for key, value in record.items() if value not in (None, "", ())}
        return json.dumps({kind: kept}, ensure_ascii=False)

    for form in forms:
        yield dump("form", asdict(replace(form, rows=(), indicators=())))
        for row in form.rows:
            yield dump("form_row", row._asdict())
        for indicator in form.indicators:
            yield dump("indicator", indicator._asdict())


class FormRecords:
    """Collects forms from the records of a file; ValueError words what breaks the rules."""

    def __init__(self) -> None:
        self._forms: list[ParsedForm] = []

    @property
    def forms(self) -> tuple[ParsedForm, ...]:
        return tuple(self._forms)

    def add(self, kind: str, body: Mapping[str, Any]) -> None:
        """Add a record of one of the kinds of FORM_RECORDS."""
        text = json.dumps(_OPTIONAL[kind] | dict(body))
        if kind == "form":
            form = _FORM.validate_json(text)
            if form.rows or form.indicators:
                raise ValueError("rows and indicators of a form are records of their own")
            if form.form_no != len(self._forms) + 1:
                raise ValueError(f"expected form_no {len(self._forms) + 1}")
            self._forms.append(form)
            return
        if not self._forms:
            raise ValueError(f"the {kind} stands before any form")
        form = self._forms[-1]
        if kind == "form_row":
            row = _ROW.validate_json(text)
            for printed in row.cells.values():
                if not (
                    is_count(printed) if row.block == COUNTS else classify_cell(printed) is CellKind.AMOUNT
                ):
                    raise ValueError(f"{printed!r} is no figure")
            self._forms[-1] = replace(form, rows=(*form.rows, row))
        else:
            indicator = _INDICATOR.validate_json(text)
            self._forms[-1] = replace(form, indicators=(*form.indicators, indicator))
