"""What customers send. Every refusal says what to do next, and what was typed is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from evenhand.portal import tokens

TOO_OLD = "This page was open for too long to be sent safely. Nothing is lost: press Send again."
PREFIX = "answer:"  # a radio button of the one question: answer:theme state


class _SentOnce(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, error_messages={"required": TOO_OLD})

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not tokens.is_ours(token):
            raise forms.ValidationError(TOO_OLD)
        return token


class AskForm(_SentOnce):
    text = forms.CharField(
        max_length=settings.TEXT_MOST_CHARACTERS,
        strip=True,
        error_messages={"required": "Write a few words about what is the matter, then send it."},
    )
    email = forms.EmailField(
        max_length=254,
        required=False,
        error_messages={"invalid": "This is not an email address. It looks like name@shop.example."},
    )
    name = forms.CharField(max_length=120, required=False)

    def __init__(self, *given: Any, signed_in: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self.signed_in = signed_in

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not email and not self.signed_in:
            raise forms.ValidationError("Write the address that our answer shall go to.")
        return email

    def answers(self) -> dict[str, str]:
        """The answer chosen for the one question, by the fact that was asked for."""
        return answers_in(self.data)


class AnswerForm(_SentOnce):
    text = forms.CharField(max_length=settings.TEXT_MOST_CHARACTERS, required=False, strip=True)
    answer = forms.CharField(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text") and not given.get("answer"):
            self.add_error("text", "Write something, or choose an answer, then send it.")
        return given


class AppealForm(forms.Form):
    text = forms.CharField(
        max_length=20_000,
        strip=True,
        error_messages={"required": "Write why the step is mistaken, then send it."},
    )


def answers_in(sent: Any) -> dict[str, str]:
    """Answers among what a form sent; “I do not know” is sent as an empty one."""
    return {name[len(PREFIX) :]: sent[name] for name in sent if name.startswith(PREFIX)}
