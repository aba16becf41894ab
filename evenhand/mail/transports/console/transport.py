"""The console twin: says in the log that a letter would have left, and nothing of what it says."""

from __future__ import annotations

import logging
from email.message import EmailMessage

log = logging.getLogger(__name__)


class Transport:
    def send(self, message: EmailMessage, *, recipient: str) -> None:
        log.info(
            "A letter to %s stays here (EVENHAND_MAIL_TRANSPORT=console): %s",
            recipient,
            message["Message-ID"],
        )
