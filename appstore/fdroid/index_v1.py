"""`index-v1.json`, the older of the two indexes: what fdroidcl and old clients read. Pure."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from appstore.fdroid import badge
from appstore.fdroid.index_v2 import VULNERABLE
from appstore.fdroid.sheet import Package, Repo, Version, Words, file_name

_VERSION: Final = 20002
_DAYS: Final = 14
_LANGUAGES: Final = ("en-US", "zh-CN")


def head(said: Repo) -> bytes:
    """Return the beginning of the index, all that differs from address to address."""
    about = {
        "timestamp": said.timestamp,
        "version": _VERSION,
        "maxage": _DAYS,
        "name": said.name,
        "icon": badge.PICTURE.name,
        "address": said.address,
        "description": said.description,
        "mirrors": list(said.mirrors),
    }
    return b'{"repo":' + msgspec.json.encode(about) + b',"requests":{"install":[],"uninstall":[]},'


def rest(packages: Sequence[Package]) -> bytes:
    """Return the end of the index after `head`."""
    apps = msgspec.json.encode([_app(one) for one in packages])
    versions = {one.package: [_version(one.package, v) for v in one.versions] for one in packages}
    return b'"apps":' + apps + b',"packages":' + msgspec.json.encode(versions) + b"}"


def _app(one: Package) -> dict[str, Any]:
    newest, words = one.versions[0], one.words
    return {
        "packageName": one.package,
        "name": _first(words.name) or one.package,
        "summary": _first(words.summary),
        "description": _first(words.description),
        "categories": [one.category] if one.category else [],
        "license": "Unknown",
        "added": one.added,
        "lastUpdated": one.last_updated,
        "suggestedVersionCode": str(newest.version_code),
        "suggestedVersionName": newest.version_name,
        "icon": _icon(words),
        "localized": _localized(one),
        "antiFeatures": [VULNERABLE] if all(v.vulnerable for v in one.versions) else [],
        "allowedAPKSigningKeys": [one.preferred_signer],
    }


def _localized(one: Package) -> dict[str, dict[str, Any]]:
    words, newest = one.words, one.versions[0]
    texts = {
        "name": words.name,
        "summary": words.summary,
        "description": words.description,
        "whatsNew": newest.whats_new,
    }
    found: dict[str, dict[str, Any]] = {}
    for key, by_locale in texts.items():
        for locale, text in by_locale.items():
            found.setdefault(locale, {})[key] = text
    for locale, shots in words.phone.items():
        found.setdefault(locale, {})["phoneScreenshots"] = [shot.name for shot in shots]
    return dict(sorted(found.items()))


def _version(package: str, one: Version) -> dict[str, Any]:
    facts = one.facts
    limits = facts["max_sdk_by_permission"]
    said: dict[str, Any] = {
        "apkName": file_name(package, one.version_code),
        "packageName": package,
        "hash": one.sha256,
        "hashType": "sha256",
        "size": one.size,
        "versionCode": one.version_code,
        "versionName": one.version_name,
        "minSdkVersion": facts["min_sdk"],
        "targetSdkVersion": facts["target_sdk"],
        "signer": one.signer,
        "added": one.added,
        "uses-permission": [[name, limits.get(name)] for name in facts["permissions"]],
    }
    if facts["native_abis"]:
        said["nativecode"] = list(facts["native_abis"])
    if one.vulnerable:
        said["antiFeatures"] = [VULNERABLE]
    return said


def _icon(words: Words) -> str:
    return next((icon.name for icon in words.icon.values()), badge.PICTURE.name)


def _first(text: Any) -> str:
    """Return the text in the language most clients fall back to."""
    return next((text[locale] for locale in (*_LANGUAGES, *text) if locale in text), "")
