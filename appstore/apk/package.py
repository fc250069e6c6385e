"""What an upload holds: one APK, or a set of split APKs as bundletool packs it (`.apks`).

Which of the two is told by the content, never by a name. Of a set only `splits/*.apk` counts: the
table of contents and the standalone APKs say nothing that the splits do not say themselves.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .archive import Archive
from .errors import ApkError
from .facts import ApkFacts
from .icon import Icon
from .inspect import V2_SUFFICES_BELOW, Inspected, inspect_with_icon
from .sections import read_sections
from .splits import Part, read_part

MAX_SPLITS = 64
MAX_SET = 400 << 20
"""Bytes of all APKs of a set together."""
_FOLDER, _SUFFIX = "splits/", ".apk"


@dataclass(frozen=True, slots=True)
class Split:
    """One APK beside the base: its file, and for which terminals it is."""

    path: Path
    name: str
    applies_to: dict[str, str]
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Package:
    """An upload, verified: the base's facts and file, its icon, and the splits beside it.

    Of a set, the facts' components, links and processors are those of all its APKs together.
    """

    facts: ApkFacts
    icon: Icon
    base: Path
    splits: tuple[Split, ...] = ()


def read_package(path: Path, folder: Path) -> Package:
    """The package at `path`; the APKs of a set are unpacked into `folder`, an empty one."""
    members = _members(path)
    if not members:
        return _single(path, inspect_with_icon(path))
    parts = [read_part(each) for each in _unpack(path, members, folder)]
    bases = [part for part in parts if not part.name]
    if len(bases) != 1:
        raise ApkError(
            "split_base",
            f"The set has {len(bases)} base APKs; it needs exactly one. Build it for one range of "
            "Android versions.",
        )
    inspected = inspect_with_icon(bases[0].path)
    splits = [part for part in parts if part.name]
    _check_one_app(inspected.facts, splits)
    return Package(
        facts=_whole(inspected.facts, splits),
        icon=inspected.icon,
        base=bases[0].path,
        splits=tuple(
            Split(part.path, part.name, part.applies_to, part.sha256, part.size)
            for part in sorted(splits, key=lambda part: part.name)
        ),
    )


def _single(path: Path, inspected: Inspected) -> Package:
    return Package(inspected.facts, inspected.icon, path)


def _members(path: Path) -> list[str]:
    """The names of a set's APKs; none for a file that is an APK itself, or nothing of either."""
    with path.open("rb", buffering=0) as file:
        sections = read_sections(file)
        if sections.block:
            return []
        archive = Archive(sections)
    names = [name for name in archive.names if name.startswith(_FOLDER) and name.endswith(_SUFFIX)]
    return [] if "AndroidManifest.xml" in archive else names


def _unpack(path: Path, names: Sequence[str], folder: Path) -> list[Path]:
    if len(names) > MAX_SPLITS:
        raise ApkError("split_count", f"The set has more than {MAX_SPLITS} APKs.")
    left, files = MAX_SET, []
    with path.open("rb", buffering=0) as file:
        archive = Archive(read_sections(file))
        for number, name in enumerate(names):
            files.append(folder / f"{number}{_SUFFIX}")
            left -= _write(files[-1], archive.pieces(name), left)
    return files


def _write(file: Path, pieces: Iterable[bytes], most: int) -> int:
    written = 0
    with file.open("xb") as target:
        for piece in pieces:
            written += len(piece)
            if written > most:
                raise ApkError("split_size", f"The set's APKs exceed {MAX_SET} bytes.")
            target.write(piece)
    return written


def _check_one_app(base: ApkFacts, splits: Sequence[Part]) -> None:
    """All or nothing: Android installs a set only if its APKs agree, and so do we."""
    for part in splits:
        if (part.package, part.version_code) != (base.package, base.version_code):
            raise ApkError(
                "split_differs", f"{part.name} has another package or version code than the base."
            )
        if part.signer != base.signer_sha256:
            raise ApkError("split_signer", f"{part.name} was signed by another key than the base.")
        if base.min_sdk < V2_SUFFICES_BELOW and "v2" not in part.schemes:
            raise ApkError("v2_missing", f"Android 8 knows no v3 signature; sign {part.name} v2.")
        abi = part.applies_to.get("abi")
        if abi and set(part.native_abis) - {abi}:
            raise ApkError("split_config", f"{part.name} has code for other processors too.")
    if len({part.name for part in splits}) != len(splits):
        raise ApkError("split_name", "Two splits of the set have the same name.")


def _whole(base: ApkFacts, splits: Sequence[Part]) -> ApkFacts:
    """The base's facts with what its splits open: Android takes components from every split."""
    every = [part.components for part in splits]
    return dataclasses.replace(
        base,
        native_abis=_union(base.native_abis, *(part.native_abis for part in splits)),
        exported_components=_union(base.exported_components, *(each.exported for each in every)),
        guarding_permissions=_union(base.guarding_permissions, *(each.guards for each in every)),
        deep_links=_union(base.deep_links, *(each.deep_links for each in every)),
    )


def _union(*parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in parts for each in part))
