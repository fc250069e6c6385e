"""`index-v2.json`, the newer of the two indexes, and what `entry.json` says of it. Pure.

Keys without a value are left out: a null would mean "remove" to whoever merges a diff (RFC 7396).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from appstore.fdroid import badge
from appstore.fdroid.sheet import Package, Picture, Repo, Version, file_name

VERSION: Final = 20002
FORMAT: Final = 1
"""Raise it when the same view is written differently here or in v1: clients then take it anew."""
VULNERABLE: Final = "KnownVuln"
_ANTI_FEATURES: Final = {
    VULNERABLE: {
        "name": {"en-US": "Known vulnerability", "zh-CN": "已知漏洞"},
        "description": {
            "en-US": "This version is blocked. Remove it or update it.",
            "zh-CN": "请卸载或更新此版本。",
        },
    }
}
_REASON: Final = {"en-US": "Blocked by the app store", "zh-CN": "已被应用商店封禁"}


def repo(said: Repo) -> dict[str, Any]:
    """Return the `repo` object."""
    return {
        "name": {"en-US": said.name},
        "description": {"en-US": said.description},
        "icon": {"en-US": _file(badge.PICTURE)},
        "address": said.address,
        "mirrors": [{"url": url} for url in said.mirrors],
        "timestamp": said.timestamp,
        "antiFeatures": _ANTI_FEATURES,
        "categories": {name: {"name": {"en-US": name}} for name in said.categories},
        "releaseChannels": {},
    }


def head(said: Repo) -> bytes:
    """Return the beginning of the index, all that differs from address to address."""
    return b'{"repo":' + msgspec.json.encode(repo(said)) + b',"packages":'


def rest(packages: Iterable[Package]) -> bytes:
    """Return the end of the index after `head`."""
    return msgspec.json.encode({one.package: package(one) for one in packages}) + b"}"


def package(one: Package) -> dict[str, Any]:
    """Return one package with its versions, by the hash of their files."""
    return {
        "metadata": metadata(one) | {"added": one.added, "lastUpdated": one.last_updated},
        "versions": {version.sha256: _version(one.package, version) for version in one.versions},
    }


def metadata(one: Package) -> dict[str, Any]:
    """Return what is said of a package whatever its versions are."""
    words = one.words
    said = {
        "name": words.name,
        "summary": words.summary,
        "description": words.description,
        "icon": {locale: _file(icon) for locale, icon in words.icon.items()},
        "categories": [one.category] if one.category else [],
        "preferredSigner": one.preferred_signer,
    }
    phone = {locale: [_file(shot) for shot in shots] for locale, shots in words.phone.items()}
    if phone:
        said["screenshots"] = {"phone": phone}
    return {key: value for key, value in said.items() if value}


def _version(package: str, one: Version) -> dict[str, Any]:
    name = file_name(package, one.version_code)
    said: dict[str, Any] = {
        "added": one.added,
        "file": {"name": f"/{name}", "sha256": one.sha256, "size": one.size},
        "manifest": _manifest(one),
    }
    if one.whats_new:
        said["whatsNew"] = one.whats_new
    if one.vulnerable:
        said["antiFeatures"] = {VULNERABLE: _REASON}
    return said


def _manifest(one: Version) -> dict[str, Any]:
    facts = one.facts
    said = {
        "versionName": one.version_name,
        "versionCode": one.version_code,
        "usesSdk": {"minSdkVersion": facts["min_sdk"], "targetSdkVersion": facts["target_sdk"]},
        "signer": {"sha256": [one.signer]},
        "usesPermission": permissions(facts["permissions"], facts["max_sdk_by_permission"]),
        "nativecode": list(facts["native_abis"]),
        "features": [{"name": name} for name in facts["features"]],
    }
    return {key: value for key, value in said.items() if value}


def permissions(names: Sequence[str], limits: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return permissions, each with the last Android version that it is asked on, if there is one."""
    return [
        {"name": name, "maxSdkVersion": limits[name]} if name in limits else {"name": name}
        for name in names
    ]


def _file(picture: Picture) -> dict[str, Any]:
    return {"name": f"/{picture.path}", "sha256": picture.sha256, "size": picture.size}
