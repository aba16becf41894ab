"""Was this mail written by a person? Answers to machines start loops.

By RFC 3834 (automatic responses), RFC 3464 (delivery reports) and the habits of common mailers. A subject
alone proves nothing: it counts only together with another sign.
"""

from __future__ import annotations

import re

from evenhand.reading.parts import Part

_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_TELLING = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-help",
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-failed-recipients",
    "x-fc-machinegenerated",
    "x-cron-env",
    "x-mailgun-tag",
    "feedback-id",
)
_MACHINE_NAMES = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|maildaemon)(?:[+@.]|$)", re.IGNORECASE)
_AWAY = re.compile(
    r"^\W{0,3}(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|answer)|autoreply|"
    r"out of (?:the )?office|vacation reply|"
    r"automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática|resposta automática|"
    r"risposta automatica|automatisch antwoord|autosvar|automatiskt svar|automatyczna odpowiedź|"
    r"автоответ|автоматический ответ)\b",
    re.IGNORECASE,
)
_UNDELIVERED = re.compile(
    r"^\W{0,3}(?:undeliver(?:able|ed)|delivery (?:status notification|failure|has failed)|failure notice|"
    r"mail delivery (?:failed|failure|system)|returned mail|message (?:not delivered|undeliverable)|"
    r"unzustellbar|"
    r"non remis|no se puede entregar)",
    re.IGNORECASE,
)


def is_bounce(root: Part, from_address: str) -> bool:
    """True for a delivery report: the mail it speaks of did not arrive."""
    if root.type == "multipart/report":
        return root.parameters.get("report-type", "delivery-status").lower() == "delivery-status"
    if _MACHINE_NAMES.match(from_address) or "x-failed-recipients" in root.headers:
        return True
    return _has_empty_return_path(root) and not _answers_automatically(root)


def is_automatic(root: Part, from_address: str) -> bool:
    """True where no person is waiting for an answer: automatic replies, bounces, receipts, list and bulk
    mail.
    """
    return (
        root.type == "multipart/report"
        or _answers_automatically(root)
        or is_bounce(root, from_address)
        or any(name in root.headers for name in _TELLING)
        or root.first("precedence").lower() in _BULK
        or root.first("x-auto-response-suppress").lower() not in ("", "none")
        or bool(
            _AWAY.match(root.first("subject"))
            and ("in-reply-to" in root.headers or "references" in root.headers)
        )
        or bool(_UNDELIVERED.match(root.first("subject")) and not from_address)
    )


def _answers_automatically(root: Part) -> bool:
    submitted = root.first("auto-submitted").split(";")[0].strip().lower()
    return submitted not in ("", "no") or bool(
        _AWAY.match(root.first("subject")) and _has_empty_return_path(root)
    )


def _has_empty_return_path(root: Part) -> bool:
    return any(value.strip() in ("<>", "") for value in root.headers.get("return-path", []))
