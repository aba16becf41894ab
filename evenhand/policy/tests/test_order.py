"""The order of clauses and of facts never matters: a document shuffled says the same of every case."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from evenhand.policy import check, compare, compile_policy, load

from .large import large, pruned

ROOT = Path(__file__).parents[3] / "examples" / "policies"
SHIPPED = {name: load(ROOT / f"{name}.md").text for name in ("americommerce", "sparkpay")}
GOOD = (Path(__file__).parent / "good" / "every-kind-of-rule.md").read_text()
LARGE = {f"seed {seed}": pruned(large(seed, 24)) for seed in range(4)}
SOUND = {**SHIPPED, "every kind of rule": GOOD, **LARGE}
LOOSE = {seed: large(seed, 24, tidy=False) for seed in range(4)}


def shuffled(text: str, seed: int) -> str:
    """Clauses in another order within each part, lines of the facts' schedule in another order."""
    pick = random.Random(seed)
    parts = re.split(r"^(?=# )", text, flags=re.M)
    return "".join(_facts(pick, "".join(_mixed(pick, r"^(?=##+ )", part))) for part in parts)


def _mixed(pick: random.Random, before: str, text: str) -> list[str]:
    first, *pieces = re.split(before, text, flags=re.M)
    pieces = [piece.rstrip("\n") + "\n\n" for piece in pieces]
    pick.shuffle(pieces)
    return [first, *pieces]


def _facts(pick: random.Random, part: str) -> str:
    def mixed(found: re.Match[str]) -> str:
        entries = re.split(r"^(?=\S)", found[1], flags=re.M)[1:]
        pick.shuffle(entries)
        return f"```facts\n{''.join(entries)}```"

    return re.sub(r"```facts\n(.*?)```", mixed, part, flags=re.S)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SOUND)
def test_a_shuffled_document_decides_and_reads_alike(name: str, seed: int) -> None:
    moved = shuffled(SOUND[name], seed)
    assert moved != SOUND[name]
    found = compare(compile_policy(SOUND[name]), compile_policy(moved))
    assert (found.differences, found.edits, found.uncompared) == ((), (), ())


@pytest.mark.parametrize("seed", LOOSE)
def test_a_shuffled_document_has_the_same_kinds_of_fault(seed: int) -> None:
    codes = [{finding.code for finding in check(text)} for text in (LOOSE[seed], shuffled(LOOSE[seed], seed))]
    assert codes[0] == codes[1]
    assert "conflict" in codes[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_same_clauses_never_decide_in_a_shuffled_document(seed: int) -> None:
    text = large(seed, 24)
    silent = [
        sorted((one.code, one.clause or "") for one in check(each)) for each in (text, shuffled(text, seed))
    ]
    assert silent[0] == silent[1]
    assert "unreachable" in {code for code, _ in silent[0]}
