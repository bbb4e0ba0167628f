"""The expectation suites as data: one YAML file each, read strictly, so that a slip is refused and not ignored."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yusuan.places import PROJECT

SUITES = PROJECT / "tests" / "expectations"


class SuiteError(Exception):
    """A suite file that cannot be run: the message names the file and what is wrong in it."""


class Severity(StrEnum):
    """``critical`` blocks publishing, ``warning`` blocks with --strict, ``info`` never does."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Declaration(_Strict):
    """One expectation as declared, or with ``for_each`` one for each row of that query.

    ``may_find_nothing``: by default an expectation that found nothing to look at fails, for an empty
    join proves nothing. Set it only where having nothing to look at is good news, or is no fault: other
    documents than the project's own may print none of it.
    """

    id: str
    type: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any]
    severity: Severity
    words: str
    words_en: str
    advice: str
    advice_en: str
    for_each: str | None = None
    may_find_nothing: bool = False

    def expand(self, row: dict[str, Any]) -> Declaration:
        """Return the expectation of one row of ``for_each``: ``{column}`` becomes the row's value."""

        def fill(value: Any) -> Any:
            if isinstance(value, str):
                return value.format_map(row)
            if isinstance(value, list):
                return [fill(part) for part in value]
            if isinstance(value, dict):
                return {name: fill(part) for name, part in value.items()}
            return value

        filled = {name: fill(value) for name, value in self.model_dump(exclude={"for_each"}).items()}
        return Declaration.model_validate(filled)


class Sections(_Strict):
    """Judge the rows of each value of ``by`` on their own, as a section of the Data Docs of that name.

    In a section the column ``values`` bears the section's name, which is how Great Expectations heads it.
    """

    values: str
    by: str


class Suite(_Strict):
    """A question, the query whose rows answer it, and what is expected of them."""

    suite: str = Field(pattern=r"^[a-z_]+$")
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    rows_owed: bool
    sql: str
    examples: list[str]
    sections: Sections | None = None
    expectations: list[Declaration] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Suite:
        seen: set[str] = set()
        for declaration in self.expectations:
            if declaration.id in seen:
                raise ValueError(f"two expectations are called {declaration.id}")
            seen.add(declaration.id)
        return self

    def declare_rows_owed(self) -> list[Declaration]:
        """An empty frame passes every expectation about its rows, so rows are expected first of all."""
        if not self.rows_owed:
            return []
        return [
            Declaration(
                id=f"{self.suite}.not_empty",
                type="expect_table_row_count_to_be_between",
                kwargs={"min_value": 1},
                severity=Severity.CRITICAL,
                words="有可供核对的数据",
                words_en="There is something to look at",
                advice="本组所查的表为空：查其上游模型与载入的文件。",
                advice_en="What this suite reads is empty; look at the models above it and at what was loaded.",
            )
        ]

    def declare(self, connection: duckdb.DuckDBPyConnection) -> list[Declaration]:
        """Return every expectation of the suite, those with ``for_each`` written out."""
        declared = self.declare_rows_owed()
        for declaration in self.expectations:
            if declaration.for_each is None:
                declared.append(declaration)
                continue
            rows = fetch_rows(connection, declaration.for_each, self.suite)
            declared += [self._expand(declaration, row) for row in rows]
        return declared

    def _expand(self, declaration: Declaration, row: dict[str, Any]) -> Declaration:
        try:
            return declaration.expand(row)
        except (KeyError, IndexError, ValueError) as error:
            raise SuiteError(f"{self.suite}: {declaration.id} cannot be filled in: {error}") from error


def fetch_rows(connection: duckdb.DuckDBPyConnection, query: str, suite: str) -> list[dict[str, Any]]:
    try:
        cursor = connection.execute(query)
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise SuiteError(f"{suite}: the query of for_each fails: {error}") from error


def read_suite(path: Path) -> Suite:
    """Read one suite file. Raises SuiteError with the file for anything that is not as it should be."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        suite = Suite.model_validate(content)
    except yaml.YAMLError as error:
        raise SuiteError(f"{path.name}: this is not YAML: {error}") from error
    except ValidationError as error:
        lines = (
            f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}" for problem in error.errors()
        )
        raise SuiteError(f"{path.name}: {'; '.join(lines)}") from error
    if suite.suite != path.stem:
        raise SuiteError(f"{path.name}: the suite is called {suite.suite}, and the file is not")
    return suite


# The order in which a person asks; a suite that is not listed comes after, by name.
ORDER = ("verdicts", "coverage", "row_counts", "leaf_sums", "codes", "provenance")


def read_suites(folder: Path = SUITES) -> list[Suite]:
    """Read all suites of a folder. Raises SuiteError if one is unsound or if there is none."""
    suites = [read_suite(path) for path in sorted(folder.glob("*.yaml"))]
    if not suites:
        raise SuiteError(f"{folder}: there are no suites here")
    return sorted(suites, key=lambda suite: ORDER.index(suite.suite) if suite.suite in ORDER else len(ORDER))
