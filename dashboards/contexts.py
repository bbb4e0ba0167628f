"""What a run of a page goes by: the release, the language, the unit of money, the document chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboards.amounts import UNITS, MoneyUnit, choose_unit
from dashboards.warehouses import Release, Row, ask
from dashboards.words import WORDS, Language


@dataclass(frozen=True)
class Context:
    """Set anew for every run; a release published meanwhile is for the next one."""

    release: Release
    language: Language
    unit_name: str  # a key of UNITS, or "auto"


_language: ContextVar[Language] = ContextVar("language", default=Language.CHINESE)
_context: ContextVar[Context] = ContextVar("context")


def set_language(language: Language) -> None:
    _language.set(language)


def set_context(context: Context) -> None:
    _context.set(context)


def get_context() -> Context:
    return _context.get()


def is_chinese() -> bool:
    return _language.get() is Language.CHINESE


def say(key: str, **values: Any) -> str:
    """Return words in the reader's language."""
    chinese, english = WORDS[key]
    return (chinese if is_chinese() else english).format(**values)


def say_code(group: str, code: str | None) -> str:
    """Return a code of the warehouse (``executed``) in words; a code without words stays as it is."""
    if code is None:
        return ""
    key = f"{group}.{code}"
    return say(key) if key in WORDS else code


def name_of(row: Row, column: str) -> str:
    """Return a name that the warehouse holds in both languages."""
    return str(row[column if is_chinese() else f"{column}_en"] or "")


def name_statement(row: Row) -> str:
    """Return the number and the name of an official table; in English its code stands for the number."""
    if row.get("statement_code") is None or row.get("statement_name") is None:
        return say("statement.none")
    number = row["statement_number"] if is_chinese() else row["statement_code"]
    return f"{number} {name_of(row, 'statement_name')}"


def query(text: str, **parameters: Any) -> list[Row]:
    """Return the rows of a query against this run's release."""
    return ask(get_context().release, text, **parameters)


def has(table: str, *columns: str) -> bool:
    return get_context().release.has(table, *columns)


def pick_unit(amounts: Iterable[Decimal | None]) -> MoneyUnit:
    """Return the unit the reader has chosen, or the one these amounts read best in."""
    return UNITS.get(get_context().unit_name) or choose_unit(amounts)


def say_unit(unit: MoneyUnit) -> str:
    return say(f"unit.{unit.name}")


# The warehouse writes UTC; its readers live in one time zone.
BEIJING = timezone(timedelta(hours=8))


def say_time(moment: datetime) -> str:
    """Return a moment of the warehouse as a clock in Beijing shows it."""
    return f"{moment.replace(tzinfo=UTC).astimezone(BEIJING):%Y-%m-%d %H:%M}"


# What is chosen goes with the reader from page to page, and stands in the address: it can be sent on.
def choose(
    name: str,
    label: str,
    options: Sequence[Any],
    describe: Callable[[Any], str] = str,
    *,
    default: Any = None,
    widget: Callable[..., Any] = st.selectbox,
    **more: Any,
) -> Any:
    """Let the reader choose one of some values (text); return it."""
    key = f"widget_{name}"
    kept = st.session_state.get(f"kept_{name}", st.query_params.get(name))
    if st.session_state.get(key) not in options:
        st.session_state[key] = kept if kept in options else (options[0] if default is None else default)
    # Described now: what formats them later has no context, and so no language.
    labels = {option: describe(option) for option in options}
    value = widget(label, options, format_func=lambda option: labels.get(option, ""), key=key, **more)
    if value not in options:
        value = options[0] if default is None else default
    keep(name, value)
    return value


def keep(name: str, value: str) -> None:
    st.session_state[f"kept_{name}"] = value
    st.query_params[name] = value


def make_link(page: str, **parameters: Any) -> str:
    """Return the address of a page, with what it is to show, in the reader's language."""
    language = _language.get().value
    return f"{page}?{urlencode({**parameters, 'language': language})}"


DOCUMENTS_QUERY = """
    select
        documents.document_id, documents.unit_id, units.unit_name, units.region_name,
        units.prefecture_name, units.province_name, documents.fiscal_year, documents.document_kind,
        documents.scope, documents.table_count, documents.set_aside_count, documents.is_current,
        documents.printed_title, documents.source_name
    from marts.dim_documents as documents
    inner join marts.dim_units as units using (unit_id)
    order by units.unit_name, documents.fiscal_year desc, documents.document_kind, documents.document_id
"""


def list_documents(*, is_current: bool = True, kind: str | None = None) -> list[Row]:
    return [
        row
        for row in query(DOCUMENTS_QUERY)
        if (row["is_current"] or not is_current) and kind in (None, row["document_kind"])
    ]


def open_page(page: str, *, is_current: bool = True) -> list[Row]:
    """Show a page's title and question; return its documents, or say that there are none yet."""
    st.title(say(f"{page}.title"), anchor=False)
    st.caption(say(f"{page}.question"))
    documents = list_documents(is_current=is_current)
    if not documents:
        st.info(say("overview.empty"))
    return documents


def describe_document(row: Row) -> str:
    """Return unit, year and kind, as short as tells documents apart."""
    words = say(f"document.{row['document_kind']}", unit=row["unit_name"], year=row["fiscal_year"])
    if row["scope"] == "department":
        words += say("document.of_department")
    return words if row["is_current"] else words + say("document.superseded", id=row["document_id"])


ALL = "all"


def choose_document(
    documents: list[Row], *, with_all: bool = False, name: str = "document", label: str | None = None
) -> Row | None:
    """Let the reader choose a document; None stands for all of them, or for there being none."""
    if not documents:
        return None
    known = {row["document_id"]: row for row in documents}
    options = ([ALL] if with_all else []) + list(known)
    value = choose(
        name,
        label or say("document.choose"),
        options,
        lambda option: say("document.all") if option == ALL else describe_document(known[option]),
    )
    return known.get(value)
