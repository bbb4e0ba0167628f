"""Broken verdicts in words: both sides with their lines, the difference, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb

from yusuan.labels import CAUSES, REASONS, say

FINDINGS_QUERY = """
    select
        checks.document_id, documents.source_name, documents.printed_unit_name, checks.fiscal_year,
        checks.identity_id,
        checks.instance, checks.statement_code, identities.identity_name, identities.identity_name_en,
        identities.kind, checks.measure, checks.reported_yuan, checks.computed_yuan, checks.difference_yuan,
        checks.bound_yuan, checks.reported_count, checks.computed_count, checks.reported_ratio,
        checks.computed_ratio, checks.bound_ratio, checks.reported_score, checks.computed_score,
        checks.bound_score, checks.verdict, checks.reason, checks.is_explained, checks.known_cause,
        checks.known_explanation, checks.known_explanation_en, checks.line_no
    from marts.fct_identity_checks as checks
    inner join marts.dim_documents as documents using (document_id)
    inner join marts.dim_identities as identities using (identity_id)
    where
        (checks.verdict = 'broken' or ($with_unusual and checks.is_unusual))
        and ($document is null or checks.document_id = $document)
    order by checks.document_id, checks.line_no, checks.identity_id
"""

SCORECARDS_QUERY = """
    select
        cards.document_id, documents.source_name, documents.printed_unit_name, documents.fiscal_year,
        cards.data_table_count + cards.empty_table_count as table_count, cards.set_aside_table_count,
        cards.missing_table_count, cards.missing_tables, cards.figure_count, cards.judged_count,
        cards.exact_count, cards.rounding_count, cards.unusual_count, cards.broken_count,
        cards.explained_count, cards.not_assessable_count
    from marts.rpt_document_scorecard as cards
    inner join marts.dim_documents as documents using (document_id)
    where $document is null or cards.document_id = $document
    order by cards.document_id
"""

# A wrong figure breaks all that it takes part in; what it is summed with stays sound elsewhere.
SUSPECTS_QUERY = """
    select
        operands.line_no, operands.page_no, operands.printed_label, operands.printed_column,
        operands.printed_amount,
        count(distinct (checks.identity_id, checks.instance)) filter (where checks.verdict = 'broken')
            as broken_count,
        count(distinct (checks.identity_id, checks.instance)) filter (where checks.verdict != 'broken')
            as sound_count
    from marts.fct_identity_operands as operands
    inner join marts.fct_identity_checks as checks using (document_id, identity_id, instance)
    where
        operands.document_id = ? and checks.kind = 'equality' and not checks.is_explained
        and checks.verdict != 'not_assessable'
    group by all
    having broken_count > 1 and broken_count > sound_count
    order by broken_count / (broken_count + sound_count) desc, broken_count desc, operands.line_no
    limit 3
"""

OPERANDS_QUERY = """
    select side, weight, printed_label, printed_column, printed_amount, line_no, page_no
    from marts.fct_identity_operands
    where document_id = ? and identity_id = ? and instance = ?
    order by side desc, line_no, column_code
