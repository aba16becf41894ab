"""Django's own mail (sign-in codes) leaves through the post office too, so that it is tried again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from evenhand.mail import actions


class OutboxBackend(BaseEmailBackend):
    """Posts each message once for each recipient, as plain text."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            name, sender = parseaddr(message.from_email)
            for recipient in message.recipients():
                actions.post(
                    purpose=f"notice:{uuid.uuid4()}",
                    sender=sender,
                    brand_name=name,
                    recipient=parseaddr(recipient)[1],
                    subject=str(message.subject),
                    text=str(message.body),
                    automatic=True,
                )
        return len(email_messages)
