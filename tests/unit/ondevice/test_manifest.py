"""What a terminal installs is exactly what was sealed."""

import copy
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.ondevice import ManifestError, manifest

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)
CONTENT = b"tiles of the old town"
ENTRY = {"name": "old-town.pmtiles", "sha256": hashlib.sha256(CONTENT).hexdigest(), "size": 21}


def sign(payload: bytes) -> bytes:
    return hmac.digest(b"the signing key", payload, "sha256")


def verify(key_id: str, algorithm: str, payload: bytes, signature: bytes) -> bool:
    return (key_id, algorithm) == ("k1", "test-mac") and hmac.compare_digest(
        sign(payload), signature
    )


def sealed(**changes: Any) -> dict[str, Any]:
    content = {
        "kind": "map_package",
        "id": "old-town",
        "version": "7",
        "files": [ENTRY],
        "expires": (NOW + timedelta(days=30)).isoformat(),
        "style": {"zoom": 14.5},
    }
    return manifest.seal(content | changes, sign, "k1", "test-mac")


def test_a_genuine_manifest_is_returned_as_it_was_sealed() -> None:
    opened = manifest.check(sealed(), verify, NOW, kind="map_package")
    assert (opened["version"], opened["style"]) == ("7", {"zoom": 14.5})


@pytest.mark.parametrize("part", ["version", "expires", "style"])
def test_a_changed_manifest_is_refused(part: str) -> None:
    tampered = copy.deepcopy(sealed())
    tampered["manifest"][part] = "8"
    with pytest.raises(ManifestError, match="signature does not fit"):
        manifest.check(tampered, verify, NOW)


@pytest.mark.parametrize("field", ["key_id", "algorithm"])
def test_the_signature_covers_the_key_and_the_algorithm(field: str) -> None:
    def trusting(key_id: str, algorithm: str, payload: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(sign(payload), signature)

    assert manifest.check(sealed(), trusting, NOW)
    with pytest.raises(ManifestError, match="signature does not fit"):
        manifest.check(sealed() | {field: "weaker"}, trusting, NOW)


def test_a_manifest_is_refused_from_the_moment_it_expires() -> None:
    assert manifest.check(sealed(), verify, NOW + timedelta(days=30, seconds=-1))
    with pytest.raises(ManifestError, match="expired"):
        manifest.check(sealed(), verify, NOW + timedelta(days=30))


def test_a_genuine_manifest_of_another_kind_is_refused() -> None:
    with pytest.raises(ManifestError, match="hot_list"):
        manifest.check(sealed(), verify, NOW, kind="hot_list")


@pytest.mark.parametrize(
    ("envelope", "sentence"),
    [
        (sealed() | {"note": "x"}, "unknown fields in the envelope: note"),
        ({"manifest": {}}, "lacks algorithm, key_id, signature"),
        (sealed() | {"signature": "%%%"}, "base64url"),
        (sealed() | {"signature": "é"}, "base64url"),
        (sealed() | {"key_id": 7}, "texts"),
        (sealed() | {"manifest": []}, "JSON object"),
        ([], "JSON object"),
    ],
)
def test_a_malformed_envelope_is_refused_with_the_reason(envelope: Any, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        manifest.check(envelope, verify, NOW)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:x", "a\\..\\x", "", "a\0b"])
def test_a_file_name_cannot_leave_the_package(name: str) -> None:
    with pytest.raises(ManifestError, match="no file name"):
        sealed(files=[ENTRY | {"name": name}])


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ""},
        {"version": 7},
        {"expires": "tomorrow"},
        {"expires": "2026-04-01T00:00:00"},
        {"files": None},
        {"files": ["old-town.pmtiles"]},
        {"files": [ENTRY, ENTRY]},
        {"files": [ENTRY | {"size": -1}]},
        {"files": [ENTRY | {"size": True}]},
        {"files": [ENTRY | {"sha256": "ABC"}]},
        {"style": {"zoom": float("nan")}},
    ],
)
def test_a_manifest_that_breaks_its_own_rules_is_never_sealed(changes: dict[str, Any]) -> None:
    with pytest.raises(ManifestError):
        sealed(**changes)


def test_a_file_is_accepted_only_with_its_size_and_content(tmp_path: Path) -> None:
    path = tmp_path / "download"
    path.write_bytes(CONTENT)
    manifest.check_file(path, ENTRY)
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(ManifestError, match="20 bytes, wanted 21"):
        manifest.check_file(path, ENTRY)
    path.write_bytes(CONTENT[::-1])
    with pytest.raises(ManifestError, match="content"):
        manifest.check_file(path, ENTRY)
    with pytest.raises(ManifestError, match="cannot be read"):
        manifest.check_file(tmp_path / "absent", ENTRY)
