"""The Data Docs: Great Expectations' own pages, in a frame of ours that a person can read without a network.

Its page template asks some fifteen files of four CDNs, and without them shows neither layout nor the
signs for passed and failed. So only its sections are taken; frame, stylesheet and signs are ours, and
each page stands alone. What failed comes first, with document and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaSectionView

from yusuan.expectations import ExpectationOutcome, SuiteOutcome
from yusuan.suites import Severity

STYLE = Path(__file__).with_name("data_docs.css")

SEVERITIES = {
    Severity.CRITICAL: "妨碍发布 blocks publishing",
    Severity.WARNING: "须核对 to be read against the paper",
    Severity.INFO: "供参考 for information",
}

# Great Expectations' signs are letters of an icon font on a CDN; its words are English only.
ICONS = (
    (r'<i class="[^"]*fa-check-circle[^"]*"[^>]*>\s*</i>', '<b class="passed">✔ 通过 passed</b>'),
    (r'<i class="[^"]*fa-times[^"]*"[^>]*>\s*</i>', '<b class="failed">✘ 未通过 failed</b>'),
    (r'<i class="[^"]*fa-exclamation[^"]*"[^>]*>\s*</i>', '<b class="failed">✘ 无法执行 could not run</b>'),
    (r"<i [^>]*>\s*</i>", ""),
)
WORDS = {
    "Status": "结果 Result",
    "Expectation": "检查 Expectation",
    "Observed Value": "实际 Observed",
    "Table-Level Expectations": "整体 As a whole",
    "Unexpected Value": "不合的值 Value",
    "Count": "次数 Count",
}
PHRASES = (
    (r"(≈?[\d.]+%) unexpected", r"\1 不合 unexpected"),
    (r"(\d+) unexpected values? found\.", r"\1 个不合 unexpected values found."),
)
# What only works with scripts from the network: folded text that could never be unfolded.
FOLDED = re.compile(r"<p class=\"m-0\">\s*<a data-toggle=\"collapse\".*?</a>\s*</p>", re.DOTALL)
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)


def write_data_docs(
    folder: Path,
    suites: Sequence[SuiteOutcome],
    results: Sequence[Sequence[ExpectationSuiteValidationResult]],
) -> Path:
    """Write ``index.html`` and a page for each suite into ``folder``, and return the index.

    ``results``: those of each suite's parts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for suite, parts in zip(suites, results, strict=True):
        page = _lay_out(f"{suite.title} {suite.title_en}", _describe_suite(suite, parts))
        (folder / f"{suite.name}.html").write_text(page, encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_lay_out("数据检查 Data Docs", _describe_all(suites)), encoding="utf-8")
    return index


def _lay_out(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)} · 预算 Yusuan</title>\n"
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        '<header><a href="index.html">预算 Yusuan · 数据检查 Data Docs</a></header>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _describe_all(suites: Sequence[SuiteOutcome]) -> str:
    """Return the index: the verdict on all, what failed, and a row for each suite."""
    failures = [failure for suite in suites for failure in suite.failures]
    total = sum(len(suite.expectations) for suite in suites)
    rows = "".join(
        f'<tr><td>{_mark(not suite.failures)}</td><td><a href="{suite.name}.html">{escape(suite.title)}'
        f"<small>{escape(suite.title_en)}</small></a></td><td>{escape(suite.purpose)}"
        f"<small>{escape(suite.purpose_en)}</small></td>"
        f'<td class="number">{len(suite.expectations) - len(suite.failures)} / {len(suite.expectations)}</td>'
        f'<td class="number">{suite.rows:,}</td></tr>\n'
        for suite in suites
    )
    built = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        "<h1>数据检查 <small>Data Docs</small></h1>\n"
        f'<p class="lead">{_mark(not failures)} {total - len(failures)} / {total} '
        f"项检查通过 expectations hold <small>{built}</small></p>\n"
        f"{_describe_failures(failures)}"
        "<table>\n<thead><tr><th>结果 Result</th><th>组 Suite</th><th>问什么 What it asks</th>"
        "<th>通过 Hold</th><th>行 Rows</th></tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n"
        "<p><small>Great Expectations judged these; SQL in the warehouse had judged the identities. "
        "套件见 The suites are in tests/expectations.</small></p>"
    )


