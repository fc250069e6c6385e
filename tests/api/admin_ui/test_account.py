"""My account, and the confirmation before a grave act, as a browser without scripts does them."""

import html
import re

import pytest

from muster.kernel.identity.authenticators import totp
from tests.conftest import House
from tests.factories.authenticators import SoftKey
from tests.factories.console import PASSWORD, Reader, reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

COOKIE = "__Host-muster"
REASON = "Left in a taxi at the harbour"


def stale(house: House, reader: Reader) -> None:
    """Let eleven minutes pass, in which the person was active."""
    house.clock.advance(minutes=11)
    assert reader.get("/console").status_code == 200


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found.group(1))


def ask_for_wipe(admin: Reader, terminal: TestTerminal) -> int:
    path = f"/console/devices/{terminal.id}/wipe"
    return admin.post(path, reason=REASON, confirmation=terminal.label).status_code


def confirm(admin: Reader, held: str, **fields: str) -> int:
    form = {"held": held, "password": PASSWORD, "otp": admin.app.code(), **fields}
    return admin.post("/console/step-up", **form).status_code


def test_a_grave_form_is_held_confirmed_and_sent_with_one_click(
    house: House, admin: Reader, terminal: TestTerminal
) -> None:
    stale(house, admin)
    former = admin.client.get_cookie(COOKIE)
    assert former is not None
    assert ask_for_wipe(admin, terminal) == 200
    assert "Confirm that it is you" in admin.page
    held = hidden(admin.page, "held")
    assert REASON not in admin.page  # sealed
    assert confirm(admin, held, otp="000000") == 400
    assert "That did not match" in admin.page
    assert hidden(admin.page, "held") == held
    assert confirm(admin, held) == 200
    assert REASON in admin.page
    onwards = re.search(r'<form method="post" action="([^"]+)"', admin.page)
    assert onwards
    fields = {name: hidden(admin.page, name) for name in ("csrf_token", "reason", "confirmation")}
    done = admin.client.post(onwards.group(1), data=fields)
    assert done.status_code == 303
    admin.get(f"/console/devices/{terminal.id}")
    assert "A wipe has been asked for" in admin.page
    admin.client.set_cookie(COOKIE, former.value)
    assert admin.get("/console").status_code == 303  # the old secret is dead


def test_a_held_form_is_of_one_session_unchanged_and_for_ten_minutes(
    house: House, admin: Reader, second: Reader, terminal: TestTerminal
) -> None:
    stale(house, admin)
    assert second.get("/console").status_code == 200
    ask_for_wipe(admin, terminal)
    held = hidden(admin.page, "held")
    assert confirm(second, held) == 422
    assert "held_form_lost" in second.page
    assert confirm(admin, held[:-8] + "AAAAAAA=") == 422
    assert confirm(admin, "") == 422
    house.clock.advance(minutes=10, seconds=1)
    assert confirm(admin, held) == 422


def test_a_page_that_is_grave_to_open_opens_after_the_confirmation(
    house: House, admin: Reader
) -> None:
    stale(house, admin)
    assert admin.get("/console/account/password").status_code == 200
    assert confirm(admin, hidden(admin.page, "held")) == 303
    admin.get("/console/account/password")
    assert "Password now" in admin.page
    wrong = {"current": "not this one at all", "new": "x" * 20, "repeated": "x" * 20}
    assert admin.post("/console/account/password", **wrong).status_code == 400
    assert "This is not your password." in admin.page
    new = "four quiet ferries before dawn"
    given = {"current": PASSWORD, "new": new}
    assert admin.post("/console/account/password", **given, repeated="another").status_code == 422
    weak = {"current": PASSWORD, "new": "password1234567", "repeated": "password1234567"}
    assert admin.post("/console/account/password", **weak).status_code == 422
    assert "among the first that are guessed" in admin.page
    assert admin.post("/console/account/password", **given, repeated=new).status_code == 303
    assert admin.get("/console/account").status_code == 200
    assert "The password was changed." in admin.page


