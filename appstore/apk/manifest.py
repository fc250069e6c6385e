"""What an app declares of itself in AndroidManifest.xml.

Meaning of elements and attributes: Android developer guide, "App manifest overview"; ids from
the platform's public.xml. A doubtful declaration is refused or read at its most permissive.
"""

import re
from dataclasses import dataclass

from .axml import Element
from .components import Components, read_components
from .errors import ApkError
from .lookup import Lookup

LABEL, ICON, NAME = 0x01010001, 0x01010002, 0x01010003
SHARED_USER_ID, DEBUGGABLE = 0x0101000B, 0x0101000F
MIN_SDK, TARGET_SDK, MAX_SDK = 0x0101020C, 0x01010270, 0x01010271
VERSION_CODE, VERSION_NAME, VERSION_CODE_MAJOR = 0x0101021B, 0x0101021C, 0x01010576
TEST_ONLY, ALLOW_BACKUP, CLEARTEXT = 0x01010272, 0x01010280, 0x010104EC
RESOURCE, NETWORK_SECURITY = 0x01010025, 0x01010527

_PACKAGE_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_MAX_PACKAGE_NAME = 223
_MAX_SDK = 10_000
_MAX_NAMES = 2_000
_CLEARTEXT_DEFAULT_UNTIL = 27
_PERMISSIONS = ("uses-permission",)
_PERMISSIONS_SDK_23 = "uses-permission-sdk-23", "uses-permission-sdk-m"
_RESTRICTIONS = "android.content.APP_RESTRICTIONS"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The declarations of one app, resources resolved; see `ApkFacts` for their meaning."""

    package: str
    version_code: int
    version_name: str
    label: str
    label_zh: str
    labels: dict[str, str]
    icons: tuple[str, ...]
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    permissions_sdk_23: tuple[str, ...]
    max_sdk_by_permission: dict[str, int]
    features: tuple[str, ...]
    debuggable: bool
    test_only: bool
    allow_backup: bool
    cleartext: bool
    shared_user_id: str
    components: Components
    restrictions: str
    """Path of the file that declares the app's restrictions; "" when it has none."""
    network_security: str
    """Path of the network security configuration."""


def read_manifest(root: Element, lookup: Lookup) -> Manifest:
    """The declarations under the root element `manifest`."""
    if root.name != "manifest":
        raise ApkError("manifest_invalid", "The manifest's root element is not <manifest>.")
    if "split" in root.attributes:
        raise ApkError(
            "split_apk", "This is one part of a split app; upload the whole set (.apks)."
        )
    application = _only(root, "application") or Element("application")
    package = _package(root, lookup)
    min_sdk, target_sdk = sdk_range(root, lookup)
    permissions, limits = _permissions(root, lookup)
    label = lookup.text(application, LABEL) or package
    return Manifest(
        package=package,
        version_code=_version_code(root, lookup),
        version_name=lookup.text(root, VERSION_NAME),
        label=label,
        label_zh=lookup.text(application, LABEL, language="zh"),
        labels=lookup.texts(application, LABEL),
        icons=lookup.files(application, ICON),
        min_sdk=min_sdk,
        target_sdk=target_sdk,
        permissions=permissions,
        permissions_sdk_23=_permissions_sdk_23(root, lookup),
        max_sdk_by_permission=limits,
        features=_names(root, lookup, "uses-feature"),
        debuggable=lookup.truth(application, DEBUGGABLE, default=False),
        test_only=lookup.truth(application, TEST_ONLY, default=False),
        allow_backup=lookup.truth(application, ALLOW_BACKUP, default=True),
        cleartext=lookup.truth(
            application, CLEARTEXT, default=target_sdk <= _CLEARTEXT_DEFAULT_UNTIL
        ),
        shared_user_id=lookup.literal(root, SHARED_USER_ID),
        components=read_components(application, package, target_sdk, lookup),
        restrictions=_restrictions(application, lookup),
        network_security=next(iter(lookup.files(application, NETWORK_SECURITY)), ""),
    )


def identity(root: Element, lookup: Lookup) -> tuple[str, int]:
    """Package and version code, which every APK of a split app has for itself."""
    return _package(root, lookup), _version_code(root, lookup)


def _only(root: Element, name: str) -> Element | None:
    found = root.named(name)
    if len(found) > 1:
        raise ApkError("manifest_invalid", f"The manifest has more than one <{name}>.")
    return found[0] if found else None


def _package(root: Element, lookup: Lookup) -> str:
    package = lookup.literal(root, "package")
    if len(package) > _MAX_PACKAGE_NAME or not _PACKAGE_NAME.fullmatch(package):
        raise ApkError(
            "package_name",
            "The package name must be two or more dotted words of letters, digits and _.",
        )
    return package


def _version_code(root: Element, lookup: Lookup) -> int:
    minor = lookup.number(root, VERSION_CODE, default=0)
    code = lookup.number(root, VERSION_CODE_MAJOR, default=0) << 32 | minor
    if not 0 < code < 1 << 63:
        raise ApkError("version_code", "The app needs a versionCode of 1 or more.")
    return code


def sdk_range(root: Element, lookup: Lookup) -> tuple[int, int]:
    """The lowest Android version the app runs on, and the one it was made for."""
    declared = _only(root, "uses-sdk") or Element("uses-sdk")
    lowest = lookup.number(declared, MIN_SDK, default=1)
    target = lookup.number(declared, TARGET_SDK, default=lowest)
    if max(lowest, target) > _MAX_SDK:
        raise ApkError("sdk_preview", "The app is built for a preview of Android.")
    return lowest, target


def _permissions(root: Element, lookup: Lookup) -> tuple[tuple[str, ...], dict[str, int]]:
    """Names, and the last Android version for which each limited one is asked."""
    limits: dict[str, int | None] = {}
    for element in _bounded(root.named(*_PERMISSIONS, *_PERMISSIONS_SDK_23)):
        name = lookup.literal(element, NAME)
        highest = lookup.number(element, MAX_SDK, default=0) or None
        known = limits.get(name, 0)
        # Asked twice, the wider request counts.
        limits[name] = None if highest is None or known is None else max(highest, known)
    return tuple(filter(None, limits)), {name: top for name, top in limits.items() if name and top}


def _permissions_sdk_23(root: Element, lookup: Lookup) -> tuple[str, ...]:
    """Names that are asked from Android 6 on, and not before as well."""
    always = _names(root, lookup, *_PERMISSIONS)
    return tuple(name for name in _names(root, lookup, *_PERMISSIONS_SDK_23) if name not in always)


def _restrictions(application: Element, lookup: Lookup) -> str:
    for element in application.named("meta-data"):
        if lookup.text(element, NAME) == _RESTRICTIONS:
            return next(iter(lookup.files(element, RESOURCE)), "")
    return ""


def _names(root: Element, lookup: Lookup, *element_names: str) -> tuple[str, ...]:
    """Names in document order; uses-feature may lack one (OpenGL versions)."""
    names = (lookup.literal(element, NAME) for element in _bounded(root.named(*element_names)))
    return tuple(dict.fromkeys(filter(None, names)))


def _bounded(elements: list[Element]) -> list[Element]:
    if len(elements) > _MAX_NAMES:
        name = elements[0].name
        raise ApkError("manifest_invalid", f"There are more than {_MAX_NAMES} <{name}> elements.")
    return elements
