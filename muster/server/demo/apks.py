"""Builder of small, really valid APKs: the demo's apps, in milliseconds and without an SDK."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from muster.server.demo.apk_extras import extras
from muster.server.demo.apk_manifest import Reference, Tag, encode_xml
from muster.server.demo.apk_signing import ApkKey, jar_signature, sign_contents

__all__ = ["ApkKey", "build_apk", "package_apk", "package_set", "split_apk"]

_DOS_EPOCH = 0x0021  # 1980-01-01: builds of the same inputs differ in their signatures only
_ALIGNMENT = 4
_ALIGNMENT_FIELD = 0xD935  # zipalign's own extra field
_STORED = (".arsc", ".so", ".bin")


def build_apk(
    *,
    package: str,
    version_code: int,
    version_name: str,
    label: str,
    permissions: tuple[str, ...] = (),
    min_sdk: int = 26,
    target_sdk: int = 34,
    key: ApkKey,
    extra: bytes = b"",
    debuggable: bool = False,
    labels: Mapping[str, str] | None = None,
    icons: Mapping[int, bytes] | None = None,
    restrictions: Sequence[Mapping[str, Any]] = (),
    attributes: Mapping[str, str | int | bool] | None = None,
) -> bytes:
    """An APK without code, signed v1 + v2 + v3; `extra` is carried along as an asset.

    `labels` are the label in other languages, by language tag; `icons` PNGs by density in dpi;
    `restrictions` as `ApkFacts.restrictions` has them; `attributes` go to <application>.
    """
    by_locale = {"": label, **labels} if labels else {}
    more, children, files = extras(package, by_locale, icons or {}, restrictions)
    application: dict[str, str | int | bool | Reference] = {"label": label, **more}
    application |= attributes or {}
    if debuggable:
        application["debuggable"] = True
    if extra:
        files["assets/extra.bin"] = extra
    sdk = Tag("uses-sdk", {"minSdkVersion": min_sdk, "targetSdkVersion": target_sdk})
    requests = (Tag("uses-permission", {"name": name}) for name in permissions)
    manifest = Tag(
        "manifest",
        {"package": package, "versionCode": version_code, "versionName": version_name},
        (sdk, *requests, Tag("application", application, children)),
    )
    return package_apk(manifest, key, files)


def package_apk(
    manifest: Tag,
    key: ApkKey,
    files: dict[str, bytes],
    *,
    jar: dict[str, bytes] | None = None,
) -> bytes:
    """A signed APK of a manifest, an empty dex and more `files` by name.

    `jar` replaces the files of the v1 signature; with {} there is none.
    """
    contents = {"AndroidManifest.xml": encode_xml(manifest), "classes.dex": _empty_dex(), **files}
    entries = contents | (jar_signature(contents, key) if jar is None else jar)
    local, directory = _zip(entries)
    count = len(entries)
    unsigned_end = _end_record(count, len(directory), len(local))
    block = sign_contents(local, directory, unsigned_end, key)
    end = _end_record(count, len(directory), len(local) + len(block))
    return local + block + directory + end


def split_apk(
    package: str, version_code: int, split: str, key: ApkKey, files: dict[str, bytes] | None = None
) -> bytes:
    """One split of an app beside its base, as `config.arm64_v8a`; signed like the base."""
    own: dict[str, str | int | bool | Reference] = {
        "package": package,
        "versionCode": version_code,
        "split": split,
    }
    sdk = Tag("uses-sdk", {"minSdkVersion": 26, "targetSdkVersion": 34})
    return package_apk(Tag("manifest", own, (sdk, Tag("application"))), key, files or {})


def package_set(base: bytes, splits: Mapping[str, bytes]) -> bytes:
    """A set of split APKs as bundletool packs it (`.apks`); the splits by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("toc.pb", b"\x0a\x00")
        archive.writestr("splits/base-master.apk", base)
        for name, apk in splits.items():
            archive.writestr(f"splits/base-{name.rpartition('.')[2]}.apk", apk)
    return packed.getvalue()


def _zip(files: dict[str, bytes]) -> tuple[bytes, bytes]:
    """The local part, with stored data on four-byte boundaries, and the central directory."""
    local, directory = bytearray(), bytearray()
    for name, data in files.items():
        stored = name.endswith(_STORED)
        packed = data if stored else _deflate(data)
        raw_name = name.encode()
        fields = struct.pack(
            "<HHHHIII",
            *(0, 0 if stored else 8, 0, _DOS_EPOCH),
            zlib.crc32(data),
            len(packed),
            len(data),
        )
        extra = _padding(len(local) + 30 + len(raw_name)) if stored else b""
        directory += struct.pack("<IHH", 0x02014B50, 20, 20) + fields
        directory += struct.pack("<HHHHHII", len(raw_name), 0, 0, 0, 0, 0, len(local)) + raw_name
        local += struct.pack("<IH", 0x04034B50, 20) + fields
        local += struct.pack("<HH", len(raw_name), len(extra)) + raw_name + extra + packed
    return bytes(local), bytes(directory)


def _padding(offset: int) -> bytes:
    """An extra field after which data that would start at `offset` is aligned."""
    size = -(offset + 6) % _ALIGNMENT
    return struct.pack("<HHH", _ALIGNMENT_FIELD, 2 + size, _ALIGNMENT) + bytes(size)


def _deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def _end_record(count: int, directory_size: int, directory_offset: int) -> bytes:
    return struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, count, count, directory_size, directory_offset, 0
    )


def _empty_dex() -> bytes:
    """A dex file of a header and a map of those two (Android "Dalvik Executable format")."""
    items = struct.pack("<I2HII2HII", 2, 0x0000, 0, 1, 0, 0x1000, 0, 1, 112)
    counts = struct.pack("<3I", 0x70, 0x12345678, 0) + struct.pack("<2I", 0, 112)
    sections = bytes(4 * 12) + struct.pack("<2I", len(items), 112)
    body = struct.pack("<I", 112 + len(items)) + counts + sections + items
    signed = hashlib.sha1(body, usedforsecurity=False).digest() + body
    return b"dex\n035\0" + struct.pack("<I", zlib.adler32(signed)) + signed
