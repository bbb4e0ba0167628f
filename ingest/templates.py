"""Templates: where each official table prints what, as strictly validated YAML.

A template describes one printed table in one layout. It is matched by the table's title and its
header; nothing in it computes. ``docs`` of the keys: ``ingest/templates/README.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.issues import InvalidTemplate
from ingest.words import fold, fold_label, fold_title, fold_year

TEMPLATE_FOLDER = Path(__file__).parent / "templates"

DocumentKind = Literal["budget", "final"]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
Words = Annotated[str, Field(min_length=1)]


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
    # says that the word above it reaches down over this line.
    header: tuple[str, ...] = ()
    column: Identifier | None = None
    # For labels that step to the right from group to item: how deep this one stands (RowRule.steps).
    step: int | None = Field(default=None, ge=1, le=9)

    @model_validator(mode="after")
    def _amounts_have_columns(self) -> PrintedField:
        if (self.role == "amount") != (self.column is not None):
            raise ValueError("`column` names what an amount is: needed for `role: amount`, and only there")
        if self.step is not None and self.role != "label":
            raise ValueError("`step` says how deep a label stands: only for `role: label`")
        return self

    @cached_property
    def printed_header(self) -> str:
        return "/".join(words.split("|")[0] for words in self.header)


class NamedRow(_Strict):
    """A row that is known by its label."""

    row: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    labels: tuple[Words, ...] = Field(min_length=1)
    # For a label that stands twice in a table: the row after which this one comes.
    after: Identifier | None = None
    # For a table that counts: the unit of measure of this row, where it is not the table's unit of money.
    unit: Words | None = None

    @cached_property
    def folded_labels(self) -> frozenset[str]:
        return frozenset(fold_label(label) for label in self.labels)


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

    @cached_property
    def folded_headings(self) -> frozenset[str]:
        return frozenset(fold_label(label) for label in self.headings)


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
    fields: tuple[PrintedField, ...] = Field(min_length=1)
    rows: Mapping[Identifier, RowRule] = Field(min_length=1)
    spanning_rows: tuple[SpanningRow, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Template:
        blocks = {field.block for field in self.fields}
        if blocks != set(self.rows):
            raise _Misfit(f"`rows` must describe just the blocks of `fields`: {sorted(blocks)}", "rows")
        for block in self.blocks:
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
                if first.row == second.row:
                    raise _Misfit(f"overlap: row `{first.row}` stands twice in block `{name}`", *where)
                shared = first.folded_labels & second.folded_labels
                if shared and second.after is None:
                    raise _Misfit(
                        f"overlap: rows `{first.row}` and `{second.row}` share the label "
                        f"{sorted(shared)}; the later one needs `after`",
                        *where,
                    )
        for number, spanning in enumerate(self.spanning_rows):
            if max(spanning.label_place, spanning.amount_place) > len(self.fields):
                raise _Misfit(f"there are only {len(self.fields)} fields", "spanning_rows", number)
        return self

    @cached_property
    def folded_titles(self) -> frozenset[str]:
        return frozenset(fold_title(title) for title in self.titles)

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
                    alternatives = frozenset(fold_year(word) for word in path[-1].split("|"))
                    words.append(HeaderWord(place, alternatives, is_leaf, field.role == "ordinal"))
                previous = None if is_leaf else path
            lines.append(tuple(words))
        return tuple(lines)


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
    def ordinal_place(self) -> int | None:
        return self._place("ordinal")

    @cached_property
    def amount_places(self) -> tuple[int, ...]:
        return tuple(self.start + index for index, field in enumerate(self.fields) if field.role == "amount")


def _fill(pattern: str, named: Mapping[str, str]) -> str:
    """Escape a title and put a named group where it has a placeholder."""
    parts = re.split(r"\{(\w+)\}", pattern)
    return "".join(named[part] if index % 2 else re.escape(part) for index, part in enumerate(parts))


class DocumentLayout(_Strict):
    """What a disclosure looks like around its tables (``documents.yaml``)."""

    # Titles of a whole document: {unit} {year} {scope} {kind} stand for what they print, {place}
    # and {level} for what is passed over, {tail} for one of the endings or none.
    titles: tuple[Words, ...] = Field(min_length=1)
    levels: tuple[Words, ...] = ()
    tails: tuple[Words, ...] = ()
    # What may stand before the title of a table: its number; regular expressions.
    title_prefixes: tuple[Words, ...] = ()
    scopes: Mapping[Words, Literal["unit", "department"]]
    kinds: Mapping[Words, DocumentKind]
    # Lines that belong to a page or a table's head, not to its data; regular expressions.
    watermarks: tuple[Words, ...]
    furniture: tuple[Words, ...]
    notes: tuple[Words, ...]
    declared_empty: tuple[Words, ...]
    section_headings: tuple[Words, ...]
    unit_names: Words
    units_of_money: Words
    # A line of the cover that names the unit as such.
    cover_units: Words = "(?!)"

    @cached_property
    def title_patterns(self) -> tuple[re.Pattern[str], ...]:
        named = {
            "unit": r"(?P<unit>.+?)",
            "year": r"(?P<year>20\d\d)",
            "scope": f"(?P<scope>{'|'.join(map(re.escape, self.scopes))})",
            "kind": f"(?P<kind>{'|'.join(map(re.escape, self.kinds))})",
            "place": r"[^\d年]{2,20}?",
            "level": f"(?:{'|'.join(map(re.escape, self.levels))})?",
            "tail": f"(?:{'|'.join(map(re.escape, self.tails))})?",
        }
        return tuple(re.compile(_fill(fold(title), named)) for title in self.titles)

    @cached_property
    def title_prefix_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(prefix) for prefix in self.title_prefixes)

    def list_titles(self, text: str) -> Iterator[str]:
        """Yield what a line's title may read: as printed, then without the numbers before it."""
        yield text
        folded = fold(text)
        for _ in range(2):  # 附件 1 表 2: a number before a number.
            for pattern in self.title_prefix_patterns:
                match = pattern.match(folded)
                if match and match.end() and match.end() < len(folded):
                    folded = folded[match.end() :]
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
        return re.compile(self.unit_names)

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
    def _by_title(self) -> Mapping[str, tuple[Template, ...]]:
        index: dict[str, list[Template]] = {}
        for template in self.templates:
            for title in template.folded_titles:
                index.setdefault(title, []).append(template)
        return {title: tuple(found) for title, found in index.items()}

    def find_by_title(self, title: str, kind: str, fiscal_year: int) -> tuple[Template, ...]:
        """Return the templates of a document of this kind and year whose title this is."""
        return tuple(
            template
            for template in self._by_title.get(fold_title(title), ())
            if template.document_kind == kind and template.years.first <= fiscal_year <= template.years.last
        )

    def list_named_rows(self, rule: RowRule) -> tuple[NamedRow, ...]:
        """Return the named rows of a block in printed order, with those of its row list.

        The list stands where the rule's first own row that is not an item would: before totals.
        """
        return (*(self.row_lists[rule.include] if rule.include else ()), *rule.named)


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


