"""Open templates: the columns of a table by the words above them, whatever their order and number.

Publishers print one official table with more or fewer columns, in another order, below one line of
header or four. An open template lists every column that is known of a table by its words; here the
printed header chooses among them. Nothing is guessed: each printed column must be one that the
template knows, none twice, the required ones present, and in one way only. The result is a template
of just the printed columns, with their lines, for ``ingest/tables.py`` to read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.numbers import CellKind, classify_cell
from ingest.readers.pages import UNPLACED
from ingest.readers.texts import Document, Line
from ingest.templates import PrintedField, SpanningRow, Template
from ingest.words import find_years, fold, fold_label

# No official table has a deeper header: year, group, kind, column.
_MOST_LEVELS = 5
_PARTS_OF_CODES = frozenset("类款项")
_TOTALS = ("合计", "总计")
# 金额（万元）: the unit of money may stand behind the word.
_UNIT_BEHIND = re.compile(r"\((?:单位:)?(?P<unit>万元|亿元|千元|百元|元)\)$")
_TWO = 2
_CODE_LENGTHS = (3, 5, 7)


@dataclass(frozen=True)
class Fitted:
    """An open template made to measure, with the lines as it reads them."""

    template: Template
    lines: tuple[Line, ...]
    header_start: int
    unit_of_money: str | None


@dataclass(frozen=True)
class Column:
    """A printed column: its place, the words above it by line (blank where none), what they fold to."""

    place: int
    printed: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in self.printed if word)


def fit_open_template(template: Template, lines: Sequence[Line], document: Document) -> Fitted | None:
    """Return the template with the columns that a table prints; None if its header is not this one's."""
    even = _even_out(lines, document)
    if even is None:
        return None
    for start in range(len(even)):
        best = None
        for depth in range(1, min(_MOST_LEVELS, len(even) - start) + 1):
            line = even[start + depth - 1]
            if _is_body(line) or (best and not any(line.cells)):
                break
            # A line of words that may still stand above the columns (决算数 决算数 …) is no row without figures.
            best = _fit_header(template, even, start, depth) or best
        if best is not None:
            return best
        words = [fold_label(cell) for cell in even[start].cells if cell]
        if len(words) != 1 or words[0] not in template.folded_headings:
            return None
    return None


def _even_out(lines: Sequence[Line], document: Document) -> tuple[Line, ...] | None:
    """Give all lines one width; None if a line's blank cells at its end cannot be told."""
    width = max((len(line.cells) for line in lines), default=0)
    if width == 0 or (document.has_trailing_blanks and any(len(line.cells) != width for line in lines)):
        return None
    padded = [(*line.cells, *[""] * (width - len(line.cells))) for line in lines]
    padded = [_drop_code_words(cells) for cells in padded]
    even = tuple(
        line if line.cells == cells else line._replace(cells=cells)
        for line, cells in zip(lines, padded, strict=True)
    )
    return _part_total(even)


