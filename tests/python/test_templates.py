"""Templates are refused, with file and line, unless they say just what they must."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.issues import InvalidTemplate
from ingest.templates import TEMPLATE_FOLDER, load_library

# One two-sided table, all on lines of its own, so that every fault has a line to be named with.
SIMPLE = """\
# A table that nobody prints.
template: b01_nowhere
statement: b01
document_kind: budget
titles: ['{year}年虚构收支表']
unit: printed
fields:
  - {role: label, block: income, header: [收入, 项目]}
  - {role: amount, block: income, column: amount, header: [收入, 金额]}
  - {role: label, block: expenditure, header: [支出, 项目]}
  - {role: amount, block: expenditure, column: total, header: [支出, 合计]}
  - {role: amount, block: expenditure, column: basic, header: [支出, 基本]}
rows:
  income:
    named:
      - {row: tax, labels: [虚构税]}
      - {row: total, labels: [收入总计]}
  expenditure:
    include: expenditure_classes
    named:
      - {row: total, labels: [支出总计]}
spanning_rows:
  - {row: total, label: 支出总计, label_place: 3, amount_place: 5}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of templates with one table, ready to be spoilt."""
    shutil.copytree(TEMPLATE_FOLDER / "row_lists", tmp_path / "row_lists")
    shutil.copy(TEMPLATE_FOLDER / "documents.yaml", tmp_path)
    (tmp_path / "budget").mkdir()
    (tmp_path / "budget" / "b01_nowhere.yaml").write_text(SIMPLE, encoding="utf-8")
    return tmp_path


def _edit(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    return edit


def test_the_simple_template_is_sound(folder: Path) -> None:
    (template,) = load_library(folder).templates
    assert template.template == "b01_nowhere"
    assert [(block.number, block.name, block.start) for block in template.blocks] == [
        (1, "income", 0),
        (2, "expenditure", 2),
    ]
    assert [[(word.place, set(word.alternatives)) for word in line] for line in template.header_lines] == [
        [(0, {"收入"}), (2, {"支出"})],
        [(0, {"项目"}), (1, {"金额"}), (2, {"项目"}), (3, {"合计"}), (4, {"基本"})],
    ]


# What is changed; the line that must be named (from 1), and words of the message.
FAULTS: dict[str, tuple[Callable[[str], str], int, str]] = {
    "unknown key": (_edit("unit: printed", "unit: printed\ncolour: red"), 7, "colour: unknown key"),
    "unknown key of a field": (_edit("column: basic,", "column: basic, width: 3,"), 12, "width: unknown key"),
    "unknown key of a row": (_edit("labels: [虚构税]", "labels: [虚构税], sum: [a]"), 16, "sum: unknown key"),
    "duplicate key": (_edit("unit: printed", "unit: printed\nstatement: b02"), 7, "`statement` stands twice"),
    "duplicate key of a row": (_edit("{row: tax,", "{row: tax, row: vat,"), 16, "`row` stands twice"),
    "missing unit rule": (_edit("unit: printed\n", ""), 2, "unit: missing key"),
    "unknown unit rule": (_edit("unit: printed", "unit: 万元"), 6, "unit: "),
    "two fields of one column": (_edit("column: basic", "column: total"), 12, "overlap: two fields"),
    "two rows of one code": (_edit("{row: tax,", "{row: total,"), 17, "overlap: row `total` stands twice"),
    "two rows of one label": (_edit("[虚构税]", "[收入 总计]"), 17, "share the label"),
    "amount without a column": (_edit("column: basic, ", ""), 12, "`column` names what an amount is"),
    "column of a label": (
        _edit("block: income, header: [收入, 项目]", "block: income, column: x"),
        8,
        "`column`",
    ),
    "rows of no block": (_edit("  income:\n", "  earnings:\n"), 13, "just the blocks of `fields`"),
    "block without an amount": (
        _edit("role: amount, block: income, column: amount", "role: beside, block: income"),
        8,
        "block `income` has no amount",
    ),
    "spanning row outside": (_edit("amount_place: 5", "amount_place: 6"), 23, "only 5 fields"),
    "unknown row list": (_edit("include: expenditure_classes", "include: planets"), 19, "called `planets`"),
    "no titles": (_edit("['{year}年虚构收支表']", "[]"), 5, "titles: "),
    "code as a number": (_edit("{row: tax,", "{row: 201,"), 16, "rows.income.named.0.row"),
    "broken YAML": (_edit("{row: tax,", "{row: tax:,"), 16, "no valid YAML"),
    "control character": (_edit("虚构税", "虚构\x07税"), 16, "no valid YAML"),
    "a list": (lambda _: "- one\n", 1, "the whole file"),
    "empty": (lambda _: "", 1, "the whole file"),
    "other name than its file": (
        _edit("template: b01_nowhere", "template: b01_moon"),
        2,
        "budget/b01_moon.yaml",
    ),
    "other folder than its kind": (_edit("kind: budget", "kind: final"), 2, "final/b01_nowhere.yaml"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_template_is_refused_with_file_and_line(fault: str, folder: Path) -> None:
    spoil, line_no, words = FAULTS[fault]
    path = folder / "budget" / "b01_nowhere.yaml"
    path.write_text(spoil(SIMPLE), encoding="utf-8")
    with pytest.raises(InvalidTemplate) as refused:
        load_library(folder)
    messages = str(refused.value).splitlines()
    assert any(
        message.startswith(f"b01_nowhere.yaml:{line_no}: ") and words in message for message in messages
    ), messages


def test_every_fault_of_a_template_is_named_at_once(folder: Path) -> None:
    text = SIMPLE.replace("unit: printed\n", "").replace("column: basic,", "column: basic, width: 3,")
    (folder / "budget" / "b01_nowhere.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidTemplate) as refused:
        load_library(folder)
    assert len(str(refused.value).splitlines()) == 2


def test_a_template_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "budget" / "b01_nowhere.yaml").write_bytes(SIMPLE.encode("gb18030"))
    with pytest.raises(InvalidTemplate, match=r"^b01_nowhere\.yaml: cannot be read"):
        load_library(folder)


def _write_twin(folder: Path, *edits: tuple[str, str]) -> None:
    """A second template, whose titles stand on its line 6."""
    text = SIMPLE.replace("template: b01_nowhere", "template: b01_twin").replace(
        "titles", "# as before\ntitles"
    )
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "budget" / "b01_twin.yaml").write_text(text, encoding="utf-8")


def test_two_templates_of_one_table_are_refused(folder: Path) -> None:
    _write_twin(folder)
    expected = r"^b01_twin\.yaml:6: overlap: .*those of b01_nowhere\.yaml$"
    with pytest.raises(InvalidTemplate, match=expected):
        load_library(folder)


@pytest.mark.parametrize(
    ("years", "edit"),
    [
        ("", ("虚构收支表", "另一收支表")),
        ("", ("[支出, 合计]", "[支出, 总额]")),
        ("years: {last: 2030}\n", ("unit: printed", "unit: printed\nyears: {first: 2031}")),
        ("years: {first: 2031}\n", ("unit: printed", "unit: printed\nyears: {last: 2030}")),
    ],
    ids=["title", "header", "later years", "earlier years"],
)
def test_templates_that_differ_in_what_is_printed_live_together(
    years: str, edit: tuple[str, str], folder: Path
) -> None:
    (folder / "budget" / "b01_nowhere.yaml").write_text(SIMPLE + years, encoding="utf-8")
    _write_twin(folder, edit)
    assert len(load_library(folder).templates) == 2


def test_a_template_holds_only_for_its_years(folder: Path) -> None:
    path = folder / "budget" / "b01_nowhere.yaml"
    path.write_text(f"{SIMPLE}years: {{first: 2020, last: 2022}}\n", encoding="utf-8")
    library = load_library(folder)
    found = {
        year: bool(library.find_by_title(f"{year}年虚构收支表", "budget", year)) for year in range(2019, 2024)
    }
    assert found == {2019: False, 2020: True, 2021: True, 2022: True, 2023: False}
    assert not library.find_by_title("2021年虚构收支表", "final", 2021)


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            "documents.yaml",
            "notes:",
            "notes_too: []\nnotes:",
            r"^documents\.yaml:\d+: notes_too: unknown key$",
        ),
        (
            "row_lists/expenditure_classes.yaml",
            "row: '203'",
            "rows: '203'",
            r"classes\.yaml:6: .*unknown key",
        ),
    ],
)
def test_the_files_beside_the_templates_are_as_strict(
    path: str, old: str, new: str, message: str, folder: Path
) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    (folder / path).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidTemplate, match=re.compile(message, re.MULTILINE)):
        load_library(folder)


# What publishers of each layout print (seeds/layouts.csv says it to the models).
LAYOUTS = {
    "shanxi": [f"b{n:02}" for n in range(1, 14)] + [f"f{n:02}" for n in range(1, 11)],
    "shanghai": [f"b{n:02}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 14)] + ["f07", "f08"],
    "jiangsu": [f"b{n:02}" for n in (1, 4, 5, 6, 8, 14, 15, 16, 17, 18, 19, 20)],
    "university": ["b01", "b02", "b03", "b17"],
    # Open columns: whoever prints them, in whatever order.
    "national": [f"b{n:02}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 10, 14, 17, 18, 19, 20, 21, 22)]
    + [f"f{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17)],
    "carried": ["b02"],
    "columns": ["f06"],
}


def test_the_templates_of_the_project_cover_every_official_table_of_each_layout() -> None:
    found: dict[str, list[str]] = {}
    for template in load_library().templates:
        layout = template.template.removeprefix(f"{template.statement}_")
        assert layout != template.template, "a template is named by its statement and its layout"
        found.setdefault(layout, []).append(template.statement)
    assert {layout: sorted(statements) for layout, statements in found.items()} == LAYOUTS


def test_what_a_template_reads_has_a_meaning() -> None:
    """A column or row that no seed knows would be read and then lost: the models join by these codes."""
    library = load_library()

    def read_seed(name: str, *keys: str) -> set[tuple[str, ...]]:
        with (Path(__file__).parents[2] / "seeds" / f"{name}.csv").open(
            encoding="utf-8", newline=""
        ) as lines:
            return {tuple(row[key] for key in keys) for row in csv.DictReader(lines)}

    columns = {
        (template.statement, field.block, field.column)
        for template in library.templates
        for field in template.fields
        if field.column is not None
    }
    rows = {
        (template.statement, block, row.row)
        for template in library.templates
        for block, rule in template.rows.items()
        for row in library.list_named_rows(rule)
    }
    assert not columns - read_seed("statement_columns", "statement_code", "block", "column_code")
    assert not rows - read_seed("statement_rows", "statement_code", "block", "row_code")


def test_a_word_may_reach_down_over_header_lines(folder: Path) -> None:
    path = folder / "budget" / "b01_nowhere.yaml"
    path.write_text(SIMPLE.replace("[支出, 合计]", "['支出', '', 合计]"), encoding="utf-8")
    (template,) = load_library(folder).templates
    assert [[word.place for word in line] for line in template.header_lines] == [[0, 2], [0, 1, 2, 4], [3]]
