"""Sets of split APKs: one app in several files, or refused."""

import io
import zipfile
from dataclasses import replace

import pytest

from appstore.apk import ApkError, read_package
from appstore.apk.sandbox import read_in_subprocess
from muster.server.demo.apk_manifest import Tag
from muster.server.demo.apks import package_apk, package_set, split_apk

PACKAGE, CODE = "city.muster.notes", 7
QUALIFIERS = {
    "config.arm64_v8a": {"abi": "arm64-v8a"},
    "config.xxhdpi": {"density": "xxhdpi"},
    "config.zh": {"language": "zh"},
    "camera": {},
    "camera.config.x86_64": {"abi": "x86_64"},
}


@pytest.fixture
def read(forge, tmp_path):
    """Reads an upload into a folder of its own."""
    count = iter(range(1000))

    def reading(content, reader=read_package):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        return reader(forge.write(content), folder)

    return reading


@pytest.fixture
def splits(key):
    return {name: split_apk(PACKAGE, CODE, name, key) for name in QUALIFIERS}


def test_a_set_is_one_package_whose_splits_say_for_whom_they_are(forge, read, splits, key):
    splits["config.arm64_v8a"] = split_apk(
        PACKAGE, CODE, "config.arm64_v8a", key, {"lib/arm64-v8a/a.so": b"code"}
    )
    base = forge.good()
    for reader in (read_package, read_in_subprocess):
        package = read(package_set(base, splits), reader)
        assert {split.name: split.applies_to for split in package.splits} == QUALIFIERS
        assert package.base.read_bytes() == base
        for split in package.splits:
            assert split.path.read_bytes() == splits[split.name]
        assert package.facts == replace(forge.inspect(base), native_abis=("arm64-v8a",))


def test_what_a_split_opens_counts_as_the_apps(forge, read, key):
    service = Tag(
        "service", {"name": ".Spy", "exported": True, "permission": "android.permission.BIND_X"}
    )
    door = Tag("activity", {"name": ".Door", "exported": True})
    own = {"package": PACKAGE, "versionCode": CODE, "split": "extra"}
    split = package_apk(Tag("manifest", own, (Tag("application", {}, (service, door)),)), key, {})
    facts = read(package_set(forge.good(), {"extra": split})).facts
    assert facts.exported_components == (f"{PACKAGE}.Door",)
    assert facts.guarding_permissions == ("android.permission.BIND_X",)


def test_a_set_that_is_not_one_app_is_refused(forge, read, splits, key, other_key):
    base = forge.good()
    arm = {"lib/x86/a.so": b"code"}
    wrong = {
        "split_differs": [
            package_set(base, {"config.zh": split_apk(PACKAGE, 8, "config.zh", key)}),
            package_set(base, {"config.zh": split_apk("city.other", 7, "config.zh", key)}),
        ],
        "split_signer": [
            package_set(base, {"config.zh": split_apk(PACKAGE, CODE, "config.zh", other_key)})
        ],
        "split_base": [
            package_set(base, {"again": forge.good()}),
            package_set(splits["camera"], {"config.zh": splits["config.zh"]}),
        ],
        "split_name": [
            package_set(base, {"a": splits["camera"], "b": splits["camera"]}),
            package_set(base, {"a": split_apk(PACKAGE, CODE, "../up", key)}),
        ],
        "split_config": [
            package_set(base, {"a": split_apk(PACKAGE, CODE, "config.astc", key)}),
            package_set(base, {"a": split_apk(PACKAGE, CODE, "config.arm64_v8a", key, arm)}),
        ],
        "split_count": [package_set(base, {f"s{n}": b"" for n in range(64)})],
        "not_a_zip": [package_set(base, {"config.zh": b"no apk"})],
        "content_changed": [package_set(base, {"config.zh": _flipped(splits["config.zh"])})],
    }
    for code, sets in wrong.items():
        for content in sets:
            with pytest.raises(ApkError) as caught:
                read(content)
            assert caught.value.code == code


def test_a_set_that_unpacks_to_too_much_is_refused(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"splits/{number}.apk", bytes(30 << 20))
    with pytest.raises(ApkError) as caught:
        read(packed.getvalue())
    assert caught.value.code == "zip_bomb"


def _flipped(apk):
    return apk[:60] + bytes([apk[60] ^ 1]) + apk[61:]
