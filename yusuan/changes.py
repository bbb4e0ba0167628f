"""What a build changed since the release before it, as its own ``marts.rpt_changes`` tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

EXAMPLE_LIMIT = 10

# object_kind, change_kind: words in Chinese and English, in the order of a report
WORDS = {
    ("document", "added"): ("新增文件", "documents added"),
    ("document", "removed"): ("移除文件", "documents removed"),
    ("document", "reparsed"): ("重新解析的文件", "documents parsed anew"),
    ("document", "superseded"): ("被新版取代的文件", "documents superseded"),
    ("document", "restored"): ("恢复为现行的文件", "documents current again"),
    ("amount", "added"): ("新增金额", "amounts added"),
    ("amount", "removed"): ("移除金额", "amounts removed"),
    ("amount", "changed"): ("金额变动", "amounts changed"),
    ("amount", "recoded"): ("金额改列科目", "amounts coded anew"),
    ("verdict", "added"): ("新增核对结果", "verdicts added"),
    ("verdict", "removed"): ("移除核对结果", "verdicts removed"),
    ("verdict", "changed"): ("核对结果变动", "verdicts changed"),
}


@dataclass(frozen=True)
class Change:
    """A document, amount or verdict that is not what it was in the release before."""

    object_kind: str
    change_kind: str
    document_id: str
    place: str
    before: str | None
    after: str | None

    def describe(self) -> str:
        chinese, english = WORDS.get((self.object_kind, self.change_kind), (self.change_kind,) * 2)
        values = f"{self.before or '—'} → {self.after or '—'}"
        return f"{chinese} {english}: {self.document_id}{self.place} {values}"


@dataclass(frozen=True)
class Changes:
    """How much changed. ``compared_with``: the release before; None if there was none to compare with."""

    compared_with: str | None = None
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    examples: tuple[Change, ...] = ()

    def count(self, object_kind: str, change_kind: str) -> int:
        return self.counts.get((object_kind, change_kind), 0)

    def list_words(self) -> list[str]:
        """Return one phrase for each kind of change that occurred."""
        return [
            f"{chinese} {english} {self.counts[kind]:,}"
            for kind, (chinese, english) in WORDS.items()
            if self.counts.get(kind)
        ]

    def as_record(self) -> dict[str, int]:
        return {f"{kind}s_{change}": count for (kind, change), count in self.counts.items()}


def read_changes(database: Path) -> Changes:
    """Read what a built database says of the release before it. ``examples``: some of each kind."""
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute("select compared_with from marts.rpt_release").fetchone()
        counts = connection.execute(
            "select object_kind, change_kind, count(*) from marts.rpt_changes group by all order by all"
        ).fetchall()
        examples = connection.execute(
            f"""
            select
                object_kind,
                change_kind,
                document_id,
                concat(':' || line_no, ' ' || coalesce(identity_id || ' ' || instance, statement_code),
                    ' ' || printed_label) as place,
                before_value,
                after_value
            from marts.rpt_changes
            -- What the added and removed parts of a document are is said once, by the document.
            qualify row_number() over (
                partition by object_kind, change_kind order by document_id, line_no, identity_id, instance
            ) <= {EXAMPLE_LIMIT}
            order by object_kind, change_kind, document_id, line_no, identity_id, instance
            """
        ).fetchall()
    return Changes(
        compared_with=row[0] if row else None,
        counts={(kind, change): count for kind, change, count in counts},
        examples=tuple(Change(*example) for example in examples),
    )


@dataclass(frozen=True)
class Relapse:
    """A verdict that was sound in the release before and is broken now, its document unchanged."""

    document_id: str
    identity_id: str
    instance: str
    line_no: int | None
    before: str


def list_relapses(database: Path) -> list[Relapse]:
    """Return the verdicts that got worse and that no known discrepancy explains.

    A document's id is its content, so one that changed is another document. To accept a relapse (a better
    reading that shows a true disagreement) is to explain it in seeds/known_discrepancies.csv.
    """
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            """
            select
                changes.document_id, changes.identity_id, changes.instance, changes.line_no, changes.before_value
            from marts.rpt_changes as changes
            inner join marts.fct_identity_checks as checks using (document_id, identity_id, instance)
            where
                changes.object_kind = 'verdict'
                and changes.change_kind = 'changed'
                and changes.before_value in ('exact', 'rounding')
                and changes.after_value = 'broken'
                and not checks.is_explained
            order by changes.document_id, changes.line_no, changes.identity_id, changes.instance
            """
        ).fetchall()
    return [Relapse(*row) for row in rows]
