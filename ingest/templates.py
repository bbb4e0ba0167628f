"""Templates: where each official table prints what, as strictly validated YAML.

A template describes one printed table in one layout. It is matched by the table's title and its
header; nothing in it computes. ``docs`` of the keys: ``ingest/templates/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.issues import InvalidTemplate
from ingest.patterns import Cues, join_patterns
from ingest.words import fold, fold_label, fold_title, fold_year, spell

TEMPLATE_FOLDER = Path(__file__).parent / "templates"

DocumentKind = Literal["budget", "final"]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
Words = Annotated[str, Field(min_length=1)]


_NAMED_WORDS = re.compile(r"\$([a-z_]+)")


class _Misfit(ValueError):
    """A part of a template that does not fit the rest; ``path`` leads to it."""

    def __init__(self, problem: str, *path: str | int) -> None:
        self.path = path
        super().__init__(problem)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PrintedField(_Strict):
    """A column of the printed page, from left to right."""

    role: Literal["code", "label", "beside", "ordinal", "amount"]
    block: Identifier = "main"
    # The header above the column, top line first; alternatives are separated by "|". An empty word
    # says that the word above it reaches down over this line. Where columns are open, a word behind
    # "?" may be left out.
    header: tuple[str, ...] = ()
    column: Identifier | None = None
    # For labels that step to the right from group to item: how deep this one stands (RowRule.steps).
    step: int | None = Field(default=None, ge=1, le=9)
    # Where columns are open: no table is this one without it.
    required: bool = False
    # Columns that must stand beside it, or must not: a total is not owed by half of its parts, and a sum
    # is none of its own parts.
    needs: tuple[Identifier, ...] = ()
    never_with: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _amounts_have_columns(self) -> PrintedField:
        if (self.role == "amount") != (self.column is not None):
            raise ValueError("`column` names what an amount is: needed for `role: amount`, and only there")
        if self.step is not None and self.role != "label":
            raise ValueError("`step` says how deep a label stands: only for `role: label`")
        if any("$" in word for word in self.header):
            raise ValueError("`$` names a word that `words.yaml` does not have")
        return self

    @cached_property
    def printed_header(self) -> str:
        """The header in words for people: what must stand above a column, in its first spelling."""
        return "/".join(spell(words)[0] for words in self.header if not words.startswith("?"))

    @property
    def key(self) -> tuple[str, ...]:
        """What a field is, however it is headed; the parts of a code are told apart by their words."""
        return (
            self.block,
            self.role,
            self.column or "",
            *(self.header if self.role in ("code", "beside") or self.step is not None else ()),
        )

    @cached_property
    def header_levels(self) -> tuple[tuple[frozenset[str], bool], ...]:
        """What may stand above an open column, top line first, and whether it may be left out."""
        return tuple(
            (frozenset(fold_year(word) for word in spell(words.removeprefix("?"))), words.startswith("?"))
            for words in self.header
            if words
        )


class NamedRow(_Strict):
    """A row that is known by its label."""

    row: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    labels: tuple[Words, ...] = Field(min_length=1)
    # For a label that stands twice in a table: the row after which this one comes.
    after: Identifier | None = None
    # For a table that counts: the unit of measure of this row, where it is not the table's unit of money.
    unit: Words | None = None
    # A total that some publishers leave out: its absence is nothing odd.
    optional: bool = False

    @cached_property
    def folded_labels(self) -> frozenset[str]:
        return frozenset(fold_label(word) for label in self.labels for word in spell(label))

    @cached_property
    def shown_label(self) -> str:
        """The first label, for people."""
        return spell(self.labels[0])[-1]


# Tables by function and by economic category print alike but for these; income subjects are longer still.
_CODE_BEGINS = {(3, 5, 7): "2", (3, 5): "3"}


def _index_by_label(rows: Iterable[NamedRow]) -> Mapping[str, tuple[NamedRow, ...]]:
    index: dict[str, tuple[NamedRow, ...]] = {}
    for row in rows:
        for label in row.folded_labels:
            index[label] = (*index.get(label, ()), row)
    return index


class RowRule(_Strict):
    """Which rows a block may have; a row that fits nothing here is an issue, never a guess."""

    # A list of named rows kept in row_lists/, for what several tables print alike.
    include: Identifier | None = None
    named: tuple[NamedRow, ...] = ()
    # Rows that print a code of this many digits; the code is the row.
    code_lengths: tuple[int, ...] = ()
    # Any other label is a row too: projects, units, economic items.
    free: bool = False
    # Section headings inside the table, which carry no amount.
    headings: tuple[Words, ...] = ()
    # The table has rows without any label, of this kind.
    unlabelled: Identifier | None = None
    # The first label of a row says by its place how deep the row stands: its code is step_1, step_2 …
    steps: bool = False
    # Where columns are open: blocks of this name may stand side by side.
    repeats: bool = False
    # Where columns are open: a named row may close in that block, its amount being that of both.
    reaches: Identifier | None = None

    @cached_property
    def folded_headings(self) -> frozenset[str]:
        return frozenset(fold_label(label) for label in self.headings)

    @cached_property
    def named_by_label(self) -> Mapping[str, tuple[NamedRow, ...]]:
        return _index_by_label(self.named)

    @cached_property
    def code_begins(self) -> str:
        """How its codes begin, told by their lengths: 201 is a function subject, 301 an economic item."""
        return _CODE_BEGINS.get(self.code_lengths, "")


class SpanningRow(_Strict):
    """A row whose amount stands further right than its label's block (places count from 1)."""

    row: Identifier
    label: Words
    label_place: int = Field(ge=1)
    amount_place: int = Field(ge=1)


