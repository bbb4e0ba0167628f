"""Prove that the identities notice a changed figure: change each, re-judge, count.

Every printed figure of every official table of the project's documents is changed one at a time (one
万元 more, ten per cent more where a tenth can be printed, its last digit, swapped with its neighbour),
and the real models judge each changed document. Unchanged documents must yield no unexplained broken
verdict.

    python -m benchmarks.mutation_proof             # all figures
    python -m benchmarks.mutation_proof --sample 20 # every twentieth
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ingest.loads import RAW_TABLES, connect, load_parsed_tables
from yusuan.dbt_runs import run_dbt
from yusuan.places import DATABASE_NAME, parsed_folder

BATCH = 400  # documents judged at a time: bounds memory
YUAN = {"元": 1, "万元": 10_000}  # units of money that the project's documents print
KINDS = ("+1.00 万元", "+10 %", "last digit", "swap")
MUST_BE_NOTICED = ("+1.00 万元", "+10 %")


@dataclass(frozen=True)
class Figure:
    """A printed figure and where it stands."""

    document_id: str
    statement_code: str
    line_no: int
    block_no: int
    column_code: str
    printed_amount: str
    unit_of_measure: str

    @property
    def place(self) -> tuple[str, str, int, int, str]:
        return (self.document_id, self.statement_code, self.line_no, self.block_no, self.column_code)


@dataclass(frozen=True)
class Mutation:
    """A change of one figure (of two, for a swap)."""

    kind: str
    figure: Figure
    changes: tuple[tuple[Figure, str], ...]


def _print_like(value: Decimal, figure: Figure) -> str:
    decimals = len(figure.printed_amount.partition(".")[2])
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)}"


def _mutate(figure: Figure, neighbour: Figure | None) -> Iterator[Mutation]:
    value = Decimal(figure.printed_amount.replace(",", ""))
    decimals = len(figure.printed_amount.partition(".")[2])
    # A count has no 万元: one more is the least that can be wrong with it.
    step = Decimal(10_000) / YUAN[figure.unit_of_measure] if figure.unit_of_measure in YUAN else Decimal(1)
    digit = Decimal(1).scaleb(-decimals)
    texts = {
        "+1.00 万元": _print_like(value + step, figure),
        "last digit": _print_like(value + digit, figure),
    }
    # A tenth of 0.05 is less than its last digit: it cannot be printed, but as a change of that digit.
    if abs(value) >= 10 * digit:
        texts["+10 %"] = _print_like(value * Decimal("1.1"), figure)
    for kind, text in texts.items():
        if Decimal(text) != value:
            yield Mutation(kind, figure, ((figure, text),))
    if neighbour is not None and Decimal(neighbour.printed_amount.replace(",", "")) != value:
        yield Mutation(
            "swap", figure, ((figure, neighbour.printed_amount), (neighbour, figure.printed_amount))
        )


def list_mutations(figures: list[Figure], sample: int) -> list[Mutation]:
    """Return the changes of every ``sample``-th figure; a neighbour is the next figure of the table."""
    mutations: list[Mutation] = []
    for index, figure in enumerate(figures):
        following = figures[index + 1] if index + 1 < len(figures) else None
        same_table = following is not None and following.place[:2] == figure.place[:2]
        if index % sample == 0:
            mutations.extend(_mutate(figure, following if same_table else None))
    return mutations


def read_figures(database: Path) -> list[Figure]:
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            """
            select document_id, statement_code, line_no, block_no, column_code, printed_amount, unit_of_measure
            from raw.cells order by document_id, statement_code, line_no, block_no, column_code
            """
        ).fetchall()
    return [Figure(*row) for row in rows]


def write_mutants(base: Path, database: Path, mutations: Iterable[Mutation]) -> None:
    """Write a database in which each mutation is a document of its own."""
    database.unlink(missing_ok=True)
    connection = connect(database)
    try:
        connection.execute(f"attach '{base}' as base (read_only)")
        connection.execute("create temp table mutants (mutant varchar, document_id varchar)")
        connection.execute(
            """
            create temp table changes (
                mutant varchar, document_id varchar, statement_code varchar, line_no integer,
                block_no integer, column_code varchar, changed_amount varchar
            )
            """
        )
        for number, mutation in enumerate(mutations):
            mutant = f"{mutation.figure.document_id}~{number}"
            connection.execute("insert into mutants values (?, ?)", [mutant, mutation.figure.document_id])
            for figure, text in mutation.changes:
                connection.execute(
                    "insert into changes values (?, ?, ?, ?, ?, ?, ?)", [mutant, *figure.place, text]
                )
        connection.execute("create schema raw")
        for name in RAW_TABLES:
            connection.execute(
                f"""
                create table raw."{name}" as
                select source.* replace (mutants.mutant as document_id)
                from base.raw."{name}" as source inner join mutants using (document_id)
                """
            )
        connection.execute(
            """
            update raw.cells set printed_amount = changes.changed_amount from changes
            where
                cells.document_id = changes.mutant
                and cells.statement_code = changes.statement_code
                and cells.line_no = changes.line_no
                and cells.block_no = changes.block_no
                and cells.column_code = changes.column_code
            """
        )
    finally:
        connection.close()


@dataclass(frozen=True)
class Broken:
    """A broken verdict that is no mere hint; or, with ``is_unusual``, rounding that is worth a look."""

    document_id: str
    identity_id: str
    instance: str
    is_explained: bool
    is_unusual: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """The verdict's place in the document that a mutant was made of."""
        return (self.document_id.partition("~")[0], self.identity_id, self.instance)


