"""Patterns that are asked together say what each of them says alone."""

from __future__ import annotations

import re

import pytest

from ingest.patterns import Cues, find_last_characters, join_patterns

PATTERNS = [r"^年", r"^(?:月|日)", r"^一|二", r"^[一|二]三", r"^[\]|]三", r"^一\|三", r"年$", r"(?:^年|日)"]
TEXTS = [
    "",
    "年",
    "一年",
    "年一",
    "月",
    "一月",
    "日一",
    "一二",
    "三二",
    "二三",
    "三二三",
    "|三",
    "三|三",
    "一|三",
    "三一|三",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_cues_find_what_a_search_finds(pattern: str) -> None:
    cues = Cues([pattern])
    assert [cues.are_in(text) for text in TEXTS] == [re.search(pattern, text) is not None for text in TEXTS]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_cues_from_a_place_on_know_no_text_before_it(pattern: str) -> None:
    cues = Cues([pattern])
    assert [cues.are_in(f"年{text}", 1) for text in TEXTS] == [cues.are_in(text) for text in TEXTS]


def test_several_cues_are_any_of_them() -> None:
    cues = Cues(["^年", "日", "^一|二"])
    assert [cues.are_in(text) for text in ("年三", "三年", "三日", "三二", "三")] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert not Cues([]).are_in("年")
    assert join_patterns([]).search("") is None


def test_the_last_character_is_known_only_where_it_is_owed() -> None:
    assert find_last_characters(["^.*目标(申报)?表$", "明细单$"]) == {"表", "单"}
    for open_end in ("表", "表?$", "(?:表)$", r"\表$", "一表|二表$", "[一表]$", r"\d$"):
        assert find_last_characters(["表$", open_end]) is None
