"""The expectations: each harm done to a built warehouse is found by the expectation that is about it, and no other fails."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from yusuan.expectations import ExpectationsOutcome, run_expectations
from yusuan.suites import SUITES, Severity, SuiteError, read_suite, read_suites

pytestmark = pytest.mark.slow

GAOPING = "2026-budget-17168643c11b"
FINAL = "2024-final-1318e4b3e13e"
CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


@pytest.fixture(scope="session")
def healthy(built_database: Path, tmp_path_factory: pytest.TempPathFactory) -> ExpectationsOutcome:
    return run_expectations(built_database, tmp_path_factory.mktemp("healthy") / "data_docs", strict=True)


def judge(database: Path, **options: Any) -> ExpectationsOutcome:
    return run_expectations(database, database.parent / "data_docs", **options)


def list_failures(outcome: ExpectationsOutcome) -> dict[str, Severity]:
    return {failure.id: failure.severity for failure in outcome.failures}


# --- a healthy warehouse --------------------------------------------------------------------------


def test_a_healthy_warehouse_meets_every_expectation(healthy: ExpectationsOutcome) -> None:
    assert healthy.failures == []
    assert healthy.is_success
    assert all(suite.rows > 0 for suite in healthy.suites)


def test_every_identity_that_is_owed_has_its_sentence(
    healthy: ExpectationsOutcome, built_database: Path
) -> None:
    with duckdb.connect(built_database, read_only=True) as connection:
        identities = connection.execute("select identity_id, identity_name from seeds.identities").fetchall()
    verdicts = {one.id: one for one in healthy.suites[0].expectations}
    for identity_id, identity_name in identities:
        assert identity_name in verdicts[f"verdicts.{identity_id}"].words


# --- each harm has its failure ------------------------------------------------------------------------

# What the publisher got wrong: everything agrees about it but the figures themselves.
PUBLISHERS_ERROR = (
    f"""update marts.fct_identity_operands set amount_yuan = amount_yuan + 50000
        where document_id = '{GAOPING}' and identity_id = 'b03.row' and line_no = 197 and side = 'reported'""",
    f"""update marts.fct_identity_checks
        set verdict = 'broken', reason = 'beyond_bound', reported_yuan = reported_yuan + 50000,
            difference_yuan = difference_yuan + 50000
        where document_id = '{GAOPING}' and identity_id = 'b03.row' and line_no = 197""",
)


def drop_not_null(column: str, table: str = "fct_amounts") -> str:
    """The contract keeps nulls out; the expectation must not rest on it."""
    return f"alter table marts.{table} alter column {column} drop not null"


# What is done, and which expectations must fail. Each harm has rows of its own, so that several can be
# done to one copy.
HARMS: dict[str, tuple[tuple[str, ...], dict[str, Severity]]] = {
    "a broken verdict": (PUBLISHERS_ERROR, {"verdicts.b03.row": WARNING}),
    "a verdict that its figures contradict": (
        (
            f"""update marts.fct_identity_checks set verdict = 'rounding'
                where document_id = '{GAOPING}' and identity_id = 'b03.row' and line_no = 198""",
        ),
        {"verdicts.follow_from_figures": CRITICAL},
    ),
    "a difference that its operands contradict": (
        (
            f"""update marts.fct_identity_operands set amount_yuan = amount_yuan + 0.01
                where document_id = '{GAOPING}' and identity_id = 'b05.row' and side = 'reported'""",
        ),
        {"verdicts.difference_from_operands": CRITICAL},
    ),
    "a bound that is too wide": (
        (
            f"""update marts.fct_identity_checks set bound_yuan = bound_yuan + 0.001
                where document_id = '{GAOPING}' and identity_id = 'b05.row' and line_no = 286""",
        ),
        {"verdicts.bound_from_operands": CRITICAL},
    ),
    "a share that its bound contradicts": (
        (
            """update marts.fct_identity_checks set difference_ratio = bound_ratio + 0.000001
               where identity_id = 'n.share.b03'""",
        ),
        {"verdicts.follow_from_figures": CRITICAL},
    ),
    "an unknown verdict": (
        (
            f"""update marts.fct_identity_checks set verdict = 'fine'
                where document_id = '{GAOPING}' and identity_id = 'b12.leaves'""",
        ),
        {
            "verdicts.words": CRITICAL,
            "verdicts.b12.leaves": WARNING,
            "verdicts.follow_from_figures": CRITICAL,
        },
    ),
    "no reason given": (
        (
            f"""update marts.fct_identity_checks set reason = null
                where document_id = '{GAOPING}' and verdict = 'not_assessable'""",
        ),
        {"verdicts.reasons": CRITICAL},
    ),
    "a table set aside": (
        (
            f"""update marts.fct_identity_checks set reason = 'table_set_aside'
                where document_id = '{GAOPING}' and identity_id = 'b07.tree'""",
        ),
        {"verdicts.readable": INFO},
    ),
    "a verdict given twice": (
        (
            f"""insert into marts.fct_identity_checks select * from marts.fct_identity_checks
                where document_id = '{GAOPING}' and identity_id = 'b01.balance'""",
        ),
        {"verdicts.key": CRITICAL},
    ),
    "an identity of one document not judged": (
        (
            f"""delete from marts.fct_identity_checks
                where document_id = '{GAOPING}' and identity_id = 'b03.tree'""",
        ),
        {"coverage.identities": CRITICAL},
    ),
    "a row not judged": (
        (
            f"""delete from marts.fct_identity_checks
                where document_id = '{GAOPING}' and identity_id = 'b03.row' and line_no = 200""",
        ),
        {"coverage.instances": CRITICAL},
    ),
    "a total not judged": (
        (
            f"""delete from marts.fct_identity_checks
                where document_id = '{FINAL}' and identity_id = 'f03.leaves' and instance like '%:total'""",
        ),
        {"coverage.instances": CRITICAL},
    ),
    "an identity judged nowhere": (
        ("delete from marts.fct_identity_checks where identity_id = 'b11.row'",),
        {"verdicts.b11.row": CRITICAL, "coverage.identities": CRITICAL},
    ),
    "a row of a table lost": (
        (f"delete from marts.fct_amounts where document_id = '{GAOPING}' and line_no = 116",),
        {"row_counts.rows": CRITICAL, "row_counts.figures": CRITICAL},
    ),
    "a figure lost": (
        (
            f"""delete from marts.fct_amounts
                where document_id = '{GAOPING}' and statement_code = 'b05' and line_no = 286
                    and column_code = 'project'""",
        ),
        {"row_counts.figures": CRITICAL},
    ),
    "a table in another state": (
        (
            f"""update raw.tables set state = 'blank'
                where document_id = '{GAOPING}' and statement_code = 'b07'""",
        ),
        {"row_counts.states": CRITICAL},
    ),
    "a leaf amount changed in the fact": (
        (
            f"""update marts.fct_expenditure_by_subject
                set amount_yuan = amount_yuan + 100, printed_amount = printed_amount
                where document_id = '{GAOPING}' and subject_code = '2240101'""",
        ),
        {"provenance.leaves_are_amounts": CRITICAL},
    ),
    "a leaf lost from the fact": (
        (
            f"""delete from marts.fct_expenditure_by_economic_category
                where document_id = '{FINAL}' and economic_code = '30101'""",
        ),
        {"leaf_sums.add_up": CRITICAL},
    ),
    "a leaf twice in the fact": (
        (
            f"""insert into marts.fct_three_public select * from marts.fct_three_public
                where document_id = '{FINAL}' and phase = 'adjusted'""",
        ),
        {"leaf_sums.add_up": CRITICAL},
    ),
    "a figure twice": (
        (
            f"""insert into marts.fct_amounts select * from marts.fct_amounts
                where document_id = '{GAOPING}' and line_no = 301 and column_code = 'total'""",
        ),
        {"codes.key": CRITICAL, "row_counts.figures": CRITICAL},
    ),
    "a figure without its document": (
        (
            drop_not_null("document_id", "fct_statistics"),
            "update marts.fct_statistics set document_id = null where row_role = 'item'",
        ),
        {
            "provenance.document_id": CRITICAL,
            "row_counts.rows": CRITICAL,
            "row_counts.figures": CRITICAL,
        },
    ),
    "a figure without its number": (
        (
            drop_not_null("printed_amount", "fct_statistics"),
            "update marts.fct_statistics set printed_amount = null where row_role = 'total'",
        ),
        {"provenance.printed_amount": CRITICAL},
    ),
    "a subject that is no code": (
        (
            f"""update marts.fct_amounts set subject_code = '20a'
                where document_id = '{GAOPING}' and subject_code = '208' and statement_code = 'b02'""",
        ),
        {"codes.subject_code": CRITICAL},
    ),
    "an economic category of the wrong scheme": (
        ("update marts.fct_amounts set economic_code = '50501' where economic_code = '30101'",),
        {"codes.economic_code": CRITICAL},
    ),
    "a government category of the wrong scheme": (
        ("update marts.fct_amounts set government_economic_code = '30102' where economic_code = '30102'",),
        {"codes.government_economic_code": CRITICAL},
    ),
    "a row without its code": (
        ("update marts.fct_amounts set subject_code = null where subject_code = '2240101'",),
        {"codes.coded": CRITICAL},
    ),
    "an unknown phase": (
        ("update marts.fct_amounts set phase = 'planned' where statement_code = 'b05'",),
        {"codes.phase": CRITICAL},
    ),
    "no phase": (
        (drop_not_null("phase"), "update marts.fct_amounts set phase = null where statement_code = 'f05'"),
        {"codes.phase_given": CRITICAL},
    ),
    "an unknown direction": (
        ("update marts.fct_amounts set direction = 'out' where statement_code = 'b07' or line_no = 200",),
        {"codes.direction": CRITICAL},
    ),
    "an unknown origin": (
        ("update marts.fct_amounts set origin = 'elsewhere' where statement_code = 'b05'",),
        {"codes.origin": CRITICAL},
    ),
    "an unknown fund": (
        ("update marts.fct_amounts set fund_code = 'lottery' where statement_code = 'b05'",),
        {"codes.fund": CRITICAL},
    ),
    "another year": (
        ("update marts.fct_amounts set fiscal_year = 2023 where statement_code = 'f05'",),
        {"codes.fiscal_year": CRITICAL},
    ),
    "a unit that is no unit": (
        ("update marts.fct_amounts set unit_id = '020' where statement_code = 'f05'",),
        {"codes.unit_id": CRITICAL},
    ),
    "no last digit": (
        ("update marts.fct_amounts set quantum_yuan = 0 where statement_code = 'f05'",),
        {"codes.quantum": CRITICAL},
    ),
    "an amount without a line": (
        (
            drop_not_null("line_no"),
            f"""update marts.fct_amounts set line_no = null
                where document_id = '{GAOPING}' and statement_code = 'b05' and line_no = 286
                    and column_code = 'total'""",
        ),
        {"provenance.line_no": CRITICAL},
    ),
    "a line that no document has": (
        ("update marts.fct_project_budgets set line_no = 0 where statement_code = 'b13'",),
        {"provenance.line_no_counts_from_one": CRITICAL, "provenance.leaves_are_amounts": CRITICAL},
    ),
    "an amount without its column": (
        (
            drop_not_null("printed_column"),
            "update marts.fct_amounts set printed_column = null where statement_code = 'b05'",
        ),
        {"provenance.printed_column": CRITICAL},
    ),
    "an amount without its label": (
        ("update marts.fct_amounts set printed_label = null where statement_code = 'b05'",),
        {"provenance.printed_label": CRITICAL},
    ),
    "an amount that is not the printed one": (
        ("update marts.fct_amounts set amount_yuan = amount_yuan + 0.01 where statement_code = 'b05'",),
        {"provenance.amount_is_the_printed_one": CRITICAL},
    ),
    "a fact that is empty": (
        ("delete from marts.fct_income",),
        {"provenance.facts": CRITICAL, "leaf_sums.add_up": CRITICAL},
    ),
}


def pack_harms() -> list[tuple[str, ...]]:
    """Harms that different expectations find go together: a judgement of the whole warehouse takes seconds."""
    packs: list[list[str]] = []
    for harm, (_, expected) in HARMS.items():
        fitting = (pack for pack in packs if not any(HARMS[other][1].keys() & expected for other in pack))
        pack = next(fitting, None)
        if pack is None:
            packs.append(pack := [])
        pack.append(harm)
    return [tuple(pack) for pack in packs]


@pytest.mark.parametrize("harms", pack_harms(), ids=lambda harms: f"{len(harms)}_harms")
def test_each_harm_is_found_by_the_expectation_that_is_about_it(harms: tuple[str, ...], spoil: Any) -> None:
    outcome = judge(spoil(*(statement for harm in harms for statement in HARMS[harm][0])))
    expected = {one: severity for harm in harms for one, severity in HARMS[harm][1].items()}
    assert list_failures(outcome) == expected
    assert {failure.id for failure in outcome.blocking} == {
        one for one, severity in expected.items() if severity == CRITICAL
    }


def test_a_document_or_table_that_is_no_code_is_told(spoil: Any) -> None:
    """These two cut a figure off from its document and table, so that much else fails too."""
    database = spoil(
        f"update marts.fct_amounts set document_id = 'gaoping' where document_id = '{GAOPING}' and line_no = 286",
        f"update marts.fct_amounts set statement_code = 'b5' where document_id = '{GAOPING}' and line_no = 287",
    )
    failures = list_failures(judge(database))
    assert {"codes.document_id", "codes.statement_code", "codes.fiscal_year"} <= failures.keys()


def test_every_expectation_is_seen_to_fail(healthy: ExpectationsOutcome) -> None:
    """An expectation that cannot fail is worse than none. Those of one pattern are seen once."""
    seen = {one for _, expected in HARMS.values() for one in expected}
    seen |= {
        "row_counts.documents",
        "leaf_sums.publishers_totals",
        "codes.document_id",
        "codes.statement_code",
    }
    unseen = {
        one.id
        for suite in healthy.suites
        for one in suite.expectations
        if one.id not in seen and not one.id.endswith(".not_empty") and not one.words.startswith("【")
    }
    assert unseen == set()


def test_a_broken_verdict_blocks_only_when_strict_and_not_once_explained(spoil: Any) -> None:
    lenient = judge(spoil(*PUBLISHERS_ERROR))
    assert lenient.is_success
    strict = replace(lenient, is_strict=True)
    assert [failure.id for failure in strict.blocking] == ["verdicts.b03.row"]
    example = strict.blocking[0].examples[0]
    assert (example.document_id, example.line_no, example.identity_id) == (GAOPING, 197, "b03.row")
    assert f"{GAOPING}:197" in strict.blocking[0].describe()
    excused = judge(
        spoil(
            *(statement.replace("line_no = 197", "line_no in (197, 198)") for statement in PUBLISHERS_ERROR),
            "update marts.fct_identity_checks set is_explained = true where verdict = 'broken' and line_no = 197",
            "update marts.fct_identity_checks set kind = 'hint' where verdict = 'broken' and line_no = 198",
        ),
        strict=True,
    )
    assert excused.failures == []


def test_a_total_the_publisher_got_wrong_is_no_fault_of_the_fact(spoil: Any) -> None:
    """Else one typo on paper would keep the whole warehouse from being published."""
    database = spoil(
        *PUBLISHERS_ERROR,
        f"delete from marts.fct_expenditure_by_subject where document_id = '{GAOPING}' and subject_code = '2240101'",
    )
    assert list_failures(judge(database)) == {
        "verdicts.b03.row": WARNING,
        "leaf_sums.publishers_totals": INFO,
    }


def test_a_recorded_document_that_is_not_there_is_told(spoil: Any) -> None:
    tables = [
        "dim_documents",
        "fct_amounts",
        "fct_statistics",
        "fct_identity_checks",
        "fct_identity_operands",
    ]
    facts = ["fct_income", "fct_expenditure_by_subject", "fct_expenditure_by_economic_category"]
    statements = [f"delete from marts.{table} where document_id = '{FINAL}'" for table in [*tables, *facts]]
    statements.append(f"delete from marts.fct_three_public where document_id = '{FINAL}'")
    assert list_failures(judge(spoil(*statements))) == {"row_counts.documents": WARNING}


@pytest.mark.parametrize(
    ("table", "suites"),
    [("fct_identity_checks", {"verdicts", "coverage"}), ("fct_amounts", {"codes", "leaf_sums"})],
)
def test_an_empty_mart_fails(table: str, suites: set[str], spoil: Any) -> None:
    outcome = judge(spoil(f"delete from marts.{table}"))
    failed = {failure.suite for failure in outcome.blocking}
    assert suites <= failed
    assert f"{'verdicts' if table == 'fct_identity_checks' else 'codes'}.not_empty" in list_failures(outcome)


# --- suite files ----------------------------------------------------------------------------------


def write_suite(folder: Path, **changes: Any) -> Path:
    """A small sound suite with some changes; a change to None leaves the key out."""
    words = {"words": "词", "words_en": "words", "advice": "查", "advice_en": "look", "severity": "critical"}
    content: dict[str, Any] = {
        "suite": "small",
        "title": "小",
        "title_en": "small",
        "purpose": "试",
        "purpose_en": "a test",
        "rows_owed": True,
        "sql": "select document_id, statement_code from marts.fct_amounts",
        "examples": ["document_id"],
        "expectations": [
            {
                "id": "small.key",
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "document_id"},
                **words,
            }
        ],
    }
    content |= changes
    path = folder / "small.yaml"
    path.write_text(
        yaml.safe_dump({key: value for key, value in content.items() if value is not None}), encoding="utf-8"
    )
    return path


def make_expectation(folder: Path, **changes: Any) -> list[dict[str, Any]]:
    content = yaml.safe_load(write_suite(folder).read_text(encoding="utf-8"))
    return [content["expectations"][0] | changes]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"owner": "nobody"}, "owner: Extra inputs"),
        ({"title_en": None}, "title_en: Field required"),
        ({"suite": "large"}, "called large"),
        ({"expectations": []}, "expectations"),
    ],
)
def test_an_unsound_suite_file_is_refused_with_its_name(
    change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(SuiteError, match=told) as refused:
        read_suite(write_suite(tmp_path, **change))
    assert "small.yaml" in str(refused.value)


@pytest.mark.parametrize("change", [{"colour": "red"}, {"severity": "fatal"}, {"type": "not_null"}])
def test_an_unsound_expectation_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    path = write_suite(tmp_path, expectations=make_expectation(tmp_path, **change))
    with pytest.raises(SuiteError, match=r"small\.yaml: expectations\.0"):
        read_suite(path)


def test_two_expectations_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"two expectations are called small\.key"):
        read_suite(write_suite(tmp_path, expectations=make_expectation(tmp_path) * 2))


def test_a_folder_without_suites_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suites"):
        read_suites(tmp_path)


def run_small(database: Path, folder: Path, **changes: Any) -> ExpectationsOutcome:
    write_suite(folder, **changes)
    return run_expectations(database, folder / "docs", suites=folder)


def test_a_sound_small_suite_passes(built_database: Path, tmp_path: Path) -> None:
    outcome = run_small(built_database, tmp_path)
    assert [one.id for one in outcome.suites[0].expectations] == ["small.not_empty", "small.key"]
    assert outcome.is_success


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sql": "select nothing from nowhere"}, "small: the query fails"),
        ({"sql": "select document_id, amount_yuan from marts.fct_amounts"}, r"amount_yuan \(DECIMAL"),
        ({"sql": "select document_id, sum(1) as n from marts.fct_amounts group by all"}, r"n \(HUGEINT"),
        ({"examples": ["line_no"]}, "line_no"),
    ],
)
def test_a_query_that_cannot_be_trusted_is_refused(
    change: dict[str, Any], told: str, built_database: Path, tmp_path: Path
) -> None:
    with pytest.raises(SuiteError, match=told):
        run_small(built_database, tmp_path, **change)


@pytest.mark.parametrize(
    "change", [{"type": "expect_the_unexpected"}, {"kwargs": {"column": "document_id", "colour": "red"}}]
)
def test_an_expectation_that_great_expectations_does_not_know_is_refused(
    change: dict[str, Any], built_database: Path, tmp_path: Path
) -> None:
    with pytest.raises(SuiteError, match=r"small: small\.key cannot be made"):
        run_small(built_database, tmp_path, expectations=make_expectation(tmp_path, **change))


def test_equal_expectations_are_refused_and_not_dropped_in_silence(
    built_database: Path, tmp_path: Path
) -> None:
    twice = make_expectation(tmp_path, for_each="select 'key' as name union all select 'key'")
    with pytest.raises(SuiteError, match=r"small\.key is declared twice"):
        run_small(built_database, tmp_path, expectations=twice)


def test_an_exception_inside_a_result_is_a_failure(built_database: Path, tmp_path: Path) -> None:
    expectations = make_expectation(tmp_path, kwargs={"column": "no_such_column"}, severity="info")
    outcome = run_small(built_database, tmp_path, expectations=expectations)
    assert list_failures(outcome) == {"small.key": CRITICAL}
    assert "no_such_column" in outcome.failures[0].observed


@pytest.mark.parametrize(
    "query",
    [
        "select document_id, cast(null as varchar) as looked_at from marts.fct_amounts",
        "select document_id, 'x' as looked_at from marts.fct_amounts where false",
    ],
)
def test_what_looked_at_nothing_has_proven_nothing(query: str, built_database: Path, tmp_path: Path) -> None:
    expectations = make_expectation(
        tmp_path,
        type="expect_column_values_to_be_in_set",
        kwargs={"column": "looked_at", "value_set": ["x"]},
        severity="warning",
    )
    outcome = run_small(built_database, tmp_path, sql=query, rows_owed=False, expectations=expectations)
    assert list_failures(outcome) == {"small.key": CRITICAL}
    page = (tmp_path / "docs" / "small.html").read_text(encoding="utf-8")
    assert "通过 passed" not in page.replace("未通过 failed", "")
    allowed = [expectations[0] | {"may_find_nothing": True}]
    assert run_small(built_database, tmp_path, sql=query, rows_owed=False, expectations=allowed).is_success


def test_progress_names_each_suite(built_database: Path, tmp_path: Path) -> None:
    write_suite(tmp_path)
    seen: list[tuple[int, int, str]] = []
    run_expectations(
        built_database, tmp_path / "docs", suites=tmp_path, on_progress=lambda *step: seen.append(step)
    )
    assert seen == [(0, 1, "小 small"), (1, 1, "")]


def test_the_run_is_quiet_and_leaves_nothing_behind(
    built_database: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_small(built_database, tmp_path)
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "small.yaml"]


# --- Data Docs ------------------------------------------------------------------------------------

OUTSIDE = re.compile(
    r"""<script|@import|url\(|(?:src|href|action)\s*=\s*(?!["']?(?:#|data:,|[a-z_]+\.html))"""
)


def test_data_docs_ask_nothing_of_the_network(healthy: ExpectationsOutcome) -> None:
    pages = list(healthy.data_docs.parent.iterdir())
    assert {page.name for page in pages} == {
        "index.html",
        *(f"{path.stem}.html" for path in SUITES.glob("*.yaml")),
    }
    for page in pages:
        assert OUTSIDE.findall(page.read_text(encoding="utf-8")) == []


def test_data_docs_name_each_identity_in_two_languages(healthy: ExpectationsOutcome) -> None:
    page = (healthy.data_docs.parent / "verdicts.html").read_text(encoding="utf-8")
    assert "b03.row 【表内横向（分项与合计）】表三 预算支出总表：合计 = 基本支出 + 项目支出" in page
    assert "[across a row (parts and total)] expenditure by function subject: total = basic + project" in page
    assert "✔ 通过 passed" in page
    assert "✘" not in page
    assert "fa-" not in page


def test_data_docs_show_a_failure_with_its_line_and_escape_what_is_printed(
    spoil: Any, tmp_path: Path
) -> None:
    (tmp_path / "suites").mkdir()
    shutil.copy(SUITES / "codes.yaml", tmp_path / "suites")
    outcome = judge(
        spoil(
            """update marts.fct_amounts set printed_label = '<b>&', subject_code = 'x'
               where subject_code = '2240101'"""
        ),
        suites=tmp_path / "suites",
    )
    page = (outcome.data_docs.parent / "codes.html").read_text(encoding="utf-8")
    index = outcome.data_docs.read_text(encoding="utf-8")
    for text in (page, index):
        assert "codes.subject_code" in text
        assert "妨碍发布 blocks publishing" in text
        assert "&lt;b&gt;&amp;" in text
        assert "<b>&" not in text
        assert f"<td>{GAOPING}</td>" in text
