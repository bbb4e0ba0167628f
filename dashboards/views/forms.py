"""The official tables as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboards.contexts import (
    choose,
    choose_document,
    describe_document,
    has,
    name_statement,
    open_page,
    query,
    say,
)
from dashboards.tables import Column, offer_csv, render_line_link
from dashboards.warehouses import Row

STATEMENTS_QUERY = """
    select statement_code, document_kind, statement_number, statement_name, statement_name_en
    from marts.dim_statements
    order by statement_code
"""

FRAME = ("document_id", "printed_unit_name", "fiscal_year", "unit_of_money", "line_no")
STATEMENT_CODE = re.compile(r"[a-z][a-z0-9_]*")


def show() -> None:
    documents = open_page("forms", is_current=False)
    if not documents:
        return
    left, right = st.columns(2)
    with left:
        document = choose_document(documents)
    if document is None:
        return
    statements = {
        row["statement_code"]: row
        for row in query(STATEMENTS_QUERY)
        if row["document_kind"] == document["document_kind"] and has(f"forms.{row['statement_code']}", *FRAME)
    }
    if not statements:
        st.info(say("forms.none"))
        return
    with right:
        code = choose(
            "form", say("forms.choose"), list(statements), lambda key: name_statement(statements[key])
        )
    rows = _fetch(code, document["document_id"])
    st.header(name_statement(statements[code]), anchor=False)
    if not rows:
        st.info(say("forms.empty"))
        return
    _show_form(rows, document, code)


def _fetch(code: str, document_id: str) -> list[Row]:
    # A view's name is no parameter; this one comes from the warehouse and is looked at all the same.
    if not STATEMENT_CODE.fullmatch(code):
        return []
    return query(
        f"select * from forms.{code} where document_id = $document order by line_no", document=document_id
    )


def _show_form(rows: list[Row], document: Row, code: str) -> None:
    columns = _arrange([column for column in rows[0] if column not in FRAME])
    marked = st.query_params.get("line", "")
    units = [row["unit_of_money"] for row in rows if row["unit_of_money"]]
    unit = say("forms.unit", unit=units[0]) if units else ""
    caption = say("forms.caption", document=describe_document(document), unit=unit)
    body = "".join(_render_row(row, columns, marked) for row in rows)
    st.html(
        f'<div class="yusuan-table yusuan-form" tabindex="0"><table><caption>{escape(caption)}</caption>'
        f"<thead>{_render_head(columns)}</thead><tbody>{body}</tbody></table></div>"
    )
    if not any(row[column] for row in rows for column in columns if _is_figure(rows, column)):
        st.caption(say("forms.no_figures"))
    offer_csv(
        rows,
        [Column("line_no", say("column.line"), "count"), *(Column(column, column) for column in columns)],
        name=f"yusuan-{code}-{document['document_id']}",
    )
    st.caption(say("forms.note"))


def _is_figure(rows: Sequence[Row], column: str) -> bool:
    return not column.endswith(("项目", "名称", "编码", "代码")) and bool(rows)


def _arrange(columns: list[str]) -> list[str]:
    """Put the columns as the paper has them: each block's labels before its figures, blocks side by side."""
    blocks = list(dict.fromkeys(_find_block(column) for column in columns))
    if not any("_" in column for column in columns) or not _has_label_in_each(columns, blocks):
        return columns
    return [column for block in blocks for column in columns if _find_block(column) == block]


def _find_block(column: str) -> tuple[str, str]:
    number = re.search(r"_([0-9]+)$", column)
    return column.split("_")[0], number.group(1) if number else ""


def _has_label_in_each(columns: list[str], blocks: list[tuple[str, str]]) -> bool:
    """Whether the table has two sides or more, each with labels of its own."""
    labels = ("项目", "名称", "编码", "代码")
    return all(
        any(
            _find_block(column) == block and re.sub(r"_[0-9]+$", "", column).endswith(labels)
            for column in columns
        )
        for block in blocks
    )


def _render_head(columns: list[str]) -> str:
    """Return the head of the table: what neighbouring columns share stands above them."""
    paths = [re.sub(r"_[0-9]+$", "", column).split("_") for column in columns]
    blocks = [_find_block(column)[1] for column in columns]
    depth = max(len(path) for path in paths)
    rows = []
    for level in range(depth):
        cells = f'<th rowspan="{depth}">{escape(say("column.line"))}</th>' if level == 0 else ""
        at = 0
        while at < len(paths):
            path = paths[at]
            if level >= len(path):
                at += 1
                continue
            is_leaf = level == len(path) - 1
            end = at + 1
            while (
                not is_leaf
                and end < len(paths)
                and blocks[end] == blocks[at]
                and paths[end][: level + 1] == path[: level + 1]
                and len(paths[end]) > level + 1
            ):
                end += 1
            down = f' rowspan="{depth - level}"' if is_leaf and level < depth - 1 else ""
            across = f' colspan="{end - at}"' if end - at > 1 else ""
            cells += f"<th{across}{down}>{escape(path[level])}</th>"
            at = end
        rows.append(f"<tr>{cells}</tr>")
    return "".join(rows)


def _render_row(row: Row, columns: list[str], marked: str) -> str:
    cells = "".join(
        f'<td class="{"number" if _looks_like_figure(row[column], column) else "text"}">{escape(str(row[column] or ""))}</td>'
        for column in columns
    )
    mark = ' class="marked"' if str(row["line_no"]) == marked else ""
    return f'<tr{mark}><td class="number">{render_line_link(row["document_id"], row["line_no"])}</td>{cells}</tr>'


def _looks_like_figure(value: object, column: str) -> bool:
    if re.sub(r"_[0-9]+$", "", column).endswith(("项目", "名称", "编码", "代码")):
        return False
    return re.fullmatch(r"[-−—–0-9.,%]*", str(value or "")) is not None


show()
