"""Offline files: listed, signed, fetched by range, checked and used as a terminal would."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from jwt import PyJWK

from muster.kernel.blobs import Blob
from muster.ondevice import manifest
from muster.ondevice.addresses import AddressBook
from muster.ondevice.hotlist import HotList
from muster.ondevice.manifest import ManifestError
from muster.ondevice.subjects import SubjectKind, normalise
from tests.factories.maps import AUXILIARY, FieldMaps, statements

PATH = "/mobile/v1/packages"
Package = dict[str, Any]


@pytest.fixture
def loaded(maps: FieldMaps) -> FieldMaps:
    maps.load_file("addresses", "addresses.csv")
    maps.load_file("wanted", "wanted.csv")
    return maps


def packages(maps: FieldMaps) -> dict[str, Package]:
    answer = maps.get(PATH)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {item["kind"]: item for item in answer.get_json()["items"]}


def fetch(maps: FieldMaps, package: Package) -> bytes:
    answer = maps.get(package["url"])
    assert answer.status_code == 200
    return answer.get_data()


class Trust:
    """The public keys a terminal keeps."""

    def __init__(self, jwks: dict[str, Any]) -> None:
        self._keys = {key["kid"]: PyJWK(key).key for key in jwks["keys"]}

    def __call__(self, kid: str, algorithm: str, payload: bytes, signature: bytes) -> bool:
        if kid not in self._keys or algorithm != "ES256":
            return False
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        try:
            der = encode_dss_signature(r, s)
            self._keys[kid].verify(der, payload, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


def trust(maps: FieldMaps) -> Trust:
    answer = maps.get("/mobile/v1/keys/manifest")
    assert answer.status_code == 200
    assert "d" not in answer.get_json()["keys"][0]
    return Trust(answer.get_json())


def test_a_package_is_listed_with_all_that_a_terminal_needs(loaded: FieldMaps) -> None:
    listed = packages(loaded)
    assert set(listed) == {"addresses", "hot_list"}
    for package in listed.values():
        content = fetch(loaded, package)
        assert len(content) == package["size"]
        told = manifest.check(
            package["manifest"], trust(loaded), loaded.house.clock(), kind=package["kind"]
        )
        assert (told["id"], told["version"]) == (package["id"], package["version"])
        assert told["expires"][:19] == package["expires"][:19]


def test_the_checked_address_file_finds_addresses_offline(
    loaded: FieldMaps, tmp_path: Path
) -> None:
    package = packages(loaded)["addresses"]
    told = manifest.check(package["manifest"], trust(loaded), loaded.house.clock())
    path = tmp_path / told["files"][0]["name"]
    path.write_bytes(fetch(loaded, package))
    manifest.check_file(path, told["files"][0])
    with AddressBook(path) as book:
        wanted = loaded.city.witness
        assert book.search(wanted.text_zh)[0].address.id == wanted.code


def test_the_hot_list_knows_a_wanted_person_and_names_nobody(
    loaded: FieldMaps, tmp_path: Path
) -> None:
    content = fetch(loaded, packages(loaded)["hot_list"])
    path = tmp_path / "hot_list.sqlite"
    path.write_bytes(content)
    entry = next(one for one in loaded.city.hot_list if one.person_id)
    with HotList.open(path) as hot_list:
        hits = hot_list.look_up(normalise(SubjectKind.PERSON_ID, entry.person_id).subject)
    assert [hit.id for hit in hits] == [entry.record_ref]
    assert entry.person_id.encode() not in content
    assert entry.name.encode() not in content


def test_a_flipped_byte_of_the_file_is_refused(loaded: FieldMaps, tmp_path: Path) -> None:
    package = packages(loaded)["hot_list"]
    content = bytearray(fetch(loaded, package))
    content[len(content) // 2] ^= 1
    path = tmp_path / "hot_list.sqlite"
    path.write_bytes(content)
    with pytest.raises(ManifestError, match="not the one in the manifest"):
        manifest.check_file(path, package["manifest"]["manifest"]["files"][0])


def test_a_changed_manifest_is_refused(loaded: FieldMaps) -> None:
    sealed = packages(loaded)["hot_list"]["manifest"]
    keys, now = trust(loaded), loaded.house.clock()
    sealed["manifest"]["files"][0]["sha256"] = "0" * 64
    with pytest.raises(ManifestError, match="signature"):
        manifest.check(sealed, keys, now)


def test_an_expired_manifest_is_refused(loaded: FieldMaps) -> None:
    sealed = packages(loaded)["hot_list"]["manifest"]
    with pytest.raises(ManifestError, match="expired"):
        manifest.check(sealed, trust(loaded), loaded.house.clock() + timedelta(days=4))


@pytest.mark.parametrize("kind", ["hot_list", "addresses"])
def test_a_cut_download_goes_on_where_it_stopped(loaded: FieldMaps, kind: str) -> None:
    package = packages(loaded)[kind]
    whole = fetch(loaded, package)
    cut = len(whole) // 2 + 1
    answer = loaded.get(
        package["url"],
        headers={"Range": f"bytes={cut}-", "If-Range": f'"{package["sha256"]}"'},
    )
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {cut}-{len(whole) - 1}/{len(whole)}"
    assert answer.headers["ETag"] == f'"{package["sha256"]}"'
    assert whole[:cut] + answer.get_data() == whole


def test_a_range_beyond_the_end_says_how_long_the_package_is(loaded: FieldMaps) -> None:
    package = packages(loaded)["addresses"]
    answer = loaded.get(package["url"], headers={"Range": f"bytes={package['size']}-"})
    assert (answer.status_code, answer.get_json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{package['size']}"


def test_who_has_the_newest_build_is_sent_nothing(loaded: FieldMaps) -> None:
    package = packages(loaded)["addresses"]
    answer = loaded.get(package["url"], headers={"If-None-Match": f'"{package["sha256"]}"'})
    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_an_auxiliary_officer_may_hold_both(loaded: FieldMaps) -> None:
    loaded.sign_in(AUXILIARY)
    assert set(packages(loaded)) == {"addresses", "hot_list"}


def test_a_device_admin_holds_neither(loaded: FieldMaps) -> None:
    package = packages(loaded)["hot_list"]
    loaded.force.officer("204009", "device_admin", unit="N1")
    loaded.sign_in("204009")
    assert loaded.get(PATH).status_code == 403
    assert loaded.get(package["url"]).status_code == 403


def test_a_terminal_without_compliant_posture_is_refused(loaded: FieldMaps) -> None:
    package = packages(loaded)["hot_list"]
    loaded.judge(1)
    for path in (PATH, package["url"]):
        answer = loaded.get(path)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_not_compliant")


def test_without_files_there_is_nothing_to_hold(maps: FieldMaps) -> None:
    assert packages(maps) == {}
    answer = maps.get(f"{PATH}/019a0000-0000-7000-8000-000000000000/content")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "package_unknown")


def test_a_list_and_a_download_cost_few_statements(loaded: FieldMaps) -> None:
    loaded.get(PATH)
    listed = loaded.get(PATH)
    assert statements(listed) <= 4
    content = loaded.get(listed.get_json()["items"][1]["url"])
    assert statements(content) <= 8


def test_a_new_hot_list_replaces_the_old_which_can_still_be_fetched(loaded: FieldMaps) -> None:
    first = packages(loaded)["hot_list"]
    loaded.load_file("wanted", "wanted.csv")
    second = packages(loaded)["hot_list"]
    assert (int(second["version"]), second["id"] != first["id"]) == (
        int(first["version"]) + 1,
        True,
    )
    assert second["sha256"] != first["sha256"]
    assert fetch(loaded, first)
    loaded.load_file("wanted", "wanted.csv")
    assert loaded.get(first["url"]).status_code == 404
    with loaded.house.kernel.reads() as uow:
        erased = [blob for blob in uow.session.query(Blob) if blob.erased_at is not None]
    assert [blob.sha256 for blob in erased] == [first["sha256"]]


def test_before_they_grow_old_hot_lists_are_built_anew_and_addresses_only_when_needed(
    loaded: FieldMaps,
) -> None:
    before = packages(loaded)
    loaded.house.clock.advance(hours=7)
    loaded.force.work()
    loaded.judge(2)
    loaded.sign_in(AUXILIARY)
    after = packages(loaded)
    assert after["hot_list"]["version"] != before["hot_list"]["version"]
    assert after["addresses"] == before["addresses"]


def test_an_address_package_is_signed_anew_at_half_its_life(loaded: FieldMaps) -> None:
    before = packages(loaded)["addresses"]
    loaded.house.clock.advance(days=46)
    loaded.force.work()
    loaded.judge(2)
    loaded.sign_in(AUXILIARY)
    after = packages(loaded)["addresses"]
    assert after["sha256"] == before["sha256"]
    assert after["expires"] > before["expires"]
