"""Word files as Word shows them: spans, tracked changes, hidden text, text boxes."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from ingest.issues import RefusedDocument
from ingest.readers.files import read_content

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_word_file(body: str, prefix: str = "") -> bytes:
    """Return a DOCX file with this body (elements of the namespace ``w``)."""
    xml = f"{prefix}<w:document xmlns:w='{_WORD}' xmlns:mc='m'><w:body>{body}</w:body></w:document>"
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", xml)
    return output.getvalue()


def _cells(body: str) -> list[tuple[str, ...]]:
    return [line.cells for line in read_content("file.docx", make_word_file(body)).lines]


def _paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(text)}</w:tc>"


def test_paragraphs_are_lines_and_breaks_and_tabs_end_words() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p><w:p/>"
    assert _cells(body) == [("甲 乙",), ("丙",)]


def test_spans_and_vertical_merges_leave_blanks() -> None:
    rows = [
        _cell("2026年预算收支总表", "<w:gridSpan w:val='3'/>"),
        _cell("项目", "<w:vMerge w:val='restart'/>") + _cell("预算数", "<w:gridSpan w:val='2'/>"),
        _cell("看不见", "<w:vMerge/>") + _cell("合计") + _cell("基本"),
        "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + _cell("1.00") + _cell("2.00"),
    ]
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert _cells(body) == [
        ("2026年预算收支总表",),
        ("项目", "预算数"),
        ("", "合计", "基本"),
        ("", "1.00", "2.00"),
    ]


def test_what_word_does_not_show_is_not_read() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>1.00</w:delText></w:r></w:del><w:ins><w:r><w:t>2.00</w:t></w:r></w:ins></w:p>"
        + _paragraph("3.00", "<w:rPr><w:vanish/></w:rPr>")
        + _paragraph("4.00", "<w:rPr><w:vanish w:val='0'/></w:rPr>")
        + "<w:p><w:r><w:instrText>SUM(5.00)</w:instrText></w:r></w:p>"
        + "<w:p><mc:AlternateContent><mc:Choice>"
        + _paragraph("6.00")
        + "</mc:Choice><mc:Fallback>"
        + _paragraph("6.00")
        + "</mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert _cells(body) == [("2.00",), ("4.00",), ("6.00",)]


def test_a_table_in_a_table_goes_out_in_its_place() -> None:
    inner = "<w:tbl><w:tr>" + _cell("甲") + _cell("1.00") + "</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{_paragraph('标题')}{inner}{_paragraph('注：无')}</w:tc></w:tr></w:tbl>"
    assert _cells(outer) == [("标题",), ("甲", "1.00"), ("注：无",)]


def test_a_cell_of_several_paragraphs_is_one_cell() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "社会保障\n和就业支出"
    table.cell(0, 1).text = "1.00"
    output = io.BytesIO()
    document.save(output)
    lines = read_content("file.docx", output.getvalue()).lines
    assert [line.cells for line in lines] == [("社会保障 和就业支出", "1.00")]


def test_a_word_file_without_words_is_refused() -> None:
    with pytest.raises(RefusedDocument) as refused:
        _cells("<w:p/>")
    assert refused.value.issue.reason == "empty_document"
