"""The agent carries out each command once, tells changes once, and survives lost answers."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.handheld import Connection, Offline, Vault
from muster.handheld.inventory import Inventory
from muster.handheld.logbook import Logbook
from muster.handheld.orders import Orders
from muster.ondevice.canonical import content_hash

Speaks = Callable[[Callable[[httpx.Request], httpx.Response]], Connection]


class Server:
    """Takes batches of log lines; with `loses` the answer never arrives."""

    def __init__(self) -> None:
        self.batches: list[dict[str, Any]] = []
        self.loses = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.batches.append(json.loads(request.content))
        if self.loses:
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(200, json={"stored": len(self.batches[-1]["lines"])})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def logbook(vault: Vault, speaks: Speaks, server: Server) -> Logbook:
    return Logbook(vault, speaks(server))


@pytest.fixture
def orders(vault: Vault, logbook: Logbook) -> Orders:
    return Orders(vault, logbook)


def give(orders: Orders, kind: str, id_: str = "", **body: Any) -> dict[str, Any]:
    return orders.carry_out({"id": id_ or kind, "kind": kind, "body": body})


def test_a_command_that_comes_again_is_answered_and_not_done_again(
    orders: Orders, vault: Vault
) -> None:
    orders.location = {"lat": 31.2, "lon": 121.5, "at": "2026-11-20T08:00:00Z"}
    first = give(orders, "locate")
    orders.location = {"lat": 0.0, "lon": 0.0, "at": "2026-11-20T09:00:00Z"}
    assert give(orders, "locate") == first
    give(orders, "lock", "c1")
    give(orders, "unlock", "c2")
    give(orders, "lock", "c1")
    assert vault.get("agent", "locked") is False


def test_every_kind_is_carried_out_or_refused_with_a_code(orders: Orders, vault: Vault) -> None:
    vault.put("records", "r1", {"of": "an app"})
    outcomes = {
        kind: (result["outcome"], result.get("code", ""))
        for kind in (
            *("lock", "unlock", "lost_mode", "end_lost_mode", "wipe_app_data", "reset_passcode"),
            *("reboot", "ring", "message", "locate", "collect_logs", "install", "refresh", "dance"),
        )
        if (result := give(orders, kind))
    }
    refused = {kind: code for kind, (outcome, code) in outcomes.items() if outcome != "done"}
    assert refused == {
        "reset_passcode": "unsupported",
        "reboot": "unsupported",
        "locate": "no_fix",
        "install": "unsupported",
        "dance": "unsupported",
    }
    assert "records" not in vault.rooms()


def test_a_message_with_receipt_waits_for_a_reader(orders: Orders) -> None:
    orders.attended = False
    assert give(orders, "message", message="Call in", receipt=True)["data"] == {"receipt": "shown"}
    orders.attended = True
    read = give(orders, "message", message="Call in", receipt=True)["data"]
    assert read == {"receipt": "acknowledged"}


def test_a_batch_whose_answer_got_lost_is_sent_again_as_it_was(
    logbook: Logbook, server: Server
) -> None:
    logbook.write("warning", "no network")
    server.loses = True
    with pytest.raises(Offline):
        logbook.send()
    server.loses = False
    logbook.write("info", "back again")
    assert logbook.send() == 2
    first, again, new = server.batches
    assert first == again != new
    assert logbook.send() == 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), max_size=4),
            st.sampled_from(["heard", "lost", "resync"]),
        ),
        max_size=8,
    )
)
def test_what_the_server_holds_is_what_is_installed_or_it_asks_for_all(
    vault: Vault, turns: list[tuple[dict[str, int], str]]
) -> None:
    """Reports get lost before or after the server took them; the last two always get through."""
    vault.clear("apps", "agent")
    inventory = Inventory(vault)
    held: dict[str, Any] = {}
    for installed, fate in [*turns, ({"a": 1}, "heard"), ({"a": 1}, "heard")]:
        vault.clear("apps")
        for package, code in installed.items():
            vault.put("apps", package, {"version_code": code})
        news = inventory.news()
        if fate == "lost":
            continue
        fits = news is None or "full" in news or news["base"] == content_hash(held)
        if news is not None and fits:
            kept = {n: one for n, one in held.items() if n not in news.get("removed", ())}
            held = news.get("full", kept | news.get("changed", {}))
        if fate == "heard":
            inventory.told(news, resync=not fits)
    assert held == inventory.packages
