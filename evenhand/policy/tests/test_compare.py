"""Two versions: exactly what differs, in plain words, each with a case of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.policy import Comparison, Policy, compare, compile_policy

from .cast import SCHEDULES, clause, part, policy_of

BASE = part(
    clause("1", "always\nwe help to support; reply answer\nwe set first reply 8 hours\nwe set priority low"),
    clause(
        "2",
        "when topic: dns; contacts: 5 or more\nwe decline; reply decline-design; pointers articles\nover 1",
    ),
)


def of(body: str, schedules: str = SCHEDULES) -> Policy:
    text = policy_of(body, schedules=schedules)
    return compile_policy(text.replace("precedence: Conduct > What we help with\n", ""))


def changed(old: str, new: str, *, body: str = BASE) -> Comparison:
    """What a change of words in a small policy makes different."""
    assert old in body + SCHEDULES
    return compare(of(body), of(body.replace(old, new), SCHEDULES.replace(old, new)))


def told(found: Comparison, group: str = "outcome") -> list[tuple[str, str]]:
    return [(one.sentence, one.when) for one in found.differences if one.group == group]


def edits(found: Comparison) -> list[str]:
    return [edit.sentence for edit in found.edits]


# ── One change at a time ──


def test_numbers_are_cut_where_either_version_cuts_them() -> None:
    found = changed("contacts: 5 or more", "contacts: 3 or more")
    assert told(found) == [
        (
            "Clause 2: before, we help (1); now, we decline (2).",
            "topic: dns; contacts: 3 to 4",
        )
    ]
    assert found.differences[0].witness["contacts"] == "3"


def test_both_ends_of_a_range_are_one_difference_each_way() -> None:
    found = changed("contacts: 5 or more", "contacts: 3 to 7")
    assert sorted(told(found)) == [
        ("Clause 2: before, we decline (2); now, we help (1).", "topic: dns; contacts: 8 or more"),
        ("Clause 2: before, we help (1); now, we decline (2).", "topic: dns; contacts: 3 to 4"),
    ]


def test_a_date_is_cut_where_either_version_cuts_it() -> None:
    body = BASE.replace("contacts: 5 or more", "bought: before 2020-01-01")
    found = changed("before 2020-01-01", "before 2021-01-01", body=body)
    assert [when for _, when in told(found)] == ["topic: dns; bought: 2020-01-01 to 2020-12-31"]


def test_a_number_is_compared_over_what_both_can_express() -> None:
    wider = SCHEDULES.replace("contacts: number 0 to 50", "contacts: number 0 to 90")
    found = compare(of(BASE), of(BASE, wider))
    assert (told(found), found.decides_alike) == ([], True)
    assert edits(found) == ["The fact contacts was number 0 to 50; now it is number 0 to 90."]


def test_a_value_that_only_one_knows_is_a_word_and_no_case() -> None:
    found = changed("theme: fresh, changed", "theme: fresh, changed, gone")
    assert (told(found), edits(found)) == ([], ["“gone” is a new value of theme."])


def test_an_order_that_is_another_is_told() -> None:
    found = changed("plan: basic < standard < advanced", "plan: standard < basic < advanced")
    assert edits(found) == [
        "The fact plan was basic < standard < advanced; now it is standard < basic < advanced."
    ]


def test_or_higher_moves_with_the_order() -> None:
    body = BASE.replace("contacts: 5 or more", "plan: standard or higher")
    found = changed("plan: basic < standard < advanced", "plan: standard < basic < advanced", body=body)
    assert [when for _, when in told(found)] == ["topic: dns; plan: basic"]


def test_a_fact_that_only_one_declares_is_one_that_the_other_does_not_turn_on() -> None:
    new = BASE.replace("contacts: 5 or more", "ground: sand")
    found = compare(of(BASE), of(new, SCHEDULES.replace("plan:", "ground: rock, sand\nplan:", 1)))
    assert sorted(when for _, when in told(found)) == [
        "topic: dns; contacts: 5 or more; ground: rock",
        "topic: dns; contacts: below 5; ground: sand",
    ]
    assert edits(found) == ["The fact “ground” is new: rock, sand."]


def test_a_name_that_means_another_kind_of_thing_is_two_facts() -> None:
    new = BASE.replace("contacts: 5 or more", "contacts: many")
    schedules = SCHEDULES.replace("contacts: number 0 to 50", "contacts: few, many").replace(
        "taken as 0", "taken as few"
    )
    found = compare(of(BASE), of(new, schedules))
    assert sorted(when for _, when in told(found)) == [
        "topic: dns; contacts (before): 5 or more; contacts (now): few",
        "topic: dns; contacts (before): below 5; contacts (now): many",
    ]


def test_what_can_never_occur_in_one_version_is_not_compared() -> None:
    never = SCHEDULES + "```never\ntopic: dns; contacts: 5 or more; theme: fresh\n```\n"
    body = BASE.replace("we decline; reply decline-design; pointers articles", "we refuse")
    found = compare(of(BASE), of(body, never))
    assert [one.witness["theme"] for one in found.differences] == ["changed"]
    assert [edit.kind for edit in found.edits] == ["what never occurs"]


def test_other_places_are_the_lesser_difference() -> None:
    (one,) = changed("pointers articles", "pointers sales").differences
    assert one.kind == "pointers"
    assert (
        one.sentence == "Clause 2: we now point to talk to sales; we no longer point to the help centre (2)."
    )
    assert (one.old, one.new) == ("we decline; pointers articles", "we decline; pointers sales")


def test_another_department_and_service_are_lesser_too() -> None:
    (one,) = changed("we decline; reply", "we decline to sales; service theme work; reply").differences
    assert (one.kind, one.sentence) == (
        "pointers",
        "Clause 2: Sales instead of nobody; theme work; by the hour instead of nobody (2).",
    )


def test_places_in_another_order_are_no_difference() -> None:
    body = BASE.replace("pointers articles", "pointers articles, sales")
    assert changed("articles, sales", "sales, articles", body=body).differences == ()


def test_another_reply_of_the_same_act_is_named() -> None:
    ((sentence, _),) = told(changed("reply decline-design", "reply answer"))
    assert sentence == (
        "Clause 2: before, we decline with reply decline-design (2); now, we decline with reply answer (2)."
    )


def test_a_target_is_told_with_what_it_is() -> None:
    found = changed(
        "we set first reply 8 hours", "we promise first reply 2 hours; calendar office; pauses nights"
    )
    assert told(found, "first reply") == [
        (
            (
                "Clause 1, target first reply: before, 8 hours (1); now, we promise 2 hours, calendar office, "
                "pauses nights (1)."
            ),
            "always",
        )
    ]
    assert told(found) == []


def test_a_target_that_is_gone_is_none() -> None:
    found = changed("\nwe set priority low", "")
    assert told(found, "priority") == [
        ("Clause 1, target priority: before, low (1); now, none is set.", "always")
    ]


@pytest.mark.parametrize(
    ("old", "new", "group", "said"),
    [
        (
            "we no charge",
            "we charge theme work; at least 1 hour",
            "charge",
            "no charge (1); now, theme work; by the hour; at least 1 hour (1)",
        ),
        ("we credit a day", "we credit a week", "credit", "a day (1); now, a week (1)"),
        ("\nwe credit a day", "", "credit", "a day (1); now, no credit"),
    ],
)
def test_money_is_compared_too(old: str, new: str, group: str, said: str) -> None:
    body = BASE.replace("priority low", "priority low\nwe no charge\nwe credit a day")
    ((sentence, _),) = told(changed(old, new, body=body), group)
    assert sentence == f"Clause 1, {group}: before, {said}."


def test_no_charge_is_as_good_as_saying_nothing() -> None:
    body = BASE.replace("priority low", "priority low\nwe no charge")
    assert compare(of(BASE), of(body)).differences == ()


def test_a_limit_is_compared_where_it_binds() -> None:
    (one,) = changed("over 1", "over 1\nagent may not: give discounts").differences
    assert (one.group, one.when) == ("limits", "topic: dns; contacts: 5 or more")
    assert one.sentence == "Now forbidden to an agent: give discounts (2)."
    assert (one.old, one.new) == ("an agent may give discounts", "an agent may not give discounts")
    assert (one.old_clauses, one.new_clauses) == ((), ("2",))


def test_a_limit_that_is_lifted_somewhere_is_free_there() -> None:
    body = BASE.replace("over 1", "over 1\nagent may not: give discounts")
    lifting = body + clause("2.1", "when theme: fresh\nwe help; reply answer\nagent may: give discounts")
    found = compare(of(body), of(lifting))
    assert told(found, "limits") == [
        (
            "No longer forbidden to an agent: give discounts (2).",
            "topic: dns; theme: fresh; contacts: 5 or more",
        )
    ]


def test_a_clause_that_is_gone_is_one_difference_whatever_decides_in_its_place() -> None:
    several = part(
        *(clause(str(n), f"when topic: {topic}\nwe {act}") for n, (topic, act) in enumerate(ACTS, 1)),
        clause("9", "when theme: changed\nwe refuse\nover 1, 2, 3, 4"),
    )
    without = several[: several.index("## 9")]
    ((sentence, when),) = told(compare(of(several), of(without)))
    assert sentence == "Clause 9: before, we refuse (9); now, what the other clauses say (1, 2, 3, 4)."
    assert when == "theme: changed"


ACTS = [("ssl", "help"), ("dns", "decline"), ("theme-code", "point"), ("theme-fault", "close")]


def test_families_are_named_where_a_difference_is_about_one() -> None:
    found = changed("when topic: dns; contacts: 5 or more", "when topic: any of hosting; contacts: 0 or more")
    assert [when for _, when in told(found)] == [
        "topic: ssl or when topic: any of hosting; contacts: below 5"
    ]
    found = changed("topic: dns; contacts: 5 or more", "topic: any of themes; contacts: 50")
    assert sorted(when for _, when in told(found)) == [
        "topic: any of themes; contacts: 50",
        "topic: dns; contacts: 5 or more",
    ]


# ── Words ──

WRITTEN = [
    ("topic: dns; contacts: 5 or more", "contacts: 5 or more; topic: dns", ""),
    ("2\nSaid in plain words.", "2\nOther words.", "Clause 2 says the same in other words."),
    ("## 2 Clause 2", "## 2 Names", "Clause 2 is called “Names”; it was “Clause 2”."),
    (
        "topic: dns; contacts: 5 or more",
        "topic: not ssl, theme-code, theme-fault; contacts: 5 or more",
        "Clause 2 has another rule, which decides every case as before.",
    ),
    ("taken as basic", "taken as standard", "The fact plan was taken as basic; now it is taken as standard."),
    (
        "Is your theme as it was installed?",
        "Is it new?",
        "The fact theme was asked for as “Is your theme as it was installed?”; now as “Is it new?”.",
    ),
    (
        "known from the store",
        "known from the till",
        "The fact theme was known from the store; now it is known from the till.",
    ),
    ("ssl: certificates", "ssl: padlocks", "The topic “ssl” has other words."),
    ("answer: {answer}", "answer: Hello. {answer}", "The reply “answer” has other words."),
    (
        "articles: the help centre",
        "articles: the guide",
        "The place “articles” was the help centre; now it is the guide.",
    ),
    ("18:00", "17:00", "The calendar “office” has other words."),
    (
        "support: first-line agents",
        "support: agents",
        "The department “support” was first-line agents; now it is agents.",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), WRITTEN)
def test_what_is_only_written_otherwise(old: str, new: str, said: str) -> None:
    found = changed(old, new)
    assert found.decides_alike
    assert edits(found) == ([said] if said else [])


def test_thresholds_are_compared() -> None:
    desk = "```desk\nacts alone from: 0.8\nasks at most: 2\n```\n"
    found = compare(of(BASE), of(BASE, SCHEDULES + desk))
    assert edits(found) == [
        "“acts alone from” in the desk schedule was 1; now it is 0.8.",
        "“asks at most” in the desk schedule was 1; now it is 2.",
    ]


def test_a_clause_may_move_to_another_part() -> None:
    moved = part(clause("1", "always\nwe help")) + part(
        clause("2", "when topic: dns\nwe set remind 4 days"), title="Times"
    )
    found = compare(of(moved), of(moved.replace("# Times\n", "")))
    assert edits(found) == ["Clause 2 stands in “What we help with”; it stood in “Times”."]


def test_the_ladder_is_compared_line_by_line() -> None:
    text = (Path(__file__).parent / "good" / "worse-standings.md").read_text()
    found = compare(compile_policy(text), compile_policy(text.replace("lapses after 90", "lapses after 30")))
    assert [edit.name for edit in found.edits] == ["step warning"]


# ── Bounds ──


def test_too_many_combinations_name_the_facts_to_blame() -> None:
    names = [f"f{number}" for number in range(40)]
    schedules = SCHEDULES.replace("```facts\n", "```facts\n" + "".join(f"{name}: a, b\n" for name in names))

    def version(every: list[str]) -> Policy:
        """Each clause beats those after it, so that one by one they settle, in the order of the facts."""
        rules = [
            clause(str(place), f"when {name}: a\nwe close; reply {REPLIES[place % 3]}\nover {_after(place)}")
            for place, name in enumerate(every, 1)
        ]
        return of(part(*rules, clause("99", "always\nwe help")), schedules)

    found = compare(version(names), version(names[::2] + names[1::2]))
    (one,) = found.uncompared
    assert (one.group, found.decides_alike) == ("outcome", False)
    assert one.sentence == f"Too many combinations of {', '.join(one.facts)} to compare outcome."
    assert set(one.facts) <= set(names)
    assert one.facts


REPLIES = ["answer", "decline-design", "quote-design"]


def _after(place: int) -> str:
    return ", ".join(map(str, [*range(place + 1, 41), 99]))
