"""``yusuan template``: draft a template from a printed table, see what a template reads beside the page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from ingest.readers.files import read_document
from ingest.readers.texts import Document
from ingest.regions import settle_document
from ingest.scaffolds import (
    PrintedTable,
    Reading,
    choose_table,
    draft_template,
    find_kind,
    find_nearest,
    list_fitting,
    list_tables,
    read_table,
)
from ingest.templates import TEMPLATE_FOLDER, Library, Template, get_library, read_template
from yusuan.places import describe_path
from yusuan.terminals import EXIT_FAILED, EXIT_FINDINGS, console, errors, fail


def template(
    document: Annotated[Path, typer.Argument(help="公开文件 · a disclosure as published")],
    table: Annotated[
        int | None, typer.Option("--table", help="第几张表 · which of its tables (without it: list them)")
    ] = None,
    statement: Annotated[
        str | None, typer.Option(help="表的代码 · the table's code, e.g. b03 [default: the most alike]")
    ] = None,
    layout: Annotated[
        str, typer.Option(help="版式名 · name of the layout, e.g. the province in pinyin")
    ] = "new",
    using: Annotated[
        Path | None, typer.Option(help="试用已有模板 · show what this template file reads, draft nothing")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="写入 ingest/templates · put the draft where templates stand")
    ] = False,
) -> None:
    """起草模板 · Draft a template from a printed table, and show what it reads beside the page.

    Without --table: the tables of the document, and which of them a template reads already.
    With it: a draft on the standard output, and below it each printed line with what the draft makes
    of it. Words marked todo are for you. Exit code 0: every line is read; 3: something is not.
    """
    library = get_library()
    settled = settle_document(read_document(document), library)
    tables = list_tables(settled, library)
    if table is None:
        _print_tables(tables, settled, library)
        raise typer.Exit()
    chosen = choose_table(tables, table, settled)
    drafted = read_template(using) if using else _draft(chosen, settled, library, statement, layout, write)
    readings, misfit = read_table(chosen, drafted, settled, library)
    _print_readings(chosen, drafted, readings)
    if misfit:
        fail(f"表头与模板不符 The header does not fit: {misfit}")
    todo = [word for word in drafted.model_dump_json().split('"') if word.startswith("todo")]
    problems = [issue for reading in readings for issue in reading.issues]
    for issue in problems:
        fail(issue.describe(settled.source_name))
    if misfit or problems or todo:
        if todo:
            errors.print(f"待命名 To be named: {' '.join(dict.fromkeys(todo))}")
        raise typer.Exit(EXIT_FINDINGS)


def _draft(
    chosen: PrintedTable,
    document: Document,
    library: Library,
    statement: str | None,
    layout: str,
    write: bool,
) -> Template:
    """Draft a template, print it or put it in its place, and read it back as strictly as any."""
    kind = find_kind(document, library)
    nearest = find_nearest(chosen, kind, library)
    code = statement or (nearest.statement if nearest else f"{kind[0]}99")
    text = draft_template(chosen, document, library, kind=kind, statement=code, layout=layout)
    path = TEMPLATE_FOLDER / kind / f"{code}_{layout}.yaml"
    if write:
        if path.exists():
            fail(f"{describe_path(path)} 已存在。 It exists already: edit it, and look with --using.")
            raise typer.Exit(EXIT_FAILED)
        path.write_text(text, encoding="utf-8")
        errors.print(f"已写入 Written: {escape(describe_path(path))}")
        return read_template(path)
    typer.echo(text)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        draft.write_text(text, encoding="utf-8")
        return read_template(draft)


def _print_tables(tables: list[PrintedTable], document: Document, library: Library) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("#", "行\nLine", "标题\nTitle", "行数\nRows", "列数\nColumns", "模板\nTemplate"):
        table.add_column(heading, overflow="fold")
    for found in tables:
        fitting = ", ".join(t.template for t in list_fitting(found, document, library))
        nearest = find_nearest(found, find_kind(document, library), library)
        known = fitting or (f"[yellow]? {nearest.template}[/]" if nearest else "")
        table.add_row(
            str(found.number),
            str(found.title.line_no),
            escape(found.title.text[:40]),
            str(len(found.rows)),
            str(found.width),
            known,
        )
    console.print(table)


def _print_readings(chosen: PrintedTable, drafted: Template, readings: list[Reading]) -> None:
    """Print each line of the page, and beside it what the template makes of it."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{drafted.template}: {chosen.title.text}", title_justify="left")
    table.add_column("行\nLine", justify="right", no_wrap=True)
    table.add_column("所印 Printed", overflow="fold", ratio=1)
    table.add_column("读作 Read as", overflow="fold", ratio=1)
    for reading in readings:
        read = []
        for row in reading.rows:
            name = row.row_code or row.printed_code or row.printed_label
            cells = " ".join(f"{column}={text}" for column, text in row.cells.items())
            read.append(f"[cyan]{escape(row.block)}[/] {escape(name)}: {escape(cells) or '—'}")
        read.extend(f"[red]{escape(issue.reason)}[/]" for issue in reading.issues)
        words = "\n".join(read) or "[dim]表头 header[/]"
        table.add_row(str(reading.line.line_no), escape(" | ".join(reading.line.cells)), words)
    errors.print(table)