def test_who_comes_by_password_alone_is_led_to_a_second_factor(house: House, force: Force) -> None:
    newcomer = reader(force, "A1", "device_admin")
    newcomer.app.forget(house.kernel)
    answer = newcomer.sign_in(otp="", next="/console/devices")
    assert answer.headers["Location"] == "/console/account"
    for path in ("/console", "/console/devices", "/console/people", "/console/account/password"):
        assert newcomer.get(path).headers["Location"] == "/console/account", path
    newcomer.get("/console/account")
    token = hidden(newcomer.page, "csrf_token")
    newcomer.page = newcomer.client.post(
        "/console/account/app", data={"csrf_token": token}
    ).get_data(as_text=True)
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7]{32})<', newcomer.page)
    assert secret
    form = {
        "csrf_token": token,
        "enrolment": hidden(newcomer.page, "enrolment"),
        "code": totp.code_at(secret.group(1), totp.step_of(house.clock())),
    }
    assert newcomer.client.post("/console/account/app/confirm", data=form).status_code == 200
    assert newcomer.get("/console/devices").status_code == 200


def test_a_passkey_goes_through_the_pages_and_the_challenge_stays_in_its_browser(
    house: House, admin: Reader, second: Reader
) -> None:
    key = SoftKey(house.kernel.settings.origin)
    token = admin.token()
    headers = {"X-CSRF-Token": token}
    asked = admin.client.post("/console/account/passkeys/options", headers=headers)
    form = {"csrf_token": token, "label": "Ring", "credential": key.create(asked.get_json())}
    assert admin.client.post("/console/account/passkeys", data=form).status_code == 303
    admin.get("/console/account")
    assert "Ring" in admin.page
    admin.post("/console/sign-out")
    headers = {"X-CSRF-Token": admin.token("/console/sign-in")}
    asked = admin.client.post("/console/passkey/options", headers=headers)
    answer = key.get(asked.get_json())
    elsewhere = second.client.post(
        "/console/passkey",
        data={"csrf_token": second.token("/console/sign-in"), "credential": answer},
    )
    assert elsewhere.status_code == 400
    form = {"csrf_token": headers["X-CSRF-Token"], "credential": answer}
    assert admin.client.post("/console/passkey", data=form).status_code == 303
    assert admin.get("/console/devices").status_code == 200


@pytest.mark.parametrize(
    "path", ["/console/sign-in", "/console/passkey/options", "/console/passkey"]
)
def test_before_there_is_a_session_a_form_needs_this_browsers_token(
    house: House, force: Force, path: str
) -> None:
    mine, other = reader(force, "A1", "device_admin"), house.app.test_client()
    form = {"username": "A1", "password": PASSWORD, "otp": mine.app.code()}
    page = other.get("/console/sign-in").get_data(as_text=True)
    for token in ("", "0" * 64, hidden(page, "csrf_token")):
        mine.get("/console/sign-in")
        answer = mine.client.post(path, data={**form, "csrf_token": token})
        assert answer.status_code == 403
        assert f"{COOKIE}=" not in str(answer.headers)


def test_a_foreign_origin_is_refused_also_where_fetch_metadata_is_missing(
    admin: Reader, terminal: TestTerminal
) -> None:
    form = {"csrf_token": admin.token(), "reason": REASON}
    path = f"/console/devices/{terminal.id}/lock"
    foreign = admin.client.post(path, data=form, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert admin.client.post(path, data=form, headers={"Origin": "null"}).status_code == 403
    own = admin.client.post(path, data=form, headers={"Origin": "http://localhost"})
    assert own.status_code == 303


def test_a_security_admin_ends_sessions_and_takes_factors_away(
    house: House, force: Force, admin: Reader
) -> None:
    officer_id = force.officer("P1", "officer")
    security = signed_in(force, "S1", "security_admin", unit="CITY")
    assert admin.get(f"/console/people/{officer_id}/sessions").status_code == 403
    security.get("/console/people?unit=NORTH")
    person = re.search(r'href="(/console/people/[0-9a-f-]+)">Officer A1<', security.page)
    assert person
    security.get(person.group(1))
    theirs = re.search(r'href="(/console/people/[0-9a-f-]+/sessions)"', security.page)
    assert theirs
    security.get(theirs.group(1))
    assert "password · code" in security.page
    assert security.post(f"{theirs.group(1)}/end", reason=REASON).status_code == 303
    assert admin.get("/console").headers["Location"].startswith("/console/sign-in")
    path = theirs.group(1).replace("sessions", "authenticators")
    assert security.post(path, reason=REASON, confirmation="P1").status_code == 422
    assert security.post(path, reason=REASON, confirmation="A1").status_code == 303
    answer = admin.sign_in(otp="")
    assert answer.headers["Location"] == "/console/account"
    admin.get("/console/account")
    assert "All second factors were taken away by an administrator." in admin.page
