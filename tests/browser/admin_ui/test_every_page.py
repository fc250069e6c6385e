"""Every page of every role, in both languages and both colour schemes: silent and accessible."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.admin_ui.conftest import Visit, World

ROLES = ("device_admin_a", "publisher", "approver", "supervisor", "auditor", "security_admin")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
JUDGE = """async only => {
    await Promise.all(document.getAnimations().map(moving => moving.finished));
    return axe.run({ runOnly: only });
}"""
INNER = ".app-rooms a:not([aria-current]), .page #results tr:first-child th a"
BEHIND = ".page-actions a[href$='/rollback']"
LINKS = "links => links.map(link => link.getAttribute('href'))"


def pages_of(visit: Visit) -> Iterator[str]:
    """Every room the person may open, what it leads to, the first page of each of its lists, the password."""
    rooms = visit.open().eval_on_selector_all(".rail-link, .rail-person", LINKS)
    for room in rooms:
        yield room
        details = visit.page.eval_on_selector_all("#results th a", LINKS)
        further = visit.page.eval_on_selector_all(".page-actions a", LINKS)
        for detail in details[:1]:
            yield detail
            for inner in visit.page.eval_on_selector_all(INNER, LINKS):
                yield inner
                yield from visit.page.eval_on_selector_all(BEHIND, LINKS)
        yield from (link for link in further if link.startswith(f"{room}/"))
    yield "/console/password"


def violations(page: Page, axe: str) -> list[Any]:
    """Return what breaks the standards in the light scheme, and in the dark one its colours."""
    page.evaluate(axe)
    found = _judged(page, {"type": "tag", "values": STANDARDS})
    page.emulate_media(color_scheme="dark")
    found += _judged(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def _judged(page: Page, only: dict[str, Any]) -> list[Any]:
    found = page.evaluate(JUDGE, only)
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]
    ]


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_silent_and_accessible(world: World, axe: str, role: str, lang: str) -> None:
    locale = "zh-CN" if lang == "zh-Hans" else "en-GB"
    visit = world.visit(role, locale=locale)
    seen = 0
    with visit as page:
        for path in pages_of(visit):
            answer = page.goto(world.origin + path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.locator("html").get_attribute("lang") == lang
            assert violations(page, axe) == [], path
            seen += 1
        assert seen >= 4
        assert visit.complaints == []


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_signing_in_and_a_dead_end_are_accessible_too(world: World, axe: str, lang: str) -> None:
    context = world.browser.new_context(bypass_csp=True, color_scheme="light")
    for path in (f"/sign-in?lang={lang}", "/sign-in/certificate?refused=1", "/nowhere"):
        page = context.new_page()
        page.goto(f"{world.origin}/console{path}")
        assert violations(page, axe) == [], path
    context.close()


def test_open_dialogs_are_accessible(world: World, axe: str) -> None:
    with world.visit("device_admin_a", bypass_csp=True) as page:
        page.goto(f"{world.origin}/console/devices?state=enrolled")
        page.locator("#results th a").first.click()
        page.get_by_role("button", name="Wipe", exact=True).click()
        assert violations(page, axe) == []
