"""A message as numbers: words, word pairs, character runs and concepts, hashed.

Each family of features is weighed by rarity, scaled to length one and then by its share, so that the
similarity of two texts is the weighted mean of their cosine similarities in words, characters and concepts.
Hashes are 32-bit CRCs: stable over processes, versions and machines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from math import log, sqrt
from zlib import crc32

from evenhand.reading.concepts import concepts
from evenhand.reading.wording import as_first_person, evened, sentences, stem, without_courtesies, words

SHARES = {"word": 0.50, "characters": 0.30, "concept": 0.20}
"""How much each family counts in the similarity of two texts; together 1."""

SHORTEST_RUN, LONGEST_RUN = 3, 5


@dataclass(frozen=True, kw_only=True)
class Features:
    """The features of one text: for each family, hash → how often; `spelt` gives the words back."""

    counts: dict[str, dict[int, int]]
    spelt: dict[int, str]


def plainly(text: str) -> str:
    """What of `text` is read for its matter: courtesies left out, a note of a call as the caller speaks."""
    return as_first_person(evened(without_courtesies(text)))


def features(text: str) -> Features:
    """The features of `text` as it is read for its matter."""
    return features_of(plainly(text))


def features_of(plain: str) -> Features:
    """The features of a text that is evened already."""
    spelt: dict[int, str] = {}
    counts: dict[str, Counter[int]] = {family: Counter() for family in SHARES}
    met: set[str] = set()
    heard: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    first_written: dict[str, str] = {}
    for sentence in sentences(plain):
        spoken = words(sentence)
        stems = [stem(word) for word in spoken]
        met.update(concepts(stems))
        heard.update(spoken)
        said = [*zip(stems, spoken, strict=True)]
        said += [
            (f"{left} {right}", f"{first} {second}") for (left, first), (right, second) in pairwise(said)
        ]
        for term, written in said:
            terms[term] += 1
            first_written.setdefault(term, written)
    for word, often in heard.items():
        for at in _run_hashes(word):
            counts["characters"][at] += often
    for term, often in terms.items():
        at = _hash("w", term)
        counts["word"][at] += often
        spelt.setdefault(at, first_written[term])
    counts["concept"].update(_hash("k", concept) for concept in met)
    counts["concept"].update(_hash("k", f"{left} + {right}") for left, right in combinations(sorted(met), 2))
    return Features(counts={family: dict(held) for family, held in counts.items()}, spelt=spelt)


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


@lru_cache(maxsize=20_000)
def _run_hashes(word: str) -> tuple[int, ...]:
    """Kept, since people write the same few thousand words again and again."""
    return tuple(_hash("c", run) for run in _runs(word))


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
