"""The house stands: every route says who may use it, and the house says that it is ready."""

import pytest

from muster.kernel.ports import Port, Ports, WiringError
from tests.conftest import House


def test_a_fresh_house_is_alive_and_ready(house: House) -> None:
    assert house.client.get("/healthz").status_code == 200
    assert house.client.get("/readyz").status_code == 200


def test_every_answer_carries_its_request_id_and_the_strict_headers(house: House) -> None:
    answer = house.client.get("/healthz", headers={"X-Request-Id": "roadside-0300"})
    assert answer.headers["X-Request-Id"] == "roadside-0300"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_address_is_a_problem_with_a_code(house: House) -> None:
    answer = house.client.get("/mobile/v1/nothing-here")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"


def test_a_question_answered_twice_stops_the_boot() -> None:
    port: Port[int] = Port("a question")
    ports = Ports()
    ports.answer(port, "key", 1)
    with pytest.raises(WiringError, match="answered twice"):
        ports.answer(port, "key", 2)


def test_a_question_nobody_answers_stops_the_boot() -> None:
    port: Port[int] = Port("a question", frozenset({"key"}))
    ports = Ports()
    ports.expect(port)
    with pytest.raises(WiringError, match="nobody answers key"):
        ports.seal()
