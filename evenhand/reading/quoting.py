"""Where a mail repeats what was said before: quoted replies, header blocks, signatures, notices.

The spans are folded on the screen and never deleted. Hiding something new costs far more than showing
something old, so a doubtful line stays open, and a mail that would be hidden altogether (a bare forward)
has nothing marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_LINES = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """[start, end) in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # with the line end
    text: str  # stripped


_WROTE = (
    r"wrote|writes|schrieb(?: am .{5,60}| .{2,60})?|a écrit|escribió|escribio|escreveu|ha scritto|scrisse|"
    r"schreef|skrev|"
    r"napisał\(?a?\)?|napisał|napsal\(?a?\)?|írta|kirjoitti|a scris|написал\(?а?\)?|пише|yazdı|写道|"
    r"のメール|님이 작성"
)
_ENDS_ATTRIBUTION = re.compile(
    rf"(?:\b|(?<=[\d>)]))(?:{_WROTE})\s?(?:.{{0,80}}[>)])?\s?[:：]$", re.IGNORECASE
)
_STARTS_ATTRIBUTION = re.compile(
    r"^(?:On|Am|Le|El|Il|Em|Op|Den|På|Dne|Dnia|W dniu|Pe|于|在)\s?.{0,40}\d", re.IGNORECASE
)
_DATED = re.compile(
    r"\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}.{0,200}(?:@|<)|\d{1,2}[:.]\d\d.{0,200}(?:@|<)|님이|のメール"
)
_DIVIDER = re.compile(
    r"^[-_*=~ ]{2,30}\s?(?:original (?:message|appointment)|ursprüngliche nachricht|originalnachricht|"
    r"message d'origine|"
    r"message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|"
    r"ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|"
    r"wiadomość oryginalna|"
    r"původní zpráva|исходное сообщение|reply message|forwarded (?:message|by).{0,80}|forwarded mail|"
    r"weitergeleitete nachricht|message transféré|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|"
    r"doorgestuurd bericht|přeposlaná zpráva|please reply above this line|"
    r"reply above this line)\s?[-_*=~ ]{0,30}$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"^#{0,4}[-= ]{0,6}\s?(?:please )?(?:type your reply|reply) above this line.{0,40}$", re.IGNORECASE
)
_FORWARDS = re.compile(r"^begin forwarded message:|^anfang der weitergeleiteten", re.IGNORECASE)
_KEYS = {
    "from": "from|von|de|da|van|från|fra|od|lähettäjä|от|kimden|feladó|发件人|差出人",
    "date": "sent|date|gesendet|datum|envoyé|enviado|enviada|enviado el|inviato|data|fecha|verzonden|"
    "skickat|sendt|dato|"
    "wysłano|odesláno|lähetetty|отправлено|дата|gönderildi|发送时间|日期|送信日時",
    "to": "to|an|à|para|a|aan|naar|till|til|do|komu|vastaanottaja|кому|kime|címzett|收件人|宛先",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|aihe|тема|"
    "konu|tárgy|主题|件名",
}
_KEY_LINE = {
    kind: re.compile(rf"^[*_]{{0,2}}(?:{words})\s?[*_]{{0,2}}\s?[:：]", re.IGNORECASE)
    for kind, words in _KEYS.items()
}
_RULE = re.compile(r"^[-_*=]{5,}$")
_SIGNATURE = re.compile(r"^(?:--|—|–|-- )$")
_SENT_FROM = re.compile(
    r"^(?:(?:sent|gesendet|envoyé|enviado|inviato|verzonden|skickat|sendt|wysłane|von meinem)\b.{0,12}"
    r"\b(?:from|von|depuis|de|desde|da|via|vanaf|från|fra|z|mit|mein\w*)\b.{0,60}"
    r"(?:iphone|ipad|android|samsung|galaxy|blackberry|mobile|handy|phone|mail|outlook|yahoo|device|huawei|"
    r"pixel)\b.{0,40}"
    r"|get outlook for (?:ios|android).{0,60}|download outlook.{0,60})$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^(?:\*?(?:confidentiality|disclaimer|legal) ?(?:notice|note)?\b.{0,5}[:\-–]|this (?:e-?mail|message|"
    r"communication|transmission)"
    r"(?: and any| \(including| is intended| may contain| contains).{0,4000}(?:confidential|privileged|"
    r"intended)|"
    r"the information (?:contained )?in this (?:e-?mail|message).{0,4000}(?:confidential|privileged|"
    r"intended)|"
    r"diese e-?mail (?:enthält|kann).{0,2000}vertraulich|ce (?:message|courriel).{0,2000}confidentiel|"
    r"este (?:mensaje|correo|e-?mail).{0,2000}confidencial|please consider the environment before printing)",
    re.IGNORECASE | re.DOTALL,
)
_MOST_SIGNATURE_LINES = 15


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Spans of quoted replies, header blocks with what follows, signatures and legal notices; sorted,
    never touching.

    >>> text = "Thanks!\\n\\nOn Mon, 2 Mar 2026 at 10:00, Dana <d@shop.example> wrote:\\n> Hello\\n"
    >>> [text[span.start:span.end] for span in quoted_spans(text)]
    ['On Mon, 2 Mar 2026 at 10:00, Dana <d@shop.example> wrote:\\n> Hello\\n']
    """
    lines = list(_lines(text))[:_MOST_LINES]
    marked = [False] * len(lines)
    at = 0
    while at < len(lines):
        stop = _quoted_until(lines, at)
        for place in range(at, stop):
            marked[place] = True
        at = max(stop, at + 1)
    _mark_notices(lines, marked)
    if not any(line.text and not done for line, done in zip(lines, marked, strict=True)):
        return ()  # nothing new above: the whole mail is what is said
    return tuple(_spans(lines, marked))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.splitlines(keepends=True):
        yield _Line(start, start + len(raw), raw.strip().strip("\u200b\ufeff"))
        start += len(raw)


def _quoted_until(lines: list[_Line], at: int) -> int:
    """The line after the quoted block that begins here; `at` itself where none begins."""
    text = lines[at].text
    if not text or not _may_begin(text):
        return at
    if text.startswith(">"):
        return _past_marked_lines(lines, at)
    if length := _attribution_lines(lines, at):
        following = _next_text(lines, at + length)
        if following < len(lines) and lines[following].text.startswith(">"):
            return _past_marked_lines(lines, following)
        return len(lines) if following < len(lines) else at + length
    if _DIVIDER.match(text) or _ABOVE.match(text) or _FORWARDS.match(text):
        following = _next_text(lines, at + 1)
        if following < len(lines) and lines[following].text.startswith(">"):
            return _past_marked_lines(lines, following)
        return len(lines) if _DIVIDER.match(text) or _FORWARDS.match(text) else at + 1
    if _RULE.match(text) and _is_header_block(lines, _next_text(lines, at + 1)):
        return len(lines)
    if _is_header_block(lines, at):
        return len(lines)
    if _SIGNATURE.match(text) or _SENT_FROM.match(text):
        return _past_signature(lines, at)
    return at


def _may_begin(text: str) -> bool:
    """A cheap look before the exact ones: most lines of most mails are plain sentences."""
    return (
        text[0] in ">-_*=~#—–"
        or ":" in text
        or "：" in text
        or bool(_STARTS_ATTRIBUTION.match(text))
        or (len(text) < 120 and bool(_SENT_FROM.match(text)))
    )


def _next_text(lines: list[_Line], at: int) -> int:
    while at < len(lines) and not lines[at].text:
        at += 1
    return at


def _past_marked_lines(lines: list[_Line], at: int) -> int:
    """`>` lines; blank lines between two of them belong to the quote."""
    last = at
    while at < len(lines) and (lines[at].text.startswith(">") or not lines[at].text):
        if lines[at].text:
            last = at
        at += 1
    return last + 1


def _attribution_lines(lines: list[_Line], at: int) -> int:
    """How many lines "On … wrote:" takes here: 1 to 3, or 0."""
    joined = ""
    for length in (1, 2, 3):
        if at + length > len(lines) or not lines[at + length - 1].text or len(joined) > 400:
            return 0
        joined = f"{joined} {lines[at + length - 1].text}".strip()
        if len(joined) < 500 and _ENDS_ATTRIBUTION.search(joined):
            return length if _introduces_a_quote(lines, at + length, joined) else 0
        if not _STARTS_ATTRIBUTION.match(joined):
            return 0
    return 0


def _introduces_a_quote(lines: list[_Line], below: int, attribution: str) -> bool:
    """With `>` lines below any "… wrote:" will do; without, it must bear a date, for all below it would
    be folded.
    """
    following = _next_text(lines, below)
    if following < len(lines) and lines[following].text.startswith(">"):
        return True
    return bool(_STARTS_ATTRIBUTION.match(attribution) or _DATED.search(attribution))


def _is_header_block(lines: list[_Line], at: int) -> bool:
    """From, then within six lines a date and a recipient or subject: how Outlook begins what it quotes."""
    if at >= len(lines) or not _KEY_LINE["from"].match(lines[at].text):
        return False
    near = [line.text for line in lines[at + 1 : at + 9] if line.text][:6]
    found = {kind for kind in ("date", "to", "subject") if any(_KEY_LINE[kind].match(text) for text in near)}
    return ("date" in found and len(found) >= 2) or found >= {"to", "subject"}


def _past_signature(lines: list[_Line], at: int) -> int:
    """A signature runs until quoted text begins or the mail ends; one longer than usual is no signature."""
    stop = at + 1
    while stop < len(lines) and _quoted_starts(lines, stop) is False:
        stop += 1
        if stop - at > _MOST_SIGNATURE_LINES + 1:
            return at
    if _SENT_FROM.match(lines[at].text) and any(line.text for line in lines[at + 1 : stop]):
        return at + 1  # words below "Sent from my phone" were typed by the sender
    return stop


def _quoted_starts(lines: list[_Line], at: int) -> bool:
    text = lines[at].text
    if not text or not _may_begin(text):
        return False
    return bool(
        text.startswith(">")
        or _DIVIDER.match(text)
        or _attribution_lines(lines, at)
        or _is_header_block(lines, at)
    )


def _mark_notices(lines: list[_Line], marked: list[bool]) -> None:
    """A legal notice counts with its paragraph only; what follows may be new."""
    at = 0
    while at < len(lines):
        if marked[at] or not lines[at].text or (at and lines[at - 1].text):
            at += 1
            continue
        stop = at
        while stop < len(lines) and lines[stop].text and not marked[stop]:
            stop += 1
        if lines[at].text[0].lower() in "*cdltep" and _NOTICE.match(
            " ".join(line.text for line in lines[at:stop])[:5000]
        ):
            marked[at:stop] = [True] * (stop - at)
        at = stop


def _spans(lines: list[_Line], marked: list[bool]) -> Iterator[Span]:
    at = 0
    while at < len(lines):
        if not marked[at]:
            at += 1
            continue
        stop = at
        while stop < len(lines) and (marked[stop] or (not lines[stop].text and any(marked[stop : stop + 3]))):
            stop += 1
        yield Span(start=lines[at].start, end=lines[stop - 1].end)
        at = stop
