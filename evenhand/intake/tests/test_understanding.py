"""Reading and policy together: facts found in the text decide, what the record knows stands above them."""

import pytest

from evenhand.intake.understanding import understand
from evenhand.policy import FactValue, compile_policy
from evenhand.reading.guide import App
from evenhand.reading.triage import train

DOCUMENT = """---
policy: Larkspur support policy
version: 1
effective: 2027-01-04 to open
---
# What we support
## 1 Themes
```rule
when topic: theme fault
we decline; reply decline-design
```
### 1.1 Except a fresh theme
```rule
when theme state: fresh
we help to support; reply answer
```
## 2 Certificates
```rule
when topic: certificates
we help to support; reply answer
```
## 3 Bills
```rule
when topic: bills
we assign to accounting; reply assign-accounting
```
## 4 Apps
```rule
when topic: apps
we decline; reply decline-app
```
### 4.1 Except those we integrate
```rule
when app integrated: yes
we help to support; reply answer
```
LADDER
# Schedules
```facts
theme state: fresh, customised
  known from the store
  ask: Has anyone changed the theme?
app integrated: yes, no
  known from the guide
  ask: Which app is it?
BREACH
```
```topics
theme fault: a theme does something wrong
  "the menu of the theme does not open"
  "theme shows no prices"
  "the slider of my theme is blank"
  "the theme puts the footer over the text"
certificates: certificates and the padlock
  "the padlock has gone from my checkout"
  "browsers say the certificate has run out"
  "which certificate do I need"
  "the certificate is not valid for my name"
bills: invoices, charges and refunds
  "you charged us twice for our plan"
  "please refund last month"
  "the invoice has the wrong sum"
  "I dispute this charge on the bill"
apps: apps of other companies
  "the shipping app does not sync orders"
  "how do I connect the accounting add-on"
  "the connector of my till has stopped"
  "the newsletter plug-in misses customers"
```
```departments
support: first-line agents
accounting: the accounting department
```
```replies
answer: {answer}
decline-design: Not ours.
decline-app: Ask its maker.
assign-accounting: Accounting has it.
REPLIES
```
```desk
acts alone from: 0.20
considers topics down to: 0.15
asks at most: 1 question
asks when the answer settles at least: 0.20
otherwise: a person
```
"""
LADDER = """# Conduct
```ladder
breach cursing: serious. Swearing
breach discriminatory: grave. Remarks
breach shouting: minor. Capitals
breach shopping around: minor. Several tickets
step warning: lapses after 90 days
  closes nothing
from good: minor, serious, grave -> warning
from poor: minor, serious, grave -> warning
confirmed by: lead
appeal: by answering
```
"""
BREACH = """breach: none, cursing, discriminatory, shouting, shopping around
  known from the screening; taken as none
standing: good, poor
  known from the record; taken as good"""

QUIET = compile_policy(DOCUMENT.replace("LADDER", "").replace("BREACH\n", "").replace("REPLIES\n", ""))
APPS = (App(name="Parcel Heron", integrated=True), App(name="LedgerFinch", integrated=False))


@pytest.fixture(scope="module")
def model():
    return train({name: (topic.description, *topic.sayings) for name, topic in QUIET.topics.items()})


@pytest.fixture
def read(model):
    def read(text, policy=QUIET, **facts):
        held = {name.replace("_", " "): known(value) for name, value in facts.items()}
        return understand(text, channel="email", facts=held, policy=policy, model=model, apps=APPS)

    return read


def known(value):
    return FactValue(value=value, status="known", source="the record")


def reply(understood):
    return understood.matters[0].verdict.decision.reply


def test_a_topic_alone_decides_where_no_fact_matters(read):
    understood = read("The padlock has gone from my checkout!")
    assert (understood.matters[0].topic, reply(understood)) == ("certificates", "answer")
    assert understood.alone


def test_the_text_tells_a_fact(read):
    understood = read("The menu of my untouched theme does not open.")
    assert understood.facts["theme state"].value == "fresh"
    assert understood.facts["theme state"].source == 'read: "untouched"'
    assert reply(understood) == "answer"


def test_what_the_store_knows_stands_above_the_text(read):
    understood = read("The menu of my untouched theme does not open.", theme_state="customised")
    assert understood.facts["theme state"].source == "the record"
    assert reply(understood) == "decline-design"


def test_the_text_may_tell_what_the_record_does_not_know(model):
    unknown = {"theme state": FactValue(value=None, status="unknown", source="the record")}
    text = "The menu of my untouched theme does not open."
    understood = understand(text, channel="email", facts=unknown, policy=QUIET, model=model)
    assert understood.facts["theme state"].value == "fresh"


def test_a_fact_that_nobody_knows_is_asked_for(read):
    understood = read("The menu of my theme does not open.")
    assert not understood.alone
    assert understood.question.fact == "theme state"


@pytest.mark.parametrize(
    ("app", "outcome"),
    [("Parcel Heron", "answer"), ("parcel heron", "answer"), ("LedgerFinch", "decline-app")],
)
def test_the_guide_tells_whether_an_app_is_integrated(read, app, outcome):
    assert reply(read(f"The {app} app does not sync orders.")) == outcome


def test_two_matters_are_both_decided(read):
    understood = read("The padlock has gone from my checkout. Also, you charged us twice for our plan.")
    assert [matter.topic for matter in understood.matters] == ["certificates", "bills"]
    assert [matter.verdict.decision.reply for matter in understood.matters] == ["answer", "assign-accounting"]


def test_a_chosen_topic_stands_for_all_that_was_read(read):
    understood = read(
        "The padlock has gone from my checkout. Also, you charged us twice for our plan.", topic="bills"
    )
    assert [matter.topic for matter in understood.matters] == ["bills"]
    assert understood.alone


def test_another_language_goes_to_a_person_and_is_named(read):
    understood = read("Guten Tag, das Zertifikat meines Shops ist seit gestern abgelaufen, bitte helfen Sie.")
    assert understood.language == "de"
    assert not understood.alone
    assert {matter.verdict.kind for matter in understood.matters} == {"person"}


def test_conduct_is_found_beside_the_matter_where_the_policy_has_a_ladder(read):
    strict = compile_policy(
        DOCUMENT.replace("LADDER", LADDER).replace("BREACH", BREACH).replace("REPLIES\n", "")
    )
    understood = read("You charged us twice for our plan, you bastards. Refund it.", policy=strict)
    assert understood.breach == "cursing"
    assert understood.facts["breach"].value == "cursing"
    assert not understood.alone
    assert reply(understood) == "assign-accounting"


def test_conduct_is_not_looked_for_where_the_policy_has_none(read):
    understood = read("You charged us twice for our plan, you bastards. Refund it.")
    assert (understood.conduct, understood.breach) == ((), None)
    assert reply(understood) == "assign-accounting"


def test_name_and_greeting_change_nothing(read):
    bare = read("The menu of my untouched theme does not open.")
    for name in ("Fatima", "Wojciech", "Ngozi", "Earl"):
        dressed = read(f"Hello, The menu of my untouched theme does not open.\nRegards\n{name}")
        assert dressed.matters[0].verdict.belief == bare.matters[0].verdict.belief


@pytest.mark.parametrize("text", ["", " ", "?", "🙂" * 50, "x" * 50_000])
def test_anything_can_be_understood(read, text):
    assert read(text).matters
