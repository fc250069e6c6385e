"""Each way in which a chain may lie, and that the honest ones pass."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from mdm.attestation.chain import Link, Rejected, pin
from mdm.attestation.verdict import Expected, Trust, Verdict, claims_nothing, judge, read
from tests.factories.attestation import (
    GOOD,
    PACKAGE,
    SIGNER,
    Maker,
    Statement,
    but,
    certificate,
    integer,
    key_of,
    name,
    octets,
    sequence,
    tagged,
    tlv,
)

NOW = datetime.now(UTC)
FACTORY, REMOTE = Maker(), Maker(remote=True)
STRONG = Maker(strongbox=True)
KEY = key_of("device")
PIN = pin(FACTORY.root_certificate)
TRUST = Trust(frozenset({PIN}), {}, {PACKAGE: frozenset({SIGNER})})
JKT = Link(FACTORY.chain(KEY, GOOD)[0]).jkt
MINE = Expected(JKT, serial="SN-1", imei="356789012345678")


def verdict(chain: list[bytes], trust: Trust = TRUST, expected: Expected = MINE) -> Verdict:
    try:
        return judge(read(chain), trust, expected, NOW)
    except Rejected as rejected:
        return Verdict("failed", rejected.reason)


@pytest.mark.parametrize("maker", [FACTORY, REMOTE])
def test_a_key_in_the_hardware_of_an_untouched_phone_is_verified(maker: Maker) -> None:
    found = verdict(maker.chain(KEY, GOOD))
    assert (found.result, found.reason) == ("verified", "")
    assert found.os_patch == date(2026, 11, 1)
    assert found.evidence["boot_state"] == "verified"
    assert found.evidence["device_locked"] is True
    assert found.evidence["provisioning"] == ("remote" if maker.remote else "factory")
    assert found.evidence["vendor_patch"] == "2026-11-05"
    assert found.evidence["packages"] == [PACKAGE]
    assert "c0ffee00" in found.serials
    assert found.root == PIN


@pytest.mark.parametrize("remote", [False, True])
def test_a_strongbox_is_believed_when_the_certificates_say_so_too(remote: bool) -> None:
    said = but(level=2, keymint_level=2)
    backed = Maker(strongbox=True, remote=remote).chain(KEY, said)
    assert verdict(backed).evidence["security_level"] == "strongbox"
    assert verdict(Maker(remote=remote).chain(KEY, said)).reason == "level_differs"
    assert verdict(Maker(strongbox=True, remote=remote).chain(KEY, GOOD)).reason == "level_differs"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (but(locked=b"\x00"), "bootloader_unlocked"),
        (but(boot_state=1), "boot_not_verified"),
        (but(boot_state=2), "boot_not_verified"),
        (but(boot_state=3), "boot_not_verified"),
        (but(root_of_trust=False), "no_root_of_trust"),
        (but(locked=b"\x01"), "malformed"),
        (but(boot_state=4), "malformed"),
        (but(level=1, keymint_level=0), "level_differs"),
        (but(level=1, keymint_level=2), "level_differs"),
        (but(origin=2), "key_imported"),
        (but(more_hardware=tagged(600, tlv(5))), "any_application"),
        (but(more_software=tagged(600, tlv(5))), "any_application"),
        (but(packages=("org.evil.agent",)), "application_unknown"),
        (but(signers=("66" * 32,)), "application_unknown"),
        (but(packages=(), signers=()), "application_unknown"),
        (but(ids={713: "SN-2"}), "serial_differs"),
        (but(ids={714: "356789012345679"}), "imei_differs"),
        (but(more_hardware=tagged(702, integer(0))), "malformed"),
        (but(more_software=tagged(709, octets(b""))), "malformed"),
        (but(ids={714: "1\x002"}), "malformed"),
    ],
)
def test_a_statement_that_is_not_good_enough_fails_for_its_reason(
    statement: Statement, reason: str
) -> None:
    found = verdict(FACTORY.chain(KEY, statement))
    assert (found.result, found.reason) == ("failed", reason)


def test_what_only_the_system_says_of_boot_counts_for_nothing() -> None:
    """The root of trust must be hardware's word: in the other list anybody may write it."""
    trust = tlv(0x30, octets(b"k"), tlv(1, b"\xff"), tlv(0x0A, b"\x00"), octets(b"h"))
    said = but(root_of_trust=False, more_software=tagged(704, trust))
    assert verdict(FACTORY.chain(KEY, said)).reason == "no_root_of_trust"


