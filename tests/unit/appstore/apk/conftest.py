"""A forge for APKs: good ones, taken apart, changed and signed again by whoever likes."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from appstore.apk import ApkError, ApkFacts, inspect_apk
from muster.server.demo.apk_manifest import Tag, chunk, string_pool
from muster.server.demo.apk_signing import sign_contents
from muster.server.demo.apks import ApkKey, build_apk, package_apk


@dataclass(frozen=True)
class Parts:
    """An unsigned APK in two: local entries, and the directory that lists them."""

    local: bytes
    directory: bytes
    count: int

    def end(self, block: bytes = b"") -> bytes:
        offset = len(self.local) + len(block)
        sizes = (self.count, self.count, len(self.directory), offset)
        return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, *sizes, 0)

    def with_block(self, block: bytes) -> bytes:
        return self.local + block + self.directory + self.end(block)

    def signed(self, key: ApkKey) -> bytes:
        return self.with_block(sign_contents(self.local, self.directory, self.end(), key))


def take_apart(apk: bytes) -> Parts:
    """The parts of an APK made by the demo's builder: no comment, a signing block."""
    count, size, offset = struct.unpack("<HII", apk[-12:-2])
    block_size = int.from_bytes(apk[offset - 24 : offset - 16], "little")
    return Parts(apk[: offset - block_size - 8], apk[offset : offset + size], count)


@dataclass(frozen=True)
class ZipEntry:
    """An entry whose two headers may lie; None takes the honest value."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0
    size: int | None = None
    offset: int | None = None
    local_name: bytes | None = None
    local_size: int | None = None
    crc: int | None = None


def zip_parts(entries: list[ZipEntry]) -> Parts:
    local, directory = b"", b""
    for entry in entries:
        packed = _deflate(entry.data) if entry.method == 8 else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        offset = len(local) if entry.offset is None else entry.offset
        fields = (20, entry.flags, entry.method, 0, 0x21, crc, len(packed))
        local_name = entry.name if entry.local_name is None else entry.local_name
        local_size = size if entry.local_size is None else entry.local_size
        local += struct.pack("<IHHHHHIIIHH", 0x04034B50, *fields, local_size, len(local_name), 0)
        local += local_name + packed
        directory += struct.pack("<IHHHHHHIII", 0x02014B50, 20, *fields, size)
        directory += struct.pack("<HHHHHII", len(entry.name), 0, 0, 0, 0, 0, offset) + entry.name
    return Parts(local, directory, len(entries))


def _deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(9, wbits=-15)
    return deflater.compress(data) + deflater.flush()


@dataclass(frozen=True)
class Forge:
    """Writes APKs to a folder and has them inspected."""

    folder: Path
    key: ApkKey
    other_key: ApkKey

    def good(self, **changes: object) -> bytes:
        wanted = {
            "package": "city.muster.notes",
            "version_code": 7,
            "version_name": "1.7",
            "label": "Notes",
            "key": self.key,
        }
        return build_apk(**(wanted | changes))

    def write(self, apk: bytes) -> Path:
        path = self.folder / "candidate.apk"
        path.write_bytes(apk)
        return path

    def inspect(self, apk: bytes) -> ApkFacts:
        return inspect_apk(self.write(apk))

    def refusal(self, apk: bytes) -> str:
        with pytest.raises(ApkError) as caught:
            self.inspect(apk)
        assert caught.value.detail.endswith((".", "?"))
        return caught.value.code

    def manifest(self, *children: Tag, **attributes: object) -> Tag:
        own = {"package": "city.muster.notes", "versionCode": 7, "versionName": "1.7"}
        sdk = Tag("uses-sdk", {"minSdkVersion": 26, "targetSdkVersion": 34})
        if any(child.name == "uses-sdk" for child in children):
            return Tag("manifest", own | attributes, children)
        return Tag("manifest", own | attributes, (sdk, *children))

    def package(
        self, manifest: Tag, files: dict[str, bytes] | None = None, **options: object
    ) -> bytes:
        return package_apk(manifest, self.key, files or {}, **options)

    def with_entries(self, *extra: ZipEntry, manifest: ZipEntry | None = None) -> bytes:
        """A well-signed APK with these entries after the manifest."""
        first = manifest or ZipEntry(b"AndroidManifest.xml", b"no xml")
        return zip_parts([first, *extra]).signed(self.key)


@pytest.fixture(scope="session")
def key() -> ApkKey:
    return ApkKey.generate("First publisher")


@pytest.fixture(scope="session")
def other_key() -> ApkKey:
    return ApkKey.generate("Another publisher")


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory, key: ApkKey, other_key: ApkKey) -> Forge:
    return Forge(tmp_path_factory.mktemp("apks"), key, other_key)


@pytest.fixture(scope="session")
def parts_of() -> Callable[[bytes], Parts]:
    return take_apart


@pytest.fixture(scope="session")
def entry() -> type[ZipEntry]:
    return ZipEntry


@pytest.fixture(scope="session")
def resource_table() -> bytes:
    """Three resources: a label (default, zh), an icon (two densities), a flag (two versions)."""
    texts = ["Notes", "记录", "res/a.png", "res/b.png"]
    types = (
        _type(1, 0x03, 0),
        _type(1, 0x03, 1, language=b"zh"),
        _type(2, 0x03, 2, density=160),
        _type(2, 0x03, 3, density=640),
        _type(3, 0x12, 0),
        _type(3, 0x12, 0xFFFFFFFF),
    )
    header = struct.pack("<I256s4I", 0x7F, b"", 0, 0, 0, 0)
    package = chunk(0x0200, header + b"".join(types), header_size=284)
    pool = string_pool(texts, utf8=True)
    return chunk(0x0002, struct.pack("<I", 1) + pool + package, header_size=12)


def _type(kind, value_kind, number, language=b"", density=0):
    config = struct.pack("<IHH2s2sBBH", 28, 0, 0, language, b"", 0, 0, density) + bytes(12)
    header_size = 8 + 12 + len(config)
    header = struct.pack("<BBHII", kind, 0, 0, 1, header_size + 4) + config
    entry = struct.pack("<IHHIHBBI", 0, 8, 0, 0, 8, 0, value_kind, number)
    return chunk(0x0201, header + entry, header_size=header_size)
