"""How a reader of topics is trained: logistic regression over similarities, and the head by hiding topics.

1,600 sayings of 34 topics take about five seconds on one core; nothing is random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.reading.confidence import learn, signs
from evenhand.reading.features import Features, features, plainly, weighed
from evenhand.reading.triage import Model, fingerprint, softmax
from evenhand.reading.wording import words

Numbers = NDArray[Any]

SLACK = 20.0
"""How freely the fit may follow single sayings."""

MOST_STEPS = 30
"""After so many steps of the fit nothing more is gained on sayings that it has not seen."""

PARTS = 5
"""Sayings are held out in this many parts."""

HIDDEN_AT_ONCE = 6
"""How many topics are hidden together while the head learns."""

_JITTER = 1e-6

MOST_EXAMPLES = 6_000
"""Beyond this the newest corrections are kept: the fit costs the cube of it."""


def fit(topics: Mapping[str, Sequence[str]], corrections: Sequence[tuple[str, str]]) -> Model:
    """The model of `topics` with `corrections`. ValueError where there is no topic with a saying."""
    names = tuple(topics)
    place = {name: at for at, name in enumerate(names)}
    said = [(text, place[name]) for name in names for text in topics[name]]
    room = max(0, MOST_EXAMPLES - len(said))
    taught = [(text, place[name]) for text, name in corrections if name in place]
    said += taught[max(0, len(taught) - room) :]
    if not said:
        raise ValueError("no topic has a description or a saying to learn from")
    found = [features(text) for text, _ in said]
    truth = np.array([topic for _, topic in said], dtype=np.int32)
    rarity = _rarity(found)
    vectors = [weighed(one, rarity) for one in found]
    hashes = np.array(sorted(rarity), dtype=np.uint32)
    start, said_in, said_weight = _by_feature(vectors, hashes)
    alike = _similarities(vectors, hashes)
    weight, offset = _solve(alike, truth, len(names))
    held = _held_out(alike, truth, len(names), found)
    sharpness = _sharpness(held["scores"][~held["hidden"]], held["truth"][~held["hidden"]])
    shares = softmax(sharpness * held["scores"])
    head = learn(
        signs(shares, held["nearest"], held["agreeing"], held["heard"]),
        held["scores"].argmax(axis=1) == held["truth"],
        held["hidden"],
    )
    return Model(
        topics=names,
        version=fingerprint(topics, corrections),
        hashes=hashes,
        rarity=np.array([rarity[at] for at in hashes.tolist()], dtype=np.float32),
        start=start,
        said_in=said_in,
        said_weight=said_weight,
        weight=weight.astype(np.float32),
        offset=offset.astype(np.float32),
        saying_topic=truth,
        sharpness=sharpness,
        unheard=_rareness(len(found), 0),
        head=head,
        words=_words([text for text, _ in said]),
    )


def _words(said: Sequence[str]) -> tuple[str, ...]:
    """The words of the sayings, the commonest first; words said equally often in order of the alphabet."""
    often = Counter(word for text in said for word in words(plainly(text)))
    return tuple(sorted(often, key=lambda word: (-often[word], word)))


def _rarity(found: Sequence[Features]) -> dict[int, float]:
    """How rare each feature is among the sayings: 1 where all have it, growing with the logarithm."""
    often = Counter(chain.from_iterable(set(counts) for one in found for counts in one.counts.values()))
    return {at: _rareness(len(found), count) for at, count in often.items()}


def _rareness(sayings: int, standing_in: int) -> float:
    return float(np.log((1 + sayings) / (1 + standing_in)) + 1)


def _by_feature(vectors: Sequence[dict[int, float]], hashes: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The sayings' vectors turned round: for each feature, in which sayings it stands with what weight."""
    at = np.searchsorted(hashes, np.fromiter(chain.from_iterable(vectors), dtype=np.uint32))
    sayings = np.repeat(np.arange(len(vectors)), [len(one) for one in vectors])
    weights = np.fromiter(chain.from_iterable(one.values() for one in vectors), dtype=np.float32)
    order = np.lexsort((sayings, at))
    start = np.concatenate(([0], np.bincount(at, minlength=len(hashes)).cumsum()))
    return start.astype(np.uint32), sayings[order].astype(np.uint16), weights[order]


