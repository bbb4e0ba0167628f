"""Budgets as the districts of Shanghai print them: a department's and its units', with forms of projects."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from printed_tables import FORMATS, Printed, list_read

from ingest.disclosures import parse_document
from ingest.narratives import read_narrative
from ingest.readers.files import read_document

_BUDGETS = ("general_public_budget", "government_fund_budget", "state_capital_budget")
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
        # The name is left out, the unit of money is none.
        ("预算单位", "unit", "编制单位： 单位：元"),
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


_FORM = (
    ("项目名称", "<", "某项经费", "<", "项目性质", "阶段性项目", "项目类别", "特定目标类"),
    ("主管部门", "<", "某市某区某局", "<", "实施单位", "某市某区某局某大队", "<", "<"),
    ("计划开始日期", "<", "2025-01-01", "<", "计划完成日期", "2026-12-31", "<", "<"),
    ("项目资金（元）", "<", "项目资金总额", "<", "900,000.00", "年度资金申请总额", "<", "400,000.00"),
    ("^", "^", "其中：财政资金", "<", "850,000.00", "其中：当年财政拨款", "<", "350,000.00"),
    ("^", "^", "^", "^", "^", "上年结转资金", "<", "0.00"),
    ("^", "^", "其他资金", "<", "50,000.00", "其他资金", "<", "50,000.00"),
    ("项目绩效目标", "项目总体目标(2025年-2026年)", "<", "<", "<", "年度总体目标", "<", "<"),
    ("^", "1.两年做好某事12次。", "<", "<", "<", "1.今年做好某事6次。", "<", "<"),
    ("绩效指标", "一级指标", "二级指标", "三级指标", "<", "<", "年度(/项目)指标值", "<"),
    ("^", "成本指标", "生态环境成本指标", "文明施工情况", "<", "<", "可控", "<"),
    ("^", "产出指标", "数量指标", "检查次数", "<", "<", "6次", "<"),
    ("^", "^", "质量指标", "完成率", "<", "<", "=100.00(%)", "<"),
    ("^", "效益指标", "社会效益指标", "安全水平", "<", "<", "提高", "<"),
    ("^", "^", "^", "知晓度", "<", "<", "≥90.00(%)", "<"),
    ("^", "满意度指标", "服务对象满意度指标", "群众满意度", "<", "<", "≥85.00(%)", "<"),
)
_FORM_TITLE = ("财政项目支出绩效目标申报表", "（2026年度）")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("is_within", [False, True])
def test_the_form_of_a_project_is_read_in_yuan(is_within: bool, kind: str, tmp_path: Path) -> None:
    """Its title may stand in the first cell of its own grid; the amount of a tall row names that row."""
    heads = tuple((text, *"<<<<<<<") for text in _FORM_TITLE) if is_within else ()
    title, *above = ("第四部分 附件",) if is_within else _FORM_TITLE
    # What only speaks of a form opens none.
    below = ("详见单位的项目绩效目标表",)
    form = Printed("p01", title, heads, ("",) * 8, _FORM, tuple(above), below)
    tables = [*_list_tables("预算单位", "编制单位：某市某区某局 单位：元"), form]
    path = tmp_path / f"document.{kind}"
    path.write_bytes(FORMATS[kind](("某市某区2026年区级单位预算", "预算单位：某市某区某局"), tables))
    parsed = parse_document(path)
    (read,) = parsed.forms
    assert not parsed.issues
    assert (read.state, read.template, read.unit_of_money) == ("read", "project_target_shanghai", "元")
    assert (read.printed_project_name, read.printed_department) == ("某项经费", "某市某区某局")
    assert (read.printed_unit_name, read.printed_kind) == ("某市某区某局某大队", "阶段性项目")
    assert read.printed_term == "2025-01-01 2026-12-31"
    assert {(row.block, row.row_code): row.cells.get("amount") for row in read.rows} == {
        ("term", "total"): "900,000.00",
        ("year", "total"): "400,000.00",
        ("term", "fiscal_appropriation"): "850,000.00",
        ("year", "fiscal_appropriation"): "350,000.00",
        ("year", "carryover"): "0.00",
        ("term", "other"): "50,000.00",
        ("year", "other"): "50,000.00",
    }
    assert [(i.level_2, i.printed_name, i.cells["target"]) for i in read.indicators] == [
        ("生态环境成本指标", "文明施工情况", "可控"),
        ("数量指标", "检查次数", "6次"),
        ("质量指标", "完成率", "=100.00(%)"),
        ("社会效益指标", "安全水平", "提高"),
        ("社会效益指标", "知晓度", "≥90.00(%)"),
        ("服务对象满意度指标", "群众满意度", "≥85.00(%)"),
    ]


_NARRATIVE = """
2026年单位预算编制说明
2026年，某局（某区少年儿童某某图书馆）收入预算2,000万元，其中：财政拨款收入2,000万元，比2025年预算增加增加30.00万元；事业收入0万元。
支出预算2,000万元，其中：财政拨款支出预算2,000万元，比2025年预算增加30.00万元。财政拨款支出预算中，
一般公共预算拨款支出预算1,900.00万元，比2025年预算减少10.00万元；政府性基金拨款支出预算100.00万元，比2025年预算增加40.00万元；
国有资本经营预算拨款支出预算0万元，与2025年预算增加持平。
财政拨款支出主要内容如下：
1. “卫生健康支出（210类）行政事业单位医疗（11款）行政单位医疗（01项）”143.90万元，主要用于医疗。
2.“城乡社区支出（类）城乡社区管理事务（款）城管执法（项）”科目1,756.10万元，主要用于执法。
3“城乡社区支出（类）国有土地使用权出让收入安排的支出（款）城市建设支出（项）100.00万元，主要用于建设。
2026年预算单位财务收支预算总表
收入预算99.00万元。
其他相关情况说明
一、2026年“三公”经费预算情况说明
2026年“三公”经费预算数为9.00万元，与2025年预算一致0万元。其中：（一）公务用车购置及运行费9.00万元，比2025年预算持平。
二、机关运行经费预算
2026年某局下属一家机关和一家行政执法机构财政拨款的机关运行经费预算为5.00万元。
四、绩效目标设置情况
本单位1个预算单位开展了2026年项目预算绩效目标编报工作，编报绩效目标的项目2个，涉及项目预算资金30.00万元。
其中：某服务费20.00万元，某系统维护10.00万元。
某某工程项目经费情况说明
六、年度预算安排
2026年度预算安排98.00万元。
"""


@pytest.mark.parametrize("heading", ["2026年单位预算编制说明", "2026年度预算单位预算编制说明"])
def test_the_narrative_of_a_unit_is_read_to_its_last_figure(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "document.txt"
    path.write_text(_NARRATIVE.strip().replace("2026年单位预算编制说明", heading), encoding="utf-8")
    found = read_narrative(read_document(path), "budget", 2026)
    assert not found.issues
    assert [
        (claim.item, claim.measure, f"{claim.sign or ''}{claim.printed_value}") for claim in found.claims
    ] == [
        ("income.total", "amount", "2,000"),
        ("income.fiscal_appropriation", "amount", "2,000"),
        ("income.fiscal_appropriation", "change_amount", "+30.00"),
        ("income.institution_income", "amount", "0"),
        ("expenditure.total", "amount", "2,000"),
        ("appropriated.total", "amount", "2,000"),
        ("appropriated.total", "change_amount", "+30.00"),
        ("general_public.total", "amount", "1,900.00"),
        ("general_public.total", "change_amount", "-10.00"),
        ("government_fund.total", "amount", "100.00"),
        ("government_fund.total", "change_amount", "+40.00"),
        ("state_capital.total", "amount", "0"),
        ("state_capital.total", "change_amount", "0"),
        ("funds.item", "amount", "143.90"),
        ("funds.item", "amount", "1,756.10"),
        ("funds.item", "amount", "100.00"),
        ("three_public.total", "amount", "9.00"),
        ("three_public.total", "change_amount", "0"),
        ("three_public.vehicles", "amount", "9.00"),
        ("three_public.vehicles", "change_amount", "0"),
        ("operating_cost.total", "amount", "5.00"),
        ("projects.units", "count", "1"),
        ("projects.count", "count", "2"),
        ("projects.budgeted", "amount", "30.00"),
        ("projects.named", "amount", "20.00"),
        ("projects.named", "amount", "10.00"),
    ]
    assert [claim.printed_label for claim in found.claims if claim.printed_label] == [
        "卫生健康支出(类)行政事业单位医疗(款)行政单位医疗(项)",
        "城乡社区支出(类)城乡社区管理事务(款)城管执法(项)",
        "城乡社区支出(类)国有土地使用权出让收入安排的支出(款)城市建设支出(项)",
        "某服务费",
        "某系统维护",
    ]


def test_a_label_that_runs_over_into_the_row_below_is_whole(tmp_path: Path) -> None:
    """Too narrow a column prints its end beside the next row of the other side."""
    table = Printed(
        "b04",
        "2026年部门财政拨款收支预算总表",
        (
            ("财政拨款收入", "<", "财政拨款支出", "<", "<", "<", "<"),
            ("项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
        ),
        ("", "income.amount", "", "expenditure.total", *(f"expenditure.{b}" for b in _BUDGETS)),
        (
            ("一、一般公共预算", "500", "一、教育支出", "500", "500", "", ""),
            ("三、国有资本经营预", "7", "二、卫生健康支出", "4", "", "", "4"),
            ("算", "", "三、住房保障支出", "3", "", "", "3"),
            ("收入总计", "507", "支出总计", "507", "500", "", "7"),
        ),
        ("编制部门：某市某区某局 单位：元",),
    )
    path = tmp_path / "document.pdf"
    path.write_bytes(FORMATS["pdf"](("某市某区2026年区级部门预算", "预算主管部门：某市某区某局"), [table]))
    parsed = parse_document(path)
    assert list_read(parsed) == table.list_cells()
    assert [row.printed_label for row in parsed.rows["b04"] if row.row_code == "state_capital_budget"] == [
        "三、国有资本经营预算"
    ]
    assert not parsed.issues
