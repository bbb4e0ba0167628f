"""Great Expectations over the marts: verdicts, coverage, counts and sums asserted, and documented for people.

SQL judges and pandas only looks: a frame holds text, booleans and integers (fen, or thousandths of a
yuan where the rounding bound needs them); a column of decimals or floats is refused.
"""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from yusuan.suites import SUITES, Declaration, Severity, Suite, SuiteError, read_suites

# Before the import: Great Expectations would report its use, and this warehouse calls no one.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.expectations.registry import get_expectation_impl

EXAMPLE_LIMIT = 10
# Whatever else DuckDB may yield becomes a float or an object in pandas.
EXACT_TYPES = frozenset(
    ["VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"]
)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Example:
    """A row that an expectation does not hold for. ``details``: the suite's example columns, as text."""

    document_id: str | None
    line_no: int | None
    identity_id: str | None
    details: tuple[tuple[str, str], ...]

    def describe(self) -> str:
        place = f"{self.document_id}:{self.line_no}" if self.line_no is not None else f"{self.document_id}"
        shown = ("document_id", "line_no", "identity_id")
        rest = (f"{name}={value}" for name, value in self.details if name not in shown and value)
        return " ".join(filter(None, [place, self.identity_id, *rest]))


@dataclass(frozen=True)
class ExpectationOutcome:
    """What became of one expectation.

    ``looked_at`` and ``failed_count`` count rows; both are None where the table as a whole is judged.
    ``severity`` is critical, whatever was declared, for one that could not be judged (``error``).
    """

    id: str
    suite: str
    severity: Severity
    is_success: bool
    words: str
    words_en: str
    advice: str
    advice_en: str
    observed: str
    looked_at: int | None = None
    failed_count: int | None = None
    examples: tuple[Example, ...] = ()
    error: str | None = None

    def describe(self) -> str:
        """Return the failure in one paragraph: what was expected, what was found, where, what to do."""
        places = "".join(f"\n    {example.describe()}" for example in self.examples)
        more = (self.failed_count or 0) - len(self.examples)
        if self.examples and more > 0:
            places += f"\n    … +{more}"
        return (
            f"{self.id} [{self.severity}] {self.words} · {self.words_en}: {self.observed}{places}"
            f"\n    {self.advice} {self.advice_en}"
        )


@dataclass(frozen=True)
class SuiteOutcome:
    """A suite's expectations, judged; ``rows``: of the frame they looked at."""

    name: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    rows: int
    expectations: tuple[ExpectationOutcome, ...]

    @property
    def failures(self) -> list[ExpectationOutcome]:
        return [expectation for expectation in self.expectations if not expectation.is_success]


@dataclass(frozen=True)
class ExpectationsOutcome:
    """All suites, judged. ``data_docs`` is the first page of what was written for people."""

    suites: tuple[SuiteOutcome, ...]
    data_docs: Path
    is_strict: bool
    seconds: float

    @property
    def failures(self) -> list[ExpectationOutcome]:
        return [failure for suite in self.suites for failure in suite.failures]

    @property
    def blocking(self) -> list[ExpectationOutcome]:
        """The failures that keep the file from being published."""
        severities = {Severity.CRITICAL, Severity.WARNING} if self.is_strict else {Severity.CRITICAL}
        return [failure for failure in self.failures if failure.severity in severities]

    @property
    def is_success(self) -> bool:
        return not self.blocking


