"""Grave acts ask who is there once more, and one's own sessions are one's own to end."""

from datetime import timedelta

from sqlalchemy import select

from muster.kernel.identity import Session
from muster.kernel.identity.forgetting import forget
from muster.kernel.identity.models import RefreshToken
from tests.api.identity.conftest import PASSWORD, Desk, Force

STEP = "/admin/v1/sessions/current/step-up"
IMPORT = "/admin/v1/officers/import?dry_run=true"
ROWS = b"number,name,kind,unit,rank,roles,valid_from,valid_until\n"
CSV = {"Content-Type": "text/csv"}


def grave(desk: Desk) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {desk.token}", **CSV}
    answer = desk.house.client.post(IMPORT, data=ROWS, headers=headers)
    return answer.status_code, (answer.get_json() or {}).get("code", "")


def stale(force: Force, number: str = "A1") -> Desk:
    """Return a desk whose person signed in 11 minutes ago and was active since."""
    desk = force.admin(number)
    force.house.clock.advance(minutes=11)
    assert desk.call("GET", "/admin/v1/officers").status_code == 200
    return desk


def confirm(force: Force, desk: Desk, password: str = PASSWORD, otp: str | None = None):  # type: ignore[no-untyped-def]
    code = force.app("A1").code() if otp is None else otp
    return desk.call("POST", STEP, json={"password": password, "otp": code})


def test_a_grave_act_wants_a_sign_in_of_the_last_ten_minutes(force: Force) -> None:
    assert grave(force.admin("A1"))[0] == 200
    desk = stale(force)
    headers = {"Authorization": f"Bearer {desk.token}", **CSV}
    answer = desk.house.client.post(IMPORT, data=ROWS, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "step_up_required")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == 'Bearer error="insufficient_user_authentication", max_age=600'


def test_who_confirms_goes_on_under_a_new_token_and_the_old_one_is_dead(force: Force) -> None:
    desk = stale(force)
    answer = confirm(force, desk)
    assert answer.status_code == 200, answer.get_json()
    renewed = Desk(force.house, answer.get_json()["token"])
    assert grave(renewed)[0] == 200
    assert desk.call("GET", "/admin/v1/officers").get_json()["code"] == "unauthenticated"
    (entry,) = force.log("identity.session.step_up")[-1:]
    assert entry.outcome in ("done", "permitted")
    with force.house.kernel.reads() as uow:
        session = uow.session.scalars(select(Session).where(Session.kind == "console")).one()
        assert session.amr == ["pwd", "otp"]
        assert session.auth_at > force.house.clock() - timedelta(minutes=1)


def test_a_wrong_confirmation_counts_and_changes_nothing(force: Force) -> None:
    desk = stale(force)
    for _ in range(5):
        assert confirm(force, desk, "wrong wrong wrong wrong").get_json()["code"] == "invalid_grant"
    assert confirm(force, desk).get_json()["code"] == "locked_out"
    assert grave(desk) == (401, "step_up_required")
    reasons = [reason for reason in force.reasons("identity.session.step_up") if reason]
    assert reasons == ["wrong_secret"] * 5 + ["locked_out"]


def test_a_confirmation_needs_both_factors(force: Force) -> None:
    desk = stale(force)
    answer = confirm(force, desk, otp=" ")
    assert answer.get_json()["code"] == "invalid_grant"
    assert grave(desk) == (401, "step_up_required")


def test_a_person_sees_and_ends_their_sessions_and_nobody_elses(force: Force) -> None:
    force.sign_in("204002")
    first, other = force.admin("204002"), force.admin("204002")
    stranger = force.admin("A1")
    listed = other.call("GET", "/admin/v1/account/sessions").get_json()["items"]
    assert [(row["kind"], row["current"]) for row in listed] == [
        ("console", True),
        ("console", False),
        ("field", False),
    ]
    one = f"/admin/v1/account/sessions/{listed[1]['id']}"
    assert stranger.call("DELETE", one).status_code == 404
    assert other.call("DELETE", one).status_code == 204
    assert first.call("GET", "/admin/v1/officers").get_json()["code"] == "session_ended"
    assert other.call("DELETE", "/admin/v1/account/sessions/others").status_code == 204
    assert force.terminal.call("GET", "/mobile/v1/me").status_code == 401
    assert other.call("GET", "/admin/v1/officers").status_code == 200


def test_a_security_admin_ends_anybodys_sessions(force: Force) -> None:
    force.sign_in("204001")
    officer = force.officer("204001").id
    admin, supervisor = force.admin("A1"), force.admin("204002")
    path = f"/admin/v1/officers/{officer}/sessions"
    assert supervisor.call("GET", path).status_code == 403
    assert len(admin.call("GET", path).get_json()["items"]) == 1
    end = admin.call("POST", f"{path}/end", json={"reason": "left the terminal on a bench"})
    assert end.status_code == 204
    assert force.terminal.call("GET", "/mobile/v1/me").status_code == 401


def test_a_security_admin_takes_lost_factors_away_but_not_their_own(force: Force) -> None:
    admin, lost = force.admin("A1"), force.admin("204002")
    reset = "/admin/v1/officers/{}/authenticators/reset"
    body = {"reason": "telephone fell into the harbour"}
    own = admin.call("POST", reset.format(force.officer("A1").id), json=body)
    assert own.status_code == 403
    done = admin.call("POST", reset.format(force.officer("204002").id), json=body)
    assert done.status_code == 204
    assert lost.call("GET", "/admin/v1/officers").status_code == 401
    again = force.house.client.post(
        "/admin/v1/sessions", json={"number": "204002", "password": PASSWORD}
    )
    begun = Desk(force.house, again.get_json()["token"])
    assert begun.call("GET", "/admin/v1/officers").get_json()["code"] == "second_factor_required"


def test_a_new_password_ends_every_other_session_and_is_told(force: Force) -> None:
    force.sign_in("204002")
    first, desk = force.admin("204002"), force.admin("204002")
    path, new = "/admin/v1/account/password", "four quiet ferries before dawn"
    wrong = desk.call("PUT", path, json={"current": "not this one at all", "new": new})
    assert wrong.status_code == 400
    assert (
        desk.call("PUT", path, json={"current": PASSWORD, "new": "password1234567"}).status_code
        == 422
    )
    assert desk.call("PUT", path, json={"current": PASSWORD, "new": new}).status_code == 204
    assert desk.call("GET", "/admin/v1/officers").status_code == 200
    assert first.call("GET", "/admin/v1/officers").status_code == 401
    assert force.terminal.call("GET", "/mobile/v1/me").status_code == 401
    force.house.clock.advance(minutes=1)
    assert force.console("204002").status_code == 400
    assert force.console("204002", new).status_code == 201


def test_what_is_over_is_forgotten_in_time(force: Force) -> None:
    force.sign_in()
    force.admin("A1")
    kernel = force.house.kernel
    force.house.clock.advance(hours=13)
    forget(kernel, {})
    with kernel.reads() as uow:
        assert uow.session.scalars(select(RefreshToken)).all()
    force.house.clock.advance(days=2)
    forget(kernel, {})
    with kernel.reads() as uow:
        assert uow.session.scalars(select(RefreshToken)).all() == []
        assert len(uow.session.scalars(select(Session)).all()) == 2
    force.house.clock.advance(days=90)
    forget(kernel, {})
    with kernel.reads() as uow:  # offline work may still name the terminal's session
        assert [row.kind for row in uow.session.scalars(select(Session))] == ["field"]
