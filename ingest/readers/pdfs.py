"""PDFs with a text layer to lines: what is visible on each page, upright.

PDFium (Apache-2.0 and BSD, one wheel without dependencies) gives characters with boxes, colours and
clips, and the paths around them; nothing is drawn and nothing in the file is run. What a person would
not see is left out and counted: text outside its clip or under a later patch, white on nothing,
watermarks. No coordinate is kept: amounts are strings throughout.
"""

from __future__ import annotations

import ctypes
import hashlib
import math
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.issues import Issue, RefusedDocument
from ingest.readers import limits
from ingest.readers.grids import refuse_excess
from ingest.readers.pages import Glyph, Page, Ruling, assemble_lines
from ingest.readers.texts import Document

# Characters and painted things on one page; the densest table known has 6,000 of the first.
MAX_GLYPHS_PER_PAGE = 60_000
MAX_OBJECTS_PER_PAGE = 200_000

_THIN = 3.0  # A filled rectangle thinner than this is a line.
_PALE = 0.6  # Brightness from which on large repeated print is a watermark.
_WHITE = 0.98

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]  # left, bottom, right, top: y grows upwards in PDF
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class _Excess(Exception):
    """A page holds more than is read."""

    def __init__(self, what: str, found: int, most: int) -> None:
        self.what, self.found, self.most = what, found, most
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class _Ink:
    """What is known of the text object that a character belongs to."""

    order: int
    clip: Rectangle | None
    brightness: float
    is_invisible: bool


@dataclass(frozen=True, slots=True)
class _Patch:
    """An opaque area: it hides what was painted before it, and shows white print painted after it."""

    order: int
    area: Rectangle
    brightness: float


@dataclass(frozen=True, slots=True)
class _Mark:
    """A character as PDFium gives it, in the page's own coordinates."""

    text: str
    area: Rectangle
    direction: int  # Of reading: quarters of a turn to the left, -1 for aslant.
    ink: _Ink | None


@dataclass
class _Scene:
    """A page taken apart: its text objects by address, its patches, its lines, whether it is an image."""

    inks: dict[int, _Ink]
    patches: list[_Patch]
    segments: list[tuple[float, float, float, float]]
    image_share: float = 0.0


def _get_address(item: Any) -> int:
    """Return what tells one object of PDFium from another."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _move(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _get_matrix(item: object) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


# PDFium writes its answers here: some PDFs have an object for every character, and making the places
# anew for each would take longer than the answers.
_FLOATS = [ctypes.c_float() for _ in range(4)]
_COLOURS = [ctypes.c_uint() for _ in range(4)]
_TO_FLOATS = [ctypes.byref(place) for place in _FLOATS]
_TO_COLOURS = [ctypes.byref(place) for place in _COLOURS]


def _get_fill(item: object) -> tuple[float, int]:
    """Return brightness (0 black, 1 white) and alpha (255 opaque) of what an object is filled with."""
    if not pdfium.FPDFPageObj_GetFillColor(item, *_TO_COLOURS):
        return 0.0, 255
    red, green, blue, alpha = (place.value for place in _COLOURS)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255, alpha


def _get_bounds(item: object, matrix: Matrix) -> Rectangle | None:
    if not pdfium.FPDFPageObj_GetBounds(item, *_TO_FLOATS):
        return None
    left, bottom, right, top = (edge.value for edge in _FLOATS)
    if matrix is _IDENTITY:
        return left, bottom, right, top
    corners = [_move(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _intersect(first: Rectangle | None, second: Rectangle | None) -> Rectangle | None:
    if first is None or second is None:
        return first or second
    return (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )


def _get_clip(item: object, matrix: Matrix) -> Rectangle | None:
    """Return the box of the area that an object is clipped to; None if it is not clipped."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    if not path:
        return None
    left = bottom = -math.inf
    right = top = math.inf
    x, y = _FLOATS[:2]
    to_x, to_y = _TO_FLOATS[:2]
    for index in range(pdfium.FPDFClipPath_CountPaths(path)):
        count = pdfium.FPDFClipPath_CountPathSegments(path, index)
        if count < 2:
            continue
        xs, ys = [], []
        # Two opposite corners say all of a rectangle, the usual clip.
        for place in (0, 2) if count in (4, 5) else range(count):
            segment = pdfium.FPDFClipPath_GetPathSegment(path, index, place)
            pdfium.FPDFPathSegment_GetPoint(segment, to_x, to_y)
            point = (x.value, y.value) if matrix is _IDENTITY else _move(matrix, x.value, y.value)
            xs.append(point[0])
            ys.append(point[1])
        left, bottom = max(left, min(xs)), max(bottom, min(ys))
        right, top = min(right, max(xs)), min(top, max(ys))
    return None if left == -math.inf else (left, bottom, right, top)


