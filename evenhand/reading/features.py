"""A message as numbers: words, word pairs, character runs and concepts, hashed.

Each family of features is weighed by rarity, scaled to length one and then by its share, so that the
similarity of two texts is the weighted mean of their cosine similarities in words, characters and concepts.
Hashes are 32-bit CRCs: stable over processes, versions and machines, and no list of words has to be loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from zlib import crc32

from evenhand.reading.concepts import concepts
from evenhand.reading.wording import evened, sentences, stem, without_courtesies, words

SHARES = {"word": 0.40, "characters": 0.25, "concept": 0.35}
"""How much each family counts in the similarity of two texts; together 1."""

SHORTEST_RUN, LONGEST_RUN = 3, 5


@dataclass(frozen=True, kw_only=True)
class Features:
    """The features of one text: for each family, hash → how often; `spelt` gives the words back."""

    counts: dict[str, dict[int, int]]
    spelt: dict[int, str]
    length: int


def features(text: str) -> Features:
    """The features of `text`; courtesies at its ends are left out."""
    plain = evened(without_courtesies(text))
    spelt: dict[int, str] = {}
    word: Counter[int] = Counter()
    run: Counter[int] = Counter()
    concept: Counter[int] = Counter()
    length = 0
    for sentence in sentences(plain):
        spoken = words(sentence)
        stems = [stem(one) for one in spoken]
        length += len(stems)
        for said, one in zip(spoken, stems, strict=True):
            spelt.setdefault(_hash("w", one), said)
        for left, right in pairwise(zip(spoken, stems, strict=True)):
            spelt.setdefault(_hash("w", f"{left[1]} {right[1]}"), f"{left[0]} {right[0]}")
        word.update(_hash("w", one) for one in stems)
        word.update(_hash("w", f"{left} {right}") for left, right in pairwise(stems))
        run.update(_hash("c", one) for said in spoken for one in _runs(said))
        met = concepts(stems)
        concept.update(_hash("k", one) for one in met)
        concept.update(
            _hash("k", f"{left} + {right}") for at, left in enumerate(met) for right in met[at + 1 :]
        )
    return Features(
        counts={"word": dict(word), "characters": dict(run), "concept": dict(concept)},
        spelt=spelt,
        length=length,
    )


def weighed(one: Features, rarity: Mapping[int, float], unheard: float = 0.0) -> dict[int, float]:
    """The vector of one text, of length one where every feature is known.

    Features without a rarity are left out, but count as `unheard` rare in the length: a message of which the
    sayings have little is like none of them.
    """
    vector: dict[int, float] = {}
    for family, counts in one.counts.items():
        weights = {at: (1 + log(often)) * rarity.get(at, unheard) for at, often in counts.items()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        if length:
            scale = sqrt(SHARES[family]) / length
            vector.update((at, weight * scale) for at, weight in weights.items() if at in rarity)
    return vector


def _hash(family: str, feature: str) -> int:
    return crc32(f"{family}:{feature}".encode())


def _runs(word: str) -> list[str]:
    """The character runs of one word with its borders: ` im`, `imp`, …"""
    edged = f" {word} "
    return [
        edged[start : start + length]
        for length in range(SHORTEST_RUN, LONGEST_RUN + 1)
        for start in range(max(1, len(edged) - length + 1))
    ]
