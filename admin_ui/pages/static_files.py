"""Style sheet, scripts and icons."""

from flask import Response

from admin_ui import assets
from admin_ui.blueprint import console
from muster.kernel.web import Auth


@console.route("/static/dist/<name>", auth=Auth.OPEN)
def asset(name: str) -> Response:
    """A built file."""
    return assets.answer(name)
