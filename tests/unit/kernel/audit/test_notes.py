"""Checkpoint notes: byte for byte the C2SP formats, and only a trusted key opens one."""

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.kernel.audit import NoteInvalid, VerifierKey, notes
from muster.kernel.keys import Algorithm, SigningKey

ORIGIN = "muster/audit/one"
unhurried = settings(deadline=None)  # shared machines stall
ROOT = sha256(b"root").digest()
CHECKPOINT = notes.Checkpoint(ORIGIN, 42, ROOT)


def fresh_key() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey("k", Algorithm.ED25519, private.public_key(), {}, private)


KEY = fresh_key()
TRUSTED = VerifierKey.of(ORIGIN, KEY)
NOTE = notes.sign(CHECKPOINT, KEY)


def test_a_note_is_written_as_c2sp_says():
    raw = KEY.private_key.public_key().public_bytes_raw()
    text = f"{ORIGIN}\n42\n{base64.b64encode(ROOT).decode()}\n"
    key_id = sha256(ORIGIN.encode() + b"\n\x01" + raw).digest()[:4]
    blob = base64.b64encode(key_id + KEY.private_key.sign(text.encode())).decode()
    assert f"{text}\n\u2014 {ORIGIN} {blob}\n" == NOTE


def test_the_key_and_the_signature_of_gos_documentation_verify():
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signature[:4] == key.key_id
    assert key.verify(signature[4:], text)
    assert not key.verify(signature[4:], text.upper())


def test_a_verifier_key_survives_being_written_down():
    assert VerifierKey.parse(str(TRUSTED)) == TRUSTED


@pytest.mark.parametrize(
    "written",
    [
        "",
        "name",
        "a+b+c",
        "a+00000000+AQ==",
        pytest.param(str(TRUSTED)[1:], id="without its start"),
    ],
)
def test_a_damaged_verifier_key_is_refused(written):
    with pytest.raises(NoteInvalid):
        VerifierKey.parse(written)


def test_a_trusted_key_opens_the_note():
    assert notes.verify(NOTE, [TRUSTED]) == CHECKPOINT


def test_signatures_of_witnesses_we_do_not_know_are_skipped():
    other = notes.sign(CHECKPOINT, fresh_key()).splitlines()[-1]
    body, own = NOTE.rsplit("\n\n", 1)
    assert notes.verify(f"{body}\n\n{other}\n\u2014 nonsense\n{own}", [TRUSTED]) == CHECKPOINT


def test_a_stranger_opens_nothing():
    with pytest.raises(NoteInvalid, match="no trusted key signed the checkpoint of size 42"):
        notes.verify(NOTE, [VerifierKey.of(ORIGIN, fresh_key()), VerifierKey.of("other", KEY)])


@unhurried
@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_note_can_be_changed_to_another_meaning(place, flip):
    data = bytearray(NOTE.encode())
    data[place] ^= flip
    try:
        assert notes.verify(data.decode("utf-8", "replace"), [TRUSTED]) == CHECKPOINT
    except NoteInvalid:
        return
    assert place >= NOTE.encode().rindex(b"\n\n"), "only the signature's armour has slack"


@unhurried
@given(st.text())
def test_any_text_is_a_note_or_is_refused(text):
    with pytest.raises(NoteInvalid):
        notes.verify(text, [TRUSTED])


@pytest.mark.parametrize("size", ["-1", "007", "4 2", "\u0664", "9" * 30, ""])
def test_a_size_is_a_plain_decimal(size):
    with pytest.raises(NoteInvalid):
        notes.parse(NOTE.replace("\n42\n", f"\n{size}\n"))
