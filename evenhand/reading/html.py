"""The text of an HTML mail, as a person would read it.

One pass without recursion, so that hostile nesting costs nothing. Links keep their address, lists their
marks, table cells a ` | ` between them, quoted blocks a `> ` before each line (so that `quoting` finds
them).
"""

from __future__ import annotations

import html as entities
import re

MOST_CHARACTERS = 2_000_000
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_APART = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre",
})  # fmt: skip
_UNREAD = frozenset({
    "script", "style", "head", "title", "template", "object", "noframes",
})  # fmt: skip
_DEEPEST_QUOTE = 10
_QUOTE_AWARE_TRIES = (
    200  # a tag whose quotes never close is read to the next `>`; tried this often, then no more
)
_TAG_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_TAG = re.compile(r"""(?:[^>"']|"[^"]{0,20000}"|'[^']{0,20000}'){0,2000}>""")
_ATTRIBUTE = re.compile(
    r"""\b(href|alt|start)\s*=\s*("[^"]{0,2000}"|'[^']{0,2000}'|[^\s>]{0,2000})""", re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_LINKABLE = re.compile(r"(?:https?://|mailto:|tel:|ftp://)", re.IGNORECASE)


class _Page:
    """The lines written so far and what is open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.lists: list[int] = []  # the next number; 0 for a list without numbers
        self.links: list[tuple[str, int]] = []  # address, length of the line when the link opened
        self.cells = 0
        self.preformatted = 0

    def write(self, text: str) -> None:
        if self.preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for following in rest:
                self.end_line()
                self.line.append(following)
            return
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self.line or self.line[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.line.append(text)

    def end_line(self, *, always: bool = False) -> None:
        text = "".join(self.line).rstrip()
        if text or always or self.preformatted:
            self.lines.append("> " * self.quotes + text)
        self.line = []
        self.links.clear()

    def apart(self) -> None:
        """One blank line, never two."""
        self.end_line()
        blank = "> " * self.quotes
        if self.lines and self.lines[-1].strip("> ") and not self.preformatted:
            self.lines.append(blank.rstrip())


def text_of_html(source: str) -> str:
    """The readable text of an HTML document or fragment; reads at most MOST_CHARACTERS.

    >>> text_of_html('<p>See <a href="https://shop.example/a">my shop</a></p><ul><li>one<li>two</ul>')
    'See my shop (https://shop.example/a)\\n\\n- one\\n- two'
    """
    source = source[:MOST_CHARACTERS]
    page = _Page()
    at, end = 0, len(source)
    tries = _QUOTE_AWARE_TRIES
    while at < end:
        opening = source.find("<", at)
        if opening < 0:
            page.write(entities.unescape(source[at:]))
            break
        if opening > at:
            page.write(entities.unescape(source[at:opening]))
        name = _TAG_NAME.match(source, opening + 1)
        if not name:
            at = _past_declaration(source, opening, page)
            continue
        whole = _TAG.match(source, name.end()) if tries else None
        if whole is None:
            tries = max(0, tries - 1)
            closing = source.find(">", name.end())
            if closing < 0:
                break  # cut in the middle of a tag
            stop = closing + 1
        else:
            stop = whole.end()
        tag = name[1].lower()
        if source[opening + 1] == "/":
            _close(page, tag)
        elif tag in _UNREAD:
            stop = _past_unread(source, tag, stop)
        else:
            _open(page, tag, source[name.end() : min(stop, name.end() + 8000)])
        at = stop
    page.end_line()
    return "\n".join(page.lines).strip("\n").replace("\u00ad", "")


def _past_declaration(source: str, opening: int, page: _Page) -> int:
    """The place after a comment or declaration; a `<` that opens nothing is text."""
    if source.startswith("<!--", opening):
        closing = source.find("-->", opening + 4)
        return closing + 3 if closing >= 0 else len(source)
    if source.startswith(("<!", "<?", "</"), opening):
        closing = source.find(">", opening)
        return closing + 1 if closing >= 0 else len(source)
    page.write("<")
    return opening + 1


def _past_unread(source: str, tag: str, start: int) -> int:
    """The place after the end tag; where none follows, only the opening tag is passed over, so that no
    text is lost.
    """
    if tag == "head":  # often left open: the body ends it too
        body = re.compile(r"</head|<body", re.IGNORECASE).search(source, start)
        return body.start() if body else start
    closing = re.compile(rf"</{tag}\b[^>]{{0,100}}>", re.IGNORECASE).search(source, start)
    if closing:
        return closing.end()
    return len(source) if tag in ("script", "style") else start


def _open(page: _Page, tag: str, attributes: str) -> None:
    if tag == "br":
        page.end_line(always=True)
    elif tag in ("td", "th"):
        if page.cells and page.line:
            page.line.append(" | ")
        page.cells += 1
    elif tag == "a":
        page.links.append((_attribute(attributes, "href"), len(page.line)))
    elif tag == "img":
        alt = _attribute(attributes, "alt").strip()
        if alt:
            page.write(f"[{alt[:200]}]")
    elif tag in _BLOCKS:
        _open_block(page, tag, attributes)


def _open_block(page: _Page, tag: str, attributes: str) -> None:
    if tag in _APART and not (tag in ("ul", "ol") and page.lists):
        page.apart()
    elif not (page.cells and tag in ("div", "p")):
        page.end_line()
    if tag == "blockquote":
        page.quotes = min(page.quotes + 1, _DEEPEST_QUOTE)
    elif tag in ("ul", "ol"):
        start = _attribute(attributes, "start")
        page.lists.append(0 if tag == "ul" else int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1)
    elif tag == "li":
        _open_item(page)
    elif tag == "tr":
        page.cells = 0
    elif tag == "pre":
        page.preformatted += 1


def _open_item(page: _Page) -> None:
    indent = "  " * min(len(page.lists) - 1, 8)
    number = page.lists[-1] if page.lists else 0
    page.line.append(f"{indent}{number}. " if number else f"{indent}- ")
    if number:
        page.lists[-1] = number + 1


def _close(page: _Page, tag: str) -> None:
    if tag == "a" and page.links:
        address, opened = page.links.pop()
        _write_address(page, address, "".join(page.line[opened:]))
    elif tag == "blockquote":
        page.end_line()
        page.quotes = max(0, page.quotes - 1)
        page.apart()
    elif tag in ("ul", "ol"):
        page.end_line()
        if page.lists:
            page.lists.pop()
        if not page.lists:
            page.apart()
    elif tag == "pre":
        page.end_line()
        page.preformatted = max(0, page.preformatted - 1)
    elif tag == "tr":
        page.end_line()
        page.cells = 0
    elif tag in _APART and not (page.cells and tag == "p"):
        page.apart()
    elif tag in _BLOCKS and not (page.cells and tag == "div"):
        page.end_line()


def _write_address(page: _Page, address: str, shown: str) -> None:
    address = address.strip()
    if not _LINKABLE.match(address):
        return
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if bare.rstrip("/") not in shown and shown.strip() not in (bare, bare.split("://")[-1].rstrip("/")):
        page.line.append(f" ({bare})")


def _attribute(attributes: str, name: str) -> str:
    for found in _ATTRIBUTE.finditer(attributes):
        if found[1].lower() == name:
            return entities.unescape(found[2].strip("\"'"))
    return ""
