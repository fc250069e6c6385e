"""Signing in and out, and what a page asks of who has not."""

import pytest

from tests.conftest import House
from tests.factories.console import PASSWORD, Reader, reader
from tests.factories.mdm import Force

COOKIE = "__Host-muster"


def test_a_page_leads_to_sign_in_and_back(house: House, force: Force) -> None:
    away = house.client.get("/console/devices?state=lost")
    assert away.status_code == 303
    assert away.headers["Location"] == "/console/sign-in?next=/console/devices?state%3Dlost"
    admin = reader(force, "A1", "device_admin")
    back = admin.sign_in(next="/console/devices?state=lost")
    assert back.headers["Location"] == "/console/devices?state=lost"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/console", "/\\evil", "/admin/v1", "x"]
)
def test_sign_in_leads_nowhere_else(force: Force, elsewhere: str) -> None:
    answer = reader(force, "A1", "device_admin").sign_in(next=elsewhere)
    assert answer.headers["Location"] == "/console"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(force: Force) -> None:
    answer = reader(force, "A1", "device_admin").sign_in()
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{COOKIE}="))
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Strict",
    }


def test_whatever_was_wrong_the_page_says_the_same(force: Force) -> None:
    admin = reader(force, "A1", "device_admin")
    pages = []
    for number, password in (("A1", "wrong words of some length"), ("A7", PASSWORD)):
        admin.number = number
        answer = admin.sign_in(password)
        assert answer.status_code == 400
        assert "That did not match" in admin.page
        pages.append(admin.page.replace(f'value="{number}"', ""))
    assert pages[0] == pages[1]


def test_a_field_officer_is_told_that_the_console_is_not_for_them(force: Force) -> None:
    officer = reader(force, "P1", "officer")
    assert officer.sign_in().status_code == 403
    assert "console_closed" in officer.page


def test_another_site_cannot_sign_somebody_in(force: Force) -> None:
    admin = reader(force, "A1", "device_admin")
    form = {"username": "A1", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = admin.client.post("/console/sign-in", data=form, headers=headers)
        assert answer.status_code == 403
        assert f"{COOKIE}=" not in str(answer.headers)


def test_signing_in_again_ends_the_session_the_browser_had(admin: Reader) -> None:
    former = admin.client.get_cookie(COOKIE)
    assert former is not None
    admin.sign_in()
    fresh = admin.client.get_cookie(COOKIE)
    assert fresh is not None
    assert fresh.value != former.value
    admin.client.set_cookie(COOKIE, former.value)
    assert admin.get("/console").status_code == 303


def test_who_signed_out_is_out(admin: Reader) -> None:
    cookie = admin.client.get_cookie(COOKIE)
    assert cookie is not None
    assert admin.post("/console/sign-out").headers["Location"] == "/console/sign-in"
    assert admin.client.get_cookie(COOKIE) is None
    admin.client.set_cookie(COOKIE, cookie.value)
    assert admin.get("/console").status_code == 303


def test_the_language_is_the_browsers_until_one_is_chosen(force: Force) -> None:
    somebody = reader(force, "A1", "device_admin")
    somebody.get("/console/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert '<html lang="zh-Hans">' in somebody.page
    somebody.get("/console/sign-in?lang=en", headers={"Accept-Language": "zh-CN"})
    somebody.get("/console/sign-in", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en">' in somebody.page


def test_built_files_are_kept_for_ever_and_nothing_else_is_served(house: House) -> None:
    page = house.client.get("/console/sign-in").get_data(as_text=True)
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = house.client.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type.startswith("text/css")
    for name in ("manifest.json", "..%2f..%2fchrome.py", "console.css"):
        assert house.client.get(f"/console/static/dist/{name}").status_code == 404