def run_expectations(
    database: Path,
    data_docs: Path,
    *,
    strict: bool = False,
    on_progress: Progress = lambda done, total, name: None,
    suites: Path = SUITES,
) -> ExpectationsOutcome:
    """Judge a built database by all suites and write the Data Docs; neither is published here.

    ``database`` is opened read-only; its stem must be the one it was built with, or dbt's views break.
    ``on_progress`` gets suites done, suites in all, and the title of the next.
    Raises SuiteError if a suite file is unsound or its query fails.
    """
    from yusuan.data_docs import write_data_docs

    began = perf_counter()
    read = read_suites(suites)
    outcomes: list[SuiteOutcome] = []
    results: list[list[ExpectationSuiteValidationResult]] = []
    with _quietly(), duckdb.connect(database, read_only=True) as connection:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_pandas("marts")
        for done, suite in enumerate(read):
            on_progress(done, len(read), f"{suite.title} {suite.title_en}")
            frame = _fetch_frame(connection, suite)
            declared = suite.declare(connection)
            parts = [_validate(context, source, suite, part) for part in _split(suite, declared, frame)]
            outcomes.append(_judge(suite, declared, parts, len(frame)))
            results.append(parts)
        shutil.rmtree(data_docs, ignore_errors=True)
        index = write_data_docs(data_docs, outcomes, results)
    on_progress(len(read), len(read), "")
    return ExpectationsOutcome(tuple(outcomes), index, strict, perf_counter() - began)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep Great Expectations' warnings and log lines off the terminal, and leave logging as it was."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _fetch_frame(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Any:
    """Return the suite's rows as a pandas data frame. Raises SuiteError for a column that is not exact."""
    try:
        relation = connection.sql(suite.sql)
        inexact = [
            f"{column} ({kind})"
            for column, kind in zip(relation.columns, relation.types, strict=True)
            if str(kind) not in EXACT_TYPES
        ]
        if inexact:
            raise SuiteError(
                f"{suite.suite}: pandas would make floats or objects of {', '.join(inexact)}; "
                "cast to text or to integers of fen"
            )
        frame = relation.df()
    except duckdb.Error as error:
        raise SuiteError(f"{suite.suite}: the query fails: {error}") from error
    missing = [column for column in suite.examples if column not in frame.columns]
    if missing:
        raise SuiteError(f"{suite.suite}: the query yields no {', '.join(missing)}, which examples ask for")
    # Failures are shown in the order of the frame: by document and line, the same in every run.
    frame = frame.sort_values(suite.examples, kind="stable", ignore_index=True)
    return frame


@dataclass(frozen=True)
class _Part:
    """Expectations and the rows they are about."""

    name: str
    declared: list[Declaration]
    frame: Any


def _split(suite: Suite, declared: list[Declaration], frame: Any) -> Iterator[_Part]:
    """Part the expectations about sections from the rest, each with its rows: small frames are quick."""
    sections = suite.sections
    names = set(frame[sections.by]) if sections is not None else set()
    by_section: dict[str | None, list[Declaration]] = {}
    for declaration in declared:
        column = declaration.kwargs.get("column")
        by_section.setdefault(column if column in names else None, []).append(declaration)
    for section, expectations in by_section.items():
        if section is None or sections is None:
            yield _Part(suite.suite, expectations, frame)
        else:
            rows = frame[frame[sections.by] == section].rename(columns={sections.values: section})
            yield _Part(f"{suite.suite} {section}", expectations, rows.reset_index(drop=True))


def _validate(context: Any, source: Any, suite: Suite, part: _Part) -> ExpectationSuiteValidationResult:
    """Run the declared expectations. Raises SuiteError unless each of them has its one result."""
    declared = part.declared
    for name, count in Counter(declaration.id for declaration in declared).items():
        if count > 1:
            raise SuiteError(f"{part.name}: {name} is declared twice: its for_each yields a row twice")
    expectations = [_make_expectation(suite, declaration) for declaration in declared]
    gx_suite = context.suites.add(gx.ExpectationSuite(name=part.name, expectations=expectations))
    batch = source.add_dataframe_asset(part.name).add_batch_definition_whole_dataframe("all")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=part.name, data=batch, suite=gx_suite)
    )
    result: ExpectationSuiteValidationResult = definition.run(
        batch_parameters={"dataframe": part.frame},
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": suite.examples,
            "partial_unexpected_count": EXAMPLE_LIMIT,
        },
    )
    # Great Expectations drops an expectation that equals another one, and says nothing.
    found = [_read_id(one) for one in result.results]
    if sorted(found) != sorted(declaration.id for declaration in declared):
        raise SuiteError(f"{part.name}: {len(declared)} expectations were declared, {len(found)} judged")
    return result


