"""PDFs with a text layer to lines: what is visible on each page, upright.

PDFium (Apache-2.0 and BSD, one wheel without dependencies) gives characters with boxes, colours and
clips, and the paths around them; nothing is drawn and nothing in the file is run. What a person would
not see is left out and counted: text outside its clip or under a later patch, white on nothing,
watermarks. No coordinate is kept: amounts are strings throughout.
"""

from __future__ import annotations

import hashlib
import math
import re
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.issues import Issue, RefusedDocument, quote
from ingest.readers import limits
from ingest.readers.grids import refuse_excess
from ingest.readers.page_lines import assemble_lines, find_page_number, find_printed_number
from ingest.readers.pages import NEAR, UNPLACED, Glyph, Page, Ruling, compose_lines, spell_line
from ingest.readers.pdf_scenes import Excess, Ink, Mark, Rectangle, Scene, Segment, take_apart
from ingest.readers.sheets import split_sheets
from ingest.readers.texts import Document

_PALE = 0.6  # Brightness from which on print that lies across other print is a watermark.
_LARGE, _HUGE = 1.5, 2.5  # Sizes of watermarks, in those of usual print.
# Radians: from the first on a line of print rises by a ruling's thickness; at the second it is meant so.
_SKEW, _MOST_SKEW = 0.002, 0.35
# Print of other sizes is measured as if it were of this one: what is near is near to its readers.
_USUAL_SIZES, _USUAL_SIZE = (6.0, 16.0), 10.0
_FAINT = 0.05  # A difference in brightness that is none.
_DOT = 1.5  # Of a dotted line.
# What a viewer does not paint on the page: links, notes and their windows, files.
_UNPAINTED = frozenset((pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_POPUP))
_NUMBER = re.compile(r"[\d.,]")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)


def _turn(direction: int, bounds: Rectangle, area: Rectangle) -> Rectangle:
    """Return an area as left, top, right, bottom of the page turned upright."""
    left, bottom, right, top = area
    x0, y0, x1, y1 = bounds
    if direction == 0:
        return left - x0, y1 - top, right - x0, y1 - bottom
    if direction == 1:
        return bottom - y0, left - x0, top - y0, right - x0
    if direction == 2:
        return x1 - right, bottom - y0, x1 - left, top - y0
    return y1 - top, x1 - right, y1 - bottom, x1 - left


