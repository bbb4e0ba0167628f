"""Tables of publishers whose layout nobody wrote a template for: open templates read them by their words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from printed_tables import FORMATS, Printed, list_read

from ingest.disclosures import parse_document
from ingest.parsed_tables import ParsedTables

BUDGET, FINAL = ("虚构市虚构局2024年部门预算",), ("虚构市虚构局2023年度部门决算公开",)
_SOURCES = (
    "本年收入合计",
    "财政拨款收入",
    "上级补助收入",
    "事业收入",
    "经营收入",
    "附属单位上缴收入",
    "其他收入",
)
_SOURCE_COLUMNS = (
    *("main.total", "main.fiscal_appropriation", "main.superior_subsidy", "main.institution_income"),
    *("main.operating_income", "main.affiliate_remittance", "main.other_income"),
)
_ITEMS = ("合计", "因公出国（境）费", "公务用车购置及运行费", "<", "<", "公务接待费")
_ITEM_WORDS = ("^", "^", "小计", "公务用车购置费", "公务用车运行费", "^")
_ITEM_COLUMNS = (
    "three_public",
    "travel_abroad",
    "vehicles",
    "vehicle_purchase",
    "vehicle_running",
    "hospitality",
)

CASES: dict[str, tuple[tuple[str, ...], Printed]] = {
    # 类 款 项 stand beside 栏次 and 合计; below them the code stands over all three.
    "codes over the columns of 类 款 项": (
        FINAL,
        Printed(
            "f02",
            "收入决算表",
            (
                ("项目", "<", "<", "<", *_SOURCES),
                ("功能分类科目编码", "<", "<", "科目名称", *"^^^^^^^"),
                ("类", "款", "项", "栏次", *"1234567"),
            ),
            ("", "", "", "", *_SOURCE_COLUMNS),
            (
                ("^", "^", "^", "合计", "812.05", "800.00", "", "12.05", "", "", ""),
                ("201", "<", "<", "一般公共服务支出", "812.05", "800.00", "", "12.05", "", "", ""),
                ("20103", "<", "<", "政府办公厅（室）", "812.05", "800.00", "", "12.05", "", "", ""),
                ("2010301", "<", "<", "行政运行", "812.05", "800.00", "", "12.05", "", "", ""),
            ),
            above=("公开02表", "部门：虚构市虚构局", "金额单位：万元"),
        ),
    ),
    "last year, change and its rate": (
        BUDGET,
        Printed(
            "b05",
            "部门公开表5 一般公共预算支出表",
            (
                (
                    "功能分类科目",
                    "<",
                    "2023年执行数",
                    "2024年预算数",
                    "<",
                    "<",
                    "2024年预算数比2023年执行数",
                    "<",
                ),
                ("科目编码", "科目名称", "^", "小计", "基本支出", "项目支出", "增减额", "增减%"),
            ),
            ("", "", "main.prior_total", "main.total", "main.basic", "main.project", "main.change", ""),
            (
                ("205", "教育支出", "90.00", "100.00", "60.00", "40.00", "10.00", "11.11"),
                ("合计", "<", "90.00", "100.00", "60.00", "40.00", "10.00", "11.11"),
            ),
        ),
    ),
    "two years side by side": (
        BUDGET,
        Printed(
            "b14",
            "一般公共预算“三公”经费支出表",
            (
                ("2023年预算数", *"<<<<<", "2024年预算数", *"<<<<<"),
                (*_ITEMS, *_ITEMS),
                (*_ITEM_WORDS, *_ITEM_WORDS),
            ),
            (*(f"main.prior_{c}" for c in _ITEM_COLUMNS), *(f"main.{c}" for c in _ITEM_COLUMNS)),
            (("4.50", "", "3.00", "", "3.00", "1.50", "3.00", "", "1.80", "", "1.80", "1.20"),),
        ),
    ),
    "income by unit, with what was carried over": (
        BUDGET,
        Printed(
            "b21",
            "2024年部门收入总表",
            (
                (
                    "部门（单位）代码",
                    "部门（单位）名称",
                    "合计",
                    "本年收入",
                    "<",
                    "<",
                    "<",
                    "上年结转结余",
                    "<",
                ),
                (
                    "^",
                    "^",
                    "^",
                    "小计",
                    "一般公共预算",
                    "财政专户管理资金",
                    "事业收入",
                    "小计",
                    "一般公共预算",
                ),
            ),
            (
                *("", "", "main.grand_total", "main.total", "main.general_public_budget"),
                *("main.fiscal_special_account", "main.institution_income", "main.carryover"),
                "main.carryover_general_public_budget",
            ),
            (
                ("", "合计", "120.00", "110.00", "90.00", "", "20.00", "10.00", "10.00"),
                ("301001", "虚构市虚构局本级", "120.00", "110.00", "90.00", "", "20.00", "10.00", "10.00"),
            ),
        ),
    ),
    "a total that closes the line three blocks behind its label": (
        FINAL,
        Printed(
            "f06",
            "一般公共预算财政拨款基本支出决算表",
            (
                ("人员经费", "<", "<", "公用经费", *"<<<<<"),
                ("经济分类科目编码", "科目名称", "决算数") * 3,
            ),
            ("", "", "personnel.amount", "", "", "public.amount", "", "", "public.amount"),
            (
                (
                    "301",
                    "工资福利支出",
                    "80.00",
                    "302",
                    "商品和服务支出",
                    "20.00",
                    "30211",
                    "差旅费",
                    "12.00",
                ),
                ("30101", "基本工资", "80.00", "30201", "办公费", "8.00", "", "", ""),
                ("人员经费合计", "<", "80.00", "公用经费合计", "<", "<", "<", "<", "20.00"),
            ),
        ),
    ),
    "economic items with personnel and public across": (
        FINAL,
        Printed(
            "f06",
            "一般公共预算财政拨款基本支出决算表（按经济分类科目）",
            (("科目编码", "科目名称", "本年基本支出", "<", "<"), ("^", "^", "合计", "人员经费", "公用经费")),
            ("", "", "main.total", "main.personnel", "main.public"),
            (("合计", "<", "100.00", "80.00", "20.00"), ("301", "工资福利支出", "80.00", "80.00", "")),
        ),
    ),
    "the accounts of 2018, their first line in parts": (
        ("虚构市虚构局二〇一八年度部门决算",),
        Printed(
            "f01",
            "收入支出决算总表",
            (
                ("收入", "<", "<", "支出", "<", "<"),
                ("项目", "行次", "金额") * 2,
                ("栏次", "", "1", "栏次", "", "2"),
            ),
            ("", "", "income.amount", "", "", "expenditure.amount"),
            (
                ("一、财政拨款收入", "1", "90.00", "一、一般公共服务支出", "9", "95.00"),
                ("其中：政府性基金预算财政拨款", "2", "20.00", "二、外交支出", "10", ""),
                ("用事业基金弥补收支差额", "3", "5.00", "结余分配", "11", ""),
                ("总计", "4", "95.00", "总计", "12", "95.00"),
            ),
        ),
    ),
    # 云南: what was opened and closed with, in their parts, beside the expenditure.
    "income and balances beside the expenditure": (
        FINAL,
        Printed(
            "f05",
            "一般公共预算财政拨款收入支出决算表",
            (
                (
                    *("项目", "<", "<", "<", "年初结转和结余", "<", "<", "本年收入", "<", "<"),
                    *("本年支出", "<", "<", "<", "<", "年末结转和结余", "<", "<", "<", "<"),
                ),
                (
                    *("支出功能分类科目编码", "<", "<", "科目名称", "合计", "基本支出结转"),
                    *("项目支出结转和结余", "合计", "基本支出", "项目支出", "合计", "基本支出", "<", "<"),
                    *("项目支出", "合计", "基本支出结转", "项目支出结转和结余", "<", "<"),
                ),
                (
                    *("^", "^", "^", "^", "^", "^", "^", "^", "^", "^", "^", "小计", "人员经费", "公用经费"),
                    *("^", "^", "^", "小计", "项目支出结转", "项目支出结余"),
                ),
                ("类", "款", "项", "栏次", *map(str, range(1, 17))),
            ),
            (
                *("", "", "", "", "main.opening", "main.opening_basic", "main.opening_project"),
                *("main.income", "main.income_basic", "main.income_project", "main.total", "main.basic"),
                *("main.personnel", "main.public", "main.project", "main.closing", "main.closing_basic"),
                *("main.closing_project", "main.closing_project_carried", "main.closing_project_surplus"),
            ),
            (
                (
                    *("^", "^", "^", "合计", "5.00", "2.00", "3.00", "90.00", "60.00", "30.00"),
                    *("91.00", "61.00", "50.00", "11.00", "30.00", "4.00", "1.00", "3.00", "3.00", ""),
                ),
                (
                    *("213", "<", "<", "农林水支出", "5.00", "2.00", "3.00", "90.00", "60.00", "30.00"),
                    *("91.00", "61.00", "50.00", "11.00", "30.00", "4.00", "1.00", "3.00", "3.00", ""),
                ),
            ),
            above=("公开05表", "部门：虚构市虚构局", "金额单位：元"),
        ),
    ),
    # 云南, and 机构运行信息表 elsewhere: one line an item, what it counts below, and units in words.
    "three public expenses line by line": (
        FINAL,
        Printed(
            "f13",
            "财政拨款“三公”经费、行政参公单位机关运行经费情况表",
            (
                ("项目", "行次", "年初预算数", "全年预算数", "决算统计数"),
                ("栏次", "", "1", "2", "3"),
            ),
            ("", "", "main.initial", "main.adjusted", "main.final"),
            (
                ("一、“三公”经费支出", "1", "—", "—", "—"),
                ("（一）支出合计", "2", "8.00", "8.00", "6.00"),
                ("1．因公出国（境）费", "3", "", "", ""),
                ("2．公务用车购置及运行维护费", "4", "5.00", "5.00", "4.50"),
                ("（1）公务用车购置费", "5", "", "", ""),
                ("（2）公务用车运行维护费", "6", "5.00", "5.00", "4.50"),
                ("3．公务接待费", "7", "3.00", "3.00", "1.50"),
                ("（1）国内接待费", "8", "", "", "1.50"),
                ("其中：外事接待费", "9", "", "", ""),
                ("（2）国（境）外接待费", "10", "", "", ""),
                ("（二）相关实物量", "11", "—", "—", "—"),
                ("4．公务用车保有量（辆）", "15", "", "", "2"),
                ("5．国内公务接待批次（个）", "16", "", "", "20"),
                ("其中：外事接待批次（个）", "17", "", "", ""),
                ("二、机关运行经费", "22", "", "", "60.00"),
                ("（一）行政单位", "23", "", "", "60.00"),
                ("（二）参照公务员法管理事业单位", "24", "", "", ""),
            ),
        ),
    ),
    # A line of 决算数 below the sources, and 类 款 项 beside the total.
    "what each column is of, above what it prints": (
        FINAL,
        Printed(
            "f02",
            "收入决算表",
            (
                ("项目", "<", "<", "<", *_SOURCES),
                ("功能分类科目编码", "<", "<", "科目名称", *"^^^^^^^"),
                ("^", "^", "^", "^", *["决算数"] * 7),
            ),
            ("", "", "", "", *_SOURCE_COLUMNS),
            (
                ("类", "款", "项", "合计", "77.10", "70.00", "0.00", "7.10", "0.00", "0.00", "0.00"),
                ("211", "<", "<", "节能环保支出", "77.10", "70.00", "0.00", "7.10", "0.00", "0.00", "0.00"),
                ("21103", "<", "<", "污染防治", "77.10", "70.00", "0.00", "7.10", "0.00", "0.00", "0.00"),
                ("2110301", "<", "<", "大气", "77.10", "70.00", "0.00", "7.10", "0.00", "0.00", "0.00"),
            ),
        ),
    ),
    "kinds of expenditure above what they print": (
        FINAL,
        Printed(
            "f03",
            "支出决算表",
            (
                (
                    "项目",
                    "<",
                    "本年支出合计",
                    "基本支出",
                    "项目支出",
                    "上缴上级支出",
                    "经营支出",
                    "对附属单位补助支出",
                ),
                ("科目编码", "科目名称", *["决算数"] * 6),
            ),
            (
                *("", "", "main.total", "main.basic", "main.project"),
                *("main.remitted_to_superior", "main.operating", "main.affiliate_subsidy"),
            ),
            (
                ("合计", "<", "77.10", "60.00", "17.10", "0.00", "0.00", "0.00"),
                ("211", "节能环保支出", "77.10", "60.00", "17.10", "0.00", "0.00", "0.00"),
            ),
        ),
    ),
    "both sides of appropriation as accounts": (
        FINAL,
        Printed(
            "f04",
            "财政拨款收入支出决算总表",
            (
                ("收入决算数", "<", "支出决算数", *"<<<<"),
                (
                    *("项目", "决算数", "项目", "合计", "一般公共预算财政拨款"),
                    *("政府性基金预算财政拨款", "国有资本经营预算财政拨款"),
                ),
            ),
            (
                *("", "income.amount", "", "expenditure.total", "expenditure.general_public_budget"),
                *("expenditure.government_fund_budget", "expenditure.state_capital_budget"),
            ),
            (
                (
                    "一、一般公共预算财政拨款",
                    "77.10",
                    "一、一般公共服务支出",
                    "77.10",
                    "77.10",
                    "0.00",
                    "0.00",
                ),
                ("总计", "77.10", "总计", "77.10", "77.10", "0.00", "0.00"),
            ),
        ),
    ),
    "what the account is of, above its kinds": (
        FINAL,
        Printed(
            "f05",
            "一般公共预算财政拨款支出决算表",
            (
                ("项 目", "<", "<", "<", "一般公共预算财政拨款支出决算数", "<", "<"),
                ("功能分类科目编码", "<", "<", "科目名称", "合计", "基本支出", "项目支出"),
                ("类", "款", "项", "^", "^", "^", "^"),
            ),
            ("", "", "", "", "main.total", "main.basic", "main.project"),
            (
                ("211", "<", "<", "节能环保支出", "77.10", "60.00", "17.10"),
                ("21103", "<", "<", "污染防治", "77.10", "60.00", "17.10"),
                ("合计", "<", "<", "<", "77.10", "60.00", "17.10"),
            ),
        ),
    ),
    "economic codes in two columns, two blocks side by side": (
        FINAL,
        Printed(
            "f06",
            "一般公共预算财政拨款基本支出决算表",
            (
                ("经济分类科目编码", "<", "科目名称", "决算数") * 2,
                ("类", "款", "^", "^") * 2,
            ),
            ("", "", "", "personnel.amount", "", "", "", "public.amount"),
            (
                ("301", "", "工资福利支出", "52.00", "302", "", "商品和服务支出", "8.00"),
                ("301", "01", "基本工资", "52.00", "302", "01", "办公费", "7.50"),
                ("", "", "", "", "302", "11", "差旅费", "0.50"),
                ("人员经费合计", "<", "<", "52.00", "公用经费合计", "<", "<", "8.00"),
            ),
        ),
    ),
    # 河北, 湖北: lines are numbered.
    "a column of line numbers": (
        BUDGET,
        Printed(
            "b03",
            "部门预算支出总表",
            (("序号", "科目编码", "科目名称", "合计", "基本支出", "项目支出"),),
            ("", "", "", "main.total", "main.basic", "main.project"),
            (
                ("1", "", "合计", "90.00", "70.00", "20.00"),
                ("2", "201", "一般公共服务支出", "90.00", "70.00", "20.00"),
            ),
        ),
    ),
    # 广东: the code stands before the name.
    "codes within the names": (
        BUDGET,
        Printed(
            "b05",
            "一般公共预算支出情况表（按功能分类科目）",
            (
                ("功能科目名称", "2024年预算", "<", "<"),
                ("^", "小计", "其中：基本支出", "其中：项目支出"),
            ),
            ("", "main.total", "main.basic", "main.project"),
            (
                ("合计", "90.00", "70.00", "20.00"),
                ("[201]一般公共服务支出", "90.00", "70.00", "20.00"),
                ("[2010301]行政运行", "90.00", "70.00", "20.00"),
            ),
        ),
    ),
    # 北京 and many: what was carried over by fund.
    "projects with what was carried over": (
        BUDGET,
        Printed(
            "b22",
            "项目支出表",
            (
                (
                    *("类型", "项目名称", "项目单位", "合计", "本年拨款", "<", "<"),
                    *("财政拨款结转结余", "<", "<", "财政专户管理资金", "单位资金"),
                ),
                (
                    *("^", "^", "^", "^", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
                    *("一般公共预算", "政府性基金预算", "国有资本经营预算", "^", "^"),
                ),
            ),
            (
                *("", "", "", "main.total", "main.general_public_budget", "main.government_fund_budget"),
                *("main.state_capital_budget", "main.carryover_general_public_budget"),
                *("main.carryover_government_fund_budget", "main.carryover_state_capital_budget"),
                *("main.fiscal_special_account", "main.unit_funds"),
            ),
            (
                ("合计", "", "", "25.00", "20.00", "", "", "5.00", "", "", "", ""),
                ("特定目标类", "办案经费", "虚构局本级", "25.00", "20.00", "", "", "5.00", "", "", "", ""),
            ),
        ),
    ),
    # 四川: a line of all units above those of each.
    "three public expenses of several units": (
        BUDGET,
        Printed(
            "b14",
            "一般公共预算“三公”经费支出预算表",
            (
                ("单位编码", "单位名称（科目）", "当年财政拨款预算安排", *"<<<<<"),
                ("^", "^", *_ITEMS),
                ("^", "^", *_ITEM_WORDS),
            ),
            ("", "", *(f"main.{c}" for c in _ITEM_COLUMNS)),
            (
                ("", "合计", "10.00", "", "8.00", "", "8.00", "2.00"),
                ("301001", "虚构市虚构局本级", "10.00", "", "8.00", "", "8.00", "2.00"),
            ),
        ),
    ),
    "a summary with expenditure by nature as a third side, its lines numbered": (
        FINAL,
        Printed(
            "f01",
            "收入支出决算总表",
            (
                ("收入", "<", "<", "支出", *"<<<<<"),
                (
                    *("项目", "行次", "金额", "项目（按功能分类）", "行次", "金额"),
                    *("项目（按支出性质和经济分类）", "行次", "金额"),
                ),
                ("栏次", "", "1", "栏次", "", "2", "栏次", "", "3"),
            ),
            ("", "", "income.amount", "", "", "expenditure.amount", "", "", "nature.amount"),
            (
                (
                    "一、财政拨款收入",
                    "1",
                    "90.00",
                    "一、一般公共服务支出",
                    "5",
                    "90.00",
                    "一、基本支出",
                    "9",
                    "70.00",
                ),
                ("", "2", "", "二、外交支出", "6", "", "二、项目支出", "10", "20.00"),
                ("本年收入合计", "3", "90.00", "本年支出合计", "7", "90.00", "本年支出合计", "11", "90.00"),
                ("总计", "4", "90.00", "总计", "8", "90.00", "总计", "12", "90.00"),
            ),
        ),
    ),
    "meetings and training beside 三公, without a word for the account": (
        FINAL,
        Printed(
            "f09",
            "财政拨款“三公”经费、会议费和培训费支出决算表",
            (
                ("“三公”经费合计", *_ITEMS[1:], "会议费", "培训费"),
                ("^", "^", "小计", "购置费", "运行费", "^", "^", "^"),
            ),
            (
                "main.final_total",
                *(f"main.final_{c}" for c in _ITEM_COLUMNS[1:]),
                "main.final_meetings",
                "main.final_training",
            ),
            (("21.10", "", "20.00", "", "20.00", "1.10", "1.50", "2.25"),),
        ),
    ),
    "procurement below a heading, its lines numbered": (
        FINAL,
        Printed(
            "f16",
            "公开13表 政府采购支出决算表",
            (("项目", "行次", "统计数"),),
            ("", "", "main.total"),
            (
                ("一、政府采购支出信息", "1", ""),
                ("（一）政府采购支出合计", "2", "30.00"),
                ("1．政府采购货物支出", "3", "10.00"),
                ("2．政府采购服务支出", "4", "20.00"),
                ("（二）政府采购授予中小企业合同金额", "5", "15.00"),
                ("其中：授予小微企业合同金额", "6", "5.00"),
            ),
        ),
    ),
    "procurement by fund": (
        FINAL,
        Printed(
            "f16",
            "政府采购支出决算表",
            (("采购品目大类", "总计", "一般公共预算资金", "政府性基金", "其他资金"),),
            (
                "",
                "main.total",
                "main.general_public_budget",
                "main.government_fund_budget",
                "main.unit_funds",
            ),
            (("合计", "30.00", "20.00", "8.00", "2.00"), ("货物", "30.00", "20.00", "8.00", "2.00")),
        ),
    ),
    "the unit of money behind a header word": (
        BUDGET,
        Printed(
            "b06",
            "2024年部门一般公共预算基本支出明细表（续）",
            (("经济分类科目编码", "经济分类科目名称", "金额（万元）"),),
            ("", "", "main.total"),
            (("", "合计", "100.00"), ("301", "工资福利支出", "100.00")),
            above=(),
        ),
    ),
}


def _parse(folder: Path, cover: tuple[str, ...], table: Printed, kind: str) -> ParsedTables:
    path = folder / f"document.{kind}"
    path.write_bytes(FORMATS[kind](cover, [table]))
    return parse_document(path)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_a_layout_nobody_described_is_read_by_its_words(case: str, kind: str, tmp_path: Path) -> None:
    cover, table = CASES[case]
    parsed = _parse(tmp_path, cover, table, kind)
    assert list_read(parsed) == table.list_cells()
    unit = "万元" if any("万元" in line for line in (*table.above, *table.header[0])) else "元"
    assert [(found.statement_code, found.state, found.unit_of_money) for found in parsed.tables] == [
        (table.statement, "data", unit)
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_total_beside_the_last_words_of_the_header_is_read(kind: str, tmp_path: Path) -> None:
    """The paper has no room for the other totals: a word of the header stands there, and that is kept."""
    table = Printed(
        "f07",
        "政府性基金预算财政拨款收入支出决算表",
        (
            ("项目", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
            ("功能分类科目编码", "科目名称", "^", "^", "^", "^", "^", "^"),
            ("合计", "<", "1.00", "8.00", "合计", "基本支出", "项目支出", "2.00"),
        ),
        (
            "",
            "",
            "main.opening",
            "main.income",
            "main.expenditure",
            "main.basic",
            "main.project",
            "main.closing",
        ),
        (
            ("212", "城乡社区支出", "1.00", "8.00", "7.00", "", "7.00", "2.00"),
            ("21208", "国有土地使用权出让收入安排的支出", "1.00", "8.00", "7.00", "", "7.00", "2.00"),
        ),
    )
    parsed = _parse(tmp_path, FINAL, table, kind)
    (total, *rows) = parsed.rows["f07"]
    assert total.row_code == "total"
    assert total.cells == {
        **{"opening": "1.00", "income": "8.00", "closing": "2.00"},
        **{"expenditure": "[合计]", "basic": "[基本支出]", "project": "[项目支出]"},
    }
    assert [row.printed_code for row in rows] == ["212", "21208"]
    assert list_read(replace(parsed, rows={"f07": tuple(rows)})) == table.list_cells()


def test_a_heading_with_another_year_is_told(tmp_path: Path) -> None:
    """One that lost a digit, one of last year; a part about another year's evaluations is none."""
    _, table = CASES["kinds of expenditure above what they print"]
    headings = (
        *("第二部分 虚构市虚构局2023年度部门决算表", "第三部分 虚构市虚构局202年度部门决算情况说明"),
        *("第四部分 2022年度部门决算附件", "第五部分 2022年度部门预算绩效", "第六部分 名词解释"),
    )
    issues = _parse(tmp_path, (*FINAL, *headings), table, "pdf").issues
    assert [(issue.reason, issue.found) for issue in issues if issue.reason == "heading_year"] == [
        ("heading_year", "“第三部分 虚构市虚构局202年度部门决算情况说明”"),
        ("heading_year", "“第四部分 2022年度部门决算附件”"),
    ]


