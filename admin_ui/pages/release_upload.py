"""Bringing a release from the console: one form, which works without JavaScript."""

from collections.abc import Iterator
from typing import Final

from flask import Response, request, url_for
from flask_babel import gettext as _

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.showing import back_to, done, show
from appstore import releases
from appstore.releases import Brought, ReleaseRejected
from muster.kernel.web import Mode, actor, uow

_LIMIT: Final = 200 * 2**20 + 64 * 1024
_PIECE: Final = 256 * 1024
_PAGE: Final = "console.release"


@console.route("/apps/upload", actions=("app.release.publish",))
def release_upload() -> str:
    """The form; whether somebody may, and is who they say, is asked before they choose a file."""
    releases.ready(uow(), actor())
    return show("apps/upload.html", "apps", submit_url=url_for("console.release_bring"))


@console.route(
    "/apps/upload",
    methods=["POST"],
    mode=Mode.READS,
    limit=_LIMIT,
    actions=("app.release.submit",),
)
@back_to(release_upload)
def release_bring() -> Response:
    """Take the file; what the rules say of it is on the release's page."""
    if "file" not in request.files or not request.files["file"].filename:
        raise forms.fault("file", _("Choose a file."))
    urgent = forms.reason() if request.form.get("urgent") else ""
    brought = Brought(notes=forms.text("notes", most=4000), urgent=urgent)
    try:
        vetted = releases.receive(uow(), actor(), _content(), brought)
    except ReleaseRejected as error:
        return done("upload_rejected", _PAGE, release_id=error.extra["release_id"])
    return done("uploaded", _PAGE, release_id=vetted.release.id)


def _content() -> Iterator[bytes]:
    stream = request.files["file"].stream
    yield from iter(lambda: stream.read(_PIECE), b"")
