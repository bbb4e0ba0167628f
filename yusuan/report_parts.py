"""What a report is put together from: figures with their places, tables, charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
from markupsafe import Markup

from yusuan.labels import Words
from yusuan.svg_charts import Bar

YUAN_IN_TEN_THOUSAND = 10_000
YUAN_IN_LAST_DIGIT = 100
CHART_ROWS = 20


@dataclass(frozen=True)
class Money:
    """How a report shows money: 万元 with two decimals where nothing is lost by it, else 元."""

    is_in_ten_thousands: bool

    @property
    def unit(self) -> Words:
        return ("万元", "10,000 yuan") if self.is_in_ten_thousands else ("元", "yuan")

    @classmethod
    def fit(cls, amounts: Iterable[Decimal | None]) -> Money:
        """Return 万元 if all amounts are of whole hundreds of yuan, as two decimals of it show."""
        return cls(all(amount % YUAN_IN_LAST_DIGIT == 0 for amount in amounts if amount is not None))

    def show(self, amount: Decimal | None) -> str:
        if amount is None:
            return ""
        return f"{amount / YUAN_IN_TEN_THOUSAND if self.is_in_ten_thousands else amount:,.2f}"


@dataclass(frozen=True)
class Place:
    """Where a figure is printed: what to type after ``yusuan show``, and a short form of it."""

    document_id: str
    label: Words
    line_no: int

    @property
    def full(self) -> str:
        return f"{self.document_id}:{self.line_no}"

    @property
    def short(self) -> Words:
        chinese, english = self.label
        return f"{chinese}:{self.line_no}", f"{english}:{self.line_no}"


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells as shown, where they are printed, and how deep it stands.

    What is printed is a text; what we say is words in both languages.
    """

    label: str | Words
    cells: tuple[str | Words, ...]
    place: Place
    depth: int = 0
    code: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Section:
    """A heading with its chart and its table; ``legend`` names the colours of the chart.

    ``text_columns``: so many of the columns hold words, the rest figures. ``money``: what its amounts are
    shown in, where that is not what the whole report shows.
    """

    title: Words
    note: Words
    chart: Markup | None
    legend: tuple[tuple[str, Words], ...]
    columns: tuple[Words, ...]
    rows: tuple[Row, ...]
    text_columns: int = 0
    money: Money | None = None


@dataclass(frozen=True)
class Source:
    """A document to report on, and how its figures are shown."""

    connection: duckdb.DuckDBPyConnection
    document_id: str
    label: Words
    money: Money

    def query(self, query: str) -> list[dict[str, Any]]:
        return fetch_rows(self.connection, query, {"document": self.document_id})

    def place(self, line_no: int) -> Place:
        return Place(self.document_id, self.label, line_no)

    def bar(self, label: str | Words, *values: Decimal | None) -> Bar:
        return make_bar(self.money, label, *values)


def make_bar(money: Money, label: str | Words, *values: Decimal | None) -> Bar:
    total = sum((value for value in values if value is not None), Decimal(0))
    return Bar(label, values, money.show(total))


def fetch_rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Any) -> list[dict[str, Any]]:
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def sort_largest(rows: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: -(row[name] or 0))