def test_last_year_is_printed_as_such(tmp_path: Path) -> None:
    cover, table = CASES["two years side by side"]
    (found,) = _parse(tmp_path, cover, table, "html").tables
    printed = {column.column_code: column.printed_column for column in found.columns}
    assert printed["prior_hospitality"] == "2023年预算数/公务接待费"
    assert printed["hospitality"] == "2024年预算数/公务接待费"


def _change_words(table: Printed, old: str, new: str) -> Printed:
    header = tuple(tuple(new if word == old else word for word in line) for line in table.header)
    return replace(table, header=header)


def test_a_column_nobody_knows_sets_the_table_aside_by_its_name(tmp_path: Path) -> None:
    cover, table = CASES["last year, change and its rate"]
    strange = _change_words(table, "项目支出", "星际支出")
    parsed = _parse(tmp_path, cover, strange, "pdf")
    (issue,) = [issue for issue in parsed.issues if issue.severity == "error"]
    assert parsed.set_aside == ("b05",)
    assert issue.reason == "unknown_layout"
    assert "2024年预算数/星际支出" in issue.expected
    assert "b05_national" in issue.expected


def test_a_sum_beside_its_own_parts_is_not_taken_for_one_of_them(tmp_path: Path) -> None:
    """财政拨款 beside 一般公共预算 without a word over both: which is part of which is not ours to guess."""
    header = (("科目编码", "科目名称", "合计", "财政拨款收入", "一般公共预算", "事业收入"),)
    rows = (
        ("", "合计", "30.00", "20.00", "20.00", "10.00"),
        ("205", "教育支出", "30.00", "20.00", "20.00", "10.00"),
    )
    columns = (
        "",
        "",
        "main.total",
        "main.fiscal_appropriation",
        "main.general_public_budget",
        "main.institution_income",
    )
    table = Printed("b02", "部门收入总表", header, columns, rows)
    refused = _parse(tmp_path, BUDGET, table, "html")
    # Its title may be that of two tables: which ones is said wherever its code stands.
    assert refused.set_aside == ("b02|b21",)
    assert {issue.statement_code for issue in refused.issues} == {"b02|b21"}
    assert not refused.rows
    apart = replace(
        table,
        header=(
            ("科目编码", "科目名称", "合计", "财政拨款收入", "<", "事业收入"),
            ("^", "^", "^", "小计", "一般公共预算", "^"),
        ),
        columns=(*columns[:3], "main.fiscal_subtotal", *columns[4:]),
    )
    parsed = _parse(tmp_path, BUDGET, apart, "html")
    assert list_read(parsed) == apart.list_cells() != Counter()


