"""Section D: several topics, unknown facts, thresholds, and the one question."""

from __future__ import annotations

import pytest

from evenhand.policy import FactValue, Policy, UnknownWord, compile_policy

from .cast import clause, part, policy_of

DESK = """```desk
acts alone from: 0.8
acts alone from when we decline: 0.95
never alone: refuse
considers topics down to: 0.05
asks at most: 1 question
asks when the answer settles at least: 0.5
otherwise: a person
```
"""
HELP = clause(
    "1", "when topic: ssl, dns\nwe help to support; reply answer\nwe set first reply 8 business hours"
)
THEMES = clause("2", "when topic: any of themes\nwe decline; reply decline-design\nwe set first reply 1 hour")
FRESH_RULE = "when theme: fresh; works: no\nwe help to support; reply answer"
FRESH = clause("2.1", FRESH_RULE)
NEVER = "```never\ntopic: theme-fault; works: yes\n```\n"


def larkspur(*clauses: str, more: str = "") -> Policy:
    return compile_policy(policy_of(part(*clauses), more=DESK + more).replace("Conduct > ", ""))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return larkspur(HELP, THEMES, FRESH, more=NEVER)


def given(**facts: str) -> dict[str, FactValue]:
    return {name: FactValue.given(value) for name, value in facts.items()}


def test_topics_that_decide_alike_add_up(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.5, "dns": 0.4}, {})
    assert (verdict.kind, verdict.topic) == ("alone", "ssl")
    assert verdict.belief == pytest.approx(0.9)


def test_what_is_unlikely_counts_as_something_else(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.82, "theme-code": 0.04}, {})
    assert verdict.candidates == (("ssl", 0.82),)


def test_declining_asks_for_more_certainty(policy: Policy) -> None:
    kinds = [policy.rule({"theme-code": mass}, given(works="yes")).kind for mass in (0.9, 0.95)]
    assert kinds[1] == "alone"
    assert kinds[0] != "alone"


def test_an_unknown_fact_is_asked_for_where_it_settles_the_outcome(policy: Policy) -> None:
    verdict = policy.rule({"theme-code": 1.0}, given(works="no"))
    assert verdict.kind == "ask"
    assert verdict.question is not None
    assert (verdict.question.fact, verdict.question.answers) == ("theme", ("fresh", "changed"))
    assert (verdict.belief, verdict.plausibility) == (0.0, 1.0)


def test_an_answer_becomes_a_fact_and_settles_it(policy: Policy) -> None:
    verdict = policy.rule({"theme-code": 1.0}, given(works="no", theme="changed"), asked=1)
    assert (verdict.kind, verdict.decision and verdict.decision.reply) == ("alone", "decline-design")


def test_a_fact_on_which_nothing_turns_is_never_asked(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.6}, {})
    assert (verdict.kind, verdict.question) == ("person", None)


def test_once_the_questions_are_spent_a_person_decides_and_sees_the_nearest(policy: Policy) -> None:
    verdict = policy.rule({"theme-code": 1.0}, given(works="no"), asked=1)
    assert (verdict.kind, verdict.question) == ("person", None)
    assert verdict.nearest is not None
    assert verdict.nearest.fact == "theme"


def test_the_topic_is_asked_where_it_settles_most(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.5, "theme-code": 0.45}, given(works="yes"))
    assert verdict.question is not None
    assert (verdict.question.fact, verdict.question.answers) == (
        "topic",
        ("ssl", "theme-code", "something else"),
    )
    assert verdict.question.meanings[0] == (("topic", "ssl"),)
    assert verdict.question.meanings[2] == ()


def test_topics_that_all_come_out_alike_are_not_asked_about(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.4, "dns": 0.38}, {})
    assert (verdict.kind, verdict.question, verdict.nearest) == ("person", None, None)
    assert verdict.belief == pytest.approx(0.78)


def test_a_chosen_topic_stands_for_all(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.9}, given(topic="dns"))
    assert (verdict.topic, verdict.belief) == ("dns", 1.0)


def test_facts_that_exclude_a_topic_take_its_mass_away(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.6, "theme-fault": 0.3}, given(works="yes"))
    assert verdict.candidates == (("ssl", pytest.approx(0.9)),)
    assert verdict.kind == "alone"


def test_a_message_that_contradicts_the_record_goes_to_a_person(policy: Policy) -> None:
    verdict = policy.rule({"theme-fault": 0.6, "ssl": 0.3}, given(works="yes"))
    assert (verdict.kind, verdict.question) == ("person", None)
    assert "cannot both be" in verdict.why


def test_no_topic_likely_enough_goes_to_a_person(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.03}, {})
    assert (verdict.kind, verdict.decision, verdict.topic) == ("person", None, None)


def test_every_fact_is_told_with_its_status(policy: Policy) -> None:
    facts = policy.rule({"ssl": 1.0}, given(theme="fresh", works="unknown")).facts
    assert {name: fact.status for name, fact in facts.items()} == {
        "plan": "presumed",
        "theme": "known",
        "works": "unknown",
        "contacts": "presumed",
        "bought": "presumed",
    }


