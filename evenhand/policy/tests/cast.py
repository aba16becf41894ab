"""A small invented shop platform, Larkspur, of which the tests write policies."""

from __future__ import annotations

HEADER = """---
policy: Larkspur support policy
version: 1
precedence: Conduct > What we help with
---
"""

SCHEDULES = """
# Schedules
```facts
plan: basic < standard < advanced
  known from the account; taken as basic
theme: fresh, changed
  known from the store
  ask: Is your theme as it was installed?
works: yes, no
  known from the message
  ask: Does something not work?
contacts: number 0 to 50
  known from the record; taken as 0
bought: date 2015-01-01 to 2035-12-31
  known from the account; taken as 2024-01-01
```
```topics
family hosting:
ssl: certificates
  "my padlock is gone"
dns: names
family themes:
theme-code: changing theme code
theme-fault: a fresh theme misbehaves
```
```departments
support: first-line agents
sales: Sales
```
```places
articles: the help centre
sales: talk to sales
```
```services
theme work: theme work; by the hour
```
```replies
answer: {answer}
decline-design: Not by us. {articles} {theme work}
quote-design: {service} A quote comes by {due}.
```
```calendar
office: Monday to Friday 08:00 to 18:00 America/Chicago
  closed 2027-01-01
```
"""


def policy_of(body: str, *, schedules: str = SCHEDULES, more: str = "") -> str:
    """A whole document around the clauses of one test."""
    return f"{HEADER}{body.strip()}\n{schedules}{more}"


def clause(number: str, rule: str, *, prose: str = "Said in plain words.") -> str:
    """One clause with a rule, under as many number signs as its number asks for."""
    return (
        f"{'#' * (number.count('.') + 2)} {number} Clause {number}\n{prose}\n```rule\n{rule.strip()}\n```\n"
    )


def part(*clauses: str, title: str = "What we help with") -> str:
    return f"# {title}\n" + "".join(clauses)