"""


# What is said of a difference that is within rounding, and yet no work of chance.
_UNUSUAL = ("在尾差界限以内，但舍入难以解释，宜核对", "within the bound, and yet hardly from rounding")


@dataclass(frozen=True)
class Operand:
    """A figure on one side of an identity, with the line it is printed on."""

    side: str
    weight: int
    printed_label: str | None
    printed_column: str
    printed_amount: str
    line_no: int
    page_no: int | None

    def describe(self) -> str:
        sign = "−" if self.weight < 0 else ""
        label = f"{self.printed_label} " if self.printed_label else ""
        page = f"p.{self.page_no}, " if self.page_no is not None else ""
        return f"{sign}{self.printed_amount} ({page}{self.line_no}: {label}{self.printed_column})"


@dataclass(frozen=True)
class Suspect:
    """A figure that more broken identities share than sound ones."""

    line_no: int
    page_no: int | None
    printed_label: str | None
    printed_column: str
    printed_amount: str
    broken_count: int
    sound_count: int


@dataclass(frozen=True)
class Scorecard:
    """How much of a document was read and judged."""

    document_id: str
    source_name: str
    printed_unit_name: str
    fiscal_year: int
    table_count: int
    set_aside_table_count: int
    missing_table_count: int
    missing_tables: str | None
    figure_count: int
    judged_count: int
    exact_count: int
    rounding_count: int
    unusual_count: int
    broken_count: int
    explained_count: int
    not_assessable_count: int

    @property
    def lacks_tables(self) -> bool:
        return self.set_aside_table_count + self.missing_table_count > 0


@dataclass(frozen=True)
class Finding:
    """An identity that a document's own figures break, or whose rounding is unusual."""

    document_id: str
    source_name: str
    printed_unit_name: str
    fiscal_year: int
    identity_id: str
    instance: str
    statement_code: str
    identity_name: str
    identity_name_en: str
    kind: str
    measure: str | None
    reported_yuan: Decimal | None
    computed_yuan: Decimal | None
    difference_yuan: Decimal | None
    bound_yuan: Decimal | None
    reported_count: int | None
    computed_count: int | None
    reported_ratio: Decimal | None
    computed_ratio: Decimal | None
    bound_ratio: Decimal | None
    reported_score: Decimal | None
    computed_score: Decimal | None
    bound_score: Decimal | None
    verdict: str
    reason: str
    is_explained: bool
    known_cause: str | None
    known_explanation: str | None
    known_explanation_en: str | None
    line_no: int | None
    operands: tuple[Operand, ...] = ()

    @property
    def page_no(self) -> int | None:
        """The page of the line, in a document that has pages."""
        return next((one.page_no for one in self.operands if one.line_no == self.line_no), None)

    @property
    def is_failure(self) -> bool:
        """Whether the finding counts: an unexplained disagreement, and no mere hint."""
        return self.verdict == "broken" and not self.is_explained and self.kind != "hint"

    def explain(self) -> tuple[str, str] | None:
        """Return the cause that was found by eye, in Chinese and English; None where nobody has found one."""
        if not self.is_explained:
            return None
        chinese, english = say(CAUSES, self.known_cause)
        return (
            f"已说明（{chinese}）：{self.known_explanation or ''}",
            f"Explained ({english}): {self.known_explanation_en or ''}",
        )

    def list_side(self, side: str) -> list[str]:
        return [operand.describe() for operand in self.operands if operand.side == side]

    def describe(self) -> tuple[str, str]:
        """Return one sentence in Chinese and one in English."""
        chinese, english = say(REASONS, self.reason) if self.verdict == "broken" else _UNUSUAL
        if self.reported_ratio is not None and self.computed_ratio is not None:
            stated, computed = f"{self.reported_ratio * 100:.2f}%", f"{self.computed_ratio * 100:.4f}%"
            bound = f"{(self.bound_ratio or Decimal(0)) * 100:.4f}%"
            return (
                f"{self.identity_name}：所述 {stated}，按金额计算为 {computed}（尾差界限 {bound}），{chinese}。",
                f"{self.identity_name_en}: stated {stated}, by the amounts {computed} (bound {bound}); {english}.",
            )
        if self.reported_ratio is not None:  # Of nothing: no percentage answers to it.
            stated = f"{self.reported_ratio * 100:.2f}%"
            return (
                f"{self.identity_name}：所述 {stated}，按金额计算基数为零，无百分比可言。",
                f"{self.identity_name_en}: stated {stated}, by the amounts a percentage of nothing.",
            )
        if self.reported_score is not None and self.computed_score is not None:
            points = [f"{value or 0:.2f}" for value in (self.reported_score, self.computed_score)]
            bound = f"{self.bound_score or 0:.4f}"
            return (
                f"{self.identity_name}：报告数 {points[0]} 分，计算数 {points[1]} 分（尾差界限 {bound} 分），{chinese}。",
                f"{self.identity_name_en}: reported {points[0]} points, computed {points[1]} (bound {bound}); "
                f"{english}.",
            )
        if self.difference_yuan is None:
            return (
                f"{self.identity_name}：报告数 {self.reported_count}，计算数 {self.computed_count}，{chinese}。",
                f"{self.identity_name_en}: reported {self.reported_count}, computed {self.computed_count}; {english}.",
            )
        reported = "空" if self.reported_yuan is None else f"{self.reported_yuan:,} 元"
        reported_en = "blank" if self.reported_yuan is None else f"{self.reported_yuan:,} yuan"
        bound = _trim(self.bound_yuan)
        if self.kind == "inclusion":
            return (
                f"{self.identity_name}：上限 {reported}，实为 {self.computed_yuan:,} 元，"
                f"超出 {self.difference_yuan:,} 元（尾差界限 {bound} 元）。",
                f"{self.identity_name_en}: at most {reported_en}, found {self.computed_yuan:,} yuan, "
                f"{self.difference_yuan:,} too much (bound {bound}).",
            )
        return (
            f"{self.identity_name}：报告数 {reported}，计算数 {self.computed_yuan:,} 元，"
            f"相差 {self.difference_yuan:,} 元（尾差界限 {bound} 元），{chinese}。",
            f"{self.identity_name_en}: reported {reported_en}, computed {self.computed_yuan:,} yuan, "
            f"difference {self.difference_yuan:,} (bound {bound}); {english}.",
        )

    def measure_difference(self) -> tuple[str, str]:
        """Return the difference and its bound, each in the measure of the identity; a count has no bound."""
        if self.difference_yuan is not None:
            return f"{self.difference_yuan:,}", f"(± {_trim(self.bound_yuan)} 元)"
        if self.reported_ratio is not None and self.computed_ratio is not None:
            return (
                f"{(self.reported_ratio - self.computed_ratio) * 100:.4f} %",
                f"(± {(self.bound_ratio or Decimal(0)) * 100:.4f} %)",
            )
        if self.reported_score is not None and self.computed_score is not None:
            return (
                f"{self.reported_score - self.computed_score:.2f} 分",
                f"(± {self.bound_score or 0:.4f} 分)",
            )
        if self.reported_count is not None and self.computed_count is not None:
            return f"{self.reported_count - self.computed_count}", ""
        return "", ""


