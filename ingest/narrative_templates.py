"""What narratives say and how: sections, items, words, read strictly from ``ingest/templates/narratives``.

A slip in these files is refused with its file and line; what they do not cover is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingest.issues import InvalidTemplate
from ingest.patterns import Cues, Pattern, join_patterns
from ingest.templates import TEMPLATE_FOLDER, DocumentKind, _locate, read_yaml
from ingest.words import fold

NARRATIVE_FOLDER = TEMPLATE_FOLDER / "narratives"

Measure = Literal["amount", "share", "change_amount", "change_ratio", "count", "area", "deviation"]
UnitKind = Literal["money", "ratio", "count", "area"]
Sign = Literal["+", "-"]

_ITEM = r"^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$"
# Items that are in no layout: a reason's figure, a difference from the plan, what nothing explains.
REASON, PLAN_DEVIATION, UNATTRIBUTED = "reason", "plan_deviation", "unattributed"
MEASURES: dict[UnitKind, Measure] = {"money": "amount", "count": "count", "area": "area"}

# A heading may name the year of its document, which says nothing of its section.
_HEADING_YEAR = re.compile(r"^20\d\d年度?")
# 关于某局2024年收支总表的说明: whose and which year's is said once more.
_HEADING_FRAME = re.compile(r"^关于(?:[^,。;:]{0,40}?20\d\d年度?)?|的(?=(?:总体)?(?:情况)?说明$)")


Item = Annotated[str, Field(pattern=_ITEM)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exclusion(_Strict):
    """Why a number is no claim: what it looks like, what stands before it, what behind it."""

    reason: Literal["date", "document_number", "ordinal", "threshold"]
    number: Pattern | None = None
    before: Pattern | None = None
    after: Pattern | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Exclusion:
        if self.before is None and self.after is None:
            raise ValueError("`before` or `after` must say when a number is none")
        if self.before is not None and re.search(r"[*+{]", self.before):
            raise ValueError(
                "`before` repeats something: what stands before a number is looked at for a few characters"
            )
        return self

    @cached_property
    def _before(self) -> re.Pattern[str] | None:
        return None if self.before is None else re.compile(f"(?:{self.before})$")

    @cached_property
    def _number(self) -> re.Pattern[str] | None:
        return None if self.number is None else re.compile(self.number)

    @cached_property
    def _after(self) -> Cues | None:
        return None if self.after is None else Cues([self.after])

    def excludes(self, text: str, start: int, end: int) -> bool:
        """Tell whether the number from ``start`` to ``end`` is none by this rule."""
        return (
            (self._number is None or self._number.fullmatch(text, start, end) is not None)
            and (self._after is None or self._after.are_in(text, end))
            # Without repetition a pattern is at least as long as what it matches.
            and (
                self._before is None
                or self._before.search(text, max(start - len(self.before or ""), 0), start) is not None
            )
        )


class Region(_Strict):
    """A stretch of a document that states figures: the lines that begin it and those that end it."""

    starts: tuple[Pattern, ...] = Field(min_length=1)
    ends: tuple[Pattern, ...] = Field(min_length=1)

    @cached_property
    def start_cues(self) -> Cues:
        return Cues(self.starts)

    @cached_property
    def end_cues(self) -> Cues:
        return Cues(self.ends)


class NarrativeWords(_Strict):
    """What all narratives share (``words.yaml``)."""

    regions: tuple[Region, ...] = Field(min_length=1)
    continuations: tuple[Pattern, ...]
    annexes: tuple[Pattern, ...]
    foreign_documents: tuple[Pattern, ...]
    page_numbers: tuple[Pattern, ...]
    units: Mapping[UnitKind, tuple[str, ...]]
    label_heads: tuple[Pattern, ...]
    bodies: tuple[Pattern, ...]
    label_tails: tuple[Pattern, ...]
    increases: tuple[Pattern, ...] = Field(min_length=1)
    decreases: tuple[Pattern, ...] = Field(min_length=1)
    change_tails: tuple[Pattern, ...]
    # 减少为0.5万元 says what is left, no change.
    reached: tuple[Pattern, ...]
    # 年初预算, and 调整预算 or 全年预算: two plans of one year.
    first_plans: tuple[Pattern, ...]
    later_plans: tuple[Pattern, ...]
    # 决算数大于预算数: the account above its plan, below it, or level with it (?P<over> ?P<under> ?P<level>).
    deviations: tuple[Pattern, ...]
    # A unit that lost its last character, by what stands there: 0.40万(含外宾接待支出0万元).
    unit_slips: Mapping[Pattern, str]
    comparisons: tuple[Pattern, ...]
    comparison_bases: tuple[Pattern, ...]
    prior_years: tuple[Pattern, ...]
    plans: tuple[Pattern, ...]
    unchanged: tuple[Pattern, ...]
    shares: tuple[Pattern, ...]
    completions: tuple[Pattern, ...]
    reasons: tuple[Pattern, ...]
    explanations: tuple[Pattern, ...]
    exclusions: tuple[Exclusion, ...]

    # What is asked of every line or number, compiled once.

    @cached_property
    def region_cues(self) -> Cues:
        return Cues(cue for region in self.regions for cue in (*region.starts, *region.ends))

    @cached_property
    def continuation_cues(self) -> Cues:
        return Cues(self.continuations)

    @cached_property
    def page_number_cues(self) -> Cues:
        return Cues(self.page_numbers)

    @cached_property
    def annex_cues(self) -> Cues:
        return Cues(self.annexes)

    @cached_property
    def foreign_cues(self) -> Cues:
        return Cues(self.foreign_documents)

    @cached_property
    def plan_cues(self) -> Cues:
        return Cues(self.plans)

    @cached_property
    def direction_cues(self) -> Cues:
        return Cues((*self.increases, *self.decreases))

    @cached_property
    def explanation_pattern(self) -> re.Pattern[str]:
        return join_patterns(f"(?:{pattern})$" for pattern in self.explanations)

    @cached_property
    def reason_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.reasons)

    @cached_property
    def prior_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.prior_years)

    @cached_property
    def comparison_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.comparisons)

    @cached_property
    def comparison_end(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.comparisons)})$")

    @cached_property
    def comparison_base(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.comparison_bases)})*")

    @cached_property
    def unchanged_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.unchanged))

    @cached_property
    def completion_ends(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(f"(?:{pattern})$") for pattern in self.completions)

    @cached_property
    def share_ends(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(f"(?:{pattern})$") for pattern in self.shares)

    @cached_property
    def _behind_excluded(self) -> Cues:
        return Cues(rule.after for rule in self.exclusions if rule.after and rule.number is None)

    @cached_property
    def _excluded_numbers(self) -> tuple[Exclusion, ...]:
        return tuple(rule for rule in self.exclusions if rule.number is not None)

    @cached_property
    def _before_excluded(self) -> tuple[re.Pattern[str], int]:
        patterns = [rule.before for rule in self.exclusions if rule.before and rule.after is None]
        return re.compile(f"(?:{join_patterns(patterns).pattern})$"), max(map(len, patterns), default=0)

    def find_exclusion(self, text: str, start: int, end: int) -> str | None:
        """Return why the number from ``start`` to ``end`` states nothing; None if it does."""
        pattern, reach = self._before_excluded
        # Most numbers state something: a few looks tell that no rule can say otherwise.
        may_be_none = (
            self._behind_excluded.are_in(text, end)
            or pattern.search(text, max(start - reach, 0), start)
            or any(rule.excludes(text, start, end) for rule in self._excluded_numbers)
        )
        if not may_be_none:
            return None
        return next((rule.reason for rule in self.exclusions if rule.excludes(text, start, end)), None)

    @cached_property
    def folded_units(self) -> dict[str, tuple[str, UnitKind]]:
        """Return each unit as it reads in folded text, longest first, with its name and kind."""
        named = {fold(unit): (unit, kind) for kind, units in self.units.items() for unit in units}
        return dict(sorted(named.items(), key=lambda entry: -len(entry[0])))

    @cached_property
    def deviation_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.deviations))

    @cached_property
    def first_plan_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.first_plans))

    @cached_property
    def later_plan_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.later_plans))

    @cached_property
    def reached_pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.reached)})$")

    @cached_property
    def moved_pattern(self) -> re.Pattern[str]:
        """What was left after a change (减少为0.00万元), up to a comparison that says there was none."""
        units = "|".join(map(re.escape, self.folded_units))
        return re.compile(
            rf"(?:{'|'.join(self.reached)})[\d,.]+(?:{units}),?(?:{'|'.join(self.comparisons)})$"
        )

    @cached_property
    def slipped_units(self) -> tuple[tuple[re.Pattern[str], str, UnitKind], ...]:
        kinds = dict(self.folded_units.values())
        return tuple((re.compile(slip), unit, kinds[unit]) for slip, unit in self.unit_slips.items())

    @cached_property
    def unit_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.folded_units)))

    def find_label(self, labels: tuple[str, ...], before: str) -> tuple[str, str | None] | None:
        """Return how the first of ``labels`` stands at the end of ``before``, and the subject it names.

        It must be a whole name, with its clause's own words before it, never the end of a longer one;
        None where none is.
        """
        for pattern in self._label_patterns.get(labels) or self._compile_labels(labels):
            found = pattern.search(before)
            if found is None:
                continue
            if "subject" in pattern.groupindex:
                return found[0], found["subject"]
            if before[: found.start()].endswith("、") and "共" in found["tail"]:
                continue  # 上缴上级支出、经营支出共…: the sum of a list, not its last member.
            if head := self._label_head.search(before, 0, found.start()):
                return head[0] + found[0], None
        return None

    def _compile_labels(self, labels: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        tails = "|".join(self.label_tails)
        # A subject begins where its clause does: no body's name may take the first half of it.
        starts = [self._clause_start if "(?P<subject>" in label else "" for label in labels]
        patterns = [
            f"{start}(?:{label})(?P<tail>{tails})$" for start, label in zip(starts, labels, strict=True)
        ]
        return self._label_patterns.setdefault(labels, tuple(map(re.compile, patterns)))

    @cached_property
    def _label_patterns(self) -> dict[tuple[str, ...], tuple[re.Pattern[str], ...]]:
        """The labels of the layouts' rules as they have been asked for."""
        return {}

    @cached_property
    def _clause_start(self) -> str:
        return rf'(?:^|[,。;:、("\n])(?:{"|".join(self.label_heads)}|{ORDINAL_BEFORE})*'

    @cached_property
    def _label_head(self) -> re.Pattern[str]:
        head = f"(?:{'|'.join(self.label_heads)}|{ORDINAL_BEFORE})*"
        # Two bodies at most (某局所属…, 某省某院): any number of them could be told apart in too many ways.
        bodies = f"(?:(?:{'|'.join(self.bodies)}){head})?" * 2
        return re.compile(f"{self._clause_start}{bodies}$")

    @cached_property
    def change_pattern(self) -> re.Pattern[str]:
        up, down = "|".join(self.increases), "|".join(self.decreases)
        return re.compile(f"(?:(?P<up>{up})|(?P<down>{down}))(?:{'|'.join(self.change_tails)})$")


