"""The tables of ``raw``: their columns, and a document's parsed tables spread over them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedTables

_TEXT, _WHOLE = pa.string(), pa.int32()

# raw is strings and provenance: numbers here count lines and places, never money.
RAW_TABLES: dict[str, pa.Schema] = {
    "documents": pa.schema(
        {
            "document_id": _TEXT,
            "source_name": _TEXT,
            "source_sha256": _TEXT,
            "encoding": _TEXT,
            "line_count": _WHOLE,
            "printed_title": _TEXT,
            "title_line_no": _WHOLE,
            "printed_unit_name": _TEXT,
            "unit_name_line_no": _WHOLE,
            "fiscal_year": _WHOLE,
            "document_kind": _TEXT,
            "scope": _TEXT,
            "promised_tables": _TEXT,
            "revision": _WHOLE,
            "parsed_sha256": _TEXT,
            "loaded_at": pa.timestamp("us"),
        }
    ),
    "tables": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "template": _TEXT,
            "printed_title": _TEXT,
            "state": _TEXT,
            "title_line_no": _WHOLE,
            "last_line_no": _WHOLE,
            "unit_of_money": _TEXT,
            "unit_line_no": _WHOLE,
        }
    ),
    "columns": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "block": _TEXT,
            "column_code": _TEXT,
            "column_no": _WHOLE,
            "printed_column": _TEXT,
        }
    ),
    "rows": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block_no": _WHOLE,
            "block": _TEXT,
            "amount_block_no": _WHOLE,
            "row_code": _TEXT,
            "printed_code": _TEXT,
            "printed_label": _TEXT,
            "printed_beside": _TEXT,
            "unit_of_measure": _TEXT,
        }
    ),
    "cells": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_code": _TEXT,
            "printed_label": _TEXT,
            "column_code": _TEXT,
            "printed_column": _TEXT,
            "printed_amount": _TEXT,
            "unit_of_measure": _TEXT,
        }
    ),
    "marks": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "block_no": _WHOLE,
            "column_code": _TEXT,
            "printed_mark": _TEXT,
        }
    ),
    "claims": pa.schema(
        {
            "document_id": _TEXT,
            "line_no": _WHOLE,
            "position_no": _WHOLE,
            "page_no": _WHOLE,
            "section": _TEXT,
            "item": _TEXT,
            "printed_label": _TEXT,
            "measure": _TEXT,
            "printed_value": _TEXT,
            "unit_of_measure": _TEXT,
            "sign": _TEXT,
        }
    ),
    "forms": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "statement_code": _TEXT,
            "template": _TEXT,
            "state": _TEXT,
            "printed_title": _TEXT,
            "first_line_no": _WHOLE,
            "last_line_no": _WHOLE,
            "printed_project_name": _TEXT,
            "project_name_line_no": _WHOLE,
            "printed_department": _TEXT,
            "printed_unit_name": _TEXT,
            "printed_kind": _TEXT,
            "printed_term": _TEXT,
            "unit_of_money": _TEXT,
            "unit_line_no": _WHOLE,
            "printed_grade": _TEXT,
            "grade_line_no": _WHOLE,
        }
    ),
    "form_rows": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_label": _TEXT,
        }
    ),
    "form_cells": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "row_code": _TEXT,
            "printed_label": _TEXT,
            "column_code": _TEXT,
            "printed_value": _TEXT,
        }
    ),
    "indicators": pa.schema(
        {
            "document_id": _TEXT,
            "form_no": _WHOLE,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "block": _TEXT,
            "level_1": _TEXT,
            "level_2": _TEXT,
            "printed_name": _TEXT,
            "printed_target": _TEXT,
            "printed_initial": _TEXT,
            "printed_adjusted": _TEXT,
            "printed_actual": _TEXT,
            "printed_weight": _TEXT,
            "printed_score": _TEXT,
        }
    ),
    "issues": pa.schema(
        {
            "document_id": _TEXT,
            "statement_code": _TEXT,
            "line_no": _WHOLE,
            "page_no": _WHOLE,
            "severity": _TEXT,
            "reason": _TEXT,
            "found": _TEXT,
            "expected": _TEXT,
        }
    ),
}

RAW_COMMENTS = {
    "documents": "公开文件 A disclosure as read. Grain: a document.",
    "tables": "公开表 An official table as found, with its state. Grain: a table of a document.",
    "columns": "栏目 An amount column with its printed header. Grain: a column of a table.",
    "rows": "行 A printed row, or one side of it. Grain: a row of a table.",
    "cells": "单元格 A printed figure, as printed. Grain: a figure of an official table.",
    "marks": "横线 What stands where an amount would: a dash, or a word of the header in brackets. Grain: a mark.",
    "claims": "情况说明中的数字 A figure stated in the narrative. Grain: a figure.",
    "forms": "绩效表 A performance form as found, with its head. Grain: a form of a document.",
    "form_rows": "绩效表金额行 A label of a form beside which figures stand. Grain: a label on one side.",
    "form_cells": "绩效表数字 A figure of a form, as printed. Grain: a figure of a form.",
    "indicators": "绩效指标 An indicator of a form, as printed. Grain: an indicator on one side.",
    "issues": "读取问题 What could not be read, or reads oddly. Grain: an issue.",
}

DUCKDB_TYPES = {_TEXT: "varchar", _WHOLE: "integer", pa.timestamp("us"): "timestamp"}


def list_raw_records(
    parsed: ParsedTables, revision: int, parsed_sha256: str
) -> dict[str, list[dict[str, Any]]]:
    """Spread a document's parsed tables over the tables of ``raw``."""
    document = parsed.document
    records: dict[str, list[dict[str, Any]]] = {name: [] for name in RAW_TABLES}
    records["documents"].append(
        asdict(document)
        | {
            "revision": revision,
            "parsed_sha256": parsed_sha256,
            "loaded_at": datetime.now(UTC).replace(tzinfo=None),
        }
    )
    for table in parsed.tables:
        table_record = asdict(table)
        table_key = {"document_id": document.document_id, "statement_code": table.statement_code}
        columns = table_record.pop("columns")
        records["tables"].append(table_key | table_record)
        if table.state == "set_aside":
            continue
        printed_columns = {}
        for number, column in enumerate(columns, start=1):
            records["columns"].append(table_key | column | {"column_no": number})
            printed_columns[column["block"], column["column_code"]] = column["printed_column"]
        for row in parsed.rows.get(table.statement_code, ()):
            row_record: dict[str, Any] = table_key | row._asdict()
            cells = row_record.pop("cells")
            records["rows"].append(row_record)
            for column_code, printed in cells.items():
                place = row_record | {"column_code": column_code}
                if classify_cell(printed) in (CellKind.DASH, CellKind.HEADER_WORD):
                    records["marks"].append(place | {"printed_mark": printed})
                else:
                    printed_column = printed_columns[row.block, column_code]
                    records["cells"].append(
                        place | {"printed_column": printed_column, "printed_amount": printed}
                    )
    for claim in parsed.claims:
        records["claims"].append({"document_id": document.document_id} | claim._asdict())
    for form in parsed.forms:
        form_record = asdict(form)
        form_record.pop("rows")
        form_record.pop("indicators")
        form_key = {"document_id": document.document_id, "form_no": form.form_no}
        records["forms"].append(form_key | form_record)
        for form_row in form.rows:
            form_row_record: dict[str, Any] = form_key | form_row._asdict()
            form_row_record.pop("cells")
            records["form_rows"].append(form_row_record)
            records["form_cells"].extend(
                form_row_record | {"column_code": column_code, "printed_value": printed}
                for column_code, printed in form_row.cells.items()
            )
        for indicator in form.indicators:
            indicator_record: dict[str, Any] = form_key | indicator._asdict()
            indicator_record.pop("cells")
            records["indicators"].append(
                indicator_record | {f"printed_{name}": printed for name, printed in indicator.cells.items()}
            )
    for issue in parsed.issues:
        records["issues"].append({"document_id": document.document_id} | asdict(issue))
    return records
