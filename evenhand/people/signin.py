"""How people sign in: by a code sent to their address; staff also by a one-time password (TOTP).

Nobody signs up here: a person is known because they wrote, were imported, or were added as staff. The sign-in
page answers a stranger as it answers anybody, and a stranger gets no mail.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest

from evenhand.people.models import Person

CODE_MAIL = "account/email/login_code"
CODE_TEXT = """Your sign-in code is

    {code}

It works once, for three minutes, in the browser where you asked for it.
If you did not ask for it, nothing needs to be done: without the code nobody can sign in.
"""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's questions about accounts, as this desk answers them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_from_email(self) -> str:
        return f"Evenhand <desk@{settings.MAIL_DOMAIN}>"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the code; of allauth's other letters none: those to strangers would tell who is known here."""
        if template_prefix == CODE_MAIL:
            text = CODE_TEXT.format(code=context["code"])
            send_mail("Your sign-in code", text, self.get_from_email(), [email])


def must_set_up_totp(person: Person) -> bool:
    """True for staff who have no one-time password yet, where the desk requires one (EVENHAND_STAFF_TOTP).

    The desk asks before every page, and leads them to its set-up.
    """
    if settings.STAFF_TOTP != "required" or not person.is_staff_anywhere():
        return False
    return not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