def test_columns_may_come_in_any_order_and_leave_some_out(tmp_path: Path) -> None:
    header = (("科目名称", "科目编码", "项目支出", "基本支出", "合计", "备注"),)
    columns = ("", "", "main.project", "main.basic", "main.total", "")
    rows = (
        ("教育支出", "205", "40.00", "60.00", "100.00", "待批"),
        ("合计", "", "40.00", "60.00", "100.00", ""),
    )
    table = Printed("b03", "附件3 支出总表", header, columns, rows)
    parsed = _parse(tmp_path, BUDGET, table, "docx")
    assert list_read(parsed) == table.list_cells()
    assert [(row.printed_code, row.printed_beside) for row in parsed.rows["b03"]] == [
        ("205", "待批"),
        ("", ""),
    ]


def test_a_units_code_is_no_class_of_expenditure(tmp_path: Path) -> None:
    """301 is a department in one table and 工资福利支出 in another: no name is wrong."""
    _, by_unit = CASES["income by unit, with what was carried over"]
    rows = tuple(("301", *row[1:]) if row[0] else row for row in by_unit.rows)
    _, items = CASES["the unit of money behind a header word"]
    path = tmp_path / "document.html"
    path.write_bytes(FORMATS["html"](BUDGET, [replace(by_unit, rows=rows), items]))
    parsed = parse_document(path)
    assert [row.row_code for row in parsed.rows["b21"] + parsed.rows["b06"]] == [
        "total",
        "301",
        "total",
        "301",
    ]
    assert not parsed.issues


