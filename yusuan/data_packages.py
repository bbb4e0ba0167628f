"""A Fiscal Data Package: the star as CSV with a descriptor that says what each column means.

After the Fiscal Data Package specification 1.0 (frictionlessdata.io): a Tabular Data Package whose
fields carry ``columnType``, a concept of the budget taxonomy, and the currency as a constant field.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from yusuan.dictionaries import Column, TableWords, read_dictionary
from yusuan.exports import (
    Progress,
    WrittenTable,
    fetch_rows,
    join_words,
    name_file,
    open_text,
    write_dictionary,
)
from yusuan.selections import Selection, list_documents, list_tables, make_query
from yusuan.spreadsheets import write_csv
from yusuan.stars import Edge, Mart, find_edges, read_marts

TAXONOMY = "https://frictionlessdata.io/taxonomies/fiscal/budgets.json"
COLUMN_TYPES = {
    "amount_yuan": "value",
    "fiscal_year": "date:fiscal-year",
    "phase": "phase:id",
    "direction": "direction",
    "fund_code": "fin-source:generic:code",
    "fund_name": "fin-source:generic:label",
    "subject_code": "functional-classification:generic:code",
    "subject_name": "functional-classification:generic:label",
    "economic_code": "economic-classification:generic:code",
    "economic_name": "economic-classification:generic:label",
    "expenditure_kind": "expenditure-type:code",
    "unit_id": "administrative-classification:generic:code",
    "unit_name": "administrative-classification:generic:label",
    "project_id": "activity:generic:project:code",
    "project_name": "activity:generic:project:label",
    "region_code": "geo:generic:code",
    "region_name": "geo:generic:title",
}
DATE_TIME = "%Y-%m-%d %H:%M:%S"


def export_data_package(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    folder: Path,
    on_progress: Progress = lambda done, total, name: None,
) -> list[WrittenTable]:
    """Write ``datapackage.json``, ``README.md`` and a CSV for each table under ``data/``."""
    tables = list_tables(connection, selection.tables)
    words = {table.full_name: table for table in read_dictionary(connection)}
    written = []
    for number, table in enumerate(tables):
        on_progress(number, len(tables), table)
        query, parameters = make_query(connection, table, selection)
        columns = [column.name for column in words[table].columns]
        path = folder / "data" / f"{name_file(table)}.csv"
        with open_text(path) as file:
            rows = write_csv(file, columns, fetch_rows(connection, query, parameters), is_marked=False)
        written.append(WrittenTable(table, path, rows))
    dictionary = folder / "data" / "data_dictionary.csv"
    rows = write_dictionary(dictionary, [words[table] for table in tables], is_marked=False)
    descriptor = _describe_package(connection, selection, folder, written, words)
    descriptor["resources"].append(_describe_dictionary(dictionary, folder, rows))
    with open_text(folder / "README.md") as file:
        file.write(_describe_for_people(descriptor))
    with open_text(folder / "datapackage.json") as file:
        json.dump(descriptor, file, ensure_ascii=False, indent=2)
        file.write("\n")
    on_progress(len(tables), len(tables), "")
    return written


def _describe_package(
    connection: duckdb.DuckDBPyConnection,
    selection: Selection,
    folder: Path,
    written: Sequence[WrittenTable],
    words: dict[str, TableWords],
) -> dict[str, Any]:
    release = connection.execute("select build_id, built_at from marts.rpt_release").fetchone()
    assert release is not None
    documents = connection.execute(
        """
        select printed_unit_name, printed_title, fiscal_year, source_name, source_sha256
        from marts.dim_documents where list_contains($documents, document_id)
        order by fiscal_year, document_id
        """,
        {"documents": list_documents(connection, selection)},
    ).fetchall()
    units = list(dict.fromkeys(row[0] for row in documents))
    years = [row[2] for row in documents]
    title = f"{'、'.join(units[:4])}{'等' if len(units) > 4 else ''} 预算与决算公开数据"
    names = {name_file(one.table) for one in written}
    return {
        "name": "yusuan-budgets",
        "title": title,
        "description": (
            "预算单位公开的预算和决算：每笔金额精确到分，有编码，可追溯到原文行号，并经勾稽关系核对。"
            " Budgets and final accounts as Chinese budget units publish them: exact, coded, traceable, judged."
        ),
        "version": str(release[0]),
        "created": release[1].replace(tzinfo=UTC).isoformat(),
        "profile": "tabular-data-package",
        "keywords": ["预算", "决算", "勾稽关系", "budget", "final account", "China"],
        "countryCode": "CN",
        "fiscalPeriod": {"start": f"{min(years)}-01-01", "end": f"{max(years)}-12-31"},
        "columnTypes": [TAXONOMY],
        "licenses": [
            {
                "name": "MIT",
                "path": "https://opensource.org/license/mit",
                "title": "MIT（编排与说明；数字为公共机构公布的事实）"
                " (arrangement and documentation; the figures are facts published by public bodies)",
            }
        ],
        "sources": [
            {"title": f"{unit}：{printed}（{name}）", "hash": f"sha256:{sha}"}
            for unit, printed, _, name, sha in documents
        ],
        "resources": [_describe_table(one, folder, words[one.table], names) for one in written],
    }


def _describe_table(one: WrittenTable, folder: Path, table: TableWords, names: set[str]) -> dict[str, Any]:
    marts = {mart.name: mart for mart in read_marts()}
    edges = [edge for edge in find_edges() if edge.mart == table.name and table.schema == "marts"]
    mart = marts.get(table.name) if table.schema == "marts" else None
    return _describe_file(one.path, folder, one.rows) | {
        "name": name_file(one.table),
        "title": table.term,
        "description": f"{table.words}{table.words_en} Grain: {table.grain} Nuance: {table.nuance}".strip(),
        "schema": _describe_schema(table, mart, [edge for edge in edges if edge.dimension in names]),
    }


def _describe_file(path: Path, folder: Path, rows: int) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "path": path.relative_to(folder).as_posix(),
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": rows,
    }


def _describe_schema(table: TableWords, mart: Mart | None, edges: Sequence[Edge]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_describe_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if mart and mart.is_dimension:
        schema["primaryKey"] = list(mart.grain)
    # A code that holds for years is joined with the year as well, which a foreign key cannot say.
    keys = [
        {"fields": [edge.column], "reference": {"resource": edge.dimension, "fields": [edge.key]}}
        for edge in edges
        if not edge.by_year
    ]
    if keys:
        schema["foreignKeys"] = keys
    if any(column.name == "amount_yuan" for column in table.columns):
        schema["extraFields"] = [
            {"name": "currency", "type": "string", "columnType": "value-currency:code", "constant": "CNY"}
        ]
    return schema


def _describe_field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, **_name_type(column.type)}
    field |= {"title": column.term or column.name, "description": join_words(column)}
    if column.name in COLUMN_TYPES:
        field["columnType"] = COLUMN_TYPES[column.name]
    return field


def _name_type(kind: str) -> dict[str, Any]:
    if kind.startswith("timestamp"):
        return {"type": "datetime", "format": DATE_TIME}
    if kind.startswith("decimal") or kind in ("double", "float"):
        return {"type": "number", "decimalChar": ".", "bareNumber": True}
    if kind.endswith(("integer", "bigint", "smallint", "tinyint", "hugeint")):
        return {"type": "integer"}
    if kind == "boolean":
        return {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}
    return {"type": "date" if kind == "date" else "string"}


def _describe_dictionary(path: Path, folder: Path, rows: int) -> dict[str, Any]:
    names = (
        ("table", "表 Table"),
        ("column", "列 Column; empty: the table itself"),
        ("type", "类型 Type in DuckDB"),
        ("中文名", "中文名 Chinese term"),
        ("说明", "中文说明 Meaning in Chinese"),
        ("description", "英文说明 Meaning in English"),
    )
    return _describe_file(path, folder, rows) | {
        "name": "data_dictionary",
        "title": "数据字典 Data dictionary",
        "schema": {
            "fields": [{"name": name, "type": "string", "title": title} for name, title in names],
            "missingValues": [""],
        },
    }


def _describe_for_people(descriptor: dict[str, Any]) -> str:
    files = "\n".join(
        f"| `{resource['path']}` | {resource['title']} | {resource['rows']:,} |"
        for resource in descriptor["resources"]
    )
    sources = "\n".join(f"- {source['title']}，`{source['hash']}`" for source in descriptor["sources"])
    made = datetime.fromisoformat(descriptor["created"])
    return f"""# {descriptor["title"]}

