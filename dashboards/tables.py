"""Tables of a page: figures in columns, each with its line, and a file of them for a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from dashboards.amounts import YUAN, MoneyUnit, format_amount, format_share
from dashboards.contexts import make_link, say, say_unit
from dashboards.warehouses import Row
from yusuan.spreadsheets import write_csv

ROWS_SHOWN = 300


@dataclass(frozen=True)
class Column:
    """A column of a table: where its values are, what stands above it, how they are shown.

    ``kind``: text, code, amount (in yuan; shown in the table's unit), share, count, printed (a figure as
    on paper), line (a link to the printed line).
    """

    key: str
    heading: str
    kind: str = "text"
    is_wide: bool = False
    is_linked: bool = False  # an amount that leads to its line itself, where there is no column for the line


AMOUNTS = ("amount",)
RIGHT = ("amount", "share", "count", "printed", "line")
LINE_OF = "line:"


def show_table(
    rows: Sequence[Row],
    columns: Sequence[Column],
    *,
    name: str,
    unit: MoneyUnit | None = None,
    title: str = "",
    shown: int = ROWS_SHOWN,
) -> None:
    """Show rows as a table, and offer all of them as a file.

    A row may hold ``_role`` (total, subtotal: set in bold), ``_depth`` (indents the first text column) and
    ``_mark`` (the row to be found). Rows with ``document_id`` and ``line_no`` link to their line.
    """
    st.html(render_table(rows[:shown], columns, unit=unit, title=title))
    if len(rows) > shown:
        st.caption(say("table.cut", shown=shown, count=len(rows)))
    offer_csv(rows, columns, name=name)


def render_table(
    rows: Sequence[Row], columns: Sequence[Column], *, unit: MoneyUnit | None = None, title: str = ""
) -> str:
    unit = unit or YUAN
    indented = next((column.key for column in columns if column.kind == "text"), None)
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    head = "".join(
        f'<th scope="col" class="{_classes(column)}">{_render_heading(column, unit)}</th>'
        for column in columns
    )
    body = "".join(
        f'<tr class="{row.get("_role", "")} {"marked" if row.get("_mark") else ""}">'
        + "".join(_render_cell(row, column, unit, is_indented=column.key == indented) for column in columns)
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="yusuan-table" tabindex="0"><table>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _classes(column: Column) -> str:
    side = "number" if column.kind in RIGHT or column.kind.startswith(LINE_OF) else column.kind
    return f"{side} wide" if column.is_wide else side


def _render_heading(column: Column, unit: MoneyUnit) -> str:
    if column.kind not in AMOUNTS:
        return escape(column.heading)
    return f"{escape(column.heading)}<br><small>{escape(say_unit(unit))}</small>"


def _render_cell(row: Row, column: Column, unit: MoneyUnit, *, is_indented: bool) -> str:
    value = row.get(column.key)
    style = (
        f' style="padding-left:{0.6 + 1.1 * row["_depth"]:.1f}em"' if is_indented and "_depth" in row else ""
    )
    return f'<td class="{_classes(column)}"{style}>{_render_value(row, column, value, unit)}</td>'


def _render_value(row: Row, column: Column, value: Any, unit: MoneyUnit) -> str:
    kind = column.kind
    if value is None:
        return ""
    if column.is_linked and row.get("line_no") is not None:
        return render_line_link(row["document_id"], row["line_no"], format_amount(value, unit))
    if kind == "line":
        return render_line_link(row["document_id"], value)
    if kind.startswith(LINE_OF):
        return render_line_link(row[kind.removeprefix(LINE_OF)], value)
    if kind == "amount":
        return format_amount(value, unit)
    if kind == "share":
        return format_share(value)
    if kind == "count" and isinstance(value, (int, Decimal)):
        return f"{value:,}"
    return escape(str(value))


def show_figures(figures: Sequence[tuple[str, str, str]]) -> None:
    """Show a few figures large, side by side: (what it is, the figure, what is to be said of it)."""
    cards = "".join(
        f"<div><span>{escape(label)}</span><b>{escape(value)}</b><small>{escape(remark)}</small></div>"
        for label, value, remark in figures
    )
    st.html(f'<div class="yusuan-figures">{cards}</div>')


def render_line_link(document_id: str, line_no: int, text: str | None = None) -> str:
    """Return a link to a printed line."""
    target = escape(make_link("lookup", document=document_id, line=line_no))
    return f'<a href="{target}">{escape(text if text is not None else str(line_no))}</a>'


def make_csv(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return rows as CSV that Excel opens as it is: amounts in yuan, exact; each with its document and line."""
    headings = [_say_csv_heading(column) for column in columns]
    keys = [column.key for column in columns]
    if rows and "document_id" in rows[0] and "document_id" not in keys:
        keys.append("document_id")
        headings.append(say("column.document_id"))
    file = io.StringIO(newline="")
    write_csv(file, headings, ([row.get(key) for key in keys] for row in rows))
    return file.getvalue().encode("utf-8")


def _say_csv_heading(column: Column) -> str:
    if column.kind in AMOUNTS:
        return f"{column.heading} ({say_unit(YUAN)})"
    return f"{column.heading} ({say('column.as_ratio')})" if column.kind == "share" else column.heading


def offer_csv(rows: Sequence[Row], columns: Sequence[Column], *, name: str) -> None:
    """Offer rows for download under a name that says what they are."""
    if rows:
        st.download_button(
            say("table.download", count=len(rows)),
            data=make_csv(rows, columns),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"download_{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
