"""The cookbook: every query runs on the built warehouse and answers what the file says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yusuan.cookbooks import (
    COOKBOOK,
    BrokenRecipe,
    Recipe,
    answer_recipe,
    lay_out_table,
    list_recipes,
    read_recipe,
    read_recipes,
)
from yusuan.selections import open_published

RECIPES = read_recipes()


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_answers_what_it_says(built_database: Path, recipe: Recipe) -> None:
    """If the figures changed for a reason: `make cookbook`, and read the change against the paper."""
    with open_published(built_database) as connection:
        assert answer_recipe(connection, recipe) == recipe.answer


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_asks_in_two_languages(recipe: Recipe) -> None:
    assert re.search("[\u4e00-\u9fff].*？$", recipe.title)
    assert recipe.title_en.isascii() or "三公" in recipe.title_en or "住房公积金" in recipe.title_en
    assert recipe.title_en.endswith("?")
    # Rows without an order could come in another one tomorrow.
    assert "\norder by " in recipe.sql


def test_the_first_page_lists_every_recipe() -> None:
    assert (COOKBOOK / "README.md").read_text("utf-8") == list_recipes(RECIPES)
    assert len(RECIPES) >= 20


def test_what_is_no_recipe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "01-nothing.md"
    path.write_text("# 问题\n\nNo query here.\n", encoding="utf-8")
    with pytest.raises(BrokenRecipe, match=r"01-nothing\.md"):
        read_recipe(path)


@pytest.mark.slow
def test_a_query_that_fails_names_its_recipe(built_database: Path, tmp_path: Path) -> None:
    path = tmp_path / "01-wrong.md"
    path.write_text("# 问？\n\nWhat?\n\n```sql\nselect nothing\n```\n\n**答案 Answer**\n", encoding="utf-8")
    with open_published(built_database) as connection, pytest.raises(BrokenRecipe, match=r"01-wrong\.md"):
        answer_recipe(connection, read_recipe(path))


def test_a_table_keeps_blanks_and_bars() -> None:
    assert lay_out_table(["a", "b"], [(1, "x|y"), (None, None)]) == "\n".join(
        ("| a | b |", "| ---: | --- |", "| 1 | x\\|y |", "|  |  |")
    )
