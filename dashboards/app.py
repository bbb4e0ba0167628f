"""The dashboard: what ``streamlit run`` starts. ``yusuan dashboard`` does so on loopback (yusuan/dashboards.py)."""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path

import duckdb
import streamlit as st

from dashboards.amounts import UNITS
from dashboards.contexts import Context, choose, query, say, say_time, set_context, set_language
from dashboards.warehouses import (
    NoWarehouse,
    ReleaseKey,
    UnreadableWarehouse,
    find_release,
    open_release,
)
from dashboards.words import Language
from yusuan.places import Home, describe_path

HERE = Path(__file__).resolve().parent
PAGES = (
    "overview",
    "subjects",
    "categories",
    "projects",
    "three_public",
    "comparisons",
    "checks",
    "lookup",
    "forms",
)
AUTOMATIC = "auto"
LOOK_EVERY_SECONDS = 5  # how soon an open page follows a new release

log = logging.getLogger(__name__)


def run() -> None:
    """Draw one page for one reader."""
    set_language(Language(st.session_state.get("kept_language", st.query_params.get("language", "zh"))[:2]))
    st.set_page_config(page_title=say("app.title"), page_icon="¥", layout="wide")
    st.html(f"<style>{(HERE / 'styles.css').read_text(encoding='utf-8')}</style>")
    _choose_language()
    page = st.navigation([_make_page(name) for name in PAGES])
    unit_name = _choose_unit()
    home = Home.find()
    # Before the file is opened: what follows is compared with what this run has seen, readable or not.
    seen = _find_release(home)
    try:
        release = open_release(home)
    except NoWarehouse:
        st.info(say("error.no_warehouse", path=describe_path(home.published_database)))
        _follow_releases(home, seen)
        return
    except UnreadableWarehouse as error:
        log.error("the published file cannot be read: %s", error)
        st.error(say("error.unreadable", path=describe_path(home.published_database)))
        _follow_releases(home, seen)
        return
    set_context(Context(release, _language(), unit_name))
    _draw(page)
    _show_release()
    _follow_releases(home, release.key)


def _language() -> Language:
    return Language(st.session_state["kept_language"])


def _choose_language() -> None:
    names = {Language.CHINESE.value: "中文", Language.ENGLISH.value: "English"}
    with st.container(horizontal=True, horizontal_alignment="right"):
        language = choose(
            "language",
            "中文 English",
            list(names),
            names.__getitem__,
            widget=st.segmented_control,
            required=True,
            label_visibility="collapsed",
        )
    set_language(Language(language))


def _choose_unit() -> str:
    with st.sidebar:
        return str(choose("unit", say("unit.choose"), [AUTOMATIC, *UNITS], lambda name: say(f"unit.{name}")))


def _make_page(name: str) -> st.Page:
    return st.Page(
        HERE / "views" / f"{name}.py", title=say(f"{name}.page"), url_path=name, default=name == PAGES[0]
    )


def _draw(page: st.Page) -> None:
    """Draw a page; what goes wrong is said in words, and written to the log in full."""
    try:
        page.run()
    except duckdb.Error:
        log.exception("a query failed")
        st.error(say("error.query"))
    except Exception:
        log.exception("a page failed")
        st.error(say("error.page"))


def _show_release() -> None:
    rows = query("select build_id, built_at, documents, amounts from marts.rpt_release")
    if rows:
        words = say("release.footer", built_at=say_time(rows[0]["built_at"]), build_id=rows[0]["build_id"])
        st.html(f'<p class="yusuan-muted">{escape(words)}</p>')


def _find_release(home: Home) -> ReleaseKey | None:
    try:
        return find_release(home)
    except NoWarehouse:
        return None


def _follow_releases(home: Home, shown: ReleaseKey | None) -> None:
    """Draw the page anew once another file is published than the one it shows."""

    @st.fragment(run_every=LOOK_EVERY_SECONDS)
    def look() -> None:
        if _find_release(home) not in (None, shown):
            st.rerun(scope="app")

    look()


run()