class YearSpan(_Strict):
    """The fiscal years in which a layout was printed; an open end is left out."""

    first: int = Field(default=1900, ge=1900, le=2100)
    last: int = Field(default=2100, ge=1900, le=2100)


class Template(_Strict):
    """One official table in one printed layout.

    ``template`` is the statement's code and the layout's name: what else a publisher of that layout
    prints is known from it (``seeds/layouts.csv``).
    """

    template: Identifier
    statement: Annotated[str, Field(pattern=r"^[a-z]\d\d[a-z0-9_]*$")]
    document_kind: DocumentKind
    years: YearSpan = YearSpan()
    titles: tuple[Words, ...] = Field(min_length=1)
    # How the unit of money is found. There is no default: a table without its unit cannot be read.
    unit: Literal["printed"]
    # A line of column numbers (栏次, or 1 2 3 …) may follow the header.
    numbered_columns: bool = False
    # The fields are all that publishers print of this table. Which ones a table has, and in which order,
    # its header says, word by word: ingest/headers.py makes a template of just those.
    open_columns: bool = False
    # The title may stand in a row of the table before, as a heading of what goes on below it.
    inside: bool = False
    fields: tuple[PrintedField, ...] = Field(min_length=1)
    rows: Mapping[Identifier, RowRule] = Field(min_length=1)
    spanning_rows: tuple[SpanningRow, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Template:
        blocks = {field.block for field in self.fields}
        if blocks != set(self.rows):
            raise _Misfit(f"`rows` must describe just the blocks of `fields`: {sorted(blocks)}", "rows")
        for block in () if self.open_columns else self.blocks:
            columns = [self.fields[place].column for place in block.amount_places]
            if not columns:
                raise _Misfit(f"block `{block.name}` has no amount", "fields", block.start)
            for place in block.amount_places:
                column = self.fields[place].column
                if column in columns[: block.amount_places.index(place)]:
                    problem = f"overlap: two fields of block `{block.name}` are column `{column}`"
                    raise _Misfit(problem, "fields", place)
        for name, rule in self.rows.items():
            for (_, first), (place, second) in combinations(enumerate(rule.named), 2):
                where = ("rows", name, "named", place)
                if first.row == second.row and second.after is None:
                    raise _Misfit(f"overlap: row `{first.row}` stands twice in block `{name}`", *where)
                shared = first.folded_labels & second.folded_labels
                if shared and second.after is None:
                    raise _Misfit(
                        f"overlap: rows `{first.row}` and `{second.row}` share the label "
                        f"{sorted(shared)}; the later one needs `after`",
                        *where,
                    )
        for name, rule in self.rows.items():
            if self.open_columns and rule.reaches is not None and rule.reaches not in self.rows:
                raise _Misfit(f"there is no block `{rule.reaches}`", "rows", name, "reaches")
        for number, spanning in enumerate(self.spanning_rows):
            if max(spanning.label_place, spanning.amount_place) > len(self.fields):
                raise _Misfit(f"there are only {len(self.fields)} fields", "spanning_rows", number)
        return self

    @cached_property
    def folded_titles(self) -> frozenset[str]:
        return frozenset(fold_title(word) for title in self.titles for word in spell(title))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The groups of label and amounts across the page, from left to right."""
        starts = [0]
        seen: set[str] = set()
        for place, field in enumerate(self.fields):
            is_new = field.block != self.fields[starts[-1]].block
            # Label fields repeat where blocks of one name stand side by side; amounts may. Remarks (备注)
            # behind the last amount belong to the block that they close.
            has_more = any(later.role == "amount" for later in self.fields[place:])
            if place and (is_new or (field.role != "amount" and "amount" in seen and has_more)):
                starts.append(place)
                seen = set()
            seen.add(field.role)
        ends = [*starts[1:], len(self.fields)]
        return tuple(
            Block(number, self.fields[start].block, start, self.fields[start:end])
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
        )

    @cached_property
    def header_lines(self) -> tuple[tuple[HeaderWord, ...], ...]:
        """The words of each header line from left to right; a word over several fields once."""
        depth = max(len(field.header) for field in self.fields)
        lines = []
        for level in range(depth):
            words: list[HeaderWord] = []
            previous: tuple[str, ...] | None = None
            for place, field in enumerate(self.fields):
                path = field.header[: level + 1]
                if len(path) <= level or not path[-1]:
                    previous = None
                    continue
                is_leaf = len(field.header) == level + 1
                if path != previous or is_leaf:
                    alternatives = frozenset(fold_year(word) for word in spell(path[-1].removeprefix("?")))
                    words.append(HeaderWord(place, alternatives, is_leaf, field.role == "ordinal"))
                previous = None if is_leaf else path
            lines.append(tuple(words))
        return tuple(lines)

    @cached_property
    def header_starts(self) -> frozenset[str]:
        """What the first word of a header line may read: one look tells most rows from headers."""
        starts: set[str] = set()
        for words in self.header_lines:
            for word in words:
                starts |= word.alternatives
                if not word.is_optional:
                    break
        return frozenset(starts)

    @cached_property
    def folded_headings(self) -> frozenset[str]:
        """The section headings of all blocks."""
        return frozenset().union(*(rule.folded_headings for rule in self.rows.values()))


@dataclass(frozen=True)
class HeaderWord:
    """A word of a header line: the place of its first column, and what it may read."""

    place: int
    alternatives: frozenset[str]
    is_leaf: bool
    is_optional: bool


@dataclass(frozen=True)
class Block:
    """A label with its amounts; a two-sided table has two blocks on a line."""

    number: int
    name: str
    start: int
    fields: tuple[PrintedField, ...]

    def _place(self, role: str) -> int | None:
        return next(
            (self.start + index for index, field in enumerate(self.fields) if field.role == role), None
        )

    @cached_property
    def code_place(self) -> int | None:
        return self._place("code")

    @cached_property
    def code_places(self) -> tuple[int, ...]:
        """Where the code stands: in one field, or its parts (类 款 项) in several."""
        return tuple(self.start + index for index, field in enumerate(self.fields) if field.role == "code")

    @cached_property
    def label_place(self) -> int | None:
        return self._place("label")

    @cached_property
    def step_places(self) -> tuple[tuple[int, int], ...]:
        """The labels that step to the right: where each stands, and how deep."""
        return tuple(
            (self.start + index, field.step)
            for index, field in enumerate(self.fields)
            if field.step is not None
        )

    @cached_property
    def beside_place(self) -> int | None:
        return self._place("beside")

    @cached_property
    def beside_places(self) -> tuple[int, ...]:
        """Where words stand that are no label: the government's item, remarks, percentages of change."""
        return tuple(self.start + index for index, field in enumerate(self.fields) if field.role == "beside")

    @cached_property
    def ordinal_place(self) -> int | None:
        return self._place("ordinal")

    @cached_property
    def amount_places(self) -> tuple[int, ...]:
        return tuple(self.start + index for index, field in enumerate(self.fields) if field.role == "amount")

    @cached_property
    def columns(self) -> Mapping[int, str]:
        """Which column stands at each place of an amount."""
        return {place: str(self.fields[place - self.start].column) for place in self.amount_places}


def _fill(pattern: str, named: Mapping[str, str]) -> str:
    """Escape a title and put a named group where it has a placeholder."""
    parts = re.split(r"\{(\w+)\}", pattern)
    return "".join(named[part] if index % 2 else re.escape(part) for index, part in enumerate(parts))


class DocumentLayout(_Strict):
    """What a disclosure looks like around its tables (``documents.yaml``)."""

    # Titles of a whole document: {unit} {year} {scope} {kind} stand for what they print, {place}
    # and {level} for what is passed over, {tail} for one of the endings or none.
    titles: tuple[Words, ...] = Field(min_length=1)
    # Titles that are too bare to be told from other lines; a last resort.
    bare_titles: tuple[Words, ...] = ()
    levels: tuple[Words, ...] = ()
    tails: tuple[Words, ...] = ()
    # What may stand before the title of a table: its number; regular expressions.
    title_prefixes: tuple[Words, ...] = ()
    # What may stand behind it: its number, its unit of money.
    title_suffixes: tuple[Words, ...] = ()
    publics: tuple[Words, ...] = ()
    scopes: Mapping[Words, Literal["unit", "department"]]
    kinds: Mapping[Words, DocumentKind]
    # Lines that belong to a page or a table's head, not to its data; regular expressions.
    watermarks: tuple[Words, ...]
    furniture: tuple[Words, ...]
    notes: tuple[Words, ...]
    declared_empty: tuple[Words, ...]
    section_headings: tuple[Words, ...]
    unit_names: tuple[Words, ...] = Field(min_length=1)
    units_of_money: Words
    # A line of the cover that names the unit as such.
    cover_units: Words = "(?!)"

    @cached_property
    def title_patterns(self) -> tuple[re.Pattern[str], ...]:
        return self._compile_titles(self.titles)

    @cached_property
    def _all_title_patterns(self) -> tuple[re.Pattern[str], ...]:
        return (*self.title_patterns, *self._compile_titles(self.bare_titles))

    def _compile_titles(self, titles: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        named = {
            # 第二部分 2024年度部门决算情况说明 heads a part; it names nobody.
            "unit": r"(?P<unit>(?!第.{1,3}部分|[一二三四五六七八九十]+[、.]|[(\d]|目录|度).+?)",
            "year": r"(?P<year>20\d\d)",
            "scope": f"(?P<scope>{'|'.join(map(re.escape, self.scopes))})",
            "kind": f"(?P<kind>{'|'.join(map(re.escape, self.kinds))})",
            "place": r"[^\d年]{2,20}?",
            "level": f"(?:{'|'.join(map(re.escape, self.levels))})?",
            "tail": f"(?:{'|'.join(re.escape(fold(tail)) for tail in self.tails)})?",
            "public": f"(?:{'|'.join(re.escape(fold(tail)) for tail in self.publics)})",
        }
        return tuple(re.compile(_fill(fold(title), named)) for title in titles)

    def match_title(self, folded: str, *, may_be_bare: bool = False) -> re.Match[str] | None:
        """Return the match of the first title of a whole document that a folded line is."""
        if "20" not in folded:  # There is none without its year, and few lines have one.
            return None
        patterns = self._all_title_patterns if may_be_bare else self.title_patterns
        return next(filter(None, (pattern.fullmatch(folded) for pattern in patterns)), None)

    @cached_property
    def title_prefix_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(prefix) for prefix in self.title_prefixes)

    @cached_property
    def title_prefix_cues(self) -> Cues:
        return Cues(self.title_prefixes)

    @cached_property
    def title_suffix_pattern(self) -> re.Pattern[str]:
        return join_patterns(self.title_suffixes)

    def list_titles(self, text: str) -> Iterator[str]:
        """Yield what a line's title may read: as printed, then without what stands before and behind it."""
        yield text
        folded = fold(text)
        yield from self._leave_suffix(folded)
        for bare in self.leave_prefixes(folded):
            yield bare
            yield from self._leave_suffix(bare)

    def leave_prefixes(self, folded: str) -> Iterator[str]:
        """Yield what is left of a folded title as one prefix after the other is left out."""
        for _ in range(2):  # 附件 1 表 2: a number before a number.
            if not self.title_prefix_cues.are_in(folded):
                return
            for pattern in self.title_prefix_patterns:
                match = pattern.match(folded)
                if match and match.end() and match.end() < len(folded):
                    folded = folded[match.end() :]
                    yield folded

    def _leave_suffix(self, folded: str) -> Iterator[str]:
        for _ in range(2):  # (续) 单位:万元
            match = self.title_suffix_pattern.search(folded)
            if match is None or not match.start():
                return
            folded = folded[: match.start()]
            yield folded

    @cached_property
    def cover_unit_pattern(self) -> re.Pattern[str]:
        return re.compile(self.cover_units)

    @cached_property
    def watermark_words(self) -> frozenset[str]:
        return frozenset(fold(mark) for mark in self.watermarks)

    @cached_property
    def furniture_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.furniture))

    @cached_property
    def note_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.notes))

    @cached_property
    def empty_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.declared_empty))

    @cached_property
    def heading_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.section_headings))

    @cached_property
    def unit_name_pattern(self) -> re.Pattern[str]:
        """A line that names the unit: the name goes on to the year, the unit of money or the line's end."""
        before = "|".join(self.unit_names)
        return re.compile(
            f"(?:{before})(?:[(](?:公章|盖章)[)])?:(?P<name>(?!(?:金额|货币|计量|数据)?单位:).+?)"
            + r"(?=20\d\d年|金额单位|单位:|$)"
        )

    @cached_property
    def unit_of_money_pattern(self) -> re.Pattern[str]:
        return re.compile(self.units_of_money)


