"""A policy small enough to read in a test."""

from __future__ import annotations

TEXT = """---
policy: Small policy
version: {label}
effective: 2026-01-01 to open
---
# What we do
## 1 Help
We help with everything, and {answers} hours is what we aim for.
```rule
always
we help to support; reply answer
we aim for first reply {answers} business hours; calendar office
```
# Schedules
```facts
plan: basic, pro
```
```topics
bug-report: the software does something wrong
billing: asks about an invoice or a payment
```
```departments
support: our support team
```
```calendar
office: Monday to Friday 08:00 to 18:00 America/Chicago
```
```replies
answer: {{answer}}
```
```desk
acts alone from: 0.8
```
"""


def policy(label: str = "one", *, answers: int = 8) -> str:
    """A document that passes its check; another `label` or number of hours makes another document."""
    return TEXT.format(label=label, answers=answers)
