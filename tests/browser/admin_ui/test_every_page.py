"""Every page of every role, in both languages and both colour schemes: silent and accessible."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.admin_ui.conftest import Visit, World

ROLES = ("device_admin_a", "publisher", "approver", "supervisor", "auditor")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LINKS = "links => links.map(link => link.getAttribute('href'))"


def pages_of(visit: Visit) -> Iterator[str]:
    """Every room the person may open, and the first page that each of its lists leads to."""
    rooms = visit.open().eval_on_selector_all(".rail-link", LINKS)
    for room in rooms:
        yield room
        details = visit.page.eval_on_selector_all("#results th a", LINKS)
        yield from details[:1]


def violations(page: Page, axe: str) -> list[Any]:
    page.evaluate(axe)
    found = page.evaluate(
        "standards => axe.run({ runOnly: { type: 'tag', values: standards } })", STANDARDS
    )
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_silent_and_accessible(
    world: World, axe: str, role: str, lang: str, scheme: str
) -> None:
    options = {"color_scheme": scheme, "locale": "zh-CN" if lang == "zh-Hans" else "en-GB"}
    strict, open_to_axe = (
        world.visit(role, **options),
        world.visit(role, **options, bypass_csp=True),
    )
    with strict, open_to_axe as judged:
        seen = 0
        for path in pages_of(strict):
            answer = strict.page.goto(world.origin + path)
            assert answer is not None
            assert answer.status == 200, path
            assert strict.page.locator("html").get_attribute("lang") == lang
            judged.goto(world.origin + path)
            assert violations(judged, axe) == [], path
            seen += 1
        assert seen >= 4
        assert strict.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_signing_in_and_a_dead_end_are_accessible_too(
    world: World, axe: str, lang: str, scheme: str
) -> None:
    context = world.browser.new_context(bypass_csp=True, color_scheme=scheme)
    for path in (f"/sign-in?lang={lang}", "/nowhere"):
        page = context.new_page()
        page.goto(f"{world.origin}/console{path}")
        assert violations(page, axe) == [], path
    context.close()


def test_open_dialogs_are_accessible(world: World, axe: str) -> None:
    with world.visit("device_admin_a", bypass_csp=True) as page:
        page.goto(f"{world.origin}/console/devices")
        page.locator("#results th a").first.click()
        page.get_by_role("button", name="Wipe", exact=True).click()
        assert violations(page, axe) == []