{descriptor["description"]}

数据版本 Release: {descriptor["version"]}，{made:%Y-%m-%d %H:%M} UTC

## 文件 Files

| 文件 File | 内容 Content | 行 Rows |
|---|---|---|
{files}

`datapackage.json` 说明每一列的含义、类型、所用财政概念（columnType）和各文件的校验值；`data_dictionary.csv`
是中英文数据字典。 `datapackage.json` says what every column means, its type, its fiscal concept and each
file's checksum; `data_dictionary.csv` is the dictionary in Chinese and English.

## 使用须知 How to read it

- 金额单位为元（人民币），精确到分；空白表示原文为空，不等于零。
  Amounts are yuan (CNY), exact to the fen; empty means blank on paper, which is not zero.
- `fct_amounts` 含合计、小计，且各表数字互有重复，不得直接相加；其他金额事实表为末级数字，可以相加，但不得跨
  `scope`（部门公开已包含所属单位）。
  `fct_amounts` holds totals beside their parts: filter before you add. The other facts hold leaves that may
  be added, except across `scope`: a department's disclosure contains its units'.
- 功能分类和经济分类科目按年度生效：以编码关联，且 `fiscal_year` 介于 `valid_from_year` 与 `valid_to_year` 之间。
  Codes hold for years: join on the code and on `fiscal_year` between `valid_from_year` and `valid_to_year`.
- `line_no` 是原文行号，`printed_amount` 是原文数字；勾稽核对结果在 `fct_identity_checks`。
  `line_no` is the line of the source, `printed_amount` the figure as printed; verdicts are in
  `fct_identity_checks`.
- 文本以 `=`、`+`、`-`、`@` 开头时，前面加有撇号，以免被电子表格当作公式；编码的前导零请按文本导入。
  Text that begins like a formula has an apostrophe before it; import codes as text to keep leading zeros.

## 来源 Sources

{sources}

## 许可 Licence

{descriptor["licenses"][0]["title"]}
"""
