"""The one blueprint that every page registers with; joining an app makes that app speak HTML."""

from typing import Any

from flask import Flask, g
from jinja2 import StrictUndefined

from admin_ui import assets, flashes, locale, showing
from muster.kernel.web import Pages, csrf_token, kernel, problems

console = Pages("console", "admin_ui", url_prefix="/console", template_folder="templates")


def _own_csrf_token() -> str:
    """Return the token of the session's forms; without a session there is none to derive."""
    secret = g.get("muster_secret", "")
    return csrf_token(secret) if secret else ""


def _equip(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.url,
        csrf_token=_own_csrf_token,
        now=lambda: kernel().clock(),
        N_=lambda text: text,
    )
    locale.install(app)
    app.extensions[problems.PAGE_RENDERER] = showing.refused


def _join(state: Any) -> None:
    _equip(state.app)


console.record_once(_join)
console.after_request(locale.remember)
console.after_request(flashes.forget)