def _walk(
    parent: object, count: int, get: object, matrix: Matrix, clip: Rectangle | None, depth: int
) -> Iterator[tuple[object, int, Matrix, Rectangle | None]]:
    """Yield the objects of a page in the order in which they are painted, forms opened."""
    for index in range(count):
        item = get(parent, index)  # type: ignore[operator]
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 8:
            inner = _multiply(_get_matrix(item), matrix)
            inner_clip = _intersect(clip, _get_clip(item, matrix))
            inside = pdfium.FPDFFormObj_CountObjects(item)
            yield from _walk(item, inside, pdfium.FPDFFormObj_GetObject, inner, inner_clip, depth + 1)
        else:
            yield item, kind, matrix, clip


def _read_segments(item: object, matrix: Matrix) -> list[tuple[float, float, float, float]]:
    """Return the straight segments of a path, in page coordinates."""
    own = _multiply(_get_matrix(item), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    segments = []
    start = last = None
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = _move(own, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            segments.append((*last, *point))
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
            segments.append((*last, *start))
            last = start
    return segments


def _take_apart(page: pypdfium2.PdfPage) -> _Scene:
    raw = page.raw
    scene = _Scene({}, [], [])
    width, height = page.get_size()
    fill_mode, is_stroked = ctypes.c_int(), ctypes.c_int()
    walk = _walk(raw, pdfium.FPDFPage_CountObjects(raw), pdfium.FPDFPage_GetObject, _IDENTITY, None, 0)
    for order, (item, kind, matrix, outer_clip) in enumerate(walk):
        if order > MAX_OBJECTS_PER_PAGE:
            raise _Excess("objects on a page / 单页对象", order, MAX_OBJECTS_PER_PAGE)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            brightness, alpha = _get_fill(item)
            mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
            clip = _intersect(outer_clip, _get_clip(item, matrix))
            address = _get_address(item)
            is_invisible = mode in (3, 7) or alpha == 0
            scene.inks[address] = _Ink(order, clip, brightness if mode != 1 else 0.0, is_invisible)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill_mode), ctypes.byref(is_stroked))
            area = _intersect(_get_bounds(item, matrix), _intersect(outer_clip, _get_clip(item, matrix)))
            if area is None or area[2] < area[0] or area[3] < area[1]:
                continue
            left, bottom, right, top = area
            if is_stroked.value:
                scene.segments.extend(_read_segments(item, matrix))
            if not fill_mode.value:
                continue
            if min(right - left, top - bottom) < _THIN:
                if right - left >= top - bottom:
                    scene.segments.append((left, (bottom + top) / 2, right, (bottom + top) / 2))
                else:
                    scene.segments.append(((left + right) / 2, bottom, (left + right) / 2, top))
                continue
            brightness, alpha = _get_fill(item)
            if alpha == 255 and not pdfium.FPDFPageObj_HasTransparency(item):
                scene.patches.append(_Patch(order, area, brightness))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            area = _intersect(_get_bounds(item, matrix), _intersect(outer_clip, _get_clip(item, matrix)))
            if area is not None and area[2] > area[0] and area[3] > area[1]:
                share = (area[2] - area[0]) * (area[3] - area[1]) / max(width * height, 1)
                scene.image_share = max(scene.image_share, share)
                if share < 0.5 and not pdfium.FPDFPageObj_HasTransparency(item):
                    scene.patches.append(_Patch(order, area, 0.5))
    return scene


def _find_direction(text_page: object, index: int) -> int:
    """Return a character's direction of reading in quarters to the left; -1 if it is aslant.

    The angle that PDFium gives is that of the upright strokes: an italic one is no turned character.
    """
    quarters = -pdfium.FPDFText_GetCharAngle(text_page, index) / (math.pi / 2)
    if abs(quarters - round(quarters)) > 0.05:
        matrix = pdfium.FS_MATRIX()
        if pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
            quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.05 else -1


