"""What a document means: groups, exceptions, defeat, limits, outcomes as conditions."""

from __future__ import annotations

import pytest

from evenhand.policy import Policy, Undecided, UnknownWord, check, compile_policy

from .cast import clause, part, policy_of

EVERYTHING = "always\nwe help to support; reply answer"


def compiled(*clauses: str, more: str = "") -> Policy:
    # The document has only one of the two parts of its precedence, so that line goes.
    return compile_policy(policy_of(part(*clauses), more=more).replace("Conduct > ", ""))


def test_an_exception_excepts_from_every_line_of_its_parent() -> None:
    policy = compiled(
        clause(
            "1",
            "when topic: ssl\nwe help; reply answer\nwhen topic: dns, theme-code, theme-fault\nwe decline",
        ),
        clause("1.1", "when plan: advanced\nwe quote"),
    )
    for topic in policy.topics:
        assert policy.decide({"topic": topic, "plan": "advanced"}).act == "quote"


def test_an_exceptions_threshold_stays_its_own() -> None:
    policy = compiled(
        clause("1", EVERYTHING),
        clause("2", "when contacts: 5 or more\nwe decline\nover 1"),
        clause("2.1", "when contacts: 9 or more\nwe quote"),
    )
    acts = [policy.decide({"topic": "ssl", "contacts": str(contacts)}).act for contacts in (4, 5, 8, 9)]
    assert acts == ["help", "decline", "decline", "quote"]


def test_an_exception_is_never_wider_than_its_parent() -> None:
    policy = compiled(
        clause("1", EVERYTHING),
        clause("2", "when topic: ssl\nwe decline\nover 1"),
        clause("2.1", "when plan: advanced\nwe quote"),
    )
    assert policy.decide({"topic": "dns", "plan": "advanced"}).act == "help"


def test_an_exception_about_speed_leaves_the_outcome_and_other_targets_alone() -> None:
    policy = compiled(
        clause(
            "1", f"{EVERYTHING}\nwe set first reply 8 business hours; calendar office\nwe set closing 10 days"
        ),
        clause("1.1", "when plan: advanced\nwe set first reply 1 hour"),
    )
    decision = policy.decide({"topic": "ssl", "plan": "advanced"})
    assert (decision.act, decision.targets["first reply"], decision.targets["closing"]) == (
        "help",
        "1 hour",
        "10 days",
    )
    assert "first reply" not in decision.calendars


def test_an_exception_to_an_exception_does_not_revive_the_grandparent() -> None:
    policy = compiled(
        clause("1", EVERYTHING),
        clause("1.1", "when theme: changed\nwe decline"),
        clause("1.1.1", "when plan: advanced\nwe quote"),
    )
    decision = policy.decide({"topic": "ssl", "theme": "changed", "plan": "advanced"})
    assert (decision.act, decision.clauses, decision.gave_way) == ("quote", ("1.1.1",), ("1", "1.1"))


def test_a_defeated_clause_still_defeats() -> None:
    policy = compiled(
        clause("1", EVERYTHING),
        clause("2", "when topic: ssl\nwe decline\nover 1"),
        clause("3", "when plan: advanced; topic: ssl\nwe quote\nover 2"),
    )
    decision = policy.decide({"topic": "ssl", "plan": "advanced"})
    assert (decision.clauses, decision.gave_way) == (("3",), ("1", "2"))


def test_equal_decisions_are_both_cited_and_their_pointers_joined() -> None:
    policy = compiled(
        clause("1", "always\nwe help; reply answer; pointers articles"),
        clause("2", "when topic: ssl\nwe help; reply answer; pointers sales"),
    )
    decision = policy.decide({"topic": "ssl"})
    assert (decision.clauses, decision.pointers) == (("1", "2"), ("articles", "sales"))


def test_precedence_orders_the_outcome_and_nothing_else() -> None:
    conduct = part(clause("8", "when plan: basic\nwe refuse\nwe set priority low"), title="Conduct")
    helps = part(clause("1", EVERYTHING), clause("2", "when plan: basic\nwe set priority low"))
    decision = compile_policy(policy_of(helps + conduct)).decide({"topic": "ssl", "plan": "basic"})
    assert (decision.act, decision.gave_way) == ("refuse", ("1",))
    assert decision.because["priority"] == ("2", "8")


