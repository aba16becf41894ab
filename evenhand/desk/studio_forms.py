"""What a lead sends from the Studio. Whether a text can be kept is the draft's to say, in its own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

MOST_TRIED = 20_000  # characters of a request that is tried: a long mail
WHOLE = 2**31 - 1


class WholeText(forms.CharField):
    """A text as it was typed: nothing stripped, line ends made alike."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, required=False, **options)
        # The draft refuses a NUL itself, and says what to do about it.
        kept = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]
        self.validators = kept

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class BeginForm(forms.Form):
    """How a draft begins: from a version, from a file, or empty."""

    title = forms.CharField(
        max_length=200,
        error_messages={"required": "Give the draft a name, such as what it is to change."},
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=WHOLE)
    file = forms.FileField(required=False, max_length=250)
    sayings_file = forms.FileField(required=False, max_length=250)

    def clean_file(self) -> str | None:
        return _text_of(self.cleaned_data.get("file"))

    def clean_sayings_file(self) -> str | None:
        return _text_of(self.cleaned_data.get("sayings_file"))


class KeepForm(forms.Form):
    """A draft as it was typed on revision `based_on`. `sayings` None: they were not sent."""

    text = WholeText()
    sayings = WholeText()
    based_on = forms.IntegerField(min_value=1, max_value=WHOLE)

    def clean_sayings(self) -> str | None:
        return self.cleaned_data["sayings"] if "sayings" in self.data else None


class CheckForm(forms.Form):
    text = WholeText()
    sayings = WholeText()

    def clean_sayings(self) -> str | None:
        return self.cleaned_data["sayings"] if "sayings" in self.data else None


class NumberForm(forms.Form):
    """A revision that somebody looked at."""

    number = forms.IntegerField(min_value=1, max_value=WHOLE)


class PublishForm(NumberForm):
    from_ = forms.DateField(
        required=False, error_messages={"invalid": "Give the day as year-month-day, such as 2027-01-31."}
    )
    seen = forms.BooleanField(
        error_messages={"required": "Say that you have read what changes, then publish."}
    )


class RemarkForm(NumberForm):
    line = forms.IntegerField(
        min_value=1, max_value=WHOLE, error_messages={"required": "Say which line you speak of."}
    )
    text = forms.CharField(max_length=4_000, error_messages={"required": "Write what should be looked at."})


class TryForm(forms.Form):
    """A request to try, and facts as `fact:NAME` fields."""

    request_text = forms.CharField(
        max_length=MOST_TRIED,
        error_messages={
            "required": "Write what a customer might say.",
            "max_length": f"A request of at most {MOST_TRIED:,} characters can be tried.",
        },
    )

    @property
    def facts(self) -> dict[str, str]:
        """The facts that were filled in, by name."""
        given = (
            (name.removeprefix("fact:"), value) for name, value in self.data.items() if name[:5] == "fact:"
        )
        return {name[:200]: str(value).strip()[:200] for name, value in given if str(value).strip()}


def _text_of(upload: Any) -> str | None:
    if not upload:
        return None
    try:
        text: str = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(
            "The file is not UTF-8 text. Save it as UTF-8, then choose it again."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
