"""Web pages as browsers show them: broken markup, spans, layout tables, what nobody sees."""

from __future__ import annotations

import pytest

from ingest.issues import RefusedDocument
from ingest.readers.files import find_kind, read_content


def _cells(body: str) -> list[tuple[str, ...]]:
    return [line.cells for line in read_content("page.html", f"<html><body>{body}".encode()).lines]


def test_blocks_are_lines_and_inline_marks_are_none() -> None:
    body = (
        "<h1>2026年度<b>单位</b>预算公开</h1><div>甲<br>乙<p>丙<span>丁</span></div>戊<ul><li>己<li>庚</ul>"
    )
    assert _cells(body) == [
        (text,) for text in ("2026年度单位预算公开", "甲", "乙", "丙丁", "戊", "己", "庚")
    ]


def test_forgotten_end_tags_are_mended() -> None:
    assert _cells("<table><tr><td>甲<td>1.00<tr><td>乙<td>2.00</table>丙") == [
        ("甲", "1.00"),
        ("乙", "2.00"),
        ("丙",),
    ]


def test_spans_leave_blanks_where_they_reach() -> None:
    body = (
        "<table><tr><td colspan=3>2026年预算收支总表</td></tr>"
        "<tr><td rowspan=2>项目</td><td colspan=2>预算数</td></tr><tr><td>合计</td><td>基本</td></tr>"
        "<tr><td>甲</td><td>1</td><td></td></tr><tr><td>乙</td><td></td><td></td></tr></table>"
    )
    assert _cells(body) == [
        ("2026年预算收支总表",),
        ("项目", "预算数"),
        ("", "合计", "基本"),
        ("甲", "1"),
        ("乙", ""),
    ]


def test_a_column_that_is_blank_on_one_page_stays_in_its_place() -> None:
    body = "<table><tr><td>甲</td><td></td><td>1.00</td></tr></table>"
    assert _cells(body) == [("甲", "", "1.00")]


def test_tables_for_the_layout_give_way_to_those_inside() -> None:
    body = (
        "<table><tr><td>导航</td><td><p>2026年预算收支总表</p>"
        "<table><tr><td>甲</td><td>1.00</td></tr></table>注：无</td></tr></table>"
    )
    assert _cells(body) == [("导航",), ("2026年预算收支总表",), ("甲", "1.00"), ("", "注：无")]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    body = (
        "<script>document.write('<p>1.00')</script><style>p{}</style><!-- 2.00 --><noscript>3.00</noscript>"
        "<p hidden>4.00</p><p style='color:red;DISPLAY : none'>5.00</p><iframe src='http://a'>6.00</iframe>"
        "<table><tr style='display:none'><td>7</td><td>8</td></tr><tr><td>甲</td><td>9.00</td></tr></table>"
    )
    assert _cells(body) == [("甲", "9.00")]


def test_a_number_broken_by_marks_is_whole_and_two_in_a_cell_are_not_one() -> None:
    body = (
        "<table><tr><td>甲</td><td>1,<span>234</span>.<font>56</font></td><td>1.00<br>2.00</td></tr></table>"
    )
    assert _cells(body) == [("甲", "1,234.56", "1.00 2.00")]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "2.5", "9"])
def test_odd_spans_are_read_as_browsers_read_them(span: str) -> None:
    expected = {"2.5": ("甲", "", "1.00"), "9": ("甲", *[""] * 8, "1.00")}.get(span, ("甲", "1.00"))
    cells = _cells(
        f"<table><tr><td colspan='{span}'>甲</td><td>1.00</td></tr>"
        f"<tr>{'<td>乙</td>' * (len(expected) - 1)}<td>2</td></tr></table>"
    )
    assert cells[0] == expected


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html>",
        "\ufeff \n<HTML lang=zh>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>",
        "<table>",
    ],
)
def test_a_page_is_known_by_how_it_begins(start: str) -> None:
    assert find_kind(f"{start}<p>甲</p>".encode()) == "HTML"
    assert find_kind("# <b>甲</b>\n<div>".encode()) == "text"


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(RefusedDocument) as refused:
        _cells("<script>1</script>")
    assert refused.value.issue.reason == "empty_document"
