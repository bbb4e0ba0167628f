"""What is visible on the pages of a PDF becomes lines and cells: each number where it stands, nothing else."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from pdf_writer import PageWriter, turn, write_pdf

from ingest.disclosures import parse_text
from ingest.issues import RefusedDocument
from ingest.parsed_tables import ParsedTables
from ingest.readers import limits
from ingest.readers.files import read_document
from ingest.readers.pages import UNPLACED, Glyph, spell_line
from ingest.readers.pdfs import read_pdf
from ingest.readers.texts import Document
from ingest.templates import get_library

XS = [40.0, 75, 95, 115, 300, 400, 480, 560]
HEAD = [
    ["项目", "", "", "", "支出预算", "", ""],
    ["功能分类科目编码", "", "", "功能分类科目名称", "合计", "基本支出", "项目支出"],
    ["类", "款", "项", "", "", "", ""],
]
BODY = [
    ["201", "", "", "一般公共服务支出", "1,234.50", "1,000.50", "234.00"],
    ["201", "06", "", "财政事务", "1,234.50", "1,000.50", "234.00"],
    ["201", "06", "01", "行政运行", "1,234.50", "1,000.50", "234.00"],
    ["合计", "", "", "", "1,234.50", "1,000.50", "234.00"],
]


def _write_cover(page: PageWriter, y: float = 800) -> None:
    page.write(60, y, "某市2025年区级部门预算", 16)
    page.write(60, y - 20, "预算主管部门：某市某局")


def _write_table(
    page: PageWriter, rows: list[list[str]], top: float = 700, size: float = 8, shift: float = 0
) -> None:
    xs = [x + shift for x in XS]
    ys = [top - 20 * number for number in range(len(rows) + 1)]
    page.rule(xs, ys)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if place > 3:
                page.write_right(xs[place + 1] - 2, ys[number + 1] + 5, text, size)
            elif text:
                page.write(
                    xs[place] + 2, ys[number + 1] + 5, text, min(size, 30 / len(text) if place < 3 else size)
                )


def _write_title(page: PageWriter, top: float = 740) -> None:
    page.write(200, top, "2025年部门支出预算总表", 14)
    page.write(40, top - 25, "编制部门：某市某局")
    page.write(500, top - 25, "单位：元")


def _make_page() -> PageWriter:
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, [*HEAD, *BODY])
    return page


def _read(*pages: PageWriter) -> Document:
    return read_pdf("document.pdf", write_pdf(list(pages)))


def _parse(*pages: PageWriter) -> ParsedTables:
    return parse_text(_read(*pages), get_library())


def _list_cells(parsed: ParsedTables) -> list[tuple[str | None, dict[str, str]]]:
    return [(row.row_code, row.cells) for row in parsed.rows.get("b03", ())]


SOUND = [
    ("201", {"total": "1,234.50", "basic": "1,000.50", "project": "234.00"}),
    ("20106", {"total": "1,234.50", "basic": "1,000.50", "project": "234.00"}),
    ("2010601", {"total": "1,234.50", "basic": "1,000.50", "project": "234.00"}),
    ("total", {"total": "1,234.50", "basic": "1,000.50", "project": "234.00"}),
]


def test_a_table_is_read_by_its_rulings_with_its_provenance() -> None:
    parsed = _parse(_make_page())
    assert _list_cells(parsed) == SOUND
    assert parsed.document.printed_unit_name == "某市某局"
    assert (parsed.document.fiscal_year, parsed.document.scope) == (2025, "department")
    (table,) = parsed.tables
    assert (table.state, table.unit_of_money, table.template) == ("data", "元", "b03_shanghai")
    assert {row.page_no for row in parsed.rows["b03"]} == {1}
    assert [row.line_no for row in parsed.rows["b03"]] == [8, 9, 10, 11]
    assert [row.printed_code for row in parsed.rows["b03"]] == ["201", "201 06", "201 06 01", ""]
    assert not parsed.issues


def test_a_turned_page_is_read_as_if_it_were_upright() -> None:
    assert _list_cells(_parse(turn(_make_page()))) == SOUND


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_only_shown_turned_is_read_all_the_same(rotate: int) -> None:
    page = _make_page()
    page.rotate = rotate
    assert _list_cells(_parse(page)) == SOUND


def test_a_watermark_is_dropped_and_counted() -> None:
    pages = [_make_page(), PageWriter()]
    for page in pages:
        page.write(100, 400, "仅供参考", 60, grey=0.8)
        page.write(100, 200, "2025", 40, grey=0.8, matrix=(0.7, 0.7, -0.7, 0.7))
    parsed = _parse(*pages)
    assert _list_cells(parsed) == SOUND
    assert [(issue.reason, issue.found) for issue in parsed.issues] == [("dropped_watermark", "8")] * 2


def test_pale_print_of_usual_size_is_no_watermark() -> None:
    page = PageWriter()
    page.write(100, 700, "浅色文字", grey=0.8)
    assert [line.text for line in _read(page, page).lines] == ["浅色文字"] * 2


def test_clipped_covered_and_white_print_is_dropped_and_counted() -> None:
    page = _make_page()
    page.write(402, 545, "99", 8, clip=(0, 0, 595, 400))
    page.write(100, 500, "白色", grey=1.0)
    page.write(100, 480, "覆盖")
    page.fill(90, 475, 60, 20)
    page.write(100, 460, "看不见", mode=3)
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert [(issue.reason, issue.found) for issue in parsed.issues] == [("dropped_hidden_text", "9")]


def test_a_translucent_watermark_and_one_on_a_single_page_are_dropped() -> None:
    page = _make_page()
    page.content.append("q /T gs")
    page.write(150, 560, "仅供 123", 60)
    page.content.append("Q")
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert [(issue.reason, issue.found) for issue in parsed.issues] == [("dropped_watermark", "5")]


def test_a_watermark_that_ends_beyond_the_page_is_one() -> None:
    page = _make_page()
    page.write(400, 560, "作废 2024", 60, grey=0.8)
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert {issue.reason for issue in parsed.issues} == {"dropped_watermark", "dropped_hidden_text"}


def test_pale_print_across_other_print_is_a_watermark_if_it_repeats() -> None:
    pages = [_make_page(), PageWriter()]
    for page in pages:
        page.write(346, 617, "甲123", 8, grey=0.85)
    assert _list_cells(_parse(*pages)) == SOUND
    parsed = _parse(pages[0])
    assert parsed.tables[0].state == "set_aside"  # Alone it may be anything.


def test_print_that_is_not_seen_does_not_turn_the_page() -> None:
    page = _make_page()
    for y in range(20, 400, 4):
        page.write(100, y, "12345.67", 3, matrix=(0, 1, -1, 0), mode=3)
    assert _list_cells(_parse(page)) == SOUND


def test_print_beside_the_direction_of_reading_is_no_amount() -> None:
    page = _make_page()
    page.write(570, 420, "- 3 -", 8, matrix=(0, 1, -1, 0))  # A page number on the long side.
    assert _list_cells(_parse(page)) == SOUND
    page.write(398, 603, "77", 8, matrix=(0, 1, -1, 0))
    assert _parse(page).tables[0].state == "set_aside"


@pytest.mark.parametrize("angle", [0.3, -2, 12])
def test_a_page_that_is_askew_is_straightened(angle: float) -> None:
    page = _make_page()
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    page.width, page.height = 900, 1100
    page.content = [f"q {cosine} {sine} {-sine} {cosine} 200 100 cm", *page.content, "Q"]
    assert _list_cells(_parse(page)) == SOUND


@pytest.mark.parametrize("factor", [0.2, 5.0])
def test_a_page_may_be_of_any_size(factor: float) -> None:
    page = _make_page()
    page.content = [f"q {factor} 0 0 {factor} 0 0 cm", *page.content, "Q"]
    page.width, page.height = page.width * factor, page.height * factor
    assert _list_cells(_parse(page)) == SOUND


def _cover_amount(page: PageWriter) -> None:
    page.fill(350, 622, 48, 16)


def test_an_amount_painted_over_with_another_is_read_as_it_looks_and_told() -> None:
    page = _make_page()
    _cover_amount(page)
    page.write_right(398, 625, "9,234.50", 8)
    parsed = _parse(page)
    assert parsed.rows["b03"][0].cells["total"] == "9,234.50"
    assert [(issue.reason, issue.found) for issue in parsed.issues] == [
        ("covered_numbers", "“1,234.50”"),
        ("dropped_hidden_text", "8"),
    ]


def test_print_painted_over_and_printed_again_is_read() -> None:
    """PDFium takes the second for the first in bold, and leaves it out."""
    page = _make_page()
    _cover_amount(page)
    page.write_right(398, 625, "1,234.50", 8)
    assert _list_cells(_parse(page)) == SOUND


def test_an_amount_behind_a_picture_is_not_known() -> None:
    page = _make_page()
    page.show_image(350, 622, 48, 16)
    assert _parse(page).tables[0].state == "set_aside"


def test_a_picture_in_a_cell_is_not_known_and_one_elsewhere_is_no_matter() -> None:
    page = _make_page()
    page.show_image(60, 300, 20, 10)
    assert _list_cells(_parse(page)) == SOUND
    page.show_image(305, 565, 20, 10)
    assert _parse(page).tables[0].state == "set_aside"


def test_a_seal_hides_nothing_where_it_is_transparent() -> None:
    page = _make_page()
    page.show_image(350, 622, 96, 16, is_seal=True)
    assert _list_cells(_parse(page)) == SOUND
    page.show_image(310, 582, 96, 16, is_seal=True)  # Its right half lies on an amount.
    assert _parse(page).tables[0].state == "set_aside"


def test_the_lines_of_a_note_are_no_rulings() -> None:
    page = _make_page()
    note = PageWriter()
    note.rule([0, 120], [0, 30])
    note.draw(60, 0, 60, 30)
    page.notes.append(((330, 615, 450, 645), note))
    assert _list_cells(_parse(page)) == SOUND


@pytest.mark.parametrize("edge", ["", "0 0 0 RG"])
def test_an_amount_that_was_made_black_is_not_known(edge: str) -> None:
    rows = [*HEAD, *([*row[:4], "", *row[5:]] if row[2] else row for row in BODY)]
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, rows)
    assert len(_parse(page).rows["b03"]) == 4
    page.content.append(f"q 0 g {edge} 350 582 48 12 re {'B' if edge else 'f'} Q")
    parsed = _parse(page)
    assert parsed.tables[0].state == "set_aside"
    assert {issue.reason for issue in parsed.issues} == {"malformed_amount"}


def test_the_black_ground_of_cells_is_no_print() -> None:
    page = _make_page()
    page.fill(115, 640, 185, 20, grey=0)
    assert _list_cells(_parse(page)) == SOUND


def test_what_is_left_of_a_number_is_no_number() -> None:
    page = _make_page()
    page.fill(360, 622, 14, 16)
    parsed = _parse(page)
    assert parsed.tables[0].state == "set_aside"
    assert "malformed_amount" in {issue.reason for issue in parsed.issues}
    rows = [*HEAD, *([*row[:4], "", *row[5:]] if row[2] else row for row in BODY)]
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, rows)
    page.write(366, 585, "1,234.50", 8, clip=(378, 580, 22, 20))
    assert _parse(page).tables[0].state == "set_aside"


def test_a_page_is_as_large_as_its_box_says_however_it_says_it() -> None:
    content = write_pdf([_make_page()])
    for box in (b"[595 842 0 0]", b"[0 842 595 0]"):
        turned = content.replace(b"[0 0 595 842]", box)
        assert turned != content
        parsed = parse_text(read_pdf("document.pdf", turned), get_library())
        assert _list_cells(parsed) == SOUND


def test_a_note_laid_over_an_amount_is_read_as_a_viewer_shows_it() -> None:
    page = _make_page()
    page.note(352, 622, "9,234.50", 46)
    assert _parse(page).rows["b03"][0].cells["total"] == "9,234.50"


def test_a_hidden_layer_is_not_read() -> None:
    page = _make_page()
    page.content.append("/OC /Off BDC")
    page.write(202, 605, "隐藏", 8)
    page.write_right(100, 565, "999", 8)
    page.content.append("EMC")
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert [(issue.reason, issue.found) for issue in parsed.issues] == [("dropped_hidden_text", "5")]


def test_fonts_that_do_not_say_what_they_print_are_refused() -> None:
    reason, words = _refuse(write_pdf([_make_page()], is_mapped=lambda char: char == "元"))
    assert reason == "unmapped_document"
    assert "ocrmypdf -l chi_sim --force-ocr" in words


def test_a_character_that_no_one_knows_is_kept_as_such() -> None:
    content = write_pdf([_make_page()], is_mapped=lambda char: char != "4")
    parsed = parse_text(read_pdf("document.pdf", content), get_library())
    assert parsed.tables[0].state == "set_aside"
    found = {issue.reason: issue.found for issue in parsed.issues}
    assert found["unmapped_characters"] == "8"


def test_white_print_on_a_dark_ground_is_read() -> None:
    page = PageWriter()
    page.fill(90, 690, 200, 30, grey=0.2)
    page.write(100, 700, "表头", grey=1.0)
    assert [line.text for line in _read(page).lines] == ["表头"]


def test_print_over_print_in_one_place_is_counted_once_or_refused() -> None:
    page = _make_page()
    page.write(100, 500, "加粗")
    page.write(100.1, 500, "加粗")
    document = _read(page)
    assert [line.text for line in document.lines if line.page_no and "加" in line.text] == ["加粗"]
    other = _make_page()
    other.write_right(398, 625, "9,876.50", 8)  # Another number on the first one.
    parsed = _parse(other)
    assert parsed.tables[0].state == "set_aside"
    assert "malformed_amount" in {issue.reason for issue in parsed.issues}


def test_what_one_sign_of_a_font_stands_for_is_read_whole() -> None:
    page = PageWriter()
    page.write(100, 700, "甲乙丙")
    document = read_pdf("document.pdf", write_pdf([page], ligatures={"甲": "——", "丙": "万元"}))
    assert [line.text for line in document.lines] == ["——乙万元"]
    assert not document.issues


def test_doubled_print_is_counted() -> None:
    page = _make_page()
    page.write(100, 500, "甲", mode=0)
    page.write(100.3, 500.2, "甲", mode=1)
    reasons = {issue.reason for issue in _read(page).issues}
    assert reasons <= {"dropped_doubled_text"}  # PDFium leaves most of it out itself.


def test_digits_on_another_baseline_stand_on_their_line() -> None:
    page = PageWriter()
    page.write(100, 700, "共")
    page.write(110, 703, "12.50", 9)
    page.write(135, 698, "万元", 11)
    assert [line.text for line in _read(page).lines] == ["共12.50万元"]


def test_a_number_stands_in_its_column_whatever_is_blank() -> None:
    rows = [
        *HEAD,
        ["201", "", "", "一般公共服务支出", "", "", "7.00"],
        ["204", "", "", "公共安全支出", "", "8.00", ""],
    ]
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, rows)
    assert _list_cells(_parse(page)) == [("201", {"project": "7.00"}), ("204", {"basic": "8.00"})]


def test_a_number_across_two_columns_is_refused() -> None:
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, HEAD)
    ys = [640.0, 620]
    for x in [*XS[:5], XS[7]]:  # The rulings between the amounts are missing in this row.
        page.draw(x, ys[0], x, ys[1])
    page.draw(XS[0], ys[1], XS[7], ys[1])
    page.write(42, 625, "201", 8)
    page.write(117, 625, "一般公共服务支出", 8)
    page.write_right(405, 625, "55.00", 8)
    parsed = _parse(page)
    assert parsed.tables[0].state == "set_aside"
    assert [issue.reason for issue in parsed.issues] == ["malformed_amount"]


def _split(
    rows: list[list[str]], *, repeats_header: bool, shift: float = 0, top: float = 800
) -> tuple[PageWriter, PageWriter]:
    first, second = PageWriter(), PageWriter()
    _write_cover(first)
    _write_title(first)
    _write_table(first, [*HEAD, *rows[:2]])
    first.write(290, 20, "1")
    if shift:
        second.content.append(f"q 1 0 0 1 {shift} 0 cm")
    _write_table(second, [*(HEAD if repeats_header else []), *rows[2:]], top=top)
    if shift:
        second.content.append("Q")
    second.write(290, 20, "- 2 -")
    return first, second


@pytest.mark.parametrize("repeats_header", [False, True])
def test_a_table_goes_on_over_the_page(repeats_header: bool) -> None:
    parsed = _parse(*_split(BODY, repeats_header=repeats_header))
    assert _list_cells(parsed) == SOUND
    assert [row.page_no for row in parsed.rows["b03"]] == [1, 1, 2, 2]
    assert not parsed.issues


def test_a_table_goes_on_behind_a_blank_page() -> None:
    first, second = _split(BODY, repeats_header=False)
    blank = PageWriter()
    blank.write(290, 20, "- 2 -")
    assert _list_cells(_parse(first, blank, second)) == SOUND
    blank.write(200, 500, "这一页说的是别的内容")
    assert _parse(first, blank, second).tables[0].state == "set_aside"


@pytest.mark.parametrize("repeats_header", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        ["2025年部门支出预算总表", "编制部门：某市某局", "单位：元"],
        ["2025年部门支出预算总表（续）", "单位：元"],
        ["续表"],
        ["某市某局二〇二五年预算"],
    ],
)
def test_what_stands_again_above_a_table_does_not_end_it(words: list[str], repeats_header: bool) -> None:
    first, second = _split(BODY, repeats_header=repeats_header, top=720)
    first.write(400, 830, "某市某局二〇二五年预算", 8)
    for number, word in enumerate(words):
        second.write(100, 810 - 20 * number, word)
    parsed = _parse(first, second)
    assert _list_cells(parsed) == SOUND
    assert not parsed.issues


def test_a_row_without_figures_goes_on_below_a_line_that_runs_through_the_document() -> None:
    rows = [*BODY[:2], ["201", "06", "02", "一般行政管理事务", "", "", ""], *BODY[2:]]
    pages = _split(rows, repeats_header=False, top=720)
    for page in pages:
        page.write(400, 830, "某市某局二〇二五年预算", 8)
    parsed = _parse(*pages)
    assert [row.row_code for row in parsed.rows["b03"]] == ["201", "20106", "2010602", "2010601", "total"]
    assert not parsed.issues


def test_the_rest_of_a_table_that_cannot_be_joined_sets_it_aside() -> None:
    first, second = _split(BODY, repeats_header=False, top=720)
    second.write(100, 800, "上一行说的是别的内容")
    parsed = _parse(first, second)
    assert parsed.tables[0].state == "set_aside"
    assert "unjoined_table" in {issue.reason for issue in parsed.issues}


def test_a_header_alone_at_the_foot_of_a_page_belongs_to_the_next() -> None:
    first, second = PageWriter(), PageWriter()
    _write_cover(first)
    _write_title(first)
    ys = [700.0, 680, 660, 640]
    first.rule([XS[0], XS[4], XS[7]], ys)  # Its cells are merged: fewer edges than below.
    for y, place, text in ((685, 0, "项目"), (685, 4, "支出预算")):
        first.write(XS[place] + 2, y, text, 8)
    for x in XS[3:]:
        first.draw(x, 640, x, 680)
    for x in XS[1:3]:
        first.draw(x, 640, x, 660)
    for place, text in ((0, "功能分类科目编码"), *enumerate(HEAD[1])):
        if text and (place or text != HEAD[1][0]):
            first.write(XS[place] + 2, 665, text, 8)
    first.write(42, 665, HEAD[1][0], 3)
    for place, text in enumerate(HEAD[2]):
        if text:
            first.write(XS[place] + 2, 645, text, 8)
    _write_table(second, BODY, top=800)
    assert _list_cells(_parse(first, second)) == SOUND


def test_a_line_of_the_footer_across_a_table_is_no_column() -> None:
    page = _make_page()
    page.draw(10, 566, 585, 566)
    assert _list_cells(_parse(page)) == SOUND


def test_a_row_without_a_line_above_it_on_its_page_is_a_row() -> None:
    page = PageWriter()
    for x in (40.0, 200, 300):
        page.draw(x, 700, x, 800)
    for y in (700, 740, 770):  # None at 800, where a page break cut the table.
        page.draw(40, y, 300, y)
    for y in (780, 750, 720):
        page.write(42, y, "项目")
        page.write(202, y, "12.50")
    assert [line.cells for line in _read(page).lines] == [("项目", "12.50")] * 3


@pytest.mark.parametrize("kind", ["frames", "one path"])
def test_rulings_may_be_filled_all_at_once_or_as_frames(kind: str) -> None:
    """As browsers and printers draw them: nothing that stands within is covered, nor black on black."""
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    rows = [*HEAD, *BODY]
    ys = [700.0 - 20 * number for number in range(len(rows) + 1)]
    if kind == "frames":
        for left, right in pairwise(XS):
            for top, bottom in pairwise(ys):
                outer = f"{left} {bottom} {right - left} {top - bottom} re"
                inner = f"{left + 1} {bottom + 1} {right - left - 2} {top - bottom - 2} re"
                page.content.append(f"q 0 g {inner} {outer} f* Q")
    else:
        lines = [f"{x} {ys[-1]} 0.5 {ys[0] - ys[-1]} re" for x in XS]
        lines += [f"{XS[0]} {y} {XS[-1] - XS[0]} 0.5 re" for y in ys]
        page.content.append(f"q 0 g {' '.join(lines)} f Q")
    rules, page.rule = page.rule, lambda xs, ys: None  # type: ignore[method-assign]
    _write_table(page, rows)
    page.rule = rules  # type: ignore[method-assign]
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert not parsed.issues


@pytest.mark.parametrize("kind", ["dotted", "dashed", "thick", "image"])
def test_lines_of_any_kind_are_lines(kind: str) -> None:
    page = PageWriter()
    segments = [(x, 600.0, x, 660.0) for x in (40.0, 200.0, 300.0)]
    segments += [(40.0, y, 300.0, y) for y in (600.0, 630.0, 660.0)]
    for x0, y0, x1, y1 in segments:
        length = max(x1 - x0, y1 - y0)
        if kind == "dotted":
            for step in range(0, int(length), 2):
                page.fill(x0 + (x1 > x0) * step, y0 + (y1 > y0) * step, 0.7, 0.7, grey=0.0)
            continue
        if kind == "dashed":  # All dashes of a line are one path, as browsers draw them.
            along = [
                f"{x0 + step} {y0} 4 0.5 re" if x1 > x0 else f"{x0} {y0 + step} 0.5 4 re"
                for step in range(0, int(length), 10)
            ]
            page.content.append(f"q 0 g {' '.join(along)} f Q")
            continue
        width, height = max(x1 - x0, 3.0), max(y1 - y0, 3.0)
        if kind == "thick":
            page.fill(x0, y0, width, height, grey=0.0)
        else:
            page.show_image(x0, y0, width, height)
    for y in (610, 640):
        page.write(45, y, "项目")
        page.write(205, y, "12.50")
    assert [line.cells for line in _read(page).lines] == [("项目", "12.50")] * 2


def _write_open_table(page: PageWriter, rows: list[list[str]], top: float = 700) -> None:
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if place > 3:
                page.write_right(XS[place + 1] - 12, top - 20 * number, text, 8)
            elif text:
                page.write(XS[place] + 2, top - 20 * number, text, 8)


OPEN_HEAD = ["类", "款", "项", "功能分类科目名称", "合计", "基本支出", "项目支出"]


@pytest.mark.parametrize("lines", ["none", "between rows", "around the header"])
def test_a_table_without_rulings_is_read_by_where_its_words_stand(lines: str) -> None:
    page = PageWriter()
    _write_open_table(page, [OPEN_HEAD, *BODY])
    for number in range(6 if lines == "between rows" else 2 if lines == "around the header" else 0):
        page.draw(XS[0], 714 - 20 * number, XS[-1], 714 - 20 * number)
    rows = [line.cells for line in _read(page).lines]
    assert rows == [tuple(OPEN_HEAD), *map(tuple, BODY)]


def test_a_column_that_is_blank_but_for_its_header_is_a_column() -> None:
    page = PageWriter()
    _write_open_table(page, [OPEN_HEAD, *([*row[:5], "", row[6]] for row in BODY)])
    assert [line.cells[5] for line in _read(page).lines] == ["基本支出", "", "", "", ""]


def test_a_table_without_rulings_goes_on_in_the_columns_of_all_its_pages() -> None:
    pages = PageWriter(), PageWriter()
    _write_open_table(pages[0], [OPEN_HEAD, *BODY[:2]])
    _write_open_table(pages[1], BODY[2:], top=780)
    lines = _read(*pages).lines
    assert [line.cells for line in lines] == [tuple(OPEN_HEAD), *map(tuple, BODY)]
    assert {line.table_no for line in lines} == {1}
    assert [line.page_no for line in lines] == [1, 1, 1, 2, 2]


def _write_centred(page: PageWriter, first: int, last: int, y: float, text: str) -> None:
    """Write a word of a header in the middle of its columns, both ends included."""
    width = sum(4 if char.isascii() else 8 for char in text)
    page.write((XS[first] + XS[last + 1] - width) / 2, y, text, 8)


def _write_open_header(page: PageWriter, *, shift: int = 0) -> None:
    """Three lines of header: one word is over all codes and names, some have no line of their own."""
    _write_centred(page, 0, 3, 700, "项目")
    _write_centred(page, 4 + shift, 6, 700, "支出预算")
    _write_centred(page, 0, 2, 680, "功能分类科目编码")
    for place, text in enumerate("类款项"):
        _write_centred(page, place, place, 660, text)
    for y, text in ((675, "功能分类科目"), (665, "名称")):  # It is wrapped.
        _write_centred(page, 3, 3, y, text)
    for place, text in enumerate(HEAD[1][4:], start=4):
        _write_centred(page, place, place, 670, text)


def test_a_header_without_rulings_is_read_by_the_middles_of_its_words() -> None:
    page = PageWriter()
    _write_cover(page)
    page.write(200, 750, "2025年部门支出预算总表", 14)
    page.write(500, 725, "单位：元")
    _write_open_header(page)
    _write_open_table(page, BODY, top=640)
    assert [line.cells for line in _read(page).lines][4:7] == [
        ("项目", "", "", "", "支出预算", "", ""),
        ("功能分类科目编码", "", "", "功能分类科目名称", "合计", "基本支出", "项目支出"),
        ("类", "款", "项", "", "", "", ""),
    ]
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert not parsed.issues


def test_a_word_that_stands_over_no_columns_middle_sets_a_table_without_rulings_aside() -> None:
    page = PageWriter()
    _write_cover(page)
    page.write(200, 750, "2025年部门支出预算总表", 14)
    _write_open_header(page, shift=1)
    _write_open_table(page, BODY, top=640)
    parsed = _parse(page)
    assert [table.state for table in parsed.tables] == ["set_aside"]
    assert not parsed.rows


def test_a_unit_of_money_on_the_cover_is_that_of_all_tables_if_no_other_one_is_printed() -> None:
    page = PageWriter()
    _write_cover(page)
    page.write(60, 760, "（金额单位：万元）")
    page.write(200, 740, "2025年部门支出预算总表", 14)
    _write_table(page, [*HEAD, *BODY])
    parsed = _parse(page)
    assert _list_cells(parsed) == SOUND
    assert [(table.unit_of_money, table.unit_line_no) for table in parsed.tables] == [("万元", 3)]
    page.write(60, 100, "以上数据的金额单位：万元")  # This may be of something else.
    assert [issue.reason for issue in _parse(page).issues] == ["missing_unit"]


def test_a_word_wider_than_its_columns_makes_room_for_itself() -> None:
    page = PageWriter()
    page.write(30, 700, "支出功能分类科目编码", 8)  # Over 类 and 款, and beyond them.
    page.write(170, 690, "科目名称", 8)
    page.write(330, 690, "预算数", 8)
    page.write(40, 680, "类", 8)
    page.write(72, 680, "款", 8)
    for number, (codes, label) in enumerate(
        [
            (("205", ""), "教育支出"),
            (("205", "02"), "普通教育"),
            (("208", ""), "社会保障"),
            (("208", "05"), "养老"),
        ]
    ):
        for x, code in zip((38, 70), codes, strict=True):
            page.write(x, 660 - 20 * number, code, 8)
        page.write(122, 660 - 20 * number, label, 8)
        page.write_right(360, 660 - 20 * number, "12.50", 8)
    assert [line.cells for line in _read(page).lines] == [
        ("支出功能分类科目编码", "", "科目名称", "预算数"),
        ("类", "款", "", ""),
        ("205", "", "教育支出", "12.50"),
        ("205", "02", "普通教育", "12.50"),
        ("208", "", "社会保障", "12.50"),
        ("208", "05", "养老", "12.50"),
    ]


def test_figures_beside_their_word_are_below_it_where_nothing_else_is() -> None:
    page = PageWriter()
    _write_centred(page, 0, 2, 700, "编码")
    _write_centred(page, 3, 3, 700, "科目名称")
    _write_centred(page, 4, 4, 700, "合计")
    for number, (code, label) in enumerate([("205", "教育支出"), ("20502", "普通教育")]):
        page.write_right(XS[3] - 2, 680 - 20 * number, code, 8)  # To the right of its word.
        page.write(XS[3] + 2, 680 - 20 * number, label, 8)
        page.write_right(XS[5] - 2, 680 - 20 * number, "12.50", 8)
    page.write(XS[0] + 2, 640, "合计", 8)  # And this to the left of it.
    page.write_right(XS[5] - 2, 640, "12.50", 8)
    assert [line.cells for line in _read(page).lines] == [
        ("编码", "科目名称", "合计"),
        ("205", "教育支出", "12.50"),
        ("20502", "普通教育", "12.50"),
        ("合计", "", "12.50"),
    ]


def test_money_that_touches_a_label_is_another_cell_and_blank_rows_part_no_table() -> None:
    page = PageWriter()
    rows = [
        ("一、财政拨款", "31,214.80", "一、教育支出", "22,186.80"),
        ("收入总计", "31,214.80", "支出总计", "31,214.80"),
    ]
    for y, (income, amount, label, spent) in zip((680, 600), rows, strict=True):
        page.write(40, y, income, 8)
        page.write_right(200, y, amount, 8)
        page.write(200.5, y, label, 8)
        page.write_right(400, y, spent, 8)
    for x, word in ((60, "项目"), (170, "预算数"), (220, "项目"), (370, "预算数")):
        page.write(x, 700, word, 8)
    assert [line.cells for line in _read(page).lines] == [("项目", "预算数") * 2, *rows]


def test_the_end_of_a_wrapped_label_is_of_the_row_that_it_stands_nearer_to() -> None:
    page = PageWriter()
    for x, word in ((60, "项目"), (330, "预算数")):
        page.write(x, 700, word, 8)
    for y, label, amount in (
        (680, "教育支出", "12.50"),
        (660, "其他支出", "7.50"),
        (640, "国有资本经营预算", "5.00"),
        (628, "支出", ""),
        (614, "城乡社区支出", "4.00"),
    ):
        page.write(40, y, label, 8)
        page.write_right(360, y, amount, 8)
    assert [line.cells for line in _read(page).lines][3:] == [
        ("国有资本经营预算支出", "5.00"),
        ("城乡社区支出", "4.00"),
    ]


def test_rows_without_figures_are_no_header() -> None:
    page = PageWriter()
    page.write(40, 700, "项目", 8)
    page.write(320, 700, "预算数", 8)
    for number, (label, amount) in enumerate(
        [("一、教育支出", ""), ("二、其他支出", "12.50"), ("支出总计", "12.50")]
    ):
        page.write(40, 680 - 20 * number, label, 8)
        page.write_right(350, 680 - 20 * number, amount, 8)
    assert [line.cells for line in _read(page).lines] == [
        ("项目", "预算数"),
        ("一、教育支出", ""),
        ("二、其他支出", "12.50"),
        ("支出总计", "12.50"),
    ]


@pytest.mark.parametrize("text", ["第三部分其他相关情况的说明", "预算公开表7"])
def test_a_heading_below_a_table_without_rulings_is_no_row_of_it(text: str) -> None:
    page = PageWriter()
    _write_open_table(page, [OPEN_HEAD, *BODY])
    page.write(42, 600, text, 8)
    lines = _read(page).lines
    assert [line.cells for line in lines] == [
        tuple(OPEN_HEAD),
        *map(tuple, BODY),
        (text,),
    ]


def test_prose_with_numbers_in_it_is_no_table() -> None:
    page = PageWriter()
    for number, text in enumerate(["收入预算", "支出预算", "上年结转"]):
        page.write(60, 700 - 15 * number, f"2025年{text}")
        page.write(140, 700 - 15 * number, "1,234.50")
        page.write(190, 700 - 15 * number, "万元，比上年增加")
    assert all(not line.is_row for line in _read(page).lines)


def test_rows_of_a_table_that_stand_outside_of_it_set_it_aside() -> None:
    page = _make_page()
    page.write(42, 545, "本年支出总计")
    page.write_right(398, 545, "2,469.00", 8)
    parsed = _parse(page)
    assert parsed.tables[0].state == "set_aside"
    assert "unjoined_table" in {issue.reason for issue in parsed.issues}


def test_skipped_page_numbers_are_told() -> None:
    pages = [PageWriter() for _ in range(4)]
    for page, number in zip(pages, (1, 2, 4, 5), strict=True):
        page.write(100, 700, "正文")
        page.write(290, 20, f"- {number} -")
    found = [(issue.reason, issue.page_no, issue.found) for issue in _read(*pages).issues]
    assert found == [("missing_pages", 3, "2 → 4")]


@pytest.mark.parametrize("repeats_header", [False, True])
def test_a_table_goes_on_in_columns_that_have_moved_as_a_whole(repeats_header: bool) -> None:
    assert _list_cells(_parse(*_split(BODY, repeats_header=repeats_header, shift=15))) == SOUND


def test_a_page_in_other_columns_needs_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = _split(BODY, repeats_header=False)
    monkeypatch.setitem(globals(), "XS", [*XS[:-3], XS[-3] + 10, *XS[-2:]])
    _, second = _split(BODY, repeats_header=True)
    assert _list_cells(_parse(first, second)) == SOUND
    _, second = _split(BODY, repeats_header=False, shift=15)
    parsed = _parse(first, second)
    assert parsed.tables[0].state == "set_aside"
    assert "unjoined_table" in {issue.reason for issue in parsed.issues}


def _make_sheet(left: PageWriter, right: PageWriter) -> PageWriter:
    sheet = PageWriter(left.width + right.width, left.height)
    for page, x in ((left, 0.0), (right, left.width)):
        sheet.content += [f"q 1 0 0 1 {x} 0 cm", *page.content, "Q"]
    return sheet


@pytest.mark.parametrize("numbers", [("1", "2"), ("", "")], ids=["numbered", "by its tables"])
def test_two_pages_on_a_sheet_are_two_pages(numbers: tuple[str, str]) -> None:
    first, second = PageWriter(), PageWriter()
    _write_cover(first)
    _write_title(first)
    _write_table(first, [*HEAD, *BODY[:2]])
    _write_table(second, BODY[2:], top=690)
    for page, number in zip((first, second), numbers, strict=True):
        page.write(290, 20, number)
    parsed = _parse(_make_sheet(first, second))
    assert _list_cells(parsed) == SOUND
    assert not parsed.issues
    assert {row.page_no for row in parsed.rows["b03"]} == {1}


def test_the_total_alone_on_a_page_has_fewer_columns() -> None:
    first, second = PageWriter(), PageWriter()
    _write_cover(first)
    _write_title(first)
    _write_table(first, [*HEAD, *BODY[:3]])
    second.rule([XS[0], *XS[4:]], [800.0, 780])
    second.write(150, 785, "合 计", 8)
    for place, text in enumerate(BODY[3][4:], start=4):
        second.write_right(XS[place + 1] - 2, 785, text, 8)
    assert _list_cells(_parse(first, second)) == SOUND


def test_a_row_that_a_page_break_cuts_in_two_is_one() -> None:
    rows = [*BODY[:2], ["", "", "", "（款）", "", "", ""], *BODY[2:]]
    parsed = _parse(*_split(rows, repeats_header=True))
    assert _list_cells(parsed) == SOUND
    assert [row.printed_label for row in parsed.rows["b03"]][1] == "财政事务（款）"


def test_a_label_that_a_page_break_parts_from_its_figures_is_theirs() -> None:
    rows = [*BODY[:1], [*BODY[1][:3], "", *BODY[1][4:]], ["", "", "", BODY[1][3], "", "", ""], *BODY[2:]]
    parsed = _parse(*_split(rows, repeats_header=False))
    assert _list_cells(parsed) == SOUND
    assert parsed.rows["b03"][1].printed_label == BODY[1][3]
    assert not parsed.issues


def _write_framed_title(page: PageWriter) -> None:
    """Write a title and what the table is of into the first two rows of its frame."""
    for y in (740, 720, 700):
        page.draw(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[-1]):
        page.draw(x, 700, x, 740)
    page.write(200, 725, "2025年部门支出预算总表", 10)
    page.write(45, 705, "编制部门：某市某局", 8)
    page.write(500, 705, "单位：元", 8)


def test_a_title_in_the_frame_of_its_table_is_a_title() -> None:
    page = PageWriter()
    _write_cover(page)
    _write_framed_title(page)
    _write_table(page, [*HEAD, *BODY[:2]])
    second = PageWriter()  # It is printed again on the next page, as is the header.
    _write_framed_title(second)
    _write_table(second, [*HEAD, *BODY[2:], ["注：本表不含结转", "", "", "", "", "", ""]])
    for x in XS[1:-1]:
        second.fill(x - 1, 600.5, 2, 19)  # The note stands in one cell.
    parsed = _parse(page, second)
    assert _list_cells(parsed) == SOUND
    assert not parsed.issues


def test_a_wrapped_amount_is_one_and_two_amounts_are_not() -> None:
    for lines, expected in ((("1,234,567,8", "90.50"), "1,234,567,890.50"), (("1,234.50", "2,345.50"), None)):
        page = PageWriter()
        page.rule([40.0, 100, 152], [600.0, 640])
        page.write(42, 615, "合计")
        page.write_right(150, 625, lines[0], 9)
        page.write_right(150, 613, lines[1], 9)
        (line,) = _read(page).lines
        assert line.cells == ("合计", expected if expected else UNPLACED.join(lines))


def test_several_tables_on_a_page_and_a_title_below_its_table() -> None:
    page = PageWriter()
    _write_cover(page, 830)
    page.write(40, 790, "单位：元")
    _write_table(page, [*HEAD, BODY[0]], top=780)
    page.write(200, 680, "2025年部门支出预算总表", 14)
    page.write(40, 640, "其他情况")
    page.rule([40.0, 200, 300], [600.0, 620])
    page.write(42, 605, "项目资金")
    page.write(202, 605, "12.50")
    parsed = _parse(page)
    assert _list_cells(parsed) == [SOUND[0]]
    unknown = [issue for issue in parsed.issues if issue.reason == "unknown_table"]
    assert [issue.line_no for issue in unknown] == [len(_read(page).lines)]


def test_totals_printed_with_spaces_and_look_alikes_are_matched_and_kept_as_printed() -> None:
    rows = [*HEAD, ["合　⼀计".replace("⼀", ""), "", "", "", "１０．００", "10.00", ""]]
    page = PageWriter()
    _write_cover(page)
    _write_title(page)
    _write_table(page, rows)
    (row,) = _parse(page).rows["b03"]
    assert row.row_code == "total"
    assert row.cells == {"total": "１０．００", "basic": "10.00"}


def _refuse(content: bytes) -> tuple[str, str]:
    with pytest.raises(RefusedDocument) as refused:
        read_pdf("document.pdf", content)
    return refused.value.issue.reason, str(refused.value)


def test_a_pdf_of_images_names_the_tool_that_reads_them() -> None:
    page = PageWriter()
    page.fill(50, 50, 400, 600, grey=0.5)
    reason, words = _refuse(write_pdf([page]))
    assert reason == "no_text_layer"
    assert "ocrmypdf -l chi_sim" in words


def test_an_encrypted_and_a_broken_pdf_are_refused() -> None:
    content = write_pdf([_make_page()])
    assert _refuse(write_pdf([_make_page()], encrypted=True))[0] == "encrypted_document"
    assert _refuse(content[:300])[0] == "damaged_document"
    assert _refuse(b"%PDF-1.7\n" + bytes(100))[0] == "damaged_document"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("ingest.readers.pdf_scenes.MAX_GLYPHS_PER_PAGE", 10),
        ("ingest.readers.pdf_scenes.MAX_OBJECTS_PER_PAGE", 10),
    ],
)
def test_a_page_with_too_much_on_it_is_refused(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name, most)
    assert _refuse(write_pdf([_make_page()]))[0] == "limit_exceeded"


def test_a_pdf_with_too_many_pages_or_too_slow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PAGES", 1)
    assert _refuse(write_pdf([PageWriter(), PageWriter()]))[0] == "limit_exceeded"
    monkeypatch.setattr(limits, "MAX_SECONDS", -1.0)
    assert _refuse(write_pdf([PageWriter()]))[0] == "limit_exceeded"


def test_a_pdf_is_known_by_its_content_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "document.xlsx"
    path.write_bytes(write_pdf([_make_page()]))
    document = read_document(path)
    assert document.encoding == "pdf"
    assert [issue.reason for issue in document.issues] == ["wrong_extension"]


def _make_second_page(rows: list[list[str]], unit: str = "某市某局", shift: float = 0) -> PageWriter:
    page = PageWriter()
    page.write(200, 740, "2025年部门支出预算总表", 14)
    page.write(40, 715, f"编制部门：{unit}")
    page.write(500, 715, "单位：元")
    _write_table(page, [*HEAD, *rows], shift=shift)
    return page


# The reader knows the rest of a table by its lines; where these have moved, it is known by its words.
@pytest.mark.parametrize("shift", [0, -20], ids=["in line", "moved"])
def test_a_table_goes_on_below_its_title_printed_again(shift: float) -> None:
    first = PageWriter()
    _write_cover(first)
    _write_title(first)
    _write_table(first, [*HEAD, *BODY[:2]])
    parsed = _parse(first, _make_second_page(BODY[2:], shift=shift))
    assert _list_cells(parsed) == SOUND
    assert [row.page_no for row in parsed.rows["b03"]] == [1, 1, 2, 2]
    assert not parsed.issues


@pytest.mark.parametrize("shift", [0, -20], ids=["in line", "moved"])
@pytest.mark.parametrize(
    ("rows", "unit"),
    [(BODY, "某市某局"), (BODY[2:], "某市某局某中心")],
    ids=["a total of its own", "another unit"],
)
def test_the_same_table_of_another_unit_is_not_taken_for_its_rest(
    rows: list[list[str]], unit: str, shift: float
) -> None:
    first = PageWriter()
    _write_cover(first)
    _write_title(first)
    _write_table(first, [*HEAD, *(BODY if rows is BODY else BODY[:2])])
    parsed = _parse(first, _make_second_page(rows, unit, shift))
    assert _list_cells(parsed) == []
    assert {table.state for table in parsed.tables} == {"set_aside"}
    reasons = {issue.reason for issue in parsed.issues if issue.statement_code == "b03"}
    assert reasons & {"duplicate_table", "duplicate_row"}


def test_a_flat_character_parts_no_word() -> None:
    """Some fonts tell of 一 no more than its stroke: the gap beside it is measured by its neighbour."""
    stroke = Glyph("一", left=0, top=9, right=10, bottom=10)
    beside = Glyph("般", left=11, top=5, right=21, bottom=15)
    far = Glyph("公", left=26, top=5, right=36, bottom=15)
    assert spell_line([stroke, beside, far]) == "一般 公"
