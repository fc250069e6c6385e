"""The files of a record: expected until they arrive, stored once, never replaced."""

import hashlib
import json
from typing import Any

from mobile_api.evidence import AttachmentSlot, HeldEvidence, QuarantinedEvidence
from mobile_api.evidence.jobs import forget
from muster.kernel.blobs import Blob
from tests.factories.field import PHOTO, Patrol, stop

TARGET = "submission_attachment"


def metadata(document: dict[str, Any], **changes: str) -> dict[str, str]:
    file = document["attachments"][0]
    usual = {"target": TARGET, "instance_id": document["instance_id"], "name": file["name"]}
    return usual | {"sha256": file["sha256"], "filetype": "image/jpeg"} | changes


def states(patrol: Patrol, record: str) -> list[str]:
    answer = patrol.supervisor.get(f"/admin/v1/records/{record}").get_json()
    return [file["state"] for file in answer["attachments"]]


def test_a_photo_sent_after_its_record_fills_the_slot(patrol: Patrol) -> None:
    document = stop()
    told = patrol.submit(document).get_json()
    wanted = told["attachments"][0]["upload"]
    answer = patrol.upload(PHOTO, target=wanted["target"], **wanted["metadata"])
    assert answer.status_code == 204, answer.get_data(as_text=True)
    assert states(patrol, told["record_id"]) == ["stored"]
    again = patrol.submit(document).get_json()
    assert again["attachments"] == [{"name": "photo.jpg", "state": "stored", "upload": None}]


def test_a_photo_sent_before_its_record_is_held_and_then_named(patrol: Patrol) -> None:
    document = stop()
    assert patrol.upload(PHOTO, **metadata(document)).status_code == 204
    assert patrol.count(HeldEvidence) == 1
    told = patrol.submit(document).get_json()
    assert told["attachments"][0]["state"] == "stored"
    assert patrol.count(HeldEvidence) == 0


def test_a_supervisor_sees_the_photo_and_the_log_who_looked(patrol: Patrol) -> None:
    document = stop()
    record = patrol.submit(document).get_json()["record_id"]
    path = f"/admin/v1/records/{record}/attachments/photo.jpg"
    assert patrol.supervisor.get(path).get_json()["code"] == "attachment_pending"
    patrol.upload(PHOTO, **metadata(document))
    answer = patrol.supervisor.get(path)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.get_data() == PHOTO
    seen = patrol.recorded("field.record.see_file")[-1]
    assert "SUP1" in json.dumps(seen)
    assert seen["result"]["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert patrol.admin.get(path).status_code == 403
    assert patrol.supervisor.get(f"{path}x").get_json()["code"] == "attachment_unknown"


def test_the_photo_lies_encrypted(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    patrol.upload(PHOTO, **metadata(document))
    with patrol.house.kernel.reads() as uow:
        slot = uow.session.query(AttachmentSlot).one()
        assert uow.session.get_one(Blob, slot.blob_id).kind == "sealed"


def test_the_next_officer_on_the_terminal_brings_what_it_made(patrol: Patrol) -> None:
    document = stop()
    record = patrol.submit(document).get_json()["record_id"]
    patrol.sign_in("1002")
    assert patrol.upload(PHOTO, **metadata(document)).status_code == 204
    assert states(patrol, record) == ["stored"]
    line = patrol.supervisor.get("/admin/v1/records").get_json()["items"][0]
    assert line["officer"] == "1001"


def test_another_officer_on_another_terminal_brings_nothing(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    patrol.terminal = patrol.force.compliant(patrol.admin, unit="N1")
    patrol.sign_in("1002")
    assert patrol.upload(PHOTO, **metadata(document)).status_code == 403
    assert [e["outcome"] for e in patrol.recorded("field.evidence.add")] == ["denied"]


def test_what_a_stranger_held_under_a_records_name_never_fills_it(patrol: Patrol) -> None:
    document, own = stop(), patrol.terminal
    patrol.terminal = patrol.force.compliant(patrol.admin, unit="N1")
    patrol.sign_in("1002")
    patrol.upload(PHOTO, **metadata(document))
    patrol.terminal = own
    assert patrol.submit(document).get_json()["attachments"][0]["state"] == "missing"


def test_another_file_under_the_name_is_refused_before_a_byte_is_sent(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    answer = patrol.upload(b"other", **metadata(document, sha256="0" * 64))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "attachment_differs")


def test_another_file_that_does_not_say_so_goes_into_quarantine(patrol: Patrol) -> None:
    document = stop()
    record = patrol.submit(document).get_json()["record_id"]
    patrol.upload(PHOTO, **metadata(document))
    wrong = metadata(document)
    del wrong["sha256"]
    for _ in range(2):
        answer = patrol.upload(b"another photo", **wrong)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "attachment_differs")
    assert patrol.count(QuarantinedEvidence) == 1
    path = f"/admin/v1/records/{record}/attachments/photo.jpg"
    assert patrol.supervisor.get(path).get_data() == PHOTO


def test_the_same_file_sent_twice_is_stored_once(patrol: Patrol) -> None:
    document = stop()
    record = patrol.submit(document).get_json()["record_id"]
    for _ in range(2):
        assert patrol.upload(PHOTO, **metadata(document)).status_code == 204
    assert states(patrol, record) == ["stored"]


def test_a_file_the_record_does_not_name_is_refused(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    answer = patrol.upload(PHOTO, **metadata(document, name="selfie.jpg"))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "attachment_not_named")


def test_a_file_must_say_which_record_it_belongs_to(patrol: Patrol) -> None:
    for changes in ({"instance_id": "nonsense"}, {"name": "x" * 201}):
        answer = patrol.upload(PHOTO, **metadata(stop(), **changes))
        assert (answer.status_code, answer.get_json()["code"]) == (422, "attachment_unnamed")


def test_what_no_record_ever_named_is_erased_after_thirty_days(patrol: Patrol) -> None:
    patrol.upload(PHOTO, **metadata(stop()))
    forget(patrol.house.kernel, {})
    assert patrol.count(HeldEvidence) == 1
    patrol.house.clock.advance(days=31)
    forget(patrol.house.kernel, {})
    assert patrol.count(HeldEvidence) == 0
    with patrol.house.kernel.reads() as uow:
        (blob,) = uow.session.query(Blob).filter_by(kind="sealed")
        assert blob.erased_at is not None
