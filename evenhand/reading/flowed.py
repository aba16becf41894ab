"""`format=flowed` (RFC 3676): lines that end in a space go on in the next one."""

from __future__ import annotations

import re

_QUOTES = re.compile(r">*")


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join flowed lines to paragraphs; quote depth and the signature line `-- ` stay as they are.

    >>> unflow("one \\ntwo\\n\\n> a \\n> b\\n-- \\nme")
    'one two\\n\\n> a b\\n-- \\nme'
    """
    out: list[str] = []
    open_depth = -1  # quote depth of the paragraph that still flows; -1 where none does
    for line in text.split("\n"):
        found = _QUOTES.match(line)
        depth = found.end() if found else 0
        words = line[depth:].removeprefix(" ")  # a space is stuffed before lines that need one
        flows = words.endswith(" ") and words != "-- "
        kept = words[:-1] if flows and delete_space else words
        if depth == open_depth and words != "-- ":
            out[-1] += kept
        else:
            out.append(">" * depth + (" " if depth else "") + kept)
        open_depth = depth if flows else -1
    return "\n".join(out)