def _make_expectation(suite: Suite, declaration: Declaration) -> Any:
    try:
        return get_expectation_impl(declaration.type)(
            **declaration.kwargs,
            severity=declaration.severity.value,
            description=f"{declaration.id} {declaration.words} · {declaration.words_en}",
            meta={"id": declaration.id},
        )
    except Exception as error:  # unknown type, unknown or missing kwargs: pydantic v1 errors and others
        raise SuiteError(f"{suite.suite}: {declaration.id} cannot be made: {error}") from error


def _read_id(result: ExpectationValidationResult) -> str:
    configuration = result.expectation_config
    return str(configuration.meta["id"]) if configuration is not None and configuration.meta else ""


def _judge(
    suite: Suite, declared: list[Declaration], parts: list[ExpectationSuiteValidationResult], rows: int
) -> SuiteOutcome:
    by_id = {_read_id(one): one for part in parts for one in part.results}
    judged = tuple(
        _judge_one(suite.suite, suite.examples, declaration, by_id[declaration.id])
        for declaration in declared
    )
    for outcome in judged:
        # The Data Docs are made of the results: they must not say passed where we say failed.
        by_id[outcome.id].success = outcome.is_success
    for part in parts:
        part.success = all(one.success for one in part.results)
    return SuiteOutcome(
        suite.suite, suite.title, suite.title_en, suite.purpose, suite.purpose_en, rows, judged
    )


def _judge_one(
    suite: str, order: list[str], declaration: Declaration, result: ExpectationValidationResult
) -> ExpectationOutcome:
    found = dict(result.result or {})
    looked_at, failed_count = _count(found)
    error = _find_exception(result.exception_info)
    if error is None and looked_at == 0 and not declaration.may_find_nothing:
        error = "没有可供核对的数据 nothing was there to look at"
    is_success = bool(result.success) and error is None
    return ExpectationOutcome(
        id=declaration.id,
        suite=suite,
        severity=declaration.severity if error is None else Severity.CRITICAL,
        is_success=is_success,
        words=declaration.words,
        words_en=declaration.words_en,
        advice=declaration.advice,
        advice_en=declaration.advice_en,
        observed=error or _describe_observed(found, looked_at, failed_count),
        looked_at=looked_at,
        failed_count=failed_count,
        examples=() if is_success else _list_examples(found, order),
        error=error,
    )


def _find_exception(info: Any) -> str | None:
    """Return the message of an exception that Great Expectations caught and hid in its result."""
    if not isinstance(info, dict):
        return None
    if info.get("raised_exception"):
        return str(info.get("exception_message") or "an exception without a message")
    return next((message for part in info.values() if (message := _find_exception(part))), None)


def _count(found: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return how many rows were looked at and how many failed; nulls are not looked at but by not_be_null."""
    if "element_count" not in found:
        return None, None
    # Only an expectation about nulls leaves missing_count out.
    return int(found["element_count"]) - int(found.get("missing_count") or 0), int(
        found.get("unexpected_count") or 0
    )


def _describe_observed(found: dict[str, Any], looked_at: int | None, failed_count: int | None) -> str:
    if looked_at is not None:
        return f"{failed_count} / {looked_at} 行不合 rows do not hold"
    return str(found.get("observed_value", ""))


def _list_examples(found: dict[str, Any], order: list[str]) -> tuple[Example, ...]:
    """Return the first rows that fail, each once: Great Expectations lists a row for each of two columns."""
    rows = {_make_example(row, order): None for row in found.get("unexpected_index_list") or ()}
    return tuple(rows)[:EXAMPLE_LIMIT]


def _make_example(row: dict[str, Any], order: list[str]) -> Example:
    names = [name for name in order if name in row] + [name for name in row if name not in order]
    shown = {name: row[name] for name in names if not _is_null(row[name])}
    return Example(
        document_id=shown.get("document_id"),
        line_no=int(shown["line_no"]) if "line_no" in shown else None,
        identity_id=shown.get("identity_id"),
        details=tuple((name, str(value)) for name, value in shown.items()),
    )


def _is_null(value: Any) -> bool:
    return value is None or str(value) in ("nan", "<NA>")
