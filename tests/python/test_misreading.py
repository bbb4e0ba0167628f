"""When broken sums say that a table was misread, and when that its publisher erred."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

TEST = Path(__file__).parents[1] / "assert_broken_verdicts_do_not_point_at_the_parser.sql"

# Of each table: document, statement, sums that are sound, sums that are broken.
CASES: dict[str, tuple[list[tuple[str, str, int, int]], set[str]]] = {
    "one table of one document": ([("a", "f05", 10, 30), ("a", "f03", 40, 0), ("b", "f05", 40, 0)], set()),
    "two tables of one document": ([("a", "f05", 10, 30), ("a", "f03", 20, 20)], {"a"}),
    "one table of two documents": ([("a", "f05", 10, 30), ("b", "f05", 10, 30)], {"f05_x"}),
    "a few sums of many tables": ([("a", "f05", 40, 2), ("a", "f03", 40, 2), ("b", "f05", 40, 2)], set()),
    "tables too small to tell": ([("a", "f05", 1, 3), ("a", "f03", 1, 3)], set()),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_in_several_tables_was_misread(case: str) -> None:
    tables, suspects = CASES[case]
    connection = duckdb.connect()
    connection.execute("create table tables (document_id text, statement_code text, template text)")
    connection.execute("create table identities (identity_id text, family text)")
    connection.execute("insert into identities values ('sum', 'tree'), ('told', 'narrative')")
    connection.execute(
        "create table fct_identity_checks "
        "(document_id text, identity_id text, statement_code text, verdict text, is_explained boolean)"
    )
    for document, statement, sound, broken in tables:
        connection.execute("insert into tables values (?, ?, ?)", [document, statement, f"{statement}_x"])
        # What a narrative says against a table is no sum of it, and what was explained is the publisher's.
        verdicts = [
            *[("sum", "exact", False)] * sound,
            *[("sum", "broken", False)] * broken,
            *[("told", "broken", False), ("sum", "broken", True)],
        ]
        connection.executemany(
            "insert into fct_identity_checks values (?, ?, ?, ?, ?)",
            [(document, identity, statement, verdict, known) for identity, verdict, known in verdicts],
        )
    query = re.sub(
        r"\{\{ (?:ref|source)\((?:'raw', )?'(\w+)'\) \}\}", r"\1", TEST.read_text(encoding="utf-8")
    )
    assert {row[1] for row in connection.sql(query).fetchall()} == suspects
