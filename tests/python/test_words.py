"""How printed words are compared, by example."""

from __future__ import annotations

import pytest

from ingest.words import find_years, fold, fold_label, fold_year, is_same_unit, strip_markup


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("支出決算表", "支出决算表"),
        ("财政拨款“三公”经费", '财政拨款"三公"经费'),
        ("因公出国 (境) 费", "因公出国(境)费"),
        ("因公出国（境）费", "因公出国(境)费"),
        ("单位：万元", "单位:万元"),
        ("〔2025〕１３号", "[2025]13号"),
        ("公务接\u3000待\u00a0费\n", "公务接待费"),
        ("", ""),
    ],
)
def test_fold_makes_variants_equal(printed: str, folded: str) -> None:
    assert fold(printed) == folded


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("一、一般公共预算", "一般公共预算"),
        ("二十一、粮油物资储备支出", "粮油物资储备支出"),
        ("二十 一、粮油物资储备 支出", "粮油物资储备支出"),
        ("（一）行政单位", "行政单位"),
        ("(二) 参照公务员法管理事业单位", "参照公务员法管理事业单位"),
        ("1. 副部（省）级及以上领导用车", "副部(省)级及以上领导用车"),
        ("3．机要通信用车", "机要通信用车"),
        ("8、其他用车", "其他用车"),
        ("①公务用车购置费", "公务用车购置费"),
        # Words that only look like ordinals.
        ("一般公共服务支出", "一般公共服务支出"),
        ("三公经费", "三公经费"),
        ("2025年经费", "2025年经费"),
        ("（晋市财建[2025]13号）补助", "(晋市财建[2025]13号)补助"),
        # Only one ordinal is left out.
        ("一、（一）行政单位", "(一)行政单位"),
    ],
)
def test_fold_label_leaves_out_the_ordinal(printed: str, folded: str) -> None:
    assert fold_label(printed) == folded


@pytest.mark.parametrize(
    ("printed", "folded", "years"),
    [
        ("2026年预算收支总表", "{year}年预算收支总表", (2026,)),
        ("２０２６年 预算收支总表", "{year}年预算收支总表", (2026,)),
        ("20 26年", "{year}年", (2026,)),
        ("2026预算数", "{year}预算数", (2026,)),
        ("2025财政拨款", "{year}财政拨款", (2025,)),
        ("2024决算数", "{year}决算数", (2024,)),
        ("2025年与2026年", "{year}年与{year}年", (2025, 2026)),
        ("2080505", "2080505", ()),
        ("1999年", "1999年", ()),
        ("晋财[2025]13号", "晋财[2025]13号", ()),
    ],
)
def test_years_are_found_and_folded(printed: str, folded: str, years: tuple[int, ...]) -> None:
    assert fold_year(printed) == folded
    assert find_years(printed) == years


@pytest.mark.parametrize(
    ("name", "other", "is_same"),
    [
        ("某区某局", "某区某局", True),
        ("东山市西河区某局", "西河区某局", True),
        ("某局", "东山市西河区某局(本级)", True),
        ("西河区某局(部门)", "西河区某局", True),
        # A unit below another bears its name; a part of a name is none.
        ("西河区某局某中心", "西河区某局", False),
        ("西河区教育局", "西河区某局", False),
        ("某街道社区中心", "中心", False),
    ],
)
def test_a_units_name_may_leave_its_places_out(name: str, other: str, is_same: bool) -> None:
    assert is_same_unit(name, other) is is_same
    assert is_same_unit(other, name) is is_same


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("# 目 录", "目 录"),
        ("###### 标题", "标题"),
        ("## **标题**", "标题"),
        ("<b>第一部分</b>\t<b>1</b>", "第一部分\t1"),
        # No marks of Markdown.
        ("#1 项目", "#1 项目"),
        ("####### 标题", "####### 标题"),
        ("3*4", "3*4"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_marks_of_markdown_are_left_out(line: str, text: str) -> None:
    assert strip_markup(line) == text
