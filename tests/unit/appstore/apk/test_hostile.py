"""Files made to hurt: each ends in an ApkError, quickly and in little memory."""

import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from appstore.apk import ApkError
from muster.server.demo.apk_manifest import Reference, Tag, chunk, encode_xml
from muster.server.demo.apk_signing import ApkKey, signing_block

patient = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
MIB = 1 << 20


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_zip"),
        (b"PK\x05\x06", "not_a_zip"),
        (b"just some text", "not_a_zip"),
        (struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0, 0, 0, 0, 0), "unsigned"),
        (struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 5, 5, 0, 0, 0), "zip_directory_truncated"),
        (struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0, 0, 0, 9, 0), "zip_directory_misplaced"),
        (struct.pack("<IHHHHIIH", 0x06054B50, 1, 0, 0, 0, 0, 0, 0), "zip_multi_disk"),
        (struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65535, 65535, 0, 0, 0), "zip64"),
        (
            b"PK\x06\x07" + bytes(16) + struct.pack("<IHHHHIIH", 0x06054B50, *[0] * 5, 20, 0),
            "zip64",
        ),
    ],
)
def test_what_is_no_apk_is_refused(forge, content, code):
    assert forge.refusal(content) == code


@patient
@given(content=st.binary(max_size=2000))
@example(content=b"PK\x05\x06" * 500)
def test_random_bytes_are_refused(forge, content):
    forge.refusal(content)


@patient
@given(share=st.floats(0, 0.999999))
def test_a_truncated_apk_is_refused(forge, share):
    apk = forge.good()
    forge.refusal(apk[: int(len(apk) * share)])


@patient
@given(block=st.binary(max_size=600), identifier=st.sampled_from([0x7109871A, 0xF05368C0]))
def test_a_random_signature_is_refused(forge, parts_of, block, identifier):
    forge.refusal(parts_of(forge.good()).with_block(signing_block({identifier: block})))


@patient
@given(data=st.data())
def test_a_mutated_manifest_signed_by_its_author_is_read_or_refused(forge, entry, data):
    manifest = bytearray(encode_xml(forge.manifest(Tag("application", {"label": "Notes"}))))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(manifest) - 1))
        manifest[position] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    apk = forge.with_entries(manifest=entry(b"AndroidManifest.xml", bytes(manifest)))
    try:
        forge.inspect(apk)
    except ApkError as error:
        assert error.detail  # noqa: PT017 - reading it may succeed as well


@patient
@given(data=st.data())
def test_a_mutated_resource_table_is_read_or_refused(forge, resource_table, data):
    table = bytearray(resource_table)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(table) - 1))
        table[position] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    values = {"label": Reference(0x7F010000), "debuggable": Reference(0x7F030000)}
    manifest = forge.manifest(Tag("application", values))
    try:
        forge.inspect(forge.package(manifest, {"resources.arsc": bytes(table)}))
    except ApkError as error:
        assert error.detail  # noqa: PT017 - reading it may succeed as well


class ForgedCertificate(ApkKey):
    """A key whose certificate is whatever bytes its owner likes."""

    forged = b""

    @property
    def certificate_der(self):
        return self.forged


@pytest.mark.filterwarnings("ignore:Parsed a:UserWarning", "ignore:Invalid ASN.1:UserWarning")
@patient
@given(data=st.data())
def test_a_mutated_certificate_signed_by_its_author_is_read_or_refused(forge, parts_of, data):
    parts = parts_of(forge.good())
    certificate = bytearray(forge.key.certificate_der)
    position = data.draw(st.integers(0, 150))
    certificate[position] = data.draw(st.integers(0, 255))
    key = ForgedCertificate(forge.key.private, forge.key.certificate)
    object.__setattr__(key, "forged", bytes(certificate))
    try:
        forge.inspect(parts.signed(key))
    except ApkError as error:
        assert error.detail  # noqa: PT017 - a changed date, say, is harmless


@patient
@given(data=st.data())
def test_a_mutated_directory_signed_by_its_author_is_read_or_refused(forge, parts_of, data):
    parts = parts_of(forge.good())
    directory = bytearray(parts.directory)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(directory) - 1))
        directory[position] = data.draw(st.integers(0, 255))
    apk = type(parts)(parts.local, bytes(directory), parts.count).signed(forge.key)
    try:
        forge.inspect(apk)
    except ApkError as error:
        assert error.detail  # noqa: PT017 - a changed time stamp, say, is harmless


@pytest.mark.parametrize(
    "name",
    [b"../x", b"a/../../x", b"/etc/passwd", b"a\\..\\x", b"a/./b", b"a//b", b"", b"a\0b", b"\xff"],
)
def test_names_that_leave_the_archive_are_refused(forge, entry, name):
    assert forge.refusal(forge.with_entries(entry(name))) in {"zip_traversal", "zip_name"}


