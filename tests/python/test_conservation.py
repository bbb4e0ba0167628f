"""No amount is lost or invented: every document is read a second time by another route, and both must agree.

Texts are cut with one regular expression, PDFs read by pdfplumber, which shares no line of code with
PDFium or with us. Where the disclosures are not at hand (they are no part of the project), documents laid
out from the parsed tables take their place; the PDFs have none, and are left out.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pdfplumber
import pytest
from renderer import render

from ingest.disclosures import parse_text
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedTable, ParsedTables, list_parsed_tables, read_parsed_tables
from ingest.readers.files import read_content
from ingest.readers.texts import Document
from ingest.templates import get_library

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("YUSUAN_SHARED", ROOT.parent / "shared"))
TEXTS = sorted((SHARED / "disclosures").glob("*.txt"))
PDFS = sorted((SHARED / "pdf-samples").glob("*.pdf"))
PARSED = list(list_parsed_tables(ROOT / "data" / "parsed"))
# An amount as a cell of tab-separated text: what tables.py and numbers.py know of it is not asked.
_CELL = re.compile(r"(?:(?<=\t)|^)[ \u3000]*(-?\d[\d,]*(?:\.\d+)?)[ \u3000]*(?=\t|$)", re.MULTILINE)


def _get_text(name: str) -> bytes:
    path = SHARED / "disclosures" / name
    if path.exists():
        return path.read_bytes()
    return render(read_parsed_tables(next(p for p in PARSED if p.name == name)), get_library()).content


@cache
def _parse(name: str, content: bytes) -> tuple[Document, ParsedTables]:
    document = read_content(name, content)
    return document, parse_text(document, get_library())


def _list_amounts(texts: Iterable[str]) -> Counter[str]:
    return Counter(text for text in texts if classify_cell(text) is CellKind.AMOUNT)


def _check_table(
    lines: list[str], parsed: ParsedTables, table: ParsedTable, told: set[int | None], is_numbered: bool
) -> int:
    """Check one table line by line; return how many amounts were found in both readings."""
    cells: dict[int, Counter[str]] = {}
    others: dict[int, Counter[str]] = {}
    for row in parsed.rows.get(table.statement_code, ()):
        cells.setdefault(row.line_no, Counter()).update(_list_amounts(row.cells.values()))
        before = [*row.printed_code.split(), row.printed_label, row.printed_beside]
        others.setdefault(row.line_no, Counter()).update(_list_amounts(before))
    for line_no in range(table.title_line_no + 1, table.last_line_no + 1):
        line = lines[line_no - 1].rstrip("\r")
        printed = Counter(_CELL.findall(line)) if "\t" in line else Counter()
        assert not cells.get(line_no, Counter()) - printed, (line_no, "invented")
        lost = printed - cells.get(line_no, Counter()) - others.get(line_no, Counter())
        if is_numbered:  # 行次: each line bears its number.
            lost = Counter(text for text in lost.elements() if not re.fullmatch(r"\d{1,3}", text))
        is_numbering = [*printed] == [str(number) for number in range(1, len(printed) + 1)]  # 栏次
        assert not lost or is_numbering or line_no in told, (line_no, lost)
    return sum(found.total() for found in cells.values())


@pytest.mark.parametrize("name", [path.name for path in TEXTS or PARSED])
def test_every_amount_of_a_text_table_is_one_cell_or_told(name: str) -> None:
    content = _get_text(name)
    _, parsed = _parse(name, content)
    lines = content.decode("utf-8-sig").split("\n")
    told = {issue.line_no for issue in parsed.issues}
    templates = {template.template: template for template in get_library().templates}
    found = 0
    for table in parsed.tables:
        if table.state == "set_aside":
            assert any(issue.statement_code == table.statement_code for issue in parsed.issues)
            continue
        fields = templates[table.template].fields if table.template else ()
        is_numbered = any(field.role == "ordinal" for field in fields)
        found += _check_table(lines, parsed, table, told, is_numbered)
    texts = (text for rows in parsed.rows.values() for row in rows for text in row.cells.values())
    assert found == _list_amounts(texts).total() > 100


def _list_digits(texts: list[str]) -> Counter[str]:
    return Counter(char for text in texts for char in text if char.isdigit())


@pytest.mark.skipif(
    not PDFS, reason="the PDFs are not at hand; they are no part of the project (YUSUAN_SHARED)"
)
@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_every_amount_of_a_pdf_table_is_one_cell(path: Path) -> None:
    document, parsed = _parse(path.name, path.read_bytes())
    assert not parsed.set_aside
    read: dict[int | None, Counter[str]] = {}
    for row in (row for rows in parsed.rows.values() for row in rows):
        read.setdefault(row.page_no, Counter()).update(_list_amounts(row.cells.values()))
    with pdfplumber.open(path) as pdf:
        for page_no, amounts in read.items():
            assert page_no is not None
            page = pdf.pages[page_no - 1]
            ours = [cell for line in document.lines if line.page_no == page_no for cell in line.cells]
            left_out = _list_digits([char["text"] for char in page.chars]) - _list_digits(ours)
            assert not _list_digits(ours) - _list_digits([char["text"] for char in page.chars]), page_no
            assert left_out in (Counter(), Counter(str(page_no))), page_no
            theirs = [
                text
                for table in page.extract_tables()
                for cells in table
                for cell in cells
                for text in {"".join((cell or "").split()), *(cell or "").split("\n")}
            ]
            painted = "".join(char["text"] for char in page.chars)
            alone = amounts - Counter(theirs)  # It may tear a wrapped amount in two.
            assert alone.total() <= 1, (page_no, "in no cell of the other reader")
            assert all(text in painted for text in alone), (page_no, "invented")
            lost = Counter(text for text in theirs if re.fullmatch(r"[\d,]+\.\d\d", text)) - Counter(ours)
            assert not lost, (page_no, "in no cell of ours")