def read_yaml(path: Path, model: type[Model]) -> Model:
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
        return model.model_validate(content)
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


def _refuse_overlaps(paths: Mapping[str, Path], templates: tuple[Template, ...]) -> None:
    """Refuse two templates that would both fit one printed table."""
    for first, second in combinations(templates, 2):
        if (
            first.document_kind == second.document_kind
            and first.folded_titles & second.folded_titles
            and first.years.first <= second.years.last
            and second.years.first <= first.years.last
            and first.header_lines == second.header_lines
        ):
            path = paths[second.template]
            line = _locate(yaml.compose(path.read_text(encoding="utf-8")), ("titles",))
            raise InvalidTemplate(
                f"{path.name}:{line}: overlap: titles, years and header are also those of "
                f"{paths[first.template].name}"
            )


def load_library(folder: Path = TEMPLATE_FOLDER) -> Library:
    """Read every template below ``folder``; raise InvalidTemplate for the first bad file."""
    documents = read_yaml(folder / "documents.yaml", DocumentLayout)
    row_lists = {
        path.stem: read_yaml(path, _RowList).rows for path in sorted((folder / "row_lists").glob("*.yaml"))
    }
    paths: dict[str, Path] = {}
    templates = []
    for kind in ("budget", "final"):
        for path in sorted((folder / kind).glob("*.yaml")):
            template = read_yaml(path, Template)
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
    return Library(documents, tuple(templates), row_lists)


@lru_cache(maxsize=1)
def get_library() -> Library:
    """Return the templates that come with the project."""
    return load_library()
