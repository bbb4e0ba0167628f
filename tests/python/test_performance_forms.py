"""Performance forms: shifted, halved, broken and destroyed ones; what is read, and what is set aside."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.disclosures import parse_document
from ingest.form_templates import get_form_templates, load_form_templates
from ingest.indexes import write_parsed_tables
from ingest.issues import BrokenParsedTables, InvalidTemplate
from ingest.parsed_forms import ParsedForm, ParsedIndicator
from ingest.parsed_tables import list_parsed_tables, read_parsed_tables
from ingest.performance_forms import Forms, read_forms
from ingest.readers.texts import Document, Line
from ingest.templates import TEMPLATE_FOLDER
from ingest.words import fold

ROOT = Path(__file__).parents[2]
PARSED = ROOT / "data" / "parsed"
FOLDER = Path(os.environ.get("YUSUAN_DISCLOSURES", ROOT.parent / "shared" / "disclosures"))

TARGET = """
某县县(区)级预算部门(单位)项目支出绩效目标表

(2026年度)

项目名称||甲项目|||||
主管部门及代码||001-某局||实施单位||某局下属站|
项目属性||经常性项目(长期开展)||项目期||99年|
项目资金 (元)|实施期资金总额:|1,500,000||年度资金总额:|900,000||
|其中:中央 财政资金|0||其中:中央财政资金|0||
|省级财政资金|500,000||省级财政资金|0||
|市县 (区)财政|1,000,000||市县(区)财政 资金|900,000||
|单位自筹|0||单位自筹|0||
|其他资金|||其他资金|||
项目概况||为了某事,共需 1,500,000 元,分三年。|||||
实施期目标||||年度目标|||
总体目标||做好某事||||做好今年的某事|
绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值
|产出指标|数量指标|检查次数|≥12次|数量指标|检查次数|≥4次
|||检查人数|52人||检查人数|52人
||质量指标|合格率|100%|质量指标|合格率|100%
||成本指标|总费用|≤150万元|成本指标|总费用|≤90万元
|效益指标|经济效益|||经济效益||
||社会效益|安全水平|提高|社会效益|安全水平|提高
|满意度指标|服务对象满意度|群众满意度|≥90%|服务对象满意度|群众满意度|≥95%
负责人:|经办人:|联系电话:||填报日期:|20260101||
"""

UNIVERSITY = """
五、项目绩效目标表
（一）236甲专项
236甲专项项目绩效目标表
（2026年度）
项目名称||236甲专项||||
主管部门及代码||[105]某部||实施单位|某大学本级|
项目资金（万元）||年度资金总额：|||1,960.35|执行率分值（10）
||其中：财政拨款|||1,930.00|
||上年结转|||30.35|
||其他资金|||-|
年度总体目标|目标1：做好某事，共需 1,960.35 万元。|||||
绩效指|一级指标|二级指标|三级指标||指标值|分值（90）
|产出指标|数量指标|课程数||≥20门|50
|||场次||3|2.5
标||质量指标|完成率||=100%|7.5
|效益指标|社会效益指标|学生能力||显著|20
|满意度指标|服务对象满意度指标|学生满意度||≥90%|10
（二）236乙专项（附属小学及附属
中学）
236乙专项（附属小学及附属中学）项目
绩效目标表
（2026年度）
项目名称||236乙专项||||
项目资金（万元）||年度资金总额：|||2.00|执行率分值（10）
||其中：财政拨款|||2.00|
"""

EVALUATION = """
乙项目支出绩效自评表
(2026年度)

项目名称||乙|||||||||
主管部门及代码||001-某局||||预算单位|001001-某局||||
项目资金预算安排及执行进度（万元）||年初预算数||全年预算数|全年执行数|资金结（转）余|执行率|得分|偏差原因||
||目标申报数|预算编制数||||||||
||资金总额：||100|80|80|20.5|59.5|25.63|2.56|
||市县区财政资金||100|80|80|20.5|59.5|25.63|2.56|进度慢。
项目年度绩效目标|年度目标|||||实际完成情况|||||
|做好某事|||||做了|||||
绩效指标|一级指标|二级指标|三级指标|年初指标值|调整后指标值|实际完成值|定性指标情况说明|分值|得分|偏差原因分析及改进措施|
|产出指标|数量指标|检查次数|≥次|≥12次|≥10次||25|20|进度慢|
||时效指标|检查时间||全年|达成预期指标||25|25||
|效益指标|社会效益|安全水平||提高|达成预期指标||30|30||
|满意度指标|服务对象满意度|群众满意度|≥%|≥90%|≥96%||10|10||
|总 分|||||||87.56||良|
项目绩效分析|自评结果分析|项目实施和预算执行情况及分析||该项目|||||||
|主要经验做法||无||||||||