def _part_total(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Make two lines of one that prints the total beside the last words of the header (合计 5.00 合计 基本支出)."""
    for index, line in enumerate(lines[:_MOST_LEVELS]):
        first, *rest = [place for place, cell in enumerate(line.cells) if cell] or [0]
        words = {place for place in rest if classify_cell(line.cells[place]) is CellKind.MALFORMED}
        if len(words) == len(rest):
            continue  # No figure yet.
        # Words side by side, behind a figure: those of two blocks have figures between them (总计 9.00 总计 9.00),
        # those that name the total stand before all of its figures.
        pairs = {place for place in words if place + 1 in words}
        figures = set(rest) - words
        if fold(line.cells[first]) in _TOTALS and any(place > min(figures) for place in pairs):
            header = tuple(cell if place in words else "" for place, cell in enumerate(line.cells))
            total = tuple(f"[{cell}]" if place in words else cell for place, cell in enumerate(line.cells))
            parted = (line._replace(cells=header), line._replace(cells=total))
            return (*lines[:index], *parted, *lines[index + 1 :])
        break
    return lines


def _drop_code_words(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Leave 类 款 项 out where they stand beside 栏次 or 合计: they head the columns of the codes below."""
    parts = [fold(cell) in _PARTS_OF_CODES for cell in cells]
    others = [cell for cell, is_part in zip(cells, parts, strict=True) if cell and not is_part]
    if sum(parts) < _TWO or not others or fold(others[0]) not in ("栏次", *_TOTALS):
        return cells
    return tuple("" if is_part else cell for cell, is_part in zip(cells, parts, strict=True))


def _is_body(line: Line) -> bool:
    printed = [cell for cell in line.cells if cell]
    return any(classify_cell(cell) in (CellKind.AMOUNT, CellKind.DASH) for cell in printed) or any(
        fold(cell) == "栏次" for cell in printed
    )


def read_header(lines: Sequence[Line], start: int, depth: int) -> list[Column]:
    """Return the columns of a header that is ``depth`` lines deep.

    A word over several columns stands over the first of them, and reaches to the next word of its line
    or of a line above.
    """
    rows = [line.cells for line in lines[start : start + depth]]
    columns: list[Column] = []
    for place in range(len(rows[0])):
        lowest = max((level for level, row in enumerate(rows) if row[place]), default=-1)
        path: list[str] = []
        for level in range(lowest + 1):
            word = rows[level][place]
            if not word and level < lowest and columns:
                beside = columns[-1].printed
                # Not the lowest word: that one stands over its own column alone.
                if len(beside) > level + 1 and list(beside[:level]) == path:
                    word = beside[level]
            path.append(word)
        columns.append(Column(place, tuple(path)))
    return columns


def _fold_words(column: Column, years: Sequence[int]) -> tuple[str, ...]:
    """Fold the words above a column: the latest year is the table's own, the one before it the prior one."""
    names = {max(years): "{year}", max(years) - 1: "{prior}"} if years else {}
    folded = []
    for word in column.words:
        text = _UNIT_BEHIND.sub("", fold(word))
        for year in find_years(text):
            text = text.replace(str(year), names.get(year, str(year)))
        folded.append(text)
    return tuple(folded)


def _matches(levels: Sequence[tuple[frozenset[str], bool]], words: Sequence[str]) -> bool:
    if not levels:
        return not words
    (alternatives, is_optional), rest = levels[0], levels[1:]
    if words and words[0] in alternatives and _matches(rest, words[1:]):
        return True
    return is_optional and _matches(rest, words)


def _list_candidates(template: Template, words: Sequence[str]) -> list[PrintedField | None]:
    """Return what a column of these words may be, each once however many ways there are to head it."""
    found = {f.key: f for f in template.fields if _matches(f.header_levels, words)}
    return list(found.values())


def _fit_header(template: Template, lines: Sequence[Line], start: int, depth: int) -> Fitted | None:
    columns, lines = _settle_columns(lines, start, depth)
    if columns is None:
        return None
    years = sorted({year for column in columns for word in column.words for year in find_years(word)})
    candidates = [
        _list_candidates(template, _fold_words(column, years)) if column.words else [None]
        for column in columns
    ]
    if not all(candidates):
        return None
    found = list(_choose(template, candidates, 0, []))
    if len(found) != 1:
        return None  # None, or several ways to read it.
    fields = [
        field.model_copy(update={"header": column.printed}) if column.words else field
        for field, column in zip(found[0], columns, strict=True)
    ]
    units = {
        match["unit"]
        for column in columns
        for word in column.words
        if (match := _UNIT_BEHIND.search(fold(word)))
    }
    if len(units) > 1:
        return None
    made = Template(
        template=template.template,
        statement=template.statement,
        document_kind=template.document_kind,
        years=template.years,
        titles=template.titles,
        unit=template.unit,
        numbered_columns=True,
        fields=tuple(_spell_out(field) for field in fields),
        rows={name: rule for name, rule in template.rows.items() if any(f.block == name for f in fields)},
    )
    made = made.model_copy(update={"spanning_rows": tuple(_find_spanning_rows(made, lines[start + depth :]))})
    return Fitted(made, tuple(lines), start, units.pop() if units else None)


def _find_spanning_rows(template: Template, lines: Sequence[Line]) -> Iterator[SpanningRow]:
    """Find totals whose label stands in the first of several blocks, their amount in the last.

    The blocks are those of one name, or of a name and of the one that it reaches.
    """
    for name, rule in template.rows.items():
        blocks = [block for block in template.blocks if block.name in (name, rule.reaches)]
        if not (rule.repeats or rule.reaches) or len(blocks) < _TWO:
            continue
        own, last = blocks[0], blocks[-1]
        amount_place = last.amount_places[-1]
        between = [
            place
            for place in range(own.start, last.start + len(last.fields))
            if template.fields[place].role != "ordinal"  # Lines are numbered, with an amount or without.
        ]
        for cells in (line.cells for line in lines):
            printed = [place for place in between if cells[place]]
            named = [
                row for row in rule.named if printed and fold_label(cells[printed[0]]) in row.folded_labels
            ]
            if named and printed[0] < last.start and printed[1:] == [amount_place]:
                yield SpanningRow(
                    row=named[0].row,
                    label=cells[printed[0]],
                    label_place=printed[0] + 1,
                    amount_place=amount_place + 1,
                )


def _spell_out(field: PrintedField) -> PrintedField:
    """Make a field of a closed template: what is printed stands for itself."""
    return PrintedField(
        role=field.role, block=field.block, header=field.header, column=field.column, step=field.step
    )


def _settle_columns(
    lines: Sequence[Line], start: int, depth: int
) -> tuple[list[Column] | None, tuple[Line, ...]]:
    """Leave out columns that print nothing; None if one has figures and no word above it.

    A column without a word right of a code holds another part of the code (类, 款, 项), or the code
    itself, where it is printed over all of its columns.
    """
    columns = read_header(lines, start, depth)
    lines = _gather_codes(columns, lines, start + depth)
    width = len(columns)
    used = [any(line.cells[place] for line in lines) for place in range(width)]
    body = lines[start + depth :]
    kept: list[Column] = []
    for column in columns:
        if not used[column.place]:
            continue
        if not column.words:
            printed = [line.cells[column.place] for line in body if line.cells[column.place]]
            is_code = bool(kept) and all(cell.isdigit() and len(cell) <= _TWO for cell in printed)
            if not is_code:
                return None, tuple(lines)
        kept.append(column)
    places = [column.place for column in kept]
    if len(places) == width:
        return kept, tuple(lines)
    narrowed = tuple(line._replace(cells=tuple(line.cells[place] for place in places)) for line in lines)
    return [replace(column, place=place) for place, column in enumerate(kept)], narrowed


def _gather_codes(columns: Sequence[Column], lines: Sequence[Line], body: int) -> Sequence[Line]:
    """Put codes that stand anywhere over several columns into the first of them."""
    for column in columns:
        group = [column.place]
        while column.words and group[-1] + 1 < len(columns) and _may_be_part_of_code(columns[group[-1] + 1]):
            group.append(group[-1] + 1)
        printed = [[line.cells[place] for place in group if line.cells[place]] for line in lines[body:]]
        if len(group) == 1 or any(len(texts) > 1 for texts in printed):
            continue
        texts = [text.rstrip(UNPLACED) for texts in printed for text in texts]
        codes = [text for text in texts if text.isdigit()]
        if not codes or any(len(code) not in _CODE_LENGTHS for code in codes):
            continue
        lines = [
            line._replace(
                cells=(
                    *line.cells[: group[0]],
                    "".join(line.cells[place] for place in group).rstrip(UNPLACED),
                    *[""] * (len(group) - 1),
                    *line.cells[group[-1] + 1 :],
                ),
            )
            if number >= body
            else line
            for number, line in enumerate(lines)
        ]
    return lines


def _may_be_part_of_code(column: Column) -> bool:
    return not column.words or fold(column.words[-1]) in _PARTS_OF_CODES


def _choose(
    template: Template,
    candidates: Sequence[Sequence[PrintedField | None]],
    place: int,
    chosen: list[PrintedField],
) -> Iterator[list[PrintedField]]:
    """Yield the ways to take each column for one field: blocks in order, no column of a block twice."""
    if place == len(candidates):
        keys = {field.key for field in chosen}
        has_required = all(field.key in keys for field in template.fields if field.required)
        if has_required and _stand_together(chosen):
            yield list(chosen)
        return
    for field in candidates[place]:
        if field is None:
            if not chosen or chosen[-1].role != "code":
                continue
            field = chosen[-1]
        elif not _may_follow(template, chosen, field):
            continue
        chosen.append(field)
        yield from _choose(template, candidates, place + 1, chosen)
        chosen.pop()


def _stand_together(chosen: Sequence[PrintedField]) -> bool:
    """Tell whether each column has those beside it that it needs, and none that it rules out."""
    columns = {(field.block, field.column) for field in chosen}
    return all(
        all((field.block, other) in columns for other in field.needs)
        and not any((field.block, other) in columns for other in field.never_with)
        for field in chosen
    )


def _may_follow(template: Template, chosen: Sequence[PrintedField], field: PrintedField) -> bool:
    order = list(template.rows)
    if chosen and order.index(field.block) < order.index(chosen[-1].block):
        return False
    own = [other for other in chosen if other.block == field.block]
    if own and template.rows[field.block].repeats and field.role in ("code", "label"):
        # Side by side: the next block of this name opens behind an amount.
        last = max((n for n, other in enumerate(own) if other.role == "amount"), default=-1)
        own = own[last + 1 :]
    elif own and template.rows[field.block].repeats and field.role == "amount":
        starts = [
            n for n, o in enumerate(own) if o.role != "amount" and (n == 0 or own[n - 1].role == "amount")
        ]
        own = own[starts[-1] :] if starts else own
    if field.key in {other.key for other in own}:
        return False
    if field.role == "amount":
        needs_label = any(
            o.block == field.block and o.role == "label" and o.required for o in template.fields
        )
        return not needs_label or any(other.role in ("label", "code") for other in own)
    return True


def explain_open_misfit(
    template: Template, lines: Sequence[Line], document: Document
) -> tuple[Line, tuple[str, ...], tuple[str, ...]]:
    """Return the header line, the header words that an open template does not know, and what it lacks."""
    even = _even_out(lines, document) or tuple(lines)
    width = max(len(line.cells) for line in even)
    even = tuple(line._replace(cells=(*line.cells, *[""] * (width - len(line.cells)))) for line in even)
    depth = 1
    while depth < min(_MOST_LEVELS, len(even)) and not _is_body(even[depth]):
        depth += 1
    best: tuple[int, Line, tuple[str, ...], tuple[str, ...]] | None = None
    for levels in range(1, depth + 1):
        every = read_header(even, 0, levels)
        columns = [column for column in every if column.words]
        # A header that stops too early leaves columns without a word.
        bare = [
            column for column in every if not column.words and any(row.cells[column.place] for row in even)
        ]
        years = sorted({year for column in columns for word in column.words for year in find_years(word)})
        known = [_list_candidates(template, _fold_words(column, years)) for column in columns]
        strange = [column for column, fields in zip(columns, known, strict=True) if not fields]
        unknown = tuple("/".join(column.words) for column in strange)
        line = even[len(strange[0].printed) - 1] if strange else even[0]
        found = {field.key for fields in known for field in fields if field is not None}
        missing = tuple(
            field.printed_header for field in template.fields if field.required and field.key not in found
        )
        distance = len(unknown) + len(missing) + len(bare)
        if best is None or distance < best[0]:
            best = (distance, line, unknown, missing)
    assert best is not None, "a table has at least one line"
    return best[1:]