def _trim(bound: Decimal | None) -> str:
    """Print a bound of thousandths with two decimals, or three where it has them."""
    text = f"{bound or Decimal(0):,.3f}"
    return text.removesuffix("0")


def read_scorecards(connection: duckdb.DuckDBPyConnection, document_id: str | None = None) -> list[Scorecard]:
    """Return how much was read and judged of one document, or of each."""
    rows = connection.execute(SCORECARDS_QUERY, {"document": document_id}).fetchall()
    return [Scorecard(*row) for row in rows]


def list_suspects(connection: duckdb.DuckDBPyConnection, document_id: str) -> list[Suspect]:
    """Return the few figures of a document that its broken identities point at."""
    return [Suspect(*row) for row in connection.execute(SUSPECTS_QUERY, [document_id]).fetchall()]


def list_findings(database: Path, document_id: str | None = None) -> list[Finding]:
    """Return the broken verdicts of a built database, with the figures on both sides."""
    with duckdb.connect(database, read_only=True) as connection:
        return list_findings_of(connection, document_id)


def list_findings_of(
    connection: duckdb.DuckDBPyConnection, document_id: str | None = None, *, with_unusual: bool = False
) -> list[Finding]:
    """Return the broken verdicts of an open database, of one document or of all.

    ``with_unusual``: differences within rounding that are worth a look, too; they are no failures.
    """
    wanted = {"document": document_id, "with_unusual": with_unusual}
    rows = connection.execute(FINDINGS_QUERY, wanted).fetchall()
    return [
        replace(
            Finding(*row),
            operands=tuple(
                Operand(*operand)
                for operand in connection.execute(OPERANDS_QUERY, [row[0], row[4], row[5]]).fetchall()
            ),
        )
        for row in rows
    ]