备注：1.“年初预算数”项下的“目标申报数”
2.“全年预算数”的取数规则
"""


def _lay_out(text: str) -> Document:
    lines = text.strip("\n").split("\n")
    return Document(
        "made.txt",
        "0" * 64,
        "utf-8",
        tuple(
            Line(number, tuple(cell.strip() for cell in line.split("|")))
            for number, line in enumerate(lines, start=1)
        ),
        True,
    )


def _read(text: str, kind: str = "budget") -> Forms:
    return read_forms(_lay_out(text), kind, 2026, frozenset({"仅供内部审核"}))


def _evaluate(text: str) -> Forms:
    return _read(text, "final")


def _only(forms: Forms) -> ParsedForm:
    (form,) = forms.forms
    return form


def _list_money(form: ParsedForm) -> dict[tuple[str, str], str | None]:
    return {(row.block, row.row_code): row.cells.get("amount") for row in form.rows if row.block != "counts"}


def _list_indicators(form: ParsedForm) -> list[tuple[str, str, str, str | None]]:
    return [(i.block, i.level_2, i.printed_name, i.cells.get("target")) for i in form.indicators]


def _list_reasons(forms: Forms) -> list[str]:
    return [issue.reason for issue in forms.issues]


def test_a_stock_form_is_read_whole() -> None:
    forms = _read(TARGET)
    form = _only(forms)
    assert not forms.issues
    assert (form.state, form.statement_code, form.unit_of_money) == ("read", "p01", "元")
    assert (form.printed_project_name, form.printed_department) == ("甲项目", "001-某局")
    assert (form.printed_unit_name, form.printed_kind) == ("某局下属站", "经常性项目(长期开展)")
    assert form.printed_term == "99年"
    assert _list_money(form) == {
        ("term", "total"): "1,500,000",
        ("year", "total"): "900,000",
        ("term", "central"): "0",
        ("year", "central"): "0",
        ("term", "provincial"): "500,000",
        ("year", "provincial"): "0",
        ("term", "municipal_county"): "1,000,000",
        ("year", "municipal_county"): "900,000",
        ("term", "self_raised"): "0",
        ("year", "self_raised"): "0",
        # A blank is no zero.
        ("term", "other"): None,
        ("year", "other"): None,
    }
    assert _list_indicators(form) == [
        ("term", "数量指标", "检查次数", "≥12次"),
        ("year", "数量指标", "检查次数", "≥4次"),
        ("term", "数量指标", "检查人数", "52人"),
        ("year", "数量指标", "检查人数", "52人"),
        ("term", "质量指标", "合格率", "100%"),
        ("year", "质量指标", "合格率", "100%"),
        ("term", "成本指标", "总费用", "≤150万元"),
        ("year", "成本指标", "总费用", "≤90万元"),
        ("term", "社会效益指标", "安全水平", "提高"),
        ("year", "社会效益指标", "安全水平", "提高"),
        ("term", "服务对象满意度指标", "群众满意度", "≥90%"),
        ("year", "服务对象满意度指标", "群众满意度", "≥95%"),
    ]
    assert {i.level_1 for i in form.indicators} == {"产出指标", "效益指标", "满意度指标"}


@given(st.data())
def test_blank_cells_in_between_change_nothing(data: st.DataObject) -> None:
    """Converters put blank cells anywhere: labels and order must do."""
    lines = []
    for line in TARGET.strip("\n").split("\n"):
        cells = line.split("|")
        if len(cells) > 1:
            cells = [
                piece
                for cell in cells
                for piece in ([cell] if cell else [""] * data.draw(st.integers(1, 3), label="blanks"))
            ]
            cells = [""] * data.draw(st.integers(0, 2), label="shift") + cells
        lines.append("|".join(cells))
    expected, found = _only(_read(TARGET)), _only(_read("\n".join(lines)))
    assert replace(found, rows=(), indicators=()) == replace(expected, rows=(), indicators=())
    assert (found.rows, found.indicators) == (expected.rows, expected.indicators)


def test_a_page_break_takes_a_column_and_nothing_else() -> None:
    broken = TARGET.replace("||质量指标|合格率", "\n质量指标||合格率")
    broken = broken.replace("|效益指标|经济效益|||经济效益||", "仅供内部审核\n\n效益指标|经济效益||经济效益|")
    form, expected = _only(_read(broken)), _only(_read(TARGET))
    assert _list_indicators(form) == _list_indicators(expected)
    assert not _read(broken).issues


def test_a_label_and_its_amount_may_share_a_cell() -> None:
    form = _only(_read(TARGET.replace("年度资金总额:|900,000", "年度资金总额: 900,000|")))
    assert _list_money(form)["year", "total"] == "900,000"


def test_a_form_may_be_printed_in_another_unit() -> None:
    text = TARGET.replace("项目资金 (元)", "项目资金（万元）")
    assert _only(_read(text)).unit_of_money == "万元"


def test_without_its_unit_no_amount_of_a_form_is_read() -> None:
    forms = _read(TARGET.replace("项目资金 (元)", "项目资金"))
    form = _only(forms)
    assert (form.state, form.rows) == ("damaged", ())
    assert "missing_unit" in _list_reasons(forms)
    assert len(form.indicators) == 12


def test_a_halved_form_is_read_on_one_side() -> None:
    text = re.sub(r"(?m)^(.*[|].*(?:资金|财政|自筹)[^|]*:?)\|[\d,]*\|\|$", r"\1|", TARGET)
    text = text.replace("|数量指标|检查次数|≥4次", "|数量指标|检查次数").replace("||检查人数|52人\n", "|||\n")
    text = text.replace("|合格率|100%\n||成本", "\n||成本")
    forms = _read(text)
    form = _only(forms)
    money = _list_money(form)
    assert money["term", "total"] == "1,500,000"
    assert {money[place] for place in money if place[0] == "year"} == {None}
    assert _list_reasons(forms).count("missing_form_amount") == 1
    cut_off = [issue.line_no for issue in forms.issues if issue.reason == "cut_off_indicator"]
    assert len(cut_off) == 2
    assert ("year", "数量指标", "检查次数", None) in _list_indicators(form)
    assert ("term", "质量指标", "合格率", "100%") in _list_indicators(form)
    assert form.state == "read"


@pytest.mark.parametrize("destroyed", ["1,5O0,000", "12,34", "—", "150万"])
def test_a_destroyed_amount_is_set_aside_and_never_guessed(destroyed: str) -> None:
    forms = _read(TARGET.replace("实施期资金总额:|1,500,000", f"实施期资金总额:|{destroyed}"))
    form = _only(forms)
    assert form.state == "damaged"
    (issue,) = forms.issues
    assert (issue.reason, issue.line_no) == ("malformed_amount", 8)
    assert ("term", "total") not in _list_money(form)
    assert _list_money(form)["year", "total"] == "900,000"


def test_two_amounts_beside_one_label_are_not_chosen_from() -> None:
    forms = _read(TARGET.replace("年度资金总额:|900,000||", "年度资金总额:|900,000|90,000|"))
    assert _list_reasons(forms) == ["malformed_amount"]
    assert _only(forms).state == "damaged"


def test_a_lone_indicator_stands_where_its_column_is() -> None:
    text = TARGET.replace("|||检查人数|52人||检查人数|52人", "||||||检查人数|52人\n|||检查面积|7亩|||")
    indicators = _list_indicators(_only(_read(text)))
    assert ("year", "数量指标", "检查人数", "52人") in indicators
    assert ("term", "数量指标", "检查面积", "7亩") in indicators


def test_a_lone_indicator_between_the_columns_is_on_no_side() -> None:
    forms = _read(TARGET.replace("|||检查人数|52人||检查人数|52人", "||||检查人数|52人||"))
    (issue,) = forms.issues
    assert (issue.reason, issue.line_no) == ("unplaced_indicator", 19)
    assert [i.printed_name for i in _only(forms).indicators if i.block == "unplaced"] == ["检查人数"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("||满意度|满意度|90%|满意度|满意度|90%", ("满意度", "90%")),
        ("||服务对象满意度|服务对象满意度|90%|服务对象满意度|服务对象满意度|90%", ("服务对象满意度", "90%")),
        ("|服务对象满意度|服务对象满意度|甲|90%|服务对象满意度|甲|90%", ("甲", "90%")),
        ("|服务对象满意度||甲|90%|甲||90%", ("甲", "90%")),
        ("|服务对象满意度|≥98%|服务对象满意度|≥98%|||", ("", "≥98%")),
    ],
)
def test_words_may_stand_twice_or_not_at_all(printed: str, expected: tuple[str, str]) -> None:
    text = TARGET.replace("||社会效益|安全水平|提高|社会效益|安全水平|提高", printed)
    forms = _read(text)
    assert not forms.issues
    for block in ("term", "year"):
        assert expected in [
            (i.printed_name, i.cells["target"]) for i in _only(forms).indicators if i.block == block
        ]


def test_what_no_order_explains_is_set_aside() -> None:
    forms = _read(TARGET.replace("|||检查人数|52人||检查人数|52人", "|甲|乙|丙|丁|戊||"))
    assert _list_reasons(forms) == ["unreadable_form_line"]
    assert _only(forms).state == "damaged"


def test_words_that_belong_to_no_label_are_told() -> None:
    forms = _read(TARGET.replace("||实施单位||某局下属站", "||||某局下属站"))
    (issue,) = forms.issues
    assert (issue.reason, issue.line_no, issue.found) == ("unread_form_words", 6, "“某局下属站”")
    assert _only(forms).printed_unit_name == ""


def test_a_form_that_lost_its_title_is_read_and_told() -> None:
    forms = _read(TARGET + "某某藏印\n" + TARGET.split("\n\n", 2)[2])
    assert [form.state for form in forms.forms] == ["read", "damaged"]
    assert _list_reasons(forms) == ["unreadable_form_line", "form_without_title"]
    assert _list_money(forms.forms[0]) == _list_money(forms.forms[1])


def test_a_form_of_a_department_goes_on_below_its_title_on_the_next_page() -> None:
    title = "某县(区)级预算部门(单位)整体支出绩效目标申报表"
    forms = _read(
        f"{title}\n(2026)年度\n部门 基本 信息|部门名称|001-某局|||\n|内设职能部门数|7个|所属预算单位数||\n"
        "|核定的人员编制数|1,230人|实际在职人员总数||118人\n其他人员数|||0人||\n"
        "年度 预算 情况|按资金来源划分|资金总额(万元)|按资金方向划分|资金总额(万元)|\n"
        "|合计|10.50|合计|10.50|\n|其中:一般公共预算资金|10.50|其中:基本支出|4.50|\n"
        "|政府性基金预算资金||项目支出|6.00|\n"
        f"\n{title}\n(2026)年度\n一级指标|二级指标|三级指标|指标值||\n"
        "年度 绩效 指标|产出指标|次数|12次||\n|效益指标|社会效益指标|水平|提高|\n"
    )
    form = _only(forms)
    assert not forms.issues
    assert [(row.row_code, row.cells) for row in form.rows if row.block == "counts"] == [
        ("internal_departments", {"count": "7个"}),
        ("subordinate_units", {}),
        ("established_posts", {"count": "1,230人"}),
        ("staff_total", {"count": "118人"}),
        ("staff_other", {"count": "0人"}),
    ]
    assert _list_money(form) == {
        ("source", "total"): "10.50",
        ("use", "total"): "10.50",
        ("source", "general_public_budget"): "10.50",
        ("use", "basic"): "4.50",
        ("source", "government_fund_budget"): None,
        ("use", "project"): "6.00",
    }
    assert [(i.level_1, i.level_2, i.printed_name) for i in form.indicators] == [
        ("产出指标", "", "次数"),
        ("效益指标", "社会效益指标", "水平"),
    ]


@pytest.mark.parametrize("printed", ["12x人", "118", "约118人", "1.5人"])
def test_a_number_of_people_that_is_none_is_set_aside(printed: str) -> None:
    forms = _read(
        "某县(区)级预算部门(单位)整体支出绩效目标申报表\n(2026)年度\n|部门名称|001-某局|||\n"
        f"|核定的人员编制数|{printed}|实际在职人员总数|118人\n"
    )
    assert _list_reasons(forms) == ["malformed_amount"]
    assert [row.cells for row in _only(forms).rows] == [{"count": "118人"}]


def test_the_year_of_a_form_is_that_of_the_document() -> None:
    assert _list_reasons(_read(TARGET.replace("(2026年度)", "(2025年度)"))) == ["year_mismatch"]


def test_the_contents_page_is_no_form() -> None:
    forms = _read("某县项目支出绩效目标表\n" + TARGET)
    assert len(forms.forms) == 1
    assert not forms.issues


def test_a_stock_evaluation_is_read_whole() -> None:
    forms = _evaluate(EVALUATION)
    form = _only(forms)
    assert not forms.issues
    total, source, score = form.rows
    assert total.cells == {
        "initial_declared": "100",
        "initial_budget": "80",
        "annual_budget": "80",
        "executed": "20.5",
        "balance": "59.5",
        "execution_rate": "25.63",
        "score": "2.56",
    }
    assert (source.cells, source.row_code) == (total.cells, "source")
    assert (score.cells, form.printed_grade) == ({"score": "87.56"}, "良")
    first, second = form.indicators[:2]
    assert first.cells == {
        "initial": "≥次",
        "adjusted": "≥12次",
        "actual": "≥10次",
        "weight": "25",
        "score": "20",
    }
    assert second.cells == {"adjusted": "全年", "actual": "达成预期指标", "weight": "25", "score": "25"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("|总 分|||||||87.56||良|", "合计||||||||87.56||\n||||||||良|||"),
        ("||资金总额：||100|80|80|20.5|59.5|25.63|2.56|", "|资金总额|100||80|80|20.5||59.5|25.63|2.56||"),
        ("||时效指标|检查时间||全年|", "||时效指标||检查时间|||全年|"),
        ("项目资金预算安排及执行进度（万元）||年初", "项目资金预算类别(万元)|资金类别|年初"),
    ],
)
def test_an_evaluation_may_be_shifted(old: str, new: str) -> None:
    assert old in EVALUATION
    form, expected = _only(_evaluate(EVALUATION.replace(old, new))), _only(_evaluate(EVALUATION))
    assert [row.cells for row in form.rows] == [row.cells for row in expected.rows]
    assert [i.cells for i in form.indicators] == [i.cells for i in expected.indicators]
    assert form.printed_grade == "良"


def test_the_label_of_the_total_may_slip_into_the_header() -> None:
    text = EVALUATION.replace("（万元）||年初", "（万元）|资金总额|年初").replace(
        "||资金总额：||100", "||||100"
    )
    form = _only(_evaluate(text))
    assert [row.row_code for row in form.rows] == ["total", "source", "total_score"]


@pytest.mark.parametrize(
    "printed",
    [
        "||资金总额：||80|80|20.5|59.5|25.63|2.56|",
        "||资金总额：||100|80|80|20.5|59.5|25.63|2.56|7",
        "||||100|80|80|20.5|59.5|25.63|2.56|",
    ],
)
def test_figures_that_do_not_fit_their_columns_are_set_aside(printed: str) -> None:
    forms = _evaluate(EVALUATION.replace("||资金总额：||100|80|80|20.5|59.5|25.63|2.56|", printed))
    form = _only(forms)
    (issue,) = forms.issues
    assert (issue.reason, issue.line_no) == ("unreadable_amounts", 8)
    assert form.state == "damaged"
    assert [row.row_code for row in form.rows] == ["source", "total_score"]


def test_a_header_of_other_columns_is_not_read() -> None:
    forms = _evaluate(EVALUATION.replace("全年执行数|资金结（转）余", "资金结（转）余|全年执行数"))
    assert "unknown_layout" in _list_reasons(forms)
    assert [row.row_code for row in _only(forms).rows] == ["total_score"]


@pytest.mark.parametrize("old", ["25|20|进度慢", "25|20|"])
def test_an_indicator_without_a_score_keeps_its_weight(old: str) -> None:
    forms = _evaluate(EVALUATION.replace(old, old.replace("|20|", "|", 1)))
    (issue,) = forms.issues
    assert issue.reason == "missing_score"
    cells = _only(forms).indicators[0].cells
    assert (cells["weight"], cells.get("score")) == ("25", None)


def test_an_evaluation_without_figures_is_blank() -> None:
    text = re.sub(r"(?m)^(\|\|(?:资金总额：|市县区财政资金)).*$", r"\1|||||||||", EVALUATION)
    text = re.sub(r"\|\|\d+\|\d+\|(进度慢)?\|", "|||||", text).replace("|87.56||良|", "||||")
    text = text.replace("|≥10次", "|").replace("|达成预期指标", "|").replace("|≥96%", "|")
    form = _only(_evaluate(text))
    assert form.state == "blank"
    assert form.indicators[0].cells == {"initial": "≥次", "adjusted": "≥12次"}
    assert form.indicators[1].cells == {"adjusted": "全年"}


def test_of_a_destroyed_form_only_its_lines_are_told() -> None:
    forms = _evaluate(EVALUATION + "\n(2026年度)\n\n备注：1.“年初预收款”项下\n\n" + EVALUATION)
    assert len(forms.forms) == 2
    (issue,) = forms.issues
    first = EVALUATION.strip("\n").count("\n") + 3
    assert (issue.reason, issue.line_no, issue.found) == ("unreadable_form", first, f"{first}-{first + 2}")


def test_a_title_without_a_form_is_told() -> None:
    forms = _evaluate(EVALUATION + "\n丙项目支出绩效自评表\n")
    assert _list_reasons(forms) == ["missing_grid"]


def test_a_source_that_stands_twice_is_not_added() -> None:
    forms = _read(TARGET.replace("|单位自筹|0||单位自筹|0||", "|省级财政资金|1||省级财政资金|2||"))
    assert set(_list_reasons(forms)) == {"duplicate_row"}
    assert _list_money(_only(forms))["term", "provincial"] == "500,000"


# ── templates ───────────────────────────────────────────────────────────────────────────────────


def test_the_templates_of_forms_name_all_three_kinds() -> None:
    assert {template.statement for template in get_form_templates()} == {"p02", "e01", "p01"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: '^项目资金", "unti: '^项目资金", "unknown key"),
        ("(?P<unit>万元|", "(?:万元|", "a group named `unit`"),
        ("titles: ['^.*项目", "titles: ['^(.*项目", "regular expression"),
        ("labels: [单位自筹]", "labels: [其他资金]", "overlap"),
        (
            "    社会效益指标: [社会效益指标, 社会效益]",
            "    社会效益指标: [社会效益指标, 经济效益]",
            "overlap",
        ),
        ("template: project_target_shanxi", "template: other", "must stand in other.yaml"),
    ],
)
def test_a_faulty_template_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (TEMPLATE_FOLDER / "forms" / "project_target_shanxi.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "forms").mkdir()
    path = tmp_path / "forms" / "project_target_shanxi.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidTemplate, match=message) as error:
        load_form_templates(tmp_path)
    assert re.match(r"project_target_shanxi\.yaml:\d+: ", str(error.value))


def test_a_header_has_a_word_for_each_column(tmp_path: Path) -> None:
    text = (TEMPLATE_FOLDER / "forms" / "project_evaluation_shanxi.yaml").read_text(encoding="utf-8")
    (tmp_path / "forms").mkdir()
    path = tmp_path / "forms" / "project_evaluation_shanxi.yaml"
    path.write_text(text.replace(", balance,", ","), encoding="utf-8")
    with pytest.raises(InvalidTemplate, match="over 7 columns"):
        load_form_templates(tmp_path)


# ── files of parsed tables ──────────────────────────────────────────────────────────────────────


def _spoil_after(kind: str, **values: object) -> Callable[[list[dict[str, dict[str, object]]]], None]:
    def spoil(records: list[dict[str, dict[str, object]]]) -> None:
        next(record for record in records if kind in record)[kind].update(values)

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        _spoil_after("form", form_no=7),
        _spoil_after("form", state="good"),
        _spoil_after("form", rows=[]),
        _spoil_after("form", remark="某"),
        _spoil_after("form_row", cells={"amount": "1,2a4"}),
        _spoil_after("indicator", side="year"),
        lambda records: records.insert(1, next(record for record in records if "indicator" in record)),
        lambda records: records.insert(1, next(record for record in records if "form_row" in record)),
    ],
)
def test_a_broken_record_of_a_form_is_refused(
    tmp_path: Path, spoil: Callable[[list[dict[str, dict[str, object]]]], None]
) -> None:
    path = next(path for path in list_parsed_tables(PARSED) if "budget" in path.name)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    spoil(records)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenParsedTables, match=rf"^{path.name}:\d+ "):
        read_parsed_tables(tmp_path / path.name)


def test_forms_are_read_back_as_written(tmp_path: Path) -> None:
    path = next(path for path in list_parsed_tables(PARSED) if "budget" in path.name)
    parsed = replace(read_parsed_tables(path), forms=_read(TARGET + TARGET).forms)
    write_parsed_tables(tmp_path, [parsed])
    assert read_parsed_tables(tmp_path / path.name) == parsed


# ── the project's own documents ─────────────────────────────────────────────────────────────────

needs_disclosures = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the disclosures are not at {FOLDER}")
NAMES = [path.name for path in sorted(FOLDER.glob("*.txt"))]
# Forms, then indicators that have a name or a value, of each document, counted by eye and script.
COUNTS = {
    "datong-2025-budget.txt": (12, 157),
    "gaoping-2024-final.txt": (23, 169),
    "gaoping-2026-budget.txt": (17, 270),
    "lanxian-2026-budget.txt": (18, 268),
    "yangcheng-2024-budget.txt": (27, 402),
}


def _scan_money(text: str) -> Iterator[tuple[int, str]]:
    """Find the figures of the forms' money with another logic than the parser's: words on the line."""
    in_evaluation = False
    for line_no, line in enumerate(text.split("\n"), start=1):
        cells = [re.sub(r"\s", "", cell) for cell in line.split("\t")]
        words = "".join(cells)
        if len(cells) == 1:
            continue
        if "目标申报数" in words or "年度目标" in words:
            in_evaluation = "目标申报数" in words
            continue
        stock = re.search(r"资金总额[:：]|财政资金|市县[（(]区[)）]财政|单位自筹|其他资金", words)
        is_target = (
            stock and re.search(r"(财政资?金?|自筹|其他资金|总额[:：])\D*\d", words) and len(words) < 60
        )
        overall = re.fullmatch(
            r"(其中:)?(合计|一般公共预算资金|政府性基金预算资金|项目支出|单位资金"
            r"|国有资本经营预算资金|社会保险基金预算资金|专户管理资金)[\d.]+((其中:)?\w+[\d.]+)?",
            words,
        )
        if in_evaluation or is_target or overall:
            for cell in cells:
                yield from (
                    (line_no, number) for number in re.findall(r"^(?:年度资金总额:)?([\d,.]+)$", cell)
                )


@needs_disclosures
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_the_money_is_read_once_or_set_aside(name: str) -> None:
    parsed = parse_document(FOLDER / name)
    text = (FOLDER / name).read_text(encoding="utf-8-sig")
    first = min(form.first_line_no for form in parsed.forms)
    aside = {issue.line_no for issue in parsed.issues if issue.reason == "unreadable_amounts"}
    last = max(form.last_line_no for form in parsed.forms)
    printed = Counter(
        figure for figure in _scan_money(text) if first <= figure[0] <= last and figure[0] not in aside
    )
    read = Counter(
        (row.line_no, value)
        for form in parsed.forms
        for row in form.rows
        if row.block not in ("score", "counts")
        for value in row.cells.values()
    )
    assert read == printed


def _list_words(indicators: list[ParsedIndicator]) -> Counter[str]:
    return Counter(fold(word) for i in indicators for word in (i.printed_name, *i.cells.values()) if word)


@needs_disclosures
@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_form_is_read_or_known_or_set_aside(name: str) -> None:
    parsed = parse_document(FOLDER / name)
    lines = (FOLDER / name).read_text(encoding="utf-8-sig").split("\n")
    levels = {
        fold(word)
        for template in get_form_templates()
        for first, group in template.levels.items()
        for second, words in group.items()
        for word in (first, second, *words)
    }
    known = re.compile(
        r"项目概况|立项依据|项目设立必要性|保证项目实施|项目实施计划|实施期目标|年度目标|总体目标|负责人"
        r"|部门职责|部门战略目标|年度预算情况|年度重点任务|核心职能|年度绩效目标|职能部数|人员|三级指标"
        r"|年初预算数|目标申报数|资金总额|项目年度绩效目标|情况|分析|做法|问题|措施|建议|风险点|结论"
    )
    issues = {issue.line_no for issue in parsed.issues}
    for form in parsed.forms:
        money = {row.line_no for row in form.rows}
        heads = {form.project_name_line_no, form.unit_line_no, form.grade_line_no}
        is_text = False
        for line_no in range(form.first_line_no, form.last_line_no + 1):
            line = re.sub(r"<[^<>]*>", "", lines[line_no - 1])
            cells = [fold(cell) for cell in line.split("\t") if cell.strip()]
            found = [i for i in form.indicators if i.line_no == line_no]
            if "\t" not in line or not cells or line_no in money or line_no in heads or line_no in issues:
                continue
            if found:
                words = Counter(cell for cell in cells if cell not in levels and "绩效指标" not in cell)
                printed = _list_words(found)
                # A name may be called like its level; the remark behind a score is no figure.
                missing = set(words) - set(printed) - {"绩效评价"}
                assert len(missing) <= ("score" in found[0].cells), (name, line_no, missing)
                continue
            is_levels = all(cell in levels or "绩效指标" in cell for cell in cells)
            label = re.search(r"主管部门|项目属性|部门名称", cells[0] + cells[min(1, len(cells) - 1)])
            is_text = bool(known.search("".join(cells))) or (is_text and not re.search(r"[≥≤%]\d", line))
            assert is_levels or label or is_text, (name, line_no, cells)


@needs_disclosures
@pytest.mark.parametrize("name", NAMES)
def test_every_document_has_its_number_of_forms(name: str) -> None:
    parsed = parse_document(FOLDER / name)
    assert (len(parsed.forms), sum(len(form.indicators) for form in parsed.forms)) == COUNTS[name]
    # What OCR left of four more forms, and the lines that it invented.
    lost = [issue.line_no for issue in parsed.issues if issue.reason == "unreadable_form"]
    invented = [issue.line_no for issue in parsed.issues if issue.reason == "unreadable_form_line"]
    assert lost == ([1004, 1011, 1209, 1314] if "final" in name else [])
    assert invented == ([1146, 1156, 1172, 1207, 1318] if "final" in name else [])


def test_no_sentence_of_a_document_is_kept() -> None:
    for path in list_parsed_tables(PARSED):
        for form in read_parsed_tables(path).forms:
            words = [form.printed_project_name, form.printed_kind]
            words += [text for i in form.indicators for text in (i.printed_name, *i.cells.values())]
            assert max(map(len, words)) <= 80
            assert not [word for word in words if "。" in word]


def test_a_university_prints_the_year_alone_with_a_weight_beside_each_target() -> None:
    """A dash is a blank, a bare number before the weight is the target, a numbered heading is no lost line."""
    forms = _read(UNIVERSITY)
    assert forms.issues == ()
    form, other = forms.forms
    assert (form.statement_code, form.template, form.state) == ("p01", "project_target_university", "read")
    assert (form.printed_department, form.printed_unit_name) == ("[105]某部", "某大学本级")
    assert form.unit_of_money == "万元"
    assert {(row.block, row.row_code): row.cells for row in form.rows} == {
        ("year", "total"): {"amount": "1,960.35"},
        ("year", "fiscal_appropriation"): {"amount": "1,930.00"},
        ("year", "carryover"): {"amount": "30.35"},
        ("year", "other"): {},
    }
    assert [(each.level_2, each.printed_name, each.cells) for each in form.indicators] == [
        ("数量指标", "课程数", {"target": "≥20门", "weight": "50"}),
        ("数量指标", "场次", {"target": "3", "weight": "2.5"}),
        ("质量指标", "完成率", {"target": "=100%", "weight": "7.5"}),
        ("社会效益指标", "学生能力", {"target": "显著", "weight": "20"}),
        ("服务对象满意度指标", "学生满意度", {"target": "≥90%", "weight": "10"}),
    ]
    assert other.printed_title == "绩效目标表", "a long title is broken before its last word"
    assert other.rows[0].cells == {"amount": "2.00"}
