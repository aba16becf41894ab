"""What names and name servers can have wrong."""

from __future__ import annotations

from evenhand.hosting.tests.faults import fault
from evenhand.hosting.tests.world import EDGE, ELSEWHERE, NS1, NS2, OLD_EDGE, RESOLVER, SHOP, World

WWW = f"www.{SHOP}"


@fault("dns-no-answer")
def the_resolver_is_silent(world: World) -> None:
    world.silent.add(RESOLVER)


@fault("dns-fails")
def every_look_up_fails(world: World) -> None:
    world.failing[SHOP] = "always"


@fault("dns-dnssec-broken")
def signatures_do_not_fit(world: World) -> None:
    world.failing[SHOP] = "checked"


@fault("dns-no-such-domain")
def the_domain_ran_out(world: World) -> None:
    del world.zones[SHOP]


@fault("dns-parent-child-differ")
def the_registry_names_another_server(world: World) -> None:
    world.zones["dns.example"].records["ns3.dns.example", "A"] = [NS2]
    world.zones[SHOP].delegated = ["ns1.dns.example", "ns3.dns.example"]


@fault("dns-parent-child-differ")
def the_registry_names_only_one_of_two(world: World) -> None:
    world.zones[SHOP].delegated = ["ns1.dns.example"]


@fault("dns-name-server-unresolved")
def a_name_server_has_no_address(world: World) -> None:
    world.zones["dns.example"].records.pop(("ns2.dns.example", "A"))
    world.zones["dns.example"].records["ns1.dns.example", "A"] = [NS1, NS2]


@fault("dns-dead-server")
def a_name_server_is_silent(world: World) -> None:
    world.silent.add(NS2)


@fault("dns-lame-server")
def a_name_server_knows_nothing_of_the_zone(world: World) -> None:
    world.zones[SHOP].lame.add(NS2)


@fault("dns-servers-differ")
def the_second_server_is_behind(world: World) -> None:
    world.zones[SHOP].serials[NS2] = 7


@fault("dns-one-name-server")
def both_name_servers_are_one(world: World) -> None:
    world.zones["dns.example"].records["ns2.dns.example", "A"] = [NS1]


@fault("dns-alias-loop")
def www_is_an_alias_of_itself(world: World) -> None:
    world.set(WWW, "CNAME", f"loop.{SHOP}.")
    world.set(f"loop.{SHOP}", "CNAME", f"{WWW}.")


@fault("dns-dangling")
def www_leads_to_a_name_that_is_gone(world: World) -> None:
    world.set(WWW, "CNAME", "gone.platform.example.")


@fault("dns-apex-missing")
def the_domain_itself_has_no_address(world: World) -> None:
    world.set(SHOP, "A")


@fault("dns-www-missing")
def www_is_not_there(world: World) -> None:
    world.set(WWW, "CNAME")


@fault("dns-private-address")
def the_domain_leads_into_a_private_network(world: World) -> None:
    world.set(SHOP, "A", "10.0.0.5")


@fault("dns-old-edge")
def the_domain_leads_to_the_old_edge(world: World) -> None:
    world.set(SHOP, "A", OLD_EDGE)
    world.also_serve(OLD_EDGE)


@fault("dns-mixed")
def one_of_two_addresses_is_foreign(world: World) -> None:
    world.set(SHOP, "A", EDGE, ELSEWHERE)
    world.also_serve(ELSEWHERE)


@fault("dns-apex-elsewhere")
def the_domain_leads_to_another_server(world: World) -> None:
    world.set(SHOP, "A", ELSEWHERE)
    world.also_serve(ELSEWHERE)


@fault("dns-www-elsewhere")
def www_leads_to_another_server(world: World) -> None:
    world.set(WWW, "CNAME")
    world.set(WWW, "A", ELSEWHERE)
    world.also_serve(ELSEWHERE)


@fault("dns-stray-aaaa")
def a_forgotten_ipv6_address_leads_elsewhere(world: World) -> None:
    world.set(SHOP, "AAAA", "::1")
    world.also_serve("::1")


@fault("dns-caa-forbids")
def only_another_authority_may_issue(world: World) -> None:
    world.set(SHOP, "CAA", '0 issue "other.example"')


@fault("dns-caa-forbids")
def no_authority_may_issue(world: World) -> None:
    world.set(SHOP, "CAA", '0 issue ";"')


@fault("dns-changing")
def the_resolver_still_holds_the_old_address(world: World) -> None:
    world.stale[SHOP, "A"] = ([EDGE], 2400)
    world.set(SHOP, "A", ELSEWHERE)
    world.platform = world.platform_with(edge=(EDGE, ELSEWHERE))
