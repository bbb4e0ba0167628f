"""A draft of a template reads the table it was drafted from; what it cannot know, it leaves to a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats import FORMATS
from renderer import Layout, render
from typer.testing import CliRunner

from ingest.parsed_tables import list_parsed_tables, read_parsed_tables
from ingest.readers.files import read_content
from ingest.readers.texts import Document
from ingest.regions import settle_document
from ingest.scaffolds import (
    PrintedTable,
    draft_template,
    find_kind,
    find_nearest,
    list_fitting,
    list_tables,
    read_table,
)
from ingest.templates import Library, Template, get_library, read_yaml
from yusuan import template_commands
from yusuan.cli import app

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
PARSED = [read_parsed_tables(path) for path in list_parsed_tables(PARSED_FOLDER)]
SHANXI = {
    "budget": next(p for p in PARSED if p.document.source_name == "gaoping-2026-budget.txt"),
    "final": next(p for p in PARSED if p.document.document_kind == "final"),
}


def _settle(kind: str, file_format: str = "text") -> Document:
    lines = render(SHANXI[kind], get_library(), Layout(numbering="none")).lines
    if file_format == "text":
        document = read_content("document.txt", "\n".join(lines).encode())
    else:
        converted = FORMATS[file_format](lines)
        document = read_content(converted.name, converted.content)
    return settle_document(document, get_library())


def _draft(
    table: PrintedTable, document: Document, library: Library, folder: Path, statement: str
) -> Template:
    kind = find_kind(document, library)
    text = draft_template(table, document, library, kind=kind, statement=statement, layout="new")
    path = folder / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path, Template)


def _without(library: Library, layout: str) -> Library:
    """The library as it would be if nobody had described this layout yet."""
    others = tuple(t for t in library.templates if not t.template.endswith(layout))
    return Library(library.documents, others, library.row_lists)


@pytest.mark.parametrize("file_format", ["text", "xlsx", "docx"])
@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        *(("budget", code) for code in ("b01", "b02", "b03", "b05", "b10", "b11", "b12")),
        *(("final", code) for code in ("f01", "f02", "f03", "f05")),
    ],
)
def test_a_draft_reads_every_figure_at_its_place(
    kind: str, statement: str, file_format: str, tmp_path: Path, library: Library
) -> None:
    document = _settle(kind, file_format)
    table, existing = next(
        (table, fitting[0])
        for table in list_tables(document, library)
        if (fitting := list_fitting(table, document, library)) and fitting[0].statement == statement
    )
    draft = _draft(table, document, _without(library, "shanxi"), tmp_path, statement)
    readings, misfit = read_table(table, draft, document, library)
    expected, _ = read_table(table, existing, document, library)
    assert not misfit
    assert not [issue for reading in readings for issue in reading.issues]
    for reading, other in zip(readings, expected, strict=True):
        assert [(row.line_no, row.block_no, [*row.cells.values()]) for row in reading.rows] == [
            (row.line_no, row.block_no, [*row.cells.values()]) for row in other.rows
        ]


def test_codes_are_told_by_what_they_are_where_their_header_is_new() -> None:
    lines = (
        "海角市某某中心",
        "2025年度单位预算公开",
        "2025年单位支出归口安排表",
        "单位：万元",
        "归口编号\t归口名目\t全部\t养人\t办事",
        "201\t一般公共服务\t1234.50\t1000.50\t234.00",
        "20106\t财政事务\t1234.50\t1000.50\t234.00",
        "2010601\t行政运行\t1000.50\t1000.50\t",
        "2010602\t一般行政管理事务\t234.00\t\t234.00",
        "\t全部\t1234.50\t1000.50\t234.00",
    )
    library = get_library()
    document = settle_document(read_content("new.txt", "\n".join(lines).encode()), library)
    (table,) = list_tables(document, library)
    text = draft_template(table, document, library, kind="budget", statement="b03", layout="new")
    assert [
        line.split("role: ")[1].split(",")[0].rstrip("}") for line in text.splitlines() if "role:" in line
    ] == [
        "code",
        "label",
        "amount",
        "amount",
        "amount",
    ]
    assert "code_lengths: [3, 5, 7]" in text


def test_names_are_borrowed_where_the_words_are_the_same(tmp_path: Path, library: Library) -> None:
    document = _settle("budget")
    table = next(t for t in list_tables(document, library) if "支出总表" in t.title.text)
    draft = _draft(table, document, library, tmp_path, "b03")
    assert [field.column for field in draft.fields if field.column] == ["total", "basic", "project"]
    assert draft.rows["main"].code_lengths == (3, 5, 7)
    assert [row.row for row in draft.rows["main"].named] == ["total"]
    nearest = find_nearest(table, "budget", library)
    assert nearest is not None
    assert nearest.statement == "b03"


def test_what_nobody_knows_is_left_to_be_named(tmp_path: Path, library: Library) -> None:
    text = "2026年虚构支出明细表\n单位：万元\n星系\t行星数\t光年数\n银河\t1.00\t2.00\n仙女\t\t3.00\n"
    document = settle_document(read_content("a.txt", text.encode()), library)
    (table,) = list_tables(document, library)
    assert (table.title.text, table.width, len(table.rows)) == ("2026年虚构支出明细表", 3, 3)
    draft = _draft(table, document, library, tmp_path, "b99")
    assert [field.column for field in draft.fields] == [None, "todo_2", "todo_3"]
    assert draft.rows["main"].free
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(
        app, ["template", str(path), "--table", "1", "--statement", "b99", "--layout", "galaxy"]
    )
    assert result.exit_code == 3
    assert "template: b99_galaxy" in result.output
    assert "银河 | 1.00 | 2.00" in result.output
    assert "todo_2=1.00 todo_3=2.00" in result.output
    assert "todo_2 todo_3" in result.output.splitlines()[-1]


def test_the_command_lists_drafts_writes_and_tries_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner()
    path = render(SHANXI["budget"], get_library()).write(tmp_path)
    listed = runner.invoke(app, ["template", str(path)])
    assert listed.exit_code == 0
    assert "b03_shanxi" in listed.output
    (tmp_path / "budget").mkdir()
    monkeypatch.setattr(template_commands, "TEMPLATE_FOLDER", tmp_path)
    document = settle_document(read_content(path.name, path.read_bytes()), get_library())
    number = next(t.number for t in list_tables(document, get_library()) if "支出总表" in t.title.text)
    arguments = ["template", str(path), "--table", str(number), "--layout", "new"]
    assert runner.invoke(app, [*arguments, "--write"]).exit_code == 0
    written = tmp_path / "budget" / "b03_new.yaml"
    again = runner.invoke(app, [*arguments, "--write"])
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert runner.invoke(app, [*arguments, "--using", str(written)]).exit_code == 0
    text = written.read_text(encoding="utf-8").replace("基本支出]", "基础支出]")
    written.write_text(text, encoding="utf-8")
    misfit = runner.invoke(app, [*arguments, "--using", str(written)])
    assert misfit.exit_code == 3
    assert "基础支出" in misfit.output
    assert runner.invoke(app, ["template", str(path), "--table", "99"]).exit_code == 1
