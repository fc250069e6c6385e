"""The terminal's certificate: renewed in time, asked for again tomorrow, dropped when it is over."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography import x509

from muster.handheld import Connection, Vault
from muster.handheld.certificate import Certificate
from muster.handheld.proofs import DeviceKey
from tests.unit.handheld.conftest import Answer

Speaks = Callable[[Answer], Connection]


def given(renew_in: timedelta) -> dict[str, Any]:
    at = (datetime.now(UTC) + renew_in).isoformat()
    return {"chain": ["PEM"], "not_after": at, "renew_after": at}


class Server:
    def __init__(self, status: int = 201) -> None:
        self.status, self.asked = status, []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content)["csr"])
        body = given(timedelta(days=40)) if self.status == 201 else {"code": "no"}
        return httpx.Response(self.status, json=body)


def aged(vault: Vault, **ago: float) -> None:
    vault.put("certificate", "asked", (datetime.now(UTC) - timedelta(**ago)).isoformat())


def test_it_is_renewed_once_when_two_thirds_of_its_life_are_over(
    vault: Vault, speaks: Speaks, key: DeviceKey
) -> None:
    server = Server()
    mine = Certificate(vault, speaks(server))
    mine.keep(given(timedelta(days=1)))
    aged(vault, days=39)
    assert not mine.renew_if_due()
    mine.keep(given(-timedelta(seconds=1)))
    aged(vault, days=40)
    assert mine.renew_if_due()
    assert not mine.renew_if_due()
    (request,) = (x509.load_pem_x509_csr(each.encode()) for each in server.asked)
    assert request.is_signature_valid
    assert key.jwk == DeviceKey(vault).jwk


def test_a_refusal_leaves_the_old_one_and_is_not_repeated_before_tomorrow(
    vault: Vault, speaks: Speaks
) -> None:
    server = Server(status=503)
    mine = Certificate(vault, speaks(server))
    old = given(-timedelta(seconds=1))
    mine.keep(old)
    aged(vault, hours=25)
    assert not mine.renew_if_due()
    assert not mine.renew_if_due()
    assert (len(server.asked), mine.held) == (1, old)


def test_after_it_was_dropped_a_new_one_is_asked_for_at_once(vault: Vault, speaks: Speaks) -> None:
    server = Server()
    mine = Certificate(vault, speaks(server))
    mine.keep(given(timedelta(days=40)))
    mine.drop()
    assert mine.held is None
    assert mine.renew_if_due()
    assert mine.held is not None