def test_a_code_before_its_name_is_the_row(tmp_path: Path) -> None:
    cover, table = CASES["codes within the names"]
    parsed = _parse(tmp_path, cover, table, "html")
    assert [(row.row_code, row.printed_code, row.printed_label) for row in parsed.rows["b05"]] == [
        ("total", "", "合计"),
        ("201", "201", "一般公共服务支出"),
        ("2010301", "2010301", "行政运行"),
    ]


def test_the_line_of_all_units_is_told_from_theirs(tmp_path: Path) -> None:
    """Facts would hold both otherwise, and be twice the truth."""
    cover, table = CASES["three public expenses of several units"]
    parsed = _parse(tmp_path, cover, table, "html")
    assert [row.row_code for row in parsed.rows["b14"]] == ["three_public", None]


def test_a_total_that_may_or_may_not_hold_meetings_is_set_aside(tmp_path: Path) -> None:
    """合计 beside 会议费, and no word for 三公: nothing says whether meetings are in it."""
    header = (("合计", "因公出国（境）费", "公务接待费", "会议费", "培训费"),)
    rows = (("4.85", "", "1.10", "1.50", "2.25"),)
    table = Printed("f09", "财政拨款“三公”经费、会议费和培训费支出决算表", header, ("",) * 5, rows)
    parsed = _parse(tmp_path, FINAL, table, "html")
    assert parsed.set_aside == ("f09",)
