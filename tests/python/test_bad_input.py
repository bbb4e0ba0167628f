"""Bad documents: one clear message each, nothing half-read, and the rest read as ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderer import Layout, encode_lines, render

from ingest.disclosures import parse_document
from ingest.issues import REASONS, Issue, RefusedDocument, Severity
from ingest.parsed_tables import ParsedIssue, ParsedTables, list_parsed_tables, read_parsed_tables
from ingest.templates import Library, get_library

PARSED_FOLDER = Path(__file__).parents[2] / "data" / "parsed"
# A budget and a final account with figures in as many tables as possible.
SOURCES: dict[str, ParsedTables] = {
    parsed.document.document_kind: parsed
    for parsed in map(read_parsed_tables, list_parsed_tables(PARSED_FOLDER))
    if parsed.document.source_name.startswith("gaoping")
}


class Draft:
    """A rendered document that can still be spoilt, line by line."""

    def __init__(self, code: str) -> None:
        self.code = code
        rendered = render(SOURCES["budget" if code.startswith("b") else "final"], get_library())
        self.expected = rendered.expected
        self.lines = list(rendered.lines)
        self.table = next(t for t in self.expected.tables if t.statement_code == code)
        self.span = range(self.table.title_line_no, self.table.last_line_no + 1)

    def find(self, start: str) -> int:
        """Return the number of the table's first line that starts so."""
        return next(number for number in self.span if self.lines[number - 1].startswith(start))

    def edit(self, line_no: int, old: str, new: str) -> int:
        assert old in self.lines[line_no - 1]
        self.lines[line_no - 1] = self.lines[line_no - 1].replace(old, new, 1)
        return line_no

    def set(self, line_no: int, text: str) -> int:
        self.lines[line_no - 1] = text
        return line_no

    def shown(self, line_no: int) -> str:
        return self.lines[line_no - 1].replace("\t", " | ").strip()

    def parse(
        self, folder: Path, library: Library | None = None, layout: Layout | None = None
    ) -> ParsedTables:
        path = folder / self.expected.document.source_name
        path.write_bytes(encode_lines(self.lines, layout or Layout()))
        return parse_document(path, library)


@dataclass(frozen=True)
class Fault:
    """What the one issue must say: line, and words of what was found and what was expected."""

    line_no: int
    found: str
    expected: str = ""


def _miss_unit(draft: Draft) -> Fault:
    draft.set(draft.find("单位："), "")
    return Fault(draft.table.title_line_no, "预算支出总表", "单位：万元")


def _two_units(draft: Draft) -> Fault:
    return Fault(draft.set(draft.find("单位：") + 1, "单位：元"), "万元, 元", "万元")


def _letter_in_amount(draft: Draft) -> Fault:
    line_no = draft.edit(draft.find("208\t"), "128.96", "1,2a4")
    return Fault(line_no, "“1,2a4”", "1,234.56")


def _ordinal_is_no_number(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.find("二、"), "\t2\t", "\t2l\t"), "“2l”", "行次")


def _cell_too_many(draft: Draft) -> Fault:
    line_no = draft.find("20805\t")
    draft.set(line_no, draft.lines[line_no - 1] + "\t7.00")
    return Fault(line_no, "6: “20805 | ", "5")


def _cell_too_few(draft: Draft) -> Fault:
    line_no = draft.find("20805\t")
    draft.set(line_no, draft.lines[line_no - 1].removesuffix("\t"))
    return Fault(line_no, "4: “20805 | ", "5")


def _other_word_over_column(draft: Draft) -> Fault:
    line_no = draft.edit(draft.find("科目编码"), "项目支出", "专项支出")
    return Fault(
        line_no, "专项支出", "b03_national (unknown / 未知：2026年预算数/专项支出; missing / 缺：项目支出)"
    )


def _column_more(draft: Draft) -> Fault:
    for line_no in draft.span:
        if "\t" in draft.lines[line_no - 1]:
            draft.set(line_no, draft.lines[line_no - 1] + "\t其他支出")
    return Fault(draft.find("科目编码"), "其他支出” (6)", "b03_national (unknown / 未知：其他支出")


def _header_of_other_table(draft: Draft) -> Fault:
    line_no = draft.find("项目\t")
    draft.set(line_no, "收入\t\t支出\t\t")
    return Fault(
        line_no + 1, "科目编码 | 科目名称 | 合计", "未知：收入/科目编码 收入/科目名称; missing / 缺：科目名称"
    )


