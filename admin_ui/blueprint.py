"""The one blueprint that every page registers with; joining an app makes that app speak HTML."""

from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from admin_ui import assets, doors, flashes, locale, showing
from muster.kernel.web import Pages, kernel, problems

console = Pages("console", "admin_ui", url_prefix="/console", template_folder="templates")


def _equip(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.url,
        csrf_token=doors.form_token,
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
console.after_request(doors.remember)
