"""Bytes to text, whatever the sender declared.

Real mail names charsets that do not exist, or names one and uses another. Nothing here raises: a byte
that cannot be read becomes U+FFFD, and text never holds NUL or lone surrogates (a database takes
neither).
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from functools import lru_cache

# What browsers do (WHATWG Encoding): the declared name is often the smaller brother of what was used.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "default": "",
}
# Python calls these encodings too. They are none of a mail's, and punycode takes quadratic time.
_NOT_FOR_MAIL = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_NOT_LIKE_ASCII = ("utf-7", "utf-16", "utf-32", "hz", "cp037", "cp500", "cp1140")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]{0,4000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?[^?\s]{1,60}\?[bBqQ]\?)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """The Python codec for a declared charset; None where there is none."""
    name = charset.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    if not name or len(name) > 60:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    text_codec = bool(getattr(found, "_is_text_encoding", True))
    return found.name if text_codec and found.name not in _NOT_FOR_MAIL else None


def storable(text: str) -> str:
    """The text without NUL and with lone surrogates replaced, so that any database and JSON writer takes
    it.
    """
    if not _UNSTORABLE.search(text):
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\x00" else "\ufffd", text)


def text_of(raw: bytes, charset: str = "") -> str:
    """Decode by the declared charset, else as UTF-8, else as Windows-1252, and never raise.

    >>> text_of(b"caf\\xc3\\xa9", "no-such-charset"), text_of(b"caf\\xe9", "us-ascii")
    ('café', 'café')
    """
    if raw.isascii() and b"\x1b" not in raw and not (_codec(charset) or "").startswith(_NOT_LIKE_ASCII):
        return storable(raw.decode("ascii"))
    declared = _codec(charset)
    # UTF-8 hardly ever decodes by accident, so it is tried before any one-byte charset that takes everything.
    order = [declared, "utf-8"] if declared and not _takes_all(declared) else ["utf-8", declared]
    for codec_name in order:
        if codec_name:
            try:
                return storable(raw.decode(codec_name))
            except (UnicodeError, ValueError, LookupError):
                continue
    fallback = declared if declared and not _takes_all(declared) else "cp1252"
    if fallback == "utf-8" and not _speaks_utf8(raw):
        fallback = "cp1252"
    try:
        return storable(raw.decode(fallback, "replace"))
    except (UnicodeError, ValueError, LookupError):
        return storable(raw.decode("utf-8", "replace"))


def _speaks_utf8(raw: bytes) -> bool:
    """Whether anything beyond ASCII is UTF-8: one damaged byte must not garble the rest of such a text."""
    return not raw.decode("utf-8", "ignore").isascii()


def _takes_all(codec: str) -> bool:
    return codec.startswith(("cp125", "iso8859", "koi8", "mac"))


def header_text(value: str) -> str:
    """Decode RFC 2047 words inside one header value; what is broken stays as it was written.

    >>> header_text("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?b?IQ==?=")
    'Grüße!'
    """
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub(r"\1\2", value)
    pieces: list[str] = []
    waiting: list[bytes] = []  # one character may be cut over two words of the same charset
    waiting_charset = ""
    end = 0
    for word in _ENCODED_WORD.finditer(joined):
        charset = word[1].split("*")[0].lower()
        if waiting and (word.start() != end or charset != waiting_charset):
            pieces.append(text_of(b"".join(waiting), waiting_charset))
            waiting = []
        pieces.append(joined[end : word.start()])
        waiting.append(_word_bytes(word[2], word[3]))
        waiting_charset, end = charset, word.end()
    if waiting:
        pieces.append(text_of(b"".join(waiting), waiting_charset))
    pieces.append(joined[end:])
    return "".join(pieces)


def _word_bytes(kind: str, body: str) -> bytes:
    raw = body.encode("utf-8", "replace")
    if kind in "bB":
        return from_base64(raw)
    return binascii.a2b_qp(raw.replace(b"_", b" "), header=False)


def from_base64(raw: bytes) -> bytes:
    """Decode base64 with stray characters, missing padding or a cut end; keeps all that can be read."""
    clean = _NOT_BASE64.sub(b"", raw.rstrip().rstrip(b"="))
    usable = len(clean) - 1 if len(clean) % 4 == 1 else len(clean)
    clean = clean[:usable]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        return b""


def from_quoted_printable(raw: bytes) -> bytes:
    """Decode quoted-printable; a broken escape stays as it was written."""
    return binascii.a2b_qp(raw)


def from_uuencode(raw: bytes) -> bytes:
    """Decode the lines between `begin` and `end`; a broken line ends the content."""
    out: list[bytes] = []
    inside = False
    for line in raw.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
            continue
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            break
    return b"".join(out) if inside else raw
