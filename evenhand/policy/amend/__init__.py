"""Amendments: a policy that is another one with instructions carried out (specification, section C).

    header ── bases ──▶ the base's lines ── instructions ──▶ the whole text, each line with its place

`consolidate.py` walks this road; everything else of the language only ever sees the whole text.
"""

from __future__ import annotations

from .consolidate import Bases, BaseText, Whole, companion_of, is_amendment, whole
from .files import bases_beside, read_pair

__all__ = ["BaseText", "Bases", "Whole", "bases_beside", "companion_of", "is_amendment", "read_pair", "whole"]
