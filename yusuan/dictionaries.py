"""The data dictionary, read from the published file itself: what each table and column is, in two languages.

dbt persists the descriptions of ``models`` as comments. A column's is ``中文名：中文解释 · English.``,
a table's ``中文名。中文解释。English. Grain: … Nuance: …``; the Chinese explanation may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

HAN = re.compile(r"[\u3400-\u9fff“”（）《》、。，：；]")


@dataclass(frozen=True)
class Column:
    """A column of a table: ``term`` is its Chinese name, ``words`` and ``words_en`` what it means."""

    name: str
    type: str
    term: str
    words: str
    words_en: str


@dataclass(frozen=True)
class TableWords:
    """A table with its columns; ``grain`` says what a row is, ``nuance`` what will bite."""

    schema: str
    name: str
    term: str
    words: str
    words_en: str
    grain: str
    nuance: str
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


def read_dictionary(
    connection: duckdb.DuckDBPyConnection, schemas: Sequence[str] = ("marts", "forms")
) -> list[TableWords]:
    """Return every table and view of the schemas with its columns, in the order of their names."""
    tables = connection.execute(
        """
        select schema_name, table_name, coalesce(comment, '') from duckdb_tables()
        where list_contains($schemas, schema_name)
        union all
        select schema_name, view_name, coalesce(comment, '') from duckdb_views()
        where list_contains($schemas, schema_name)
        order by all
        """,
        {"schemas": list(schemas)},
    ).fetchall()
    columns: dict[tuple[str, str], list[Column]] = {}
    for schema, table, name, kind, comment in connection.execute(
        """
        select schema_name, table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()
        where list_contains($schemas, schema_name)
        order by schema_name, table_name, column_index
        """,
        {"schemas": list(schemas)},
    ).fetchall():
        columns.setdefault((schema, table), []).append(describe_column(name, kind, comment))
    found = [
        describe_table(schema, table, comment, tuple(columns.get((schema, table), ())))
        for schema, table, comment in tables
    ]
    return sorted(found, key=lambda table: (schemas.index(table.schema), table.name))


def describe_column(name: str, kind: str, comment: str) -> Column:
    """Take a column's comment apart into its Chinese term, its Chinese words and its English ones."""
    chinese, _, english = comment.partition(" · ")
    term, _, words = chinese.partition("：")
    return Column(name, kind.lower(), term.strip(), words.strip(), english.strip())


def describe_table(schema: str, name: str, comment: str, columns: tuple[Column, ...]) -> TableWords:
    """Take a table's comment apart: Chinese sentences first, then English, then grain and nuance."""
    text, _, nuance = comment.partition(" Nuance: ")
    text, _, grain = text.partition(" Grain: ")
    sentences = re.findall(r"[^。]+。", text)
    chinese = []
    for sentence in sentences:
        if not HAN.match(sentence.strip()):
            break
        chinese.append(sentence)
    english = text[len("".join(chinese)) :].strip()
    term = chinese[0].rstrip("。") if chinese else name
    return TableWords(
        schema, name, term, "".join(chinese[1:]), english, grain.strip(), nuance.strip(), columns
    )
