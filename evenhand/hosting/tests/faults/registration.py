"""What a registration can have wrong."""

from __future__ import annotations

import datetime as dt
import json

from evenhand.hosting.tests.faults import fault
from evenhand.hosting.tests.paper import DAY, NOW, between, issue
from evenhand.hosting.tests.world import RDAP, SHOP, World, page


def registered(world: World, **said: object) -> None:
    """A registry that answers about the domain, and a list of registries that names it."""
    own = issue("rdap", "rdap.platform.example", by=between())
    listed = {"services": [[["example"], ["https://rdap.platform.example/"]]]}
    answers = {"/dns.json": listed, f"/domain/{SHOP}": said}
    world.show_at(
        RDAP, own, between(), answer=lambda host, path: page(json.dumps(answers[path.partition("?")[0]]))
    )
    world.bootstrap = f"https://rdap.platform.example/dns.json?{id(world)}"  # kept for a day by its address


def expiring(when: dt.datetime) -> list[dict[str, str]]:
    return [{"eventAction": "expiration", "eventDate": when.isoformat()}]


@fault("reg-expired")
def the_registration_ran_out(world: World) -> None:
    registered(world, events=expiring(NOW - DAY))


@fault("reg-expires-soon")
def the_registration_ends_in_ten_days(world: World) -> None:
    registered(world, events=expiring(NOW + 10 * DAY))


@fault("reg-on-hold")
def the_registry_holds_the_domain(world: World) -> None:
    registered(world, status=["client hold"], events=expiring(NOW + 100 * DAY))


@fault("reg-redemption")
def the_domain_waits_for_deletion(world: World) -> None:
    registered(world, status=["pending delete"])


@fault("reg-no-rdap")
def the_ending_has_no_rdap(world: World) -> None:
    registered(world)
    listed = {"services": [[["other"], ["https://rdap.platform.example/"]]]}
    own = issue("rdap", "rdap.platform.example", by=between())
    world.show_at(RDAP, own, between(), answer=lambda host, path: page(json.dumps(listed)))


@fault("reg-no-answer")
def the_list_of_registries_cannot_be_read(world: World) -> None:
    registered(world)
    own = issue("rdap", "rdap.platform.example", by=between())
    world.show_at(RDAP, own, between(), answer=lambda host, path: page("no list"))
