"""Web pages to numbered lines: tables become rows, blocks of text become lines.

Read by lexbor as a browser reads them: broken markup is mended by the rules of HTML 5. Nothing is
run or fetched; what a browser would not show (scripts, styles, hidden elements) is left out.
"""

from __future__ import annotations

import hashlib
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ingest.issues import Issue, RefusedDocument
from ingest.readers import limits
from ingest.readers.grids import LineWriter, TableWriter, refuse_excess
from ingest.readers.packages import refuse_damaged
from ingest.readers.texts import Document, decode_text


def _split_tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNSEEN = _split_tags(
    "head script style template noscript iframe object embed svg math canvas audio video select "
    "datalist textarea button noframes"
)
_INLINE = _split_tags(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark o:p q rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr"
)
_ROWS = frozenset(("tr", "td", "th"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)")
# Elements that nest only when somebody means them to, or forgets to close them.
_VOID = _split_tags(
    "area base br col embed hr img input link meta param source track wbr li p td th tr option dt dd "
    "thead tbody tfoot colgroup rp rt html head body"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def _check_nesting(source_name: str, text: str) -> None:
    """Refuse what nests deeper than browsers go: the parser's time grows with depth squared."""
    depths: dict[str, int] = {}
    depth = 0
    for closes, tag in _TAG.findall(text):
        tag = tag.lower()
        if tag in _VOID:
            continue
        own = depths.get(tag, 0)
        if not closes:
            depths[tag] = own + 1
            depth += 1
            if depth > limits.MAX_NESTING:
                raise refuse_excess(source_name, "nested elements / 嵌套元素", depth, limits.MAX_NESTING)
        elif own:
            depths[tag] = own - 1
            depth -= 1


def read_html(source_name: str, content: bytes) -> Document:
    """Read a web page; raises RefusedDocument for one that is too deep or in no known encoding."""
    text, encoding = decode_text(source_name, content)
    _check_nesting(source_name, text)
    try:
        root = LexborHTMLParser(text).root
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise refuse_damaged(source_name, str(error), "HTML") from error
    writer = LineWriter(source_name)
    if root is not None:
        _Page(writer).read(root)
    if not writer.lines:
        raise RefusedDocument(source_name, Issue("empty_document", None))
    return Document(
        source_name=source_name,
        source_sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        lines=tuple(writer.lines),
        has_trailing_blanks=False,
        is_grid=True,
    )


class _Page:
    """Walks the elements of a page in order, without recursion."""

    def __init__(self, writer: LineWriter) -> None:
        self._tables = TableWriter(writer)
        self._text: list[str] = []

    def read(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        while node is not None:
            below = node.child if self._enter(node) else None
            if below is not None:
                node = below
                continue
            while node is not None:
                self._leave(node)
                if node.mem_id == root.mem_id:
                    node = None
                    break
                if node.next is not None:
                    node = node.next
                    break
                node = node.parent
        self._flush()
        self._tables.end()

    def _enter(self, node: LexborNode) -> bool:
        """Begin an element; tell whether to go into it."""
        if node.is_text_node:
            self._text.append(_SPACE.sub(" ", node.text_content or ""))
            return False
        tag = node.tag or ""
        if not node.is_element_node or tag in _UNSEEN:
            return False
        if tag in _INLINE:
            return not _is_hidden(node)
        self._flush()
        if tag not in _ROWS and tag != "table":
            return not _is_hidden(node)
        if _is_hidden(node):
            return False
        if tag == "table":
            self._tables.start_table()
        elif tag == "tr":
            self._tables.start_row()
        else:
            self._tables.start_cell(_read_span(node, "colspan"), _read_span(node, "rowspan"))
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if not node.is_element_node or tag in _INLINE or tag in _UNSEEN:
            return
        self._flush()
        if tag in ("td", "th") and not _is_hidden(node):
            self._tables.end_cell()
        elif tag == "tr" and not _is_hidden(node):
            self._tables.end_row()
        elif tag == "table" and not _is_hidden(node):
            self._tables.end_table()

    def _flush(self) -> None:
        if self._text:
            text, self._text = "".join(self._text), []
            self._tables.add_text(text)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style") if attributes else None
    return bool(attributes) and ("hidden" in attributes or bool(style and _HIDDEN_STYLE.search(style)))


def _read_span(node: LexborNode, name: str) -> int:
    """Return how many columns or rows a cell covers; browsers take what is no number for 1."""
    digits = re.match(r"\s*\+?0*([0-9]{1,9})", node.attributes.get(name) or "")
    span = int(digits[1]) if digits else 1
    return min(max(span, 1), limits.MAX_LINES)