def _describe_suite(suite: SuiteOutcome, parts: Sequence[ExpectationSuiteValidationResult]) -> str:
    held = len(suite.expectations) - len(suite.failures)
    sections = _render_sections(parts)
    links = "".join(f'<li><a href="#section-{number}">{name}</a></li>' for number, name, _ in sections)
    return (
        f"<h1>{escape(suite.title)} <small>{escape(suite.title_en)}</small></h1>\n"
        f"<p>{escape(suite.purpose)}<small>{escape(suite.purpose_en)}</small></p>\n"
        f'<p class="lead">{_mark(not suite.failures)} {held} / {len(suite.expectations)} '
        f"项检查通过 expectations hold · 核对 {suite.rows:,} 行 rows looked at</p>\n"
        f"{_describe_failures(suite.failures)}"
        f'<nav><ul class="contents">{links}</ul></nav>\n' + "\n".join(html for _, _, html in sections)
    )


def _describe_failures(failures: Iterable[ExpectationOutcome]) -> str:
    return "".join(_describe_failure(failure) for failure in failures)


def _describe_failure(failure: ExpectationOutcome) -> str:
    columns = list(dict.fromkeys(name for example in failure.examples for name, _ in example.details))
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{escape(dict(example.details).get(name, ''))}</td>" for name in columns)
        + "</tr>"
        for example in failure.examples
    )
    more = (failure.failed_count or 0) - len(failure.examples)
    return (
        f'<section class="failure {failure.severity}">\n<h3>{_mark(False)} <code>{escape(failure.id)}</code> '
        f'<span class="severity">{SEVERITIES[failure.severity]}</span></h3>\n'
        f"<p>{escape(failure.words)}<small>{escape(failure.words_en)}</small></p>\n"
        f"<p>{escape(failure.observed)}</p>\n"
        + (f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>\n" if columns else "")
        + (f"<p>… +{more}</p>\n" if columns and more > 0 else "")
        + f'<p class="advice">{escape(failure.advice)}<small>{escape(failure.advice_en)}</small></p>\n</section>\n'
    )


def _mark(is_success: bool) -> str:
    return '<b class="passed">✔ 通过 passed</b>' if is_success else '<b class="failed">✘ 未通过 failed</b>'


def _render_sections(parts: Sequence[ExpectationSuiteValidationResult]) -> list[tuple[int, str, str]]:
    """Return Great Expectations' sections (number, title, HTML), all but its overviews, which tell less."""
    sections = []
    for part in parts:
        for one in part.results:
            # The rows that fail stand above, one to a line; Great Expectations heaps them into one cell.
            for name in ("unexpected_index_list", "partial_unexpected_index_list", "unexpected_index_query"):
                (one.result or {}).pop(name, None)
        sections += ValidationResultsPageRenderer().render(part).sections[1:]
    view = DefaultJinjaSectionView()  # one for all: each compiles its templates anew
    rendered = []
    for number, section in enumerate(sections, start=1):
        content = section.to_json_dict()
        html = view.render({"section": content, "section_loop": {"index": number}})
        rendered.append((number, _find_title(content), _mend(html)))
    return rendered


def _find_title(section: dict[str, Any]) -> str:
    name = str(section.get("section_name") or "")
    return escape(WORDS.get(name, name))


def _mend(html: str) -> str:
    """Return a section with signs as words, headings in two languages, and nothing that needs a script."""
    html = SCRIPTS.sub("", FOLDED.sub("", html))
    for pattern, replacement in ICONS:
        html = re.sub(pattern, replacement, html)
    for pattern, replacement in PHRASES:
        html = re.sub(pattern, replacement, html)
    for english, both in WORDS.items():
        html = re.sub(rf">(\s*){re.escape(english)}(\s*)<", rf">\1{both}\2<", html)
    return re.sub(r"\n\s*\n+", "\n", html)