@dataclass(frozen=True)
class Library:
    """All templates, with the layout of the documents they stand in."""

    documents: DocumentLayout
    templates: tuple[Template, ...]
    row_lists: Mapping[str, tuple[NamedRow, ...]]

    @cached_property
    def paired_templates(self) -> frozenset[str]:
        """The templates whose rows are known by two names side by side."""
        return frozenset(
            template.template
            for template in self.templates
            # Beside open columns stand remarks and percentages, not names.
            if not template.open_columns
            and any(field.role == "beside" for field in template.fields)
            and not any(field.step for field in template.fields)
        )

    @cached_property
    def row_words(self) -> frozenset[str]:
        """The labels of all named rows and the section headings, folded."""
        rules = [rule for template in self.templates for rule in template.rows.values()]
        return frozenset().union(
            *(rule.folded_headings for rule in rules),
            *(row.folded_labels for rule in rules for row in self.list_named_rows(rule)),
        )

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Template, ...]]:
        index: dict[str, list[Template]] = {}
        for template in self.templates:
            for title in template.folded_titles:
                index.setdefault(title, []).append(template)
        return {title: tuple(found) for title, found in index.items()}

    @cached_property
    def _title_ends(self) -> re.Pattern[str]:
        """How titles of tables end: 总表, 算表 and few others."""
        return join_patterns(map(re.escape, sorted({title[-2:] for title in self.by_title})))

    def may_hold_title(self, text: str) -> bool:
        """Tell whether a title of a table may stand in a line: quick, for most lines are none."""
        return self._title_ends.search(fold_year(text)) is not None

    @cached_property
    def titles_inside(self) -> frozenset[str]:
        """The titles that may stand in a row of another table."""
        own = (template.folded_titles for template in self.templates if template.inside)
        return frozenset().union(*own)

    def find_by_title(self, title: str, kind: str, fiscal_year: int) -> tuple[Template, ...]:
        """Return the templates of a document of this kind and year whose title this is."""
        named = self.by_title.get(fold_title(title))
        if named is None:
            return ()
        return tuple(
            template
            for template in named
            if template.document_kind == kind and template.years.first <= fiscal_year <= template.years.last
        )

    def list_named_rows(self, rule: RowRule) -> tuple[NamedRow, ...]:
        """Return the named rows of a block in printed order, with those of its row list.

        The list stands where the rule's first own row that is not an item would: before totals.
        """
        return (*(self.row_lists[rule.include] if rule.include else ()), *rule.named)

    @cached_property
    def _row_lists_by_label(self) -> Mapping[str, Mapping[str, tuple[NamedRow, ...]]]:
        return {name: _index_by_label(rows) for name, rows in self.row_lists.items()}

    def find_named_rows(self, rule: RowRule, folded_label: str) -> tuple[NamedRow, ...]:
        """Return those of ``list_named_rows`` that bear a label."""
        listed = self._row_lists_by_label[rule.include].get(folded_label, ()) if rule.include else ()
        own = rule.named_by_label.get(folded_label, ())
        return (*listed, *own) if listed else own