def _make_rulings(
    segments: Sequence[Segment], direction: int, bounds: Rectangle
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    horizontal, vertical = [], []
    for x0, y0, x1, y1 in segments:
        left, top, right, bottom = _turn(
            direction, bounds, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        )
        # A dot may be of either: what it makes with its neighbours will tell.
        is_dot = max(right - left, bottom - top) <= _DOT
        if is_dot or (bottom - top <= 1 and right - left > 1):
            horizontal.append(Ruling((top + bottom) / 2, left, right))
        if is_dot or (right - left <= 1 and bottom - top > 1):
            vertical.append(Ruling((left + right) / 2, top, bottom))
    return tuple(horizontal), tuple(vertical)


@dataclass
class _Counts:
    """What was left out of the pages, and on which; what was painted over, and with what."""

    watermarks: Counter[int] = field(default_factory=Counter)
    hidden: Counter[int] = field(default_factory=Counter)
    doubled: Counter[int] = field(default_factory=Counter)
    unmapped: Counter[int] = field(default_factory=Counter)
    covered: dict[int, list[str]] = field(default_factory=dict)


class _PageReader:
    """Reads one page: what is visible of a scene, turned upright."""

    def __init__(self, page: pypdfium2.PdfPage, page_no: int, scene: Scene, counts: _Counts) -> None:
        self._page_no = page_no
        self._scene = scene
        self._counts = counts
        self._bounds = page.get_bbox()
        self._rotation = (page.get_rotation() // 90) % 4
        self.faint: dict[Glyph, tuple[float, float]] = {}

    def read(self) -> Page:
        covered: list[Mark] = []
        shown: list[Mark] = []
        torn: list[tuple[Mark, Mark]] = []  # A digit that shows, and the one beside it that does not.
        before, was_shown = None, True
        for mark in self._scene.marks:
            if mark.direction == -1:
                self._counts.watermarks[self._page_no] += len(mark.text)
                continue
            is_shown = self._is_visible(mark, covered)
            if is_shown:
                shown.append(mark)
            else:
                self._counts.hidden[self._page_no] += len(mark.text)
            if is_shown is not was_shown and before is not None and _are_of_a_number(before, mark):
                torn.append((mark, before) if is_shown else (before, mark))
            before, was_shown = mark, is_shown
        self._counts.doubled[self._page_no] += len(self._scene.left_out)
        directions = Counter(mark.direction for mark in shown)
        self._upright = directions.most_common(1)[0][0] if directions else self._rotation
        glyphs = self._make_glyphs(shown)
        self._tell_torn(torn, glyphs)
        self._tell_covered(covered, glyphs)
        horizontal, vertical = _make_rulings(self._scene.segments, self._upright, self._bounds)
        left, bottom, right, top = self._bounds
        width, height = right - left, top - bottom
        if self._upright % 2:
            width, height = height, width
        self._counts.unmapped[self._page_no] += self._scene.unmapped
        images = self._find_pictures(glyphs, vertical)
        return Page(self._page_no, width, height, tuple(glyphs), horizontal, vertical, images)

    def _find_pictures(self, glyphs: Sequence[Glyph], vertical: Sequence[Ruling]) -> tuple[Glyph, ...]:
        """Return the pictures that are no larger than a few lines of print and have none on them.

        What was made black is one, too; but an area from ruling to ruling is the ground of a cell.
        """
        scene = self._scene
        if not (scene.images or scene.black):
            return ()
        most = 3 * max((glyph.size for glyph in glyphs if not glyph.is_word), default=0.0)

        def find(areas: Sequence[Rectangle]) -> list[Glyph]:
            turned = (_turn(self._upright, self._bounds, area) for area in areas)
            return [Glyph(UNPLACED, *area) for area in turned if area[3] - area[1] < most]

        ends = [ruling.at for ruling in vertical] if scene.black else []
        black = [
            area
            for area in find(scene.black)
            if not all(any(abs(x - end) < NEAR for end in ends) for x in (area.left, area.right))
        ]
        pictures = [*find(scene.images), *black]
        return tuple(picture for picture in pictures if not any(_overlap(picture, glyph) for glyph in glyphs))

    def _is_visible(self, mark: Mark, covered: list[Mark]) -> bool:
        left, bottom, right, top = mark.area
        x, y = (left + right) / 2, (bottom + top) / 2
        x0, y0, x1, y1 = self._bounds
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return False
        ink = mark.ink
        if ink is None:
            return True
        if ink.clip is not None:
            x0, y0, x1, y1 = ink.clip
            if not (x0 <= x <= x1 and y0 <= y <= y1):
                return False
        if ink.is_invisible:
            return self._scene.image_share > 0.5  # The text layer of a scan that was read by a machine.
        scene = self._scene
        if ink.order < scene.last_cover and scene.find_cover(mark) is not None:
            covered.append(mark)
            return False
        return not ((ink.brightness >= _PALE or scene.has_dark) and scene.blends(mark))

    def _make_glyphs(self, shown: Sequence[Mark]) -> list[Glyph]:
        glyphs: dict[tuple[str, int, int], Glyph] = {}
        sideways: dict[int, list[Mark]] = {}
        # Where PDFium found print on print, more may be found: what is bold or has a shadow.
        steps = (-1, 0, 1) if self._scene.left_out else ()
        step, huge = self._scene.print_height / 10, _HUGE * self._scene.print_height
        around = [(x, y) for x in steps for y in steps]
        upright, bounds = self._upright, self._bounds
        for mark in shown:
            if mark.direction != upright:
                sideways.setdefault(mark.direction, []).append(mark)
                continue
            left, top, right, bottom = _turn(upright, bounds, mark.area)
            text, column, row = mark.text, round(left / step), round(top / step)
            is_again = (text, column, row) in glyphs
            if is_again or (around and any((text, column + x, row + y) in glyphs for x, y in around)):
                self._counts.doubled[self._page_no] += 1
                continue
            glyph = glyphs[text, column, row] = Glyph(text, left, top, right, bottom)
            if mark.ink is not None and (mark.ink.brightness >= _PALE or bottom - top > huge):
                self.faint[glyph] = (mark.ink.brightness, bottom - top)
        found = list(glyphs.values())
        for direction, marks in sideways.items():
            found.extend(self._spell_sideways(direction, marks))
        return found

    def _spell_sideways(self, direction: int, marks: Sequence[Mark]) -> list[Glyph]:
        """Return each line of print across the page's own as one glyph; a number there is no amount."""
        turned = {Glyph(mark.text, *_turn(direction, self._bounds, mark.area)): mark for mark in marks}
        spelled = []
        for line in compose_lines(turned):
            text = spell_line(line)
            areas = [turned[glyph].area for glyph in line]
            area = tuple(map(min, *areas))[:2] + tuple(map(max, *areas))[2:] if len(areas) > 1 else areas[0]
            is_number = not find_page_number(text) and any(char.isdigit() for char in text)
            glyph = Glyph(
                text + (UNPLACED if is_number else ""), *_turn(self._upright, self._bounds, area), True
            )
            ink = turned[line[0]].ink
            if ink is not None:
                self.faint[glyph] = (ink.brightness, max(item.size for item in line))
            spelled.append(glyph)
        return spelled

    def _tell_torn(self, torn: Sequence[tuple[Mark, Mark]], glyphs: list[Glyph]) -> None:
        """Mark the numbers of which a part is cut off or painted over: what is left of one is none."""
        if not torn:
            return
        places = {glyph: place for place, glyph in enumerate(glyphs)}
        for shown, hidden in torn:
            lost = Glyph("", *_turn(self._upright, self._bounds, hidden.area))
            place = places.get(Glyph(shown.text, *_turn(self._upright, self._bounds, shown.area)))
            if place is not None and not any(_overlap(lost, glyph) for glyph in glyphs):
                whole = glyphs[place]
                glyphs[place] = whole._replace(text=shown.text + UNPLACED)
                if whole in self.faint:  # A watermark may well end beyond the page.
                    self.faint[glyphs[place]] = self.faint.pop(whole)

    def _tell_covered(self, covered: Sequence[Mark], glyphs: list[Glyph]) -> None:
        """Note each number that was painted over; where an image covers it, no one knows what stands there."""
        turned = {Glyph(mark.text, *_turn(self._upright, self._bounds, mark.area)): mark for mark in covered}
        shown = list(glyphs) if turned else []
        for line in compose_lines(turned):
            text = spell_line(line)
            if any(char.isdigit() for char in text):
                self._counts.covered.setdefault(self._page_no, []).append(text)
            for glyph in line:
                cover = self._scene.find_cover(turned[glyph])
                if cover is not None and cover.image and not any(_overlap(glyph, other) for other in shown):
                    glyphs.append(glyph._replace(text=UNPLACED))


def _are_of_a_number(first: Mark, second: Mark) -> bool:
    """Tell whether a character follows on another as the next one of a number."""
    if first.direction != second.direction or not (_NUMBER.match(first.text) and _NUMBER.match(second.text)):
        return False
    one, two = first.area, second.area
    if first.direction % 2:
        one, two = (one[1], one[0], one[3], one[2]), (two[1], two[0], two[3], two[2])
    size = min(one[3] - one[1], two[3] - two[1])
    gap = max(one[0], two[0]) - min(one[2], two[2])
    return gap < 0.3 * size and min(one[3], two[3]) - max(one[1], two[1]) > 0.5 * size


def _overlap(first: Glyph, second: Glyph) -> bool:
    """Tell whether two characters share more than a third of the smaller one's width and height."""
    width = min(first.right, second.right) - max(first.left, second.left)
    height = min(first.bottom, second.bottom) - max(first.top, second.top)
    return (
        width > min(first.right - first.left, second.right - second.left) / 3
        and height > min(first.size, second.size) / 3
    )


def _is_across(glyph: Glyph, page: Page, others: Sequence[Glyph]) -> bool:
    """Tell whether a character lies across other print or across a line: only watermarks do."""
    inset = glyph.size / 4
    left, right, top, bottom = (
        glyph.left + inset / 2,
        glyph.right - inset / 2,
        glyph.top + inset,
        glyph.bottom - inset,
    )
    return (
        any(top < line.at < bottom and line.start < glyph.middle < line.end for line in page.horizontal)
        or any(left < line.at < right and line.start < glyph.centre < line.end for line in page.vertical)
        or any(_overlap(glyph, other) for other in others)
    )


def _find_usual_size(pages: Sequence[Page]) -> float:
    sizes = sorted(glyph[4] - glyph[2] for page in pages for glyph in page.glyphs if not glyph[5])
    return sizes[len(sizes) // 2] if sizes else _USUAL_SIZE


def _drop_watermarks(
    pages: list[Page], usual: float, faint: dict[int, dict[Glyph, tuple[float, float]]], counts: _Counts
) -> list[Page]:
    """Leave out print that lies across other print or across lines, pale or huge, or large in many places."""

    def find_place(glyph: Glyph) -> tuple[str, int, int]:
        return glyph.text, round(glyph.left / 5), round(glyph.top / 5)

    places = Counter(find_place(glyph) for found in faint.values() for glyph in found)
    groups: list[tuple[int, float, float, list[Glyph]]] = []
    across: set[tuple[float, float]] = set()
    for page in pages:
        alike: dict[tuple[float, float], list[Glyph]] = {}
        for glyph, (brightness, size) in faint.get(page.page_no, {}).items():
            if brightness >= _PALE or size > _HUGE * usual:
                alike.setdefault((brightness, size), []).append(glyph)
        for (brightness, size), group in alike.items():
            groups.append((page.page_no, brightness, size, group))
            members = set(group)
            others = [glyph for glyph in page.glyphs if glyph not in members]
            if any(_is_across(glyph, page, others) for glyph in group):
                across.add((brightness, size))
    drop: dict[int, set[Glyph]] = {}
    for page_no, brightness, size, group in groups:
        repeated = [glyph for glyph in group if places[find_place(glyph)] > 1]
        is_large = size > _LARGE * usual
        if (brightness, size) in across:
            drop.setdefault(page_no, set()).update(group if is_large else repeated)
        elif is_large and brightness >= _PALE:
            drop.setdefault(page_no, set()).update(repeated)
    kept = []
    for page in pages:
        dropped = drop.get(page.page_no)
        if dropped:
            counts.watermarks[page.page_no] += sum(len(glyph.text) for glyph in dropped)
            page = replace(page, glyphs=tuple(glyph for glyph in page.glyphs if glyph not in dropped))
        kept.append(page)
    return kept


def _scale(pages: list[Page], usual: float) -> list[Page]:
    """Measure unusually small or large print as if it were usual."""
    if _USUAL_SIZES[0] <= usual <= _USUAL_SIZES[1]:
        return pages
    factor = _USUAL_SIZE / usual

    def scale_glyph(glyph: Glyph) -> Glyph:
        text, left, top, right, bottom, is_word = glyph
        return Glyph(text, left * factor, top * factor, right * factor, bottom * factor, is_word)

    def scale_rulings(rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
        return tuple(Ruling(*(length * factor for length in ruling)) for ruling in rulings)

    return [
        Page(
            page.page_no,
            page.width * factor,
            page.height * factor,
            tuple(map(scale_glyph, page.glyphs)),
            scale_rulings(page.horizontal),
            scale_rulings(page.vertical),
            tuple(map(scale_glyph, page.images)),
        )
        for page in pages
    ]


def _open(source_name: str, content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            issue = Issue("encrypted_document", None)
        else:
            issue = Issue("damaged_document", None, found=f"%PDF ({error})", expected="PDF")
        raise RefusedDocument(source_name, issue) from error


def _list_dropped(counts: _Counts) -> tuple[Issue, ...]:
    issues: list[Issue] = []
    for reason, dropped in (
        ("dropped_watermark", counts.watermarks),
        ("dropped_hidden_text", counts.hidden),
        ("dropped_doubled_text", counts.doubled),
        ("unmapped_characters", counts.unmapped),
    ):
        issues.extend(
            Issue(reason, None, found=str(count), page_no=page_no)
            for page_no, count in sorted(dropped.items())
            if count
        )
    issues.extend(
        Issue("covered_numbers", None, found=quote("、".join(texts), 120), page_no=page_no)
        for page_no, texts in sorted(counts.covered.items())
    )
    return tuple(issues)


def _find_missing_pages(pages: Sequence[Page]) -> list[Issue]:
    """Return an issue for each place where the printed page numbers skip some, though they count the pages."""
    numbers = [(page.page_no, find_printed_number(page)) for page in pages]
    known = [(page_no, number) for page_no, number in numbers if number is not None]
    steps = [
        (first, second)
        for first, second in pairwise(known)
        if second[0] == first[0] + 1 and second[1] > first[1]
    ]
    skips = [(first, second) for first, second in steps if second[1] != first[1] + 1]
    if len(skips) * 3 > len(steps) * 2:
        return []  # These numbers count something else.
    return [
        Issue(
            "missing_pages",
            None,
            found=f"{first[1]} → {second[1]}",
            expected=str(first[1] + 1),
            page_no=second[0],
        )
        for first, second in skips
    ]


def _has_layers(content: bytes) -> bool:
    """Tell whether the file declares layers that a viewer may hide; objects may be packed in streams."""
    if b"/OCG" in content:
        return True
    for match in _OBJECT_STREAM.finditer(content):
        try:
            unpacked = zlib.decompressobj().decompress(content[match.end() :], 8 * limits.MEGABYTE)
        except zlib.error:
            continue
        if b"/OCG" in unpacked:
            return True
    return False


class _PdfReader:
    """Reads the pages of one file."""

    def __init__(self, source_name: str, content: bytes, pdf: pypdfium2.PdfDocument) -> None:
        self._source_name = source_name
        self._pdf = pdf
        self._has_layers = _has_layers(content)
        self.counts = _Counts()
        self.pages: list[Page] = []
        self.faint: dict[int, dict[Glyph, tuple[float, float]]] = {}

    def read(self) -> None:
        started = time.monotonic()
        if len(self._pdf) > limits.MAX_PAGES:
            raise refuse_excess(self._source_name, "pages / 页", len(self._pdf), limits.MAX_PAGES)
        for page_no in range(1, len(self._pdf) + 1):
            seconds = int(time.monotonic() - started)
            if seconds > limits.MAX_SECONDS:
                raise refuse_excess(self._source_name, "s / 秒", seconds, int(limits.MAX_SECONDS))
            self._read_page(page_no)

    def _open_page(self, page_no: int) -> pypdfium2.PdfPage:
        try:
            return self._pdf[page_no - 1]
        except pypdfium2.PdfiumError as error:
            issue = Issue("damaged_document", None, found="PDF", expected="PDF", page_no=page_no)
            raise RefusedDocument(self._source_name, issue) from error

    def _read_page(self, page_no: int) -> None:
        page = self._open_page(page_no)
        try:
            first_note = None
            object_count = pdfium.FPDFPage_CountObjects(page.raw)
            if _flatten(page):  # Notes painted on the page are seen once it is loaded anew.
                page.close()
                page = self._open_page(page_no)
                first_note = object_count
            scene = take_apart(page, first_note)
            skew = _find_skew(scene.marks)
            if skew:
                _straighten(page, skew)
                page.close()
                page = self._open_page(page_no)
                scene = take_apart(page, first_note)
            if self._has_layers:
                _hide_layers(page, scene)
            reader = _PageReader(page, page_no, scene, self.counts)
            self.pages.append(reader.read())
            self.faint[page_no] = reader.faint
        except Excess as error:
            raise refuse_excess(self._source_name, error.what, error.found, error.most) from error
        finally:
            page.close()


def _flatten(page: pypdfium2.PdfPage) -> bool:
    """Paint notes, stamps and form fields into the page, as a viewer shows them; False if there are none."""
    kinds = set()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kinds.add(pdfium.FPDFAnnot_GetSubtype(note))
        pdfium.FPDFPage_CloseAnnot(note)
    if kinds <= _UNPAINTED:
        return False
    return bool(pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS)


def _find_skew(marks: Sequence[Mark]) -> float:
    """Return by which small angle, in radians, all print is askew; 0 if it is not."""
    angles = [mark.ink.angle for mark in marks if mark.ink is not None and mark.ink.brightness < _PALE]
    if not any(angles):
        return 0.0
    quarter = math.pi / 2
    skews = [angle - round(angle / quarter) * quarter for angle in angles]
    usual = median(skews)
    alike = sum(abs(skew - usual) < _SKEW for skew in skews)
    return usual if _SKEW < abs(usual) < _MOST_SKEW and alike > 0.9 * len(skews) else 0.0


def _straighten(page: pypdfium2.PdfPage, angle: float) -> None:
    """Turn what is painted on a page about its middle."""
    left, bottom, right, top = page.get_bbox()
    x, y = (left + right) / 2, (bottom + top) / 2
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix = pdfium.FS_MATRIX(
        cosine, -sine, sine, cosine, x - cosine * x - sine * y, y + sine * x - cosine * y
    )
    pdfium.FPDFPage_TransFormWithClip(page.raw, matrix, None)


def _hide_layers(page: pypdfium2.PdfPage, scene: Scene) -> None:
    """Make print invisible that is on a hidden layer: where the page, drawn, shows nothing.

    PDFium does not tell which layer an object is on, and draws only those that are shown.
    """
    page.set_rotation(0)
    scale = 2.0
    bitmap = page.render(scale=scale, grayscale=True)
    left, _, _, top = page.get_bbox()
    votes: dict[Ink, list[bool]] = {}
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    for mark in scene.marks:
        width, height = mark.area[2] - mark.area[0], mark.area[3] - mark.area[1]
        x0 = max(int((mark.area[0] - left + width / 8) * scale), 0)
        x1 = min(int((mark.area[2] - left - width / 8) * scale) + 1, bitmap.width)
        y0 = max(int((top - mark.area[3] + height / 6) * scale), 0)
        y1 = min(int((top - mark.area[1] - height / 6) * scale) + 1, bitmap.height)
        seen = b"".join(pixels[row * stride + x0 : row * stride + x1] for row in range(y0, y1))
        if mark.ink is None or not seen:
            continue
        is_plain = max(seen) - min(seen) <= 255 * _FAINT
        # All of one colour, and not that of print.
        is_unseen = is_plain and abs(min(seen) / 255 - mark.ink.brightness) > _FAINT
        votes.setdefault(mark.ink, []).append(is_unseen)
    bitmap.close()
    for ink, unseen in votes.items():
        ink.is_invisible = ink.is_invisible or sum(unseen) * 2 > len(unseen)  # A line may cross one of them.


def read_pdf(source_name: str, content: bytes) -> Document:
    """Read a PDF with a text layer.

    Raises RefusedDocument for a file that is encrypted, broken, without readable text, or beyond all
    measure.
    """
    pdf = _open(source_name, content)
    try:
        reader = _PdfReader(source_name, content, pdf)
        reader.read()
    finally:
        pdf.close()
    pages = reader.pages
    found = sum(len(page.glyphs) for page in pages)
    ocr = "ocrmypdf -l chi_sim {}IN.pdf OUT.pdf"
    if not found:
        issue = Issue("no_text_layer", None, found=f"{len(pages)}", expected=ocr.format(""))
        raise RefusedDocument(source_name, issue)
    unmapped = reader.counts.unmapped.total()
    if unmapped > found / 2:
        issue = Issue("unmapped_document", None, found=f"{unmapped}", expected=ocr.format("--force-ocr "))
        raise RefusedDocument(source_name, issue)
    usual = _find_usual_size(pages)
    pages = _scale(_drop_watermarks(pages, usual, reader.faint, reader.counts), usual)
    missing = _find_missing_pages(pages)
    pages = split_sheets(pages)
    return Document(
        source_name=source_name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding="pdf",
        lines=assemble_lines(pages),
        has_trailing_blanks=True,
        issues=(*_list_dropped(reader.counts), *missing),
    )
