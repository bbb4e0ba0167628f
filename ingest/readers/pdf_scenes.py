"""One page of a PDF taken apart: characters with their boxes, areas that cover, straight lines, images.

PDFium is asked once for each object and character; nothing is drawn and nothing in the file is run.
Coordinates are the page's own: points, y upwards. What a person would see of it is for ``pdfs.py``.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

# Characters and painted things on one page; the densest table known has 6,000 of the first.
MAX_GLYPHS_PER_PAGE = 60_000
MAX_OBJECTS_PER_PAGE = 200_000

# A mark for print whose meaning is not known: no amount contains it, so none is guessed.
UNKNOWN = "\ufffd"
# A filled area thinner than this share of the print's height is a line.
_THIN = 0.4
_USUAL_HEIGHT = 10.0
# Darker or lighter than its ground by less than this, print is not seen.
_CONTRAST = 0.05
_THIN_PRINT = 2.0
# What is darker than this is black.
_BLACK = 0.2
# What is more opaque than this hides what lies below.
_HIDING = 0.9
# Segments of a rectangle, the one that closes it among them, and how exact its corners are.
_RECTANGLE = 5
_ROUNDING = 0.1
_MAX_NESTING = 8
_BAND = 32.0

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]  # left, bottom, right, top: y grows upwards in PDF
Segment = tuple[float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Excess(Exception):
    """A page holds more than is read."""

    def __init__(self, what: str, found: int, most: int) -> None:
        self.what, self.found, self.most = what, found, most
        super().__init__(what)


@dataclass(slots=True, eq=False)
class Ink:
    """What is known of the text object that a character belongs to; ``order`` is that of painting."""

    order: int
    item: int
    matrix: Matrix
    clip: Rectangle | None
    brightness: float  # 0 black, 1 white, as it looks on white.
    is_invisible: bool
    # Of reading: quarters of a turn to the left, -1 for aslant; None until a character asks.
    direction: int | None = None
    angle: float = 0.0


@dataclass(slots=True, eq=False)
class Patch:
    """An opaque area: it hides what was painted before it, and is the ground of what is painted after."""

    order: int
    area: Rectangle
    brightness: float
    is_rectangle: bool
    image: int = 0  # PDFium's, if it is one.


@dataclass(frozen=True)
class _Stencil:
    """How opaque a picture is: a byte for each of its dots, from the top, 255 for what hides all below it."""

    width: int
    height: int
    opacities: bytes

    def measure(self, picture: Rectangle, area: Rectangle) -> float:
        """Return how much of an area is hidden below the picture, from 0 to 1."""
        left, bottom, right, top = picture
        across, down = self.width / max(right - left, 0.1), self.height / max(top - bottom, 0.1)
        first, last = max(int((area[0] - left) * across), 0), math.ceil((area[2] - left) * across)
        high, low = max(int((top - area[3]) * down), 0), math.ceil((top - area[1]) * down)
        dots = b"".join(
            self.opacities[row * self.width + first : row * self.width + min(last, self.width)]
            for row in range(high, min(low, self.height))
        )
        return sum(dot > 255 * _HIDING for dot in dots) / len(dots) if dots else 0.0


def _draw_stencil(document: int, page: int, image: int) -> _Stencil | None:
    """Return where a picture is opaque; None if it is so everywhere."""
    bitmap = _render_image(document, page, image)
    if not bitmap:
        return None
    try:
        if _get_format(bitmap) not in (pdfium.FPDFBitmap_BGRA, pdfium.FPDFBitmap_BGRA_Premul):
            return None
        width, height, stride = _get_width(bitmap), _get_height(bitmap), _get_stride(bitmap)
        buffer = ctypes.string_at(_get_buffer(bitmap), stride * height)
        rows = (buffer[stride * row + 3 : stride * row + 4 * width : 4] for row in range(height))
        return _Stencil(width, height, b"".join(rows))
    finally:
        _destroy_bitmap(bitmap)


@dataclass(slots=True, eq=False)
class Mark:
    """A character, in the page's own coordinates."""

    text: str
    area: Rectangle
    direction: int
    ink: Ink | None


