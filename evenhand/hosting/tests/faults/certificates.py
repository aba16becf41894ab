"""What certificates and protocols can have wrong."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from evenhand.hosting.tests.faults import fault
from evenhand.hosting.tests.paper import (
    DAY,
    NOW,
    Paper,
    between,
    issue,
    rsa_between,
    rsa_key,
    signed_with_sha1,
    stranger,
)
from evenhand.hosting.tests.world import EDGE, ISSUER, SHOP, Respond, World, a_shop

WWW = f"www.{SHOP}"


def lying_there(issuer: Paper) -> Respond:
    """A server that hands out an issuer's certificate."""
    own = issuer.certificate.public_bytes(Encoding.DER)
    return lambda host, path: b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(own), own)


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
    world.http[ISSUER] = lying_there(between())


@fault("tls-untrusted-issuer")
def nobody_knows_the_issuer(world: World) -> None:
    world.show(issue(SHOP, SHOP, WWW, by=stranger()), stranger())


@fault("tls-untrusted-issuer")
def the_issuer_that_it_names_is_not_trusted_either(world: World) -> None:
    place = "http://issuer.platform.example/stranger.der"
    world.show(issue(SHOP, SHOP, WWW, by=stranger(), issuer_address=place))
    world.http[ISSUER] = lying_there(stranger())


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
