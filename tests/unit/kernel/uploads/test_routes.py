"""The wire: what a tus client sends and gets, header by header."""

import base64
import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient

from muster.kernel.identity.actor import Actor
from muster.kernel.uploads.routes import blp
from muster.kernel.web import MusterFlask, apis, headers, problems
from muster.kernel.web import app as dispatch

from .conftest import Desk
from .phone import encoded

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def client(kernel: Any, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The officer's phone, signed in."""
    monkeypatch.setattr(dispatch, "authenticate", lambda *_: officer)
    app = MusterFlask("muster", static_folder=None)
    app.extensions["muster"] = kernel
    headers.install(app, kernel.settings)
    documents = apis(app, "1")
    problems.install(app)
    documents[blp.audience].register_blueprint(blp)
    return app.test_client()


def begin(client: FlaskClient, length: int, **metadata: str) -> Any:
    pairs = {"target": "evidence"} | metadata
    header = ",".join(f"{key} {encoded(value)}" for key, value in pairs.items())
    return client.post(
        "/uploads", headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": header}
    )


def test_the_server_says_what_it_speaks(client: FlaskClient) -> None:
    for path in ("/uploads", "/uploads/00000000-0000-0000-0000-000000000000"):
        answer = client.options(path)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
        assert answer.headers["Tus-Max-Size"] == "1000000"
        assert answer.headers["Tus-Extension"].split(",") == [
            "creation",
            "creation-with-upload",
            "checksum",
            "termination",
            "expiration",
        ]


def test_a_file_goes_up_in_two_parts(client: FlaskClient, evidence: Desk) -> None:
    begun = begin(client, 10, filename="clip.mp4", sha256=hashlib.sha256(b"1234567890").hexdigest())
    assert begun.status_code == 201
    place = begun.headers["Location"]
    assert begun.headers["Upload-Expires"].endswith("GMT")
    first = client.patch(place, headers={**BYTES, "Upload-Offset": "0"}, data=b"12345")
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "5")
    head = client.head(place, headers=TUS)
    assert head.status_code == 200
    assert head.headers["Upload-Offset"] == "5"
    assert head.headers["Upload-Length"] == "10"
    assert head.headers["Cache-Control"] == "no-store"
    assert f"filename {encoded('clip.mp4')}" in head.headers["Upload-Metadata"]
    last = client.patch(place, headers={**BYTES, "Upload-Offset": "5"}, data=b"67890")
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, "10")
    assert len(evidence.taken) == 1


def test_a_small_file_goes_up_with_its_creation(client: FlaskClient, evidence: Desk) -> None:
    answer = client.post(
        "/uploads",
        headers={**BYTES, "Upload-Length": "5", "Upload-Metadata": f"target {encoded('evidence')}"},
        data=b"whole",
    )
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "5")
    assert len(evidence.taken) == 1


def refusals() -> list[tuple[dict[str, str], bytes, int, str]]:
    wrong = base64.b64encode(bytes(32)).decode()
    return [
        ({"Upload-Offset": "3"}, b"x", 409, "upload_offset_mismatch"),
        ({"Upload-Offset": "x"}, b"x", 400, "malformed"),
        ({"Upload-Offset": "0", "Tus-Resumable": "0.9"}, b"x", 412, "tus_version_unknown"),
        ({"Upload-Offset": "0", "Content-Type": "text/plain"}, b"x", 415, "upload_type_required"),
        ({"Upload-Offset": "0"}, b"x" * 11, 413, "upload_too_big"),
        (
            {"Upload-Offset": "0", "Upload-Checksum": f"sha256 {wrong}"},
            b"x",
            460,
            "upload_checksum_mismatch",
        ),
        ({"Upload-Offset": "0", "Upload-Checksum": "md5 x"}, b"x", 400, "malformed"),
    ]


@pytest.mark.parametrize(("sent", "body", "status", "code"), refusals())
def test_a_refusal_is_a_problem_with_the_status_of_tus(
    client: FlaskClient, sent: dict[str, str], body: bytes, status: int, code: str
) -> None:
    place = begin(client, 10).headers["Location"]
    answer = client.patch(place, headers={**BYTES, **sent}, data=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert client.head(place, headers=TUS).headers["Upload-Offset"] == "0"


def test_an_upload_can_be_given_up(client: FlaskClient) -> None:
    place = begin(client, 10).headers["Location"]
    assert client.delete(place, headers=TUS).status_code == 204
    assert client.head(place, headers=TUS).status_code == 410


def test_clients_without_patch_may_post(client: FlaskClient) -> None:
    place = begin(client, 10).headers["Location"]
    override = {**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    answer = client.post(place, headers=override, data=b"123")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "3")
    assert client.post(place, headers=BYTES, data=b"123").status_code == 400
