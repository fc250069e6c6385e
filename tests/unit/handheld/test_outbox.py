import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import jwt
import pytest

from muster.handheld import Connection, Offline, Refused, Vault
from muster.handheld.outbox import Outbox
from muster.handheld.proofs import DeviceKey

Speaks = Callable[[Callable[[httpx.Request], httpx.Response]], Connection]
PHOTO = b"png" * 1000


@dataclass
class Server:
    """Records items once by their bytes, takes uploads, and fails where a test wants it to."""

    recorded: list[str] = field(default_factory=list)
    deposited: list[str] = field(default_factory=list)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    metadata: list[str] = field(default_factory=list)
    lose_answers: int = 0
    refuse: tuple[int, str] | None = None
    cut_uploads_after: int | None = None
    lock_uploads: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/uploads"):
            return self._upload(request)
        item = json.loads(request.content)["item"]
        if path == "/sync/v1/deposit":
            self.deposited.append(item)
            return httpx.Response(202, json={"receipt": "r-1"})
        if self.refuse:
            status, code = self.refuse
            return httpx.Response(status, json={"code": code, "detail": "No."})
        if item not in self.recorded:
            self.recorded.append(item)
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx.ReadError("the line is cut")
        answer = {"status": "recorded", "reference": f"rec-{self.recorded.index(item)}"}
        return httpx.Response(200, json=answer)

    def _upload(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            address = f"/uploads/{len(self.uploads)}"
            self.uploads[address] = bytearray()
            self.metadata.append(request.headers["Upload-Metadata"])
            return httpx.Response(201, headers={"Location": address})
        held = self.uploads[request.url.path]
        if request.method == "PATCH" and self.lock_uploads:
            return httpx.Response(423, json={"code": "upload_locked"})
        if request.method == "PATCH":
            assert int(request.headers["Upload-Offset"]) == len(held)
            held += request.content[: self.cut_uploads_after]
            if self.cut_uploads_after is not None:
                raise httpx.WriteError("the line is cut")
        return httpx.Response(204, headers={"Upload-Offset": str(len(held))})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def outbox(vault: Vault, key: DeviceKey, speaks: Speaks, server: Server) -> Outbox:
    return Outbox(vault, key, speaks(server))


def test_an_item_is_signed_by_the_terminal_and_names_its_session(
    outbox: Outbox, server: Server, key: DeviceKey
) -> None:
    outbox.add("submission", {"instance_id": "i-1"}, "session-1")
    list(outbox.push())
    token = server.recorded[0]
    claims = jwt.decode(token, jwt.PyJWK(key.jwk, algorithm="ES256"), ["ES256"])
    assert jwt.get_unverified_header(token)["typ"] == "muster-item+jwt"
    assert claims["session_id"] == "session-1"
    assert claims["body"] == {"instance_id": "i-1"}


def test_an_item_stays_until_the_server_gave_a_receipt(outbox: Outbox, server: Server) -> None:
    op_id = outbox.add("submission", {}, "s")
    server.lose_answers = 1
    with pytest.raises(Offline):
        list(outbox.push())
    assert outbox.waiting() == [op_id]
    assert [sent.status for sent in outbox.push()] == ["recorded"]
    assert outbox.waiting() == []
    assert len(server.recorded) == 1, "the very same bytes were sent again"


def test_a_photo_that_was_cut_off_goes_on_where_it_stopped(outbox: Outbox, server: Server) -> None:
    op_id = outbox.add("submission", {"instance_id": "i-1"}, "s", {"a.png": PHOTO})
    server.cut_uploads_after = 1200
    with pytest.raises(Offline):
        list(outbox.push())
    assert outbox.waiting() == [op_id]
    server.cut_uploads_after = None
    list(outbox.push())
    assert outbox.waiting() == []
    assert [bytes(held) for held in server.uploads.values()] == [PHOTO]
    told = dict(pair.split(" ") for pair in server.metadata[0].split(","))
    assert base64.b64decode(told["instance_id"]).decode() == "i-1"


@pytest.mark.parametrize("code", ["posture_not_compliant", "sync_item_kind_unknown"])
def test_what_the_front_door_refuses_goes_to_the_deposit_door(
    code: str, outbox: Outbox, server: Server
) -> None:
    outbox.add("submission", {}, "s")
    server.refuse = (403 if code.startswith("posture") else 422, code)
    assert [sent.status for sent in outbox.push()] == ["deposited"]
    assert len(server.deposited) == 1
    assert outbox.waiting() == []


def test_one_refused_item_does_not_hold_up_the_next(outbox: Outbox, server: Server) -> None:
    first = outbox.add("submission", {}, "s")
    server.refuse = (409, "sync_op_id_reused")
    assert [sent.status for sent in outbox.push()] == ["refused"]
    outbox.add("submission", {}, "s")
    server.refuse = None
    assert [sent.status for sent in outbox.push()] == ["recorded", "recorded"]
    assert first in outbox.receipts()


def test_a_file_that_a_cut_request_still_holds_is_sent_later(
    outbox: Outbox, server: Server
) -> None:
    op_id = outbox.add("submission", {"instance_id": "i-1"}, "s", {"a.png": PHOTO})
    server.lock_uploads = True
    assert [sent.status for sent in outbox.push()] == ["waiting"]
    assert outbox.waiting() == [op_id]
    server.lock_uploads = False
    assert [sent.status for sent in outbox.push()] == ["recorded"]
    assert outbox.waiting() == []


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_refusal_of_the_terminal_stops_the_push_and_loses_nothing(
    status: int, outbox: Outbox, server: Server
) -> None:
    op_id = outbox.add("submission", {}, "s", {"a.png": PHOTO})
    server.refuse = (status, "device_blocked")
    with pytest.raises(Refused):
        list(outbox.push())
    assert outbox.waiting() == [op_id]


def test_receipts_hold_a_reference_and_no_content(outbox: Outbox) -> None:
    op_id = outbox.add("submission", {"plate": "桂A12345"}, "s")
    list(outbox.push())
    assert outbox.receipts() == {op_id: {"status": "recorded", "reference": "rec-0"}}


def test_old_receipts_are_forgotten_in_time(outbox: Outbox) -> None:
    for _ in range(205):
        outbox.add("submission", {}, "s")
    list(outbox.push())
    assert len(outbox.receipts()) == 200
