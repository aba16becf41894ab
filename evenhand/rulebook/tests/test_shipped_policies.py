"""Both shipped policies decide as the brands' published support policies say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evenhand.policy import Decision, FactValue, Policy, bases_beside, check, load, read_files
from evenhand.policy.words import MOMENT_SLOTS

ROOT = Path(__file__).resolve().parents[3]
POLICIES = ROOT / "examples" / "policies"
CASES = ROOT.parent / "shared" / "cases" / "requests.jsonl"
BOTH = ("americommerce", "sparkpay")
FEWEST_SAYINGS = 30
FEWEST_EXAMPLES = 80

CUSTOMISED = {"theme state": "customised"}
FRESH = {"theme state": "fresh"}
INTEGRATED = {"app integrated": "yes"}
NOT_INTEGRATED = {"app integrated": "no"}

# topic, further facts, then reply and clause under AmeriCommerce and under Spark Pay
RULED = [
    ("store-availability", {}, "answer", "4", "answer", "4"),
    ("email-hosting", {}, "answer", "5", "answer", "5"),
    ("domain-dns", NOT_INTEGRATED, "answer", "5", "answer", "5"),
    ("ssl", CUSTOMISED, "answer", "5", "answer", "5"),
    ("ticket-status", {}, "ticket-action", "6", "ticket-action", "6"),
    ("bug-report", CUSTOMISED, "escalate-defect", "7", "escalate-defect", "7"),
    ("store-help", {}, "answer", "8", "answer", "8"),
    ("theme-reset-or-locate", CUSTOMISED, "answer", "8", "direct-or-reset", "9A"),
    ("custom-html-css", CUSTOMISED, "decline-kb-design", "9", "decline-kb-design", "9"),
    ("custom-html-css", FRESH, "decline-kb-design", "9", "decline-kb-design", "9"),
    ("custom-html-css", FRESH | {"works as intended": "no"}, "answer", "9.1(a)", "answer", "9.1(a)"),
    ("fresh-theme-fault", FRESH, "answer", "9.1(b)", "answer", "9.1(b)"),
    ("fresh-theme-fault", CUSTOMISED, "decline-kb-design", "9", "decline-kb-design", "9"),
    ("one-on-one-training", {}, "decline-ticket-training", "10", "decline-ticket-training", "10"),
    ("accounting-account-guide", {}, "guide-in-admin", "11", "refer-accounting", "11"),
    ("accounting-billing-issue", {}, "assign-accounting", "12", "refer-accounting", "12"),
    ("third-party-integrated", INTEGRATED, "third-party-docs", "13.1", "third-party-docs", "13.1"),
    ("third-party-not-integrated", NOT_INTEGRATED, "decline-third-party", "13", "decline-third-party", "13"),
    ("third-party-integrated", NOT_INTEGRATED, "decline-third-party", "13", "decline-third-party", "13"),
    ("admin-changes-for-me", {}, "decline-self-service", "14", "decline-self-service", "14"),
    ("feature-change-request", {}, "suggestion-board", "15", "suggestion-board", "15"),
    ("release-history", {}, "release-blog", "16", "release-blog", "16"),
    ("import-export-transfer", {}, "decline-import-articles", "17", "decline-import-articles", "17"),
    ("privacy-of-secrets", {}, "cannot-see-secret", "18", "cannot-see-secret", "18"),
    ("audit-history", {}, "view-audit-history", "19", "view-audit-history", "19"),
    ("praise-thanks", {}, "thank", "20(a)", "thank", "20(a)"),
    ("spam", {}, "no-action", "20(b)", "no-action", "20(b)"),
    ("none", {}, "no-action", "20(b)", "no-action", "20(b)"),
    ("unclear", {}, "ask-details", "20(c)", "ask-details", "20(c)"),
    ("complaint-escalation", {}, "human-review", "20(d)", "human-review", "20(d)"),
    ("conduct", {}, "human-review", "20(d)", "human-review", "20(d)"),
    ("custom-development", {}, "quote-sales", "21(a)", "quote-sales", "21(a)"),
    ("web-design", {}, "quote-sales", "21(b)", "quote-sales", "21(b)"),
    ("site-implementation", {}, "quote-sales", "21(c)", "quote-sales", "21(c)"),
    ("data-restoration", {}, "quote-sales", "21(d)", "quote-sales", "21(d)"),
    ("api-help", {}, "quote-sales", "21(e)", "quote-sales", "21(e)"),
    ("seo-help", {}, "quote-sales", "22", "human-review", "22"),
    ("prospective-customer", {}, "policy-and-sales", "3", "policy-and-sales", "3"),
    ("bug-report", {"customer status": "prospect"}, "policy-and-sales", "2", "policy-and-sales", "2"),
    ("spam", {"customer status": "prospect"}, "no-action", "20(b)", "no-action", "20(b)"),
]

DEPARTMENTS = [
    ("bug-report", "development", "development"),
    ("accounting-billing-issue", "accounting", "accounting"),
    ("accounting-account-guide", "support", "accounting"),
    ("api-help", "sales", "sales"),
    ("store-help", "support", "support"),
]

AFTER_A_BREACH = [
    ("banned", "store-help", "banned", "25"),
    ("banned", "store-availability", "answer", "25.1(a)"),
    ("banned", "accounting-billing-issue", "assign-accounting", "25.1(b)"),
    ("banned", "conduct", "human-review", "25.1(c)"),
    ("managers only", "store-help", "managers-when-time-permits", "26"),
    ("managers only", "store-availability", "answer", "26.1(a)"),
    ("warned", "store-help", "answer", "8"),
]

STEPS = [
    ("good", "cursing", "warning"),
    ("good", "discriminatory", "warning"),
    ("warned", "shouting", "warning"),
    ("warned", "cursing", "temporary ban"),
    ("banned", "shopping around", "temporary ban"),
    ("banned", "discriminatory", "managers only"),
]


@cache
def policy(brand: str) -> Policy:
    return load(POLICIES / f"{brand}.md")


def decide(brand: str, topic: str, facts: dict[str, str]) -> Decision:
    """The decision on these facts; what is left out the policy presumes, or needs not."""
    return policy(brand).decide(facts | {"topic": topic})


@pytest.mark.parametrize("brand", BOTH)
def test_a_shipped_policy_has_no_findings(brand: str) -> None:
    file = POLICIES / f"{brand}.md"
    text, sayings = read_files(file)
    assert check(text, file=file.name, sayings=sayings, bases=bases_beside(file)) == ()


@pytest.mark.parametrize("brand", BOTH)
def test_a_shipped_policy_tests_itself_by_many_examples(brand: str) -> None:
    assert policy(brand).text.count("\nexample: ") >= FEWEST_EXAMPLES


@pytest.mark.parametrize("brand", BOTH)
def test_every_topic_comes_with_enough_of_what_customers_say(brand: str) -> None:
    few = {name for name, topic in policy(brand).topics.items() if len(set(topic.sayings)) < FEWEST_SAYINGS}
    assert few == set()


def test_both_brands_share_the_topics_and_what_customers_say() -> None:
    ours, theirs = policy("americommerce").topics, policy("sparkpay").topics
    assert {name: topic.sayings for name, topic in ours.items()} == {
        name: topic.sayings for name, topic in theirs.items()
    }


@pytest.mark.parametrize("brand", BOTH)
def test_no_saying_stands_under_two_topics(brand: str) -> None:
    said = [saying for topic in policy(brand).topics.values() for saying in topic.sayings]
    assert len(said) == len(set(said))


def test_every_topic_is_ruled_by_a_row_of_the_table() -> None:
    assert {row[0] for row in RULED} == set(policy("americommerce").topics)


@pytest.mark.parametrize(("topic", "facts", "ours", "our_clause", "theirs", "their_clause"), RULED)
def test_a_request_is_ruled_as_each_brand_publishes(
    topic: str, facts: dict[str, str], ours: str, our_clause: str, theirs: str, their_clause: str
) -> None:
    for brand, reply, clause in (("americommerce", ours, our_clause), ("sparkpay", theirs, their_clause)):
        decision = decide(brand, topic, facts)
        assert (brand, decision.reply, clause in decision.clauses) == (brand, reply, True)


@pytest.mark.parametrize(("topic", "ours", "theirs"), DEPARTMENTS)
def test_a_request_reaches_the_right_department(topic: str, ours: str, theirs: str) -> None:
    assert decide("americommerce", topic, {}).department == ours
    assert decide("sparkpay", topic, {}).department == theirs


@pytest.mark.parametrize(("standing", "topic", "reply", "clause"), AFTER_A_BREACH)
def test_a_standing_changes_what_americommerce_does(
    standing: str, topic: str, reply: str, clause: str
) -> None:
    decision = decide("americommerce", topic, {"standing": standing})
    assert decision.reply == reply
    assert clause in decision.clauses


@pytest.mark.parametrize(("standing", "breach", "step"), STEPS)
def test_a_breach_leads_up_the_ladder(standing: str, breach: str, step: str) -> None:
    ladder = policy("americommerce").ladder
    assert ladder is not None
    taken = ladder.step(standing, breach)
    assert taken is not None
    assert taken.name == step


def test_spark_pay_knows_no_conduct_step() -> None:
    spark_pay = policy("sparkpay")
    assert spark_pay.ladder is None
    assert not {"breach", "standing"} & set(spark_pay.facts)


@pytest.mark.parametrize("brand", BOTH)
def test_an_outage_comes_first_at_any_hour(brand: str) -> None:
    outage = decide(brand, "store-availability", {})
    assert outage.targets["first reply"] == "1 hour"
    assert outage.targets["priority"] == "urgent"
    assert outage.calendars["first reply"] == "always"


@pytest.mark.parametrize("brand", BOTH)
def test_no_internal_term_reaches_the_public_page(brand: str) -> None:
    page = policy(brand).page()
    told = ("business hours", "business days", "90 days", "180 days", "7 days", "10 days of silence", "0.85")
    assert [term for term in told if term in page] == []


@pytest.mark.parametrize("brand", BOTH)
def test_every_pointer_and_service_of_a_ruling_is_declared(brand: str) -> None:
    shipped = policy(brand)
    for topic, facts, *_ in RULED:
        decision = decide(brand, topic, facts)
        assert set(decision.pointers) <= set(shipped.places)
        assert decision.service is None or decision.service in shipped.services


@pytest.mark.parametrize("brand", BOTH)
def test_every_reply_is_finished_courteous_text(brand: str) -> None:
    shipped = policy(brand)
    for name in shipped.replies:
        said = shipped.render_reply(name, {slot: slot for slot in MOMENT_SLOTS})
        assert "{" not in said, name
        assert "!" not in said, name
        assert said[0].isupper() or shipped.replies[name][0] in "{(", name


def test_a_theme_in_an_unknown_state_is_asked_about() -> None:
    verdict = policy("americommerce").rule({"fresh-theme-fault": 0.99}, {})
    assert verdict.kind == "ask"
    assert verdict.question is not None
    assert verdict.question.fact == "theme state"


def _known(policy: Policy, facts: dict[str, Any]) -> dict[str, FactValue]:
    """A case's facts as the policy names them; what the policy does not declare is left out."""
    known: dict[str, FactValue] = {}
    for key, value in facts.items():
        name = key.replace("_", " ")
        spelled = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if name not in policy.facts:
            continue
        if spelled == "unknown":
            known[name] = FactValue(value=None, status="unknown", source="case")
        else:
            known[name] = FactValue(value=spelled, status="known", source="case")
    return known


def _right(case: dict[str, Any], brand: str) -> set[str]:
    """The outcome codes that are right; for a breach, those of the matter itself, ruled beside it."""
    right = {case[f"expected_{brand}"], *case[f"acceptable_{brand}"]}
    if case["clause"] == "conduct" and brand == "americommerce":
        return {case["underlying_outcome_americommerce"]}
    return right


def _ruled(policy: Policy, case: dict[str, Any]) -> str | None:
    topic = case["underlying_clause"] if case["clause"] == "conduct" else case["clause"]
    verdict = policy.rule({topic: 0.999}, _known(policy, case["facts"]))
    if verdict.kind == "ask":
        return "ask-fact"
    return verdict.decision.reply if verdict.decision else None


@pytest.mark.skipif(not CASES.exists(), reason="the labelled cases are not beside this repository")
@pytest.mark.parametrize("brand", BOTH)
def test_every_labelled_case_is_ruled_right_once_its_topic_is_read(brand: str) -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    wrong = [
        (case["id"], ruled)
        for case in cases
        if (ruled := _ruled(policy(brand), case)) not in _right(case, brand)
    ]
    assert wrong == []
