"""The lines of one official table to rows of cells, by template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.headers import explain_open_misfit, fit_open_template
from ingest.issues import Issue, quote
from ingest.numbers import CellKind, classify_cell
from ingest.parsed_tables import ParsedColumn, ParsedRow
from ingest.readers.pages import UNPLACED
from ingest.readers.texts import Document, Line
from ingest.templates import Block, HeaderWord, Library, NamedRow, RowRule, Template
from ingest.words import fold, fold_label, fold_year

# A column's number, bare, in parentheses, or with what it is the sum of.
_COLUMN_NUMBER = re.compile(r"\(?(?P<number>\d{1,2})\)?(?:=[-+()\d]+)?$")
# [2010301]行政运行, 2010301-行政运行: where no column is for codes.
_CODE_IN_LABEL = re.compile(r"[\[【(（]?(?P<code>\d{3,7})(?:[\])）】]|[-—_ ])\s*(?P<name>\D.*)$")


@dataclass(frozen=True)
class Grid:
    """A table's lines that fit a template: where its header stands among them."""

    template: Template
    lines: tuple[Line, ...]
    header_start: int
    # A unit of money that the header prints behind its words.
    unit_of_money: str | None = None

    @property
    def header_end(self) -> int:
        return self.header_start + len(self.template.header_lines)


def _match_header_line(words: Sequence[HeaderWord], line: Line) -> bool:
    """Tell whether a printed line is this header line.

    Words must come in the template's order; the lowest word above a column must stand at its
    place. A word over several columns may stand over any of them: converters disagree where.
    """
    printed = [(place, fold_year(cell)) for place, cell in enumerate(line.cells) if cell]
    position = 0
    for word in words:
        if position < len(printed):
            place, text = printed[position]
            if text in word.alternatives and (not word.is_leaf or place == word.place):
                position += 1
                continue
        if not word.is_optional:
            return False
    return position == len(printed)


def _has_width(line: Line, template: Template, document: Document) -> bool:
    """Tell whether a line has as many cells as the template, stripped ones counted."""
    missing = len(template.fields) - len(line.cells)
    return missing == 0 or (missing > 0 and not document.has_trailing_blanks)


def fit_template(template: Template, lines: Sequence[Line], document: Document) -> Grid | None:
    """Return the table's lines as a grid of this template, or None if its header is not theirs."""
    if template.open_columns:
        fitted = fit_open_template(template, lines, document)
        return (
            Grid(fitted.template, fitted.lines, fitted.header_start, fitted.unit_of_money) if fitted else None
        )
    headers = template.header_lines
    for start in range(len(lines) - len(headers) + 1):
        if all(
            _has_width(lines[start + offset], template, document)
            and _match_header_line(header, lines[start + offset])
            for offset, header in enumerate(headers)
        ):
            return Grid(template, tuple(lines), start)
        # Only headings of sections may stand above a header.
        words = [fold_label(cell) for cell in lines[start].cells if cell]
        if len(words) != 1 or words[0] not in template.folded_headings:
            return None
    return None


def explain_misfit(
    templates: Sequence[Template], lines: Sequence[Line], document: Document
) -> tuple[Line, str, str]:
    """Return the first header line that differs from the nearest template: line, found, expected."""
    best: tuple[int, Line, str, str] | None = None
    for template in (template for template in templates if not template.open_columns):
        for level, header in enumerate(template.header_lines):
            line = lines[min(level, len(lines) - 1)]
            is_wide = _has_width(line, template, document)
            if level < len(lines) and is_wide and _match_header_line(header, line):
                continue
            words = " | ".join(sorted(word.alternatives)[0] for word in header)
            found = f"{quote(line.text, 120)} ({len(line.cells)})"
            expected = f"{words} ({len(template.fields)}), {template.template}"
            if best is None or level > best[0]:
                best = (level, line, found, expected)
            break
    unknown_words: list[tuple[int, Line, str, str]] = []
    for template in (template for template in templates if template.open_columns):
        line, unknown, missing = explain_open_misfit(template, lines, document)
        line = next((own for own in lines if own.line_no == line.line_no), line)
        says = [f"unknown / 未知：{' '.join(unknown)}"] if unknown else []
        says += [f"missing / 缺：{' '.join(missing)}"] if missing else []
        found = f"{quote(line.text, 120)} ({len(line.cells)})"
        expected = f"{template.template} ({'; '.join(says) or 'in another order / 栏次顺序不明'})"
        unknown_words.append((len(unknown) + len(missing), line, found, expected))
    if unknown_words:  # It says word by word what is wrong, and has more words than any other.
        return min(unknown_words, key=lambda said: said[0])[1:]
    assert best is not None, "explain_misfit is for tables that fit no template"
    return best[1:]


