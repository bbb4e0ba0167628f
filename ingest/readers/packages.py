"""Office files as packages: a ZIP of XML parts, opened with care.

Nothing is ever unpacked to disk, so a part's name leads nowhere. XML is read as a stream by expat:
office formats have no document type, and a part that declares one (the way to entity bombs and
files from elsewhere) is refused before any entity is looked at.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from ingest.issues import Issue, RefusedDocument, quote
from ingest.readers import limits
from ingest.readers.grids import refuse_excess

_CHUNK = 256 * 1024

OnStart = Callable[[str, dict[str, str]], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


def refuse_damaged(name: str, found: str, expected: str) -> RefusedDocument:
    """Word the refusal of a file that is not what it begins as."""
    return RefusedDocument(name, Issue("damaged_document", None, found=found, expected=expected))


def local_name(name: str) -> str:
    """Return a name without its namespace, which expat puts before a space."""
    return name.rpartition(" ")[2]


class Package:
    """An office file's parts by name."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._left = limits.MAX_UNPACKED_BYTES
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            infos = self._archive.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            EOFError,
            OverflowError,
            NotImplementedError,
        ) as error:
            raise refuse_damaged(name, quote(str(error)), "ZIP") from error
        if len(infos) > limits.MAX_PARTS:
            raise refuse_excess(name, "parts / 部件", len(infos), limits.MAX_PARTS)
        self._infos = {_normalise(info.filename): info for info in infos}
        if any(info.flag_bits & 0x1 for info in infos):
            raise RefusedDocument(name, Issue("encrypted_document", None))

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    def _read(self, part: str) -> io.BufferedIOBase:
        info = self._infos.get(part)
        if info is None:
            raise refuse_damaged(self.name, "—", part)
        try:
            return self._archive.open(info)  # type: ignore[return-value]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
            raise refuse_damaged(self.name, f"{part}: {quote(str(error))}", "ZIP") from error

    def read_xml(self, part: str, on_start: OnStart, on_end: OnEnd, on_text: OnText | None = None) -> None:
        """Stream a part through these handlers; names come without their namespaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        depth = 0
        names: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > limits.MAX_NESTING:
                raise refuse_excess(self.name, "nested elements / 嵌套元素", depth, limits.MAX_NESTING)
            short = names.get(name) or names.setdefault(name, local_name(name))
            on_start(short, {local_name(key): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            on_end(names[name])

        def refuse_type(*_: object) -> None:
            raise RefusedDocument(
                self.name,
                Issue("unsafe_document", None, found=f"<!DOCTYPE> ({part})", expected="—"),
            )

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = on_text
        parser.StartDoctypeDeclHandler = refuse_type
        parser.EntityDeclHandler = refuse_type
        self._feed(parser, part)

    def _feed(self, parser: expat.XMLParserType, part: str) -> None:
        packed = self._infos[part].compress_size if part in self._infos else 0
        unpacked = 0
        try:
            with self._read(part) as stream:
                while chunk := stream.read(_CHUNK):
                    unpacked += len(chunk)
                    self._check_size(part, packed, unpacked, len(chunk))
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            place = f"{part}:{error.lineno}: {expat.ErrorString(error.code)}"
            raise refuse_damaged(self.name, quote(place, 120), "XML") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise refuse_damaged(self.name, f"{part}: {quote(str(error), 80)}", "ZIP") from error

    def _check_size(self, part: str, packed: int, unpacked: int, more: int) -> None:
        self._left -= more
        if self._left < 0:
            most = limits.MAX_UNPACKED_BYTES
            raise refuse_excess(self.name, "bytes unpacked / 解压后字节", most - self._left, most)
        if unpacked > limits.RATIO_FREE_BYTES and unpacked > limits.MAX_UNPACK_RATIO * max(packed, 1):
            raise refuse_excess(
                self.name, "× unpacked / 倍解压", unpacked // max(packed, 1), limits.MAX_UNPACK_RATIO
            )

    def find_related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to inside the package: id to kind and part. Nothing outside."""
        folder, base = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, tuple[str, str]] = {}
        if relations not in self:
            return found

        def on_start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = _normalise(posixpath.join("/" + folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

        self.read_xml(relations, on_start, lambda name: None)
        return found

    def find_main_part(self, usual: str) -> str:
        """Return the part that the package is about."""
        related = self.find_related("")
        return next((part for kind, part in related.values() if kind == "officeDocument"), usual)


def _normalise(name: str) -> str:
    """Return a part's name from the root: ``..`` cannot climb out of it."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/")
