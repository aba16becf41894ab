"""What staff send: each form says what may stand in it, and in what words it is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings

from evenhand.tickets.statuses import Status

AFTER_REPLY = (Status.WAITING_ON_CUSTOMER, Status.SOLVED, Status.OPEN)


def told(form: forms.Form) -> str:
    """All that is wrong with a form, as one text; empty where nothing is."""
    return " ".join(str(text) for texts in form.errors.values() for text in texts)


class TextForm(forms.Form):
    """A reply or a note. `seen`, the page’s newest message, tells a second press from a second message."""

    text = forms.CharField(
        max_length=settings.TEXT_MOST_CHARACTERS,
        error_messages={"required": "Nothing was written. Write what should be kept, then send it."},
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)

    def clean_seen(self) -> int:
        return int(self.cleaned_data["seen"] or 0)


class ReplyForm(TextForm):
    then = forms.TypedChoiceField(
        choices=[(status.value, status.label) for status in AFTER_REPLY],
        coerce=Status,
        empty_value=Status.WAITING_ON_CUSTOMER,
        required=False,
    )


class AssignForm(forms.Form):
    """`team` a slug, `assignee` a person's number; empty means nobody. “me” takes the ticket."""

    team = forms.SlugField(required=False)
    assignee = forms.CharField(required=False, max_length=20)

    def clean_assignee(self) -> str:
        given: str = self.cleaned_data["assignee"]
        if given and given != "me" and not (given.isascii() and given.isdigit()):
            raise forms.ValidationError("Choose a colleague from the list.")
        return given


class StatusForm(forms.Form):
    """A status to move to. Snoozing needs `until`, a time in the reader's zone."""

    status = forms.TypedChoiceField(choices=Status.choices, coerce=Status)
    until = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("status") == Status.SNOOZED:
            cleaned["until"] = self._moment(cleaned.get("until", ""))
        return cleaned

    def _moment(self, given: str) -> dt.datetime:
        try:
            at = dt.datetime.fromisoformat(given)
        except ValueError:
            raise forms.ValidationError("Say until when the ticket should sleep: a day and a time.") from None
        return at if at.tzinfo else at.replace(tzinfo=self.zone)


class TopicForm(forms.Form):
    topic = forms.CharField(max_length=60, error_messages={"required": "Choose a topic from the list."})
    matter = forms.IntegerField(min_value=0, max_value=1000)


class FactForm(forms.Form):
    """A fact that the policy waits for, such as the cause of a fault."""

    fact = forms.CharField(max_length=80)
    value = forms.CharField(max_length=80, error_messages={"required": "Say what it turned out to be."})
    matter = forms.IntegerField(min_value=0, max_value=1000)


class AcceptForm(forms.Form):
    ruling = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class OverrideForm(forms.Form):
    act = forms.CharField(max_length=40)
    department = forms.CharField(max_length=60, required=False)
    reason = forms.CharField(
        max_length=2000,
        error_messages={"required": "Write one sentence, so that the override can be judged later."},
    )
    matter = forms.IntegerField(min_value=0, max_value=1000)


class CallForm(forms.Form):
    """A call, written down by whoever took it."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Whose call was it? Ask for the address they write from.",
            "invalid": "This is not a whole email address. Write it like name@shop.example.",
        },
    )
    name = forms.CharField(max_length=120, required=False)
    subject = forms.CharField(
        max_length=250, error_messages={"required": "Write in a few words what the call was about."}
    )
    text = forms.CharField(
        max_length=settings.TEXT_MOST_CHARACTERS,
        error_messages={"required": "Write what was said: the policy rules by it."},
    )
    token = forms.CharField(max_length=64, required=False)


class PolicyForm(forms.Form):
    """A policy, pasted or uploaded; an upload stands in for the pasted text."""

    text = forms.CharField(required=False, strip=False, max_length=1_000_000)
    file = forms.FileField(required=False, max_length=250)
    sayings = forms.CharField(required=False, strip=False, max_length=1_000_000)
    from_ = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if upload := cleaned.get("file"):
            try:
                cleaned["text"] = upload.read().decode()
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    "The file is not UTF-8 text. Save it as UTF-8, then upload it again."
                ) from None
        cleaned["text"] = cleaned.get("text", "").replace("\r\n", "\n")
        cleaned["sayings"] = cleaned.get("sayings", "").replace("\r\n", "\n")
        if not cleaned["text"].strip():
            raise forms.ValidationError("Paste the policy, or choose its file.")
        return cleaned
