"""An Excel workbook for each unit: the official tables as printed, where they stand, and the verdicts.

Text is written as text and never as a formula, a number as a number with the decimals it is printed with,
a dash as the dash, a blank as nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from yusuan.exports import WrittenTable, replace_file
from yusuan.findings import list_findings_of
from yusuan.labels import (
    DOCUMENT_KINDS,
    FAMILIES,
    KINDS,
    REASONS,
    SCOPES,
    STATES,
    VERDICTS,
    say,
)
from yusuan.official_forms import OfficialForm, read_forms
from yusuan.selections import Selection, Unit, list_documents

NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.([0-9]+))?")
FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
SHEET_NAME_LENGTH = 31
WIDEST = 46
NARROWEST = 9
TITLE_SIZE = 14  # points
LINE_HEIGHT = 13.5  # points, of a text of 10 points
PORTRAIT_WIDTH = 105  # widths of a digit that an upright page of A4 holds at a readable size
CONTENTS_WIDTHS = (34, 58, 42, 30, 14, 14, 14, 16)
VERDICT_WIDTHS = (27, 16, 46, 26, 8, 18, 18, 14, 12, 10, 24)
FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
DARK, PALE = "#1f4e79", "#e8eef5"

Progress = Callable[[int, int, str], None]


def export_workbooks(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    folder: Path,
    on_progress: Progress = lambda done, total, name: None,
) -> list[WrittenTable]:
    """Write a workbook for each unit of the selection; ``rows`` counts the printed lines in it."""
    documents = list_documents(connection, selection)
    units = connection.execute(
        """
        select unit_id, unit_name, region_name, list(document_id order by fiscal_year desc, document_id)
        from marts.dim_documents
        inner join marts.dim_units using (unit_id)
        where list_contains($documents, document_id)
        group by all
        order by unit_id
        """,
        {"documents": documents},
    ).fetchall()
    written = []
    for number, (unit_id, name, region, of_unit) in enumerate(units):
        on_progress(number, len(units), name)
        path = folder / f"{safe_name(name)}.xlsx"
        forms = [form for document in of_unit for form in read_forms(connection, document)]
        with replace_file(path) as unfinished:
            write_workbook(connection, unfinished, Unit(unit_id, name, region), of_unit, forms)
        written.append(WrittenTable(unit_id, path, sum(len(form.rows) for form in forms)))
    on_progress(len(units), len(units), "")
    return written


def safe_name(name: str) -> str:
    """Return a name that every file system takes."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", name).strip("._") or "unit"


class Styles:
    """The formats of a workbook, made once each: Excel allows only so many."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(FONT | properties)
        return self._made[key]


@dataclass(frozen=True)
class Sheet:
    """A worksheet with its styles, written from top to bottom."""

    worksheet: Any
    styles: Styles

    def write(self, row: int, column: int, value: Any, **properties: Any) -> None:
        """Write a value by its kind; text is never taken for a formula or an address."""
        style = self.styles.get(**properties)
        if value is None or value == "":
            self.worksheet.write_blank(row, column, None, style)
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            self.worksheet.write_number(row, column, float(value), style)
        else:
            self.worksheet.write_string(row, column, str(value), style)

    def write_row(self, row: int, values: Sequence[Any], **properties: Any) -> None:
        for column, value in enumerate(values):
            self.write(row, column, value, **properties)

    def fit_height(self, row: int, values: Sequence[Any], widths: Sequence[int]) -> None:
        """Make a row as high as its longest text needs; not every program does so by itself."""
        lines = max(
            (count_lines(str(value), width) for value, width in zip(values, widths, strict=False) if value),
            default=1,
        )
        self.worksheet.set_row(row, min(LINE_HEIGHT * lines + 2, 400))


def write_workbook(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    unit: Unit,
    documents: Sequence[str],
    forms: Sequence[OfficialForm],
) -> None:
    """Write the workbook of one unit: contents and verdicts, every verdict, then a sheet for each table."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": f"{unit.unit_name} 预算与决算公开表", "author": "Yusuan 预算"})
        styles = Styles(workbook)
        names = name_sheets(forms)
        contents = Sheet(workbook.add_worksheet("目录"), styles)
        verdicts = Sheet(workbook.add_worksheet("勾稽核对"), styles)
        for form, name in zip(forms, names, strict=True):
            if name:
                _write_form(Sheet(workbook.add_worksheet(name), styles), form)
        _write_contents(connection, contents, unit, documents, list(zip(forms, names, strict=True)))
        _write_verdicts(connection, verdicts, documents)