def _word_over_next_column(draft: Draft) -> Fault:
    line_no = draft.edit(draft.find("项目\t"), "\t\t上年结转", "\t上年结转\t")
    return Fault(line_no + 1, "单位资金 |” (9)", "b02_national (unknown / 未知：上年结转/单位资金)")


def _unknown_label(draft: Draft) -> Fault:
    line_no = draft.edit(draft.find("\t\t八、"), "社会保障和就业支出", "星际旅行支出")
    return Fault(line_no, "“八、星际旅行支出”", "“社会保障和就业支出、社会保险基金支出、卫生健康支出…”")


def _unknown_label_without_figure(draft: Draft) -> Fault:
    line_no = draft.find("\t\t十二、城乡社区支出")
    draft.set(line_no, "九、星际旅行收入" + draft.lines[line_no - 1])
    return Fault(line_no, "“九、星际旅行收入”", "“")


def _code_of_four_digits(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.find("20805\t"), "20805", "2080"), "“2080 ", "科目编码 (3/5/7 ")


def _code_twice(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.find("20805\t"), "20805", "208"), "“208 ", "one")


def _unlabelled_row_twice(draft: Draft) -> Fault:
    line_no = draft.find("17.63")
    return Fault(draft.set(line_no + 1, draft.lines[line_no - 1]), "“17.63 17.63", "one")


def _spanning_row_twice(draft: Draft) -> Fault:
    line_no = draft.find("人员经费合计")
    again = draft.lines[line_no - 1].split("\t")
    return Fault(draft.set(line_no + 1, "\t".join(["", "", "", *again[3:]])), "“公用经费合计”", "one")


def _no_label(draft: Draft) -> Fault:
    line_no = draft.find("防汛业务经费")
    return Fault(draft.edit(line_no, "防汛业务经费", ""), "“96.00 96.00”", "项目名称")


def _only_the_other_scheme_s_name(draft: Draft) -> Fault:
    line_no = draft.find("印刷费\t")
    return Fault(draft.edit(line_no, "印刷费", ""), "“办公经费 ", "项目名称")


def _title_alone(draft: Draft) -> Fault:
    for line_no in draft.span[1:]:
        draft.set(line_no, "")
    return Fault(draft.table.title_line_no, "预算支出总表", "表头与数据")


FAULTS: list[tuple[str, str, Callable[[Draft], Fault]]] = [
    ("missing_unit", "b03", _miss_unit),
    ("conflicting_unit", "b03", _two_units),
    ("malformed_amount", "b05", _letter_in_amount),
    ("malformed_amount", "f01", _ordinal_is_no_number),
    ("wrong_cell_count", "b03", _cell_too_many),
    ("wrong_cell_count", "b05", _cell_too_few),
    ("unknown_layout", "b03", _other_word_over_column),
    ("unknown_layout", "b03", _column_more),
    ("unknown_layout", "b03", _header_of_other_table),
    ("unknown_layout", "b02", _word_over_next_column),
    ("unknown_row", "b01", _unknown_label),
    ("unknown_row", "b03", _code_of_four_digits),
    ("duplicate_row", "b03", _code_twice),
    ("duplicate_row", "f09", _unlabelled_row_twice),
    ("duplicate_row", "f06", _spanning_row_twice),
    ("unlabelled_amount", "b12", _no_label),
    ("unlabelled_amount", "b06", _only_the_other_scheme_s_name),
    ("missing_grid", "b03", _title_alone),
]


def _assert_says(issue: ParsedIssue, fault: Fault, draft: Draft) -> None:
    assert (issue.line_no, issue.statement_code) == (fault.line_no, draft.code)
    assert fault.found in issue.found
    assert fault.expected in issue.expected
    name = draft.expected.document.source_name
    said = Issue(issue.reason, issue.line_no, issue.statement_code, issue.found, issue.expected).describe(
        name
    )
    assert said.startswith(f"{name}:{fault.line_no} [{draft.code}] ")
    assert said.count(issue.found) == 2, "once in Chinese, once in English"
    assert not re.search(r"[{}]\w*[}]", said.replace("{year}", "")), "a placeholder was left open"


