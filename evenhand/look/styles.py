"""The style sheet: one file per component, joined once and set into each page: one request to first paint."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "styles"
FIRST = ("tokens.css", "base.css", "layout.css")  # tokens.css declares the order of the layers
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


@cache
def style_sheet() -> Markup:
    """All styles, without comments and line breaks; layers make the order of component files indifferent."""
    rest = sorted(file.name for file in FOLDER.glob("*.css") if file.name not in FIRST)
    text = "\n".join((FOLDER / name).read_text() for name in (*FIRST, *rest))
    return Markup(_SPACE.sub(" ", _COMMENT.sub("", text)).strip())  # noqa: S704 — our own files
