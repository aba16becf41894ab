"""SMTP to the relay of EVENHAND_SMTP_HOST: STARTTLS or TLS with a verified certificate, or neither."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr

from django.conf import settings

from evenhand.mail.transports import NotNow, Refused

TIMEOUT = 20  # seconds for each step of the conversation
PERMANENT = range(500, 600)


class Transport:
    def send(self, message: EmailMessage, *, recipient: str) -> None:
        sender = parseaddr(str(message["From"]))[1]
        try:
            with _connection() as relay:
                relay.send_message(message, from_addr=sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _verdict(*refusal.recipients[recipient]) from None
        except (
            smtplib.SMTPAuthenticationError
        ) as refusal:  # ours to mend in the settings, so the letter waits
            raise NotNow(_said(refusal.smtp_code, refusal.smtp_error)) from None
        except smtplib.SMTPResponseException as refusal:
            raise _verdict(refusal.smtp_code, refusal.smtp_error) from None
        except (smtplib.SMTPException, OSError) as failure:
            raise NotNow(f"{settings.SMTP_HOST}:{settings.SMTP_PORT}: {failure}") from None


def _connection() -> smtplib.SMTP:
    where = (settings.SMTP_HOST, settings.SMTP_PORT)
    if settings.SMTP_SECURITY == "tls":
        relay: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        relay = smtplib.SMTP(*where, timeout=TIMEOUT)
    try:
        if settings.SMTP_SECURITY == "starttls":
            relay.starttls(context=ssl.create_default_context())
        if settings.SMTP_USER:
            relay.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
    except BaseException:
        relay.close()
        raise
    return relay


def _verdict(code: int, said: bytes | str) -> NotNow | Refused:
    return Refused(_said(code, said)) if code in PERMANENT else NotNow(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {words}".strip()