class _Words(_Strict):
    """Words that many templates print, by the name under which templates call them (``words.yaml``)."""

    words: Mapping[str, str] = {}


class _RowList(_Strict):
    rows: tuple[NamedRow, ...]


def _locate(node: yaml.Node | None, path: tuple[Any, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``path`` that the YAML has."""
    line = 1
    for key in path:
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _find_duplicate_key(node: yaml.Node) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        for index, (key, value) in enumerate(node.value):
            if key.value in keys[:index]:
                duplicate: yaml.Node = key
                return duplicate
            if (found := _find_duplicate_key(value)) is not None:
                return found
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if (found := _find_duplicate_key(item)) is not None:
                return found
    return None


Model = TypeVar("Model", bound=BaseModel)


def _put_words(content: Any, words: Mapping[str, str]) -> Any:
    """Put the words of ``words.yaml`` where a template names them: ``$code``."""
    if isinstance(content, str):
        return _NAMED_WORDS.sub(lambda match: words.get(match[1], match[0]), content)
    if isinstance(content, dict):
        return {key: _put_words(value, words) for key, value in content.items()}
    return [_put_words(value, words) for value in content] if isinstance(content, list) else content


def read_yaml(path: Path, model: type[Model], words: Mapping[str, str] | None = None) -> Model:
    """Read and validate a YAML file; raise InvalidTemplate with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidTemplate(f"{path.name}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidTemplate(f"{path.name}:{line}: no valid YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InvalidTemplate(f"{path.name}:{line}: no valid YAML: {error.reason}") from error
    if node is not None and (duplicate := _find_duplicate_key(node)) is not None:
        line = duplicate.start_mark.line + 1
        raise InvalidTemplate(f"{path.name}:{line}: overlap: the key `{duplicate.value}` stands twice")
    try:
        return model.model_validate(_put_words(content, words) if words else content)
    except ValidationError as error:
        problems = []
        for problem in error.errors():
            cause = problem.get("ctx", {}).get("error")
            path_to = (*problem["loc"], *(cause.path if isinstance(cause, _Misfit) else ()))
            where = ".".join(str(key) for key in path_to) or "the whole file"
            if problem["type"] == "extra_forbidden":
                message = "unknown key"
            elif problem["type"] == "missing":
                message = "missing key"
            else:
                message = problem["msg"].removeprefix("Value error, ")
            problems.append(f"{path.name}:{_locate(node, path_to)}: {where}: {message}")
        raise InvalidTemplate("\n".join(problems)) from error


def _share_headers(first: Template, second: Template) -> bool:
    """Tell whether there is a header that fits both; an open template is asked only after the others."""
    if first.open_columns and second.open_columns:
        # What one needs and the other does not know tells them apart; nor can the other print a column of it
        # beside one that only the other knows.
        return all(
            {field.key for field in one.fields if field.required}
            <= {field.key for field in other.fields if _needs_only_columns_of(one, field)}
            for one, other in ((first, second), (second, first))
        )
    if first.open_columns or second.open_columns:
        return False
    return (
        len(first.fields) == len(second.fields)
        and len(first.header_lines) == len(second.header_lines)
        and all(map(_share_words, first.header_lines, second.header_lines))
    )


def _needs_only_columns_of(template: Template, field: PrintedField) -> bool:
    known = {(own.block, own.column) for own in template.fields}
    return all((field.block, column) in known for column in field.needs)


def _share_words(first: Sequence[HeaderWord], second: Sequence[HeaderWord]) -> bool:
    needed = [[word for word in words if not word.is_optional] for words in (first, second)]
    return len(needed[0]) == len(needed[1]) and all(
        one.alternatives & other.alternatives
        and (one.place == other.place or not (one.is_leaf and other.is_leaf))
        for one, other in zip(*needed, strict=True)
    )


def _refuse_overlapping_rows(path: Path, template: Template, library: Library) -> None:
    """Refuse a row that a block has both of its own and from a row list, or whose label is another's."""
    for name, rule in template.rows.items():
        listed = library.row_lists[rule.include] if rule.include else ()
        for number, own in enumerate(rule.named):
            for other in listed:
                shared = own.folded_labels & other.folded_labels
                if own.row == other.row or (shared and own.after is None):
                    where = ("rows", name, "named", number)
                    line = _locate(yaml.compose(path.read_text(encoding="utf-8")), where)
                    raise InvalidTemplate(
                        f"{path.name}:{line}: overlap: row `{own.row}` {sorted(shared)} stands in the row "
                        f"list `{rule.include}` as `{other.row}`"
                    )


def _refuse_overlaps(paths: Mapping[str, Path], templates: tuple[Template, ...]) -> None:
    """Refuse two templates that would both fit one printed table."""
    for first, second in combinations(templates, 2):
        if (
            first.document_kind == second.document_kind
            and first.folded_titles & second.folded_titles
            and first.years.first <= second.years.last
            and second.years.first <= first.years.last
            and _share_headers(first, second)
        ):
            path = paths[second.template]
            line = _locate(yaml.compose(path.read_text(encoding="utf-8")), ("titles",))
            raise InvalidTemplate(
                f"{path.name}:{line}: overlap: titles, years and header are also those of "
                f"{paths[first.template].name}"
            )


def _read_words(folder: Path) -> dict[str, str]:
    path = folder / "words.yaml"
    words: dict[str, str] = {}
    for name, word in read_yaml(path, _Words).words.items() if path.exists() else ():
        words[name] = _put_words(word, words)  # A word may call those above it.
    return words


def read_template(path: Path, folder: Path = TEMPLATE_FOLDER) -> Template:
    """Read one template, wherever it stands, with the words of ``folder``; raise InvalidTemplate."""
    return read_yaml(path, Template, _read_words(folder))


def load_library(folder: Path = TEMPLATE_FOLDER) -> Library:
    """Read every template below ``folder``; raise InvalidTemplate for the first bad file."""
    documents = read_yaml(folder / "documents.yaml", DocumentLayout)
    row_lists = {
        path.stem: read_yaml(path, _RowList).rows for path in sorted((folder / "row_lists").glob("*.yaml"))
    }
    words = _read_words(folder)
    paths: dict[str, Path] = {}
    templates = []
    for kind in ("budget", "final"):
        for path in sorted((folder / kind).glob("*.yaml")):
            template = read_yaml(path, Template, words)
            if template.template != path.stem or template.document_kind != kind:
                line = _locate(yaml.compose(path.read_text(encoding="utf-8")), ("template",))
                raise InvalidTemplate(
                    f"{path.name}:{line}: template `{template.template}` of a {template.document_kind} "
                    f"must stand in {template.document_kind}/{template.template}.yaml"
                )
            for name, rule in template.rows.items():
                if rule.include and rule.include not in row_lists:
                    line = _locate(yaml.compose(path.read_text(encoding="utf-8")), ("rows", name, "include"))
                    raise InvalidTemplate(f"{path.name}:{line}: no row list is called `{rule.include}`")
            paths[template.template] = path
            templates.append(template)
    _refuse_overlaps(paths, tuple(templates))
    library = Library(documents, tuple(templates), row_lists)
    for template in library.templates:
        _refuse_overlapping_rows(paths[template.template], template, library)
    return library


@lru_cache(maxsize=1)
def get_library() -> Library:
    """Return the templates that come with the project."""
    return load_library()
