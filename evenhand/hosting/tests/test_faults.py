"""One fault at a time in a healthy world: found with the right code, and with no other."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from evenhand.hosting.tests.paper import (
    DAY,
    NOW,
    between,
    issue,
    rsa_between,
    rsa_key,
    signed_with_sha1,
    stranger,
)
from evenhand.hosting.tests.world import (
    EDGE,
    ELSEWHERE,
    ISSUER,
    MAIL,
    NS1,
    NS2,
    OLD_EDGE,
    RDAP,
    RESOLVER,
    SHOP,
    STS,
    World,
    a_shop,
    page,
    redirect,
    to_https,
)

WWW = f"www.{SHOP}"
Fault = Callable[[World], None]
FAULTS: dict[str, tuple[str, Fault]] = {}


def fault(code: str) -> Callable[[Fault], Fault]:
    """A fault and the one code that it is found by."""

    def keep(injected: Fault) -> Fault:
        FAULTS[injected.__name__.replace("_", " ")] = (code, injected)
        return injected

    return keep


# Names and name servers


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


# Certificates and protocols


@fault("tls-expired")
def the_certificate_ran_out_yesterday(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between(), begins=NOW - 90 * DAY, ends=NOW - DAY), between())


@fault("tls-not-yet-valid")
def the_certificate_begins_tomorrow(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between(), begins=NOW + DAY), between())


@fault("tls-self-signed")
def the_server_signed_for_itself(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW))


@fault("tls-wrong-host")
def the_certificate_is_another_shops(world: World) -> None:
    world.show(issue("other.example", "other.example", by=between()), between())


@fault("tls-wrong-host")
def a_star_stands_for_one_label_only(world: World) -> None:
    world.show(issue("stars", SHOP, f"*.www.{SHOP}", "*.example", by=between()), between())


@fault("tls-incomplete-chain")
def the_certificate_in_between_is_not_sent(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between()))


@fault("tls-incomplete-chain")
def the_missing_certificate_lies_where_it_says(world: World) -> None:
    place = "http://issuer.platform.example/between.der"
    world.show(issue(SHOP, SHOP, WWW, by=between(), issuer_address=place))
    own = between().certificate.public_bytes(Encoding.DER)
    world.http[ISSUER] = lambda host, path: (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(own), own)
    )


@fault("tls-untrusted-issuer")
def nobody_knows_the_issuer(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=stranger()), stranger())


@fault("tls-untrusted-issuer")
def the_issuer_that_it_names_is_not_trusted_either(world: World) -> None:
    place = "http://issuer.platform.example/stranger.der"
    world.show(issue(SHOP, SHOP, WWW, by=stranger(), issuer_address=place))
    own = stranger().certificate.public_bytes(Encoding.DER)
    world.http[ISSUER] = lambda host, path: (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(own), own)
    )


@fault("tls-weak-key")
def the_key_has_1024_bits(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between(), key=rsa_key(1024)), between())


@fault("tls-weak-digest")
def the_signature_is_sha1(world: World) -> None:
    own = issue(SHOP, SHOP, WWW, by=rsa_between(), key=rsa_key(2048))
    world.show(signed_with_sha1(own, rsa_between()), rsa_between())


@fault("tls-wrong-purpose")
def the_certificate_is_for_signing_mail(world: World) -> None:
    own = issue(SHOP, SHOP, WWW, by=between(), purpose=ExtendedKeyUsageOID.EMAIL_PROTECTION)
    world.show(own, between())


@fault("tls-expires-soon")
def the_certificate_ends_in_five_days(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between(), ends=NOW + 5 * DAY), between())


@fault("tls-old-only")
def only_outdated_protocols_are_spoken(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between()), between(), old="only")


@fault("tls-old-too")
def outdated_protocols_are_spoken_too(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=between()), between(), old="too")


@fault("tls-not-spoken")
def plain_http_answers_at_the_secure_port(world: World) -> None:
    world.https[EDGE] = (None, a_shop)


@fault("tls-refused")
def nothing_listens_at_the_secure_port(world: World) -> None:
    del world.https[EDGE]


@fault("tls-handshake")
def the_connection_breaks_off(world: World) -> None:
    world.hanging_up.add(EDGE)


@fault("tls-timeout")
def the_secure_port_never_answers(world: World) -> None:
    world.mute.add(EDGE)
    world.patience = 0.5


# Pages


@fault("web-refused")
def nothing_listens_at_the_plain_port(world: World) -> None:
    del world.http[EDGE]


@fault("web-no-redirect")
def plain_http_shows_the_shop(world: World) -> None:
    world.http[EDGE] = a_shop


@fault("web-redirect-loop")
def two_redirects_undo_one_another(world: World) -> None:
    world.answer(lambda host, path: redirect(f"https://{WWW if host == SHOP else SHOP}/"))


@fault("web-redirect-loop")
def a_redirect_never_ends(world: World) -> None:
    world.answer(lambda host, path: redirect(f"https://{host}/{path.strip('/')}x"))


@fault("web-redirect-astray")
def the_shop_redirects_to_a_name_that_is_not_there(world: World) -> None:
    world.answer(lambda host, path: redirect("https://gone.platform.example/"))


@fault("web-redirect-astray")
def the_shop_redirects_to_no_web_address(world: World) -> None:
    world.answer(lambda host, path: redirect("mailto:shop@shop.example"))


@fault("web-redirect-insecure")
def a_secure_page_redirects_to_a_plain_one(world: World) -> None:
    world.http[EDGE] = lambda host, path: page() if path == "/plain" else to_https(host, path)
    world.answer(lambda host, path: redirect(f"http://{host}/plain"))


@fault("web-server-error")
def the_first_page_fails(world: World) -> None:
    world.answer(lambda host, path: page("down", "503 Service Unavailable"))


@fault("web-not-found")
def there_is_no_first_page(world: World) -> None:
    world.answer(lambda host, path: page("none", "404 Not Found"))


@fault("web-other-site")
def another_site_shows(world: World) -> None:
    world.answer(lambda host, path: page("Hello", Strict_Transport_Security="max-age=1"))


@fault("web-no-hsts")
def browsers_are_not_told_to_stay(world: World) -> None:
    world.answer(lambda host, path: page())


@fault("web-mixed-content")
def a_picture_is_loaded_plainly(world: World) -> None:
    body = 'Powered by Example Shops <IMG alt="" src="http://pictures.example/a.png">'
    world.answer(lambda host, path: page(body, Strict_Transport_Security="max-age=1"))


@fault("web-mixed-content")
def a_style_is_loaded_plainly(world: World) -> None:
    body = "Powered by Example Shops <link href='http://styles.example/a.css' rel=stylesheet>"
    world.answer(lambda host, path: page(body, Strict_Transport_Security="max-age=1"))


# Mail


@fault("mx-missing")
def no_mail_server_is_named(world: World) -> None:
    world.set(SHOP, "MX")


@fault("mx-null")
def the_domain_takes_no_mail(world: World) -> None:
    world.set(SHOP, "MX", "0 .")


@fault("mx-null-beside-others")
def mail_is_refused_and_accepted(world: World) -> None:
    world.set(SHOP, "MX", "0 .", f"10 mail.{SHOP}.")


@fault("mx-alias")
def the_mail_server_is_an_alias(world: World) -> None:
    world.set(f"mail.{SHOP}", "A")
    world.set(f"mail.{SHOP}", "CNAME", f"real.{SHOP}.")
    world.set(f"real.{SHOP}", "A", MAIL)


@fault("mx-address")
def the_mail_server_is_an_address(world: World) -> None:
    world.set(SHOP, "MX", f"10 {MAIL}.")


@fault("mx-unresolved")
def the_mail_server_does_not_exist(world: World) -> None:
    world.set(SHOP, "MX", f"10 mial.{SHOP}.")


@fault("mx-dead")
def the_mail_server_is_silent(world: World) -> None:
    world.silent.add(MAIL)


@fault("mx-dead")
def the_mail_server_turns_everybody_away(world: World) -> None:
    world.greeting = b"554 No service here\r\n"


@fault("spf-missing")
def there_is_no_spf(world: World) -> None:
    world.set(SHOP, "TXT", '"a verification=1"')


@fault("spf-two")
def there_are_two_spf_records(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 include:_spf.platform.example ~all"', '"v=spf1 mx ~all"')


@fault("spf-syntax")
def spf_has_a_word_too_many(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 mx inclde:_spf.platform.example ~all"')


@fault("spf-syntax")
def spf_names_an_impossible_address(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 ip4:300.1.1.1 include:_spf.platform.example ~all"')


@fault("spf-lets-all")
def everybody_may_send(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 include:_spf.platform.example +all"')


@fault("spf-lets-all")
def everybody_may_send_since_no_sign_is_a_plus(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 include:_spf.platform.example all"')


@fault("spf-loop")
def spf_includes_itself(world: World) -> None:
    world.set(SHOP, "TXT", f'"v=spf1 include:_spf.platform.example include:{SHOP} ~all"')


@fault("spf-loop")
def spf_comes_back_through_another(world: World) -> None:
    world.set(SHOP, "TXT", f'"v=spf1 include:_spf.platform.example include:a.{SHOP} ~all"')
    world.set(f"a.{SHOP}", "TXT", f'"v=spf1 redirect={SHOP}"')


@fault("spf-broken-include")
def spf_includes_a_domain_without_spf(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 include:_spf.platform.example include:gone.platform.example ~all"')


@fault("spf-too-many-lookups")
def spf_needs_eleven_look_ups(world: World) -> None:
    names = " ".join(f"include:s{number}.{SHOP}" for number in range(10))
    for number in range(10):
        world.set(f"s{number}.{SHOP}", "TXT", '"v=spf1 ip4:192.0.2.1 -all"')
    first, rest = names[:200], names[200:]
    world.set(SHOP, "TXT", f'"v=spf1 include:_spf.platform.example {first}" "{rest} ~all"')


@fault("spf-without-platform")
def spf_forgets_the_platform(world: World) -> None:
    world.set(SHOP, "TXT", '"v=spf1 mx ~all"')


@fault("dkim-missing")
def the_platforms_key_is_not_there(world: World) -> None:
    world.set(f"shops1._domainkey.{SHOP}", "TXT")


@fault("dkim-broken")
def the_key_was_cut(world: World) -> None:
    world.set(f"shops1._domainkey.{SHOP}", "TXT", '"v=DKIM1; k=rsa; p=MIIBIjANBgkqh"')


@fault("dkim-broken")
def a_usual_selector_holds_no_key(world: World) -> None:
    world.set(f"google._domainkey.{SHOP}", "TXT", '"google-site-verification=1"')


@fault("dkim-revoked")
def the_key_was_withdrawn(world: World) -> None:
    world.set(f"shops1._domainkey.{SHOP}", "TXT", '"v=DKIM1; p="')


@fault("dkim-short-key")
def the_key_has_512_bits(world: World) -> None:
    world.set(f"shops1._domainkey.{SHOP}", "TXT", f'"v=DKIM1; k=rsa; p={_short_key()}"')


def _short_key() -> str:
    """A key of 512 bits, built by hand, since libraries refuse to make one."""
    import base64

    modulus = b"\x00" + b"\xc5" * 63 + b"\x0d"
    integers = _der(2, modulus) + _der(2, b"\x01\x00\x01")
    inner = b"\x00" + _der(0x30, integers)
    rsa_name = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(_der(0x30, rsa_name + _der(3, inner))).decode()


def _der(tag: int, content: bytes) -> bytes:
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return bytes([tag]) + length + content


@fault("dmarc-missing")
def there_is_no_dmarc(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT")


@fault("dmarc-typo")
def dmarc_names_an_unknown_policy(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT", '"v=DMARC1; p=rejct"')


@fault("dmarc-typo")
def dmarc_begins_wrongly(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT", '"p=none; v=DMARC1"')


@fault("dmarc-two")
def there_are_two_dmarc_records(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT", '"v=DMARC1; p=none"', '"v=DMARC1; p=reject"')


@fault("dmarc-wrong-name")
def dmarc_stands_at_the_domain_itself(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT")
    world.zone_of(SHOP).records[SHOP, "TXT"].append('"v=DMARC1; p=none"')


@fault("dmarc-wrong-name")
def dmarc_was_entered_with_the_domain_twice(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT")
    world.set(f"_dmarc.{SHOP}.{SHOP}", "TXT", '"v=DMARC1; p=none"')


@fault("dmarc-report-address")
def reports_go_to_no_address(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT", f'"v=DMARC1; p=none; rua=dmarc@{SHOP}"')


@fault("dmarc-reports-unauthorised")
def reports_go_to_a_domain_that_did_not_agree(world: World) -> None:
    world.set(f"_dmarc.{SHOP}", "TXT", '"v=DMARC1; p=none; rua=mailto:a@platform.example"')


def with_mta_sts(world: World, text: str | None, record: str = '"v=STSv1; id=1"') -> None:
    world.set(f"_mta-sts.{SHOP}", "TXT", record)
    world.set(f"mta-sts.{SHOP}", "A", STS)
    if text is not None:
        own = issue("sts", f"mta-sts.{SHOP}", by=between())
        world.show_at(STS, own, between(), answer=lambda host, path: page(text))


GOOD_STS = f"version: STSv1\nmode: enforce\nmx: mail.{SHOP}\nmax_age: 86400\n"


@fault("mta-sts-record")
def the_announcement_has_no_number(world: World) -> None:
    with_mta_sts(world, GOOD_STS, '"v=STSv1;"')


@fault("mta-sts-no-file")
def the_announced_file_is_not_there(world: World) -> None:
    with_mta_sts(world, None)


@fault("mta-sts-file")
def the_file_names_no_mode(world: World) -> None:
    with_mta_sts(world, GOOD_STS.replace("mode: enforce\n", ""))


@fault("mta-sts-other-servers")
def the_file_names_another_server(world: World) -> None:
    with_mta_sts(world, GOOD_STS.replace("mail.", "old."))


@fault("tls-rpt-record")
def reports_on_encryption_go_nowhere(world: World) -> None:
    world.set(f"_smtp._tls.{SHOP}", "TXT", '"v=TLSRPTv1; rua=nowhere"')


# Registration


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


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_code_and_no_other(name: str) -> None:
    code, inject = FAULTS[name]
    world = World()
    inject(world)
    assert world.codes() == [code]


def test_a_healthy_shop_is_all_well() -> None:
    assert World().codes() == []


def test_there_are_enough_faults_to_trust_it() -> None:
    assert len(FAULTS) >= 60
