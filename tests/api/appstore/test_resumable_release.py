"""A release by tus: it waits sealed until the worker has read it."""

import base64
import re
from pathlib import Path
from typing import Any

from tests.factories.appstore import Store, apk
from tests.factories.mdm import Console


def send(store: Store, content: bytes, who: Console | None = None) -> Any:
    """Upload in one request (creation with upload) and return the answer."""
    metadata = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in {"target": "release", "notes": "by night"}.items()
    )
    return (who or store.publisher).call(
        "POST",
        "/uploads",
        data=content,
        content_type="application/offset+octet-stream",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": metadata,
        },
    )


def shown(store: Store, answer: Any) -> dict[str, Any]:
    upload_id = answer.headers["Location"].rsplit("/", 1)[1]
    seen: dict[str, Any] = store.publisher.get(f"/appstore/v1/releases/{upload_id}").get_json()
    return seen


def test_a_resumable_upload_becomes_a_release_under_review(store: Store) -> None:
    answer = send(store, apk(1))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert shown(store, answer)["release"]["state"] == "uploaded"
    store.force.work()
    seen = shown(store, answer)
    assert (seen["release"]["state"], seen["notes"]) == ("needs_review", "by night")
    assert sealed(store) == []
    assert store.approve(seen["release"]).status_code == 200


def test_a_hostile_file_ends_rejected_and_its_bytes_are_erased(store: Store) -> None:
    answer = send(store, b"no apk at all" * 100)
    store.force.work()
    seen = shown(store, answer)
    assert seen["release"]["state"] == "rejected"
    (check,) = seen["checks"]
    assert check["verdict"] == "block"
    assert re.fullmatch(r"[a-z0-9_]+", check["rule"])
    assert sealed(store) == []
    assert store.force.notices() == ["app.release_rejected"]


def test_a_blocked_release_ends_rejected_with_its_evidence(store: Store) -> None:
    answer = send(store, apk(1, debuggable=True))
    store.force.work()
    seen = shown(store, answer)
    blocking = [check["rule"] for check in seen["checks"] if check["verdict"] == "block"]
    assert (seen["release"]["state"], blocking) == ("rejected", ["debuggable"])


def test_only_publishers_begin(store: Store) -> None:
    assert send(store, apk(1), store.approver).status_code == 403


def sealed(store: Store) -> list[Path]:
    folder = store.house.kernel.settings.state_dir / "blobs" / "sealed"
    return [path for path in folder.rglob("*") if path.is_file()]