def list_columns(grid: Grid) -> tuple[ParsedColumn, ...]:
    """Return the amount columns of a table, each with its header as printed from top to bottom."""
    template = grid.template
    columns: dict[tuple[str, str], ParsedColumn] = {}
    headers = grid.lines[grid.header_start : grid.header_end]
    for field_place, field in enumerate(template.fields):
        if field.column is None:
            continue
        path: list[str] = []
        for level, words in enumerate(template.header_lines[: len(field.header)]):
            if not field.header[level]:
                continue
            above = [word for word in words if word.place <= field_place]
            alternatives = above[-1].alternatives if above else frozenset()
            cells = headers[level].cells
            here = cells[above[-1].place : above[-1].place + 1] if above else ()
            printed = next((cell for cell in (*here, *cells) if fold_year(cell) in alternatives), "")
            path.append("".join(printed.split()))
        key = (field.block, field.column)
        columns.setdefault(key, ParsedColumn(field.block, field.column, "/".join(path)))
    return tuple(columns.values())


class _RowReader:
    """Reads the rows of one grid; remembers which named rows were seen."""

    def __init__(self, grid: Grid, library: Library, document: Document, unit_of_money: str) -> None:
        self._template = grid.template
        self._grid = grid
        self._document = document
        self._unit_of_money = unit_of_money
        self._library = library
        self._blocks = [(block, grid.template.rows[block.name]) for block in grid.template.blocks]
        self._seen: set[tuple[str, str]] = set()
        self.rows: list[ParsedRow] = []
        self.issues: list[Issue] = []

    def read(self) -> None:
        template = self._template
        may_be_numbers = template.numbered_columns
        table_no = self._grid.lines[self._grid.header_start].table_no
        for index, line in enumerate(self._join_split_rows()):
            if self._grid.header_start <= index < self._grid.header_end:
                continue
            if self._is_header(line):
                may_be_numbers = template.numbered_columns  # A header repeated on the next page.
                table_no = line.table_no
                continue
            if line.table_no != table_no:
                table_no = line.table_no  # Its columns stand elsewhere, and no header says where.
                self._refuse("unjoined_table", line, quote(line.text), quote(self._header_words()))
            if may_be_numbers and index >= self._grid.header_end and _numbers_columns(line, template):
                may_be_numbers = False  # One such line a header: the next may print the amount 1.
                continue
            printed_count = len(line.cells) - line.cells.count("")
            if not printed_count or (printed_count == 1 and self._is_heading(line)):
                continue  # Where a line is blank now, the end of the row before stood.
            may_be_numbers = False
            cells = self._fit_width(line)
            if cells is not None:
                self._read_line(line, cells)

    def _refuse(self, reason: str, line: Line, found: str, expected: str) -> None:
        code = self._template.statement
        self.issues.append(Issue(reason, line.line_no, code, found, expected, page_no=line.page_no))

    def _header_words(self) -> str:
        return self._grid.lines[self._grid.header_start].text

    def _is_heading(self, line: Line) -> bool:
        return fold_label("".join(line.cells)) in self._template.folded_headings

    def _fit_width(self, line: Line) -> tuple[str, ...] | None:
        width = len(self._template.fields)
        if len(line.cells) == width:
            return line.cells
        if _has_width(line, self._template, self._document):
            return (*line.cells, *[""] * (width - len(line.cells)))
        self._refuse("wrong_cell_count", line, f"{len(line.cells)}: {quote(line.text)}", str(width))
        return None

    def _read_line(self, line: Line, cells: tuple[str, ...]) -> None:
        if self._template.spanning_rows:
            moved = self._read_spanning_rows(line, cells)
            cells = tuple("" if place in moved else cell for place, cell in enumerate(cells))
        for block, rule in self._blocks:
            self._read_block(line, block, rule, cells)

    def _read_spanning_rows(self, line: Line, cells: tuple[str, ...]) -> set[int]:
        moved: set[int] = set()
        for spanning in self._template.spanning_rows:
            label_place, amount_place = spanning.label_place - 1, spanning.amount_place - 1
            if fold_label(cells[label_place]) != fold_label(spanning.label):
                continue
            block = next(
                b for b in self._template.blocks if label_place in range(b.start, b.start + len(b.fields))
            )
            column = self._template.fields[amount_place].column
            assert column is not None, "an amount place is an amount field"
            moved |= {label_place, amount_place}
            if self._is_new(line, block, spanning.row, cells[label_place]):
                columns = {amount_place: column}
                self._keep(line, block, "", cells[label_place], "", spanning.row, "", columns, cells)
                closing = next(b for b in self._template.blocks if amount_place in b.columns)
                if closing is not block and cells[amount_place]:
                    self.rows[-1] = self.rows[-1]._replace(amount_block_no=closing.number)
        return moved

    def _read_block(self, line: Line, block: Block, rule: RowRule, cells: Sequence[str]) -> None:
        code_parts = _settle_code([cells[place] for place in block.code_places])
        printed_code = " ".join(filter(None, code_parts))
        label, beside, step = _read_labels(block, cells)
        if printed_code and not label and not any(part.isdigit() for part in code_parts):
            code_parts, printed_code, label = [], "", printed_code  # 合计 stands in the column of codes.
        if not block.code_places and rule.code_lengths and (both := _CODE_IN_LABEL.match(label)):
            printed_code, label = both["code"], both["name"]
            code_parts = [printed_code]
        columns = block.columns
        printed = [cells[place] for place in columns if cells[place]]
        if block.ordinal_place is not None and cells[block.ordinal_place]:
            ordinal = cells[block.ordinal_place]
            if not ordinal.isdigit():
                self._refuse("malformed_amount", line, quote(ordinal), "行次 (1, 2, 3 …)")
        if not printed_code and not label and not beside:
            if printed and rule.unlabelled:
                if self._is_new(line, block, rule.unlabelled, " ".join(printed)):
                    self._keep(line, block, "", "", "", rule.unlabelled, "", columns, cells)
            elif printed:
                self._refuse("unlabelled_amount", line, quote(" ".join(printed)), "项目名称 / a label")
            return
        if not label and not block.step_places:
            if printed_code:
                self._refuse("missing_label", line, quote(printed_code), "科目名称 / its name")
            elif printed:  # What stands beside it stands beside others, too.
                what = quote(f"{beside} {' '.join(printed)}")
                self._refuse("unlabelled_amount", line, what, "项目名称 / a label")
                return
        row_code, unit, expected = self._identify(block, rule, code_parts, label)
        if expected and step and rule.steps:
            row_code, expected = f"step_{step}", ""
        if expected and not printed and fold_label(label) in rule.folded_headings:
            return  # A heading whose line is numbered like the others.
        if expected:
            # Without a figure nothing is lost by it: a class that nobody listed, a heading.
            reason = "unknown_row" if printed else "unknown_empty_row"
            self._refuse(reason, line, quote(f"{printed_code} {label}".strip()), expected)
            return
        is_single = row_code is not None and not row_code.startswith("step_")
        if is_single and not self._is_new(line, block, str(row_code), f"{printed_code} {label}"):
            return
        self._keep(line, block, printed_code, label, beside, row_code, unit, columns, cells)

    def _is_new(self, line: Line, block: Block, row_code: str, printed: str) -> bool:
        """Note that a row was seen; refuse it if it was seen before."""
        if (block.name, row_code) in self._seen:
            self._refuse("duplicate_row", line, quote(printed), "one / 一行")
            return False
        self._seen.add((block.name, row_code))
        return True

    def _identify(
        self, block: Block, rule: RowRule, code_parts: Sequence[str], label: str
    ) -> tuple[str | None, str, str]:
        """Return row code, unit of measure, and what was expected if the row is not known."""
        if any(code_parts):
            code = _join_code(code_parts)
            if code is not None and len(code) in rule.code_lengths and code.startswith(rule.code_begins):
                return code, "", ""
            lengths = "/".join(map(str, rule.code_lengths)) or "0"
            begins = f", {rule.code_begins}…" if rule.code_begins else ""
            return None, "", f"科目编码 ({lengths} digits / 位{begins})"
        named = self._find_named_row(block.name, rule, label)
        if named is not None:
            return named.row, named.unit or "", ""
        if rule.free:
            return None, "", ""
        rows = self._library.list_named_rows(rule)
        known = [row.shown_label for row in rows if (block.name, row.row) not in self._seen]
        return None, "", quote("、".join(known[:3]) + ("…" if len(known) > 3 else ""))

    def _join_split_rows(self) -> tuple[Line, ...]:
        """Give rows that a page break cuts in two the end of their labels back.

        It stands at the top of the next page, with no code and no figure. Only what is known
        together and not alone is joined.
        """
        lines = list(self._grid.lines)
        for index in range(self._grid.header_end, len(lines)):
            rest = lines[index]
            if rest.page_no is None:
                continue
            above = index - 1
            while above > self._grid.header_end and self._is_header(lines[above]):
                above -= 1
            before = lines[above]
            if before.page_no is None or before.page_no == rest.page_no:
                continue
            if not len(before.cells) == len(rest.cells) == len(self._template.fields) or self._is_header(
                rest
            ):
                continue
            if self._completes(before.cells, rest.cells):
                joined = tuple(first + second for first, second in zip(before.cells, rest.cells, strict=True))
                lines[above] = before._replace(cells=joined)
                lines[index] = rest._replace(cells=("",) * len(rest.cells))
        return tuple(self._join_overflowing(lines))

    def _join_overflowing(self, lines: list[Line]) -> list[Line]:
        """Give a label that runs over into the row below its end back: beside it, another block goes on."""
        width = len(self._template.fields)
        for index in range(self._grid.header_end + 1, len(lines)):
            before, rest = lines[index - 1], lines[index]
            if rest.table_no is None or not len(before.cells) == len(rest.cells) == width:
                continue
            for block in self._template.blocks:
                place, rule = block.label_place, self._template.rows[block.name]
                if place is None or rule.free or not rest.cells[place] or not before.cells[place]:
                    continue
                if any(rest.cells[at] for at in (*block.amount_places, *block.code_places)):
                    continue
                parts = (before.cells[place], rest.cells[place])
                if any(self._find_named_row(block.name, rule, part) for part in parts):
                    continue
                if self._find_named_row(block.name, rule, "".join(parts)) is not None:
                    lines[index - 1] = before = _put(before, place, "".join(parts))
                    lines[index] = rest = _put(rest, place, "")
        return lines

    def _is_header(self, line: Line) -> bool:
        first = next(filter(None, line.cells), None)
        if first is not None and fold_year(first) not in self._template.header_starts:
            return False
        return any(_match_header_line(header, line) for header in self._template.header_lines)

    def _completes(self, before: Sequence[str], rest: Sequence[str]) -> bool:
        """Tell whether a row is but the end of the labels of the row before it."""
        blocks = [
            (place, block)
            for block in self._template.blocks
            for place in range(block.start, block.start + len(block.fields))
            if rest[place]
        ]
        for place, block in blocks:
            rule = self._template.rows[block.name]
            role = self._template.fields[place].role
            if role not in ("label", "beside") or any(rest[at] for at in block.amount_places):
                return False
            has_code = any(before[at] for at in block.code_places)
            if not before[place]:
                # The label as a whole went over to the next page, the figures did not.
                is_owed = has_code or (rule.free and any(before[at] for at in block.amount_places))
                if role != "label" or not is_owed:
                    return False
                continue
            if rule.steps:
                continue
            if self._find_named_row(block.name, rule, rest[place]) is not None:
                return False
            is_known = self._find_named_row(block.name, rule, before[place]) is not None
            becomes_known = self._find_named_row(block.name, rule, before[place] + rest[place]) is not None
            if not has_code and (is_known or not becomes_known):
                return False
        return bool(blocks)

    def _find_named_row(self, block: str, rule: RowRule, label: str) -> NamedRow | None:
        """Return the named row of this label; of several, the last whose anchor has been passed."""
        found = self._library.find_named_rows(rule, fold_label(label))
        passed = [row for row in found if row.after is None or (block, row.after) in self._seen]
        return passed[-1] if passed else None

    def _keep(
        self,
        line: Line,
        block: Block,
        printed_code: str,
        label: str,
        beside: str,
        row_code: str | None,
        unit: str,
        columns: Mapping[int, str],
        cells: Sequence[str],
    ) -> None:
        kept: dict[str, str] = {}
        for place, column in columns.items():
            if not cells[place]:
                continue
            if classify_cell(cells[place]) is CellKind.MALFORMED:
                self._refuse("malformed_amount", line, quote(cells[place]), "1,234.56")
            else:
                kept[column] = cells[place]
        self.rows.append(
            ParsedRow(
                line_no=line.line_no,
                block_no=block.number,
                block=block.name,
                printed_code=printed_code,
                printed_label=label,
                printed_beside=beside,
                row_code=row_code,
                unit_of_measure=unit or self._unit_of_money,
                cells=kept,
                page_no=line.page_no,
            )
        )


