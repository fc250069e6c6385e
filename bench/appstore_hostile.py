"""Uploads made to cost: each is well signed where that gets it further, and must be refused."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from random import Random

from muster.server.demo.apk_manifest import Reference, Tag, chunk, encode_xml, string_pool
from muster.server.demo.apk_signing import ApkKey, sign_contents
from muster.server.demo.apks import build_apk, package_apk

_MIB = 1 << 20
_APP = {"package": "city.muster.bench", "versionCode": 1, "versionName": "1"}
_TABLE = Reference(0x7F010000)


def hostile(key: ApkKey) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents, from noise to what is valid and merely enormous."""
    good = build_apk(
        package="city.muster.bench",
        version_code=1,
        version_name="1",
        label="Bench",
        key=key,
        extra=Random(1).randbytes(20 * _MIB),
    )
    yield "noise", Random(2).randbytes(20 * _MIB)
    yield "truncated", good[:-100]
    yield "one bit flipped", good[:1000] + bytes([good[1000] ^ 1]) + good[1001:]
    yield "end records", b"PK\x05\x06" * (5 * _MIB)
    yield "zip bomb", _signed(key, {"AndroidManifest.xml": b"x", "assets/zeros": bytes(200 * _MIB)})
    yield "manifest bomb", _signed(key, {"AndroidManifest.xml": bytes(60 * _MIB)})
    yield "many entries", _signed(key, {f"assets/{n}": b"" for n in range(60_000)})
    yield (
        "long table",
        _app(key, {"resources.arsc": chunk(2, bytes(4 + 63 * _MIB), header_size=12)}),
    )
    yield "tangled table", _app(key, {"resources.arsc": _tangled()})
    yield "wide manifest", _signed(key, {"AndroidManifest.xml": _wide()})
    yield (
        "v1 of zeros",
        package_apk(
            Tag("manifest", _APP), key, {"assets/zeros": bytes(200 * _MIB)}, jar=_false_jar()
        ),
    )
    yield "set of bombs", _set({f"splits/{n}.apk": bytes(40 * _MIB) for n in range(10)})
    yield "set of noise", _set({f"splits/{n}.apk": Random(n).randbytes(_MIB) for n in range(60)})


def _app(key: ApkKey, files: dict[str, bytes]) -> bytes:
    application = Tag("application", {"label": _TABLE, "debuggable": _TABLE})
    return package_apk(Tag("manifest", _APP, (application,)), key, files)


def _signed(key: ApkKey, files: dict[str, bytes]) -> bytes:
    """A zip of these files, signed v2 and v3 whatever they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    plain = packed.getvalue()
    size, offset = struct.unpack("<II", plain[-10:-2])
    local, directory, end = plain[:offset], plain[offset : offset + size], plain[-22:]
    block = sign_contents(local, directory, end, key)
    moved = end[:16] + struct.pack("<I", offset + len(block)) + end[20:]
    return local + block + directory + moved


def _tangled() -> bytes:
    """A table of types that all hold the one resource that is asked for, each another value."""
    config = struct.pack("<I", 28) + bytes(24)
    entry = struct.pack("<IHHIHBBI", 0, 8, 0, 0, 8, 0, 0x01, 0x7F010000)
    header = struct.pack("<BBHII", 1, 0, 0, 1, 8 + 12 + len(config) + 4) + config
    one = chunk(0x0201, header + entry, header_size=8 + 12 + len(config))
    package = struct.pack("<I256s4I", 0x7F, b"", 0, 0, 0, 0) + one * 49_000
    inner = string_pool(["x"]) + chunk(0x0200, package, header_size=284)
    return chunk(2, struct.pack("<I", 1) + inner, header_size=12)


def _wide() -> bytes:
    """A manifest of as many elements as fit, all inside each other's parent."""
    children = tuple(Tag("uses-permission", {"name": f"p.{n}"}) for n in range(30_000))
    return encode_xml(Tag("manifest", _APP, children))


def _false_jar() -> dict[str, bytes]:
    return {"META-INF/CERT.SF": zlib.compress(bytes(1000)), "META-INF/CERT.EC": b"\x30\x80" * 999}


def _set(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()