def test_ids_that_agree_with_the_inventory_pass_also_the_second_imei() -> None:
    said = but(ids={713: "SN-1", 714: "356789012345670", 723: "356789012345678"})
    assert verdict(FACTORY.chain(KEY, said)).result == "verified"


def test_a_patch_level_that_is_no_date_is_left_out() -> None:
    found = verdict(FACTORY.chain(KEY, but(os_patch=209913)))
    assert (found.result, found.os_patch) == ("verified", None)


def test_another_key_than_the_terminals_fails() -> None:
    other = key_of("somebody else's")
    assert verdict(FACTORY.chain(other, GOOD)).reason == "key_differs"
    odd = ed25519.Ed25519PrivateKey.generate()
    assert verdict(FACTORY.chain(odd, GOOD)).reason == "key_differs"
    assert verdict(FACTORY.chain(odd, GOOD), expected=Expected("")).reason == "key_differs"


def test_a_root_that_nobody_pinned_fails_even_under_the_same_name() -> None:
    imitation = Maker(root="imitation")
    found = verdict(imitation.chain(KEY, GOOD))
    assert (found.result, found.reason, found.evidence) == ("failed", "root_unknown", {})


def test_a_root_is_known_by_its_key_not_by_its_certificate() -> None:
    renewed = certificate(
        FACTORY.root_name, key_of("root"), FACTORY.root_name, key_of("root"), serial=77
    )
    chain = [*FACTORY.chain(KEY, GOOD)[:-1], renewed.public_bytes(Encoding.DER)]
    assert verdict(chain).result == "verified"


def test_nobody_extends_a_chain_by_a_statement_of_his_own() -> None:
    """A key that really is in hardware may sign; what it signs is not hardware's word."""
    real = FACTORY.certificates(KEY, but(boot_state=2))
    forged = certificate(
        name(cn="Android Keystore Key"),
        key_of("thief"),
        real[0].subject,
        KEY,
        serial=1,
        statement=GOOD.encode(),
    )
    chain = [one.public_bytes(Encoding.DER) for one in (forged, *real)]
    assert verdict(chain).reason == "statement_repeated"
    plain = FACTORY.certificates(KEY, None)
    chain = [one.public_bytes(Encoding.DER) for one in (forged, *plain)]
    assert verdict(chain).reason == "chain_extended"


@pytest.mark.parametrize("maker", [FACTORY, REMOTE])
def test_a_certificate_too_few_or_too_many_fails(maker: Maker) -> None:
    chain = maker.chain(KEY, GOOD)
    assert verdict(chain[:2]).reason == "chain_too_short"
    assert verdict([chain[0], *chain[2:]]).reason in ("chain_extended", "names_differ")
    assert verdict([*chain, *chain[-1:] * 8]).reason == "chain_too_large"
    assert verdict([b"\x30" * 30_000] * 3).reason == "chain_too_large"
    assert verdict(chain[1:]).reason == "statement_missing"


def test_a_signature_by_another_key_or_a_weak_hash_fails() -> None:
    forged = FACTORY.chain(KEY, GOOD, signing_key=key_of("thief"))
    assert verdict(forged).reason == "signature_invalid"
    renamed = FACTORY.chain(KEY, GOOD, issuer_name=name(cn="Somebody"))
    assert verdict(renamed).reason == "names_differ"
    honest = FACTORY.chain(KEY, GOOD)
    touched = bytearray(honest[0])
    touched[-1] ^= 1
    assert verdict([bytes(touched), *honest[1:]]).reason in ("signature_invalid", "malformed")