@pytest.mark.parametrize("twin", [b"AndroidManifest.xml", b"AndroidManifest.xml/"])
def test_duplicate_names_are_refused(forge, entry, twin):
    assert forge.refusal(forge.with_entries(entry(twin))) == "zip_duplicate"


def test_two_names_for_the_same_bytes_are_refused(forge, entry):
    assert forge.refusal(forge.with_entries(entry(b"b"), entry(b"c", offset=0))) == "zip_overlap"


def test_an_entry_that_reaches_into_its_neighbour_is_refused(forge, entry):
    quoted = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, 0, 0, 0, 1, 0) + b"c"
    carrier = entry(b"b", quoted, method=0)
    first = len(_local(b"AndroidManifest.xml", b"no xml"))
    hidden = entry(b"c", method=0, crc=0, offset=first + 31)
    assert forge.refusal(forge.with_entries(carrier, hidden)) == "zip_overlap"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"flags": 1}, "zip_flags"),
        ({"method": 12}, "zip_method"),
        ({"method": 0, "size": 5}, "zip_method"),
        ({"local_name": b"z"}, "zip_headers_differ"),
        ({"local_size": 9}, "zip_headers_differ"),
        ({"size": 0xFFFFFFFF}, "zip64"),
        ({"offset": 0xFFFFFFF0}, "truncated"),
    ],
)
def test_headers_that_lie_are_refused(forge, entry, fault, code):
    assert forge.refusal(forge.with_entries(entry(b"a", b"data", **fault))) == code


def test_a_zip_bomb_is_refused_unexploded(forge, entry):
    bomb = entry(b"assets/zeros", bytes(100 * MIB))
    apk = forge.with_entries(bomb)
    assert measured(forge, apk) == "zip_bomb"


@pytest.mark.parametrize("claimed", [100, 4 * MIB])
def test_a_manifest_that_inflates_to_more_than_it_claims_is_cut_short(forge, entry, claimed):
    bomb = entry(b"AndroidManifest.xml", bytes(100 * MIB), size=claimed, crc=0)
    assert measured(forge, forge.with_entries(manifest=bomb)) == "entry_corrupt"


def test_a_giant_manifest_is_refused(forge, entry):
    giant = entry(b"AndroidManifest.xml", bytes(5 * MIB))
    assert measured(forge, forge.with_entries(manifest=giant)) == "entry_too_large"


def test_a_missing_manifest_is_named(forge, entry):
    assert forge.refusal(forge.with_entries(manifest=entry(b"classes.dex"))) == "entry_missing"


@pytest.mark.parametrize("count", [0xFFFFFFFF, 0x3FFFFFFF, 100_000])
def test_a_string_pool_that_counts_too_high_is_refused(forge, entry, count):
    pool = chunk(0x0001, struct.pack("<5I", count, 0, 0, 28, 0), header_size=28)
    manifest = entry(b"AndroidManifest.xml", chunk(0x0003, pool))
    assert measured(forge, forge.with_entries(manifest=manifest)) == "resources_corrupt"


def test_overlapping_strings_cannot_multiply_the_work(forge, entry):
    """30,000 strings share one long text; decoding each would take a gigabyte."""
    text = struct.pack("<H", 0x7FF0) + b"a\0" * 0x7FF0
    offsets = b"".join(struct.pack("<I", 0) for _ in range(30_000))
    header = struct.pack("<5I", 30_000, 0, 0, 28 + len(offsets), 0)
    pool = chunk(0x0001, header + offsets + text, header_size=28)
    elements = b"".join(
        chunk(0x0102, struct.pack("<4I6H", 0, 0, 0, name, 20, 20, 0, 0, 0, 0), header_size=16)
        + chunk(0x0103, struct.pack("<4I", 0, 0, 0, name), header_size=16)
        for name in range(30_000)
    )
    manifest = entry(b"AndroidManifest.xml", chunk(0x0003, pool + elements))
    assert measured(forge, forge.with_entries(manifest=manifest)) == "resources_too_complex"


def test_deeply_nested_elements_are_refused(forge):
    nested = Tag("application")
    for _ in range(100):
        nested = Tag("application", {}, (nested,))
    assert forge.refusal(forge.package(forge.manifest(nested))) == "manifest_corrupt"


def measured(forge, apk: bytes) -> str:
    """The refusal's code, given within two seconds of processor time and 64 MiB."""
    path = forge.write(apk)
    del apk
    tracemalloc.start()
    started = time.process_time()
    try:
        code = forge.refusal(path.read_bytes())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 2
    assert peak < 64 * MIB
    return code


def _local(name: bytes, data: bytes) -> bytes:
    deflater = zlib.compressobj(9, wbits=-15)
    return bytes(30) + name + deflater.compress(data) + deflater.flush()
