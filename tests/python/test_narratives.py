"""The reader of narratives, on sentences of our own in the stock forms, and on the disclosures."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from ingest.disclosures import parse_document
from ingest.issues import InvalidTemplate
from ingest.narrative_templates import NARRATIVE_FOLDER, load_narrative_library
from ingest.narratives import Narrative, read_narrative
from ingest.parsed_tables import ParsedClaim
from ingest.readers.files import read_document
from ingest.templates import DocumentKind

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("YUSUAN_DISCLOSURES", ROOT.parent / "shared" / "disclosures"))
WATERMARKS = frozenset({"仅供内部审核"})


def _read(tmp_path: Path, *lines: str, kind: DocumentKind = "budget", year: int = 2026) -> Narrative:
    path = tmp_path / "narrative.txt"
    text = [
        "第三部分 情况说明.....18",
        "第三部分 情况说明",
        *lines,
        "第四部分 名词解释",
        "收入总计9.99万元。",
    ]
    path.write_text("\n".join(text), encoding="utf-8")
    return read_narrative(read_document(path), kind, year, WATERMARKS)


def _show(narrative: Narrative) -> list[tuple[str, str, str]]:
    """Return item (and subject), measure, and the value with sign and unit, of each claim."""

    def value(claim: ParsedClaim) -> str:
        return f"{claim.sign or ''}{claim.printed_value}{claim.unit_of_measure}"

    return [
        (f"{c.item}:{c.printed_label}" if c.printed_label else c.item, c.measure, value(c))
        for c in narrative.claims
    ]


CHANGES = "一、部门预算收支数据变动情况及原因"
GENERAL = "（二）一般公共预算当年支出结构情况"


def test_a_change_belongs_to_the_total_and_not_to_the_carry_over_before_it(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        CHANGES,
        "某局预算收入总计1,020.5万元，其中：本年收入1,000万元，上年结转20.50万元，比上年减少30.00万元，"
        "下降2.86%，主要原因是压减经费5万元，人员减少2人；预算支出总计1,020.5万元，上年结转20.50万元，与上年持平。",
    )
    assert _show(found) == [
        ("income.total", "amount", "1,020.5万元"),
        ("income.current", "amount", "1,000万元"),
        ("income.carryover", "amount", "20.50万元"),
        ("income.total", "change_amount", "-30.00万元"),
        ("income.total", "change_ratio", "-2.86%"),
        ("reason", "amount", "5万元"),
        ("reason", "count", "2人"),
        ("expenditure.total", "amount", "1,020.5万元"),
        ("expenditure.carryover", "amount", "20.50万元"),
        ("expenditure.total", "change_amount", "0万元"),
    ]
    assert not found.issues
    assert found.claims[-1].sign is None


def test_a_sentence_cut_by_pages_watermarks_and_blank_lines_is_whole(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        GENERAL,
        "某局一般公共预算当年支出300.00万元，主要用于以下方面：社会保障和就",
        "",
        "仅供内部审核",
        "— 12 —",
        "业支出10",
        "0.00万元，占33.3",
        "3%；卫生健康支出(类)200.00万元,占比66.67%等。",
    )
    assert _show(found) == [
        ("general_public.total", "amount", "300.00万元"),
        ("general_public.class:社会保障和就业支出", "amount", "100.00万元"),
        ("general_public.class:社会保障和就业支出", "share", "33.33%"),
        ("general_public.class:卫生健康支出", "amount", "200.00万元"),
        ("general_public.class:卫生健康支出", "share", "66.67%"),
    ]
    # A claim stands on the line where its number begins.
    assert [(claim.line_no, claim.position_no) for claim in found.claims] == [
        (4, 1),
        (8, 1),
        (9, 1),
        (10, 1),
        (10, 2),
    ]
    assert not found.issues


def test_thousands_full_width_digits_and_trimmed_decimals_stay_as_printed(tmp_path: Path) -> None:
    found = _read(
        tmp_path, CHANGES, "预算收入总计１，２３４．５０万元，其中：本年收入1 200万元，上年结转34.5万元。"
    )
    assert [claim.printed_value for claim in found.claims] == ["１，２３４．５０", "1200", "34.5"]


def test_a_form_bound_into_a_sentence_is_not_read(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "十、绩效管理情况",
        "2、项目绩效目标",
        "纳入绩效目标管理的二级项目3个，共计金额7.00万元。",
        "某县预算部门(单位)项目支出绩效目标表",
        "项目资金\t70,000元\t3个",
        "一共发放80,000元。",
        "十一、国有资产占有使用情况",
        "某局共有公务用车编制2辆，实有1辆，办公用房建筑总面积900平方米，"
        "占有使用价值50万元（原值）以上的通用设备3台（套）。",
    )
    assert _show(found) == [
        ("projects.count", "count", "3个"),
        ("projects.amount", "amount", "7.00万元"),
        ("vehicles.quota", "count", "2辆"),
        ("vehicles.total", "count", "1辆"),
        ("buildings.office_area", "area", "900平方米"),
        ("equipment.over_500k", "count", "3台（套）"),
    ]
    assert Counter(aside.reason for aside in found.list_aside())["form"] == 3
    assert ("50", "threshold") in {(aside.printed, aside.reason) for aside in found.list_aside()}


def test_a_foreign_paper_is_none_of_the_units_claims(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "十二、其他说明",
        "某省财政厅文件",
        "某财购〔2023〕50号",
        "一、政府集中采购目录",
        "货物采购限额为50万元，达到400万元以上的公开招标。",
    )
    assert not found.claims
    assert {aside.reason for aside in found.list_aside()} == {"foreign_document"}


def test_years_dates_ordinals_and_thresholds_are_no_claims(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "十二、其他说明",
        "1、截至2025年12月31日，依据某财综【2021】34号、2024市级规定第3条，购买A0101类服务，"
        "单价100万元（含）以上、单笔不超过30万元的除外，用时3个月。",
    )
    assert not found.claims
    assert not found.issues
    assert Counter(aside.reason for aside in found.list_aside()) == {
        "ordinal": 2,
        "date": 6,
        "document_number": 2,
        "threshold": 2,
    }


def test_the_year_before_may_be_stated(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "八、机关运行经费增减变动原因说明",
        "机关运行经费财政拨款预算120.00万元，比2025年预算100.00万元增加20.00万元，增长20%。",
    )
    assert _show(found) == [
        ("operating_cost.total", "amount", "120.00万元"),
        ("operating_cost.total.prior_year", "amount", "100.00万元"),
        ("operating_cost.total", "change_amount", "+20.00万元"),
        ("operating_cost.total", "change_ratio", "+20%"),
    ]


def test_a_difference_from_the_plan_is_no_change_of_the_year(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "（一）“三公”经费财政拨款支出决算总体情况说明",
        "“三公”经费财政拨款支出全年预算9.00万元，支出决算8.00万元，完成全年预算的88.89%，比全年预算减少1.00万元，"
        "下降11.11%，比2023年减少2.00万元。公务接待费支出0万元，与上年相同。",
        kind="final",
        year=2024,
    )
    assert _show(found) == [
        ("three_public.approved", "amount", "9.00万元"),
        ("three_public.total", "amount", "8.00万元"),
        ("three_public.total.completion", "share", "88.89%"),
        ("plan_deviation", "change_amount", "-1.00万元"),
        ("plan_deviation", "change_ratio", "-11.11%"),
        ("three_public.total", "change_amount", "-2.00万元"),
        ("three_public.hospitality", "amount", "0万元"),
        ("three_public.hospitality", "change_amount", "0万元"),
    ]


def test_a_reason_without_a_full_stop_ends_where_the_list_goes_on(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "七、“三公”经费增减变动原因说明",
        "公务用车购置及运行费3.08万元，比上年增加0.01万元，主要原因是公务用车运行维护费实际为30780元，"
        "系统自动取数为3.08万元，公务用车运行维护费3.08万元，与上年相比增加0.01万元，主要原因是公务接待费0.50万元。",
    )
    assert [item for item, _, _ in _show(found)] == [
        "three_public.vehicles",
        "three_public.vehicles",
        "reason",
        "reason",
        "three_public.vehicle_running",
        "three_public.vehicle_running",
        "reason",
    ]


def test_what_nothing_explains_is_reported_and_not_guessed(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "二、收入预算情况说明",
        "预算收入10.00万元，主要包括神秘款项4.00万元，占40.00%；单位资金6.00万元，占神秘总额的60.00%，神秘余额增加1.00万元。",
    )
    assert _show(found) == [
        ("income.total", "amount", "10.00万元"),
        ("unattributed", "amount", "4.00万元"),
        ("unattributed", "share", "40.00%"),
        ("income.unit_funds", "amount", "6.00万元"),
        ("unattributed", "share", "60.00%"),
        ("unattributed", "change_amount", "+1.00万元"),
    ]
    assert [issue.reason for issue in found.issues] == ["unattributed_claim"] * 4


@pytest.mark.parametrize("number", ["12,34万元", "1,2a4万元", "3.5", "1.2.3万元"])
def test_a_number_that_is_none_is_reported(number: str, tmp_path: Path) -> None:
    found = _read(tmp_path, CHANGES, f"预算收入总计{number}。")
    assert found.issues
    assert all(claim.item == "unattributed" for claim in found.claims)


def test_counts_are_told_by_what_stands_behind_them(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "1、预算绩效管理工作的开展情况",
        "涉及二级项目5个，资金80.5万元。自评结果为：3个项目自评等级为“优”，2个项目自评等级为“良”。",
        kind="final",
        year=2024,
    )
    assert [item for item, _, _ in _show(found)] == [
        "evaluation.count",
        "evaluation.amount",
        "evaluation.grade_excellent",
        "evaluation.grade_good",
    ]


def test_a_document_without_a_narrative_states_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    path.write_text("第二部分 报表\n收入总计1万元。\n", encoding="utf-8")
    assert read_narrative(read_document(path), "budget", 2026) == Narrative()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "budget.yaml",
            "document_kind: budget",
            "document_kind: budget\nfoo: 1",
            "budget.yaml:3: foo: unknown key",
        ),
        ("budget.yaml", "document_kind: budget", "document_kind: final", "budget.yaml:2: "),
        (
            "budget.yaml",
            "under: [income.total], change_of: income.total",
            "under: [income.sum]",
            "income.sum",
        ),
        ("budget.yaml", "labels: [本年收入]", "labels: ['(本年收入']", "no valid regular expression"),
        ("words.yaml", "before: '第'", "before: '第.*'", "repeats something"),
        ("budget.yaml", "units: [count], head: true", "units: [pieces], head: true", "no unit `pieces`"),
        ("words.yaml", "  - {reason: ordinal, before: '第'}", "  - {reason: ordinal}", "before"),
    ],
)
def test_a_faulty_layout_is_refused_with_its_line(
    name: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    folder = tmp_path / "narratives"
    shutil.copytree(NARRATIVE_FOLDER, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidTemplate, match=re.escape(message)) as refused:
        load_narrative_library(folder)
    assert re.match(rf"{name}:\d+: ", str(refused.value))


# ---------------------------------------------------------------------------------------------------
# Sentences as other places word them, with figures of our own


def test_the_end_of_a_longer_name_is_not_the_name(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "七、财政拨款“三公”经费支出决算情况说明",
        "（一）“三公”经费财政拨款支出决算总体情况说明。",
        "“三公”经费财政拨款支出年初预算为3.00万元，支出决算为0.40万元，完成预算的13.33%，其中：",
        "因公出国（境）费决算为0.00万元，完成预算的0.00%；公务用车购置及运行维护费支出决算为0.00万元；神秘费支出决算为0.10万元；",
        "公务接待费支出预算为3.00万元，支出决算为0.40万元，完成预算的13.33%。",
        kind="final",
        year=2024,
    )
    assert _show(found) == [
        ("three_public.approved", "amount", "3.00万元"),
        ("three_public.total", "amount", "0.40万元"),
        ("three_public.total.completion", "share", "13.33%"),
        ("three_public.travel_abroad", "amount", "0.00万元"),
        ("three_public.travel_abroad.completion", "share", "0.00%"),
        ("three_public.vehicles", "amount", "0.00万元"),
        ("unattributed", "amount", "0.10万元"),
        ("three_public.hospitality.budget", "amount", "3.00万元"),
        ("three_public.hospitality", "amount", "0.40万元"),
        ("three_public.hospitality.completion", "share", "13.33%"),
    ]


def test_a_figure_that_fell_and_did_not_is_told(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "七、“三公”经费支出决算情况说明",
        "“三公”经费财政拨款支出决算4.00万元。公务接待费支出决算减少为1.00万元，与2023年持平；因公出国（境）费支出决算"
        "增加为2.00万元，公务用车购置及运行维护费支出决算1.00万元，与2023年持平。",
        kind="final",
        year=2024,
    )
    assert [(issue.reason, issue.found) for issue in found.issues] == [
        ("contradictory_claim", "“减少为1.00万元，与2023年持平”")
    ]


def test_a_paragraph_names_the_subject_of_its_figures(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "（三）一般公共预算财政拨款支出决算具体情况",
        "一般公共预算财政拨款支出年初预算为10.00万元，支出决算为9.00万元。其中：",
        "1、卫生健康支出（类）行政事业单位医疗（款）行政单位",
        "医疗（项）。主要用于：医疗保险支出。年初预算为4.00",
        "万元，支出决算为3.00万元。",
        "完成年初预算的75.00%。决算数小于预算数的主要原因：基数变更，减少1.00万元。",
        "2、其他有关情况。年初预算为2.00万元，支出决算为1.00万元。",
        kind="final",
        year=2024,
    )
    path = "卫生健康支出(类)行政事业单位医疗(款)行政单位医疗(项)"
    assert _show(found) == [
        ("general_public.approved", "amount", "10.00万元"),
        ("general_public.total", "amount", "9.00万元"),
        (f"general_public.item_approved:{path}", "amount", "4.00万元"),
        (f"general_public.item:{path}", "amount", "3.00万元"),
        (f"general_public.item.completion:{path}", "share", "75.00%"),
        (f"general_public.item:{path}", "deviation", "-0万元"),
        ("reason", "change_amount", "-1.00万元"),
        # Its own paragraph names no subject: the one above is not its.
        ("unattributed", "amount", "2.00万元"),
        ("unattributed", "amount", "1.00万元"),
    ]


def test_an_item_stands_below_the_class_and_division_stated_before(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "五、财政拨款支出预算情况说明",
        "某院2018年财政拨款预算支出90.00万元，占本年支出合计的90.00%。其中：",
        "（一）公共安全支出（类）",
        "检察（款）：2018年预算支出合计80.00万元。其中：",
        "1．行政运行（项）支出60.00万元，与上年相比增加5.00万元，增长9.09%。",
        "2．公诉、审判等检察监督支出（项）20.00万元，与上年预算数一致。",
        "（二）住房保障支出（类）",
        "住房改革支出(款)： 2018年预算支出合计10.00万元。",
        year=2018,
    )
    prosecution = "公共安全支出(类)检察(款)"
    assert _show(found) == [
        ("appropriated.total", "amount", "90.00万元"),
        ("appropriated.total", "share", "90.00%"),
        (f"appropriated.division:{prosecution}", "amount", "80.00万元"),
        (f"appropriated.item:{prosecution}行政运行(项)", "amount", "60.00万元"),
        (f"appropriated.item:{prosecution}行政运行(项)", "change_amount", "+5.00万元"),
        (f"appropriated.item:{prosecution}行政运行(项)", "change_ratio", "+9.09%"),
        (f"appropriated.item:{prosecution}公诉、审判等检察监督支出(项)", "amount", "20.00万元"),
        (f"appropriated.item:{prosecution}公诉、审判等检察监督支出(项)", "change_amount", "0万元"),
        ("appropriated.division:住房保障支出(类)住房改革支出(款)", "amount", "10.00万元"),
    ]


def test_a_document_without_parts_states_before_its_tables_and_behind_them(tmp_path: Path) -> None:
    path = tmp_path / "shanghai.txt"
    lines = [
        "2025年部门预算编制说明 ……… 3",
        "其他相关情况说明 ……… 9",
        "2025年部门预算编制说明",
        "2025年，某局收入预算30.00万元，其中：财政拨款收入30.00万元，比2024年预算增加2.00万元；事业收入0万元。",
        "支出预算30.00万元，其中：财政拨款支出预算30.00万元。政府性基金拨款支出预算0万元，与2024年预算持平。",
        "1.“教育支出（类）普通教育（款）小学教育（项）”12.00万元，主要用于教学。2024年当年预算执行数为10.00万元，"
        "2025年预算安排12.00万元，比2024年预算执行数增加20.00%。",
        "2025年部门财务收支预算总表",
        "收入预算99.00万元。",
        "其他相关情况说明",
        "二、机关运行经费预算",
        "2025年某局财政拨款的机关运行经费预算为5.00万元。",
        "五、国有资产占有使用情况",
        "截至2024年8月31日，某局共有车辆3辆，其中：部级领导干部用车0辆、主要领导干部用车1辆、其他用车2辆；"
        "单价100万（含）以上设备（不含车辆）4台（套）。",
        "2025年部门预算安排购置车辆1辆，其中：部级领导干部用车0辆、其他用车1辆；"
        "部门预算安排购置单价100万元（含）以上设备（不含车辆）5台（套）。",
        "项目经费情况说明",
        "收入预算98.00万元。",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_narrative(read_document(path), "budget", 2025, WATERMARKS)
    school = "教育支出(类)普通教育(款)小学教育(项)"
    assert _show(found) == [
        ("income.total", "amount", "30.00万元"),
        ("income.fiscal_appropriation", "amount", "30.00万元"),
        ("income.fiscal_appropriation", "change_amount", "+2.00万元"),
        ("income.institution_income", "amount", "0万元"),
        ("expenditure.total", "amount", "30.00万元"),
        ("appropriated.total", "amount", "30.00万元"),
        ("government_fund.total", "amount", "0万元"),
        ("government_fund.total", "change_amount", "0万元"),
        (f"funds.item:{school}", "amount", "12.00万元"),
        (f"funds.item.prior_year:{school}", "amount", "10.00万元"),
        (f"funds.item:{school}", "amount", "12.00万元"),
        (f"funds.item:{school}", "change_ratio", "+20.00%"),
        ("operating_cost.total", "amount", "5.00万元"),
        ("vehicles.total", "count", "3辆"),
        ("vehicles.ministerial", "count", "0辆"),
        ("vehicles.principal", "count", "1辆"),
        ("vehicles.other", "count", "2辆"),
        ("equipment.over_1m", "count", "4台（套）"),
        # What is to be bought is none of what is in use.
        ("vehicles.planned", "count", "1辆"),
        ("vehicles.planned.ministerial", "count", "0辆"),
        ("vehicles.planned.other", "count", "1辆"),
        ("equipment.planned", "count", "5台（套）"),
    ]
    assert not found.issues


@pytest.mark.parametrize(
    "heading",
    [
        ["七、“三公”经费增减变动原因说明"],
        ["一、2026年“三公”经费预算情况说明。"],
        ["九、一般公共预算“三公”经费、会议费、培训费支出", "预算情况说明"],
    ],
)
def test_a_heading_is_known_with_its_year_its_full_stop_and_broken_in_two(
    heading: list[str], tmp_path: Path
) -> None:
    found = _read(tmp_path, *heading, "公务接待费2.00万元。")
    assert _show(found) == [("three_public.hospitality", "amount", "2.00万元")]


VARIANTS = {
    "figures of another year are not this year's": (
        "final",
        "三、支出决算情况说明",
        "2024年度支出合计30.00万元，其中：基本支出20.00万元，占66.67%。2023年度基本支出18.00万元，与2022年度项目支出7.00万元无关。",
        [
            ("expenditure.current", "amount", "30.00万元"),
            ("expenditure.basic", "amount", "20.00万元"),
            ("expenditure.basic", "share", "66.67%"),
            ("unattributed", "amount", "18.00万元"),
            ("unattributed", "amount", "7.00万元"),
        ],
    ),
    "the same as this year's plan is no change of the year": (
        "final",
        "（一）机关运行经费支出情况说明",
        "2024年度机关运行经费支出5.00万元，与2024年预算持平，较2023年决算数增加1.00万元，增长25%。",
        [
            ("operating_cost.total", "amount", "5.00万元"),
            ("operating_cost.total", "change_amount", "+1.00万元"),
            ("operating_cost.total", "change_ratio", "+25%"),
        ],
    ),
    "one figure for income and expenditure": (
        "final",
        "一、收入支出决算总体情况说明",
        "2024年度收、支总计90.00万元。与上年相比，收、支总计各增加9.00万元，增长11.11%，主要是因为人员增加5人。",
        [
            ("balance.total", "amount", "90.00万元"),
            ("balance.total", "change_amount", "+9.00万元"),
            ("balance.total", "change_ratio", "+11.11%"),
            ("reason", "count", "5人"),
        ],
    ),
    "a change whose direction the form leaves open": (
        "final",
        "（一）机关运行经费支出情况说明",
        "机关运行经费支出5.00万元，比2023年度增加（减少）1.00万元，下降（增长）25%。",
        [
            ("operating_cost.total", "amount", "5.00万元"),
            ("unattributed", "amount", "1.00万元"),
            ("unattributed", "share", "25%"),
        ],
    ),
    "procurement with reserves and shares of other wholes": (
        "final",
        "（二）政府采购支出情况说明",
        "某局2024年度政府采购金额（以合同签订为准）为6.00万元，其中：货物采购金额1.00万元、工程采购金额2.00万元、"
        "服务采购金额3.00万元。授予中小企业合同金额4.00万元，占政府采购支出总额的66.67%，其中：授予小微企业合同金额2.00万元，"
        "占授予中小企业合同金额的50.00%；工程采购授予中小企业合同金额占工程支出金额的100%。",
        [
            ("procurement.total", "amount", "6.00万元"),
            ("procurement.goods", "amount", "1.00万元"),
            ("procurement.works", "amount", "2.00万元"),
            ("procurement.services", "amount", "3.00万元"),
            ("procurement.medium_and_small", "amount", "4.00万元"),
            ("procurement.medium_and_small", "share", "66.67%"),
            ("procurement.small_and_micro", "amount", "2.00万元"),
            ("unattributed", "share", "50.00%"),
            ("unattributed", "share", "100%"),
        ],
    ),
    "what a department spends itself is not what it spends": (
        "budget",
        "三、支出预算情况说明",
        "某局2026年支出预算50.00万元，其中：基本支出30.00万元，占60.00%；项目支出20.00万元，占40.00%。"
        "所属单位基本支出9.00万元，对附属单位补助支出1.00万元，本部门所属单位项目支出2.00万元。",
        [
            ("expenditure.basic_and_project", "amount", "50.00万元"),
            ("expenditure.basic", "amount", "30.00万元"),
            ("expenditure.basic", "share", "60.00%"),
            ("expenditure.project", "amount", "20.00万元"),
            ("expenditure.project", "share", "40.00%"),
            ("unattributed", "amount", "9.00万元"),
            ("unattributed", "amount", "1.00万元"),
            ("unattributed", "amount", "2.00万元"),
        ],
    ),
    "what was carried in decides what the total is": (
        "budget",
        "二、收入预算情况说明",
        "某局2026年收入预算20.00万元，其中：一般公共预算拨款收入15.00万元，占75.00%；上年结转5.00万元，占25.00%。",
        [
            ("income.total", "amount", "20.00万元"),
            ("income.general_public_budget", "amount", "15.00万元"),
            ("income.general_public_budget", "share", "75.00%"),
            ("income.carryover", "amount", "5.00万元"),
            ("income.carryover", "share", "25.00%"),
        ],
    ),
    "income of the year with its sources": (
        "budget",
        "（二）收入预算情况说明",
        "我校2026年本年收入预算50.00万元，其中：财政拨款收入30.00万元，占60.00%；事业收入20.00万元，占40.00%。",
        [
            ("income.current", "amount", "50.00万元"),
            ("income.fiscal_appropriation", "amount", "30.00万元"),
            ("income.fiscal_appropriation", "share", "60.00%"),
            ("income.institution_income", "amount", "20.00万元"),
            ("income.institution_income", "share", "40.00%"),
        ],
    ),
    "items by their code of levels, with the year before executed": (
        "budget",
        "（三）一般公共预算当年拨款具体使用情况",
        "1.住房保障支出（类）住房改革支出（款）住房公积金（项）2026年预算数为9.00万元，比2025年执行数减少1.00万元，下降10.00%。"
        "主要是人员减少。",
        [
            ("general_public.item:住房保障支出(类)住房改革支出(款)住房公积金(项)", "amount", "9.00万元"),
            (
                "general_public.item:住房保障支出(类)住房改革支出(款)住房公积金(项)",
                "change_amount",
                "-1.00万元",
            ),
            ("general_public.item:住房保障支出(类)住房改革支出(款)住房公积金(项)", "change_ratio", "-10.00%"),
        ],
    ),
    "an item with its account and no budget in money": (
        "final",
        "（三）一般公共预算财政拨款支出决算具体情况",
        "2024年度一般公共预算财政拨款支出决算数均为8.00万元，完成预算100.00%。其中：教育（类）普通教育（款）小学教育（项）: "
        "支出决算为8.00万元，完成预算100%，决算数等于预算数。",
        [
            ("general_public.total", "amount", "8.00万元"),
            ("general_public.total.completion", "share", "100.00%"),
            ("general_public.item:教育(类)普通教育(款)小学教育(项)", "amount", "8.00万元"),
            ("general_public.item.completion:教育(类)普通教育(款)小学教育(项)", "share", "100%"),
            ("general_public.item:教育(类)普通教育(款)小学教育(项)", "deviation", "0万元"),
        ],
    ),
    "items in quotation marks, their account stated before": (
        "final",
        "（三）一般公共预算财政拨款支出决算具体情况",
        "2．“教育支出（类）普通教育（款）小学教育（项）”7.25万元，主要用于：课桌。年初预算为9.00万元，支出决算为7.25万元。"
        "决算数小于预算数的主要原因：少买了3张。“教育支出（类）普通教育（款）初中教育（项）”1.50万元。年初预算0.50万元，"
        "当年支出决算为1.50万元，决算数大于年初预算数。",
        [
            ("general_public.item:教育支出(类)普通教育(款)小学教育(项)", "amount", "7.25万元"),
            ("general_public.item_approved:教育支出(类)普通教育(款)小学教育(项)", "amount", "9.00万元"),
            ("general_public.item:教育支出(类)普通教育(款)小学教育(项)", "amount", "7.25万元"),
            ("general_public.item:教育支出(类)普通教育(款)小学教育(项)", "deviation", "-0万元"),
            ("general_public.item:教育支出(类)普通教育(款)初中教育(项)", "amount", "1.50万元"),
            ("general_public.item_approved:教育支出(类)普通教育(款)初中教育(项)", "amount", "0.50万元"),
            ("general_public.item:教育支出(类)普通教育(款)初中教育(项)", "amount", "1.50万元"),
            ("general_public.item:教育支出(类)普通教育(款)初中教育(项)", "deviation", "+0万元"),
        ],
    ),
    # Where both plans are told, a percentage or a word of 预算数 may mean the later one: only 年初 says which.
    "two plans of one year": (
        "final",
        "（三）一般公共预算财政拨款支出决算具体情况",
        "1.教育支出（类）普通教育（款）小学教育（项）。年初预算为5.00万元，支出决算为8.00万元，完成调整预算的100.00%，"
        "决算数等于预算数，决算数大于年初预算数。",
        [
            ("general_public.item_approved:教育支出(类)普通教育(款)小学教育(项)", "amount", "5.00万元"),
            ("general_public.item:教育支出(类)普通教育(款)小学教育(项)", "amount", "8.00万元"),
            ("plan_deviation:教育支出(类)普通教育(款)小学教育(项)", "share", "100.00%"),
            ("general_public.item:教育支出(类)普通教育(款)小学教育(项)", "deviation", "+0万元"),
        ],
    ),
    "a fund by its items, and a slip in its total": (
        "final",
        "八、政府性基金预算财政拨款收入支出决算情况说明",
        "政府性基金预算财政拨款收入6.00万元，支出收入6.00万元，支出具体情况如下：1、城乡社区支出（类）其他基金（款）"
        "修桥（项）。主要用于：修桥。年初预算为0万元，支出决算为6.00万元。决算数大于预算数的主要原因：新增。",
        [
            ("government_fund.income", "amount", "6.00万元"),
            ("government_fund.total", "amount", "6.00万元"),
            ("government_fund.item_approved:城乡社区支出(类)其他基金(款)修桥(项)", "amount", "0万元"),
            ("government_fund.item:城乡社区支出(类)其他基金(款)修桥(项)", "amount", "6.00万元"),
            ("government_fund.item:城乡社区支出(类)其他基金(款)修桥(项)", "deviation", "+0万元"),
        ],
    ),
    "what is left is no change, and a word against the plan names its own": (
        "final",
        "七、“三公”经费支出决算情况说明",
        "“三公”经费财政拨款支出年初预算为9.00万元，支出决算为4.00万元，其中：公务接待费支出决算为1.00万元。2024年度“三公”"
        "经费支出决算数小于预算数的主要原因：节约。“三公”经费财政拨款支出决算数比2023年度减增加2.00万元，增长100.00%，"
        "其中：公务接待费支出决算减少为1.00万元。",
        [
            ("three_public.approved", "amount", "9.00万元"),
            ("three_public.total", "amount", "4.00万元"),
            ("three_public.hospitality", "amount", "1.00万元"),
            ("three_public.total", "deviation", "-0万元"),
            ("three_public.total", "change_amount", "+2.00万元"),
            ("three_public.total", "change_ratio", "+100.00%"),
            ("three_public.hospitality", "amount", "1.00万元"),
        ],
    ),
    "a unit that lost its last character": (
        "final",
        "（二）“三公”经费财政拨款支出决算具体情况说明",
        "公务接待费支出0.40万元。其中：国内公务接待支出0.40万（含外宾接待支出为0）。接待批次2次、接待7人次。",
        [
            ("three_public.hospitality", "amount", "0.40万元"),
            ("three_public.hospitality_domestic", "amount", "0.40万元"),
            ("three_public.hospitality_foreign_affairs", "amount", "0万元"),
            ("unattributed", "count", "2次"),
            ("unattributed", "count", "7人次"),
        ],
    ),
    "problems found, and what became of them": (
        "final",
        "十、预算绩效管理情况",
        "绩效自评中共发现问题5个，已经完成整改的3个，正在整改的2个。",
        [
            ("evaluation.problems", "count", "5个"),
            ("evaluation.problems_solved", "count", "3个"),
            ("evaluation.problems_open", "count", "2个"),
        ],
    ),
    "what is arranged, with its parts in brackets": (
        "budget",
        "二、“三公”经费安排情况说明",
        "2026年本部门“三公”经费预算安排30万元，比上年减少2万元，下降6.25%，主要原因是厉行节约。其中：公务用车购置及运行费15万元"
        "（公务用车购置费0万元，比上年增加0万元；公务用车运行维护费15万元，比上年减少1万元）；公务接待费5万元。",
        [
            ("three_public.total", "amount", "30万元"),
            ("three_public.total", "change_amount", "-2万元"),
            ("three_public.total", "change_ratio", "-6.25%"),
            ("three_public.vehicles", "amount", "15万元"),
            ("three_public.vehicle_purchase", "amount", "0万元"),
            ("three_public.vehicle_purchase", "change_amount", "+0万元"),
            ("three_public.vehicle_running", "amount", "15万元"),
            ("three_public.vehicle_running", "change_amount", "-1万元"),
            ("three_public.hospitality", "amount", "5万元"),
        ],
    ),
    "points of a percentage, multiples, and persons among money": (
        "final",
        "（一）机关运行经费支出情况说明",
        "机关运行经费支出5.00万元，占比提高1.5个百分点，增长16倍，比上年增加2人。",
        [
            ("operating_cost.total", "amount", "5.00万元"),
            ("unattributed", "share", "1.5个百分点"),
            ("unattributed", "share", "16倍"),
            ("unattributed", "change_amount", "+2人"),
        ],
    ),
    "a class by its name in quotation marks": (
        "budget",
        "一、2026年部门预算编制说明",
        "支出预算9.00万元。1.“教育支出”科目5.00万元，主要用于教学；2.“住房保障支出”科目4.00万元。",
        [
            ("expenditure.total", "amount", "9.00万元"),
            ("appropriated.class:教育支出", "amount", "5.00万元"),
            ("appropriated.class:住房保障支出", "amount", "4.00万元"),
        ],
    ),
    "thresholds in several words, and equipment to be bought": (
        "budget",
        "十一、国有资产占有使用情况说明",
        "本部门共有车辆12辆，其中，机要通信用车2辆、其他用车10辆。单位价值50万元以上通用设备3台（套），"
        "单价100万元（含）以上专用设备1台（套）。安排购置单位价值50万元以上通用设备7台（套）。",
        [
            ("vehicles.total", "count", "12辆"),
            ("vehicles.confidential", "count", "2辆"),
            ("vehicles.other", "count", "10辆"),
            ("equipment.over_500k", "count", "3台（套）"),
            ("equipment.special_over_1m", "count", "1台（套）"),
            ("unattributed", "count", "7台（套）"),
        ],
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_wordings_of_other_places_are_read_right_or_not_at_all(name: str, tmp_path: Path) -> None:
    kind, heading, sentence, expected = VARIANTS[name]
    year = 2024 if kind == "final" else 2026
    found = _read(tmp_path, heading, sentence, kind=kind, year=year)  # type: ignore[arg-type]
    assert _show(found) == expected


@pytest.mark.parametrize(
    "clause", ["部会办局" * 100, "2026年度当年" * 100, "(1)" * 100, "与上年相比" * 100, "类)款" * 400]
)
def test_a_long_clause_is_read_to_its_end(clause: str, tmp_path: Path) -> None:
    """Names may be told apart in many ways; a reader that tries them all never returns."""
    found = _read(tmp_path, CHANGES, f"{clause}其他收入总计1.00万元。")
    assert [claim.item for claim in found.claims] == ["unattributed"]


def test_every_section_and_every_item_that_can_be_told_has_a_name() -> None:
    with (ROOT / "seeds" / "claim_sections.csv").open(encoding="utf-8", newline="") as file:
        sections = {row["section"] for row in csv.DictReader(file)}
    layouts = load_narrative_library().layouts.values()
    assert {section.section for layout in layouts for section in layout.sections} <= sections
    with (ROOT / "seeds" / "claim_items.csv").open(encoding="utf-8", newline="") as file:
        named = {row["item"] for row in csv.DictReader(file)}
    told = {
        rule.item
        for layout in layouts
        for section in layout.sections
        for rule in section.items
        if "money" in rule.units and not rule.item.endswith(".prior_year")
    }
    counted = {rule.item for layout in layouts for section in layout.sections for rule in section.items}
    assert (
        counted | {f"{item}{suffix}" for item in told for suffix in (".prior_year", ".completion")} <= named
    )


def _read_document(tmp_path: Path, *lines: str, year: int = 2023) -> Narrative:
    path = tmp_path / "document.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_narrative(read_document(path), "final", year)


def test_two_parts_may_explain(tmp_path: Path) -> None:
    """Contents name both; the last heading of each counts, and neither goes on in the other."""
    parts = (
        "第三部分 2023年度部门决算情况说明",
        "第四部分 其他重要事项及相关口径情况说明",
        "第五部分 名词解释",
    )
    found = _read_document(
        tmp_path,
        *parts,
        parts[0],
        "一、收入决算情况说明",
        "某局2023年度收入合计812.50元。其中：附属单位缴款收入12.50元，占总收入的1.54%。",
        parts[1],
        "一、机关运行经费支出情况",
        "某局2023年机关运行经费支出60.00元。",
        parts[2],
    )
    assert _show(found) == [
        ("income.current", "amount", "812.50元"),
        ("income.affiliate_remittance", "amount", "12.50元"),
        ("income.affiliate_remittance", "share", "1.54%"),
        ("operating_cost.total", "amount", "60.00元"),
    ]


def test_a_narrative_without_parts_is_found_by_its_own_heading(tmp_path: Path) -> None:
    found = _read_document(
        tmp_path,
        "一、部门基本情况",
        "编制20人。",
        "二、部门决算收支情况说明",
        "（一）收入支出决算总体情况说明",
        "1.总体情况。2023年度收入总计97.76万元，支出总计97.76万元。收支较上年决算数减少6.31万元，下降6.1%。",
        "2.支出情况。2023年度支出合计90.00万元，其中：基本支出60.00万元，占66.7%。此外，结余分配0.00万元。",
        "三、“三公”经费情况说明",
        "（一）“三公”经费分项支出情况说明",
        "公务车运行维护费6.00万元。费用支出较年初预算数减少1.00万元，较上年支出数减少0.50万元。",
        "四、专业名词解释",
        "收入总计9.99万元。",
    )
    assert _show(found) == [
        ("income.total", "amount", "97.76万元"),
        ("expenditure.total", "amount", "97.76万元"),
        ("balance.total", "change_amount", "-6.31万元"),
        ("balance.total", "change_ratio", "-6.1%"),
        ("expenditure.current", "amount", "90.00万元"),
        ("expenditure.basic", "amount", "60.00万元"),
        ("expenditure.basic", "share", "66.7%"),
        ("expenditure.balance_distributed", "amount", "0.00万元"),
        ("three_public.vehicle_running", "amount", "6.00万元"),
        ("plan_deviation", "change_amount", "-1.00万元"),
        ("three_public.vehicle_running", "change_amount", "-0.50万元"),
    ]


def test_one_section_may_tell_income_classes_and_items(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "一、2023年度收入支出决算总体情况。",
        "（一）本单位2023年度总收入581.45万元，其中本年收入390.55万元，较2022年度决算数减少75.26万元。",
        "1.一般公共预算财政拨款收入382.17万元，为当年拨付的资金。",
        "2.上年结转和结余190.90万元，为以前年度的资金。",
        "（二）本单位2023年度总支出581.45万元，其中本年支出480.71万元。",
        "1.卫生健康支出480.71万元：主要用于医疗。",
        "二、2023年度一般公共预算财政拨款支出决算情况。",
        "（一）卫生健康支出（类）支出年初预算为12.00万元，支出决算为12.72万元，完成年初预算的106.00%。",
        "1.行政事业单位医疗（款）事业单位医疗（项）年初预算为12.00万元，支出决算为12.72万元。",
        kind="final",
        year=2023,
    )
    item = "卫生健康支出(类)行政事业单位医疗(款)事业单位医疗(项)"
    assert _show(found) == [
        ("income.total", "amount", "581.45万元"),
        ("income.current", "amount", "390.55万元"),
        ("income.current", "change_amount", "-75.26万元"),
        ("income.general_public_budget", "amount", "382.17万元"),
        ("income.carryover", "amount", "190.90万元"),
        ("expenditure.total", "amount", "581.45万元"),
        ("expenditure.current", "amount", "480.71万元"),
        ("expenditure.class:卫生健康支出", "amount", "480.71万元"),
        ("general_public.class_approved:卫生健康支出", "amount", "12.00万元"),
        ("general_public.class:卫生健康支出", "amount", "12.72万元"),
        ("general_public.class.completion:卫生健康支出", "share", "106.00%"),
        (f"general_public.item_approved:{item}", "amount", "12.00万元"),
        (f"general_public.item:{item}", "amount", "12.72万元"),
    ]


def test_the_sum_of_a_list_is_not_its_last_member(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "三、支出决算情况说明",
        "支出合计90.00万元，其中：上缴上级支出、对附属单位补助支出共9.00万元。",
        kind="final",
        year=2023,
    )
    assert _show(found)[1:] == [("unattributed", "amount", "9.00万元")]


def test_what_was_carried_over_stands_beside_the_funds_that_an_income_includes(tmp_path: Path) -> None:
    """In 收入包括 a fund is that of the year; in 其中 it holds what was carried over, too."""
    found = _read(
        tmp_path,
        "四、关于虚构总局2026年财政拨款收支总表的说明",
        "虚构总局2026年财政拨款收支总预算95.00万元。收入包括：一般公共预算拨款收入80.00万元、上年结转15.00万元；"
        "支出包括：外交支出5.00万元、科学技术支出90.00万元。",
        "五、财政拨款收支预算情况说明",
        "财政拨款收支总预算95.00万元。收入包括：上年结转15.00万元、本年一般公共预算拨款收入80.00万元。",
        "六、财政拨款收支预算情况说明",
        "财政拨款收支总预算95.00万元。其中：一般公共预算拨款95.00万元。",
    )
    of_the_year = ("fiscal_appropriation.current.general_public_budget", "amount", "80.00万元")
    assert _show(found) == [
        ("fiscal_appropriation.total", "amount", "95.00万元"),
        of_the_year,
        ("fiscal_appropriation.carryover", "amount", "15.00万元"),
        ("fiscal_appropriation.class:外交支出", "amount", "5.00万元"),
        ("fiscal_appropriation.class:科学技术支出", "amount", "90.00万元"),
        ("fiscal_appropriation.total", "amount", "95.00万元"),
        ("fiscal_appropriation.carryover", "amount", "15.00万元"),
        of_the_year,
        ("fiscal_appropriation.total", "amount", "95.00万元"),
        ("fiscal_appropriation.general_public_budget", "amount", "95.00万元"),
    ]


def test_a_sentence_behind_a_list_is_of_the_whole_or_of_its_last_part(tmp_path: Path) -> None:
    """Nothing says of which: 收入总计…，其中：…，年初结转和结余…。比上年增加…"""
    found = _read(
        tmp_path,
        "一、收入支出决算总体情况说明",
        "收入总计50.00万元，其中：一般公共预算财政拨款收入45.00万元，年初结转和结余5.00万元。比上年增加2.00万元。",
        "1.上年结转和结余5.00万元，为以前年度的资金。较2022年度决算数减少1.00万元。",
        "二、一般公共预算财政拨款支出决算情况说明",
        "财政拨款支出年初预算70.00万元，支出决算76.50万元。",
        kind="final",
        year=2023,
    )
    assert _show(found)[3:] == [
        ("unattributed", "change_amount", "+2.00万元"),
        ("income.carryover", "amount", "5.00万元"),
        ("income.carryover", "change_amount", "-1.00万元"),
        ("unattributed", "amount", "70.00万元"),
        ("unattributed", "amount", "76.50万元"),
    ]


# ---------------------------------------------------------------------------------------------------
# The disclosures

with_disclosures = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the disclosures are not at {FOLDER}; they are no part of the project"
)
# As read through by eye, sentence by sentence, beside the list of claims.
CLAIMS = {
    "datong-2025-budget.txt": 101,
    "gaoping-2024-final.txt": 128,
    "gaoping-2026-budget.txt": 99,
    "lanxian-2026-budget.txt": 89,
    "yangcheng-2024-budget.txt": 118,
}
_UNITS = "亿元|万元|千元|元|%|％|台（套）|台|套|辆|个(?!月)|批次|人次|人|名|平方米|㎡|次"
_THRESHOLD = re.compile(r"(?:（[^（）]*）)?以上")


def _scan_numbers(name: str) -> Counter[tuple[int, str]]:
    """Find the numbers with a unit by another logic than the reader's: line by line, no sentence, no item."""
    found: Counter[tuple[int, str]] = Counter()
    in_narrative = in_annex = False
    for line_no, line in enumerate((FOLDER / name).read_text(encoding="utf-8-sig").split("\n"), start=1):
        plain = re.sub(r"[#*]|</?b>", "", line).strip()
        if re.match(r"第[一二三四]部分", plain) and not re.search(r"\d$", plain):
            in_narrative = plain.startswith("第三部分")
        if re.search(r"绩效目标(申报)?表$", plain) or re.fullmatch(r".财购〔\d+〕\d+号", plain):
            in_annex = True
        if re.match(r"十[一二]、", plain):
            in_annex = False
        if not in_narrative or in_annex or "\t" in line:
            continue
        for number in re.finditer(rf"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)({_UNITS})", plain):
            if not _THRESHOLD.match(plain, number.end()):
                found[line_no, number[1].rstrip(",")] += 1
        found.update((line_no, "0") for _ in re.finditer(r"(?:上年|20\d\d年)(?:预算数)?相同", plain))
    return found