def name_sheets(forms: Sequence[OfficialForm]) -> list[str]:
    """Return a sheet's name for each table that was read: its number and name, after the year if need be."""
    has_years = len({form.document_id for form in forms}) > 1
    taken: set[str] = set()
    names = []
    for form in forms:
        if form.state in ("missing", "set_aside"):
            names.append("")
            continue
        year = f"{form.fiscal_year} " if has_years else ""
        full = NOT_IN_SHEET_NAMES.sub("", f"{year}{form.statement_number} {form.statement_name}")
        name, number = full[:SHEET_NAME_LENGTH], 1
        while name.lower() in taken:
            number += 1
            name = f"{full[: SHEET_NAME_LENGTH - 3]}~{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def read_number(printed: str) -> tuple[Decimal, str] | None:
    """Return the value of a printed figure and the number format that shows it as printed, if it is one."""
    text = printed.strip().translate(FULL_WIDTH)
    match = NUMBER.fullmatch(text)
    if not match:
        return None
    decimals = len(match.group(1) or "")
    shown = ("#,##0" if "," in text else "0") + ("." + "0" * decimals if decimals else "")
    return Decimal(text.replace(",", "")), shown


def _write_form(sheet: Sheet, form: OfficialForm) -> None:
    header_rows = max((len(column.header) for column in form.columns), default=1)
    last = len(form.columns)  # after them stands the line of the source
    title = form.printed_title or form.statement_name
    widths = _measure(form)
    style = sheet.styles.get(bold=True, font_size=TITLE_SIZE, align="center", text_wrap=True)
    sheet.worksheet.merge_range(0, 0, 0, last, title, style)
    # A title wider than its table would be cut off on paper.
    sheet.worksheet.set_row(0, 1.5 * TITLE_SIZE * count_lines(title, sum(widths) * 10 // TITLE_SIZE) + 2)
    sheet.write(1, 0, f"单位：{form.unit_name}")
    sheet.write(1, last, f"计量单位：{'、'.join(form.units_of_measure)}", align="right")
    _write_header(sheet, form, 2, header_rows)
    row = 2 + header_rows
    for line_no, values in form.rows:
        for column, value in enumerate(values):
            _write_printed(sheet, row, column, value, form.columns[column].is_figure)
        sheet.fit_height(row, values, widths)
        sheet.write(row, last, line_no, font_color="#7f7f7f", align="center", border=1)
        row += 1
    if form.state != "data":
        words = " ".join(say(STATES, form.state))
        sheet.worksheet.merge_range(row, 0, row, last, words, sheet.styles.get(align="center", border=1))
    _lay_out(sheet, widths, header_rows, row)


def _write_printed(sheet: Sheet, row: int, column: int, value: str | None, is_figure: bool) -> None:
    number = read_number(value) if value and is_figure else None
    if number is not None:
        sheet.write(row, column, number[0], num_format=number[1], align="right", border=1)
    elif is_figure:
        sheet.write(row, column, value, align="center", border=1)
    else:
        sheet.write(row, column, value, num_format="@", text_wrap=True, border=1)


def _write_header(sheet: Sheet, form: OfficialForm, top: int, height: int) -> None:
    """Write the header: what neighbours share spans them, and what stands alone reaches down."""
    style = sheet.styles.get(bold=True, align="center", text_wrap=True, border=1, bg_color=PALE)
    columns = [*(column.header for column in form.columns), ("原文行号",)]
    for level in range(height):
        sheet.worksheet.set_row(top + level, 2 * LINE_HEIGHT)
    done: set[tuple[int, int]] = set()
    for level in range(height):
        for column, header in enumerate(columns):
            if level >= len(header) or (level, column) in done:
                continue
            is_lowest = level == len(header) - 1
            right = column if is_lowest else _find_last(columns, column, level)
            bottom = height - 1 if is_lowest else level
            done |= {(level, covered) for covered in range(column, right + 1)}
            if (right, bottom) == (column, level):
                sheet.worksheet.write_string(top + level, column, header[level], style)
            else:
                sheet.worksheet.merge_range(top + level, column, top + bottom, right, header[level], style)


def _find_last(columns: Sequence[tuple[str, ...]], first: int, level: int) -> int:
    """Return the last of the columns that share a header down to a level, and have more below it."""
    last = first
    while (
        last + 1 < len(columns)
        and len(columns[last + 1]) > level + 1
        and columns[last + 1][: level + 1] == columns[first][: level + 1]
    ):
        last += 1
    return last


def count_lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of a width."""
    return sum(max(1, -(-measure_text(line) // max(width - 1, 1))) for line in text.split("\n"))


def measure_text(text: str) -> int:
    """Return how wide a text is, in widths of a digit; Chinese counts double."""
    return max(
        (sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line))
        for line in text.split("\n")
    )


def _measure(form: OfficialForm) -> list[int]:
    widths = []
    for index, column in enumerate(form.columns):
        texts = [row[index] or "" for _, row in form.rows]
        widths.append(
            max([measure_text(column.header[-1]) // 2 + 2, *map(measure_text, texts)], default=0) + 2
        )
    return [min(max(width, NARROWEST), WIDEST) for width in widths] + [NARROWEST]


def _lay_out(sheet: Sheet, widths: Sequence[int], header_rows: int, last_row: int) -> None:
    worksheet = sheet.worksheet
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    worksheet.freeze_panes(2 + header_rows, 0)
    worksheet.ignore_errors(
        {"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(last_row, len(widths))}"}
    )
    worksheet.set_paper(9)  # A4
    if sum(widths) > PORTRAIT_WIDTH:
        worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0, 1 + header_rows)
    worksheet.set_footer("&C第 &P 页，共 &N 页")


def _write_contents(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    unit: Unit,
    documents: Sequence[str],
    forms: Sequence[tuple[OfficialForm, str]],
) -> None:
    """Write the first sheet: what this is, of whom and when, its tables, and what the figures say of it."""
    sheet.write(0, 0, f"{unit.unit_name} 预算与决算公开表", bold=True, font_size=16, font_color=DARK)
    row = _write_release(connection, sheet, unit, 2)
    row = _write_documents(connection, sheet, documents, row + 1)
    row = _write_tables(sheet, forms, row + 1)
    row = _write_findings(connection, sheet, documents, row + 1)
    _write_identities(connection, sheet, documents, row + 1)
    for column, width in enumerate(CONTENTS_WIDTHS):
        sheet.worksheet.set_column(column, column, width)
    sheet.worksheet.set_paper(9)
    sheet.worksheet.set_landscape()
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.hide_gridlines(2)


def _write_heading(sheet: Sheet, row: int, heading: str, columns: Sequence[str]) -> int:
    sheet.write(row, 0, heading, bold=True, font_size=12, font_color=DARK)
    sheet.write_row(row + 1, columns, bold=True, bg_color=PALE, border=1, text_wrap=True, align="center")
    sheet.fit_height(row + 1, columns, CONTENTS_WIDTHS)
    return row + 2


def _write_release(connection: duckdb.DuckDBPyConnection, sheet: Sheet, unit: Unit, row: int) -> int:
    release = connection.execute("select build_id, built_at, git_commit from marts.rpt_release").fetchone()
    assert release is not None
    for name, value in (
        ("单位标识 Unit", unit.unit_id),
        ("行政区划 Region", unit.region_name),
        ("数据版本 Release", f"{release[0]}（{release[1]:%Y-%m-%d %H:%M} UTC，代码版本 {release[2]}）"),
        ("数字 Figures", "数字、小数位数、空白与横线均与原文一致；各表末列为原文行号。"),
        ("", "Figures, decimals, blanks and dashes as printed; the last column is the line of the source."),
    ):
        sheet.write(row, 0, name, bold=True)
        sheet.write(row, 1, value)
        row += 1
    return row


def _write_documents(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, documents: Sequence[str], row: int
) -> int:
    row = _write_heading(
        sheet,
        row,
        "公开文件 Disclosures",
        (
            "文件标识\nDocument",
            "标题\nTitle",
            "来源文件\nSource file",
            "公开范围\nScope",
            "年度\nYear",
            "类别\nKind",
        ),
    )
    for document in connection.execute(
        """
        select document_id, printed_title, source_name, scope, fiscal_year, document_kind
        from marts.dim_documents where list_contains($documents, document_id)
        order by fiscal_year desc, document_id
        """,
        {"documents": list(documents)},
    ).fetchall():
        identifier, title, source, scope, year, kind = document
        values = (identifier, title, source, say(SCOPES, scope)[0], year, say(DOCUMENT_KINDS, kind)[0])
        sheet.write_row(row, values, border=1)
        row += 1
    return row


def _write_tables(sheet: Sheet, forms: Sequence[tuple[OfficialForm, str]], row: int) -> int:
    row = _write_heading(
        sheet,
        row,
        "公开表 Official tables",
        (
            "表号\nNumber",
            "表名\nTable",
            "工作表\nSheet",
            "状态\nState",
            "年度\nYear",
            "计量单位\nUnit",
            "原文行\nLines",
        ),
    )
    for form, name in forms:
        lines = f"{form.first_line}–{form.last_line}" if form.first_line else ""
        values = (form.statement_number, form.statement_name, "", " ".join(say(STATES, form.state)))
        sheet.write_row(
            row,
            (*values, form.fiscal_year, "、".join(form.units_of_measure), lines),
            border=1,
            text_wrap=True,
        )
        sheet.fit_height(row, (*values[:2], name, values[3]), CONTENTS_WIDTHS)
        if name:
            style = sheet.styles.get(border=1, font_color="#0563c1", underline=1, text_wrap=True)
            sheet.worksheet.write_url(row, 2, f"internal:'{name}'!A1", style, name)
        row += 1
    return row


def _write_findings(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, documents: Sequence[str], row: int
) -> int:
    """Write every disagreement with both sides and their lines."""
    findings = [finding for document in documents for finding in list_findings_of(connection, document)]
    row = _write_heading(
        sheet,
        row,
        "不符的勾稽关系 Disagreements",
        ("勾稽关系\nIdentity", "说明\nMeaning", "报告数（行：项目）\nReported", "计算数（行：项目）\nComputed",
         "差额（元）\nDifference", "尾差界限（元）\nBound", "行\nLine", "已说明\nExplained"),
    )  # fmt: skip
    if not findings:
        sheet.write(row, 0, "未发现不符。 No disagreement was found.")
        return row + 1
    for finding in findings:
        values = (
            f"{finding.document_id}\n{finding.identity_id}",
            "\n".join((*finding.describe(), *(finding.explain() or ()))),
            "\n".join(finding.list_side("reported")) or "空",
            "\n".join(finding.list_side("computed")) or "空",
        )
        sheet.write_row(row, values, border=1, text_wrap=True, valign="top")
        sheet.fit_height(row, values, CONTENTS_WIDTHS)
        for column, value in enumerate((finding.difference_yuan, finding.bound_yuan), start=4):
            sheet.write(row, column, value, border=1, num_format="#,##0.00", valign="top")
        sheet.write(row, 6, finding.line_no, border=1, valign="top")
        sheet.write(row, 7, "是 yes" if finding.is_explained else "否 no", border=1, valign="top")
        row += 1
    return row


def _write_identities(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, documents: Sequence[str], row: int
) -> int:
    """Write how often each identity holds, as a rounding difference or not, and how often it is broken."""
    row = _write_heading(
        sheet,
        row,
        "勾稽关系核对结果 Verdicts",
        ("勾稽关系\nIdentity", "内容\nMeaning", "类别\nFamily", "关系\nRelation",
         *(f"{chinese}\n{english}" for chinese, english in VERDICTS.values())),
    )  # fmt: skip
    for identity in connection.execute(
        """
        select
            identity_id, identity_name, identity_name_en, checks.family, checks.kind,
            count(*) filter (where verdict = 'exact'),
            count(*) filter (where verdict = 'rounding'),
            count(*) filter (where verdict = 'broken'),
            count(*) filter (where verdict = 'not_assessable')
        from marts.fct_identity_checks as checks
        inner join marts.dim_identities using (identity_id)
        where list_contains($documents, document_id) and reason is distinct from 'not_owed'
        group by all
        order by identity_id
        """,
        {"documents": list(documents)},
    ).fetchall():
        identifier, name, name_en, family, kind, *counts = identity
        values = (identifier, f"{name}\n{name_en}", say(FAMILIES, family)[0], say(KINDS, kind)[0], *counts)
        sheet.write_row(row, values, border=1, text_wrap=True)
        sheet.fit_height(row, values, CONTENTS_WIDTHS)
        row += 1
    return row


VERDICT_COLUMNS = (
    "文件标识\nDocument", "勾稽关系\nIdentity", "内容\nMeaning", "核对对象\nInstance", "行\nLine",
    "报告数\nReported", "计算数\nComputed", "差额\nDifference", "尾差界限\nBound", "核对结果\nVerdict", "原因\nReason",
)  # fmt: skip


def _write_verdicts(connection: duckdb.DuckDBPyConnection, sheet: Sheet, documents: Sequence[str]) -> None:
    """Write every verdict with its amounts, for filtering."""
    sheet.fit_height(0, VERDICT_COLUMNS, VERDICT_WIDTHS)
    sheet.write_row(0, VERDICT_COLUMNS, bold=True, bg_color=PALE, border=1, text_wrap=True, align="center")
    rows = connection.execute(
        """
        select
            document_id, identity_id, identity_name, instance, line_no,
            coalesce(reported_yuan, reported_count), coalesce(computed_yuan, computed_count),
            difference_yuan, bound_yuan, verdict, reason
        from marts.fct_identity_checks
        inner join marts.dim_identities using (identity_id)
        where list_contains($documents, document_id)
        order by verdict != 'broken', document_id, line_no nulls last, identity_id, instance
        """,
        {"documents": list(documents)},
    ).fetchall()
    for number, (*about, reported, computed, difference, bound, verdict, reason) in enumerate(rows, start=1):
        sheet.write_row(number, about, border=1, text_wrap=True)
        sheet.fit_height(number, about, VERDICT_WIDTHS)
        for column, value in enumerate((reported, computed, difference, bound), start=5):
            sheet.write(number, column, value, border=1, num_format="#,##0.00")
        color = {"broken": "#c00000", "rounding": "#806000"}.get(verdict, "#000000")
        sheet.write(number, 9, say(VERDICTS, verdict)[0], border=1, font_color=color)
        sheet.write(number, 10, say(REASONS, reason)[0], border=1)
    for column, width in enumerate(VERDICT_WIDTHS):
        sheet.worksheet.set_column(column, column, width)
    sheet.worksheet.freeze_panes(1, 0)
    sheet.worksheet.autofilter(0, 0, max(len(rows), 1), len(VERDICT_COLUMNS) - 1)
    sheet.worksheet.set_landscape()
    sheet.worksheet.set_paper(9)
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.repeat_rows(0)
