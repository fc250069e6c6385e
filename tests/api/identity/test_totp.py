"""A password and its second factor: codes, recovery codes, and what a password alone may do."""

import pytest
from werkzeug.test import TestResponse

from muster.kernel.identity.authenticators import totp
from tests.api.identity.conftest import PASSWORD, Desk, Force

ADMIN = "A1"
ENROL = "/admin/v1/account/app"


def sign_in(force: Force, otp: str = "", password: str = PASSWORD) -> TestResponse:
    body = {"number": ADMIN, "password": password, "otp": otp}
    return force.house.client.post("/admin/v1/sessions", json=body)


def desk(force: Force, otp: str = "") -> Desk:
    answer = sign_in(force, otp)
    assert answer.status_code == 201, answer.get_json()
    return Desk(force.house, answer.get_json()["token"])


def enrolled(force: Force) -> tuple[Desk, str, list[str]]:
    """Add an app as a newcomer does; return the desk, the app's secret and the recovery codes."""
    newcomer = desk(force)
    begun = newcomer.call("POST", ENROL).get_json()
    code = totp.code_at(begun["secret"], totp.step_of(force.house.clock()))
    body = {"enrolment": begun["enrolment"], "code": code}
    told = newcomer.call("POST", f"{ENROL}/confirm", json=body).get_json()
    force.house.clock.advance(seconds=60)
    return Desk(force.house, told["token"]), begun["secret"], told["recovery_codes"]


def code(force: Force, secret: str, ahead: int = 0) -> str:
    return totp.code_at(secret, totp.step_of(force.house.clock()) + ahead)


def test_a_password_alone_may_only_add_a_second_factor_and_leave(force: Force) -> None:
    newcomer = desk(force)
    for path in ("/admin/v1/officers", "/admin/v1/devices", "/admin/v1/audit/entries"):
        answer = newcomer.call("GET", path)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "second_factor_required")
    assert newcomer.call("GET", "/admin/v1/account").status_code == 200
    change = {"current": PASSWORD, "new": "another heron by another weir"}
    refused = newcomer.call("PUT", "/admin/v1/account/password", json=change)
    assert refused.get_json()["code"] == "second_factor_required"
    assert newcomer.call("DELETE", "/admin/v1/sessions/current").status_code == 204


def test_the_first_code_lifts_the_session_under_a_new_token(force: Force) -> None:
    newcomer = desk(force)
    lifted, _secret, codes = enrolled(force)
    assert len(set(codes)) == 10
    assert lifted.call("GET", "/admin/v1/officers").status_code == 200
    assert newcomer.call("GET", "/admin/v1/account").status_code == 401  # all others ended
    assert lifted.call("GET", "/admin/v1/account").get_json()["recovery_codes_left"] == 10


def test_once_there_is_an_app_the_password_alone_opens_nothing(force: Force) -> None:
    _, secret, _ = enrolled(force)
    wrong = [
        sign_in(force),
        sign_in(force, "000000"),
        sign_in(force, code(force, secret), "wrong wrong wrong wrong"),
    ]
    assert {answer.status_code for answer in wrong} == {400}
    assert len({answer.get_json()["detail"] for answer in wrong}) == 1
    assert force.reasons("identity.sign_in")[-3:] == [
        "second_factor_missing",
        "wrong_code",
        "wrong_secret",
    ]
    assert sign_in(force, code(force, secret)).status_code == 201


def test_a_code_is_good_once_and_one_step_early_or_late(force: Force) -> None:
    _, secret, _ = enrolled(force)
    assert sign_in(force, code(force, secret, -2)).status_code == 400
    assert sign_in(force, code(force, secret, +2)).status_code == 400
    seen = code(force, secret, -1)
    assert sign_in(force, seen).status_code == 201
    assert sign_in(force, seen).status_code == 400
    ahead = code(force, secret, +1)
    assert sign_in(force, ahead).status_code == 201
    assert sign_in(force, code(force, secret)).status_code == 400  # an older one than that


def test_five_wrong_codes_lock_as_five_wrong_passwords_do(force: Force) -> None:
    _, secret, _ = enrolled(force)
    for attempt in range(5):
        assert sign_in(force, f"00000{attempt}").status_code == 400
    assert sign_in(force, code(force, secret)).get_json()["code"] == "locked_out"


def test_a_recovery_code_opens_once_and_its_owner_is_told(force: Force) -> None:
    lifted, _, codes = enrolled(force)
    assert sign_in(force, codes[3].lower().replace("-", " ")).status_code == 201
    assert sign_in(force, codes[3]).status_code == 400
    assert lifted.call("GET", "/admin/v1/account").get_json()["recovery_codes_left"] == 9
    fresh = lifted.call("POST", "/admin/v1/account/recovery-codes").get_json()["recovery_codes"]
    assert sign_in(force, codes[4]).status_code == 400
    assert sign_in(force, fresh[0]).status_code == 201


def test_the_last_second_factor_stays(force: Force) -> None:
    lifted, _, _ = enrolled(force)
    answer = lifted.call("DELETE", ENROL)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "last_authenticator")


def test_the_secret_is_sealed_in_the_database(force: Force) -> None:
    from muster.kernel.identity.authenticators.models import Totp

    _, secret, _ = enrolled(force)
    with force.house.kernel.reads() as uow:
        held = uow.session.get_one(Totp, force.officer(ADMIN).id)
    assert secret.encode() not in held.sealed
    assert totp.unseal(force.house.kernel, held.officer_id, held.sealed) == secret


def test_a_thief_of_the_password_adds_nothing_beside_what_is_there(force: Force) -> None:
    """A session from before the app was added has one factor and may not add another."""
    early = desk(force)
    with force.house.kernel.writes() as uow:
        totp.put(uow, force.officer(ADMIN).id, totp.fresh())
    answer = early.call("POST", ENROL)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "second_factor_required")


@pytest.mark.parametrize(
    "given", ["", " ", "12345", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "0" * 40]
)
def test_odd_codes_are_wrong_codes(force: Force, given: str) -> None:
    enrolled(force)
    assert sign_in(force, given).status_code == 400


def test_apps_read_the_address_as_the_rfc_has_it() -> None:
    """RFC 6238, appendix B: the SHA-1 values, cut to six digits."""
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, shown in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert totp.matching(secret, shown, at, 0) == totp.step_of(at)
    assert totp.uri(secret, "A 1").startswith("otpauth://totp/Muster:A%201?secret=" + secret)
