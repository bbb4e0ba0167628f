"""The dashboard: every page in both languages, what it says when something is missing, what it can reach."""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from string import Formatter

import duckdb
import pytest
from browsers import find_browser, open_browser
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboards.amounts import (
    HUNDRED_MILLION,
    TEN_THOUSAND,
    UNITS,
    YUAN,
    choose_unit,
    format_amount,
    format_share,
)
from dashboards.contexts import set_language
from dashboards.tables import Column, make_csv, render_table
from dashboards.warehouses import Release, UnreadableWarehouse, find_release
from dashboards.words import WORDS, Language
from yusuan.dashboards import APP, OPTIONS, PortInUse, find_port, make_address, make_command, start_dashboard
from yusuan.places import DATABASE_NAME, PROJECT, Home

DASHBOARDS = PROJECT / "dashboards"
VIEWS = sorted(path.stem for path in (DASHBOARDS / "views").glob("*.py") if path.stem != "__init__")
GAOPING = "2026-budget-17168643c11b"
FINAL = "2024-final-1318e4b3e13e"
LANXIAN = "2026-budget-5e3357e80328"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What is no Chinese word and is said all the same: a command, a format.
NAMES = re.compile(r"`[^`]*`|\{[a-z_]*\}|CSV")
# Chinese that an English reader is given on purpose: the field's own name, an example of a printed label.
KEPT_CHINESE = ("三公", "应急救援")


# Words.
def test_words_are_in_their_own_language() -> None:
    for chinese, english in WORDS.values():
        assert not re.search(r"[A-Za-z]", NAMES.sub("", chinese)), chinese
        for kept in KEPT_CHINESE:
            english = english.replace(kept, "")
        assert not CHINESE.search(english), english


def test_words_hold_the_same_values_in_both_languages() -> None:
    for key, pair in WORDS.items():
        fields = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in pair]
        assert fields[0] == fields[1], key


def test_every_word_that_is_said_is_there() -> None:
    for path in DASHBOARDS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    assert key.value in WORDS, f"{path.name}: {key.value}"
                elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                    start = key.values[0].value
                    assert any(known.startswith(start) for known in WORDS), f"{path.name}: {start}"


def test_families_of_identities_have_words() -> None:
    with (PROJECT / "seeds" / "identities.csv").open(encoding="utf-8") as file:
        families = {row["family"] for row in csv.DictReader(file)}
    assert {family for family in families if f"family.{family}" not in WORDS} == set()


# Amounts and tables.
@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2), st.sampled_from(sorted(UNITS)))
def test_amounts_keep_every_fen_in_yuan_and_in_ten_thousand(amount: Decimal, name: str) -> None:
    shown = Decimal(format_amount(amount, UNITS[name]).replace(",", "").replace("−", "-"))
    if name == "hundred_million":
        assert abs(shown * HUNDRED_MILLION.yuan - amount) <= HUNDRED_MILLION.yuan / 20_000
    else:
        assert shown * UNITS[name].yuan == amount


def test_amounts_are_shown_in_the_unit_that_reads_best() -> None:
    assert choose_unit([Decimal("9999.99"), None]) is YUAN
    assert choose_unit([Decimal("-40240500")]) is TEN_THOUSAND
    assert choose_unit([Decimal("5296110000")]) is HUNDRED_MILLION
    assert format_amount(Decimal("40240500.00"), TEN_THOUSAND) == "4,024.05"
    assert format_amount(None, YUAN) == ""
    assert format_share(Decimal("0.12345")) == "12.35%"


def test_a_table_for_a_spreadsheet_is_exact_and_carries_no_formula() -> None:
    set_language(Language.CHINESE)
    rows = [
        {"name": '=HYPERLINK("x")', "amount_yuan": Decimal("40240500.05"), "document_id": "d", "line_no": 7}
    ]
    columns = [
        Column("name", "名称"),
        Column("amount_yuan", "金额", "amount"),
        Column("line_no", "行号", "line"),
    ]
    file = make_csv(rows, columns)
    assert file.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert read == [
        ["名称", "金额 (元)", "行号", "公开文件标识"],
        ['\'=HYPERLINK("x")', "40240500.05", "7", "d"],
    ]


def test_what_a_document_prints_is_no_markup() -> None:
    shown = render_table([{"name": '<img src=x onerror="alert(1)">'}], [Column("name", "<b>")])
    assert "<img" not in shown
    assert "<b>" not in shown


# The server.
def test_the_server_listens_here_only_and_tells_nobody() -> None:
    command = make_command(8599)
    assert "--server.address=127.0.0.1" in command
    assert "--browser.gatherUsageStats=false" in command
    assert "--client.showErrorDetails=none" in command
    assert OPTIONS["server.enableXsrfProtection"] == "true"