def _put(line: Line, place: int, text: str) -> Line:
    return line._replace(cells=(*line.cells[:place], text, *line.cells[place + 1 :]))


def _read_labels(block: Block, cells: Sequence[str]) -> tuple[str, str, int | None]:
    """Return the label of a row, what stands beside it, and its step where labels step to the right."""
    label = cells[block.label_place] if block.label_place is not None else ""
    beside = " / ".join([cells[place] for place in block.beside_places if cells[place]])
    if block.step_places:
        printed = [(cells[place], step) for place, step in block.step_places if cells[place]]
        if printed:
            label, step = printed[0]
            return (
                label,
                " / ".join([*(text for text, _ in printed[1:]), *([beside] if beside else [])]),
                step,
            )
        return "", beside, None
    if (
        beside
        and not label
        and block.label_place is not None
        and (block.beside_place or 0) < block.label_place
    ):
        return beside, "", None  # 合计 stands over the group and the item.
    return label, beside, None


def _settle_code(parts: list[str]) -> list[str]:
    """Leave the mark out that a code over all of its columns bears: it may stand in any of them."""
    if len(parts) > 1 and sum(map(bool, parts)) == 1:
        return [part.rstrip(UNPLACED) for part in parts]
    return parts


def _join_code(parts: Sequence[str]) -> str | None:
    """Return the code that stands in one column, or in one each for 类, 款 and 项 (2 is 02 there)."""
    printed = [part for part in parts if part]
    if len(printed) == 1 and (len(parts) == 1 or len(printed[0]) > len("201")):
        return printed[0] if printed[0].isdigit() else None
    if printed != list(parts[: len(printed)]) or not all(part.isdigit() for part in printed):
        return None
    if len(printed[0]) != 3 or any(len(part) > 2 for part in printed[1:]):
        return None
    return printed[0] + "".join(part.zfill(2) for part in printed[1:])


def _numbers_columns(line: Line, template: Template) -> bool:
    """Tell whether a line numbers all columns, or all amounts: 栏次, then 1 2 3 …, or only those."""
    words = [fold(cell) for cell in line.cells if cell]
    numbers = [word for word in words if word != "栏次"]
    counts = {len(template.fields), sum(field.role == "amount" for field in template.fields)}
    # 1=2+3 and (2) number a column too.
    matches = [_COLUMN_NUMBER.match(number) for number in numbers]
    plain = [match["number"] if match else "" for match in matches]
    is_counted = len(numbers) in counts or len(numbers) < len(words)
    return is_counted and bool(plain) and plain == [str(number) for number in range(1, len(plain) + 1)]


def read_rows(
    grid: Grid, library: Library, document: Document, unit_of_money: str
) -> tuple[tuple[ParsedRow, ...], list[Issue]]:
    """Read the rows of a grid; an issue for each line that is none of the template's."""
    reader = _RowReader(grid, library, document, unit_of_money)
    reader.read()
    return tuple(reader.rows), reader.issues
