"""The cookbook: questions people ask, the SQL that answers them, and the answers, kept as Markdown.

``python -m yusuan.cookbooks`` (``make cookbook``) writes the answers anew from the published file; the
change is then read like any other. A recipe is a file of ``docs/cookbook``: the question in Chinese as
its heading, in English below it, notes, one block of SQL, and the answer as a table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from yusuan.places import PROJECT, Home
from yusuan.selections import open_published

COOKBOOK = PROJECT / "docs" / "cookbook"
ANSWER = "**答案 Answer**"
RECIPE = re.compile(
    r"# (?P<title>[^\n]+)\n\n(?P<title_en>[^\n]+)\n\n(?P<notes>.*?)```sql\n(?P<sql>.*?)\n```\n(?P<answer>.*)",
    re.DOTALL,
)


class BrokenRecipe(Exception):
    """A file of the cookbook that is not laid out as a recipe."""


@dataclass(frozen=True)
class Recipe:
    """A question with its SQL; ``answer`` is what the file says, a Markdown table."""

    path: Path
    title: str
    title_en: str
    notes: str
    sql: str
    answer: str

    @property
    def name(self) -> str:
        return self.path.stem


def read_recipe(path: Path) -> Recipe:
    """Return the recipe of a file; raise BrokenRecipe with the file's name if it is none."""
    match = RECIPE.fullmatch(path.read_text(encoding="utf-8"))
    if not match:
        raise BrokenRecipe(f"{path.name}: expected a heading, the question in English, notes, SQL, an answer")
    parts = {name: text.strip() for name, text in match.groupdict().items()}
    answer = parts.pop("answer").removeprefix(ANSWER).strip()
    return Recipe(path, **parts, answer=answer)


def read_recipes(folder: Path = COOKBOOK) -> list[Recipe]:
    """Return the recipes in their order."""
    return [read_recipe(path) for path in sorted(folder.glob("[0-9]*.md"))]


def answer_recipe(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> str:
    """Return what the warehouse answers, as a Markdown table; raise BrokenRecipe if it cannot."""
    try:
        cursor = connection.execute(recipe.sql)
    except duckdb.Error as error:
        raise BrokenRecipe(f"{recipe.path.name}: {error}") from error
    names = [column[0] for column in cursor.description or ()]
    return lay_out_table(names, cursor.fetchall())


def lay_out_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as a Markdown table; numbers stand to the right."""
    texts = [[_say(value) for value in row] for row in rows]
    rights = [
        bool(rows)
        and all(
            isinstance(row[i], (int, float)) or hasattr(row[i], "as_tuple") or row[i] is None for row in rows
        )
        for i in range(len(names))
    ]
    lines = [names, ["---:" if right else "---" for right in rights], *texts]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _say(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("|", "\\|").replace("\n", " ")


def write_answers(connection: duckdb.DuckDBPyConnection, folder: Path = COOKBOOK) -> list[Path]:
    """Write every answer anew, and the list of recipes; return the files that changed."""
    changed = []
    recipes = read_recipes(folder)
    for recipe in recipes:
        notes = f"{recipe.notes}\n\n" if recipe.notes else ""
        text = (
            f"# {recipe.title}\n\n{recipe.title_en}\n\n{notes}```sql\n{recipe.sql}\n```\n\n"
            f"{ANSWER}\n\n{answer_recipe(connection, recipe)}\n"
        )
        if _replace_text(recipe.path, text):
            changed.append(recipe.path)
    index = folder / "README.md"
    if _replace_text(index, list_recipes(recipes)):
        changed.append(index)
    return changed


def list_recipes(recipes: Sequence[Recipe]) -> str:
    """Return the cookbook's first page."""
    rows = "\n".join(f"| [{recipe.title}]({recipe.path.name}) | {recipe.title_en} |" for recipe in recipes)
    return (
        "# 查询手册 Cookbook\n\n"
        "每个问题附 SQL 和答案，答案由 `make cookbook` 从数据仓库生成，测试逐一核对。金额单位在列名中注明。\n"
        "Each question with its SQL and its answer; `make cookbook` writes the answers from the warehouse, and\n"
        "tests compare them. The unit of money stands in the column's name.\n\n"
        f"| 问题 | Question |\n|---|---|\n{rows}\n"
    )


def _replace_text(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def main() -> None:
    """Write the answers from the published file (or the one named)."""
    database = Path(sys.argv[1]) if len(sys.argv) > 1 else Home.find().published_database
    with open_published(database) as connection:
        for path in write_answers(connection):
            print(path)


if __name__ == "__main__":
    main()