@pytest.mark.slow
def test_the_server_ends_with_a_command_that_is_killed(home: Path) -> None:
    """A server left behind would hold the port and go on showing the warehouse to whoever finds it."""
    port = find_port(None)
    starts = (
        "import sys, time; from yusuan.dashboards import start_dashboard; "
        f"server = start_dashboard({port}); print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", starts], cwd=PROJECT, stdout=subprocess.PIPE) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == b"up\n"
        with pytest.raises(PortInUse):
            find_port(port)
        command.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(PortInUse):
            assert find_port(port) == port
            return
        time.sleep(0.1)
    pytest.fail("the server outlived the command that started it")


def test_nothing_in_the_dashboard_names_an_address_outside() -> None:
    for path in [*DASHBOARDS.rglob("*.py"), *DASHBOARDS.rglob("*.css")]:
        assert "http" not in path.read_text(encoding="utf-8").replace("https://", "http"), path


# What is published.
def publish(home: Path, name: str, database: Path) -> Path:
    """Publish a copy as a build does: a folder of its own, then the link is swapped."""
    release = home / "releases" / name
    release.mkdir(parents=True)
    shutil.copy(database, release / DATABASE_NAME)
    (home / ".current").symlink_to(Path("releases") / name)
    os.replace(home / ".current", home / "current")
    return release / DATABASE_NAME


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("YUSUAN_HOME", str(folder))
    return folder


@pytest.fixture
def published(home: Path, built_database: Path) -> Path:
    return publish(home, "first", built_database)


def run_app(place: str | None = None, language: str = "zh", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in {"language": language, **parameters}.items():
        app.query_params[name] = value
    app.run()
    if place not in (None, "overview"):
        app.switch_page(f"views/{place}.py")
        for name, value in {"language": language, **parameters}.items():
            app.query_params[name] = value
        app.run()
    return app


def read_all(app: AppTest) -> str:
    """Return everything a page says, tables included."""
    parts = [
        *app.title,
        *app.header,
        *app.subheader,
        *app.caption,
        *app.markdown,
        *app.info,
        *app.warning,
        *app.success,
    ]
    words = [str(part.value) for part in parts]
    words += [str(element.proto.body) for element in app.get("html")]
    words += [str(box.label) for box in app.selectbox]
    return "\n".join(words)


def expect_sound(app: AppTest) -> None:
    assert [error.value for error in app.exception] == []
    assert [error.value for error in app.error] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_shown_in_both_languages(published: Path, view: str, language: str) -> None:
    app = run_app(view, language)
    expect_sound(app)
    expected = WORDS[f"{view}.title"][language == "en"]
    assert [title.value for title in app.title] == [expected]
    captions = " ".join(str(caption.value) for caption in app.caption)
    assert bool(CHINESE.search(captions)) == (language == "zh") or "三公" in captions


@pytest.mark.slow
@pytest.mark.parametrize("view", ["subjects", "categories", "projects", "three_public", "checks", "forms"])
@pytest.mark.parametrize("document", [GAOPING, FINAL])
def test_every_page_takes_a_budget_and_a_final_account(published: Path, view: str, document: str) -> None:
    app = run_app(view, document=document)
    expect_sound(app)
    assert app.selectbox(key="widget_document").value == document


@pytest.mark.slow
def test_figures_of_a_page_lead_to_document_and_line(published: Path) -> None:
    app = run_app("subjects", document=GAOPING)
    words = read_all(app)
    assert "4,024.05" in words  # 合计, line 197 of the document
    assert f'href="lookup?document={GAOPING}&amp;line=197&amp;language=zh"' in words
    line = run_app("lookup", document=GAOPING, line="197")
    expect_sound(line)
    assert "40,240,500.00" in read_all(line)
    assert "4024.05" in read_all(line)


@pytest.mark.slow
def test_a_class_opens_into_its_divisions_and_items(published: Path) -> None:
    app = run_app("subjects", document=GAOPING)
    app.selectbox(key="widget_class").set_value("224").run()
    app.selectbox(key="widget_division").set_value("22401").run()
    expect_sound(app)
    words = read_all(app)
    assert "2240101" in words
    assert "20805" not in words


@pytest.mark.slow
def test_a_budget_and_a_final_account_of_other_years_are_no_execution(published: Path) -> None:
    app = run_app("comparisons", first=GAOPING, second=FINAL)
    expect_sound(app)
    assert [WORDS["comparisons.other_year"][0] in warning.value for warning in app.warning] == [True]
    assert WORDS["comparisons.no_pairs"][0] in [caption.value for caption in app.caption]
    app.selectbox(key="widget_aspect").set_value("projects").run()
    expect_sound(app)
    assert any("无法对比" in warning.value for warning in app.warning)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "found"),
    [("应急救援", "2240108"), ("22401", "应急管理事务"), ("4,024.05", "合计"), ("40240500", "合计")],
)
def test_a_label_a_code_or_an_amount_is_found(published: Path, wanted: str, found: str) -> None:
    app = run_app("lookup", words=wanted)
    expect_sound(app)
    assert found in read_all(app)


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["' or 1=1 --", "%", "<b>", "\\", "没有这样的项目"])
def test_what_a_reader_types_is_looked_for_and_nothing_else(published: Path, wanted: str) -> None:
    app = run_app("lookup", words=wanted)
    expect_sound(app)
    assert app.info


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_broken_figures_are_shown_with_both_sides_and_their_lines(
    home: Path, built_database: Path, language: str
) -> None:
    database = publish(home, "broken", built_database)
    with duckdb.connect(database) as connection:
        connection.execute(
            """
            update marts.fct_identity_checks
            set
                verdict = 'broken', reason = 'beyond_bound', reported_yuan = computed_yuan + 123400,
                difference_yuan = 123400
            where identity_id = 'b03.row' and line_no = 197
            """
        )
    app = run_app("checks", language, view="broken")
    expect_sound(app)
    words = read_all(app)
    assert "12.34" in words
    assert f"lookup?document={GAOPING}&amp;line=197" in words
    assert ("报告数" if language == "zh" else "Reported") in words


