"""Equipment in the book, and officers who sign for it."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.mdm import PIN, Console

BOOK = "/admin/v1/equipment"
ICCID = "8986001234567890120"  # 19 digits, the last a Luhn check digit


def registered(admin: Console, serial: str, unit: str = "NORTH", **more: Any) -> str:
    """Put a handheld into the book and return its id."""
    body = {"serial": serial, "unit": unit, "model": "Testphone 8", **more}
    answer = admin.post(BOOK, body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def offered(admin: Console, asset: str, officer: str, **more: Any) -> dict[str, Any]:
    """Offer a thing to an officer and return the hand-over."""
    answer = admin.post(f"{BOOK}/{asset}/hand-overs", {"officer": officer, **more})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    return told


def at_counter(admin: Console, hand_over: str, number: str, pin: str = PIN) -> TestResponse:
    """Have the officer sign at the counter."""
    path = f"/admin/v1/hand-overs/{hand_over}/counter-signature"
    return admin.post(path, {"number": number, "pin": pin})


def issued(admin: Console, asset: str, number: str, **more: Any) -> None:
    """Hand a thing over at the counter."""
    answer = at_counter(admin, offered(admin, asset, number, **more)["id"], number)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def moved(admin: Console, asset: str, act: str) -> TestResponse:
    """Move a thing along."""
    return admin.post(f"{BOOK}/{asset}/moves", {"act": act, "reason": "as the test asks"})


def stage(admin: Console, asset: str) -> str:
    """Return the stage of a thing."""
    return str(admin.get(f"{BOOK}/{asset}").get_json()["stage"])


def custody(admin: Console, asset: str) -> list[tuple[str, str, bool]]:
    """Return who had a thing, the latest first: holder or pool, how, and whether it is over."""
    rows = admin.get(f"{BOOK}/{asset}/custody").get_json()["items"]
    return [(row["officer"] or row["pool"], row["how"], row["until"] is not None) for row in rows]
