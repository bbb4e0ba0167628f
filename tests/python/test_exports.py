"""Exports: what leaves the warehouse is what is in it, and opens where it is meant to open."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from yusuan.cli import app
from yusuan.data_packages import export_data_package
from yusuan.dictionaries import describe_column, describe_table, read_dictionary
from yusuan.exports import export_csv, export_parquet
from yusuan.official_forms import read_forms
from yusuan.selections import (
    NothingSelected,
    Selection,
    UnknownTable,
    UnknownUnit,
    find_unit,
    list_documents,
    list_tables,
    open_published,
)
from yusuan.spreadsheets import Headers, defuse
from yusuan.workbooks import export_workbooks, name_sheets, read_number

GAOPING = "140581-020"
Spoil = Callable[..., Path]


@pytest.fixture
def warehouse(built_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(built_database) as connection:
        yield connection


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-12.50", "-12.50"),
        ("-1,234.5%", "-1,234.5%"),
        ("——", "——"),
        ("基本支出", "基本支出"),
        (Decimal("-1.00"), Decimal("-1.00")),
        (None, None),
    ],
)
def test_text_is_never_a_formula_and_a_number_stays_one(text: object, written: object) -> None:
    assert defuse(text) == written


@pytest.mark.slow
def test_a_unit_answers_to_its_names(warehouse: duckdb.DuckDBPyConnection) -> None:
    for name in ("高平", "高平市", "高平市应急管理局", GAOPING, "020"):
        assert find_unit(warehouse, name).unit_id == GAOPING
    with pytest.raises(UnknownUnit, match="没有这个单位：上海"):
        find_unit(warehouse, "上海")
    with pytest.raises(UnknownUnit, match="不止一个单位符合"):
        find_unit(warehouse, "应急管理局")


@pytest.mark.slow
def test_a_selection_that_holds_nothing_is_said(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NothingSelected):
        list_documents(warehouse, Selection((GAOPING,), (1999,)))
    with pytest.raises(UnknownTable, match="没有这张表：fct_nothing"):
        list_tables(warehouse, ["fct_nothing"])


@pytest.mark.slow
def test_an_open_warehouse_reads_no_other_file(warehouse: duckdb.DuckDBPyConnection) -> None:
    for query in ("select * from read_text('/etc/hostname')", "copy (select 1) to '/tmp/yusuan_leak.csv'"):
        with pytest.raises(duckdb.PermissionException):
            warehouse.execute(query)
    with pytest.raises(duckdb.Error):
        warehouse.execute("set enable_external_access = true")


@pytest.mark.slow
def test_parquet_holds_what_the_warehouse_holds(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = export_parquet(warehouse, Selection(), tmp_path)
    assert {one.table for one in written} == set(list_tables(warehouse))
    for one in written:
        assert one.rows == warehouse.execute(f"select count(*) from {one.table}").fetchall()[0][0]
    schema = pyarrow.parquet.read_schema(tmp_path / "fct_amounts.parquet")
    assert str(schema.field("amount_yuan").type) == "decimal128(18, 2)"
    assert schema.field("amount_yuan").metadata[b"description"].decode().startswith("金额（元）")
    exported = duckdb.connect().execute(
        f"select sum(amount_yuan), count(*) from '{tmp_path}/fct_amounts.parquet'"
    )
    stored = warehouse.execute("select sum(amount_yuan), count(*) from marts.fct_amounts")
    assert exported.fetchall() == stored.fetchall()


@pytest.mark.slow
def test_a_csv_opens_in_excel_as_it_is_meant(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export_csv(warehouse, Selection((GAOPING,), (2026,), ("fct_amounts", "forms.b03")), tmp_path)
    content = (tmp_path / "fct_amounts.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")
    with (tmp_path / "fct_amounts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["unit_id"] for row in rows} == {GAOPING}
    assert {row["fiscal_year"] for row in rows} == {"2026"}
    assert all(re.fullmatch(r"-?\d+\.\d\d", row["amount_yuan"]) for row in rows)
    stored = warehouse.execute(
        "select sum(amount_yuan) from marts.fct_amounts where unit_id = ? and fiscal_year = 2026", [GAOPING]
    ).fetchall()[0][0]
    assert sum(Decimal(row["amount_yuan"]) for row in rows) == stored
    assert (tmp_path / "forms_b03.csv").is_file()
    assert (tmp_path / "data_dictionary.csv").is_file()


@pytest.mark.slow
def test_no_cell_of_a_csv_is_a_formula(spoil: Spoil, tmp_path: Path) -> None:
    evil = spoil("update marts.fct_amounts set printed_label = '=HYPERLINK(\"http://x\")'")
    with open_published(evil) as connection:
        export_csv(connection, Selection(tables=("fct_amounts",)), tmp_path / "csv")
        export_data_package(connection, Selection(tables=("fct_amounts",)), tmp_path / "package")
    for path in [*(tmp_path / "csv").glob("*.csv"), *(tmp_path / "package").rglob("*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.slow
def test_chinese_headings_name_every_column(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export_csv(warehouse, Selection(tables=("fct_income", "forms.b03")), tmp_path, headers=Headers.CHINESE)
    for name, heading in (("fct_income", "金额（元）"), ("forms_b03", "预算数_基本支出")):
        line = (tmp_path / f"{name}.csv").read_text("utf-8-sig").splitlines()[0]
        assert heading in line.split(",")
        assert not re.search("[a-z]", line)


def test_comments_are_taken_apart_by_language() -> None:
    column = describe_column("x", "VARCHAR", "表号：官方表格的编号 · Official table, e.g. b01 · b02.")
    assert (column.term, column.words) == ("表号", "官方表格的编号")
    assert column.words_en == "Official table, e.g. b01 · b02."
    table = describe_table("marts", "x", "收入。末级数字。Income by fund. Grain: a row. Nuance: leaves.", ())
    assert (table.term, table.words, table.words_en) == ("收入", "末级数字。", "Income by fund.")
    assert (table.grain, table.nuance) == ("a row.", "leaves.")


@pytest.mark.slow
def test_the_dictionary_words_every_table_and_column(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in read_dictionary(warehouse):
        assert re.search("[\u4e00-\u9fff]", table.term), table.full_name
        assert table.words_en, table.full_name
        for column in table.columns:
            assert re.search("[\u4e00-\u9fff]", column.term), f"{table.full_name}.{column.name}"
            assert column.words_en, f"{table.full_name}.{column.name}"


@pytest.mark.slow
@pytest.mark.parametrize("selection", [Selection(), Selection((GAOPING,), (2026,))], ids=["all", "one"])
def test_frictionless_accepts_the_data_package(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, selection: Selection
) -> None:
    export_data_package(warehouse, selection, tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "note"])
    descriptor = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    by_name = {resource["name"]: resource for resource in descriptor["resources"]}
    fields = {field["name"]: field for field in by_name["fct_expenditure_by_subject"]["schema"]["fields"]}
    assert fields["amount_yuan"]["columnType"] == "value"
    assert fields["subject_code"]["columnType"] == "functional-classification:generic:code"
    assert {key["reference"]["resource"] for key in by_name["fct_income"]["schema"]["foreignKeys"]} >= {
        "dim_documents",
        "dim_units",
        "dim_years",
    }
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert all(resource["path"] in readme for resource in descriptor["resources"])


@pytest.mark.slow
def test_frictionless_sees_a_changed_figure(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export_data_package(warehouse, Selection(), tmp_path)
    path = tmp_path / "data" / "fct_income.csv"
    path.write_bytes(path.read_bytes().replace(b"0.00,", b"1.00,", 1))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert [row[0] for row in report.flatten(["type"])] == ["hash-count"]


@pytest.mark.parametrize(
    ("printed", "value", "shown"),
    [
        ("1507.00", "1507.00", "0.00"),
        ("629.8", "629.8", "0.0"),
        ("1,507", "1507", "#,##0"),
        ("-3.10", "-3.10", "0.00"),
        ("１２．５", "12.5", "0.0"),
    ],
)
def test_a_printed_number_keeps_its_decimals(printed: str, value: str, shown: str) -> None:
    assert read_number(printed) == (Decimal(value), shown)


@pytest.mark.parametrize("printed", ["——", "", "无", "1.2.3", "=1"])
def test_what_is_no_number_stays_text(printed: str) -> None:
    assert read_number(printed) is None


@pytest.mark.slow
def test_a_form_has_the_columns_that_its_document_prints(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Not those of another layout, which the views hold too; sides stand beside each other."""
    (document,) = list_documents(warehouse, Selection((GAOPING,), (2026,)))
    forms = {form.statement_code: form for form in read_forms(warehouse, document)}
    assert [column.header for column in forms["b01"].columns] == [
        ("收入", "项目"),
        ("收入", "2026年"),
        ("支出", "项目"),
        ("支出", "2026年合计"),
        ("支出", "当年预算安排"),
        ("支出", "上年结转安排"),
    ]
    assert [column.header[-1] for column in forms["b02"].columns] == [
        "科目编码",
        "科目名称",
        "合计",
        "一般公共预算",
        "政府性基金",
        "国有资本经营预算",
        "财政专户管理资金",
        "单位资金",
        "上年结转",
    ]


