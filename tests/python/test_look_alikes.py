"""Tables whose titles resemble those of official tables and that are none of them, or say them twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from printed_tables import FORMATS, Printed, list_read

from ingest.disclosures import parse_document
from ingest.parsed_tables import ParsedTables

BUDGET, FINAL = ("虚构省虚构局2024年部门预算",), ("虚构省虚构局2023年度部门决算",)
_KINDS = ("本年支出合计", "基本支出", "项目支出")
SPENT = Printed(
    "f03",
    "公开03表 支出决算表",
    (("项目", "<", *_KINDS), ("科目编码", "科目名称", "^", "^", "^")),
    ("", "", "main.total", "main.basic", "main.project"),
    (
        ("合计", "<", "90.00", "60.00", "30.00"),
        ("213", "农林水支出", "90.00", "60.00", "30.00"),
        ("21301", "农业农村", "90.00", "60.00", "30.00"),
        ("2130104", "事业运行", "90.00", "60.00", "30.00"),
    ),
)
SPENT_IN_DETAIL = Printed(
    "f03",
    "公开04表 支出决算明细表",
    (
        ("项目", "<", "合计", "工资福利支出", "<", "商品和服务支出", "<"),
        ("科目编码", "科目名称", "^", "小计", "基本工资", "小计", "办公费"),
    ),
    ("",) * 7,
    (
        ("合计", "<", "90.00", "50.00", "50.00", "40.00", "40.00"),
        ("2130104", "事业运行", "90.00", "50.00", "50.00", "40.00", "40.00"),
    ),
)
_BY_FUNCTION = Printed(
    "b05",
    "一般公共预算支出表（按功能分类科目）",
    (("科目编码", "科目名称", "合计", "基本支出", "项目支出"),),
    ("", "", "main.total", "main.basic", "main.project"),
    (
        ("合计", "<", "70.00", "50.00", "20.00"),
        ("205", "教育支出", "70.00", "50.00", "20.00"),
    ),
)
_BY_ECONOMIC_CATEGORY = replace(
    _BY_FUNCTION,
    title="一般公共预算支出表（按经济分类科目）",
    columns=("",) * 5,
    rows=(
        ("合计", "<", "70.00", "50.00", "20.00"),
        ("301", "工资福利支出", "70.00", "50.00", "20.00"),
    ),
)
_CAPITAL = Printed(
    "f08",
    "国有资本经营预算财政拨款收入支出决算表",
    (
        ("项目", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
        ("科目编码", "科目名称", "^", "^", "小计", "基本支出", "项目支出", "^"),
    ),
    ("", "", "main.opening", "main.income", "main.total", "main.basic", "main.project", "main.closing"),
    (
        ("合计", "<", "", "8.00", "8.00", "", "8.00", ""),
        ("223", "国有资本经营预算支出", "", "8.00", "8.00", "", "8.00", ""),
    ),
)
_CAPITAL_SPENT = Printed(
    "f08",
    "国有资本经营预算财政拨款支出决算表",
    (("项目", "<", "本年支出", "<", "<"), ("科目编码", "科目名称", "合计", "基本支出", "项目支出")),
    ("",) * 5,
    (
        ("合计", "<", "8.00", "", "8.00"),
        ("223", "国有资本经营预算支出", "8.00", "", "8.00"),
    ),
)


def _parse(folder: Path, cover: tuple[str, ...], *tables: Printed, kind: str = "html") -> ParsedTables:
    path = folder / f"document.{kind}"
    path.write_bytes(FORMATS[kind](cover, list(tables)))
    return parse_document(path)


def _states(parsed: ParsedTables) -> list[tuple[str, str]]:
    return [(table.statement_code, table.state) for table in parsed.tables]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("cover", "table", "resembling", "reason"),
    [
        (FINAL, SPENT, SPENT_IN_DETAIL, "unknown_layout"),
        (BUDGET, _BY_FUNCTION, _BY_ECONOMIC_CATEGORY, "unknown_row"),
    ],
    ids=["by economic item across", "by economic category down"],
)
def test_a_table_that_only_resembles_another_leaves_it_alone(
    cover: tuple[str, ...], table: Printed, resembling: Printed, reason: str, kind: str, tmp_path: Path
) -> None:
    parsed = _parse(tmp_path, cover, table, resembling, kind=kind)
    assert list_read(parsed) == table.list_cells()
    assert _states(parsed) == [(table.statement, "data"), ("unknown", "set_aside")]
    told = {(issue.reason, issue.statement_code) for issue in parsed.issues if issue.severity == "error"}
    assert told == {(reason, "unknown")}


def test_economic_categories_are_no_function_subjects(tmp_path: Path) -> None:
    """301 has the length of a class of functions: read as one it would be money spent on nothing known."""
    parsed = _parse(tmp_path, BUDGET, _BY_ECONOMIC_CATEGORY)
    assert _states(parsed) == [("b05", "set_aside")]
    assert not parsed.rows
    (issue,) = [issue for issue in parsed.issues if issue.severity == "error"]
    assert "2…" in issue.expected


def test_a_table_that_repeats_another_under_another_title_is_read_once(tmp_path: Path) -> None:
    parsed = _parse(tmp_path, FINAL, _CAPITAL, _CAPITAL_SPENT)
    assert list_read(parsed) == _CAPITAL.list_cells()
    assert _states(parsed) == [("f08", "data")]
    (issue,) = parsed.issues
    assert (issue.reason, issue.severity) == ("repeated_table", "warning")
    assert _CAPITAL_SPENT.title in issue.found


def test_two_tables_of_one_kind_that_differ_are_both_set_aside(tmp_path: Path) -> None:
    rows = tuple(tuple("7.00" if text == "8.00" else text for text in row) for row in _CAPITAL_SPENT.rows)
    parsed = _parse(tmp_path, FINAL, _CAPITAL, replace(_CAPITAL_SPENT, rows=rows))
    assert _states(parsed) == [("f08", "set_aside")] * 2
    assert not parsed.rows


def test_what_cannot_be_read_under_the_same_title_still_counts(tmp_path: Path) -> None:
    """A department's table, unread, and its unit's: the unit's is not the document's."""
    strange = replace(SPENT_IN_DETAIL, title="公开03表 支出决算表")
    parsed = _parse(tmp_path, FINAL, strange, SPENT)
    assert _states(parsed) == [("f03", "set_aside")] * 2
    assert not parsed.rows


@pytest.mark.parametrize("kind", FORMATS)
def test_a_table_below_a_title_nobody_knows_is_no_part_of_the_one_above(kind: str, tmp_path: Path) -> None:
    """Projects by economic item print the header of basic expenditure: its items are none of the basic."""
    header = (("人员经费", "<", "<", "公用经费", "<", "<"), ("经济分类科目编码", "科目名称", "决算数") * 2)
    basic = Printed(
        "f06",
        "一般公共预算财政拨款基本支出决算表",
        header,
        ("", "", "personnel.amount", "", "", "public.amount"),
        (("301", "工资福利支出", "80.00", "302", "商品和服务支出", "20.00"),),
        above=("公开06表", "部门：虚构省虚构局", "金额单位：万元"),
    )
    projects = replace(
        basic,
        title="一般公共预算财政拨款项目支出决算表",
        rows=(("303", "对个人和家庭的补助", "7.00", "310", "资本性支出", "9.00"),),
        above=("公开07表", "部门：虚构省虚构局", "金额单位：万元"),
    )
    parsed = _parse(tmp_path, FINAL, basic, projects, kind=kind)
    assert list_read(parsed) == basic.list_cells()
    (issue,) = [issue for issue in parsed.issues if issue.reason != "missing_total"]
    assert (issue.reason, issue.severity) == ("unknown_table", "warning")
    assert projects.title in issue.found


def test_in_a_text_too_and_a_title_on_every_page_is_none(tmp_path: Path) -> None:
    header = ["科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出"]
    known = [
        "支出决算表",
        "单位：万元",
        *header,
        "合计\t\t9.00\t5.00\t4.00",
        "205\t教育支出\t9.00\t5.00\t4.00",
    ]
    other = ["教育专户支出决算情况附表", "单位：万元", *header, "206\t科学技术支出\t7.00\t3.00\t4.00"]
    path = tmp_path / "document.txt"
    path.write_text("\n".join([*FINAL, *known, *other]), encoding="utf-8")
    assert [row.row_code for row in parse_document(path).rows["f03"]] == ["total", "205"]
    head = ["教育专户支出决算情况附表"] * 2
    path.write_text("\n".join([*FINAL, *head, *known, *other]), encoding="utf-8")
    assert [row.row_code for row in parse_document(path).rows["f03"]] == ["total", "205", "206"]


def test_a_narrative_that_nothing_parts_off_is_no_note_of_the_last_table(tmp_path: Path) -> None:
    path = tmp_path / "document.html"
    text = FORMATS["html"](FINAL, [SPENT]).decode()
    told = ("二、部门决算收支情况说明", "（一）支出情况", "本部门没有政府性基金预算支出。")
    paragraphs = "".join(f"<p>{line}</p>" for line in told)
    path.write_text(
        text.replace("</body>", f"{paragraphs}</body>") if "</body>" in text else text + paragraphs
    )
    parsed = parse_document(path)
    assert _states(parsed) == [("f03", "data")]
    assert not parsed.issues
