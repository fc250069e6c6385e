"""Renders every console template from the sample view models in views/*.toml."""

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import segno
from flask import Flask, render_template
from flask_babel import Babel, force_locale
from jinja2 import StrictUndefined
from markupsafe import Markup

ROOT = Path(__file__).parents[3] / "admin_ui"
VIEWS = Path(__file__).parent / "views"
DIST = ROOT / "static" / "dist"
LOCALES = {"en": "en_GB", "zh-Hans": "zh_Hans"}

Render = Callable[..., str]


def view_of(template: str) -> dict[str, Any]:
    """The sample view model of `devices/list.html` is views/devices_list.toml."""
    name = template.removesuffix(".html").replace("/", "_")
    shared = tomllib.loads((VIEWS / "_chrome.toml").read_text("utf-8"))
    own = tomllib.loads((VIEWS / f"{name}.toml").read_text("utf-8"))
    if template == "enrolment/token.html":
        own["qr_svg"] = Markup(segno.make_qr("MUST-4K7Q").svg_inline(omitsize=True))
    return shared | own


@pytest.fixture(scope="session")
def app() -> Flask:
    app = Flask("console", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app)
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=lambda name: f"/console/static/dist/{manifest[name]}",
        csrf_token=lambda: "token",
        now=lambda: datetime(2026, 9, 14, 3, 0, tzinfo=UTC),
        N_=lambda text: text,
    )
    return app


@pytest.fixture(scope="session")
def render(app: Flask) -> Render:
    def render(template: str, lang: str = "en", **changes: Any) -> str:
        view = view_of(template) | changes
        view["chrome"] = view["chrome"] | {"lang": lang}
        with app.test_request_context(), force_locale(LOCALES[lang]):
            return render_template(template, **view)

    return render