def test_a_total_stands_where_the_document_prints_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    """In f06 the public total's amount closes the line, two blocks behind its label: so it does in both forms."""
    ((label, beside, printed, document_id),) = warehouse.sql("""
        select 公用经费_科目名称, 公用经费_决算数, 公用经费_决算数_3, document_id
        from forms.f06 where 公用经费_科目名称 like '公用经费合计%'
    """).fetchall()
    assert beside is None
    assert re.fullmatch(r"[0-9.]+", printed)
    (form,) = (form for form in read_forms(warehouse, document_id) if form.statement_code == "f06")
    (row,) = (row for _, row in form.rows if label in row)
    assert row[-1] == printed
    assert row[row.index(label) + 1] is None


@pytest.mark.slow
def test_a_workbook_holds_every_printed_figure(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Every figure that the forms print stands in the unit's workbook, as often and as printed."""
    export_workbooks(warehouse, Selection((GAOPING,)), tmp_path)
    workbook = openpyxl.load_workbook(tmp_path / "高平市应急管理局.xlsx")
    documents = list_documents(warehouse, Selection((GAOPING,)))
    forms = [form for document in reversed(documents) for form in read_forms(warehouse, document)]
    names = name_sheets(forms)
    assert [name for name in names if name] == workbook.sheetnames[2:]
    figures = 0
    for form, name in zip(forms, names, strict=True):
        sheet = workbook[name]
        top = 3 + max(len(column.header) for column in form.columns)
        for offset, (line_no, values) in enumerate(form.rows):
            cells = next(sheet.iter_rows(min_row=top + offset, max_row=top + offset))
            assert cells[len(values)].value == line_no
            for cell, printed, column in zip(cells, values, form.columns, strict=False):
                number = read_number(printed) if printed and column.is_figure else None
                if number is None:
                    assert cell.value == (printed or None)
                    assert cell.data_type in ("s", "n")
                else:
                    assert Decimal(str(cell.value)) == number[0]
                    assert cell.number_format == number[1]
                    figures += 1
    printed_figures = warehouse.execute(
        "select count(*) from raw.cells where list_contains($documents, document_id)",
        {"documents": documents},
    ).fetchall()[0][0]
    assert figures == printed_figures


@pytest.mark.slow
def test_a_workbook_lists_disagreements_with_both_sides(spoil: Spoil, tmp_path: Path) -> None:
    broken = spoil(
        """
        update marts.fct_identity_checks
        set verdict = 'broken', reason = 'beyond_bound', difference_yuan = 1000
        where identity_id = 'b03.row' and instance = (
            select min(instance) from marts.fct_identity_checks
            where identity_id = 'b03.row' and unit_id = '140581-020'
        ) and unit_id = '140581-020'
        """
    )
    with open_published(broken) as connection:
        export_workbooks(connection, Selection((GAOPING,)), tmp_path)
    workbook = openpyxl.load_workbook(tmp_path / "高平市应急管理局.xlsx")
    texts = [str(cell.value) for row in workbook["目录"].iter_rows() for cell in row if cell.value]
    assert any("差额超出尾差界限" in text for text in texts)
    assert workbook["勾稽核对"].cell(2, 10).value == "不符"


@pytest.mark.slow
def test_no_cell_of_a_workbook_is_a_formula(spoil: Spoil, tmp_path: Path) -> None:
    evil = spoil("update raw.rows set printed_label = '=1+1'")
    with open_published(evil) as connection:
        export_workbooks(connection, Selection((GAOPING,)), tmp_path)
    workbook = openpyxl.load_workbook(tmp_path / "高平市应急管理局.xlsx")
    kinds = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    export_workbooks(warehouse, Selection((GAOPING,), (2026,)), tmp_path)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        [
            *command,
            "--convert-to",
            every_sheet,
            "--outdir",
            str(tmp_path),
            str(tmp_path / "高平市应急管理局.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    sheet = next(tmp_path.glob("*表三 预算支出总表.csv")).read_text("utf-8")
    assert "计量单位：万元" in sheet
    assert re.search(r"^,合计,4024\.05,2335\.28,1688\.77,", sheet, re.MULTILINE)


@pytest.mark.slow
def test_the_command_exports_and_says_what_it_cannot(
    built_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "releases").mkdir(parents=True)
    (tmp_path / "home" / "current").symlink_to(built_database.parent)
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path / "home"))
    run = CliRunner().invoke
    to = ["--to", str(tmp_path / "out")]
    assert run(app, ["export", "--format", "csv", *to, "--unit", "高平", "--year", "2026"]).exit_code == 0
    assert (tmp_path / "out" / "fct_income.csv").is_file()
    for wrong in (["--unit", "上海"], ["--year", "1999"], ["--table", "fct_nothing"]):
        assert run(app, ["export", "--format", "csv", *to, *wrong]).exit_code == 1
    assert run(app, ["export", "--format", "xlsx", *to, "--table", "fct_income"]).exit_code == 2
    monkeypatch.setenv("YUSUAN_HOME", str(tmp_path / "empty"))
    assert run(app, ["export", "--format", "csv", *to]).exit_code == 1