# 1. or (一), before a name or at the beginning of a paragraph.
ORDINAL_BEFORE = r"\d{1,2}[、.](?!\d)|\([一二三四五六七八九十\d]{1,3}\)"


class ItemRule(_Strict):
    """A stated figure: the label before it, the item it is, and where that holds."""

    item: Item
    labels: tuple[Pattern, ...] = ()
    units: tuple[str, ...] = ("money",)
    # What stands behind the number where the label does (17个项目自评等级为“优”).
    after: Pattern | None = None
    # A head lasts until the next one; `under` names the heads below which the label means this item.
    head: bool = False
    under: tuple[Item, ...] = ()
    # The figure just before it must be one of these.
    follows: tuple[Item, ...] = ()
    # A change stated behind this figure is the change of another: 收入总计…，上年结转…，比上年增加.
    change_of: Item | None = None
    # A clause of just this label and a figure with its change ends a reason that has no full stop.
    resumes: bool = False
    # The subject is the path, down to this level, that the paragraph gives before: …(类)…(款)…(项)。…年初预算为….
    about_path: Literal["类", "款", "项"] | None = None

    @model_validator(mode="after")
    def _has_words(self) -> ItemRule:
        if not self.labels and self.after is None:
            raise ValueError("`labels` or `after` must say how the figure is told")
        return self

    @cached_property
    def after_cues(self) -> Cues | None:
        return None if self.after is None else Cues([self.after])