def test_a_signature_over_a_short_hash_fails_though_it_is_right() -> None:
    """SHA-224 here, whose identifier is as long as SHA-256's; SHA-1 goes the same way."""
    honest = FACTORY.certificates(KEY, GOOD)
    short = bytes.fromhex("2a8648ce3d040301")
    body = honest[0].tbs_certificate_bytes.replace(bytes.fromhex("2a8648ce3d040302"), short)
    signature = key_of("root1False").sign(body, ec.ECDSA(hashes.SHA224()))
    leaf = sequence(body, sequence(tlv(6, short)), tlv(3, b"\x00", signature))
    x509.load_der_x509_certificate(leaf).verify_directly_issued_by(honest[1])
    chain = [leaf, *(one.public_bytes(Encoding.DER) for one in honest[1:])]
    assert verdict(chain).reason == "signature_invalid"


def test_time_counts_for_what_can_be_renewed() -> None:
    """Factory keys cannot be renewed, so their end is passed over; the leaf's says nothing."""
    past = timedelta(days=-1)
    assert verdict(Maker(until=past).chain(KEY, GOOD)).result == "verified"
    assert verdict(Maker(remote=True, until=past).chain(KEY, GOOD)).reason == "certificate_expired"
    early = Maker(since=timedelta(days=-1), until=timedelta(days=9))
    assert verdict(early.chain(KEY, GOOD)).reason == "not_yet_valid"
    stopped = FACTORY.chain(
        KEY, GOOD, since=datetime(1970, 1, 1, tzinfo=UTC), until=datetime(1971, 1, 1, tzinfo=UTC)
    )
    assert verdict(stopped).result == "verified"


@pytest.mark.parametrize("status", ["REVOKED", "SUSPENDED"])
@pytest.mark.parametrize("serial", ["c0ffee00", "c0ffee01"])
def test_a_revoked_or_suspended_certificate_anywhere_fails(serial: str, status: str) -> None:
    trust = Trust(TRUST.roots, {serial: status}, TRUST.agents)
    assert verdict(FACTORY.chain(KEY, GOOD), trust).reason == "revoked"
    other = Trust(TRUST.roots, {"c0ffee0": status, "0c0ffee00": status}, TRUST.agents)
    assert verdict(FACTORY.chain(KEY, GOOD), other).result == "verified"


@pytest.mark.parametrize(
    ("trust", "reason"),
    [
        (Trust(frozenset(), {}, TRUST.agents), "no_roots"),
        (Trust(TRUST.roots, None, TRUST.agents), "no_status_list"),
        (Trust(TRUST.roots, {}, {}), "no_agents"),
    ],
)
def test_a_server_without_its_lists_knows_nothing_and_says_so(trust: Trust, reason: str) -> None:
    found = verdict(FACTORY.chain(KEY, GOOD), trust)
    assert (found.result, found.reason) == ("unknown", reason)


def test_a_phone_that_claims_nothing_is_unknown_and_not_failed() -> None:
    bare = FACTORY.chain(KEY, None)[:1]
    assert claims_nothing([])
    assert claims_nothing(bare)
    assert not claims_nothing(FACTORY.chain(KEY, GOOD)[:1])
    assert not claims_nothing([b"no certificate"])
    soft = Maker(root="emulator").chain(KEY, but(level=0, keymint_level=0))
    found = verdict(soft)
    assert (found.result, found.reason) == ("unknown", "software_only")


def test_a_root_of_rsa_signs_as_well() -> None:
    root = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    top = FACTORY.root_name
    links: list[Any] = [certificate(top, root, top, root, serial=1)]  # type: ignore[arg-type]
    first = name(serial="99")
    links.insert(0, certificate(first, key_of("a"), top, root, serial=2))  # type: ignore[arg-type]
    links.insert(0, certificate(name(serial="100"), key_of("b"), first, key_of("a"), serial=3))
    leaf = certificate(
        name(cn="k"), KEY, name(serial="100"), key_of("b"), serial=1, statement=GOOD.encode()
    )
    chain = [one.public_bytes(Encoding.DER) for one in (leaf, *links)]
    trust = Trust(frozenset({pin(links[-1])}), {}, TRUST.agents)
    assert verdict(chain, trust).result == "verified"
