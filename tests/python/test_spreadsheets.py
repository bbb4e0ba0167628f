"""What a sheet shows is what is read: number formats, merged cells, formulas, what is hidden."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from ingest.issues import RefusedDocument
from ingest.readers.files import read_content
from ingest.readers.number_formats import print_number, read_number
from ingest.readers.texts import Document

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '

# Stored value, number format, what the sheet shows.
SHOWN = [
    ("128.96", "General", "128.96"),
    ("128.96000000000001", "General", "128.96"),
    ("0.30000000000000004", "General", "0.3"),
    ("1507", "General", "1507"),
    ("2080501", "General", "2080501"),
    ("1E-3", "General", "0.001"),
    ("1234567890123.45", "General", "1234567890123.45"),
    ("1234.5", "#,##0.00", "1,234.50"),
    ("1234567.891", "#,##0.00", "1,234,567.89"),
    ("128.955", "0.00", "128.96"),
    ("-128.955", "0.00", "-128.96"),
    ("-0.001", "0.00", "0.00"),
    ("0.5", "#.00", "0.50"),
    ("100", "#,##0.##", "100"),
    ("7", "000", "007"),
    ("0", "#", ""),
    ("0", "0.00;-0.00;;@", ""),
    ("0", ACCOUNTING, "-"),
    ("12345.678", ACCOUNTING, "12,345.68"),
    ("-12345.678", ACCOUNTING, "-12,345.68"),
    ("-1234.5", "#,##0.00_);(#,##0.00)", "-1,234.50"),
    ("-5", "0.00;[Red]0.00", "-5.00"),
    ("-5", "0.00_ ;[Red]\\-0.00\\ ", "-5.00"),
    ("0.1234", "0.00%", "12.34%"),
    ("12345678", "#,##0.00,", "12,345.68"),
    ("12", '0.00"万元"', "12.00万元"),
    ("5", "[$¥-804]#,##0.00", "¥5.00"),
    ("3", "@", "3"),
    ("0.125", "# ?/?", "0.125"),
    ("12345", "0.0E+00", "12345"),
    ("12345", "[>100]0.0;0", "12345"),
    ("46000", 'yyyy"年"m"月"d"日"', "2025年12月9日"),
    ("46000", "[$-804]yyyy/m/d;@", "2025/12/9"),
    ("46000.5", "yyyy/m/d h:mm", "2025-12-09 12:00"),
]


@pytest.mark.parametrize(("stored", "code", "shown"), SHOWN)
def test_a_number_is_printed_as_the_sheet_shows_it(stored: str, code: str, shown: str) -> None:
    value = read_number(stored)
    assert value is not None
    assert print_number(value, code) == shown


@given(fen=st.integers(-(10**14), 10**14))
def test_no_fen_is_lost_between_a_double_and_the_paper(fen: int) -> None:
    exact = Decimal(fen).scaleb(-2)
    value = read_number(repr(float(exact)))
    assert value == exact
    assert Decimal(print_number(value, "#,##0.00").replace(",", "")) == exact
    assert Decimal(print_number(value, "General")) == exact


def _save(book: openpyxl.Workbook) -> Document:
    output = io.BytesIO()
    book.save(output)
    return read_content("book.xlsx", output.getvalue())


def _cells(document: Document) -> list[tuple[str, ...]]:
    return [line.cells for line in document.lines]


def test_merged_cells_print_once_and_blanks_stay_blank() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["2026年预算收支总表"],
        ["项目", "预算数", None, "决算数"],
        [None, "合计", "基本", None],
        ["甲"],
    ):
        sheet.append(row)
    sheet.append([None, 1, None, 2])
    for span in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(span)
    assert _cells(_save(book)) == [
        ("2026年预算收支总表",),
        ("项目", "预算数", "", "决算数"),
        ("", "合计", "基本"),
        ("甲", ""),
        ("", "1", "", "2"),
    ]


def test_a_formula_counts_by_its_stored_value_and_never_as_a_blank() -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", "=SUM(A1:A9)", "='[1]别处'!A1"])
    # openpyxl stores no values: these formulas were never calculated.
    assert _cells(_save(book)) == [("甲", "=SUM(A1:A9)", "='[1]别处'!A1")]


def test_what_is_hidden_is_not_read_and_is_named() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["甲", 1, 2])
    sheet.append(["乙", 3, 4])
    sheet.append(["丙", 5, 6])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    aside = book.create_sheet("草稿")
    aside.append(["丁", 7])
    aside.sheet_state = "hidden"
    document = _save(book)
    assert _cells(document) == [("甲", "2"), ("",), ("丙", "6")]
    assert [issue.reason for issue in document.issues] == ["hidden_part", "hidden_part"]
    assert "5 cells" in document.issues[0].found
    assert "草稿" in document.issues[1].found


def test_rows_are_numbered_through_all_sheets() -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲", 1])
    book.create_sheet().append(["乙", 2])
    document = _save(book)
    assert [(line.line_no, line.cells) for line in document.lines] == [(1, ("甲", "1")), (2, ("乙", "2"))]


def test_breaks_in_a_cell_become_one_space() -> None:
    book = openpyxl.Workbook()
    book.active.append(["社会保障\n和就业支出", "  甲\t乙 ", "a_x000D_\nb", True, "#REF!"])
    assert _cells(_save(book)) == [("社会保障 和就业支出", "甲 乙", "a b", "TRUE", "#REF!")]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_zeros_that_the_sheet_does_not_show_are_blank(kind: str) -> None:
    output = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["甲", 0, 1])
        book.active.sheet_view.showZeros = False
        book.save(output)
    else:
        old = xlwt.Workbook()
        sheet = old.add_sheet("表")
        for column, value in enumerate(["甲", 0, 1]):
            sheet.write(0, column, value)
        sheet.show_zero_values = 0
        old.save(output)
    assert _cells(read_content(f"book.{kind}", output.getvalue())) == [("甲", "", "1")]


def test_an_old_sheet_shows_numbers_dates_and_merged_cells() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 2, "2026年预算收支总表")
    for column, (value, code) in enumerate([(1234.5, "#,##0.00"), (128.96, "General"), (46000, "yyyy/m/d")]):
        sheet.write(1, column, value, xlwt.easyxf(num_format_str=code))
    sheet.write(2, 0, xlwt.Formula("1+1"))
    hidden = book.add_sheet("草稿")
    hidden.write(0, 0, "丁")
    hidden.visibility = 1
    output = io.BytesIO()
    book.save(output)
    document = read_content("book.xls", output.getvalue())
    assert _cells(document)[:2] == [("2026年预算收支总表",), ("1,234.50", "128.96", "2025/12/9")]
    assert [issue.reason for issue in document.issues] == ["hidden_part"]


def test_a_workbook_with_nothing_to_see_is_refused() -> None:
    with pytest.raises(RefusedDocument) as refused:
        _save(openpyxl.Workbook())
    assert refused.value.issue.reason == "empty_document"
