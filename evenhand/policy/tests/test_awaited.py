"""Facts that arrive late: awaited only where a clause names them and the matter turns on them (rule 28)."""

from __future__ import annotations

from evenhand.policy import FactValue, Policy, compile_policy

from .cast import clause, part, policy_of

CAUSE = "```facts\ncause: not known, ours, theirs\n  taken as not known\n```\n"
HELP = clause("1", "always\nwe help to support; reply answer\nwe no charge")
PAID = "when topic: dns; cause: theirs\nwe charge theme work{again}\nover 1"


def policy(again: str = "; decide when cause is known") -> Policy:
    body = part(HELP, clause("2", PAID.format(again=again)))
    return compile_policy(policy_of(body, more=CAUSE).replace("Conduct > ", ""))


def test_a_matter_that_turns_on_it_awaits_the_fact() -> None:
    assert policy().awaits({"dns": 1.0}, {}) == ("cause",)
    assert policy().awaits({"ssl": 1.0}, {}) == ()


def test_a_fact_once_given_may_be_given_again() -> None:
    assert policy().awaits({"dns": 1.0}, {"cause": FactValue.given("ours")}) == ("cause",)


def test_what_no_clause_names_is_not_awaited() -> None:
    assert policy(again="").awaits({"dns": 1.0}, {}) == ()
