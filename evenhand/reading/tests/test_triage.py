"""Triage finds the topic, says how sure it is, and is stored as plain arrays."""

import numpy as np
import pytest

from evenhand.reading.triage import Model, ModelError, fingerprint, train

TOPICS = {
    "ssl": (
        "certificates and the padlock",
        "the padlock has gone from my checkout",
        "browsers say the certificate has run out",
        "which certificate do I need for a second name",
    ),
    "domain-dns": (
        "domain names and name servers",
        "how do I point a new domain at my shop",
        "what nameservers should my registrar have",
        "the A record seems to be wrong",
    ),
    "accounting-billing-issue": (
        "charges, refunds and wrong invoices",
        "you charged us twice for our plan",
        "please refund last month",
        "the invoice has the wrong sum",
    ),
    "praise-thanks": (
        "thanks and praise",
        "your colleague was a great help",
        "everything works again, thank you all",
        "compliments to the team",
    ),
}


@pytest.fixture(scope="module")
def model():
    return train(TOPICS)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Visitors see a warning that our certificate is not valid.", "ssl"),
        ("Hello,\nI bought a domain; which name servers do I enter?\nRegards\nAda", "domain-dns"),
        ("We were billed two times this month and want the money back", "accounting-billing-issue"),
        ("Just a note to say how helpful everybody was!", "praise-thanks"),
    ],
)
def test_the_topic_is_found_in_other_words(model, text, topic):
    assert model.read(text).first == topic


def test_topics_come_likeliest_first_and_leave_room_for_something_else(model):
    chances = [chance for _, chance in model.read("my padlock is gone").topics]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) < 1


def test_a_matter_of_another_world_is_less_sure_than_a_saying(model):
    known = model.read("the padlock has gone").topics[0][1]
    unknown = model.read("zebras graze beside seven quiet lakes").topics[0][1]
    assert unknown < 0.5 < known


def test_the_words_that_spoke_are_the_writers_own(model):
    assert "padlock" in model.read("Our padlock is gone!").words


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\x00\ufffd", "a" * 100_000])
def test_any_text_can_be_read(model, text):
    assert len(model.read(text).topics) == len(TOPICS)


def test_greeting_and_farewell_change_nothing(model):
    bare = model.read("The certificate on our shop has run out.")
    dressed = model.read("Dear team,\n\nThe certificate on our shop has run out.\n\nKind regards\nSiobhan")
    assert dressed.topics == bare.topics


def test_the_same_sayings_make_the_same_model(model):
    assert train(TOPICS).to_bytes() == model.to_bytes()


def test_a_correction_teaches(model):
    text = "the widget gizmo flickers"
    taught = train(TOPICS, corrections=[(text, "ssl"), ("gizmo flickers again", "ssl")])
    assert taught.read("my gizmo flickers").first == "ssl"
    assert taught.version != model.version


def test_the_version_is_that_of_what_it_learnt_from(model):
    assert model.version == fingerprint(TOPICS)


def test_a_stored_model_reads_alike(model, tmp_path):
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    text = "our invoice shows the wrong plan"
    assert again.read(text) == model.read(text)
    assert again.version == model.version


def test_a_stored_model_holds_no_pickle(model, tmp_path):
    model.save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as held:
        assert all(held[name].dtype != object for name in held.files)


@pytest.mark.parametrize("stored", [b"", b"no model", b"PK\x03\x04 broken"])
def test_what_is_no_model_is_refused_with_its_file(stored, tmp_path):
    (tmp_path / "bad.npz").write_bytes(stored)
    with pytest.raises(ModelError, match=r"bad\.npz"):
        Model.load(tmp_path / "bad.npz")


def test_a_cut_model_is_refused(model):
    with pytest.raises(ModelError):
        Model.from_bytes(model.to_bytes()[:-400])


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"none\.npz"):
        Model.load(tmp_path / "none.npz")


def test_no_sayings_teach_nothing():
    with pytest.raises(ValueError, match="no topic"):
        train({})
