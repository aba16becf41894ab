"""What mail for a domain can have wrong."""

from __future__ import annotations

from evenhand.hosting.tests.faults import fault
from evenhand.hosting.tests.paper import between, issue
from evenhand.hosting.tests.world import MAIL, SHOP, STS, World, page


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
