"""A mail as a tree of parts, from any bytes, in bounded time.

Not the standard library's parser: it raises or recurses without limit on hostile mail, and time matters
at the door. The rules are RFC 5322 and RFC 2045/2046/2231, read as kindly as possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from evenhand.reading import charsets

DEEPEST = 20  # nested multiparts; real mail stays below 6
MOST_PARTS = 300
_MOST_HEADER_BYTES = 256_000
_HEADER = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*)$", re.DOTALL)
_HEADERS_END = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]*")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.){0,4000}"?|[^;\s]{0,4000})')
_GUESSED_BOUNDARY = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n")
_TRANSFER: dict[str, Callable[[bytes], bytes]] = {
    "base64": charsets.from_base64,
    "quoted-printable": charsets.from_quoted_printable,
    "x-uuencode": charsets.from_uuencode,
    "uuencode": charsets.from_uuencode,
    "x-uue": charsets.from_uuencode,
}


class Budget:
    """How many parts a mail may still open: one count for the whole tree."""

    def __init__(self, parts: int = MOST_PARTS) -> None:
        self.left = parts

    def spend(self) -> bool:
        """Take one part; False when the mail has used up all it may have."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part: headers by lower-case name (values unfolded, not yet decoded), its own bytes, its
    children.
    """

    headers: dict[str, list[str]]
    body: bytes
    type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    level: int
    budget: Budget
    parts: tuple[Part, ...] = field(default=())

    def first(self, name: str) -> str:
        """The first value of a header, decoded and on one line; empty where it is absent."""
        values = self.headers.get(name)
        return " ".join(charsets.header_text(values[0]).split()) if values else ""

    def content(self) -> bytes:
        """The bytes with the transfer encoding undone."""
        encoding = self.headers.get("content-transfer-encoding", [""])[0].strip().lower().strip("\"'")
        undo = _TRANSFER.get(encoding.split(";")[0].strip())
        return undo(self.body) if undo else self.body

    def text(self) -> str:
        """The content as text with plain line ends."""
        text = charsets.text_of(self.content(), self.parameters.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def parse(raw: bytes, *, depth: int = 0, budget: Budget | None = None, default: str = "text/plain") -> Part:
    """The tree of parts; a part beyond DEEPEST or MOST_PARTS stays closed, with its bytes unread."""
    if budget is None:
        budget, raw = Budget(), _whole_mail(raw)
    headers, body = _split_headers(raw)
    kind, parameters = _value_and_parameters(headers.get("content-type", [default])[0])
    kind = kind.lower() if re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", kind) else default
    disposition, placing = _value_and_parameters(headers.get("content-disposition", [""])[0])
    filename = placing.get("filename") or parameters.get("name", "")
    children: tuple[Part, ...] = ()
    if kind.startswith("multipart/") and depth < DEEPEST:
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = tuple(
            parse(piece, depth=depth + 1, budget=budget, default=inner)
            for piece in _split_parts(body, parameters.get("boundary", ""), budget)
            if budget.spend()
        )
    return Part(
        headers=headers,
        body=body,
        type=kind,
        parameters=parameters,
        disposition=disposition.lower(),
        filename=charsets.header_text(filename),
        level=depth,
        budget=budget,
        parts=children,
    )


def _whole_mail(raw: bytes) -> bytes:
    """The mail without what transports and files put before it."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    raw = raw.lstrip(b"\r\n \t").removeprefix(b"\xef\xbb\xbf")
    return (
        raw.partition(b"\n")[2] if raw.startswith((b"From ", b">From ")) else raw
    )  # an mbox file's separator


def _split_headers(raw: bytes) -> tuple[dict[str, list[str]], bytes]:
    if raw.startswith((b"\n", b"\r\n")):
        return {}, raw.partition(b"\n")[2]
    end = _HEADERS_END.search(raw, 0, _MOST_HEADER_BYTES)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw[:_MOST_HEADER_BYTES], b"")
    headers: dict[str, list[str]] = {}
    taken = 0
    for line in re.split(rb"\r?\n(?![ \t])", head):
        found = _HEADER.match(line)
        if not found:
            # A line that is no header ends them: the blank line was forgotten, or there never were headers.
            if not line.strip() or line.startswith(b">From "):
                taken += len(line) + 1
                continue
            at = raw.find(line, taken)
            return headers, raw[at:] if at >= 0 else body
        taken += len(line) + 1
        value = _FOLD.sub(" ", charsets.text_of(found[2])).strip()
        headers.setdefault(found[1].decode("ascii").lower(), []).append(value)
    return headers, body


def _value_and_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first `;` and its parameters, RFC 2231 pieces joined and decoded."""
    head, _, _ = value.partition(";")
    given: dict[str, str] = {}
    for found in _PARAMETER.finditer(value[:20_000]):
        text = found[2]
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text.strip('"'))
        given.setdefault(found[1].lower(), text)
    return head.strip(), _joined(given) if any("*" in name for name in given) else given


def _joined(given: dict[str, str]) -> dict[str, str]:
    plain = {name: text for name, text in given.items() if "*" not in name}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, text in given.items():
        base, star, rest = name.partition("*")
        if star:
            number = rest.rstrip("*")
            order = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
            pieces.setdefault(base, []).append((order, rest.endswith("*") or not rest, text))
    for base, found in pieces.items():
        plain[base] = _decoded_pieces(sorted(found))
    return plain


def _decoded_pieces(pieces: list[tuple[int, bool, str]]) -> str:
    """`utf-8'en'caf%C3%A9`: charset and language stand before the first piece only."""
    charset = ""
    raw = b""
    for place, (_, encoded, text) in enumerate(pieces):
        if encoded and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return charsets.text_of(raw, charset)


def _split_parts(body: bytes, boundary: str, budget: Budget) -> list[bytes]:
    mark = boundary.rstrip().encode("utf-8", "replace")[:300]
    if not mark or b"--" + mark not in body:
        guessed = _GUESSED_BOUNDARY.search(body)  # a missing or misspelt boundary
        if not guessed or body.count(b"--" + guessed[1]) < 2:
            return []
        mark = guessed[1]
    line = re.compile(rb"(?:^|\n)--" + re.escape(mark) + rb"(--)?[ \t]*(?=\r?\n|\r?$)")
    pieces: list[bytes] = []
    start = -1
    for found in line.finditer(body):
        if start >= 0:
            pieces.append(_inner(body[start : found.start()]))
        start = found.end()
        if found[1] or len(pieces) > budget.left:
            start = -1
            break
    if start >= 0:  # the closing mark was cut off
        pieces.append(_inner(body[start:]))
    return pieces


def _inner(piece: bytes) -> bytes:
    """What stands between two marks: the line end after the first goes, that before the second is gone
    already.
    """
    piece = piece.removeprefix(b"\r\n") if piece.startswith(b"\r\n") else piece.removeprefix(b"\n")
    return piece.removesuffix(b"\r")
