"""The five disclosures that the project began with, where they are at hand."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.disclosures import parse_document
from ingest.indexes import write_parsed_tables
from ingest.parsed_tables import ParsedTables

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("YUSUAN_DISCLOSURES", ROOT.parent / "shared" / "disclosures"))
# As issue 2 states them: figures in the official tables of each document.
FIGURES = {
    "gaoping-2026-budget.txt": 379,
    "yangcheng-2024-budget.txt": 353,
    "datong-2025-budget.txt": 279,
    "lanxian-2026-budget.txt": 303,
    "gaoping-2024-final.txt": 299,
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"the disclosures are not at {FOLDER}; they are no part of the project (YUSUAN_DISCLOSURES)",
)


@pytest.fixture(scope="module")
def parsed() -> dict[str, ParsedTables]:
    return {path.name: parse_document(path) for path in sorted(FOLDER.glob("*.txt"))}


def test_parsing_gives_what_is_committed_byte_for_byte(
    parsed: dict[str, ParsedTables], tmp_path: Path
) -> None:
    write_parsed_tables(tmp_path, parsed.values())
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    places = [path for path in (ROOT / "data" / "parsed").iterdir() if not path.name.startswith(".")]
    committed = {path.name: path.read_bytes() for path in places}
    assert sorted(written) == sorted(committed)
    different = [name for name in written if written[name] != committed[name]]
    assert not different, "parse the disclosures again (yusuan parse) and look at the diff"


def test_every_table_of_every_document_is_read(parsed: dict[str, ParsedTables]) -> None:
    for name, tables in parsed.items():
        letter, count = ("f", 10) if name.endswith("-final.txt") else ("b", 13)
        expected = [f"{letter}{number:02}" for number in range(1, count + 1)]
        assert [table.statement_code for table in tables.tables] == expected, name
        assert not [issue for issue in tables.issues if issue.statement_code in expected], name


def test_every_document_has_its_number_of_figures(parsed: dict[str, ParsedTables]) -> None:
    assert {name: tables.amount_count for name, tables in parsed.items()} == FIGURES
    units = Counter(
        row.unit_of_measure
        for tables in parsed.values()
        for rows in tables.rows.values()
        for row in rows
        for _ in row.cells.values()
        if set(row.cells.values()) != {"——"}
    )
    assert units == {"万元": sum(FIGURES.values()) - 4, "辆": 4}


def _scan_figures(text: str) -> Iterator[tuple[int, str]]:
    """Find the figures of the table section with another logic than the parser's: no template.

    A figure is a cell that is a number. Three digits or more between no name and a name are a code;
    a line of nothing but 1 2 3 … (after 栏次) numbers the columns; below 行次 stand line numbers.
    """
    in_tables, line_numbers, han = False, set[int](), re.compile(r"[\u4e00-\u9fff]")
    for line_no, line in enumerate(text.split("\n"), start=1):
        if heading := re.match(r"[#\s]*第([一二三四])部分", line):
            in_tables = heading[1] == "二" and "\t" not in line
        cells = [cell.strip() for cell in line.split("\t")]
        if not in_tables or len(cells) == 1:
            line_numbers = line_numbers if line.strip() == "" else set()
            continue
        if "行次" in cells:
            line_numbers = {place for place, cell in enumerate(cells) if cell == "行次"}
        words = [cell for cell in cells if cell and not cell.startswith("栏次")]
        if words == [str(number) for number in range(1, len(words) + 1)]:
            continue
        for place, cell in enumerate(cells):
            before, after = [*cells, "", ""][place - 1], [*cells, ""][place + 1]
            is_code = re.fullmatch(r"\d{3,}", cell) and han.search(after) and not han.search(before)
            if re.fullmatch(r"-?[\d,]+(\.\d+)?", cell) and place not in line_numbers and not is_code:
                yield line_no, cell


@pytest.mark.parametrize("name", FIGURES)
def test_every_printed_figure_is_a_cell_once_and_nothing_else_is(
    name: str, parsed: dict[str, ParsedTables]
) -> None:
    printed = Counter(_scan_figures((FOLDER / name).read_text(encoding="utf-8-sig")))
    cells = Counter(
        (row.line_no, text)
        for rows in parsed[name].rows.values()
        for row in rows
        for text in row.cells.values()
        if text != "——"
    )
    assert cells == printed
    assert sum(printed.values()) == FIGURES[name]
