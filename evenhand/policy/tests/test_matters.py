"""Several matters in one message: decided each, asked once (rule 26)."""

from __future__ import annotations

import pytest

from evenhand.policy import FactValue, Policy, UnknownWord, Verdict, compile_policy

from .cast import clause, part, policy_of
from .test_ruling import DESK

HELP = clause("1", "when topic: ssl, dns\nwe help to support; reply answer")
CODE = clause("2", "when topic: theme-code\nwe decline; reply decline-design")
FRESH = clause("2.1", "when theme: fresh\nwe help to support; reply answer")
FAULT = clause("3", "when topic: theme-fault; theme: fresh\nwe help to support; reply answer")
CHANGED = clause("4", "when topic: theme-fault; theme: changed\nwe quote to sales; reply quote-design")
BROKEN = clause("4.1", "when works: no\nwe help to support; reply answer")

SSL = {"ssl": 1.0}
CODED, FAULTY = {"theme-code": 1.0}, {"theme-fault": 1.0}
TORN = {"ssl": 0.5, "theme-code": 0.45}


@pytest.fixture(scope="module")
def policy() -> Policy:
    body = part(HELP, CODE, FRESH, FAULT, CHANGED, BROKEN)
    return compile_policy(policy_of(body, more=DESK).replace("Conduct > ", ""))


def given(**facts: str) -> dict[str, FactValue]:
    return {name: FactValue.given(value) for name, value in facts.items()}


def ruled(policy: Policy, *matters: dict[str, float], asked: int = 0, **facts: str) -> tuple[Verdict, ...]:
    return policy.rule_matters([(topics, given(**facts)) for topics in matters], asked=asked)


def test_what_is_settled_is_answered_at_once_beside_what_is_asked(policy: Policy) -> None:
    assert [verdict.kind for verdict in ruled(policy, SSL, CODED)] == ["alone", "ask"]


def test_one_question_serves_every_matter_that_turns_on_it(policy: Policy) -> None:
    first, second = ruled(policy, CODED, FAULTY, works="yes")
    assert (first.kind, second.kind) == ("ask", "ask")
    assert first.question == second.question
    assert first.question
    assert first.question.settles == pytest.approx(1.0)


def test_the_question_is_the_one_with_the_greatest_mean_settle(policy: Policy) -> None:
    coded, faulty = ruled(policy, CODED, FAULTY)
    assert coded.question is not None
    # “works” settles nothing of the first matter; “theme” all of it, and half of the second: three quarters.
    assert (coded.question.fact, coded.question.settles) == ("theme", pytest.approx(0.75))
    assert faulty.question == coded.question


def test_a_matter_that_the_question_does_not_serve_goes_to_a_person(policy: Policy) -> None:
    works = given(works="yes")
    matters = [(TORN, given(theme="changed")), (CODED, works), (FAULTY, works)]
    torn, coded, faulty = policy.rule_matters(matters)
    assert [torn.kind, coded.kind, faulty.kind] == ["person", "ask", "ask"]
    assert torn.nearest is not None
    assert torn.nearest.fact == "topic"
    assert "another matter" in torn.why


def test_a_question_that_settles_too_little_of_the_message_is_not_asked(policy: Policy) -> None:
    verdicts = ruled(policy, TORN, TORN, works="yes", theme="fresh")
    strict = compile_policy(policy.text.replace("at least: 0.5", "at least: 0.6"))
    assert [verdict.kind for verdict in verdicts] == ["alone", "alone"]
    assert [verdict.kind for verdict in ruled(strict, TORN, TORN, theme="changed")] == ["person", "person"]


def test_once_the_questions_are_spent_every_open_matter_goes_to_a_person(policy: Policy) -> None:
    verdicts = ruled(policy, SSL, CODED, FAULTY, asked=1, works="yes")
    assert [verdict.kind for verdict in verdicts] == ["alone", "person", "person"]
    assert all(verdict.nearest is not None for verdict in verdicts[1:])
    assert "spent" in verdicts[1].why


def test_a_known_fact_of_one_matter_leaves_the_question_to_the_other(policy: Policy) -> None:
    known, unknown = policy.rule_matters([(CODED, given(theme="fresh")), (CODED, {})])
    assert (known.kind, unknown.kind) == ("alone", "ask")


def test_one_matter_is_ruled_as_by_itself(policy: Policy) -> None:
    for topics in (SSL, CODED, FAULTY, TORN):
        assert ruled(policy, topics) == (policy.rule(topics, {}),)


def test_answers_that_any_of_the_matters_leaves_possible_are_offered(policy: Policy) -> None:
    never = "```never\ntopic: theme-code; theme: changed; works: yes\n```\n"
    strict = compile_policy(policy.text + never)
    first, second = ruled(strict, CODED, FAULTY, works="yes")
    assert first.kind == "alone"
    assert second.question
    assert second.question.answers == ("fresh", "changed")


def test_matters_are_held_to_the_declared_words(policy: Policy) -> None:
    with pytest.raises(UnknownWord, match="Did you mean “ssl”"):
        policy.rule_matters([(SSL, {}), ({"sl": 1.0}, {})])


def test_equal_masses_come_out_alike_in_whatever_order_they_are_given(policy: Policy) -> None:
    one = policy.rule({"theme-code": 0.45, "ssl": 0.45}, given(theme="changed"))
    other = policy.rule({"ssl": 0.45, "theme-code": 0.45}, given(theme="changed"))
    assert one == other
    assert one.candidates[0][0] == "ssl"