def _similarities(vectors: Sequence[dict[int, float]], hashes: Numbers) -> Numbers:
    """The similarity of every two sayings."""
    from scipy.sparse import csr_matrix

    start = np.concatenate(([0], np.cumsum([len(one) for one in vectors])))
    at = np.searchsorted(hashes, np.fromiter(chain.from_iterable(vectors), dtype=np.uint32))
    weights = np.fromiter(chain.from_iterable(one.values() for one in vectors), dtype=np.float64)
    rows = csr_matrix((weights, at, start), shape=(len(vectors), len(hashes)))
    return np.asarray((rows @ rows.T).todense())


def _solve(alike: Numbers, truth: Numbers, topics: int) -> tuple[Numbers, Numbers]:
    """Weights (sayings × topics) and offsets under which the truth is likeliest, held back by `SLACK`.

    Multinomial logistic regression in the sayings' own coordinates (a Cholesky factor of their similarities),
    by L-BFGS. Topics count alike, however many sayings they have.
    """
    from scipy.optimize import minimize

    size = len(truth)
    axes = np.linalg.cholesky(alike + _JITTER * np.eye(size)).astype(np.float32)
    wanted = np.eye(topics, dtype=np.float32)[truth]
    often = wanted.sum(axis=0)
    share = (often[often > 0].mean() / often[truth])[:, None].astype(np.float32)

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        weight = flat[:-topics].reshape(size, topics).astype(np.float32)
        scores = axes @ weight + flat[-topics:].astype(np.float32)
        shares = softmax(scores)
        missed = -(share * np.log(np.maximum((shares * wanted).sum(axis=1, keepdims=True), 1e-30))).sum()
        slope = share * (shares - wanted)
        return (
            float(missed + (weight * weight).sum() / (2 * SLACK)),
            np.concatenate([(axes.T @ slope + weight / SLACK).ravel(), slope.sum(axis=0)]).astype(np.float64),
        )

    best = minimize(
        loss, np.zeros((size + 1) * topics), jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS}
    ).x
    weight = np.linalg.solve(axes.T.astype(np.float64), best[:-topics].reshape(size, topics))
    return weight, best[-topics:]


def _held_out(alike: Numbers, truth: Numbers, topics: int, found: Sequence[Features]) -> dict[str, Numbers]:
    """Readings of sayings that the fit did not see: with their topic known, and once with it hidden.

    In each round one part of all sayings is held out, and a group of topics hidden altogether.
    """
    part = np.zeros(len(truth), dtype=np.int64)
    for topic in range(topics):
        own = np.flatnonzero(truth == topic)
        part[own] = np.arange(len(own)) % PARTS
    rounds = max(-(-topics // HIDDEN_AT_ONCE), PARTS)
    rows: dict[str, list[Numbers]] = {
        name: [] for name in ("scores", "truth", "hidden", "nearest", "agreeing", "heard")
    }
    for one in range(rounds):
        group = [*range(one, topics, rounds)]
        hidden = np.isin(truth, group)
        asked = np.flatnonzero((part == one % PARTS) | hidden)
        seen = np.flatnonzero((part != one % PARTS) & ~hidden)
        if not len(seen):
            continue
        weight, offset = _solve(alike[np.ix_(seen, seen)], truth[seen], topics)
        near = alike[np.ix_(asked, seen)]
        scores = near @ weight + offset
        scores[:, group] = scores.min(axis=1, keepdims=True)
        rows["scores"].append(scores)
        rows["truth"].append(truth[asked])
        rows["hidden"].append(hidden[asked])
        rows["nearest"].append(near.max(axis=1))
        rows["agreeing"].append((truth[seen][near.argmax(axis=1)] == scores.argmax(axis=1)).astype(float))
        rows["heard"].append(
            _heard([found[at] for at in asked.tolist()], [found[at] for at in seen.tolist()])
        )
    return {name: np.concatenate(parts) for name, parts in rows.items()}


def _sharpness(scores: Numbers, truth: Numbers) -> float:
    """The factor that makes scores into the shares under which the truth was likeliest."""
    tried = np.geomspace(1, 100, 60)
    at = np.arange(len(truth))
    loss = [-np.log(np.maximum(softmax(factor * scores)[at, truth], 1e-9)).mean() for factor in tried]
    return float(tried[int(np.argmin(loss))])


def _heard(asked: Sequence[Features], seen: Sequence[Features]) -> Numbers:
    """For each text asked, the part of its words that stands in those seen."""
    known = set(chain.from_iterable(one.counts["word"] for one in seen))
    return np.array(
        [sum(at in known for at in one.counts["word"]) / max(len(one.counts["word"]), 1) for one in asked]
    )
