"""Who signed an APK, and which tampering is noticed."""

import struct
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appstore.apk import ApkError
from muster.server.demo.apk_signing import (
    FIRST_V3_SDK,
    LAST_SDK,
    V2,
    V3,
    V3_ANNOUNCED,
    ApkKey,
    content_digest,
    prefixed,
    scheme_value,
    signing_block,
)

V31 = 0x1B93AD61
V3_RANGE, V31_RANGE = (FIRST_V3_SDK, 32), (33, LAST_SDK)
ROTATES_AT_33 = struct.pack("<II", 0x559F8B02, 33)
ALL, WITHOUT_INSTALLED_DATA = 0x17, 0x16

quick = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def apk(forge):
    return forge.good()


@pytest.fixture(scope="module")
def parts(apk, parts_of):
    return parts_of(apk)


@pytest.fixture(scope="module")
def digest(parts):
    return content_digest(parts.local, parts.directory, parts.end())


def lineage(*links, version=1):
    """The attribute of a chain of (key, flags); each key signs the link after it."""
    nodes = b""
    for position, (key, flags) in enumerate(links):
        before = links[position - 1][0] if position else None
        signed = prefixed(key.certificate_der) + struct.pack(
            "<I", before.algorithm if before else 0
        )
        signature = before.sign(signed) if before else b""
        node = prefixed(signed) + struct.pack("<II", flags, key.algorithm) + prefixed(signature)
        nodes += prefixed(node)
    return struct.pack("<II", 0x3BA06F8C, version) + nodes


@quick
@given(data=st.data())
def test_a_flipped_bit_in_the_contents_is_noticed(forge, apk, parts, data):
    signed_parts = [
        *range(len(parts.local)),
        *range(len(apk) - len(parts.directory) - 22, len(apk)),
    ]
    position = data.draw(st.sampled_from(signed_parts))
    changed = bytearray(apk)
    changed[position] ^= 1 << data.draw(st.integers(0, 7))
    forge.refusal(bytes(changed))


@quick
@given(data=st.data())
def test_a_flipped_bit_in_the_signing_block_never_gives_another_signer(forge, apk, parts, data):
    block_end = len(apk) - len(parts.directory) - 22
    changed = bytearray(apk)
    position = data.draw(st.integers(len(parts.local), block_end - 1))
    changed[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        facts = forge.inspect(bytes(changed))
    except ApkError:
        return
    # Only v2's id is unprotected: without v2, devices that know v3 see the same publisher.
    assert (facts.signer_sha256, facts.schemes) == (forge.key.sha256, ("v3",))


def test_another_key_is_another_signer(forge, key, other_key):
    mine, theirs = forge.inspect(forge.good()), forge.inspect(forge.good(key=other_key))
    assert (mine.signer_sha256, theirs.signer_sha256) == (key.sha256, other_key.sha256)


def test_a_v1_signature_alone_is_refused(forge, parts):
    assert forge.refusal(parts.with_block(b"")) == "v1_only"


def test_an_unsigned_apk_is_refused(forge, entry):
    unsigned = forge.with_entries()
    start = unsigned.index(b"PK\x01\x02")
    block_size = int.from_bytes(unsigned[start - 24 : start - 16], "little")
    local, directory = unsigned[: start - block_size - 8], unsigned[start:-22]
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), len(local), 0)
    assert forge.refusal(local + directory + end) == "unsigned"


def test_v2_alone_is_a_signature(forge, parts_of, key):
    parts = parts_of(forge.package(forge.manifest(), jar={}))
    digest = content_digest(parts.local, parts.directory, parts.end())
    facts = forge.inspect(parts.with_block(signing_block({V2: scheme_value(key, digest)})))
    assert facts.schemes == ("v2",)


def test_v3_alone_is_refused_while_android_8_is_welcome(forge, parts, key, digest):
    value = scheme_value(key, digest, sdk_range=(FIRST_V3_SDK, LAST_SDK))
    assert forge.refusal(parts.with_block(signing_block({V3: value}))) == "v2_missing"


def test_cutting_off_the_v3_signature_is_noticed(forge, parts, key, digest):
    value = scheme_value(key, digest, attributes=(V3_ANNOUNCED,))
    assert forge.refusal(parts.with_block(signing_block({V2: value}))) == "signature_stripped"


def test_one_key_for_old_devices_and_another_for_new_ones_is_refused(
    forge, parts, key, other_key, digest
):
    block = signing_block(
        {
            V2: scheme_value(key, digest, attributes=(V3_ANNOUNCED,)),
            V3: scheme_value(other_key, digest, sdk_range=(FIRST_V3_SDK, LAST_SDK)),
        }
    )
    assert forge.refusal(parts.with_block(block)) == "signers_differ"


def test_a_signature_that_ends_with_an_android_version_is_refused(forge, parts, key, digest):
    block = signing_block(
        {V2: scheme_value(key, digest), V3: scheme_value(key, digest, sdk_range=V3_RANGE)}
    )
    assert forge.refusal(parts.with_block(block)) == "signature_sdk_gap"


def test_two_signers_are_refused(forge, parts, key, other_key, digest):
    both = b"".join(scheme_value(each, digest)[4:] for each in (key, other_key))
    block = signing_block({V2: prefixed(both)})
    assert forge.refusal(parts.with_block(block)) == "several_signers"


def test_a_digest_of_other_contents_is_refused(forge, parts, key):
    block = signing_block({V2: scheme_value(key, bytes(32))})
    assert forge.refusal(parts.with_block(block)) == "content_changed"


def test_someone_elses_certificate_is_refused(forge, parts, key, other_key, digest):
    impostor = ApkKey(key.private, other_key.certificate)
    block = signing_block({V2: scheme_value(impostor, digest)})
    assert forge.refusal(parts.with_block(block)) == "signature_corrupt"