def _read_marks(page: pypdfium2.PdfPage, scene: _Scene) -> list[_Mark]:
    text_page = page.get_textpage()
    try:
        raw = text_page.raw
        count = pdfium.FPDFText_CountChars(raw)
        if count > MAX_GLYPHS_PER_PAGE:
            raise _Excess("characters on a page / 单页字符", count, MAX_GLYPHS_PER_PAGE)
        marks = []
        rectangle = pdfium.FS_RECTF()
        reference = ctypes.byref(rectangle)
        high = 0
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(raw, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            char = chr(code) if 0 < code < 0x110000 and code not in (0xFFFE, 0xFFFF) else "\ufffd"
            if code == 2:
                char = "-"  # A hyphen at the end of a line.
            if char.isspace() or code in (0xAD, 0x200B, 0xFEFF) or (0 < code < 32 and code != 2):
                continue
            if not pdfium.FPDFText_GetLooseCharBox(raw, index, reference):
                continue
            item = pdfium.FPDFText_GetTextObject(raw, index)
            address = _get_address(item) if item else 0
            direction = _find_direction(raw, index)
            area = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            marks.append(_Mark(char, area, direction, scene.inks.get(address)))
        return marks
    finally:
        text_page.close()


def _is_visible(mark: _Mark, scene: _Scene, bounds: Rectangle) -> bool:
    x, y = (mark.area[0] + mark.area[2]) / 2, (mark.area[1] + mark.area[3]) / 2

    def is_in(area: Rectangle) -> bool:
        return area[0] <= x <= area[2] and area[1] <= y <= area[3]

    ink = mark.ink
    if not is_in(bounds):
        return False
    if ink is None:
        return True
    if ink.clip is not None and not is_in(ink.clip):
        return False
    if ink.is_invisible:
        return scene.image_share > 0.5  # The text layer of a scan that was read by a machine.
    patches = scene.patches
    if patches and patches[-1].order > ink.order:
        after = bisect_right(patches, ink.order, key=lambda patch: patch.order)
        if any(is_in(patch.area) for patch in patches[after:]):
            return False
    if ink.brightness > _WHITE and scene.image_share < 0.5:
        below = [patch for patch in scene.patches if patch.order < ink.order and is_in(patch.area)]
        return bool(below) and below[-1].brightness < 0.9
    return True


def _turn(direction: int, bounds: Rectangle, area: Rectangle) -> Rectangle:
    """Return an area as left, top, right, bottom of the page turned upright."""
    left, bottom, right, top = area
    x0, y0, x1, y1 = bounds
    if direction == 1:
        return bottom - y0, left - x0, top - y0, right - x0
    if direction == 2:
        return x1 - right, bottom - y0, x1 - left, top - y0
    if direction == 3:
        return y1 - top, x1 - right, y1 - bottom, x1 - left
    return left - x0, y1 - top, right - x0, y1 - bottom


def _make_rulings(
    segments: list[tuple[float, float, float, float]], direction: int, bounds: Rectangle
) -> tuple[tuple[Ruling, ...], tuple[Ruling, ...]]:
    horizontal, vertical = [], []
    for x0, y0, x1, y1 in segments:
        left, top, right, bottom = _turn(
            direction, bounds, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        )
        if bottom - top <= 1 and right - left > 1:
            horizontal.append(Ruling((top + bottom) / 2, left, right))
        elif right - left <= 1 and bottom - top > 1:
            vertical.append(Ruling((left + right) / 2, top, bottom))
    return tuple(horizontal), tuple(vertical)


@dataclass
class _Counts:
    """What was left out of the pages, and on which."""

    watermarks: Counter[int]
    hidden: Counter[int]
    doubled: Counter[int]


def _get_bounds_of_page(page: pypdfium2.PdfPage) -> Rectangle:
    return _intersect(page.get_cropbox(), page.get_mediabox()) or (0, 0, *page.get_size())


def _read_page(page: pypdfium2.PdfPage, page_no: int, counts: _Counts) -> tuple[Page, list[Glyph]]:
    """Return a page without watermarks, and its pale print: whether it repeats is seen at the end."""
    scene = _take_apart(page)
    marks = _read_marks(page, scene)
    bounds = _get_bounds_of_page(page)
    directions = Counter(mark.direction for mark in marks if mark.direction >= 0)
    upright = directions.most_common(1)[0][0] if directions else (page.get_rotation() // 90) % 4
    glyphs: dict[tuple[str, int, int], Glyph] = {}
    pale: list[Glyph] = []
    for mark in marks:
        if mark.direction == -1:
            counts.watermarks[page_no] += 1
            continue
        if not _is_visible(mark, scene, bounds):
            counts.hidden[page_no] += 1
            continue
        glyph = Glyph(mark.text, *_turn(upright, bounds, mark.area))
        key = (glyph.text, round(glyph.left), round(glyph.top))
        if key in glyphs:
            counts.doubled[page_no] += 1
            continue
        glyphs[key] = glyph
        if mark.ink is not None and mark.ink.brightness >= _PALE:
            pale.append(glyph)
    horizontal, vertical = _make_rulings(scene.segments, upright, bounds)
    left, bottom, right, top = bounds
    width, height = right - left, top - bottom
    if upright % 2:
        width, height = height, width
    return Page(page_no, width, height, tuple(glyphs.values()), horizontal, vertical), pale


def _drop_watermarks(pages: list[Page], pale: dict[int, list[Glyph]], counts: _Counts) -> list[Page]:
    """Leave out print that is pale, much larger than the rest, and stands alike on several pages."""
    sizes = [glyph.size for page in pages for glyph in page.glyphs]
    usual = sorted(sizes)[len(sizes) // 2] if sizes else 0.0
    places = Counter(
        (glyph.text, round(glyph.left / 5), round(glyph.top / 5))
        for found in pale.values()
        for glyph in found
        if glyph.size > 1.5 * usual
    )
    kept = []
    for page in pages:
        dropped = {
            glyph
            for glyph in pale.get(page.page_no, ())
            if places[glyph.text, round(glyph.left / 5), round(glyph.top / 5)] > 1
        }
        if dropped:
            counts.watermarks[page.page_no] += len(dropped)
            page = replace(page, glyphs=tuple(glyph for glyph in page.glyphs if glyph not in dropped))
        kept.append(page)
    return kept


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
    ):
        issues.extend(
            Issue(reason, None, found=str(count), page_no=page_no)
            for page_no, count in sorted(dropped.items())
        )
    return tuple(issues)


def _read_page_of(
    source_name: str, pdf: pypdfium2.PdfDocument, page_no: int, counts: _Counts
) -> tuple[Page, list[Glyph]]:
    try:
        page = pdf[page_no - 1]
    except pypdfium2.PdfiumError as error:
        issue = Issue("damaged_document", None, found="PDF", expected="PDF", page_no=page_no)
        raise RefusedDocument(source_name, issue) from error
    try:
        return _read_page(page, page_no, counts)
    except _Excess as error:
        raise refuse_excess(source_name, error.what, error.found, error.most) from error
    finally:
        page.close()


def read_pdf(source_name: str, content: bytes) -> Document:
    """Read a PDF with a text layer.

    Raises RefusedDocument for a file that is encrypted, broken, without text, or beyond all measure.
    """
    pdf = _open(source_name, content)
    counts = _Counts(Counter(), Counter(), Counter())
    pages: list[Page] = []
    pale: dict[int, list[Glyph]] = {}
    started = time.monotonic()
    try:
        if len(pdf) > limits.MAX_PAGES:
            raise refuse_excess(source_name, "pages / 页", len(pdf), limits.MAX_PAGES)
        for page_no in range(1, len(pdf) + 1):
            seconds = int(time.monotonic() - started)
            if seconds > limits.MAX_SECONDS:
                raise refuse_excess(source_name, "s / 秒", seconds, int(limits.MAX_SECONDS))
            read, pale[page_no] = _read_page_of(source_name, pdf, page_no, counts)
            pages.append(read)
    finally:
        pdf.close()
    if not any(page.glyphs for page in pages):
        raise RefusedDocument(
            source_name,
            Issue(
                "no_text_layer", None, found=f"{len(pages)}", expected="ocrmypdf -l chi_sim IN.pdf OUT.pdf"
            ),
        )
    lines = assemble_lines(_drop_watermarks(pages, pale, counts))
    return Document(
        source_name=source_name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding="pdf",
        lines=lines,
        has_trailing_blanks=True,
        issues=_list_dropped(counts),
    )
