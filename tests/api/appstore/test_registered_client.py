"""Each app of the store has its registered client, and a harmful release stops it at once."""

from typing import Any

from tests.factories.appstore import PACKAGE, REASON, Store, apk
from tests.factories.mdm import PIN, Console

CLIENTS = "/admin/v1/clients"


def client_of(who: Console, package: str) -> dict[str, Any]:
    rows = who.get(CLIENTS).get_json()["items"]
    [found] = [row for row in rows if row["package"] == package]
    client: dict[str, Any] = found
    return client


def test_an_approved_app_is_registered_with_its_signer_and_owner(store: Store) -> None:
    release = store.approved(apk())
    client = client_of(store.publisher, PACKAGE)
    assert client["name"] == PACKAGE
    assert client["signer"] == release["signer"]
    assert client["owner_id"] == str(store.publisher.officer_id)
    assert client["scopes"] == []
    store.approved(apk(2))
    assert client_of(store.publisher, PACKAGE)["id"] == client["id"]


def test_blocking_what_terminals_have_ends_every_session_of_the_app(store: Store) -> None:
    release = store.approved(apk())
    store.rolled(release, store.pilot)
    terminal = store.terminal()
    store.force.officer("204001")
    assert terminal.sign_in("204001", PIN, client_id=PACKAGE).status_code == 200
    assert terminal.call("GET", "/mobile/v1/me").status_code == 200
    path = f"/appstore/v1/releases/{release['id']}/block"
    assert store.approver.post(path, REASON).status_code == 200
    assert terminal.call("GET", "/mobile/v1/me").get_json()["code"] == "client_blocked"
    assert terminal.refresh(client_id=PACKAGE).get_json()["error"] == "unauthorized_client"
    assert client_of(store.publisher, PACKAGE)["state"] == "blocked"


def test_blocking_an_old_release_leaves_the_app_alone(store: Store) -> None:
    old = store.approved(apk())
    path = f"/appstore/v1/releases/{old['id']}/block"
    assert store.approver.post(path, REASON).status_code == 200
    assert client_of(store.publisher, PACKAGE)["state"] == "active"