def test_giving_way_exempts_a_pair_from_precedence() -> None:
    conduct = part(clause("8", "when plan: basic\nwe refuse\ngives way to 2"), title="Conduct")
    helps = part(clause("1", EVERYTHING), clause("2", "when topic: ssl\nwe close\nover 1"))
    policy = compile_policy(policy_of(helps + conduct))
    assert policy.decide({"topic": "ssl", "plan": "basic"}).act == "close"
    assert policy.decide({"topic": "dns", "plan": "basic"}).act == "refuse"


def test_a_family_stands_for_its_topics() -> None:
    policy = compiled(clause("1", EVERYTHING), clause("2", "when topic: any of themes\nwe decline\nover 1"))
    assert [policy.decide({"topic": topic}).act for topic in ("ssl", "theme-code")] == ["help", "decline"]


def test_dates_are_cut_where_the_rules_say() -> None:
    policy = compiled(
        clause("1", EVERYTHING), clause("2", "when bought: before 2025-06-01\nwe decline\nover 1")
    )
    acts = [policy.decide({"topic": "ssl", "bought": day}).act for day in ("2025-05-31", "2025-06-01")]
    assert acts == ["decline", "help"]


def test_cut_points_belong_to_their_own_fact() -> None:
    policy = compiled(clause("1", EVERYTHING), clause("2", "when contacts: 7 or more\nwe decline\nover 1"))
    grid = policy.compiled.rules.grid
    cells = {one.fact.name: len(one) for one in grid.cells}
    assert (cells["contacts"], cells["bought"]) == (2, 1)


def test_or_higher_follows_the_declared_order() -> None:
    body = part(clause("1", EVERYTHING), clause("2", "when plan: standard or higher\nwe quote\nover 1"))
    text = policy_of(body).replace("Conduct > ", "")
    turned = text.replace("plan: basic < standard < advanced", "plan: advanced < standard < basic")
    assert compile_policy(text).decide({"topic": "ssl", "plan": "advanced"}).act == "quote"
    assert compile_policy(turned).decide({"topic": "ssl", "plan": "advanced"}).act == "help"


def test_a_value_that_begins_with_not_is_a_value() -> None:
    schedules = "```facts\ncause: not known, ours\n  taken as not known\n```\n"
    policy = compiled(
        clause("1", EVERYTHING), clause("2", "when cause: not known\nwe ask\nover 1"), more=schedules
    )
    assert policy.decide({"topic": "ssl"}).act == "ask"
    assert policy.decide({"topic": "ssl", "cause": "ours"}).act == "help"


def test_a_group_after_the_outcome_may_turn_on_it() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nwe set first reply 8 business hours"),
        clause("2", "when topic: dns\nwe quote; reply quote-design\nover 1"),
        clause("3", "when outcome: quote\nwe set first reply 1 hour\nover 1"),
    )
    assert policy.decide({"topic": "dns"}).targets["first reply"] == "1 hour"
    assert policy.decide({"topic": "ssl"}).targets["first reply"] == "8 business hours"


def test_limits_bind_where_their_clause_may_hold_even_when_defeated() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nagent may not: open the admin"),
        clause("1.1", "when theme: changed\nwe decline"),
        clause(
            "2",
            "when plan: advanced; topic: ssl\nwe help; reply answer\nover 1\nagent may not: write code",
        ),
    )
    decision = policy.decide({"topic": "dns", "theme": "changed", "plan": "advanced"})
    assert [limit.text for limit in decision.limits] == ["open the admin"]


def test_a_limit_is_lifted_only_where_its_exception_certainly_holds() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nagent may not: open the admin"),
        clause("1.1", "when theme: fresh\nagent may: open the admin"),
    )
    bound = [
        policy.decide({"topic": "ssl", "theme": theme}).limits for theme in ("fresh", "changed", "unknown")
    ]
    assert [len(limits) for limits in bound] == [0, 1, 1]


def test_a_target_takes_the_earliest_among_the_cases_that_remain() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nwe set first reply 8 business hours"),
        clause("1.1", "when theme: fresh\nwe set first reply 1 hour"),
    )
    assert policy.decide({"topic": "ssl"}).targets["first reply"] == "1 hour"


