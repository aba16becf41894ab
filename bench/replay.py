"""How fast a million recorded rulings are decided again under a draft, and how fast records are made.

A fresh desk with two versions of each brand's policy gets its rulings by `evenhand load --rulings`; then a
process of its own replays each brand under the other brand's policy, where nearly everything is decided
otherwise. That process and its PostgreSQL backend are held to one and the same core, parallel workers are
off, and both are counted: seconds are of that core. Reading, deciding and adding up are in it, and in the
first round the compiling of all versions too.

`python -m bench.replay` prints these figures alone.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figure import Figure, median

ROOT = Path(__file__).resolve().parents[1]
POLICIES = ROOT / "examples" / "policies"
RULINGS = 1_000_000
ROUNDS = 5
BRANDS = {"americommerce": "sparkpay", "sparkpay": "americommerce"}  # whose rulings, under whose policy


def replay_figures(rulings: int = RULINGS) -> list[Figure]:
    """Replay of `rulings` rulings of both brands, from PostgreSQL to the report."""
    home = Path(tempfile.mkdtemp(prefix="evenhand-bench-"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    environment |= {"EVENHAND_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    try:
        _part("furnish", environment)
        subprocess.run(
            [sys.executable, "-m", "evenhand.cli", "load", "--rulings", str(rulings)],
            env=environment,
            check=True,
        )
        told = json.loads(_part("measure", environment))
    finally:
        from evenhand import postgres

        postgres.destroy(home)
        shutil.rmtree(home, ignore_errors=True)
    return _figures(told)


def _figures(told: dict[str, Any]) -> list[Figure]:
    millions = told["compared"] / 1e6
    seconds = [one / millions for one in told["seconds"]]
    print(
        f"replay: {told['compared']:,} rulings, {told['changed']:,} decided otherwise, "
        f"{told['groups']} groups; core {told['core']}, backend {'' if told['pinned'] else 'not '}held to it",
        flush=True,
    )
    return [
        Figure(
            name="replay of a million rulings, core seconds",
            value=median(seconds),
            unit="s",
            target=1,
            at_least=False,
            samples=seconds,
        ),
        Figure(
            name="the same with every version compiled first",
            value=seconds[0],
            unit="s",
            target=1,
            at_least=False,
            samples=seconds[:1],
        ),
        Figure(
            name="the same by the clock, sharing the core",
            value=median(told["elapsed"]) / millions,
            unit="s",
            target=1,
            at_least=False,
            samples=[one / millions for one in told["elapsed"]],
        ),
        Figure(
            name="memory of the process that replays",
            value=told["megabytes"],
            unit="MB",
            target=500,
            at_least=False,
            samples=[told["megabytes"]],
        ),
    ]


def record_figures(rounds: int = 9) -> list[Figure]:
    """`Policy.decide` of known facts and the packed record of it, nothing else in the loop."""
    from bench.policy import DOCUMENT, _requests
    from evenhand.policy import load
    from evenhand.policy.packed import Packing

    policy = load(DOCUMENT)
    requests = _requests(policy, seed=1)
    decide, pack = policy.decide, Packing(policy).pack_decision
    for facts in _requests(policy, seed=2):
        pack(facts, decide(facts))
    per_second = []
    for _ in range(rounds):
        start = time.perf_counter()
        for facts in requests:
            pack(facts, decide(facts))
        per_second.append(len(requests) / (time.perf_counter() - start))
    return [
        Figure(
            name="decide and packed record, one core",
            value=median(per_second),
            unit="/s",
            target=300_000,
            at_least=True,
            samples=per_second,
        )
    ]


def _part(name: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bench.replay", name]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return done.stdout.splitlines()[-1] if done.stdout else ""


def _furnish() -> None:
    """The demo's brands, each with a second version in force for the last hundred days."""
    from evenhand.serving.opening import open_desk

    open_desk()
    import datetime as dt

    from evenhand.demo.build import furnish
    from evenhand.people.models import Brand
    from evenhand.rulebook import actions

    furnish()
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=100)
    for slug in BRANDS:
        text = (POLICIES / f"{slug}.md").read_text(encoding="utf-8")
        other = text.replace("acts alone from: 0.85", "acts alone from: 0.80")
        brand = Brand.objects.get(slug=slug)
        actions.publish(brand, other, sayings=_sayings(slug), by=None, from_=since, backdate=True)


def _sayings(slug: str) -> str:
    return (POLICIES / f"{slug}.sayings.md").read_text(encoding="utf-8")


def _measure() -> dict[str, Any]:
    """In a process that does nothing else: replay all rulings some times over."""
    from evenhand.serving.opening import open_desk

    open_desk()
    core, backend, pinned = _one_core()
    reports: list[Any] = []
    seconds, elapsed = [], []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), _cpu(backend)
        reports = _replayed()
        elapsed.append(time.perf_counter() - begun)
        seconds.append(_cpu(backend) - used)
    return {
        "core": core,
        "pinned": pinned,
        "compared": sum(report.total for report in reports),
        "changed": sum(report.changed for report in reports),
        "groups": sum(len(report.groups) for report in reports),
        "seconds": seconds,
        "elapsed": elapsed,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _replayed() -> list[Any]:
    import datetime as dt

    from evenhand.people.models import Brand
    from evenhand.policy import load
    from evenhand.tickets.models import Ticket
    from evenhand.tickets.queries.replay import replay

    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    reports = []
    for slug, other in BRANDS.items():
        brand, draft = Brand.objects.get(slug=slug), load(POLICIES / f"{other}.md")
        reports.append(replay(brand, draft, long_ago, visible=Ticket.objects.filter(brand=brand)))
    return reports


def _one_core() -> tuple[int, int, bool]:
    """Hold this process and its backend to one core. The core, the backend's number, whether it worked."""
    from django.db import connection

    core = max(os.sched_getaffinity(0))
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    os.sched_setaffinity(0, {core})
    try:
        os.sched_setaffinity(backend, {core})
    except OSError:
        return core, backend, False
    return core, backend, True


def _cpu(backend: int) -> float:
    """Processor seconds of this process and of its backend."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return used.ru_utime + used.ru_stime + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(words: list[str]) -> None:
    if words == ["furnish"]:
        _furnish()
    elif words == ["measure"]:
        print(json.dumps(_measure()))
    else:
        for figure in [*record_figures(), *replay_figures(*map(int, words))]:
            print(figure.line(), figure.raw(), sep="\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
