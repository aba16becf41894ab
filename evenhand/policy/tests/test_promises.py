"""Promises withdrawn: the examples of the version in force, held against a draft (rule 33)."""

from __future__ import annotations

from evenhand.policy import Policy, WithdrawnPromise, compile_policy, promises_withdrawn

from .cast import SCHEDULES, clause, part, policy_of

BASE = "always\nwe help to support; reply answer\nexample: topic: dns => answer by 1"
CODE = "when topic: theme-code\nwe decline; reply decline-design\nover 1"
EXAMPLE = "example: topic: theme-code; plan: basic => decline-design by 2 instead of 1"
ASKS = "example: topic: theme-fault; works: no => ask theme"
FAULT = "when topic: theme-fault; works: no; theme: changed\nwe decline; reply decline-design\nover 1"


def policy(*clauses: str, schedules: str = SCHEDULES) -> Policy:
    return compile_policy(policy_of(part(*clauses), schedules=schedules).replace("Conduct > ", ""))


OLD = policy(clause("1", BASE), clause("2", f"{CODE}\n{EXAMPLE}"), clause("3", f"{FAULT}\n{ASKS}"))


def withdrawn(*clauses: str, schedules: str = SCHEDULES) -> list[tuple[str, str, str]]:
    found = promises_withdrawn(OLD, policy(*clauses, schedules=schedules))
    return [(promise.clause, promise.kind, promise.now) for promise in found]


def test_a_version_withdraws_nothing_of_itself() -> None:
    assert promises_withdrawn(OLD, OLD) == ()


def test_an_example_that_comes_out_otherwise_is_broken() -> None:
    quoted = CODE.replace("we decline; reply decline-design", "we quote; reply quote-design")
    assert withdrawn(clause("1", BASE), clause("2", quoted), clause("3", f"{FAULT}\n{ASKS}")) == [
        ("2", "broken", "In the draft it can be quote-design by 2 instead of 1.")
    ]


def test_an_example_that_the_draft_lacks_is_gone() -> None:
    (promise,) = promises_withdrawn(
        OLD, policy(clause("1", BASE), clause("2", CODE), clause("3", f"{FAULT}\n{ASKS}"))
    )
    assert promise.kind == "gone"
    assert str(promise) == (
        "Promise withdrawn: clause 2 showed “topic: theme-code; plan: basic”"
        " as decline-design by 2 instead of 1."
        " The draft comes out the same, but has no such example."
    )


def test_another_number_alone_withdraws_nothing() -> None:
    moved = f"{CODE}\n{EXAMPLE.replace('by 2', 'by 9')}"
    assert withdrawn(clause("1", BASE), clause("9", moved), clause("3", f"{FAULT}\n{ASKS}")) == []


def test_a_question_that_is_no_longer_asked_is_broken() -> None:
    always = "when topic: theme-fault; works: no\nwe decline; reply decline-design\nover 1"
    assert withdrawn(clause("1", BASE), clause("2", f"{CODE}\n{EXAMPLE}"), clause("3", always)) == [
        ("3", "broken", "In the draft it asks nothing: decline-design, alone.")
    ]


def test_a_fact_that_the_draft_no_longer_knows_breaks_nothing_by_itself() -> None:
    without = SCHEDULES.replace(
        "plan: basic < standard < advanced\n  known from the account; taken as basic\n", ""
    )
    kept = f"{CODE}\n{EXAMPLE.replace('; plan: basic', '')}"
    found = withdrawn(
        clause("1", BASE), clause("2", kept), clause("3", f"{FAULT}\n{ASKS}"), schedules=without
    )
    assert found == [("2", "gone", "The draft comes out the same, but has no such example.")]


def test_words_that_the_draft_no_longer_knows_break_the_promise() -> None:
    topics = SCHEDULES.replace("dns: names\n", "")
    replies = SCHEDULES.replace("decline-design:", "not-ours:")
    base = BASE.replace("\nexample: topic: dns => answer by 1", "")
    unknown = "“dns” is not a value of topic. There are: ssl, theme-code, theme-fault."
    rest = (clause("2", f"{CODE}\n{EXAMPLE}"), clause("3", f"{FAULT}\n{ASKS}"))
    assert withdrawn(clause("1", base), *rest, schedules=topics)[0] == (
        "1",
        "broken",
        f"The draft has no such value: {unknown}",
    )
    renamed = [one.replace("decline-design", "not-ours") for one in rest]
    (first,) = withdrawn(clause("1", BASE), *renamed, schedules=replies)
    assert first[1:] == ("broken", "The draft does not know it: There is no reply “decline-design”.")


def test_whatever_the_facts_is_said_of_an_example_without_facts() -> None:
    promise = WithdrawnPromise(clause="1", line=1, given="", expected="help", kind="gone", now="x")
    assert "showed whatever the facts as help" in str(promise)