@pytest.mark.parametrize(
    ("reason", "code", "spoil"), FAULTS, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_spoilt_table_is_set_aside_alone(
    reason: str, code: str, spoil: Callable[[Draft], Fault], tmp_path: Path
) -> None:
    draft = Draft(code)
    assert code in draft.expected.rows, "only a table with rows can lose them"
    fault = spoil(draft)
    parsed = draft.parse(tmp_path)
    (issue,) = parsed.issues
    assert (issue.reason, issue.severity) == (reason, "error")
    _assert_says(issue, fault, draft)
    assert parsed.set_aside == (code,)
    assert parsed.rows == {other: rows for other, rows in draft.expected.rows.items() if other != code}


def test_a_missing_cell_is_told_from_a_stripped_one_with_any_line_ends(tmp_path: Path) -> None:
    draft = Draft("b05")
    _cell_too_few(draft)
    (issue,) = draft.parse(tmp_path, layout=Layout(newline="\r\n")).issues
    assert issue.reason == "wrong_cell_count"


def test_two_tables_of_the_same_kind_are_both_set_aside(tmp_path: Path) -> None:
    draft = Draft("b03")
    copy = [draft.lines[line_no - 1] for line_no in draft.span]
    end = draft.expected.tables[-1].last_line_no
    draft.lines[end:end] = copy
    parsed = draft.parse(tmp_path)
    assert [issue.reason for issue in parsed.issues] == ["duplicate_table", "duplicate_table"]
    first, second = draft.table.title_line_no, end + 1
    for issue, line_no in zip(parsed.issues, (first, second), strict=True):
        _assert_says(issue, Fault(line_no, f"line {first}, {second}", "one"), draft)
    assert parsed.set_aside == ("b03", "b03")
    assert parsed.rows == {code: rows for code, rows in draft.expected.rows.items() if code != "b03"}


def test_a_table_that_fits_two_templates_is_set_aside(tmp_path: Path, library: Library) -> None:
    draft = Draft("b03")
    template = next(t for t in library.templates if t.template == "b03_shanxi")
    twin = template.model_copy(update={"template": "b03_twin"})
    parsed = draft.parse(tmp_path, replace(library, templates=(*library.templates, twin)))
    (issue,) = parsed.issues
    assert issue.reason == "ambiguous_template"
    _assert_says(issue, Fault(draft.table.title_line_no, "b03_shanxi, b03_twin", "one"), draft)
    assert parsed.set_aside == ("b03",)
    assert "b03" not in parsed.rows


def _odd_line(draft: Draft) -> Fault:
    return Fault(draft.set(draft.find("单位：") - 1, "虚构的一行"), "“虚构的一行”")


def _other_year(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.table.title_line_no, "2026", "2025"), "2025年预算支出总表", "2026")


def _other_year_in_the_header(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.find("项目\t"), "2026", "2025"), "2025年预算数", "2026")


def _other_name_of_a_code(draft: Draft) -> Fault:
    line_no = draft.edit(draft.find("22405\t"), "地震事务", "地震事物")
    return Fault(line_no, "22405 “地震事物”", "“地震事务” (b02:")


def _no_name_of_a_code(draft: Draft) -> Fault:
    return Fault(draft.edit(draft.find("22405\t"), "地震事务", ""), "“22405”", "科目名称")


def _other_unit_name(draft: Draft) -> Fault:
    return Fault(
        draft.set(draft.find("单位名称"), "单位名称：虚构市虚构局"), "“虚构市虚构局”", "高平市应急管理局"
    )


def _empty_with_figures(draft: Draft) -> Fault:
    figures = sum(len(row.cells) for row in draft.expected.rows["b03"])
    return Fault(draft.set(draft.find("注："), "注：本表无数据"), str(figures))


ODDITIES: list[tuple[str, str, Callable[[Draft], Fault]]] = [
    ("unknown_line", "b03", _odd_line),
    ("year_mismatch", "b03", _other_year),
    ("year_mismatch", "b03", _other_year_in_the_header),
    ("name_mismatch", "b03", _other_name_of_a_code),
    ("missing_label", "b03", _no_name_of_a_code),
    ("unit_name_mismatch", "b03", _other_unit_name),
    ("declared_empty_with_data", "b03", _empty_with_figures),
    ("unknown_empty_row", "b01", _unknown_label_without_figure),
]


