"""Findings: what is wrong with a domain, what it means for the shop, the fix, and who must carry it out.

The words of each code stand in `codes/CODE.md`, one page per code, which is also its documentation:

    # Title
    severity: error · warning · note
    who: customer · registrar · mail provider · platform

    ## What it means
    …one paragraph; {slots} are filled from the finding's facts…

    ## How to mend it
    …
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
WHO = ("customer", "registrar", "mail provider", "platform")


@dataclass(frozen=True, kw_only=True)
class Code:
    """One kind of finding, as its page tells it. `means` and `fix` are Markdown with {slots}."""

    name: str
    title: str
    severity: Severity
    who: str
    means: str
    fix: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to mend. `subject` is the name it is about; `evidence` what was seen, one line each.

    `fix` is the exact step or record; `record` the record alone, ready to copy, where there is one.
    """

    code: str
    severity: Severity
    subject: str
    title: str
    means: str
    fix: str
    who: str
    evidence: tuple[str, ...] = ()
    record: str | None = None


@dataclass
class Findings:
    """Gathers findings; one for each code and subject."""

    gathered: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        subject: str,
        *,
        evidence: tuple[str, ...] | list[str] = (),
        record: str | None = None,
        **facts: object,
    ) -> None:
        """A finding of this code; the slots of its page are filled from `facts`, `{subject}` by itself."""
        if any(one.code == code and one.subject == subject for one in self.gathered):
            return
        page = code_named(code)
        slots = {
            "subject": subject,
            "record": record or "",
            **{name: str(value) for name, value in facts.items()},
        }
        self.gathered.append(
            Finding(
                code=code,
                severity=page.severity,
                subject=subject,
                title=_filled(page.title, slots),
                means=_filled(page.means, slots),
                fix=_filled(page.fix, slots),
                who=page.who,
                evidence=tuple(evidence),
                record=record,
            )
        )

    def in_order(self) -> tuple[Finding, ...]:
        """The gravest first, else in the order found."""
        return tuple(sorted(self.gathered, key=lambda one: SEVERITIES.index(one.severity)))


@cache
def codes() -> Mapping[str, Code]:
    """Every code there is, by name."""
    folder = files("evenhand.hosting") / "codes"
    pages = sorted(
        (page for page in folder.iterdir() if page.name.endswith(".md")), key=lambda page: page.name
    )
    return {code.name: code for code in (_read(page.name[:-3], page.read_text("utf-8")) for page in pages)}


def code_named(name: str) -> Code:
    """The code of this name. KeyError: it has no page, so it may not be used."""
    return codes()[name]


def _read(name: str, text: str) -> Code:
    head, _, rest = text.partition("\n## What it means\n")
    means, _, fix = rest.partition("\n## How to mend it\n")
    title = head.partition("\n")[0].removeprefix("# ").strip()
    said = dict(re.findall(r"^(severity|who): (.+)$", head, re.MULTILINE))
    severity = said["severity"].strip()
    if severity not in SEVERITIES or said["who"].strip() not in WHO or not means.strip() or not fix.strip():
        raise ValueError(f"The page of {name} lacks its severity, who, meaning or fix.")
    return Code(
        name=name,
        title=title,
        severity=severity,
        who=said["who"].strip(),
        means=means.strip(),
        fix=fix.strip(),
    )


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """The words with their slots filled; a slot without a fact is a fault of ours and raises KeyError."""
    return re.sub(r"\{(\w+)\}", lambda match: slots[match[1]], text)
