"""Every kind of notice that a room sends has its words, and every word something to stand for."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from flask_babel import force_locale

from admin_ui.pages import notice_view
from muster.kernel.identity.account_news import KIND, What
from muster.kernel.notices import Notice

ROOT = Path(__file__).parents[3]
ROOMS = ("muster/kernel", "mdm", "appstore", "offline_sync", "mobile_api")
Function = ast.FunctionDef | ast.AsyncFunctionDef
KNOWN = {
    "KIND": (KIND,),
    "grant.kind": ("delegation", "deputy"),  # what LENT holds
    "state": ("confirmed", "referred"),  # the two of a review's states that are told
    "what": get_args(What),
}
"""What stands in a kind and is no literal, by its source; anything else fails the test."""


class Sent:
    """Finds the kinds that the rooms send, through the helpers that pass a kind on."""

    def __init__(self) -> None:
        folders = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
        self.trees = {path: ast.parse(path.read_text("utf-8")) for path in folders}
        self.kinds: dict[str, set[str]] = {}
        for path, tree in self.trees.items():
            if "notices" in path.read_text("utf-8") and path.parent.name != "notices":
                for function, call in calls(tree, "send"):
                    told = {key for key in params(call) if key}
                    for kind in self.values(call.args[1], function):
                        self.kinds.setdefault(kind, set()).update(told)

    def values(self, node: ast.expr, inside: Function) -> list[str]:
        """Return what an expression may be: a literal, a choice, or what the callers pass."""
        names = [argument.arg for argument in inside.args.args]
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        if isinstance(node, ast.IfExp):
            return [*self.values(node.body, inside), *self.values(node.orelse, inside)]
        if isinstance(node, ast.FormattedValue):
            return self.values(node.value, inside)
        if isinstance(node, ast.JoinedStr):
            parts = [self.values(part, inside) for part in node.values]
            return ["".join(choice) for choice in product(*parts)]
        if ast.unparse(node) in KNOWN:
            return list(KNOWN[ast.unparse(node)])
        assert isinstance(node, ast.Name), ast.unparse(node)
        assert node.id in names, f"{inside.name}: {node.id}"
        passed = [
            value
            for tree in self.trees.values()
            if any(one is inside for one in ast.walk(tree)) or not inside.name.startswith("_")
            for caller, call in calls(tree, inside.name)
            for value in self.values(call.args[names.index(node.id)], caller)
        ]
        assert passed, f"nobody calls {inside.name}"
        return passed


def calls(tree: ast.AST, name: str) -> Iterator[tuple[Function, ast.Call]]:
    """Yield the calls of a function by its name, each with the outermost function around it."""
    for function in _outermost(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _called(node) == name:
                yield function, node


@cache
def _outermost(tree: ast.AST) -> tuple[Function, ...]:
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    inner = {node for one in functions for node in ast.walk(one) if node is not one}
    return tuple(one for one in functions if one not in inner)


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def params(call: ast.Call) -> Iterator[str]:
    """Yield the names of the params, where they are written out."""
    for keyword in call.keywords:
        if keyword.arg == "params" and isinstance(keyword.value, ast.Dict):
            yield from (key.value for key in keyword.value.keys if isinstance(key, ast.Constant))


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent()


def test_every_kind_has_words_and_no_words_are_left_over(sent: Sent) -> None:
    assert set(sent.kinds) == set(notice_view.WORDS)


def test_the_words_ask_for_nothing_that_is_not_told(sent: Sent) -> None:
    for kind, (_tone, sentence) in notice_view.WORDS.items():
        wanted = set(re.findall(r"%\((\w+)\)s", sentence))
        assert not sent.kinds[kind] or wanted <= sent.kinds[kind], kind


def told(app: Flask, kind: str, **told: object) -> str:
    with app.test_request_context(), force_locale("en_GB"):
        return notice_view.told(Notice(kind=kind, params=told))[1]


def test_params_are_worded_cut_and_turn_no_text_around(app: Flask) -> None:
    assert told(app, "identity.delegation.given", by="S1", role="duty_desk") == (
        "S1 lent you a role: Duty desk."
    )
    assert "until 1 Oct 2026" in told(
        app, "identity.review.opened", due="2026-10-01T00:00:00+00:00"
    )
    assert "boot loader" in told(
        app, "mdm.attestation_failed", device="T-1", reason="bootloader_unlocked"
    )
    attack = told(app, "audit.witness_refused", witness="w", detail="\u202e\n\x00" + "x" * 999)
    assert attack == "The witness w refused the audit log and said “" + "x" * 197 + "”."
    assert told(app, "mdm.device_lost", device="%(by)s") == "— reported the terminal %(by)s lost."
    assert told(app, "of.tomorrow") == "of.tomorrow"


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_only_pages_of_ours_are_linked(link: str) -> None:
    assert notice_view.link(Notice(link=link)) == ""
    assert notice_view.link(Notice(link="/console/audit")) == "/console/audit"