def test_charges_and_credits_are_groups_of_their_own() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nwe no charge"),
        clause(
            "2", "when theme: changed\nwe charge theme work; from opening; decide when works is known\nover 1"
        ),
        clause("3", "when contacts: 3 or more\nwe credit 5 percent of the month's fee"),
    )
    decision = policy.decide({"topic": "ssl", "theme": "changed", "contacts": "4"})
    assert decision.act == "help"
    assert decision.charge is not None
    assert (decision.charge.service, decision.charge.again_when) == ("theme work", "works")
    assert decision.credit == "5 percent of the month's fee"


def test_an_unknown_fact_that_changes_the_charge_leaves_it_unsettled() -> None:
    policy = compiled(
        clause("1", f"{EVERYTHING}\nwe no charge"),
        clause("2", "when theme: changed\nwe charge theme work\nover 1"),
    )
    assert policy.decide({"topic": "ssl"}).unsettled == ("charge",)
    verdict = policy.rule({"ssl": 1.0}, {})
    assert verdict.kind == "person"


def test_a_presumed_fact_is_taken_and_an_unknown_one_is_not() -> None:
    policy = compiled(clause("1", EVERYTHING), clause("2", "when plan: basic\nwe decline\nover 1"))
    assert policy.decide({"topic": "ssl"}).act == "decline"
    with pytest.raises(Undecided) as told:
        policy.decide({"topic": "ssl", "plan": "unknown"})
    assert (told.value.facts, set(told.value.outcomes)) == (("plan",), {"answer", "decline"})


def test_a_misspelt_value_is_refused_with_the_nearest_one() -> None:
    policy = compiled(clause("1", EVERYTHING))
    with pytest.raises(UnknownWord, match="Did you mean “advanced”"):
        policy.decide({"topic": "ssl", "plan": "advancd"})
    with pytest.raises(UnknownWord, match="from 0 to 50"):
        policy.decide({"topic": "ssl", "contacts": "51"})


def test_facts_that_the_policy_does_not_declare_are_left_alone() -> None:
    policy = compiled(clause("1", EVERYTHING))
    assert policy.decide({"topic": "ssl", "weather": "fine"}).act == "help"


def test_cases_that_never_occur_are_no_case() -> None:
    never = "```never\ntopic: theme-fault; works: yes\n```\n"
    policy = compiled(
        clause("1", EVERYTHING),
        clause("2", "when topic: theme-fault; works: no\nwe decline\nover 1"),
        more=never,
    )
    assert policy.decide({"topic": "theme-fault"}).act == "decline"
    with pytest.raises(Undecided, match="contradict"):
        policy.decide({"topic": "theme-fault", "works": "yes"})


def test_the_cases_of_a_clause_are_cited_by_letter() -> None:
    policy = compiled(
        clause("1", "when topic: ssl, dns\nwe help; reply answer\nwhen topic: any of themes\nwe decline")
    )
    assert policy.decide({"topic": "dns"}).clauses == ("1(a)",)
    assert policy.decide({"topic": "theme-code"}).clauses == ("1(b)",)


def test_decisions_are_shared_and_frozen() -> None:
    policy = compiled(clause("1", f"{EVERYTHING}\nwe set priority low"))
    first, again = policy.decide({"topic": "ssl"}), policy.decide({"topic": "dns", "plan": "advanced"})
    assert first is again
    with pytest.raises(TypeError):
        first.targets["priority"] = "urgent"  # type: ignore[index]


def test_an_exception_that_no_line_of_its_parent_covers_is_told_value_by_value() -> None:
    parent = clause(
        "2", "when topic: ssl; plan: basic\nwe decline\nwhen topic: dns; plan: advanced\nwe decline\nover 1"
    )
    child = clause("2.1", "when topic: ssl, dns; plan: advanced; theme: fresh\nwe quote")
    (finding,) = check(policy_of(part(clause("1", EVERYTHING), parent, child)).replace("Conduct > ", ""))
    assert (finding.code, finding.witness) == ("partly outside", "topic: ssl")


def test_the_desks_lengths_of_silence_hold_in_every_case() -> None:
    desk = "```desk\ncloses after: 10 days of silence\nreopens within: 30 days\n```\n"
    decision = compiled(clause("1", EVERYTHING), more=desk).decide({"topic": "ssl"})
    assert decision.targets == {"closing": "10 days of silence", "reopening": "30 days"}
    assert set(decision.strengths.values()) == {"set"}
    assert decision.because["closing"] == ("the desk",)
