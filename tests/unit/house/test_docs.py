"""What is written for people is true: its links, commands, addresses, settings and codes."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import flask
import pytest
from werkzeug.routing import Rule

from admin_ui.pages.authorize import oauth_pages
from muster.handheld.cli import main as muster_handheld
from muster.server import catalogue
from muster.server.blueprints import API_BLUEPRINTS
from muster.server.cli import main as muster
from muster.server.health import blp as health

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
    ]
)
COMMANDS: dict[str, click.Group] = {"muster": muster, "muster-handheld": muster_handheld}
OUR_SURFACES = (
    r"/(?:mobile|sync|agent|admin|appstore)/v1|/scim/v2|/uploads|/oauth|/scep|/pki|/\.well-known"
)

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?<![\w/.-])(?:[\w./-]*bin/)?(muster(?:-handheld)?)((?: [a-z][a-z-]*)+)")
_ADDRESS = re.compile(rf"(?<![\w.-])(?:{OUR_SURFACES})[\w./{{}}$<>…:-]*")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
_SETTING = re.compile(r"`(MUSTER_[A-Z_]+)`")
_TEST = re.compile(r"`(tests/[\w/.]+)`")
_BLANK = re.compile(r"[{$<…]")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def codes(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Every match inside code of any page, with the page's name."""
    for page in PAGES:
        for code in _CODE.finditer(page.read_text(encoding="utf-8")):
            yield from ((named(page), match) for match in pattern.finditer(code.group()))


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    """Every address of our own surfaces, without a server behind it."""
    app = flask.Flask("addresses", static_folder=None)
    for blueprint in (*API_BLUEPRINTS, oauth_pages, health):
        app.register_blueprint(blueprint)
    return list(app.url_map.iter_rules())


def test_the_page_of_problem_codes_is_current() -> None:
    page = ROOT / "docs" / "reference" / "problems.md"
    rewrite = "run: .venv/bin/muster problems docs/reference/problems.md"
    assert page.read_text(encoding="utf-8") == catalogue.page(), rewrite


def test_every_relative_link_leads_somewhere() -> None:
    broken = [
        (named(page), target)
        for page in PAGES
        for target in _LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"https?:|mailto:|#", target)
        if not (page.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


def test_every_command_named_exists() -> None:
    unknown = [(page, match.group()) for page, match in codes(_COMMAND) if not is_command(match)]
    assert unknown == []


def is_command(match: re.Match[str]) -> bool:
    """Whether the first words name a command; what follows a command is its own business."""
    step: click.Command = COMMANDS[match[1]]
    for word in match[2].split():
        if not isinstance(step, click.Group):
            return True
        if word not in step.commands:
            return False
        step = step.commands[word]
    return True


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    unknown = [(page, match.group()) for page, match in codes(_TARGET) if match[1] not in targets]
    assert unknown == []


def test_every_address_named_exists(rules: list[Rule]) -> None:
    known = [re.sub(r"<[^>]+>", "\0", rule.rule) for rule in rules]
    unknown = [
        (page, match.group())
        for page, match in codes(_ADDRESS)
        if not any(fits(match.group().rstrip("./:…"), rule) for rule in known)
    ]
    assert unknown == []


def fits(written: str, rule: str) -> bool:
    """Whether an address is one of ours or leads to some; `{id}` and `$ID` stand for anything."""
    steps, known = written.split("/"), rule.split("/")
    pairs = zip(steps, known, strict=False)
    same = (a == b or b.startswith("\0") or bool(_BLANK.search(a)) for a, b in pairs)
    return len(steps) <= len(known) and all(same)


def test_every_setting_is_documented_and_no_other() -> None:
    source = (ROOT / "muster" / "kernel" / "settings.py").read_text(encoding="utf-8")
    read = {f"MUSTER_{name}" for name in re.findall(r'env(?:\.\w+\(|, )"([A-Z_]+)"', source)}
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(MUSTER_[A-Z_]+)` \|", page, re.MULTILINE))
    assert len(read) > 10
    assert documented == read
    tests_only = {"MUSTER_TEST_DATABASE_URL"}
    assert {match[1] for _, match in codes(_SETTING)} <= read | tests_only


def test_every_test_file_named_exists() -> None:
    missing = [(page, match[1]) for page, match in codes(_TEST) if not (ROOT / match[1]).exists()]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("muster db upgrade", True),
        ("/opt/muster/bin/muster audit verify", True),
        ("muster-handheld check-in", True),
        ("muster db downgrade", False),
        ("muster dance", False),
    ],
)
def test_a_command_that_is_not_there_is_noticed(text: str, *, fine: bool) -> None:
    match = _COMMAND.search(text)
    assert match
    assert is_command(match) is fine


def test_an_address_that_is_not_there_is_noticed() -> None:
    rule = "/admin/v1/devices/\0/lost"
    assert fits("/admin/v1/devices/{id}/lost", rule)
    assert fits("/admin/v1/devices/$DEVICE/lost", rule)
    assert fits("/admin/v1", rule)
    assert not fits("/admin/v1/devices/{id}/found", rule)
    assert not fits("/admin/v1/terminals", rule)