@dataclass
class Scene:
    """A page taken apart."""

    marks: list[Mark] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    images: list[Rectangle] = field(default_factory=list)
    # Text that is painted and yet not among the marks, with its area.
    left_out: list[tuple[Ink, Rectangle]] = field(default_factory=list)
    # The largest share of the page that one image takes: a scan takes it all.
    image_share: float = 0.0
    print_height: float = _USUAL_HEIGHT  # The usual one.
    unmapped: int = 0  # Characters of fonts that do not say what they mean.
    _bands: dict[int, list[Patch]] = field(default_factory=dict)
    _open_page: tuple[int, int] = (0, 0)  # PDFium's document and page, while they are open.
    _stencils: dict[int, _Stencil | None] = field(default_factory=dict)
    black: list[Rectangle] = field(default_factory=list)  # Areas, redactions among them.
    has_dark: bool = False  # Among the areas that later print stands on.
    last_cover: int = -1  # What is painted after this one is not covered.

    def add_patch(self, patch: Patch) -> None:
        self.has_dark = self.has_dark or patch.brightness < 0.5
        if patch.brightness < _BLACK and patch.is_rectangle:
            self.black.append(patch.area)
        self.last_cover = max(self.last_cover, patch.order)
        for band in range(int(patch.area[1] // _BAND), int(patch.area[3] // _BAND) + 1):
            self._bands.setdefault(band, []).append(patch)

    def find_cover(self, mark: Mark) -> Patch | None:
        """Return the area painted over a character, if there is one."""
        if mark.ink is None:
            return None
        x, y = _find_middle(mark.area)
        for patch in reversed(self._bands.get(int(y // _BAND), ())):
            if patch.order < mark.ink.order:
                return None
            if patch.is_rectangle and holds(patch.area, x, y) and self._hides(patch, mark.area):
                is_above = (ink.order > patch.order and holds(area, x, y) for ink, area in self.left_out)
                return None if any(is_above) else patch
        return None

    def _hides(self, patch: Patch, area: Rectangle) -> bool:
        """Tell whether most of what lies below a patch there is not seen: seals are full of holes."""
        if not patch.image:
            return True
        if patch.image not in self._stencils:
            self._stencils[patch.image] = _draw_stencil(*self._open_page, patch.image)
        stencil = self._stencils[patch.image]
        return stencil is None or stencil.measure(patch.area, area) > 0.5

    def blends(self, mark: Mark) -> bool:
        """Tell whether a character is as light, or as dark, as what it stands on."""
        ink = mark.ink
        if ink is None or self.image_share > 0.5:
            return False
        if ink.brightness < 1 - _CONTRAST and not self.has_dark:
            return False
        x, y = _find_middle(mark.area)
        ground = 1.0
        for patch in reversed(self._bands.get(int(y // _BAND), ())):
            if patch.order < ink.order and holds(patch.area, x, y):
                is_alike = abs(ink.brightness - patch.brightness) < _CONTRAST
                if patch.is_rectangle or not is_alike:
                    ground = patch.brightness
                    break  # Of another shape only its box is known: it may be beside the print.
        return abs(ink.brightness - ground) < _CONTRAST

    def is_white(self, area: Rectangle) -> bool:
        """Tell whether the middle of an area is white so far; if not, a white strip shows as a line."""
        x, y = _find_middle(area)
        below = (patch for patch in reversed(self._bands.get(int(y // _BAND), ())) if holds(patch.area, x, y))
        top = next(below, None)
        return top is None or top.brightness > 1 - _CONTRAST


def _find_middle(area: Rectangle) -> tuple[float, float]:
    return (area[0] + area[2]) / 2, (area[1] + area[3]) / 2


def _meet(first: Rectangle, second: Rectangle) -> bool:
    left, bottom, right, top = intersect(first, second) or first
    return left < right and bottom < top


def holds(area: Rectangle, x: float, y: float) -> bool:
    """Tell whether a point lies in an area or on its edge."""
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def get_address(item: object) -> int:
    """Return where PDFium keeps one of its objects."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0  # type: ignore[arg-type]


def _bind(function: object, result: type | None, *arguments: type) -> Callable[..., int]:
    """Return a function of PDFium that takes and returns addresses as numbers.

    Some PDFs have an object for every character; pypdfium2's own, which make an object of Python for
    each address and check it, would take longer than PDFium does.
    """
    address = get_address(function)
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_AT, _INT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_count_page = _bind(pdfium.FPDFPage_CountObjects, _INT, _AT)
_get_of_page = _bind(pdfium.FPDFPage_GetObject, _AT, _AT, _INT)
_count_form = _bind(pdfium.FPDFFormObj_CountObjects, _INT, _AT)
_get_of_form = _bind(pdfium.FPDFFormObj_GetObject, _AT, _AT, ctypes.c_ulong)
_get_type = _bind(pdfium.FPDFPageObj_GetType, _INT, _AT)
_get_item_matrix = _bind(pdfium.FPDFPageObj_GetMatrix, _INT, _AT, _AT)
_get_item_bounds = _bind(pdfium.FPDFPageObj_GetBounds, _INT, _AT, _AT, _AT, _AT, _AT)
_get_fill = _bind(pdfium.FPDFPageObj_GetFillColor, _INT, _AT, _AT, _AT, _AT, _AT)
_get_stroke = _bind(pdfium.FPDFPageObj_GetStrokeColor, _INT, _AT, _AT, _AT, _AT, _AT)
_has_transparency = _bind(pdfium.FPDFPageObj_HasTransparency, _INT, _AT)
_get_clip_path = _bind(pdfium.FPDFPageObj_GetClipPath, _AT, _AT)
_count_clips = _bind(pdfium.FPDFClipPath_CountPaths, _INT, _AT)
_count_clip_segments = _bind(pdfium.FPDFClipPath_CountPathSegments, _INT, _AT, _INT)
_get_clip_segment = _bind(pdfium.FPDFClipPath_GetPathSegment, _AT, _AT, _INT, _INT)
_count_segments = _bind(pdfium.FPDFPath_CountSegments, _INT, _AT)
_get_segment = _bind(pdfium.FPDFPath_GetPathSegment, _AT, _AT, _INT)
_get_draw_mode = _bind(pdfium.FPDFPath_GetDrawMode, _INT, _AT, _AT, _AT)
_get_point = _bind(pdfium.FPDFPathSegment_GetPoint, _INT, _AT, _AT, _AT)
_get_segment_type = _bind(pdfium.FPDFPathSegment_GetType, _INT, _AT)
_is_closed = _bind(pdfium.FPDFPathSegment_GetClose, _INT, _AT)
_get_render_mode = _bind(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _AT)
_count_chars = _bind(pdfium.FPDFText_CountChars, _INT, _AT)
_get_unicode = _bind(pdfium.FPDFText_GetUnicode, _UINT, _AT, _INT)
_get_char_box = _bind(pdfium.FPDFText_GetLooseCharBox, _INT, _AT, _INT, _AT)
_get_char_object = _bind(pdfium.FPDFText_GetTextObject, _AT, _AT, _INT)
_get_char_matrix = _bind(pdfium.FPDFText_GetMatrix, _INT, _AT, _INT, _AT)
_render_image = _bind(pdfium.FPDFImageObj_GetRenderedBitmap, _AT, _AT, _AT, _AT)
_get_format = _bind(pdfium.FPDFBitmap_GetFormat, _INT, _AT)
_get_width = _bind(pdfium.FPDFBitmap_GetWidth, _INT, _AT)
_get_height = _bind(pdfium.FPDFBitmap_GetHeight, _INT, _AT)
_get_stride = _bind(pdfium.FPDFBitmap_GetStride, _INT, _AT)
_get_buffer = _bind(pdfium.FPDFBitmap_GetBuffer, _AT, _AT)
_destroy_bitmap = _bind(pdfium.FPDFBitmap_Destroy, None, _AT)
_is_unmapped = _bind(pdfium.FPDFText_HasUnicodeMapError, _INT, _AT, _INT)

# PDFium writes its answers here: one thread reads, and one document at a time.
_FLOATS = (ctypes.c_float * 6)()
_PLACES = tuple(ctypes.addressof(_FLOATS) + 4 * place for place in range(6))
_NUMBERS = (ctypes.c_uint * 4)()
_NUMBER_PLACES = tuple(ctypes.addressof(_NUMBERS) + 4 * place for place in range(4))


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies the first one, then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _move(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _get_matrix(item: int) -> Matrix:
    if not _get_item_matrix(item, _PLACES[0]):
        return _IDENTITY
    a, b, c, d, e, f = _FLOATS
    return a, b, c, d, e, f


def _get_colour(get: Callable[..., int], item: int) -> tuple[float, float]:
    """Return brightness (0 black, 1 white) and opacity (0 to 1) of what an object is painted with."""
    if not get(item, *_NUMBER_PLACES):
        return 0.0, 1.0
    red, green, blue, alpha = _NUMBERS
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255, alpha / 255


def _get_bounds(item: int, matrix: Matrix) -> Rectangle | None:
    if not _get_item_bounds(item, *_PLACES[:4]):
        return None
    left, bottom, right, top = _FLOATS[:4]
    if matrix is _IDENTITY:
        return left, bottom, right, top
    corners = [_move(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def intersect(first: Rectangle | None, second: Rectangle | None) -> Rectangle | None:
    """Return what two areas share (None is no limit); empty if an end lies before its start."""
    if first is None or second is None:
        return first or second
    return (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )


@dataclass(slots=True)
class _Item:
    """An object that is no text and no form, with what holds for it from outside."""

    order: int
    kind: int
    item: int
    matrix: Matrix
    clip: Rectangle | None
    is_note: bool


class _Taker:
    """Takes one page apart."""

    def __init__(self, page: pypdfium2.PdfPage, first_note: int | None) -> None:
        self._page = page
        self._first_note = first_note
        self._is_in_notes = False
        self._inks: dict[int, Ink] = {}
        self._others: list[_Item] = []
        self._clips: dict[tuple[int, int, int], Rectangle | None] = {}
        self._used: set[int] = set()
        self.scene = Scene(_open_page=(get_address(page.pdf.raw), get_address(page.raw)))

    def take(self) -> None:
        self._sort_objects()
        text_page = self._page.get_textpage()
        try:
            raw = get_address(text_page.raw)
            self._read_marks(raw)
        finally:
            text_page.close()
        self._find_left_out()
        heights = Counter(max(round(2 * (mark.area[3] - mark.area[1])), 1) for mark in self.scene.marks)
        usual = heights.most_common(1)[0][0] / 2 if heights else _USUAL_HEIGHT
        self.scene.print_height = usual
        width, height = self._page.get_size()
        for other in self._others:
            self._read_other(other, usual * _THIN, max(width * height, 1.0))

    def _walk(
        self, parent: int, is_form: bool, matrix: Matrix, clip: Rectangle | None, depth: int
    ) -> Iterator[tuple[int, int, Matrix, Rectangle | None]]:
        """Yield the objects of a page in the order in which they are painted, forms opened."""
        get = _get_of_form if is_form else _get_of_page
        for index in range((_count_form if is_form else _count_page)(parent)):
            item = get(parent, index)
            kind = _get_type(item)
            if not depth and index == self._first_note:
                self._is_in_notes = True
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_NESTING:
                inner = multiply(_get_matrix(item), matrix)
                inner_clip = intersect(clip, self._get_clip(item, matrix))
                yield from self._walk(item, True, inner, inner_clip, depth + 1)
            else:
                yield item, kind, matrix, clip

    def _sort_objects(self) -> None:
        walk = self._walk(get_address(self._page.raw), False, _IDENTITY, None, 0)
        for order, (item, kind, matrix, outer) in enumerate(walk):
            if order > MAX_OBJECTS_PER_PAGE:
                raise Excess("objects on a page / 单页对象", order, MAX_OBJECTS_PER_PAGE)
            if kind != pdfium.FPDF_PAGEOBJ_TEXT:
                self._others.append(_Item(order, kind, item, matrix, outer, self._is_in_notes))
                continue
            mode = _get_render_mode(item)
            brightness, opacity = _get_colour(_get_stroke if mode == 1 else _get_fill, item)
            clip = self._get_clip(item, matrix)
            clip = clip if outer is None else intersect(outer, clip)
            seen = 1 - opacity * (1 - brightness)
            self._inks[item] = Ink(order, item, matrix, clip, seen, mode in (3, 7) or opacity == 0)

    def _get_clip(self, item: int, matrix: Matrix) -> Rectangle | None:
        """Return the box of the area that an object is clipped to; None if it is not clipped."""
        path = _get_clip_path(item)
        count = _count_clips(path) if path else 0
        if count <= 0:
            return None
        # Objects that share their clip share its points.
        key = (_get_clip_segment(path, count - 1, 0) or -item, count, id(matrix))
        if key not in self._clips:
            self._clips[key] = _measure_clip(path, count, matrix)
        return self._clips[key]

    def _read_marks(self, raw: int) -> None:
        count = _count_chars(raw)
        if count > MAX_GLYPHS_PER_PAGE:
            raise Excess("characters on a page / 单页字符", count, MAX_GLYPHS_PER_PAGE)
        inks, marks, used = self._inks, self.scene.marks, self._used
        here, box = _PLACES[0], _FLOATS
        high = 0
        for index in range(count):
            code = _get_unicode(raw, index)
            is_unmapped = _is_unmapped(raw, index)
            if code in _BLANK and not is_unmapped:
                continue
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
            text = chr(code) if 0 < code < 0x110000 and code not in (0xFFFE, 0xFFFF) else UNKNOWN
            if code == 2:
                text = "-"  # A hyphen at the end of a line.
            if is_unmapped:
                text = UNKNOWN
                self.scene.unmapped += 1
            if not _get_char_box(raw, index, here):
                continue
            left, top, right, bottom = box[:4]  # In the order of FS_RECTF, whose top is the larger.
            item = _get_char_object(raw, index) or 0
            ink = inks.get(item)
            direction = 0
            if ink is not None:
                if ink.direction is None:
                    used.add(item)
                    ink.angle = _find_angle(raw, index)
                    ink.direction = _find_direction(ink.angle)
                direction = ink.direction
            area = (left, bottom, right, top)
            if marks and marks[-1].area == area and _is_ligature(marks[-1], text, ink):
                marks[-1].text += text
            else:
                marks.append(Mark(text, area, direction, ink))

    def _find_left_out(self) -> None:
        """Note the text that PDFium leaves out of its text: the second of two alike in one place, as for bold.

        Which of the two a person sees is another question: the first may be painted over.
        """
        for item, ink in self._inks.items():
            area = None if item in self._used else _get_bounds(item, ink.matrix)
            # Blanks are as thin as their baseline.
            if area is None or area[2] - area[0] < _THIN_PRINT or area[3] - area[1] < _THIN_PRINT:
                continue
            if any(_meet(area, mark.area) for mark in self.scene.marks):
                self.scene.left_out.append((ink, area))
            else:
                self.scene.marks.append(Mark(UNKNOWN, area, 0, ink))
                self.scene.unmapped += 1

    def _read_other(self, other: _Item, thin: float, page_area: float) -> None:
        item, matrix, scene = other.item, other.matrix, self.scene
        if other.kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            return
        area = intersect(_get_bounds(item, matrix), intersect(other.clip, self._get_clip(item, matrix)))
        if area is None or area[2] < area[0] or area[3] < area[1]:
            return
        left, bottom, right, top = area
        is_thin = min(right - left, top - bottom) < thin
        if other.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            if is_thin:
                scene.segments.append(_shrink(area))
                return
            share = (right - left) * (top - bottom) / page_area
            scene.image_share = max(scene.image_share, share)
            scene.images.append(area)
            if share < 0.5 and not _has_transparency(item):
                scene.add_patch(Patch(other.order, area, 0.5, True, item))
            return
        _get_draw_mode(item, _NUMBER_PLACES[0], _NUMBER_PLACES[1])
        is_filled, is_stroked = _NUMBERS[0], _NUMBERS[1]
        brightness, opacity = _get_colour(_get_fill, item) if is_filled else (1.0, 0.0)
        if is_stroked and not other.is_note:
            edge = _get_colour(_get_stroke, item)[0]
            is_black_box = is_filled and not is_thin and opacity == 1.0 and max(edge, brightness) < _BLACK
            if not is_black_box:  # Its edges are no lines, for none is seen.
                scene.segments.extend(_read_segments(item, matrix))
        if not is_filled:
            return
        is_opaque = opacity == 1.0 and not _has_transparency(item)
        areas, are_whole = [area], True
        if not is_thin and _count_segments(item) > _RECTANGLE:  # A dashed line is one.
            clip = intersect(other.clip, self._get_clip(item, matrix))
            areas, frames, are_whole = _read_filled(item, matrix, area, clip, thin)
            if opacity and not other.is_note:
                scene.segments.extend(edge for frame in frames for edge in _list_edges(frame))
        for part in areas:
            if min(part[2] - part[0], part[3] - part[1]) < thin:
                is_white = brightness > 1 - _CONTRAST
                if opacity and not other.is_note and not (is_white and scene.is_white(part)):
                    scene.segments.append(_shrink(part))
            elif is_opaque:
                scene.add_patch(Patch(other.order, part, brightness, are_whole))


def _is_ligature(mark: Mark, text: str, ink: Ink | None) -> bool:
    """Tell whether a character in another's very place is of the same print, as both of —— may be; no figure is."""
    if mark.ink is not ink or mark.text[-1].isdigit() or text.isdigit():
        return False
    return mark.text[-1] != text or text == "—"


def take_apart(page: pypdfium2.PdfPage, first_note: int | None = None) -> Scene:
    """Return all that is painted on a page; raise Excess if that is too much.

    From the object with the number ``first_note`` on it is what notes paint: their lines are no table's.
    """
    taker = _Taker(page, first_note)
    taker.take()
    return taker.scene


# White space, what controls it, and what has no width.
_BLANK = frozenset(code for code in range(0x3001) if (chr(code).isspace() or 0 < code < 32) and code != 2) | {
    0xAD,
    0x200B,
    0xFEFF,
}


def _measure_clip(path: int, count: int, matrix: Matrix) -> Rectangle | None:
    left = bottom = -math.inf
    right = top = math.inf
    for index in range(count):
        length = _count_clip_segments(path, index)
        if length < 2:
            continue
        xs, ys = [], []
        for place in range(length):
            _get_point(_get_clip_segment(path, index, place), _PLACES[0], _PLACES[1])
            x, y = _FLOATS[:2] if matrix is _IDENTITY else _move(matrix, _FLOATS[0], _FLOATS[1])
            xs.append(x)
            ys.append(y)
        left, bottom = max(left, min(xs)), max(bottom, min(ys))
        right, top = min(right, max(xs)), min(top, max(ys))
    return None if left == -math.inf else (left, bottom, right, top)


def _shrink(area: Rectangle) -> Segment:
    """Return the line that a thin area is."""
    left, bottom, right, top = area
    if right - left >= top - bottom:
        return left, (bottom + top) / 2, right, (bottom + top) / 2
    return (left + right) / 2, bottom, (left + right) / 2, top


def _read_segments(item: int, matrix: Matrix) -> list[Segment]:
    """Return the straight segments of a path, in page coordinates."""
    own = multiply(_get_matrix(item), matrix)
    segments = []
    start = last = None
    for index in range(_count_segments(item)):
        segment = _get_segment(item, index)
        _get_point(segment, _PLACES[0], _PLACES[1])
        point = _move(own, _FLOATS[0], _FLOATS[1])
        kind = _get_segment_type(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            segments.append((*last, *point))
        last = point
        if _is_closed(segment) and start is not None:
            segments.append((*last, *start))
            last = start
    return segments


def _read_filled(
    item: int, matrix: Matrix, area: Rectangle, clip: Rectangle | None, thin: float
) -> tuple[list[Rectangle], list[Rectangle], bool]:
    """Return the areas that a path fills, its frames, and whether it fills all of these areas.

    A path may be of many rectangles, some of them lines; and of one within another only the rim is filled.
    """
    rectangles = _read_rectangles(item, matrix)
    if rectangles is None:
        return [area], [], False
    cut = [part for part in (intersect(each, clip) for each in rectangles) if part is not None]
    shown = [part for part in cut if part[0] <= part[2] and part[1] <= part[3]]
    areas, frames = [], []
    place = 0
    while place < len(shown):
        first, second = shown[place], shown[min(place + 1, len(shown) - 1)]
        margins = [abs(one - other) for one, other in zip(first, second, strict=True)]
        if second is not first and max(margins) < thin:
            frames.append(first)
            place += 2
        else:
            areas.append(first)
            place += 1
    return areas, frames, not any(_meet(one, other) for one, other in pairwise(areas))


def _read_rectangles(item: int, matrix: Matrix) -> list[Rectangle] | None:
    """Return the rectangles that a path is made of; None if it is of anything else."""
    own = multiply(_get_matrix(item), matrix)
    found: list[Rectangle] = []
    points: list[tuple[float, float]] = []

    def end() -> bool:
        if len(points) < 3:
            return not points or len(points) == 1
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        bottom, top = min(y for _, y in points), max(y for _, y in points)
        found.append((left, bottom, right, top))
        corners = {(x, y) for x in (left, right) for y in (bottom, top)}
        is_square = all(any(abs(x - cx) + abs(y - cy) < _ROUNDING for cx, cy in corners) for x, y in points)
        return is_square and len(points) <= _RECTANGLE

    for index in range(_count_segments(item)):
        segment = _get_segment(item, index)
        kind = _get_segment_type(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if not end():
                return None
            points = []
        elif kind != pdfium.FPDF_SEGMENT_LINETO:
            return None
        _get_point(segment, _PLACES[0], _PLACES[1])
        points.append(_move(own, _FLOATS[0], _FLOATS[1]))
    return found if end() else None


def _list_edges(area: Rectangle) -> list[Segment]:
    left, bottom, right, top = area
    return [
        (left, bottom, right, bottom),
        (left, top, right, top),
        (left, bottom, left, top),
        (right, bottom, right, top),
    ]


def _find_angle(raw: int, index: int) -> float:
    """Return a character's direction of reading in radians, counter-clockwise; an italic one is not turned."""
    if not _get_char_matrix(raw, index, _PLACES[0]):
        return 0.0
    return math.atan2(_FLOATS[1], _FLOATS[0])


def _find_direction(angle: float) -> int:
    quarters = angle / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.05 else -1