def test_an_unknown_algorithm_beside_a_good_one_is_refused(forge, parts, key, digest):
    value = scheme_value(key, digest)
    unknown = value.replace(struct.pack("<I", 0x0201), struct.pack("<I", 0x0301))
    assert forge.refusal(parts.with_block(signing_block({V2: unknown}))) == "signature_algorithm"


def test_bytes_after_the_public_key_are_refused(forge, parts, key, digest):
    signer = scheme_value(key, digest)[8:]
    block = signing_block({V2: prefixed(prefixed(signer + b"\0"))})
    assert forge.refusal(parts.with_block(block)) == "signature_corrupt"


def rotated(parts, digest, old, new, *, attribute):
    """v2 by the first key, v3 by the second, which proves its descent."""
    return parts.with_block(
        signing_block(
            {
                V2: scheme_value(old, digest, attributes=(V3_ANNOUNCED,)),
                V3: scheme_value(
                    new, digest, sdk_range=(FIRST_V3_SDK, LAST_SDK), attributes=(attribute,)
                ),
            }
        )
    )


def test_a_rotated_key_proves_whom_it_succeeds(forge, parts, key, other_key, digest):
    chain = lineage((key, ALL), (other_key, ALL))
    facts = forge.inspect(rotated(parts, digest, key, other_key, attribute=chain))
    assert facts.signer_sha256 == other_key.sha256
    assert facts.lineage == (key.sha256, other_key.sha256)


def test_a_key_that_lost_its_trust_is_no_predecessor(forge, parts, key, other_key, digest):
    chain = lineage((key, WITHOUT_INSTALLED_DATA), (other_key, ALL))
    facts = forge.inspect(rotated(parts, digest, key, other_key, attribute=chain))
    assert facts.lineage == (other_key.sha256,)


def test_nobody_can_claim_a_predecessor_that_did_not_sign(forge, parts, key, other_key, digest):
    pretender = replace(key, private=ApkKey.generate("Thief").private)
    chain = lineage((pretender, ALL), (other_key, ALL))
    apk = rotated(parts, digest, key, other_key, attribute=chain)
    assert forge.refusal(apk) == "signature_invalid"


@pytest.mark.parametrize("fault", ["ends elsewhere", "has a loop", "is empty", "is too new"])
def test_a_lineage_must_make_sense(forge, parts, key, other_key, digest, fault):
    chain = {
        "ends elsewhere": lineage((other_key, ALL), (key, ALL)),
        "has a loop": lineage((other_key, ALL), (key, ALL), (other_key, ALL)),
        "is empty": lineage(),
        "is too new": lineage((key, ALL), (other_key, ALL), version=2),
    }[fault]
    apk = rotated(parts, digest, key, other_key, attribute=chain)
    assert forge.refusal(apk) == "lineage_invalid"


def v31(parts, digest, old, new, *, chain, announced=ROTATES_AT_33, newest=V31_RANGE):
    v3_attributes = (announced,) if announced else ()
    values = {
        V2: scheme_value(old, digest, attributes=(V3_ANNOUNCED,)),
        V3: scheme_value(old, digest, sdk_range=V3_RANGE, attributes=v3_attributes),
    }
    if newest:
        values[V31] = scheme_value(new, digest, sdk_range=newest, attributes=(chain,))
    return parts.with_block(signing_block(values))


def test_v31_rotates_the_key_on_new_androids_only(forge, parts, key, other_key, digest):
    chain = lineage((key, ALL), (other_key, ALL))
    facts = forge.inspect(v31(parts, digest, key, other_key, chain=chain))
    assert facts.schemes == ("v2", "v3", "v3.1")
    assert facts.signer_sha256 == other_key.sha256
    assert facts.lineage == (key.sha256, other_key.sha256)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"newest": None}, "signature_stripped"),
        ({"announced": None}, "signature_stripped"),
        ({"announced": struct.pack("<II", 0x559F8B02, 34)}, "signature_stripped"),
        ({"announced": struct.pack("<IH", 0x559F8B02, 33)}, "signature_corrupt"),
        (
            {"newest": (34, LAST_SDK), "announced": struct.pack("<II", 0x559F8B02, 34)},
            "signature_sdk_gap",
        ),
        ({"newest": (33, 40)}, "signature_sdk_gap"),
    ],
)
def test_v3_and_v31_must_fit_together(forge, parts, key, other_key, digest, changes, code):
    chain = lineage((key, ALL), (other_key, ALL))
    assert forge.refusal(v31(parts, digest, key, other_key, chain=chain, **changes)) == code


def test_a_v31_key_without_descent_from_v3s_is_refused(forge, parts, key, other_key, digest):
    chain = lineage((other_key, ALL))
    assert forge.refusal(v31(parts, digest, key, other_key, chain=chain)) == "signers_differ"


def test_the_signature_is_judged_before_anything_else_is_read(forge, entry):
    hostile = bytearray(forge.with_entries(entry(b"../../etc/passwd", b"x")))
    assert forge.refusal(bytes(hostile)) == "zip_traversal"
    hostile[40] ^= 1
    assert forge.refusal(bytes(hostile)) == "content_changed"


def test_an_android_range_outside_the_signed_data_must_agree(forge, parts, key, digest):
    value = scheme_value(key, digest, sdk_range=(FIRST_V3_SDK, LAST_SDK))
    sdk = struct.pack("<II", FIRST_V3_SDK, LAST_SDK)
    head, _, tail = value.rpartition(sdk)
    forged = head + struct.pack("<II", FIRST_V3_SDK - 1, LAST_SDK) + tail
    block = signing_block({V2: scheme_value(key, digest), V3: forged})
    assert forge.refusal(parts.with_block(block)) == "signature_corrupt"