@with_disclosures
@pytest.mark.parametrize("name", CLAIMS)
def test_every_number_with_a_unit_is_one_claim(name: str) -> None:
    claims = parse_document(FOLDER / name).claims
    assert Counter((claim.line_no, claim.printed_value) for claim in claims) == _scan_numbers(name)
    assert len(claims) == CLAIMS[name]


@with_disclosures
@pytest.mark.parametrize("name", CLAIMS)
def test_every_other_number_of_the_narrative_is_set_aside_for_a_reason(name: str) -> None:
    document = read_document(FOLDER / name)
    kind: DocumentKind = "final" if "final" in name else "budget"
    narrative = read_narrative(document, kind, int(name.split("-")[1]), WATERMARKS)
    region = [line.line_no for line in document.lines if line.text.startswith(("第三部分", "第四部分"))][-2:]
    printed = Counter(
        (line.line_no, number)
        for line in document.lines[region[0] - 1 : region[1] - 1]
        for number in re.findall(r"\d(?:[\d,.]*\d)?", "".join(line.text.split()))
    )
    told = Counter((claim.line_no, claim.printed_value) for claim in narrative.claims)
    # A change of zero that is told in words prints no number.
    unchanged = [c.line_no for c in narrative.claims if c.measure == "change_amount" and c.sign is None]
    told.subtract((line_no, "0") for line_no in unchanged)
    told.update((aside.line_no, aside.printed.removeprefix("-")) for aside in narrative.list_aside())
    assert +told == printed
    assert not narrative.issues
    assert all(claim.item != "unattributed" for claim in narrative.claims)


