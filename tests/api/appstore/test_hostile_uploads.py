"""Files that mean harm or arrive damaged: a clear refusal, and nothing is left behind."""

import io
import resource
import zipfile
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from appstore.releases import Release
from appstore.releases.spool import LIMIT
from muster.kernel.blobs import Blob
from tests.factories.appstore import Store, apk

URL = "/appstore/v1/releases"


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"assets/{number}", bytes(8 << 20))
    return packed.getvalue()


def flipped() -> bytes:
    content = bytearray(apk(1))
    content[60] ^= 1
    return bytes(content)


HOSTILE = {
    "empty": lambda: b"",
    "random": lambda: Random(3).randbytes(5000),
    "truncated": lambda: apk(1)[:-300],
    "halved": lambda: apk(1)[: len(apk(1)) // 2],
    "one bit flipped": flipped,
    "a zip bomb": zip_bomb,
    "a text": lambda: "好".encode() * 1000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(store: Store, kind: str) -> None:
    content = HOSTILE[kind]()
    for answer in (store.upload(content), store.upload_form(content)):
        problem = answer.get_json()
        assert (answer.status_code, problem["code"]) == (422, "apk_refused"), problem
        assert problem["reason"].isidentifier()
    assert_nothing_left(store)


def test_a_body_that_is_cut_is_refused(store: Store) -> None:
    content = apk(1)
    answer = store.send(
        input_stream=io.BytesIO(content[:-10]), environ_overrides=announced(len(content))
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "body_truncated")
    assert_nothing_left(store)


def test_a_form_that_is_cut_is_refused(store: Store) -> None:
    content = apk(1)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.apk"\r\n\r\n'
    whole = head + content + b"\r\n--b--\r\n"
    for body, length in ((whole[:-40], len(whole)), (whole[:-40], len(whole) - 40)):
        answer = store.send(
            input_stream=io.BytesIO(body),
            environ_overrides=announced(length),
            content_type="multipart/form-data; boundary=b",
        )
        assert answer.status_code == 400
        assert answer.get_json()["code"] == "body_truncated"
    assert_nothing_left(store)


def test_a_form_without_a_file_is_refused(store: Store) -> None:
    answer = store.publisher.call("POST", URL, data={"other": (io.BytesIO(b"x"), "x")})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "upload_file_missing")


def test_another_media_type_is_refused(store: Store) -> None:
    answer = store.upload(apk(1), content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(store: Store) -> None:
    unread = io.BytesIO(b"PK")
    answer = store.send(input_stream=unread, environ_overrides=announced(LIMIT + (1 << 20)))
    assert (answer.status_code, answer.get_json()["code"]) == (413, "body_too_large")
    assert_nothing_left(store)


def test_a_form_without_any_boundary_is_refused_without_being_held(store: Store) -> None:
    answer = store.send(data=bytes(3 << 20), content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "body_too_large")


def test_a_form_is_as_good_as_a_body(store: Store) -> None:
    answer = store.upload_form(apk(1), query_string={"notes": "first of all"})
    assert answer.status_code == 201
    assert answer.get_json()["notes"] == "first of all"


def test_a_large_upload_does_not_grow_the_server(store: Store) -> None:
    path = store.house.kernel.settings.state_dir / "large.apk"
    path.write_bytes(apk(1, extra=Random(1).randbytes(30 << 20)))
    with path.open("rb") as file:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = store.send(input_stream=file)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert grown < 10 << 10, f"{grown} KiB more at the peak"


def assert_nothing_left(store: Store) -> None:
    with store.house.kernel.reads() as uow:
        for model in (Release, Blob):
            assert uow.session.scalar(select(func.count()).select_from(model)) == 0
    state: Path = store.house.kernel.settings.state_dir
    left = [path for room in ("appstore", "blobs") for path in (state / room).rglob("*")]
    assert [path for path in left if path.is_file()] == []


def announced(length: int) -> dict[str, str]:
    return {"CONTENT_LENGTH": str(length)}
