"""The parts of a split app: a base APK, and APKs beside it for some terminals or some features.

Meaning: Android developer guide, "About Android App Bundles", and bundletool's names of
configuration splits.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from .archive import Archive
from .arsc import ResourceTable
from .axml import Element, parse
from .components import Components, read_components
from .digests import file_sha256
from .errors import ApkError
from .inspect import MAX_MANIFEST, MAX_TABLE, native_abis, unsigned
from .jar import verify_jar
from .lookup import Lookup
from .manifest import identity, sdk_range
from .sections import read_sections
from .signing import verify

MAX_NAME = 200
_ABIS = {
    name.replace("-", "_"): name
    for name in ("armeabi", "armeabi-v7a", "arm64-v8a", "x86", "x86_64", "riscv64")
}
_DENSITIES = {"ldpi", "mdpi", "tvdpi", "hdpi", "xhdpi", "xxhdpi", "xxxhdpi"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"[A-Za-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One APK of a set, verified; the base's `name` is empty.

    `applies_to` is {} (every terminal), or one of {"abi": …}, {"density": …}, {"language": …}.
    """

    path: Path
    name: str
    applies_to: dict[str, str]
    package: str
    version_code: int
    signer: str
    schemes: tuple[str, ...]
    components: Components
    native_abis: tuple[str, ...]
    sha256: str
    size: int


def read_part(path: Path) -> Part:
    """What one APK of a set says of itself; ApkError when it is not validly signed."""
    with path.open("rb", buffering=0) as file:
        sections = read_sections(file)
        signature = verify(sections)
        archive = Archive(sections)
        if signature is None:
            raise unsigned(archive)
        table = archive.read("resources.arsc", MAX_TABLE) if "resources.arsc" in archive else b""
        lookup = Lookup(ResourceTable(table))
        root = parse(archive.read("AndroidManifest.xml", MAX_MANIFEST))
        package, version_code = identity(root, lookup)
        name = _name(root, lookup)
        application = next(iter(root.named("application")), Element("application"))
        lowest, target = sdk_range(root, lookup)
        verify_jar(archive, signature.first, signature.schemes, lowest)
        return Part(
            path=path,
            name=name,
            applies_to=_applies_to(name),
            package=package,
            version_code=version_code,
            signer=signature.certificate.sha256,
            schemes=signature.schemes,
            components=read_components(application, package, target, lookup),
            native_abis=native_abis(archive),
            sha256=file_sha256(sections),
            size=sections.size,
        )


def _name(root: Element, lookup: Lookup) -> str:
    name = lookup.literal(root, "split")
    if name and (len(name) > MAX_NAME or not _NAME.fullmatch(name)):
        raise ApkError("split_name", "A split's name must be letters, digits, dots and _.")
    return name


def _applies_to(name: str) -> dict[str, str]:
    """For which terminals a split is: its name's last word, after `config.`, says it."""
    module, mark, qualifier = f".{name}".rpartition(".config.")
    if not mark:
        return {}
    if qualifier in _ABIS:
        return {"abi": _ABIS[qualifier]}
    if qualifier in _DENSITIES:
        return {"density": qualifier}
    if _LANGUAGE.fullmatch(qualifier):
        return {"language": qualifier}
    feature = module.removeprefix(".") or "the base"
    raise ApkError(
        "split_config",
        f"The split {name!r} of {feature} is for a kind of terminal that this store does not know; "
        "build the set by processor, density and language only.",
    )