class SectionLayout(_Strict):
    """A section of the narrative: its headings, its stock figures, what its shares are shares of."""

    section: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    headings: tuple[Pattern, ...] = Field(min_length=1)
    wholes: tuple[Pattern, ...] = ()
    # Items that are held against their plan in words: 决算数大于预算数.
    planned: tuple[Item, ...] = ()
    items: tuple[ItemRule, ...]

    @model_validator(mode="after")
    def _names_its_own_items(self) -> SectionLayout:
        known = {rule.item for rule in self.items}
        for rule in self.items:
            for item in (*rule.under, *rule.follows, *filter(None, [rule.change_of])):
                if item not in known:
                    raise ValueError(f"`{rule.item}` refers to `{item}`, which the section does not have")
        for item in self.planned:
            if item not in known:
                raise ValueError(f"`planned` refers to `{item}`, which the section does not have")
        rules = [rule.model_dump_json() for rule in self.items]
        if len(rules) != len(set(rules)):
            raise ValueError("overlap: the same item is told in the same way twice")
        return self

    @cached_property
    def heading_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.headings)

    def list_rules(self, kind: UnitKind, unit: str) -> tuple[ItemRule, ...]:
        """Return the rules of figures of a kind or in a unit of measure."""
        rules = self._rules_by_unit.get((kind, unit))
        if rules is None:
            rules = tuple(rule for rule in self.items if kind in rule.units or unit in rule.units)
            self._rules_by_unit[kind, unit] = rules
        return rules

    @cached_property
    def _rules_by_unit(self) -> dict[tuple[UnitKind, str], tuple[ItemRule, ...]]:
        """The rules as they have been asked for: there are as many entries as units."""
        return {}