def test_a_comparison_that_names_another_figure_is_none_of_the_one_before_it(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "三、支出决算情况说明",
        "本年支出合计1000.00万元，其中：基本支出600.00万元，比上年人员支出减少5.00万元，下降2.00%；"
        "项目支出400.00万元，较2022年度决算数增加10.00万元，比上年收入减少1.00万元。",
        kind="final",
        year=2023,
    )
    assert [claim for claim in _show(found) if claim[1].startswith("change")] == [
        ("unattributed", "change_amount", "-5.00万元"),
        ("unattributed", "change_ratio", "-2.00%"),
        ("expenditure.project", "change_amount", "+10.00万元"),
        ("unattributed", "change_amount", "-1.00万元"),
    ]


def test_a_change_since_an_earlier_year_is_no_change_since_the_last(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "八、机关运行经费支出情况",
        "机关运行经费支出50.00万元，比2019年（疫情前）决算数减少3.00万元，下降5.66%；"
        "机关运行经费支出比2021年预算数增加1.00万元，比2022年减少2.00万元。",
        kind="final",
        year=2023,
    )
    assert _show(found) == [
        ("operating_cost.total", "amount", "50.00万元"),
        ("unattributed", "change_amount", "-3.00万元"),
        ("unattributed", "change_ratio", "-5.66%"),
        ("unattributed", "change_amount", "+1.00万元"),
        ("operating_cost.total", "change_amount", "-2.00万元"),
    ]
