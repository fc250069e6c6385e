"""What a certificate must be, whose it is, and which revocation lists say anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from muster.kernel.identity.personal_certificates import chain, revocation
from muster.kernel.identity.personal_certificates.errors import CertificateRefused, UntrustedFile
from muster.kernel.identity.personal_certificates.mapping import UPN, Rule
from tests.factories.cards import Authority, Card, authority, usage

ROOT = authority("Force Root")
ISSUING = ROOT.authority("Force Cards")
NOW = datetime.now(UTC) + timedelta(hours=1)  # later than any card these tests make
TRUSTED = chain.Authorities([ROOT.certificate], [ISSUING.certificate])
CRITICAL = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.156.9"), b"\x05\x00")


def refused(card: Card, trusted: chain.Authorities = TRUSTED, at: datetime = NOW) -> str:
    with pytest.raises(CertificateRefused) as error:
        chain.path(card.certificate, trusted, at)
    return error.value.reason


def test_a_card_leads_to_the_root() -> None:
    path = chain.path(ISSUING.card().certificate, TRUSTED, NOW)
    assert path[1:] == [ISSUING.certificate, ROOT.certificate]


@pytest.mark.parametrize(
    "options",
    [
        {"eku": (ExtendedKeyUsageOID.SERVER_AUTH,)},
        {"eku": ()},
        {"key_usage": usage("key_encipherment")},
        {"more": [(CRITICAL, True)]},
        {"ca": True, "key_usage": usage("key_cert_sign", "digital_signature")},
    ],
)
def test_a_certificate_for_something_else_signs_nobody_in(options: dict[str, Any]) -> None:
    assert refused(ISSUING.card(**options)) == "certificate_untrusted"


def test_a_card_counts_between_its_first_and_last_day() -> None:
    card = ISSUING.card(days=2)
    assert refused(card, at=NOW - timedelta(days=1)) == "certificate_not_yet_valid"
    assert refused(card, at=NOW + timedelta(days=3)) == "certificate_expired"


def test_a_card_whose_issuer_is_missing_foreign_or_a_card_is_refused() -> None:
    assert refused(ISSUING.card(), chain.Authorities([ROOT.certificate])) == "certificate_untrusted"
    assert refused(ISSUING.card(), chain.Authorities([])) == "no_authority"
    twin = authority("Force Root").authority("Force Cards")
    assert refused(twin.card()) == "certificate_untrusted"
    clerk = ISSUING.card()
    by_clerk = Authority(clerk.certificate, clerk.key).card("A1")
    trusted = chain.Authorities([ROOT.certificate], [ISSUING.certificate, clerk.certificate])
    assert refused(by_clerk, trusted) == "certificate_untrusted"


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"x" * 5000])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(CertificateRefused):
        chain.parse(der)


def upn(value: str) -> x509.OtherName:
    return x509.OtherName(UPN, b"\x0c" + bytes([len(value)]) + value.encode())


@pytest.mark.parametrize(
    ("rule", "options", "number"),
    [
        ("serial_number", {"number": "204001"}, "204001"),
        ("email@police.example", {"names": [x509.RFC822Name("204001@police.example")]}, "204001"),
        ("email@police.example", {"names": [x509.RFC822Name("204001@evil.example")]}, ""),
        ("email@police.example", {"names": [x509.RFC822Name("a@police.example.evil")]}, ""),
        ("email@police.example", {}, ""),
        ("upn@police.example", {"names": [upn("204001@police.example")]}, "204001"),
        ("upn@police.example", {"names": [x509.RFC822Name("204001@police.example")]}, ""),
        (f"other_name:{UPN.dotted_string}", {"names": [upn("204001")]}, "204001"),
        ("uid", {"number": "204001"}, ""),
        ("serial_number", {"number": "204001 "}, ""),
        ("serial_number", {"number": "204001,CN=A1"}, ""),
        (
            "email@police.example",
            {"names": [x509.RFC822Name(f"{n}@police.example") for n in ("204001", "204002")]},
            "",
        ),
    ],
)
def test_a_rule_reads_one_field(rule: str, options: dict[str, Any], number: str) -> None:
    card = ISSUING.card(**options)
    if number:
        assert Rule(rule).number_in(card.certificate) == number
    else:
        with pytest.raises(CertificateRefused):
            Rule(rule).number_in(card.certificate)


def test_a_name_that_only_looks_like_another_names_nobody() -> None:
    """Comparing a whole subject as text would take the common name for a serial number."""
    lying = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Chen Yu,serialNumber=204001")])
    with pytest.raises(CertificateRefused):
        Rule("serial_number").number_in(ISSUING.card(subject=lying).certificate)


PART = {
    "full_name": [x509.UniformResourceIdentifier("http://crl.police.example/1.crl")],
    "relative_name": None,
    "only_contains_user_certs": False,
    "only_contains_ca_certs": False,
    "only_some_reasons": None,
    "indirect_crl": False,
    "only_contains_attribute_certs": False,
}


@pytest.mark.parametrize(
    "crl",
    [
        authority("Force Cards").crl(),
        authority("Somebody Else").crl(),
        ISSUING.crl(ends=NOW - timedelta(hours=1), at=NOW - timedelta(days=1)),
        ISSUING.crl(at=NOW + timedelta(hours=1)),
        ISSUING.crl(more=[x509.DeltaCRLIndicator(1)]),
        ISSUING.crl(more=[x509.IssuingDistributionPoint(**{**PART, "indirect_crl": True})]),
        ISSUING.crl(
            more=[x509.IssuingDistributionPoint(**{**PART, "only_contains_ca_certs": True})]
        ),
    ],
)
def test_a_list_that_says_nothing_of_every_card_today_is_not_taken(crl: bytes) -> None:
    with pytest.raises(UntrustedFile):
        revocation.check(revocation.parse(crl), ISSUING.certificate, NOW)


def test_a_list_is_believed_of_its_issuer_alone() -> None:
    assert revocation.check(revocation.parse(ISSUING.crl(number=7)), ISSUING.certificate, NOW) == 7
    with pytest.raises(UntrustedFile):
        revocation.parse(b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----")


def lists(*pairs: tuple[Authority, bytes]) -> revocation.Lists:
    return {issuer.der: revocation.parse(crl) for issuer, crl in pairs}


def standing(card: Card, known: revocation.Lists, *, demanded: bool, at: datetime = NOW) -> str:
    path = chain.path(card.certificate, TRUSTED, at)
    try:
        revocation.stand(path, known, at, demanded=demanded)
    except CertificateRefused as error:
        return error.reason
    return "stands"


def test_every_authority_on_the_way_must_be_able_to_say() -> None:
    card = ISSUING.card()
    both = lists((ROOT, ROOT.crl()), (ISSUING, ISSUING.crl()))
    assert standing(card, both, demanded=True) == "stands"
    for known in (lists((ROOT, ROOT.crl())), lists((ISSUING, ISSUING.crl())), {}):
        assert standing(card, known, demanded=True) == "revocation_unknown"
        assert standing(card, known, demanded=False) == "stands"


def test_a_revoked_issuer_takes_its_cards_along() -> None:
    known = lists((ROOT, ROOT.crl(ISSUING)), (ISSUING, ISSUING.crl()))
    assert standing(ISSUING.card(), known, demanded=True) == "certificate_revoked"


def test_an_outdated_list_still_revokes_but_no_longer_vouches() -> None:
    revoked, other = ISSUING.card(), ISSUING.card()
    known = lists((ROOT, ROOT.crl()), (ISSUING, ISSUING.crl(revoked)))
    tomorrow = NOW + timedelta(days=2)
    assert standing(other, known, demanded=True, at=tomorrow) == "revocation_unknown"
    assert standing(other, known, demanded=False, at=tomorrow) == "stands"
    assert standing(revoked, known, demanded=False, at=tomorrow) == "certificate_revoked"
