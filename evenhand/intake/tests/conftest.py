"""What intake does with a topic is tested here; how well topics are read is the reading room's own matter."""

from __future__ import annotations

import pytest

from evenhand.reading.triage import TopicReading

SPOKEN = {
    "certificate": "ssl",
    "cannot be reached": "store-availability",
    "menu": "custom-html-css",
    "refund": "accounting-billing-issue",
    "verified buyers": "spam",
    "thank you so much": "praise-thanks",
    "api": "api-help",
    "quickbooks": "third-party-integrated",
    "manager": "complaint-escalation",
}


class SureReader:
    """Knows a topic by one word, and is sure of it; of anything else it knows nothing."""

    def read(self, text: str) -> TopicReading:
        said = text.lower()
        found = [topic for word, topic in SPOKEN.items() if word in said]
        first = found[0] if found else "unclear"
        rest = [topic for topic in SPOKEN.values() if topic != first]
        sure = 0.99 if found else 0.3
        return TopicReading(topics=((first, sure), *((topic, 0.001) for topic in rest)), words=("said",))


@pytest.fixture(autouse=True)
def a_sure_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.rulebook.queries.reader", lambda version: SureReader())
