"""The postman's round."""

from __future__ import annotations

from evenhand.jobs import task
from evenhand.mail import actions


@task("mail.send")
def send_letter(letter_id: int) -> None:
    actions.send(letter_id)