@pytest.mark.parametrize(
    ("reason", "code", "spoil"), ODDITIES, ids=lambda value: getattr(value, "__name__", None)
)
def test_an_odd_table_is_read_with_a_warning(
    reason: str, code: str, spoil: Callable[[Draft], Fault], tmp_path: Path
) -> None:
    draft = Draft(code)
    fault = spoil(draft)
    parsed = draft.parse(tmp_path)
    (issue,) = parsed.issues
    assert (issue.reason, issue.severity) == (reason, "warning")
    _assert_says(issue, fault, draft)
    assert _list_figures(parsed) == _list_figures(draft.expected)
    assert not parsed.set_aside


def _list_figures(parsed: ParsedTables) -> dict[str, list[tuple[int, str | None, dict[str, str]]]]:
    return {
        code: [(row.line_no, row.row_code, row.cells) for row in rows] for code, rows in parsed.rows.items()
    }


def test_a_total_that_is_lost_is_told(tmp_path: Path) -> None:
    """With it goes all that it is judged by; a table of projects may do without one."""
    draft = Draft("b04")
    line_no = draft.find("收入总计")
    del draft.lines[line_no - 1]
    found = draft.parse(tmp_path).issues
    assert [(i.reason, i.severity, i.statement_code, i.expected) for i in found] == [
        ("missing_total", "warning", "b04", "“收入总计”"),
        ("missing_total", "warning", "b04", "“支出总计”"),
    ]


def test_a_row_that_repeats_another_is_told(tmp_path: Path) -> None:
    """Its amount may be too small for the sums to notice; two projects alike are nothing odd."""
    draft = Draft("b06")
    line_no = draft.find("印刷费\t")
    draft.lines.insert(line_no, draft.lines[line_no - 1])
    (issue,) = draft.parse(tmp_path).issues
    assert (issue.reason, issue.severity) == ("repeated_row", "warning")
    _assert_says(issue, Fault(line_no + 1, "“印刷费”", f"({line_no})"), draft)
    draft = Draft("b12")
    line_no = draft.find("防汛业务经费")
    draft.lines.insert(line_no, draft.lines[line_no - 1])
    assert not draft.parse(tmp_path).issues


