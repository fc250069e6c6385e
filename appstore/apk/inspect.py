"""Inspection of an APK: its signature first, everything it says about itself after."""

from pathlib import Path

from .archive import Archive
from .arsc import ResourceTable
from .axml import parse
from .digests import file_sha256
from .errors import ApkError
from .facts import ApkFacts
from .manifest import Manifest, read_manifest
from .sections import Sections, read_sections
from .signing import Signature, verify

MAX_MANIFEST = 4 << 20
MAX_TABLE = 64 << 20

_V2_SUFFICES_BELOW = 28


def inspect_apk(path: Path) -> ApkFacts:
    """The facts of the APK at `path`; ApkError when it is not validly signed or not well formed."""
    with path.open("rb", buffering=0) as file:
        sections = read_sections(file)
        signature = verify(sections)
        archive = Archive(sections)
        if signature is None:
            raise _unsigned(archive)
        manifest = _read_declarations(archive)
        if manifest.min_sdk < _V2_SUFFICES_BELOW and "v2" not in signature.schemes:
            raise ApkError("v2_missing", "Android 8 knows no v3 signature; add a v2 signature.")
        return _facts(sections, signature, archive, manifest)


def _unsigned(archive: Archive) -> ApkError:
    # v1 covers neither the zip structure nor added bytes (CVE-2017-13156): no store needs it.
    if any(name.startswith("META-INF/") and name.endswith(".SF") for name in archive.names):
        return ApkError("v1_only", "The APK has only a v1 (JAR) signature; sign it with v2 or v3.")
    return ApkError("unsigned", "The APK is not signed; sign it with apksigner, v2 or v3.")


def _read_declarations(archive: Archive) -> Manifest:
    table = b""
    if "resources.arsc" in archive:
        table = archive.read("resources.arsc", MAX_TABLE)
    root = parse(archive.read("AndroidManifest.xml", MAX_MANIFEST))
    return read_manifest(root, ResourceTable(table))


def _facts(
    sections: Sections, signature: Signature, archive: Archive, manifest: Manifest
) -> ApkFacts:
    signer = signature.certificate
    return ApkFacts(
        package=manifest.package,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        label=manifest.label,
        label_zh=manifest.label_zh,
        icon=next((path for path in manifest.icons if path in archive), ""),
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        permissions=manifest.permissions,
        max_sdk_by_permission=manifest.max_sdk_by_permission,
        features=manifest.features,
        native_abis=_native_abis(archive),
        debuggable=manifest.debuggable,
        test_only=manifest.test_only,
        allow_backup=manifest.allow_backup,
        cleartext=manifest.cleartext,
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
        sha256=file_sha256(sections),
        size=sections.size,
    )


def _native_abis(archive: Archive) -> tuple[str, ...]:
    parts = (name.split("/") for name in archive.names)
    return tuple(
        sorted({part[1] for part in parts if len(part) == 3 and part[0] == "lib" and part[2]})
    )