def test_what_is_never_done_alone_is_proposed_without_a_question() -> None:
    policy = larkspur(clause("1", "when theme: fresh\nwe refuse\nwhen theme: changed\nwe refuse"))
    verdict = policy.rule({"ssl": 1.0}, {})
    assert (verdict.kind, verdict.question) == ("propose", None)


def test_leaving_it_to_a_person_needs_only_the_general_threshold() -> None:
    policy = larkspur(clause("1", "always\nwe leave it to a person"))
    assert policy.rule({"ssl": 0.81}, {}).kind == "alone"


def test_targets_take_the_earliest_while_the_outcome_is_open(policy: Policy) -> None:
    verdict = policy.rule({"ssl": 0.5, "theme-code": 0.45}, given(works="yes"))
    assert verdict.decision is not None
    assert verdict.decision.targets["first reply"] == "1 hour"


def test_once_settled_only_the_cases_that_yield_the_outcome_count() -> None:
    fresh = f"{FRESH_RULE}\nwe set first reply 4 hours\nagent may not: touch the theme"
    policy = larkspur(
        HELP, THEMES, clause("2.1", fresh), clause("2.2", "when works: yes\nagent may not: argue")
    )
    verdict = policy.rule({"ssl": 0.85, "theme-code": 0.1}, {})
    assert verdict.decision is not None
    assert (verdict.kind, verdict.decision.targets["first reply"]) == ("alone", "4 hours")
    assert [limit.text for limit in verdict.decision.limits] == ["touch the theme"]


def test_a_joint_question_is_tried_where_no_single_one_settles_enough() -> None:
    strict = DESK.replace("at least: 0.5", "at least: 0.9")
    text = policy_of(part(HELP, THEMES, FRESH), more=strict).replace("Conduct > ", "")
    verdict = compile_policy(text).rule({"ssl": 0.5, "theme-code": 0.5}, given(works="no"))
    assert verdict.question is not None
    assert verdict.question.fact == "topic"
    assert verdict.question.answers == (
        "ssl or theme-code (theme: fresh)",
        "theme-code (theme: changed)",
        "something else",
    )


def test_misspelt_topics_and_values_are_refused(policy: Policy) -> None:
    with pytest.raises(UnknownWord, match="Did you mean “ssl”"):
        policy.rule({"sl": 1.0}, {})
    with pytest.raises(UnknownWord, match="theme"):
        policy.rule({"ssl": 1.0}, given(theme="frsh"))


def test_a_policy_without_topics_is_ruled_by_its_facts() -> None:
    text = "---\npolicy: p\nversion: 1\n---\n# One\n## 1 All\n```rule\nalways\nwe help\n```\n"
    verdict = compile_policy(text).rule({}, {})
    assert (verdict.kind, verdict.topic, verdict.candidates) == ("alone", None, ())


def test_an_explanation_says_why_and_what_would_change_it(policy: Policy) -> None:
    explanation = policy.explain({"theme-code": 1.0}, given(works="no", theme="fresh"))
    assert [reason.clause for reason in explanation.because] == ["2.1"]
    assert [(gone.clause, gone.why) for gone in explanation.gave_way] == [("2", "2.1 is an exception to it")]
    changes = [(change.fact, change.value, change.reply, change.clause) for change in explanation.changes]
    assert changes == [("theme", "changed", "decline-design", "2"), ("works", "yes", "decline-design", "2")]


def test_an_explanation_in_words_names_facts_and_their_origin(policy: Policy) -> None:
    told = str(policy.explain({"ssl": 1.0}, given(works="unknown")))
    assert "Because of 1, Clause 1 (topic: ssl, dns)." in told
    assert "plan: basic (presumed, taken as the policy says)" in told
    assert "theme: not known (it is known from the store)" in told


def test_what_gave_way_says_by_which_word_of_the_document() -> None:
    policy = larkspur(
        clause("1", "always\nwe help; reply answer"),
        clause("2", "when topic: dns\nwe decline\nover 1"),
        clause("3", "when theme: fresh\nwe close\nover 1\ngives way to 2"),
    )
    told = policy.explain({"dns": 1.0}, given(theme="fresh")).gave_way
    assert [(gone.clause, gone.why) for gone in told] == [("1", "2 is over it"), ("3", "it gives way to 2")]


def test_a_person_sees_the_joint_question_where_that_came_nearest() -> None:
    strict = DESK.replace("at least: 0.5", "at least: 0.99")
    text = policy_of(part(HELP, THEMES, FRESH), more=strict).replace("Conduct > ", "")
    verdict = compile_policy(text).rule({"ssl": 0.5, "theme-code": 0.48}, given(works="no"))
    assert (verdict.kind, verdict.nearest and verdict.nearest.settles) == ("person", pytest.approx(0.98))
