"""The Jinja environment of every page: the words, times and figures that all doors share."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from evenhand.look import words
from evenhand.look.styles import style_sheet


def environment(**options: Any) -> Environment:
    ours = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**{**options, **ours})  # noqa: S701 - Django sets autoescape
    made.globals.update(
        url=reverse_by_name,
        static=static,
        style_sheet=style_sheet,
        get_messages=get_messages,
        outcome_kind=words.outcome_kind,
        outcome_word=words.outcome_word,
        outcome_sentence=words.outcome_sentence,
    )
    made.filters.update(
        clock=words.clock,
        exact=words.exact,
        day=words.day,
        due=words.due,
        due_tone=words.due_tone,
        bytes=words.size,
        paragraphs=words.paragraphs,
        redactions=words.redactions,
    )
    return made


@lru_cache(maxsize=4096)
def reverse_by_name(name: str, *args: Any, **kwargs: Any) -> str:
    """Remembered: a list of fifty asks for the same addresses again and again."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
