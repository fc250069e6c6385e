"""What makes the demo's apps more than a name: labels by language, an icon, managed settings."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from muster.server.demo.apk_manifest import Reference, Tag, encode_xml
from muster.server.demo.apk_resources import ResourceWriter

TYPES: Final = {
    "hidden": 0,
    "bool": 1,
    "choice": 2,
    "multi-select": 4,
    "integer": 5,
    "string": 6,
    "bundle": 7,
    "bundle_array": 8,
}
"""android:restrictionType, as the platform numbers it."""
_RESTRICTIONS: Final = "res/xml/restrictions.xml"

Value = str | int | bool | Reference


def square(side: int, colour: tuple[int, int, int] = (28, 79, 156)) -> bytes:
    """A PNG of one colour."""

    def part(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * side) * side
    image = part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + image


def extras(
    package: str,
    labels: Mapping[str, str],
    icons: Mapping[int, bytes],
    restrictions: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, Value], tuple[Tag, ...], dict[str, bytes]]:
    """Attributes and children of <application>, and the files they refer to.

    `labels` are by language tag ("" the default), `icons` PNGs by density in dpi, `restrictions` as
    `ApkFacts.restrictions` has them.
    """
    table = ResourceWriter(package)
    attributes: dict[str, Value] = {}
    children: tuple[Tag, ...] = ()
    files: dict[str, bytes] = {}
    if labels:
        attributes["label"] = table.text(labels)
    if icons:
        paths = {density: f"res/mipmap-{density}dpi/icon.png" for density in icons}
        attributes["icon"] = table.icon(paths)
        files |= {path: icons[density] for density, path in paths.items()}
    if restrictions:
        root = Tag("restrictions", {}, tuple(_restriction(each, table) for each in restrictions))
        files[_RESTRICTIONS] = encode_xml(root)
        reference = table.document(_RESTRICTIONS)
        name = "android.content.APP_RESTRICTIONS"
        children = (Tag("meta-data", {"name": name, "resource": reference}),)
    if files or attributes:
        files["resources.arsc"] = table.encode()
    return attributes, children, files


def _restriction(wanted: Mapping[str, Any], table: ResourceWriter) -> Tag:
    attributes: dict[str, Value] = {
        "key": wanted["key"],
        "restrictionType": TYPES[wanted["type"]],
        "title": wanted.get("title", ""),
        "description": wanted.get("description", ""),
    }
    default = wanted.get("default")
    if default is not None:
        attributes["defaultValue"] = table.array(default) if _is_list(default) else default
    choices = wanted.get("choices")
    if choices:
        attributes["entryValues"] = table.array([choice["value"] for choice in choices])
        attributes["entries"] = table.array([choice["label"] for choice in choices])
    nested = tuple(_restriction(each, table) for each in wanted.get("nested", ()))
    return Tag("restriction", attributes, nested)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)
