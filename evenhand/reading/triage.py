"""Triage: which of the document's topics a message is about, and how sure that is.

A linear classifier over words, characters and concepts (`features.py`), kept by sayings: each topic's score
is a weighted sum of the message's similarities to them, so every answer can be traced to sayings and words,
and the same sayings give the same model.  It abstains: the probabilities of the topics
sum to less than one, and the rest is "something else" (`confidence.py`).

Models are stored as arrays, never as pickles.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.reading.concepts import concept_words, written
from evenhand.reading.confidence import Head, signs
from evenhand.reading.features import Features, features_of, plainly, weighed
from evenhand.reading.spelling import mended
from evenhand.reading.wordlists import word_set

Numbers = NDArray[Any]

FORMAT = 4
"""Raised whenever features or arrays change: a model of another format is refused and trained again."""

MOST_WORDS_SHOWN = 5


class ModelError(Exception):
    """A file that is no model, a damaged one, or one of another format."""


@dataclass(frozen=True, kw_only=True)
class TopicReading:
    """Topics with probabilities, likeliest first; what they lack to 1 is "something else"."""

    topics: tuple[tuple[str, float], ...]
    words: tuple[str, ...]

    @property
    def first(self) -> str:
        """The likeliest topic."""
        return self.topics[0][0]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained reader of topics.

    `hashes` (sorted) and `rarity` are the features known. The sayings' vectors are kept by feature: *f* is
    in sayings `said_in[start[f]:start[f+1]]` with `said_weight`. `weight` is sayings × topics.  `words` are
    the words of the sayings, the commonest first, so that slips of the keyboard can be mended.
    """

    topics: tuple[str, ...]
    version: str
    hashes: Numbers
    rarity: Numbers
    start: Numbers
    said_in: Numbers
    said_weight: Numbers
    weight: Numbers
    offset: Numbers
    saying_topic: Numbers
    sharpness: float
    unheard: float
    head: Head
    words: tuple[str, ...]

    def read(self, text: str) -> TopicReading:
        """The topics of `text`, likeliest first, with the words that spoke for the first."""
        if len(self.topics) == 1:  # nothing to tell apart, so nothing to be sure of
            return TopicReading(topics=((self.topics[0], 0.5),), words=())
        found = features_of(mended(plainly(text), self._commonness, concept_words()))
        at, vector, heard = self._vector(found)
        products, feature, saying = self._met_in(at, vector)
        near = np.bincount(saying, weights=products, minlength=len(self.saying_topic))
        scores = (near @ self.weight + self.offset)[None, :]
        shares = softmax(self.sharpness * scores)
        nearest = int(near.argmax())
        first = int(scores[0].argmax())
        agreeing = float(self.saying_topic[nearest] == first)
        row = signs(shares, near[nearest : nearest + 1], np.array([agreeing]), np.array([heard]))
        right, known = self.head.right_and_known(row)
        chances = spread(shares[0], float(right[0]), float(known[0]))
        raised = np.bincount(feature, weights=products * self.weight[saying, first], minlength=len(at))
        order = np.argsort(-scores[0], kind="stable").tolist()
        return TopicReading(
            topics=tuple((self.topics[topic], round(float(chances[topic]), 6)) for topic in order),
            words=self._speaking(found, at, raised),
        )

    @cached_property
    def _commonness(self) -> dict[str, int]:
        """The words of training, the commonest with the greatest number."""
        return {word: len(self.words) - place for place, word in enumerate(self.words)}

    def _vector(self, found: Features) -> tuple[Numbers, Numbers, float]:
        """Positions and weights of the message's known features, and the part of its words that is known."""
        met = np.array(sorted({at for counts in found.counts.values() for at in counts}), dtype=np.uint32)
        places = np.searchsorted(self.hashes, met)
        places[places == len(self.hashes)] = 0
        known = self.hashes[places] == met
        rarity = dict(zip(met[known].tolist(), self.rarity[places[known]].tolist(), strict=True))
        vector = weighed(found, rarity, self.unheard)
        position = dict(zip(met[known].tolist(), places[known].tolist(), strict=True))
        words = found.counts["word"]
        heard = sum(at in rarity for at in words) / max(len(words), 1)
        return (
            np.array([position[at] for at in vector], dtype=np.int64),
            np.array(list(vector.values()), dtype=np.float32),
            heard,
        )

    def _met_in(self, at: Numbers, vector: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Where the message meets sayings: what each meeting adds to their similarity, by which of the
        message's features, and in which saying."""
        begin, end = self.start[at].astype(np.int64), self.start[at + 1].astype(np.int64)
        long = end - begin
        feature = np.repeat(np.arange(len(at)), long)
        place = np.arange(len(feature)) - np.repeat(long.cumsum() - long, long) + np.repeat(begin, long)
        return self.said_weight[place] * vector[feature], feature, self.said_in[place]

    def _speaking(self, found: Features, at: Numbers, raised: Numbers) -> tuple[str, ...]:
        """The message's own words that raised its first topic most, strongest first."""
        spoken = [
            (value, found.spelt[hashed])
            for hashed, value in zip(self.hashes[at].tolist(), raised.tolist(), strict=True)
            if value > 0 and hashed in found.spelt
        ]
        return tuple(word for _, word in sorted(spoken, key=lambda one: (-one[0], one[1]))[:MOST_WORDS_SHOWN])

    def save(self, path: Path | str) -> None:
        """Write the model to `path` as compressed arrays, without pickles. OSError where that fails."""
        Path(path).write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The model as the bytes of an .npz file, for a database or a cache."""
        held = io.BytesIO()
        head = np.stack(
            [
                *(np.append(one, 0) for one in (self.head.centre, self.head.spread)),
                self.head.right,
                self.head.known,
            ]
        )
        np.savez(
            held,
            format=np.array(FORMAT),
            topics=np.array(self.topics),
            version=np.array(self.version),
            sharpness=np.array(self.sharpness),
            unheard=np.array(self.unheard),
            head=head,
            words=np.array("\n".join(self.words)),
            **{name: getattr(self, name) for name in _ARRAYS},
        )
        return held.getvalue()

    @classmethod
    def load(cls, path: Path | str) -> Model:
        """The model stored at `path`. ModelError where the file is missing, damaged or of another format."""
        try:
            return cls.from_bytes(Path(path).read_bytes())
        except OSError as error:
            raise ModelError(f"{path}: {error.strerror}") from error
        except ModelError as error:
            raise ModelError(f"{path}: {error}") from error

    @classmethod
    def from_bytes(cls, stored: bytes) -> Model:
        """The model in the bytes of an .npz file. ModelError where they are no such model."""
        try:
            with np.load(io.BytesIO(stored), allow_pickle=False) as held:
                if int(held["format"]) != FORMAT:
                    raise ModelError("a model of another format; it has to be trained again")
                head = held["head"]
                return cls(
                    topics=tuple(held["topics"].tolist()),
                    version=str(held["version"]),
                    sharpness=float(held["sharpness"]),
                    unheard=float(held["unheard"]),
                    head=Head(centre=head[0, :-1], spread=head[1, :-1], right=head[2], known=head[3]),
                    words=tuple(str(held["words"]).split("\n")),
                    **{name: held[name] for name in _ARRAYS},
                )
        except (ValueError, KeyError, TypeError, IndexError, EOFError, OSError, zipfile.BadZipFile) as error:
            raise ModelError("not a model of topics, or a damaged one") from error


_ARRAYS = ("hashes", "rarity", "start", "said_in", "said_weight", "weight", "offset", "saying_topic")


def softmax(scores: Numbers) -> Numbers:
    """Each row of scores as shares that sum to one."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Numbers = raised / raised.sum(axis=1, keepdims=True)
    return shares


def spread(shares: Numbers, right: float, known: float) -> Numbers:
    """Probabilities of the topics: the first gets `right`; what is known beyond it is shared by the others as
    their shares are, none getting more than the first."""
    first = int(shares.argmax())
    rest = shares.copy()
    rest[first] = 0
    total = float(rest.sum())
    chances = rest * ((known - right) / total) if total else rest
    chances = np.minimum(chances, right)
    chances[first] = right
    return chances


def fingerprint(topics: Mapping[str, Sequence[str]], corrections: Iterable[tuple[str, str]] = ()) -> str:
    """What a model is trained from, as a hash: same fingerprint, same model."""
    tone = " ".join(sorted(word_set("tone.txt")))
    digest = hashlib.sha256(f"format {FORMAT}\n{written()}\n{tone}".encode())
    for topic, sayings in topics.items():
        digest.update(f"{topic}\n".encode())
        for saying in sayings:
            digest.update(f"  {saying}\n".encode())
    for text, topic in corrections:
        digest.update(f"{topic}: {text}\n".encode())
    return digest.hexdigest()


def train(topics: Mapping[str, Sequence[str]], corrections: Iterable[tuple[str, str]] = ()) -> Model:
    """A model from sayings by topic, and agents' corrections (text, topic). See `training.py`."""
    import scipy.optimize
    import scipy.sparse  # noqa: F401 - only what is loaded can be limited
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from evenhand.reading.training import fit

    # The matrices are small: on a busy machine several threads wait for each other (93 s, not 14 s).
    with threadpool_limits(limits=1):
        return fit(topics, tuple(corrections))


__all__ = ["FORMAT", "Features", "Model", "ModelError", "TopicReading", "fingerprint", "train", "weighed"]
