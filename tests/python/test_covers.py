"""Whose disclosure a document is, by covers as publishers of many places word them."""

from __future__ import annotations

from pathlib import Path

import pytest
from printed_tables import FORMATS, Printed

from ingest.disclosures import parse_document

TABLE = Printed(
    "f01",
    "收入支出决算总表",
    (("收入", "<", "支出", "<"), ("项目", "决算数", "项目", "决算数")),
    ("", "income.amount", "", "expenditure.amount"),
    (("本年收入合计", "1.00", "本年支出合计", "1.00"), ("总计", "1.00", "总计", "1.00")),
)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("cover", "unit", "scope"),
    [
        # The year may stand before the name.
        (("2023年度虚构市虚构医院单位决算",), "虚构市虚构医院", "unit"),
        (("2023年 虚构市 虚构中心部门决算",), "虚构市 虚构中心", "department"),
        (("2023年度", "虚构市虚构局", "部门决算"), "虚构市虚构局", "department"),
        # What stands above the title is no part of the name.
        (("附件2", "虚构市虚构局2023年部门决算"), "虚构市虚构局", "department"),
        (("监督索引号53999900131801000", "虚构州虚构局2023年度部门决算"), "虚构州虚构局", "department"),
        (("虚构州虚构站2023年度部门决算目录",), "虚构州虚构站", "department"),
        (("虚构市虚构局2023年度部门决算公开（本级）",), "虚构市虚构局", "department"),
        (("虚构县虚构镇人民政府2023年度决算公开说明",), "虚构县虚构镇人民政府", "unit"),
        # As a last resort: nothing else in the document says whose it is.
        (("虚构大学2023年决算",), "虚构大学", "unit"),
        (("虚构县2023年虚构局部门决算",), "虚构局", "department"),
        (("虚构市虚构局", "2023年", "部门决算"), "虚构市虚构局", "department"),
        (("2023年虚构市虚构局", "部门决算"), "虚构市虚构局", "department"),
    ],
)
def test_a_cover_says_whose_year_and_scope(
    cover: tuple[str, ...], unit: str, scope: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / f"document.{kind}"
    path.write_bytes(FORMATS[kind](cover, [TABLE]))
    document = parse_document(path).document
    assert (document.printed_unit_name, document.scope) == (unit, scope)
    assert (document.fiscal_year, document.document_kind) == (2023, "final")
