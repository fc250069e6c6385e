"""`demo.json`: where the demo is, who may sign in, and a credential for each open protocol.

Every credential is one its holder could have made at the console: scoped to one surface, expiring,
and tried here before it is written down.
"""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from muster.server.demo.bootstrap import FIELD_CLIENT, PIPELINE_CLIENT
from muster.server.demo.city.force import Leads, Officer
from muster.server.demo.play import Play, expect
from muster.server.demo.state import MANIFEST

DAYS: Final = 30
_CODE_LASTS: Final = timedelta(days=1)
_ADMINISTRATIVE: Final = (
    "device_admin_a",
    "device_admin_b",
    "publisher",
    "approver",
    "second_approver",
    "supervisor",
    "data_steward",
    "auditor",
    "security_admin",
    "system_admin",
)
_IN_THE_FIELD: Final = ("first_officer", "second_officer", "auxiliary", "sergeant")


def publish(play: Play) -> Path:
    """Write `demo.json` into the state folder, readable by its owner only, and print it."""
    manifest = describe(play)
    path = play.folder / MANIFEST
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=2)
    _show(manifest, path)
    return path


def describe(play: Play) -> dict[str, Any]:
    """Return the manifest, making a fresh credential for each protocol there is."""
    leads = play.city.force.leads
    return {
        "base_url": play.origin,
        "console": {
            "url": f"{play.origin}/console",
            "logins": [_login(play, leads, name, "password", "totp") for name in _ADMINISTRATIVE],
        },
        "field": {
            "client_id": FIELD_CLIENT,
            "token_url": f"{play.origin}/oauth/token",
            "logins": [_login(play, leads, name, "pin") for name in _IN_THE_FIELD],
        },
        "clients": {
            "agent": _enrolment(play, "agent/v1", "native"),
            "fdroid": _fdroid(play),
            "hmdm": _enrolment(play, "hmdm", "headwind"),
            "sync": _sync(play),
            "publisher": _publisher(play),
            "uploads": _uploads(play),
        },
    }


def _login(play: Play, leads: Leads, name: str, *secrets: str) -> dict[str, Any]:
    officer: Officer = getattr(leads, name)
    return {
        "number": officer.number,
        "name": officer.name,
        "roles": list(officer.roles),
        "kind": officer.kind,
        **{secret: getattr(play.secrets[officer.number], secret) for secret in secrets},
    }


def _enrolment(play: Play, door: str, agent: str) -> dict[str, Any]:
    unit = play.city.force.leads.first_officer.unit
    code = play.token(unit, f"From demo.json, {agent}", [play.notes["all"]], agent)
    expires = datetime.now(UTC) + _CODE_LASTS
    return {
        "url": f"{play.origin}/{door}",
        "enrolment": code,
        "expires_at": expires.isoformat(timespec="seconds"),
    }


def _sync(play: Play) -> dict[str, Any]:
    """A station chief is an officer in the field and may sign in to the console as well."""
    chief = next(
        officer
        for officer in play.city.force.officers
        if {"officer", "supervisor"} <= set(officer.roles)
    )
    issued = _issue(play, chief, "sync", FIELD_CLIENT)
    url = f"{play.origin}/sync/v1"
    _try(f"{url}/forms/pull", issued)
    return {"url": url, "collections": ["forms", "tasks", "incidents", "packages"], **issued}


def _publisher(play: Play) -> dict[str, Any]:
    issued = _issue(play, play.city.force.leads.publisher, "publisher", PIPELINE_CLIENT)
    url = f"{play.origin}/appstore/v1"
    _try(f"{url}/releases", issued)
    return {"url": url, **issued}


def _uploads(play: Play) -> dict[str, Any]:
    issued = _issue(play, play.city.force.leads.publisher, "publisher", PIPELINE_CLIENT)
    return {"url": f"{play.origin}/uploads", "metadata": {"target": "release"}, **issued}


def _fdroid(play: Play) -> dict[str, Any]:
    """A secret address of one terminal, for all clients; beside it a group's, with a password."""
    leads, store = play.city.force.leads, f"{play.origin}/appstore/v1/fdroid"
    admin = play.desk(leads.device_admin_a)
    devices = admin.get("/admin/v1/devices", compliant="true")["items"]
    wish = {"device_id": devices[0]["id"], "label": "demo.json", "days": DAYS}
    made = admin.post("/appstore/v1/fdroid/accesses", wish)
    issued = _issue(play, leads.device_admin_a, "fdroid", FIELD_CLIENT)
    group_url = f"{play.origin}/fdroid/{play.notes['all']}/repo"
    password = issued["headers"]["Authorization"].removeprefix("Bearer ")
    basic = b64encode(f"{issued['officer']}:{password}".encode()).decode()
    issued["headers"] = {"Authorization": f"Basic {basic}"}
    _try(f"{made['links']['repo_url']}/entry.jar", {"headers": {}})
    _try(f"{group_url}/entry.jar", issued)
    return {
        "url": store,
        "repo_url": made["links"]["repo_url"],
        "fingerprint": admin.get("/appstore/v1/fdroid")["fingerprint"],
        "group_url": group_url,
        **issued,
    }


def _issue(play: Play, officer: Officer, surface: str, client: str) -> dict[str, Any]:
    """Let an officer make a credential for themselves at the console's API."""
    wish = {"surface": surface, "label": f"demo.json, {surface}", "client": client, "days": DAYS}
    made = play.desk(officer).post("/admin/v1/client-credentials", wish)
    return {
        "officer": officer.number,
        "headers": {"Authorization": f"Bearer {made['secret']}"},
        "expires_at": made["expires_at"],
    }


def _try(url: str, issued: dict[str, Any]) -> None:
    response = httpx.get(url, headers=issued["headers"])
    expect(response.status_code == 200, f"the credential for {url} is refused: {response.text}")


def _show(manifest: dict[str, Any], path: Path) -> None:
    print(
        f"\nConsole   {manifest['console']['url']} (number, password, key of the authenticator app)"
    )
    for login in manifest["console"]["logins"]:
        print(
            f"  {login['number']:8} {login['password']:22} {login['totp']:34} {', '.join(login['roles'])}"
        )
    print("Terminals (number and PIN)")
    for login in manifest["field"]["logins"]:
        print(f"  {login['number']:8} {login['pin']:22} {login['kind']}")
    print("Clients")
    for name, client in manifest["clients"].items():
        print(f"  {name:10} {client['url']:42} until {client['expires_at'][:16]}")
    print(f"All of it, with the credentials: {path}\n")
