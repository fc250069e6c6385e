"""Hostile CMS: cut, changed, swapped, doubled, for somebody else. Nothing of it gets through."""

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from mdm.certificates.scep import cms, message
from mdm.certificates.scep.cms import (
    CannotOpen,
    CmsError,
    NotForUs,
    Recipient,
    WeakAlgorithm,
    envelope,
    open_envelope,
    read_signed,
    sign,
)
from tests.factories.certificates import rsa_key, self_signed

KEY = rsa_key()
SIGNER = Recipient(self_signed(KEY), KEY)
OTHER_KEY = rsa_key()
OTHER = Recipient(self_signed(OTHER_KEY), OTHER_KEY)
SAID = {message.TRANSACTION_ID: core.PrintableString("t-1")}
SIGNED = sign(b"content", SAID, SIGNER)
SEALED = envelope(b"secret", SIGNER.certificate)


def test_what_was_signed_is_read_and_holds() -> None:
    signed = read_signed(SIGNED)
    assert signed.verify()
    assert (signed.content, signed.certificate) == (b"content", SIGNER.certificate)


def test_what_was_sealed_opens_for_its_recipient() -> None:
    assert open_envelope(SEALED, [OTHER_FOR_ELSE, SIGNER]) == (b"secret", False)


OTHER_FOR_ELSE = Recipient(self_signed(rsa_key()), KEY)  # same name and number, another certificate


def changed(**parts: object) -> bytes:
    """The signed message with a part of it replaced, its signature left as it was."""
    info = asn1.ContentInfo.load(SIGNED)
    signer = info["content"]["signer_infos"][0]
    for name, value in parts.items():
        if name == "content":
            info["content"]["encap_content_info"]["content"] = value
        else:
            signer[name] = value
    return info.dump(force=True)


def test_another_content_under_the_same_signature_does_not_hold() -> None:
    assert not read_signed(changed(content=b"another")).verify()


def attributes(**more: str) -> asn1.CMSAttributes:
    given = {
        cms.CONTENT_TYPE: asn1.ContentType("data"),
        cms.MESSAGE_DIGEST: core.OctetString(hashes_of(b"content")),
        message.TRANSACTION_ID: core.PrintableString(more.get("transaction", "t-1")),
    }
    return asn1.CMSAttributes(
        [asn1.CMSAttribute({"type": oid, "values": [value]}) for oid, value in given.items()]
    )


def hashes_of(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def test_a_swapped_transaction_does_not_hold() -> None:
    assert read_signed(changed(signed_attrs=attributes())).verify(), "the harness itself is sound"
    assert not read_signed(changed(signed_attrs=attributes(transaction="t-2"))).verify()


def test_a_digest_that_fits_no_content_does_not_hold_though_it_was_signed() -> None:
    listed = attributes()
    listed[1]["values"] = [core.OctetString(bytes(32))]
    signature = KEY.sign(listed.dump(force=True), PKCS1v15(), hashes.SHA256())
    assert not read_signed(changed(signed_attrs=listed, signature=signature)).verify()


def test_attributes_of_another_content_type_do_not_hold() -> None:
    listed = asn1.CMSAttributes([attributes()[1], attributes()[2]])
    signature = KEY.sign(listed.dump(), PKCS1v15(), hashes.SHA256())
    assert not read_signed(changed(signed_attrs=listed, signature=signature)).verify()


def test_an_attribute_that_comes_twice_is_refused() -> None:
    listed = asn1.CMSAttributes([*attributes(), *attributes(transaction="t-2")])
    with pytest.raises(CmsError):
        read_signed(changed(signed_attrs=listed))


def test_two_signers_or_none_are_refused() -> None:
    for count in (0, 2):
        info = asn1.ContentInfo.load(SIGNED)
        one = info["content"]["signer_infos"][0]
        info["content"]["signer_infos"] = [one.copy() for _ in range(count)]
        with pytest.raises(CmsError):
            read_signed(info.dump(force=True))


def test_no_cut_and_no_flipped_bit_gets_through() -> None:
    for at in range(0, len(SIGNED), 7):
        with pytest.raises(CmsError):
            read_signed(SIGNED[:at])
    for at in range(0, len(SIGNED), 5):
        spoilt = bytearray(SIGNED)
        spoilt[at] ^= 0x41
        try:
            read = read_signed(bytes(spoilt))
        except (CmsError, WeakAlgorithm):
            continue
        untouched = (read.content, read.attributes) == (b"content", read_signed(SIGNED).attributes)
        assert untouched or not read.verify()


def test_an_envelope_for_somebody_else_is_told_from_one_that_does_not_open() -> None:
    stranger = Recipient(
        self_signed(KEY, clock=lambda: SIGNER.certificate.not_valid_before_utc), KEY
    )
    info = asn1.ContentInfo.load(SEALED)
    info["content"]["recipient_infos"][0].chosen["rid"].chosen["serial_number"] = 99
    with pytest.raises(NotForUs):
        open_envelope(info.dump(force=True), [stranger])
    with pytest.raises(CannotOpen):
        open_envelope(SEALED, [OTHER])
    for at in range(0, len(SEALED), 9):
        with pytest.raises((CannotOpen, NotForUs, WeakAlgorithm)):
            open_envelope(SEALED[:at], [SIGNER])


@pytest.mark.parametrize("cipher", ["des", "tripledes_3key"])
def test_des_opens_only_where_the_old_clients_are_let_in(cipher: str) -> None:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = b"8 bytes!" if cipher == "des" else b"8 bytes!and sixteen more"
    encryptor = Cipher(TripleDES((key * 3)[:24]), CBC(bytes(8))).encryptor()
    info = asn1.ContentInfo.load(SEALED)
    inner = info["content"]["encrypted_content_info"]
    algorithm = {"algorithm": cipher, "parameters": core.OctetString(bytes(8))}
    inner["content_encryption_algorithm"] = algorithm
    inner["encrypted_content"] = encryptor.update(b"12345678" + b"\x08" * 8) + encryptor.finalize()
    who = info["content"]["recipient_infos"][0].chosen
    who["encrypted_key"] = KEY.public_key().encrypt(key, PKCS1v15())
    old = info.dump(force=True)
    with pytest.raises(WeakAlgorithm):
        open_envelope(old, [SIGNER])
    assert open_envelope(old, [SIGNER], legacy=True) == (b"12345678", True)
