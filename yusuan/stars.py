"""The star's shape as the models declare it: what a row of each mart is, and which keys lead where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from yusuan.places import PROJECT

# A column that leads to a dimension's key under a name of its own.
ROLES = {"government_economic_code": "economic_code"}
# Held beside a code for the years in which it bore a name: joined by fiscal_year, not a key of its own.
SPANS = frozenset({"valid_from_year"})


@dataclass(frozen=True)
class Mart:
    """A mart: its columns, and ``grain``, those of them that tell its rows apart."""

    name: str
    columns: tuple[str, ...]
    grain: tuple[str, ...]

    @property
    def is_dimension(self) -> bool:
        return self.name.startswith("dim_")

    @property
    def key(self) -> tuple[str, ...]:
        """The columns by which others refer to a dimension."""
        return tuple(column for column in self.grain if column not in SPANS)

    @property
    def has_spans(self) -> bool:
        return any(column in SPANS for column in self.grain)


@dataclass(frozen=True)
class Edge:
    """A mart's column leads to a dimension's; ``by_year``: together with the fiscal year."""

    mart: str
    column: str
    dimension: str
    key: str
    by_year: bool


@cache
def read_marts() -> tuple[Mart, ...]:
    """Return the marts that the project's models declare, in their order."""
    found = []
    for path in sorted((PROJECT / "models" / "marts").glob("_*.yml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [_read_mart(model) for model in declared.get("models", [])]
    return tuple(found)


def _read_mart(model: dict[str, Any]) -> Mart:
    grains = [
        test["unique_grain"]["arguments"]["columns"]
        for test in model.get("data_tests", [])
        if isinstance(test, dict) and "unique_grain" in test
    ]
    columns = tuple(column["name"] for column in model.get("columns", []))
    return Mart(model["name"], columns, tuple(grains[0]) if grains else ())


@cache
def find_edges() -> tuple[Edge, ...]:
    """Return every way from a mart to a dimension: a column that bears the name of the dimension's key."""
    marts = read_marts()
    keys = {mart.key[0]: mart for mart in marts if mart.is_dimension and len(mart.key) == 1}
    edges = []
    for mart in marts:
        for column in mart.columns:
            dimension = keys.get(ROLES.get(column, column))
            if dimension and dimension is not mart:
                edges.append(Edge(mart.name, column, dimension.name, dimension.key[0], dimension.has_spans))
    return tuple(edges)
