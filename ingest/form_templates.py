"""Templates of the performance forms: the labels a form is read by, as strictly validated YAML.

A form is no grid: its columns shift, halve and vanish in conversion, so a template names labels
and their order, never places. See ``ingest/templates.py`` for those of the official tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingest.issues import InvalidTemplate
from ingest.patterns import Pattern, join_patterns
from ingest.templates import TEMPLATE_FOLDER, DocumentKind, Identifier, Words, YearSpan, _locate, read_yaml
from ingest.words import fold

Mark = Literal["weight", "score"]
FieldName = Literal["project_name", "department", "unit_name", "project_kind", "project_term"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AmountRule(_Strict):
    """A label beside which an amount stands; its nth place on a line is the nth block."""

    row: Identifier
    blocks: tuple[Identifier, ...] = Field(min_length=1)
    labels: tuple[Words, ...] = Field(min_length=1)


class CountRule(_Strict):
    """A label beside which a number of people or bodies stands, with its unit (123人)."""

    row: Identifier
    labels: tuple[Words, ...] = Field(min_length=1)


class FigureRule(_Strict):
    """A header over figures that stand side by side."""

    header: tuple[Pattern, ...] = Field(min_length=2)
    # What stands below the first word of the header, where it is over several columns.
    first_parts: tuple[Pattern, ...] = ()
    columns: tuple[Identifier, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _has_a_word_for_each_column(self) -> FigureRule:
        words = len(self.header) + max(len(self.first_parts) - 1, 0)
        if words != len(self.columns):
            raise ValueError(f"the header is over {words} columns, and `columns` names {len(self.columns)}")
        return self

    @cached_property
    def header_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.header))

    @cached_property
    def part_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.first_parts))


class FormTemplate(_Strict):
    """One kind of performance form, by its labels."""

    template: Identifier
    statement: Annotated[str, Field(pattern=r"^[a-z]\d\d$")]
    document_kind: DocumentKind
    years: YearSpan = YearSpan()
    titles: tuple[Pattern, ...] = Field(min_length=1)
    fields: Mapping[FieldName, tuple[Words, ...]] = Field(min_length=1)
    # The label that names the unit of money. There is no default: without it no amount is read.
    unit: Pattern
    amounts: tuple[AmountRule, ...] = Field(min_length=1)
    counts: tuple[CountRule, ...] = ()
    # Whether the publisher prints a dash for no amount; elsewhere one may be all that is left of an amount.
    dash_is_blank: bool = False
    figures: FigureRule | None = None
    # Labels of running text, which is never kept.
    texts: tuple[Pattern, ...] = ()
    totals: tuple[Words, ...] = ()
    grades: tuple[Words, ...] = ()
    indicator_labels: tuple[Words, ...] = Field(min_length=1)
    indicator_blocks: tuple[Identifier, ...] = Field(min_length=1, max_length=2)
    # What an indicator prints before its marks; empty for an indicator of one value.
    indicator_columns: tuple[Identifier, ...] = ()
    # The numbers at an indicator's end: what it can score, and in an evaluation what it scored.
    indicator_marks: tuple[Mark, ...] = Field(default=("weight", "score"), min_length=1)
    notes: tuple[Pattern, ...] = ()
    # Lines above a title that number the forms of an annex.
    headings: tuple[Pattern, ...] = ()
    levels: Mapping[Words, Mapping[Words, tuple[Words, ...]]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> FormTemplate:
        if "unit" not in re.compile(self.unit).groupindex:
            raise ValueError("`unit` must have a group named `unit`")
        seen: set[tuple[str, str]] = set()
        for rule in self.amounts:
            for label in rule.labels:
                for block in rule.blocks:
                    if (fold(label), block) in seen:
                        raise ValueError(f"overlap: the label `{label}` stands twice in block `{block}`")
                    seen.add((fold(label), block))
        words = [fold(word) for group in self.levels.values() for found in group.values() for word in found]
        if double := next((word for word in words if words.count(word) > 1), None):
            raise ValueError(f"overlap: two indicators of level 2 are printed `{double}`")
        return self

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.titles)

    @cached_property
    def unit_pattern(self) -> re.Pattern[str]:
        return re.compile(self.unit)

    @cached_property
    def is_text(self) -> Callable[[str], bool]:
        """Tells whether a label is one of running text: forms print the same few again and again."""
        pattern = join_patterns(self.texts)
        return lru_cache(maxsize=4096)(lambda label: pattern.fullmatch(label) is not None)

    @cached_property
    def heading_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.headings)

    @cached_property
    def note_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.notes)

    @cached_property
    def field_labels(self) -> Mapping[str, FieldName]:
        return {fold(label): name for name, labels in self.fields.items() for label in labels}

    @cached_property
    def first_labels(self) -> frozenset[str]:
        """The labels of the field that opens the form."""
        return frozenset(label for label, name in self.field_labels.items() if name == self.first_field)

    @cached_property
    def folded_totals(self) -> frozenset[str]:
        return frozenset(map(fold, self.totals))

    @cached_property
    def folded_indicator_labels(self) -> frozenset[str]:
        return frozenset(map(fold, self.indicator_labels))

    @cached_property
    def first_field(self) -> FieldName:
        """The field that opens the form: where it stands again, another form has begun."""
        return next(iter(self.fields))

    @cached_property
    def amount_labels(self) -> Mapping[str, tuple[AmountRule, ...]]:
        labels: dict[str, tuple[AmountRule, ...]] = {}
        for rule in self.amounts:
            for label in rule.labels:
                labels[fold(label)] = (*labels.get(fold(label), ()), rule)
        return labels

    @cached_property
    def count_labels(self) -> Mapping[str, CountRule]:
        return {fold(label): rule for rule in self.counts for label in rule.labels}

    @cached_property
    def level_2_words(self) -> Mapping[str, tuple[str, str]]:
        """Printed words of level 2, each with its level 1 and its own name."""
        return {
            fold(word): (first, second)
            for first, group in self.levels.items()
            for second, words in group.items()
            for word in words
        }

    @cached_property
    def level_1_words(self) -> Mapping[str, str]:
        # 成本指标 was of level 2 before it became one of level 1; where it is both, it is read as level 2.
        return {fold(word): word for word in self.levels if fold(word) not in self.level_2_words}


def load_form_templates(folder: Path = TEMPLATE_FOLDER) -> tuple[FormTemplate, ...]:
    """Read the templates of forms; raise InvalidTemplate for the first bad file."""
    templates: list[FormTemplate] = []
    for path in sorted((folder / "forms").glob("*.yaml")):
        template = read_yaml(path, FormTemplate)
        if template.template != path.stem:
            line = _locate(yaml.compose(path.read_text(encoding="utf-8")), ("template",))
            raise InvalidTemplate(
                f"{path.name}:{line}: template `{template.template}` must stand in {template.template}.yaml"
            )
        templates.append(template)
    return tuple(templates)


@lru_cache(maxsize=1)
def get_form_templates() -> tuple[FormTemplate, ...]:
    """Return the templates of forms that come with the project."""
    return load_form_templates()
