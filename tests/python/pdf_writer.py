"""The smallest PDFs that show what readers of PDFs must cope with: text, lines, colours, clips, turned pages.

The font is drawn here, a black box for each character, half as wide for ASCII: no font of the machine
has a say. Its codes mean what the table from codes to Unicode says, as in the fonts of Chinese documents.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842


@dataclass
class PageWriter:
    """Collects what is painted on one page. Coordinates as in PDF: from the bottom left, in points."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    # Commands; a text stands between two of them until the font has a code for each of its characters.
    content: list[str | tuple[str, str, str]] = field(default_factory=list)
    # Notes that a viewer paints over the page: their area, and what is painted there.
    notes: list[tuple[tuple[float, float, float, float], PageWriter]] = field(default_factory=list)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        *,
        grey: float = 0.0,
        matrix: tuple[float, float, float, float] = (1, 0, 0, 1),
        mode: int = 0,
        clip: tuple[float, float, float, float] | None = None,
    ) -> None:
        """Write a line of text; ``clip`` is left, bottom, width, height of what shows of it."""
        area = "" if clip is None else "{} {} {} {} re W n ".format(*clip)
        a, b, c, d = matrix
        self.content.append(
            (f"q {area}{grey} g BT /F {size} Tf {mode} Tr {a} {b} {c} {d} {x} {y} Tm <", text, "> Tj ET Q")
        )

    def write_right(self, x: float, y: float, text: str, size: float = 10) -> None:
        """Write a line of text that ends at ``x``."""
        width = sum(size / 2 if char.isascii() else size for char in text)
        self.write(x - width, y, text, size)

    def show_image(self, x: float, y: float, width: float, height: float, *, is_seal: bool = False) -> None:
        """Paint a grey picture; a seal is one whose left half is transparent."""
        self.content.append(f"q {width} 0 0 {height} {x} {y} cm /{'S' if is_seal else 'I'} Do Q")

    def note(self, x: float, y: float, text: str, width: float, height: float = 12) -> None:
        """Lay a white note with a text over the page."""
        painted = PageWriter()
        painted.fill(0, 0, width, height)
        painted.write(0, 3, text, 8)
        self.notes.append(((x, y, x + width, y + height), painted))

    def draw(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.content.append(f"0.5 w {x0} {y0} m {x1} {y1} l S")

    def fill(self, x: float, y: float, width: float, height: float, grey: float = 1.0) -> None:
        self.content.append(f"q {grey} g {x} {y} {width} {height} re f Q")

    def rule(self, xs: list[float], ys: list[float]) -> None:
        """Draw the grid of a table: all its columns, all its rows."""
        for x in xs:
            self.draw(x, min(ys), x, max(ys))
        for y in ys:
            self.draw(min(xs), y, max(xs), y)


def turn(page: PageWriter) -> PageWriter:
    """Return the page as scanners and spreadsheets turn it: painted on its side, shown upright."""
    turned = PageWriter(page.height, page.width, rotate=90)
    # What pointed up points left; /Rotate turns it back when the page is shown.
    turned.content = [f"q 0 1 -1 0 {page.height} 0 cm", *page.content, "Q"]
    return turned


_TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def
1 begincodespacerange <00> <ff> endcodespacerange
{count} beginbfchar
{pairs}
endbfchar
endcmap CMapName currentdict /CMap defineresource pop end end"""


def _encode(page: PageWriter, codes: dict[str, int]) -> bytes:
    return "\n".join(
        part
        if isinstance(part, str)
        else part[0] + "".join(f"{codes[char]:02x}" for char in part[1]) + part[2]
        for part in page.content
    ).encode()


# A translucent state, a picture, a seal, a layer that is not shown: /T gs, /I Do, /S Do, /OC /Off BDC.
_RESOURCES = (
    "<< /Font << /F 3 0 R >> /ExtGState << /T << /ca 0.15 >> >> /XObject << /I 7 0 R /S 9 0 R >>"
    " /Properties << /Off 8 0 R >> >>"
)


def write_pdf(
    pages: list[PageWriter],
    *,
    encrypted: bool = False,
    is_mapped: Callable[[str], object] = bool,
    ligatures: Mapping[str, str] | None = None,
) -> bytes:
    """Return a PDF of these pages.

    An encrypted one names a password handler and has no such password; of characters that are not mapped
    the font does not say what they are. A ligature is a character that the font says is several.
    """
    meant = ligatures or {}
    painted = [*pages, *(note for page in pages for _, note in page.notes)]
    used = sorted(
        {char for page in painted for part in page.content if not isinstance(part, str) for char in part[1]}
    )
    assert len(used) < 255, "one font has codes for 255 characters"
    codes = {char: number for number, char in enumerate(used, start=1)}
    names = " ".join("/n" if char.isascii() else "/w" for char in used)
    widths = " ".join("500" if char.isascii() else "1000" for char in used)
    mapped = [char for char in used if is_mapped(char)]
    pairs = "\n".join(
        f"<{codes[char]:02x}> <{meant.get(char, char).encode('utf-16-be').hex()}>" for char in mapped
    )
    objects: list[bytes] = [b""] * 10
    objects[2] = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -120 1000 880] /FontMatrix [0.001 0 0 0.001 0 0]"
        f" /CharProcs << /n 4 0 R /w 5 0 R >> /Encoding << /Differences [1 {names}] >>"
        f" /FirstChar 1 /LastChar {len(used)} /Widths [{widths}] /ToUnicode 6 0 R /Resources << >> >>".encode()
    )
    objects[3] = _stream(b"500 0 0 -120 500 880 d1 50 0 400 800 re f")
    objects[4] = _stream(b"1000 0 0 -120 1000 880 d1 50 0 900 800 re f")
    objects[5] = _stream(_TO_UNICODE.format(count=len(mapped), pairs=pairs).encode())
    image = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Height 1 /Width"
    objects[6] = _stream(b"\x80", f"{image} 1")
    objects[8] = _stream(b"\x80\x80", f"{image} 2 /SMask 10 0 R")
    objects[9] = _stream(b"\x00\xff", f"{image} 2")
    kids = []
    for page in pages:
        notes = []
        for area, note in page.notes:
            edges = " ".join(map(str, area))
            box = f"/Type /XObject /Subtype /Form /BBox [0 0 {area[2] - area[0]} {area[3] - area[1]}]"
            objects.append(_stream(_encode(note, codes), f"{box} /Resources {_RESOURCES}"))
            kind = f"/Type /Annot /Subtype /FreeText /F 4 /Rect [{edges}] /DA (/F 8 Tf)"
            objects.append(f"<< {kind} /AP << /N {len(objects)} 0 R >> >>".encode())
            notes.append(f"{len(objects)} 0 R")
        objects.append(_stream(_encode(page, codes)))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate}"
            f" /Annots [{' '.join(notes)}] /Resources {_RESOURCES} /Contents {len(objects)} 0 R >>".encode()
        )
    hides = any("/OC /Off BDC" in part for page in pages for part in page.content if isinstance(part, str))
    objects[7] = b"<< /Type /OCG /Name (hidden) >>" if hides else b"null"
    layers = " /OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] >> >>" if hides else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R{layers} >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    trailer = b"/Root 1 0 R"
    if encrypted:
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
        )
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]".encode()
    output = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(output))
        output += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(output)
    output += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        output += f"{place:010} 00000 n \n".encode()
    output += f"trailer << /Size {len(objects) + 1} ".encode() + trailer
    output += f" >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(output)


def _stream(content: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(content)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode()
    return head + packed + b"\nendstream"
