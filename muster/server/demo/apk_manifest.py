"""Writer of Android binary XML, for the demo's own small apps.

Layout: Android `ResourceTypes.h`. Attribute names with a resource id come first in the string
pool, sorted by id: Android finds them by position.
"""

import struct
from dataclasses import dataclass, field

ATTRIBUTE_IDS = {
    "label": 0x01010001,
    "icon": 0x01010002,
    "name": 0x01010003,
    "permission": 0x01010006,
    "readPermission": 0x01010007,
    "writePermission": 0x01010008,
    "sharedUserId": 0x0101000B,
    "debuggable": 0x0101000F,
    "exported": 0x01010010,
    "description": 0x01010020,
    "value": 0x01010024,
    "resource": 0x01010025,
    "scheme": 0x01010027,
    "host": 0x01010028,
    "entries": 0x010100B2,
    "title": 0x010101E1,
    "key": 0x010101E8,
    "defaultValue": 0x010101ED,
    "entryValues": 0x010101F8,
    "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B,
    "versionName": 0x0101021C,
    "targetSdkVersion": 0x01010270,
    "maxSdkVersion": 0x01010271,
    "testOnly": 0x01010272,
    "allowBackup": 0x01010280,
    "restrictionType": 0x01010493,
    "usesCleartextTraffic": 0x010104EC,
    "networkSecurityConfig": 0x01010527,
    "versionCodeMajor": 0x01010576,
}
"""Resource ids of the android: attributes we write (the platform's public.xml)."""

NAMESPACE = "http://schemas.android.com/apk/res/android"
_NONE = 0xFFFFFFFF
_HAS_ID_LAST = 0xFFFFFFFF


@dataclass(frozen=True)
class Reference:
    """A value that is a resource id of the app's own table."""

    resource_id: int


@dataclass(frozen=True)
class Tag:
    """An XML element; attributes named in ATTRIBUTE_IDS get the android namespace and their id."""

    name: str
    attributes: dict[str, str | int | bool | Reference] = field(default_factory=dict)
    children: tuple["Tag", ...] = ()


def encode_xml(root: Tag) -> bytes:
    """The binary XML document of `root`."""
    strings = _strings(root)
    ids = [ATTRIBUTE_IDS[name] for name in strings if name in ATTRIBUTE_IDS]
    resource_map = struct.pack(f"<{len(ids)}I", *ids)
    namespace = struct.pack("<4I", 1, _NONE, strings["android"], strings[NAMESPACE])
    body = b"".join(
        (
            string_pool(list(strings)),
            chunk(0x0180, resource_map),
            chunk(0x0100, namespace, header_size=16),
            _element(root, strings),
            chunk(0x0101, namespace, header_size=16),
        )
    )
    return chunk(0x0003, body)


def chunk(kind: int, content: bytes, *, header_size: int = 8) -> bytes:
    """A resource chunk; `content` includes what of its header goes beyond the first 8 bytes."""
    return struct.pack("<HHI", kind, header_size, 8 + len(content)) + content


def string_pool(strings: list[str], *, utf8: bool = False) -> bytes:
    """A string pool chunk, UTF-16 unless `utf8`; every string shorter than 128 characters."""
    data, offsets = b"", b""
    for text in strings:
        offsets += struct.pack("<I", len(data))
        wide, narrow = text.encode("utf-16-le"), text.encode()
        if utf8:
            data += bytes((len(wide) // 2, len(narrow))) + narrow + b"\0"
        else:
            data += struct.pack("<H", len(wide) // 2) + wide + b"\0\0"
    data += bytes(-len(data) % 4)
    header = struct.pack("<5I", len(strings), 0, 0x100 if utf8 else 0, 28 + len(offsets), 0)
    return chunk(0x0001, header + offsets + data, header_size=28)


def _strings(root: Tag) -> dict[str, int]:
    """Index by string: attribute names with an id first, by id, then all others."""
    found: dict[str, None] = {"android": None, NAMESPACE: None}
    _collect(root, found)
    ordered = sorted(found, key=lambda text: ATTRIBUTE_IDS.get(text, _HAS_ID_LAST))
    return {text: index for index, text in enumerate(ordered)}


def _collect(tag: Tag, found: dict[str, None]) -> None:
    found[tag.name] = None
    for name, value in tag.attributes.items():
        found[name] = None
        if isinstance(value, str):
            found[value] = None
    for child in tag.children:
        _collect(child, found)


def _element(tag: Tag, strings: dict[str, int]) -> bytes:
    ordered = sorted(tag.attributes.items(), key=lambda item: strings[item[0]])
    attributes = b"".join(_attribute(name, value, strings) for name, value in ordered)
    start = struct.pack(
        "<4I6H", *(1, _NONE, _NONE, strings[tag.name]), *(20, 20, len(ordered), 0, 0, 0)
    )
    children = b"".join(_element(child, strings) for child in tag.children)
    end = struct.pack("<4I", 1, _NONE, _NONE, strings[tag.name])
    return (
        chunk(0x0102, start + attributes, header_size=16)
        + children
        + chunk(0x0103, end, header_size=16)
    )


def _attribute(name: str, value: str | int | bool | Reference, strings: dict[str, int]) -> bytes:
    namespace = strings[NAMESPACE] if name in ATTRIBUTE_IDS else _NONE
    raw = strings[value] if isinstance(value, str) else _NONE
    kind, number = _typed(value, strings)
    return struct.pack("<3IHBBI", namespace, strings[name], raw, 8, 0, kind, number)


def _typed(value: str | int | bool | Reference, strings: dict[str, int]) -> tuple[int, int]:
    if isinstance(value, Reference):
        return 0x01, value.resource_id
    if isinstance(value, str):
        return 0x03, strings[value]
    if isinstance(value, bool):
        return 0x12, 0xFFFFFFFF if value else 0
    return 0x10, value & 0xFFFFFFFF
