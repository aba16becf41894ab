"""The "is it right?" head: how likely a reading is right, learnt where the truth was hidden.

Probabilities fitted on known topics alone are far too bold as soon as a message speaks of something else.  So
whole topics are hidden in turn (see `triage.train`): the head sees guesses that were right, guesses that were
wrong, and guesses about matters that the reader had never heard of, and learns to tell them apart from a few
signs that do not depend on the topic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

UNKNOWN_SHARE = 0.10
"""Of what arrives at a desk, about this share is about nothing that its document knows, spam and stray mail
being topics of their own. Ours, to be relearnt from rulings that agents accept and correct."""

SUREST = 0.995
"""What is called "something else" never vanishes."""

_STEPS = 60
_RIDGE = 1.0


@dataclass(frozen=True, kw_only=True)
class Head:
    """Two logistic curves over the same signs: is the first guess right, and is the matter known at all."""

    centre: Numbers
    spread: Numbers
    right: Numbers
    known: Numbers

    def right_and_known(self, signs: Numbers) -> tuple[Numbers, Numbers]:
        """Probabilities that the first guess is right and that the matter is known, for rows of signs."""
        rows = _with_one((signs - self.centre) / self.spread)
        right = np.minimum(_sigmoid(rows @ self.right), SUREST)
        return right, np.maximum(np.minimum(_sigmoid(rows @ self.known), SUREST), right)


def signs(shares: Numbers, nearest: Numbers, agreeing: Numbers, heard: Numbers) -> Numbers:
    """The signs of confidence for each row: how far the first share stands above the rest, the entropy of the
    shares, the similarity of the nearest saying, whether that is of the same topic, and the part of the words
    that training has heard."""
    first = np.clip(shares.max(axis=1), 1e-6, 1 - 1e-6)
    entropy = -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
    return np.stack([np.log(first / (1 - first)), entropy, nearest, agreeing, heard], axis=1)


def learn(rows: Numbers, right: Numbers, hidden: Numbers) -> Head:
    """A head from rows of signs, whether the first guess was right, and whether the topic had been hidden."""
    known = ~hidden
    weight = np.where(
        hidden, UNKNOWN_SHARE / max(hidden.sum(), 1), (1 - UNKNOWN_SHARE) / max(known.sum(), 1)
    ) * len(rows)
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    standard = _with_one((rows - centre) / spread)
    return Head(
        centre=centre,
        spread=spread,
        right=_logistic(standard, right.astype(float), weight),
        known=_logistic(standard, known.astype(float), weight),
    )


def _logistic(rows: Numbers, truth: Numbers, weight: Numbers) -> Numbers:
    """Weighted logistic regression by Newton's method, with a slight ridge so that it always ends."""
    answer = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        belief = _sigmoid(rows @ answer)
        slope = rows.T @ (weight * (belief - truth)) + _RIDGE * answer
        bend = (rows * (weight * belief * (1 - belief))[:, None]).T @ rows
        step = np.linalg.solve(bend + _RIDGE * np.eye(len(answer)), slope)
        answer = answer - step
        if np.abs(step).max() < 1e-8:
            break
    return answer


def _with_one(rows: Numbers) -> Numbers:
    return np.hstack([rows, np.ones((len(rows), 1))])


def _sigmoid(value: Numbers) -> Numbers:
    result: Numbers = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return result
