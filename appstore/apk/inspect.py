"""Inspection of an APK: its signature first, everything it says about itself after."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .archive import Archive
from .arsc import ResourceTable
from .axml import Element, parse
from .digests import hashed_beside
from .errors import ApkError
from .facts import ApkFacts
from .icon import Icon, find_icon
from .jar import is_jar_signed, verify_jar
from .lookup import Lookup
from .manifest import Manifest, read_manifest
from .network import NetworkSecurity, read_network_security
from .restrictions import read_restrictions
from .sections import Sections, read_sections
from .signing import Signature, verify

MAX_MANIFEST = 4 << 20
MAX_TABLE = 64 << 20
MAX_XML = 1 << 20
V2_SUFFICES_BELOW = 28
"""Android versions before it know no v3 signature."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """An APK's facts and its launcher icon."""

    facts: ApkFacts
    icon: Icon


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the APK's own files say, its signature aside."""

    manifest: Manifest
    restrictions: tuple[dict[str, Any], ...]
    network: NetworkSecurity
    network_sha256: str


def inspect_apk(path: Path) -> ApkFacts:
    """The facts of the APK at `path`; ApkError when it is not validly signed or not well formed."""
    return inspect_with_icon(path).facts


def inspect_with_icon(path: Path) -> Inspected:
    """The facts of the APK at `path`, and its icon for people to know it by."""
    with path.open("rb", buffering=0) as file:
        sections = read_sections(file)
        with hashed_beside(sections) as whole:
            inspected = _inspect(sections)
        return replace(inspected, facts=replace(inspected.facts, sha256=whole.sha256))


def _inspect(sections: Sections) -> Inspected:
    signature = verify(sections)
    archive = Archive(sections)
    if signature is None:
        raise unsigned(archive)
    declared = _read_declarations(archive)
    if declared.manifest.min_sdk < V2_SUFFICES_BELOW and "v2" not in signature.schemes:
        raise ApkError("v2_missing", "Android 8 knows no v3 signature; add a v2 signature.")
    verify_jar(archive, signature.first, signature.schemes, declared.manifest.min_sdk)
    icon = find_icon(archive, declared.manifest.icons)
    return Inspected(_facts(sections, signature, archive, declared, icon), icon)


def unsigned(archive: Archive) -> ApkError:
    """What to say of an APK without a v2 or v3 signature."""
    # v1 covers neither the zip structure nor added bytes (CVE-2017-13156). Android 7 and later do
    # without it from minSdk 24 on; below that, too, there is no reason left to trust it alone.
    if is_jar_signed(archive.names):
        return ApkError(
            "v1_only",
            "The APK has only a v1 (JAR) signature, which Android 7 and later (minSdk >= 24) need "
            "not look at and which does not cover the whole file; add a v2 or v3 signature.",
        )
    return ApkError("unsigned", "The APK is not signed; sign it with apksigner, v2 or v3.")


def _read_declarations(archive: Archive) -> _Declared:
    table = b""
    if "resources.arsc" in archive:
        table = archive.read("resources.arsc", MAX_TABLE)
    lookup = Lookup(ResourceTable(table))
    manifest = read_manifest(parse(archive.read("AndroidManifest.xml", MAX_MANIFEST)), lookup)
    network, network_sha256 = _optional(archive, manifest.network_security)
    settings, _ = _optional(archive, manifest.restrictions)
    return _Declared(
        manifest,
        read_restrictions(settings, lookup) if settings else (),
        read_network_security(network or Element("")),
        network_sha256,
    )


def _optional(archive: Archive, path: str) -> tuple[Element | None, str]:
    """An XML document the manifest refers to and its SHA-256; None when it refers to none."""
    if not path:
        return None, ""
    data = archive.read(path, MAX_XML)
    try:
        return parse(data), hashlib.sha256(data).hexdigest()
    except ApkError as error:
        raise ApkError(error.code, f"{path} cannot be read. {error.detail}") from error


def _facts(
    sections: Sections,
    signature: Signature,
    archive: Archive,
    declared: _Declared,
    icon: Icon,
) -> ApkFacts:
    signer, manifest = signature.certificate, declared.manifest
    return ApkFacts(
        package=manifest.package,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        label=manifest.label,
        label_zh=manifest.label_zh,
        labels=manifest.labels,
        icon=icon.path,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        permissions=manifest.permissions,
        permissions_sdk_23=manifest.permissions_sdk_23,
        max_sdk_by_permission=manifest.max_sdk_by_permission,
        features=manifest.features,
        native_abis=native_abis(archive),
        debuggable=manifest.debuggable,
        test_only=manifest.test_only,
        allow_backup=manifest.allow_backup,
        cleartext=manifest.cleartext or declared.network.cleartext,
        network_security=declared.network_sha256,
        trusts_user_certificates=declared.network.trusts_user_certificates,
        restrictions=declared.restrictions,
        shared_user_id=manifest.shared_user_id,
        exported_components=manifest.components.exported,
        guarding_permissions=manifest.components.guards,
        deep_links=manifest.components.deep_links,
        signer_sha256=signer.sha256,
        signer_subject=signer.subject,
        key_kind=signer.public_key.kind,
        key_bits=signer.public_key.bits,
        schemes=signature.schemes,
        lineage=signature.lineage,
        sha256="",
        size=sections.size,
    )


def native_abis(archive: Archive) -> tuple[str, ...]:
    """The processors an APK brings code for, by the folders it lies in."""
    parts = (name.split("/") for name in archive.names)
    return tuple(
        sorted({part[1] for part in parts if len(part) == 3 and part[0] == "lib" and part[2]})
    )