class NarrativeLayout(_Strict):
    """The sections of the narrative of one kind of document."""

    document_kind: DocumentKind
    sections: tuple[SectionLayout, ...] = Field(min_length=1)

    def find_section(self, heading: str) -> SectionLayout | None:
        heading = _HEADING_FRAME.sub("", _HEADING_YEAR.sub("", heading).rstrip(":。"))
        return next(
            (section for section in self.sections if section.heading_pattern.fullmatch(heading)), None
        )


@dataclass(frozen=True)
class NarrativeLibrary:
    """The words of narratives, and a layout for each kind of document."""

    words: NarrativeWords
    layouts: Mapping[DocumentKind, NarrativeLayout]


def load_narrative_library(folder: Path = NARRATIVE_FOLDER) -> NarrativeLibrary:
    """Read the layouts in ``folder``; raise InvalidTemplate, with file and line, for a bad one."""
    words = read_yaml(folder / "words.yaml", NarrativeWords)
    layouts: dict[DocumentKind, NarrativeLayout] = {}
    known_units = {*words.units, *(unit for units in words.units.values() for unit in units)}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem == "words":
            continue
        layout = read_yaml(path, NarrativeLayout)
        node = yaml.compose(path.read_text(encoding="utf-8"))
        if layout.document_kind != path.stem:
            line = _locate(node, ("document_kind",))
            raise InvalidTemplate(
                f"{path.name}:{line}: the narrative of a {layout.document_kind} stands here"
            )
        for number, section in enumerate(layout.sections):
            for place, rule in enumerate(section.items):
                for unit in rule.units:
                    if unit not in known_units:
                        line = _locate(node, ("sections", number, "items", place, "units"))
                        raise InvalidTemplate(f"{path.name}:{line}: words.yaml has no unit `{unit}`")
        layouts[layout.document_kind] = layout
    return NarrativeLibrary(words, layouts)


@lru_cache(maxsize=1)
def get_narrative_library() -> NarrativeLibrary:
    """Return the layouts that come with the project."""
    return load_narrative_library()
