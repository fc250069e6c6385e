"""Every console page, rendered from sample data: safe under the content policy, whole, and translated."""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from tests.unit.admin_ui.conftest import view_of

ROOT = Path(__file__).parents[3] / "admin_ui"
TEMPLATES = ROOT / "templates"
FRAMES = {"base.html", "document.html", "gate.html"}
PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if path.parent.name != "macros" and not path.name.startswith("_") and path.name not in FRAMES
)
LISTS = [page for page in PAGES if page.endswith("/list.html")]
VOID = {"meta", "link", "input", "img", "br", "hr"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "commandfor", "popovertarget", "form")
LANGUAGES = ("en", "zh-Hans")

Render = Callable[..., str]


class Page(HTMLParser):
    """Reads a page strictly: notes each element, and what was opened but never closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(params=PAGES)
def page_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_whole_html_in_its_language(render: Render, page_name: str, lang: str) -> None:
    page = Page(render(page_name, lang))
    assert page.faults == []
    assert page.open == []
    assert page.all("html") == [{"lang": lang}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1


def test_a_page_keeps_to_the_content_policy(render: Render, page_name: str) -> None:
    page = Page(render(page_name))
    for tag, attrs in page.elements:
        assert tag != "style"
        assert "style" not in attrs, (tag, attrs)
        assert not [name for name in attrs if name.startswith(("on", "hx-on"))], (tag, attrs)
        assert not attrs.get("href", "").startswith("javascript:")
        assert tag != "script" or attrs["src"].startswith("/console/static/dist/")


def test_ids_are_unique_and_references_meet_them(render: Render, page_name: str) -> None:
    page = Page(render(page_name))
    ids = Counter(attrs["id"] for _, attrs in page.elements if "id" in attrs)
    assert [name for name, times in ids.items() if times > 1] == []
    for tag, attrs in page.elements:
        for name in REFERENCES:
            for target in attrs.get(name, "").split():
                assert target in ids, (tag, name, target)


def test_every_form_that_writes_carries_the_csrf_token(render: Render, page_name: str) -> None:
    text = render(page_name)
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
        assert 'name="csrf_token" value="token"' in form


def test_every_icon_is_in_the_sprite(render: Render, page_name: str) -> None:
    sprite = next((ROOT / "static" / "dist").glob("icons.*.svg")).read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    wanted = {attrs["href"].split("#")[1] for attrs in Page(render(page_name)).all("use")}
    assert wanted <= drawn


@pytest.mark.parametrize("page_name", LISTS)
def test_an_empty_list_says_what_to_do_next(render: Render, page_name: str) -> None:
    text = render(page_name, rows=[], tokens=[], waiting=[], authorities=[])
    empty = re.search(r'<div class="empty">.*?</div>', text, re.DOTALL)
    assert empty
    assert len(re.findall(r"<p", empty.group())) == 2
    assert "<table" not in text


def test_a_refusal_names_the_rule_and_the_policy(render: Render) -> None:
    text = render("error.html")
    assert "Records are open to the unit that made them" in text
    assert "record-read-own-unit" in text


def test_a_group_of_rooms_without_an_open_room_is_not_drawn(render: Render) -> None:
    rooms = dict.fromkeys(view_of("error.html")["nav"], "") | {"overview": "/", "apps": "/apps"}
    text = render("apps/list.html", nav=rooms)
    assert "Terminals" in text
    assert "Field work" not in text
    assert "Accountability" not in text


def test_one_may_not_approve_when_no_approval_is_offered(render: Render) -> None:
    actions = {"approve": "", "refuse": "", "withdraw": "/w"}
    text = render("approvals/detail.html", actions=actions, not_allowed="Your own request.")
    assert 'id="approve"' not in text
    assert 'id="withdraw"' in text
    assert "Your own request." in text


def test_a_wipe_asks_for_reason_typed_number_and_a_second_person(render: Render) -> None:
    text = render("devices/detail.html")
    wipe = re.search(r'<dialog class="confirm" id="wipe".*?</dialog>', text, re.DOTALL)
    assert wipe
    assert 'name="reason"' in wipe.group()
    assert 'data-confirm="T-0377"' in wipe.group()
    assert "second person" in wipe.group()


def test_what_people_typed_is_escaped(render: Render) -> None:
    attack = {"dialog": "wipe", "data": {"reason": "</textarea><script>"}, "errors": {}}
    text = render("devices/detail.html", form=attack)
    assert "</textarea><script>" not in text
    assert "&lt;/textarea&gt;&lt;script&gt;" in text


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_word_bypasses_the_catalogue(app: Flask, path: Path) -> None:
    source = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    literal = "".join(
        value if kind == "data" else " "
        for _, kind, value in app.jinja_env.lex(source)
        if kind == "data" or kind.endswith("_begin")
    )
    assert not re.findall(r'(?:aria-label|alt|placeholder|title)="[A-Za-z]', literal)
    visible = re.sub(r'<[^>]*>|<[^<]*$|[\w-]+="[^"]*"', " ", literal)
    assert set(re.findall(r"[A-Za-z]{2,}", visible)) <= {"Muster"}


def test_each_page_documents_its_view_model() -> None:
    for page in PAGES:
        first = (TEMPLATES / page).read_text("utf-8").split("#}")[0]
        assert first.startswith("{#"), page
        assert "View model:" in first, page
