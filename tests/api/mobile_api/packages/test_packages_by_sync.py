"""Terminals hear of packages by sync: the kind is the document, a new build its next revision."""

from typing import Any

import pytest

from tests.factories.maps import FieldMaps

Document = dict[str, Any]


@pytest.fixture
def loaded(maps: FieldMaps) -> FieldMaps:
    maps.load_file("wanted", "wanted.csv")
    return maps


def pull(maps: FieldMaps, checkpoint: str | None = None) -> tuple[list[Document], str]:
    answer = maps.get("/sync/v1/packages/pull", checkpoint=checkpoint)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json()
    return told["documents"], told["checkpoint"]["token"]


def test_a_package_arrives_as_a_document_that_says_where_to_fetch_it(loaded: FieldMaps) -> None:
    [document], _ = pull(loaded)
    assert document["id"] == document["kind"] == "hot_list"
    content = loaded.get(document["url"])
    assert content.headers["ETag"] == f'"{document["sha256"]}"'
    assert len(content.get_data()) == document["size"]
    [listed] = loaded.get("/mobile/v1/packages").get_json()["items"]
    for name in ("kind", "version", "sha256", "size", "manifest", "url"):
        assert document[name] == listed[name]


def test_a_new_build_comes_as_the_same_document(loaded: FieldMaps) -> None:
    [before], checkpoint = pull(loaded)
    assert pull(loaded, checkpoint)[0] == []
    loaded.load_file("wanted", "wanted.csv")
    [after], _ = pull(loaded, checkpoint)
    assert after["id"] == before["id"]
    assert int(after["version"]) == int(before["version"]) + 1


def test_who_may_not_hold_packages_is_sent_none(loaded: FieldMaps) -> None:
    loaded.force.officer("204009", "device_admin", unit="N1")
    loaded.sign_in("204009")
    answer = loaded.get("/sync/v1/packages/pull")
    assert answer.status_code == 200
    assert answer.get_json()["documents"] == []
