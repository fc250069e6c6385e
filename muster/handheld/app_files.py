"""The files of an app: which of a set this terminal needs, and whether they are what was signed for."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.handheld.apk_signer import signer_of
from muster.handheld.app_conditions import Surroundings
from muster.handheld.connection import Refused
from muster.handheld.errors import AppRefused, FileDamaged
from muster.handheld.files import Files

_DOWNLOADS = "/appstore/v1/downloads"
Entry = Mapping[str, Any]


def chosen(splits: Iterable[Entry], around: Surroundings) -> list[Entry]:
    """Return the splits that this terminal needs, by name.

    All that are for every terminal, the best ABI, the nearest density that is not coarser, and the
    languages it speaks. `AppRefused` if there is code, but none for this processor.
    """
    kept: list[Entry] = []
    by: dict[str, dict[str, list[Entry]]] = {"abi": {}, "density": {}, "language": {}}
    for split in splits:
        applies = split["applies_to"]
        if not applies:
            kept.append(split)
        for kind, value in applies.items():
            by.setdefault(kind, {}).setdefault(str(value), []).append(split)
    if by["abi"]:
        best = next((abi for abi in around.abis if abi in by["abi"]), None)
        if best is None:
            raise AppRefused("split_missing", "No part of this app is for this processor.")
        kept += by["abi"][best]
    if by["density"]:
        kept += by["density"][_nearest(by["density"], around.density)]
    for language in around.languages:
        kept += by["language"].get(language, [])
    return sorted(kept, key=lambda split: str(split["name"]))


def needed(wanted: Entry, around: Surroundings) -> list[Entry]:
    """Return the files to fetch for an app: `{sha256, size, url}`, the main one first.

    Raises `AppRefused` for an app that does not fit.
    """
    if wanted.get("kind") == "web":
        bundle = wanted.get("web", {}).get("bundle")
        files = [bundle] if bundle else []
    else:
        splits = chosen(wanted.get("files", ()), around)
        urls = [{"url": f"{_DOWNLOADS}/{split['sha256']}", **split} for split in splits]
        files = [wanted, *urls]
    size = sum(file["size"] for file in files)
    if size > around.free:
        raise AppRefused("storage_full", f"It takes {size} bytes; {around.free} are free.")
    return files


def fetch(files: Files, wanted: Entry, needed: Iterable[Entry], signers: set[str]) -> None:
    """Download an app's files and hold each against its hash and all against one signer.

    `signers` are those it must have: the one that is named, and the one installed before.
    Raises `AppRefused` and keeps nothing of what is not to be believed.
    """
    for file in needed:
        try:
            files.fetch(file["url"], file["sha256"], file["size"], door="agent")
            if wanted.get("kind") != "web":
                _same_signer(files, file["sha256"], signers)
        except FileDamaged as fault:
            raise AppRefused("hash_mismatch", str(fault)) from fault
        except Refused as refusal:
            raise AppRefused("download_refused", str(refusal)) from refusal


def _same_signer(files: Files, sha256: str, signers: set[str]) -> None:
    try:
        signer = signer_of(b"".join(files.read(sha256)))
    except FileDamaged as fault:
        files.drop(sha256)
        raise AppRefused("signer_mismatch", str(fault)) from fault
    if {signer} != signers:
        files.drop(sha256)
        raise AppRefused("signer_mismatch", "It is signed by somebody else; not installed.")


def _nearest(densities: Iterable[str], wanted: int) -> str:
    """Return the density that needs the least scaling up: the next finer one, else the finest."""
    ordered = sorted(densities, key=_dpi)
    return next((name for name in ordered if _dpi(name) >= wanted), ordered[-1])


def _dpi(name: str) -> int:
    named = {"ldpi": 120, "mdpi": 160, "tvdpi": 213, "hdpi": 240, "xhdpi": 320, "xxhdpi": 480}
    if name in named:
        return named[name]
    digits = name.removesuffix("dpi")
    return int(digits) if digits.isdecimal() else 640