_NO_TITLE = "虚构的一封信\n2026年\n此致\n"
_NO_TABLE = "虚构局\n2026年度单位预算公开\n2026年预算收支总表\n第三部分\n"
_NO_UNIT_NAME = "2026年度单位预算公开\n2026年预算收支总表\n注：本表无数据\n"
# Content; the reason, the line, words of what was found and of what was expected.
REFUSALS: dict[str, tuple[bytes, str, int | None, str, str]] = {
    "no disclosure": (_NO_TITLE.encode(), "not_a_disclosure", 1, "“虚构的一封信”", "2026年度单位预算公开"),
    "a disclosure without tables": (_NO_TABLE.encode(), "not_a_disclosure", 2, "2026年度", "预算收支总表"),
    "a disclosure of nobody": (_NO_UNIT_NAME.encode(), "not_a_disclosure", 1, "2026年度", "某单位"),
    "empty": (b"", "empty_document", None, "", ""),
    "a byte order mark alone": (b"\xef\xbb\xbf", "empty_document", None, "", ""),
    "white space": (b" \r\n\t\n", "empty_document", None, "", ""),
    "old Word file": (
        b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"),
        "unsupported_format",
        None,
        "DOC (save as DOCX",
        "XLSX",
    ),
    "picture": (b"\x89PNG\r\n\x1a\n", "unsupported_format", None, "OCR", "text, HTML"),
    "broken package": (b"PK\x03\x04\x14\x00\x06\x00", "damaged_document", None, "not a zip file", "ZIP"),
    "UTF-16": (_NO_TABLE.encode("utf-16"), "unreadable_encoding", 1, "\\xff\\xfe", "UTF-8, GB18030"),
    "a NUL": (b"one\ntwo\nth\x00ree\n", "unreadable_encoding", 3, "th\\x00ree", "UTF-8, GB18030"),
    "Latin 1": (
        b"one\nR\xe9sum\xe9 \xe0 l'\xe9t\xe9\n",
        "unreadable_encoding",
        2,
        "R\\xe9",
        "UTF-8, GB18030",
    ),
    # Bytes that GB18030 knows too, though hardly as Chinese.
    "Japanese": ("ひらがな\n".encode("euc_jp"), "unreadable_encoding", 1, "\\xa4\\xd2", "UTF-8, GB18030"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_no_text_of_a_disclosure_is_refused_whole(case: str, tmp_path: Path) -> None:
    content, reason, line_no, found, expected = REFUSALS[case]
    path = tmp_path / "document.txt"
    path.write_bytes(content)
    with pytest.raises(RefusedDocument) as refused:
        parse_document(path)
    issue = refused.value.issue
    assert (issue.reason, issue.line_no) == (reason, line_no)
    assert found in issue.found
    assert expected in issue.expected
    assert str(refused.value).startswith("document.txt" + ("" if line_no is None else f":{line_no}"))
    assert issue.english in str(refused.value).lower() or issue.english[1:] in str(refused.value)
    assert issue.chinese in str(refused.value)


@pytest.mark.parametrize("name", ["absent.txt", "."])
def test_a_missing_path_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedDocument, match=re.escape(str(tmp_path / name))) as refused:
        parse_document(tmp_path / name)
    assert refused.value.issue.reason == "missing_document"


@given(content=st.binary(max_size=400))
def test_random_bytes_are_refused(content: bytes, scratch: Path) -> None:
    path = scratch / "random.txt"
    path.write_bytes(content)
    with pytest.raises(RefusedDocument) as refused:
        parse_document(path)
    assert str(refused.value).startswith("random.txt")


@given(kind=st.sampled_from(sorted(SOURCES)), noise=st.binary(min_size=1, max_size=6), where=st.floats(0, 1))
def test_noise_in_a_document_never_gives_a_wrong_cell(
    kind: str, noise: bytes, where: float, scratch: Path
) -> None:
    """Bytes lost in a document may cost tables or the document; what remains is what was printed."""
    rendered = render(SOURCES[kind], get_library())
    at = int(where * len(rendered.content))
    path = scratch / "noise.txt"
    path.write_bytes(rendered.content[:at] + noise + rendered.content[at:])
    try:
        parsed = parse_document(path)
    except RefusedDocument:
        return
    line_no = rendered.content.count(b"\n", 0, at) + 1
    for code, rows in parsed.rows.items():
        before = {(row.line_no, row.block_no): row.cells for row in rendered.expected.rows[code]}
        shift = noise.count(b"\n")
        for row in rows:
            if row.line_no < line_no:
                assert row.cells == before[row.line_no, row.block_no]
            elif row.line_no > line_no + shift:
                assert row.cells == before[row.line_no - shift, row.block_no]


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_gb18030_gives_the_same_tables_as_utf8(kind: str, tmp_path: Path) -> None:
    found = {}
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        rendered = render(SOURCES[kind], get_library(), Layout(encoding=encoding))
        found[encoding] = parse_document(rendered.write(tmp_path))
    assert {encoding: parsed.document.encoding for encoding, parsed in found.items()} == {
        "utf-8": "utf-8",
        "utf-8-sig": "utf-8",
        "gb18030": "gb18030",
    }
    first, *others = ((parsed.tables, parsed.rows, parsed.issues) for parsed in found.values())
    assert all(other == first for other in others)


def test_every_reason_is_provoked() -> None:
    provoked = {reason for reason, _, _ in [*FAULTS, *ODDITIES]} | {case[1] for case in REFUSALS.values()}
    provoked |= {"duplicate_table", "ambiguous_template", "missing_document", "repeated_row"}
    provoked |= {"missing_total"}
    provoked |= {"unattributed_claim", "unread_number"}  # test_narratives.py
    # What only some files or parts of a document can provoke is provoked in their tests, by name.
    others = [path for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name]
    told = "\n".join(path.read_text(encoding="utf-8") for path in others)
    assert provoked | {reason for reason in REASONS if f'"{reason}"' in told} == set(REASONS)


def test_reasons_are_worded_in_both_languages() -> None:
    for name, reason in REASONS.items():
        placeholders = [set(re.findall(r"{(\w+)}", text)) for text in (reason.english, reason.chinese)]
        assert placeholders[0] == placeholders[1] <= {"found", "expected"}, name
        assert re.search(r"[\u4e00-\u9fff]", reason.chinese), name
        assert reason.english.isascii(), name
        assert reason.severity is Severity.ERROR or "expected" in reason.english or "found" in reason.english