@pytest.mark.slow
@pytest.mark.parametrize("view", ["summary", "rounding", "not_assessable", "claims", "years"])
def test_every_view_of_the_checks_is_shown(published: Path, view: str) -> None:
    app = run_app("checks", view=view)
    expect_sound(app)
    assert app.get("html")


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["f06", "f09", "f10"])
def test_official_tables_are_shown_as_printed(published: Path, statement: str) -> None:
    app = run_app("forms", document=FINAL, form=statement)
    expect_sound(app)
    assert "<thead>" in read_all(app)


@pytest.mark.slow
def test_what_a_document_does_not_owe_is_no_verdict_on_it(published: Path) -> None:
    """No document here has Jiangsu's tables: identities over them would look like something left unjudged."""
    words = read_all(run_app("checks", view="summary"))
    assert re.search(r"另有 \d+ 个不适用", words)
    assert "江苏" not in words


@pytest.mark.slow
def test_a_broken_form_is_not_told_of_an_official_table(published: Path) -> None:
    """The table of expenditure of this final account is sound; its self-evaluations are not."""
    app = run_app("checks", view="summary", document=FINAL)
    (table,) = [str(element.proto.body) for element in app.get("html") if "公开03表" in element.proto.body]
    found = (re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr")[2:])
    rows = {cells[0]: cells[3] for cells in found}
    assert rows["公开03表 支出决算表"] == ""
    assert int(rows["绩效自评"]) > 0


@pytest.mark.slow
def test_projects_without_targets_are_listed(published: Path) -> None:
    app = run_app("projects", document=LANXIAN)
    expect_sound(app)
    (table,) = [
        str(element.proto.body) for element in app.get("html") if "未见绩效目标表的项目" in element.proto.body
    ]
    assert "2026年各职能指挥部办公室经费" in table
    assert "2026年消防协管员工资" not in table


@pytest.mark.slow
def test_a_comparison_begins_with_the_older_document(published: Path) -> None:
    """Differences are second minus first: a change over time, if the first is the older one."""
    app = run_app("comparisons")
    assert [box.value for box in app.selectbox if box.label in ("甲", "乙")] == [FINAL, GAOPING]


@pytest.mark.slow
def test_what_a_release_lacks_is_left_out(home: Path, built_database: Path) -> None:
    database = publish(home, "lean", built_database)
    with duckdb.connect(database) as connection:
        for table in ("fct_claims", "rpt_year_on_year", "fct_project_targets", "fct_project_evaluations"):
            connection.execute(f"drop table if exists marts.{table} cascade")
    for view in ("checks", "projects", "lookup"):
        expect_sound(run_app(view, document=GAOPING, line="197"))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_warehouse_is_told_in_words(home: Path, built_database: Path, language: str) -> None:
    database = publish(home, "empty", built_database)
    with duckdb.connect(database) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' and table_name <> 'rpt_release'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"delete from marts.{table}")
    for view in VIEWS:
        app = run_app(view, language)
        expect_sound(app)
        assert app.info, view


def test_without_a_warehouse_the_command_is_named(home: Path) -> None:
    app = run_app()
    expect_sound(app)
    assert "yusuan build" in app.info[0].value


def test_a_damaged_file_is_told_in_words(home: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"no database" * 1000)
    publish(home, "damaged", damaged)
    app = run_app()
    assert [WORDS["error.unreadable"][0].split("`")[0] in error.value for error in app.error] == [True]


def test_a_file_that_is_no_warehouse_is_told_in_words(home: Path, tmp_path: Path) -> None:
    other = tmp_path / DATABASE_NAME
    duckdb.connect(other).close()
    publish(home, "other", other)
    with pytest.raises(UnreadableWarehouse):
        Release(find_release(Home.find()))
    assert len(run_app().error) == 1


# Following what is published; reading and nothing else.
def copy_renamed(database: Path, folder: Path, name: str) -> Path:
    """Return a copy in which every unit bears a name, to tell it by."""
    copy = folder / "renamed" / DATABASE_NAME  # views know the file by its stem
    copy.parent.mkdir()
    shutil.copy(database, copy)
    with duckdb.connect(copy) as connection:
        connection.execute("update marts.dim_units set unit_name = ?", [name])
    return copy


@pytest.mark.slow
def test_a_new_release_is_followed_without_a_restart(published: Path, home: Path, tmp_path: Path) -> None:
    app = run_app()
    assert "高平市应急管理局" in read_all(app)
    publish(home, "second", copy_renamed(published, tmp_path, "新发布的单位"))
    app.run()
    expect_sound(app)
    assert "新发布的单位" in read_all(app)
    assert "高平市应急管理局" not in read_all(app)
    (home / ".current").symlink_to(Path("releases") / "first")
    os.replace(home / ".current", home / "current")
    app.run()
    assert "高平市应急管理局" in read_all(app)


@pytest.mark.slow
def test_a_file_that_takes_anothers_path_is_read_anew(published: Path, tmp_path: Path) -> None:
    first = Release(find_release(Home.find()))
    os.replace(copy_renamed(published, tmp_path, "换入的单位"), published)
    second = Release(find_release(Home.find()))
    query = "select distinct unit_name from marts.dim_units"
    assert [row["unit_name"] for row in second.fetch(query, {})] == ["换入的单位"]
    # Whoever still draws from the release before gets all of it from there.
    assert len(first.fetch(query, {})) > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "attach '/tmp/other.duckdb'",
        "copy marts.dim_units to '/tmp/units.csv'",
        "install httpfs",
        "delete from marts.dim_units",
        "create table marts.mine (a integer)",
        "set enable_external_access = true",
    ],
)
def test_a_release_reaches_nothing_but_its_own_file(published: Path, statement: str) -> None:
    release = Release(find_release(Home.find()))
    with pytest.raises(duckdb.Error):
        release.fetch(statement, {})


