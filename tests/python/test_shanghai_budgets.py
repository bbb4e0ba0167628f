"""Budgets as the districts of Shanghai print them: a department's and its units', with forms of projects."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from printed_tables import FORMATS, Printed, list_read

from ingest.disclosures import parse_document

_CODES = (("功能分类科目编码", "<", "<", "功能分类科目名称"), ("类", "款", "项", "^"))
_ROWS = (
    ("208", "", "", "社会保障和就业支出", "600,000", "600,000", ""),
    ("208", "05", "", "行政事业单位养老支出", "600,000", "600,000", ""),
    ("208", "05", "05", "机关事业单位基本养老保险缴费支出", "600,000", "600,000", ""),
    ("212", "", "", "城乡社区支出", "1,400,000", "1,000,000", "400,000"),
    ("212", "01", "", "城乡社区管理事务", "1,400,000", "1,000,000", "400,000"),
    ("212", "01", "04", "城管执法", "1,400,000", "1,000,000", "400,000"),
    ("合计", "<", "<", "<", "2,000,000", "1,600,000", "400,000"),
)


def _by_function(statement: str, title: str, above: str, kinds: tuple[str, ...], unit: str) -> Printed:
    names = ("total", "basic", "project") if statement == "b03" else ("total", "fiscal_appropriation")
    header = (
        ("项目", *"<<<", above, *"<" * (len(kinds) - 1)),
        (*_CODES[0], *kinds),
        (*_CODES[1], *"^" * len(kinds)),
    )
    rows = tuple((*row[:4], *(row[4:] if statement == "b03" else (row[4], row[4]))) for row in _ROWS)
    return Printed(statement, title, header, ("",) * 4 + tuple(f"main.{n}" for n in names), rows, (unit,))


def _list_tables(of_whom: str, unit: str) -> list[Printed]:
    return [
        Printed(
            "b01",
            f"2026年{of_whom}财务收支预算总表",
            (("本年收入", "<", "本年支出", "<"), ("项目", "预算数", "项目", "预算数")),
            ("", "income.amount", "", "expenditure.total"),
            (
                ("一、财政拨款收入", "2,000,000", "一、社会保障和就业支出", "600,000"),
                ("1. 一般公共预算", "2,000,000", "二、城乡社区支出", "1,400,000"),
                ("2. 政府性基金预算", "", "", ""),
                ("收入总计", "2,000,000", "支出总计", "2,000,000"),
            ),
            (unit,),
        ),
        _by_function("b02", f"2026年{of_whom}收入预算总表", "收入预算", ("合计", "财政拨款收入"), unit),
        _by_function(
            "b03", f"2026年{of_whom}⽀出预算总表", "支出预算", ("合计", "基本支出", "项目支出"), unit
        ),
        Printed(
            "b06",
            f"2026年{of_whom}一般公共预算基本支出部门预算经济分类预算表",
            (
                ("项目", "<", "<", "一般公共预算基本支出", "<", "<"),
                ("经济分类科目编码", "<", "部门经济分类科目名称", "合计", "人员经费", "公用经费"),
                ("类", "款", "^", "^", "^", "^"),
            ),
            ("", "", "", "main.total", "main.personnel", "main.public"),
            (
                ("301", "", "工资福利支出", "1,500,000", "1,500,000", "0"),
                ("301", "01", "基本工资", "1,500,000", "1,500,000", "0"),
                ("302", "", "商品和服务支出", "100,000", "0", "100,000"),
                ("302", "01", "办公费", "100,000", "0", "100,000"),
                ("合计", "<", "<", "1,600,000", "1,500,000", "100,000"),
            ),
            (unit,),
        ),
    ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("of_whom", "scope", "named"),
    [
        ("部门", "department", "编制部门：某市某区某局 单位：元"),
        ("单位", "unit", "编制单位：某市某区某局 单位：元"),
        # Whose budget it is may be told in the words of its cover.
        ("预算单位", "unit", "编制单位：某市某区某局 单位：元"),
    ],
)
def test_tables_of_a_department_and_of_its_units_are_the_same(
    of_whom: str, scope: str, named: str, kind: str, tmp_path: Path
) -> None:
    tables = _list_tables(of_whom, named)
    cover = f"某市某区2026年区级{'部门' if scope == 'department' else '单位'}预算"
    path = tmp_path / f"document.{kind}"
    path.write_bytes(FORMATS[kind]((cover, "预算单位：某市某区某局"), tables))
    parsed = parse_document(path)
    assert list_read(parsed) == sum((table.list_cells() for table in tables), Counter())
    assert [(table.statement_code, table.unit_of_money) for table in parsed.tables] == [
        (table.statement, "元") for table in tables
    ]
    assert (parsed.document.scope, parsed.document.printed_unit_name) == (scope, "某市某区某局")
    assert not parsed.issues
