"""The commands that hand the warehouse on: ``yusuan export``, ``report``, ``docs``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.markup import escape

from yusuan.places import Home, describe_path
from yusuan.selections import (
    NothingSelected,
    Selection,
    UnknownTable,
    UnknownUnit,
    find_unit,
    list_documents,
    list_tables,
    open_published,
)
from yusuan.spreadsheets import Headers
from yusuan.terminals import EXIT_FAILED, console, errors, fail, show_progress

UNITS_HELP = "单位：名称、其中一段、标识或编码 · a unit by name, part of it, identifier or code"


class ExportFormat(StrEnum):
    """What an export is for: programs, spreadsheets, readers of forms, publication."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"
    DATAPACKAGE = "datapackage"


@contextmanager
def _open_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file, and turn what a person can mend into a message."""
    database = Home.find().published_database
    if not database.is_file():
        fail(
            "尚无已发布的数据仓库，请先运行 yusuan build。 "
            "Nothing has been published yet: run yusuan build first."
        )
        raise typer.Exit(EXIT_FAILED)
    try:
        with open_published(database) as connection:
            yield connection
    except (UnknownUnit, UnknownTable, NothingSelected) as error:
        fail(str(error))
        raise typer.Exit(EXIT_FAILED) from error
    except OSError as error:
        fail(f"无法写入 {error.filename}。 This cannot be written: {error.filename}: {error.strerror}.")
        raise typer.Exit(EXIT_FAILED) from error


def export(
    output_format: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="parquet 供程序；csv 供 Excel；xlsx 为公开表原样，每个单位一册；datapackage 为财政数据包 · "
            "for programs; for Excel; the official tables as printed, a workbook a unit; a Fiscal Data Package",
        ),
    ],
    to: Annotated[Path, typer.Option(help="输出文件夹 · folder to write to")],
    unit: Annotated[
        list[str] | None, typer.Option(help=f"{UNITS_HELP}; may be repeated", show_default=False)
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(help="年度 · fiscal year; may be repeated", show_default=False)
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(help="表名，如 fct_income 或 forms.b03 · a table; may be repeated", show_default=False),
    ] = None,
    headers: Annotated[
        Headers, typer.Option(help="CSV 首行：列名或中文名 · first line of a CSV: names or Chinese terms")
    ] = Headers.NAMES,
) -> None:
    """导出数据 · Export the published warehouse, whole or in part.

    Without --unit, --year and --table everything is exported. Existing files of the same name are replaced.
    """
    # pyarrow and XlsxWriter take a moment to import; the other commands do without.
    from yusuan import data_packages, exports, workbooks

    with _open_warehouse() as connection:
        units = tuple(find_unit(connection, name).unit_id for name in unit or [])
        selection = Selection(units, tuple(year or ()), tuple(table or ()))
        documents = list_documents(connection, selection)
        list_tables(connection, selection.tables)  # a wrong name is said before anything is written
        if output_format is ExportFormat.XLSX and table:
            fail(
                "--table 不适用于 xlsx：一册含全部公开表。 --table does not go with xlsx: a workbook holds all."
            )
            raise typer.Exit(2)
        writers: dict[ExportFormat, Callable[..., list[exports.WrittenTable]]] = {
            ExportFormat.PARQUET: exports.export_parquet,
            ExportFormat.CSV: partial(exports.export_csv, headers=headers),
            ExportFormat.XLSX: workbooks.export_workbooks,
            ExportFormat.DATAPACKAGE: data_packages.export_data_package,
        }
        with show_progress() as progress:
            task = progress.add_task("导出 Exporting", total=None, current="")

            def on_progress(done: int, total: int, name: str) -> None:
                progress.update(task, completed=done, total=total, current=name)

            written = writers[output_format](connection, selection, to, on_progress)
    errors.print(
        f"{len(documents)} 份公开文件 documents · {len(written)} 个文件 files · "
        f"{sum(one.rows for one in written):,} 行 rows"
    )
    console.print(escape(describe_path(to)), soft_wrap=True)


def report(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=UNITS_HELP)],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="年度 · fiscal year")],
    to: Annotated[
        Path | None,
        typer.Option(help="输出文件 · file to write [default: UNIT_YEAR.html here]", show_default=False),
    ] = None,
) -> None:
    """生成单位报告 · Write one page on a unit and year, with charts, sources and verdicts.

    The page needs no other file and no network; it prints on A4.
    """
    # Reading templates and forms takes a moment; the other commands do without.
    from yusuan.exports import open_text
    from yusuan.reports import make_report
    from yusuan.workbooks import safe_name

    with _open_warehouse() as connection:
        found = find_unit(connection, unit)
        page = make_report(connection, found, year)
        path = to or Path(f"{safe_name(found.unit_name)}_{year}.html")
        with open_text(path) as file:
            file.write(page)
    console.print(escape(describe_path(path)), soft_wrap=True)


def docs(
    to: Annotated[
        Path | None,
        typer.Option(
            help="输出文件夹 · folder to write to [default: site/ beside the releases]", show_default=False
        ),
    ] = None,
) -> None:
    """生成文档网站 · Write the documentation of the published file as one site that works from disk.

    The star, the data dictionary, the identities in words, the cookbook, the Data Docs, models and lineage.
    """
    # dbt takes seconds; the other commands do without.
    from yusuan.sites import BrokenSite, make_site

    home = Home.find()
    with _open_warehouse():
        pass  # says it when nothing has been published
    # The release that is current now, though another be published meanwhile.
    database = home.published_database.resolve()
    try:
        with show_progress() as progress:
            task = progress.add_task("文档 Documentation", total=None, current="")
            index = make_site(
                database,
                to or home.folder / "site",
                lambda done, total, name: progress.update(task, completed=done, total=total, current=name),
            )
    except (BrokenSite, OSError) as error:
        fail(f"文档未能生成。 The documentation could not be made: {error}")
        raise typer.Exit(EXIT_FAILED) from error
    console.print(escape(describe_path(index)), soft_wrap=True)