@pytest.mark.slow
def test_a_reader_keeps_no_other_reader_out(published: Path) -> None:
    release = Release(find_release(Home.find()))
    code = (
        f"import duckdb; print(duckdb.connect({str(published)!r}, read_only=True).sql('select 1').fetchall())"
    )
    assert (
        "[(1,)]"
        in subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    )
    assert release.fetch("select 1 as one", {}) == [{"one": 1}]


# In a real browser, over the real command.
@pytest.mark.slow
@pytest.mark.skipif(
    find_browser() is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)
def test_a_browser_shows_the_pages_and_follows_a_release(published: Path, home: Path, tmp_path: Path) -> None:
    port = find_port(None)
    server = start_dashboard(port)
    try:
        with open_browser(tmp_path / "profile") as page:
            page.resize(1440, 900)
            page.open(make_address(port))
            page.wait_for("高平市应急管理局")
            page.wait_until("document.querySelectorAll('canvas, .vega-embed svg').length > 0")
            for width in (1440, 390):
                page.resize(width, 900)
                for view in VIEWS:
                    for language in ("zh", "en"):
                        place = "" if view == "overview" else view
                        page.open(f"{make_address(port)}{place}?language={language}")
                        words = page.wait_for(WORDS[f"{view}.title"][language == "en"])
                        assert "Traceback" not in words
                        # Nothing but a table scrolls sideways (charts take their width a moment later).
                        page.wait_until(
                            "(main => main.scrollWidth <= main.clientWidth)"
                            "(document.querySelector('[data-testid=stMain]'))"
                        )
            # A line's number, clicked, leads to the line.
            page.open(f"{make_address(port)}subjects?document={GAOPING}")
            page.wait_until("document.querySelector('.yusuan-table a[href*=\"line=197\"]') !== null")
            page.evaluate("document.querySelector('.yusuan-table a[href*=\"line=197\"]').click()")
            page.wait_for("40,240,500.00")
            # The open page follows a release by itself.
            page.open(make_address(port))
            page.wait_for("高平市应急管理局")
            publish(home, "second", copy_renamed(published, tmp_path, "新发布的单位"))
            page.wait_for("新发布的单位")
            here = (make_address(port), f"ws://127.0.0.1:{port}/", "data:", "blob:", "about:")
            assert [address for address in page.requests if not address.startswith(here)] == []
    finally:
        server.terminate()
        server.wait(timeout=30)
