"""The documentation site: works from disk, asks nothing of the network, finds what is searched for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from test_report import find_requests

from yusuan.cookbooks import read_recipes
from yusuan.sites import QUESTIONS, make_matrix, make_site
from yusuan.star_pictures import draw_star
from yusuan.stars import find_edges, read_marts

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def site(built_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(built_database, tmp_path_factory.mktemp("site")).parent


def test_the_star_has_the_keys_of_the_models() -> None:
    svg = draw_star({})
    marts = {mart.name: mart for mart in read_marts()}
    for edge in find_edges():
        assert edge.column in marts[edge.mart].columns
        if edge.mart == "fct_amounts":
            assert f">{edge.column}</text>" in svg
            assert f">{edge.dimension}</text>" in svg
    led_to = {edge.dimension for edge in find_edges() if edge.mart == "fct_amounts"}
    assert led_to >= {"dim_documents", "dim_units", "dim_years", "dim_subjects", "dim_projects"}


def test_the_matrix_has_no_empty_column() -> None:
    """A dimension that no column leads to (dim_codes, joined by the column's name) would look unusable."""
    matrix = make_matrix({})
    for place, (name, _) in enumerate(matrix["dimensions"]):
        assert any(cells[place] for _, _, cells in matrix["rows"]), name


@pytest.mark.slow
def test_no_page_asks_anything_of_the_network(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 5
    for path in pages:
        page = path.read_text("utf-8")
        if path.parent.name == "dbt":
            assert "cloudfront.net" not in page
            assert not re.findall(r"<(?:script|img|iframe)[^>]* src=[\"'](?:https?:)?//", page)
        else:
            assert find_requests(page) == [], path.name


@pytest.mark.slow
def test_every_link_leads_somewhere(site: Path) -> None:
    """The Data Docs are made by a build, not by the tests' quick one, so their link may be absent here."""
    for path in site.glob("*.html"):
        for node in LexborHTMLParser(path.read_text("utf-8")).css("a[href]"):
            parts = urlsplit(node.attributes["href"] or "")
            assert not parts.scheme, node.attributes["href"]
            target = path.parent / unquote(parts.path) if parts.path else path
            assert target.is_file(), f"{path.name}: {parts.path}"
            if parts.fragment:
                anchors = LexborHTMLParser(target.read_text("utf-8")).css(f'[id="{unquote(parts.fragment)}"]')
                assert anchors, f"{path.name}: {parts.path}#{parts.fragment}"


@pytest.mark.slow
def test_printed_columns_and_chinese_terms_can_be_searched(site: Path) -> None:
    tree = LexborHTMLParser((site / "dictionary.html").read_text("utf-8"))
    words = [node.attributes["data-words"] or "" for node in tree.css("[data-words]")]
    for searched in (
        "人员经费",
        "本年收入/一般公共预算",
        "末位单位（元）",
        "quantum_yuan",
        "公务接待费",
        "表六",
    ):
        assert [text for text in words if searched in text], searched


@pytest.mark.slow
def test_the_front_page_names_every_question_and_number(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    for (chinese, english), table in QUESTIONS:
        assert chinese in page
        assert english in page
        assert table in page


@pytest.mark.slow
def test_every_identity_stands_in_words(site: Path) -> None:
    page = LexborHTMLParser((site / "identities.html").read_text("utf-8"))
    identity = page.css_first('[id="b03.row"]').text()
    assert "合计 = 基本支出 + 项目支出" in identity
    assert "表三本行“合计”栏" in identity
    assert "成立条件" in page.css_first('[id="x.f10-f06"]').text()


@pytest.mark.slow
def test_the_cookbook_holds_every_recipe_and_answer(site: Path) -> None:
    page = LexborHTMLParser((site / "cookbook.html").read_text("utf-8"))
    for recipe in read_recipes():
        section = page.css_first(f'[id="{recipe.name}"]').text()
        assert recipe.sql.splitlines()[-1] in section
    assert "4024.05" in page.css_first('[id="01-expenditure-by-disclosure"]').text()


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
def test_a_browser_searches_from_disk(site: Path, tmp_path: Path) -> None:
    command = [str(CHROMIUM), "--headless", "--no-sandbox", f"--user-data-dir={tmp_path}", "--dump-dom"]
    address = f"{(site / 'dictionary.html').as_uri()}?q=人员经费"
    dom = subprocess.run([*command, address], check=True, capture_output=True, timeout=120, text=True).stdout
    rows = LexborHTMLParser(dom).css("tr[data-words]")
    shown = [row for row in rows if "hidden" not in (row.attributes.get("class") or "")]
    assert 0 < len(shown) < len(rows) / 4
    assert all("人员经费" in (row.attributes["data-words"] or "") for row in shown)


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
@pytest.mark.parametrize("page", ["index.html", "dbt/index.html"])
def test_a_browser_asks_nothing_of_the_network(site: Path, tmp_path: Path, page: str) -> None:
    log = tmp_path / "requests.json"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", f"--user-data-dir={tmp_path}/profile"]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    budget = ["--virtual-time-budget=5000", f"--log-net-log={log}", "--dump-dom"]
    subprocess.run(
        [*command, *quiet, *budget, (site / page).as_uri()], check=True, capture_output=True, timeout=120
    )
    text = log.read_text("utf-8", errors="replace")
    asked = set(re.findall(r'"url":"(https?://[^/"]+)', text))
    of_the_browser = {"https://accounts.google.com", "https://redirector.gvt1.com"}
    assert {address for address in asked if "google" not in address} <= of_the_browser, json.dumps(
        sorted(asked)
    )