def judge(database: Path, target: Path) -> set[Broken]:
    """Let the project's own models judge; return the broken verdicts, and the unusual ones."""
    outcome = run_dbt(
        ["build", "--select", "+fct_identity_checks", "--resource-type", "seed", "--resource-type", "model"],
        database,
        target,
    )
    if not outcome.is_success:
        sys.exit(f"{outcome.errors[0].name}: {outcome.errors[0].message}")
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            """
            select document_id, identity_id, instance, is_explained, is_unusual
            from marts.fct_identity_checks
            where (verdict = 'broken' and kind != 'hint') or is_unusual
            """
        ).fetchall()
    return {Broken(*row) for row in rows}


def measure(
    parsed: Path, sample: int, work: Path, console: Console
) -> tuple[Counter[tuple[str, str]], list[Mutation], list[Mutation]]:
    """Return how often each kind of change was made by table, the changes that broke nothing, and those of
    them that made a rounding difference unusual.
    """
    base = work / "base" / DATABASE_NAME
    if refused := load_parsed_tables(parsed, base).refused:
        sys.exit("\n".join(refused))
    figures = read_figures(base)
    if not figures:
        sys.exit(f"{parsed}: there is no figure to change")
    standing = judge_copy(base, work)
    unexplained = {one.document_id for one in standing if not one.is_explained and not one.is_unusual}
    if unexplained and parsed == parsed_folder():  # other publishers' errors are explained nowhere
        sys.exit(
            f"The unchanged documents have unexplained broken verdicts: {', '.join(sorted(unexplained))}"
        )
    # What is broken in the unchanged document notices nothing, though its mutants' verdicts are explained nowhere.
    known = {broken.place for broken in standing}
    mutations = list_mutations(figures, sample)
    made: Counter[tuple[str, str]] = Counter()
    missed: list[Mutation] = []
    called_unusual: list[Mutation] = []
    batches = [mutations[start : start + BATCH] for start in range(0, len(mutations), BATCH)]
    for batch in track(batches, "改动并重新判定 Changing and judging", console=console):
        database = work / "mutants" / DATABASE_NAME
        write_mutants(base, database, batch)
        judged = [one for one in judge(database, work / "target") if one.place not in known]
        broken = {one.document_id for one in judged if not one.is_unusual}
        unusual = {one.document_id for one in judged if one.is_unusual}
        for number, mutation in enumerate(batch):
            made[mutation.kind, mutation.figure.statement_code] += 1
            mutant = f"{mutation.figure.document_id}~{number}"
            if mutant not in broken:
                missed.append(mutation)
                called_unusual.extend([mutation] if mutant in unusual else [])
    return made, missed, called_unusual


def judge_copy(base: Path, work: Path) -> set[Broken]:
    copy = work / "unchanged" / DATABASE_NAME
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(base.read_bytes())
    return judge(copy, work / "target")


def print_report(
    made: Counter[tuple[str, str]], missed: list[Mutation], called_unusual: list[Mutation], console: Console
) -> None:
    lost = Counter((mutation.kind, mutation.figure.statement_code) for mutation in missed)
    flagged = Counter((mutation.kind, mutation.figure.statement_code) for mutation in called_unusual)
    table = Table(
        title="改动后被发现的比例（加号后：尾差异常） Changes noticed (behind the plus: as unusual rounding)",
        title_justify="left",
    )
    table.add_column("表 Table")
    for kind in KINDS:
        table.add_column(kind, justify="right")
    totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for statement in sorted({statement for _, statement in made}):
        cells = []
        for kind in KINDS:
            count = made[kind, statement]
            counts = (count - lost[kind, statement], flagged[kind, statement], count)
            totals[kind] = [total + one for total, one in zip(totals[kind], counts, strict=True)]
            cells.append(_describe_share(*counts) if count else "")
        table.add_row(statement, *cells)
    table.add_section()
    table.add_row("全部 all", *(_describe_share(*totals[kind]) for kind in KINDS))
    console.print(table)
    for mutation in missed:
        if mutation.kind in MUST_BE_NOTICED:
            figure, text = mutation.changes[0]
            console.print(
                f"未发现 not noticed: {mutation.kind} {figure.document_id}:{figure.line_no} "
                f"{figure.statement_code}.{figure.column_code} {figure.printed_amount} → {text}"
            )


def _describe_share(broken: int, unusual: int, count: int) -> str:
    return f"{broken}{f' + {unusual}' if unusual else ''} / {count}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="change every N-th figure only")
    parser.add_argument("--parsed", type=Path, default=parsed_folder(), help="folder of parsed tables")
    arguments = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as work:
        made, missed, called_unusual = measure(
            arguments.parsed, max(1, arguments.sample), Path(work), console
        )
    print_report(made, missed, called_unusual, console)
    if any(mutation.kind in MUST_BE_NOTICED for mutation in missed):
        sys.exit(1)


if __name__ == "__main__":
    main()
