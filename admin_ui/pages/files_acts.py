"""What is done to a file of the download centre: describe, upload, withdraw, assign."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from admin_ui import forms
from admin_ui.blueprint import console
from admin_ui.pages.files import SEEN, file, said
from admin_ui.showing import back_to, done
from appstore import files as service
from appstore.files import LARGEST, PUBLISH
from muster.kernel.web import Mode, actor, uow

_PAGE = "console.file"
_ONE = "/files/<string(maxlength=64):slug>"
_PIECE = 256 * 1024
_ENVELOPE = 64 * 1024


@console.route(f"{_ONE}/edit", methods=["POST"], actions=("app.file.edit", *SEEN))
@back_to(file)
def file_edit(slug: str) -> Response:
    """Change what it is called or whom it is for."""
    version = forms.whole("version", 1, 10**9 - 1)
    service.edit(uow(), actor(), slug, said(), version)
    return done("file_saved", _PAGE, slug=slug)


@console.route(
    f"{_ONE}/upload",
    methods=["POST"],
    mode=Mode.READS,
    limit=LARGEST + _ENVELOPE,
    actions=("app.file.submit", PUBLISH, *SEEN),
)
@back_to(file)
def file_upload(slug: str) -> Response:
    """Take a version."""
    part = request.files.get("file")
    if part is None or not part.filename:
        raise forms.fault("file", _("Choose a file."))
    version = service.receive(
        uow(),
        actor(),
        slug,
        _pieces(part),
        name=part.filename,
        notes=forms.text("notes", most=4000),
        expires_at=forms.day("expires_on", end=True),
    )
    return done("file_asked" if version.state == "waiting" else "file_on_shelf", _PAGE, slug=slug)


@console.route(f"{_ONE}/withdraw", methods=["POST"], actions=("app.file.withdraw",))
@back_to(file, "withdraw")
def file_withdraw(slug: str) -> Response:
    """Take it off every shelf for good."""
    service.withdraw(uow(), actor(), slug, forms.reason())
    return done("file_withdrawn", _PAGE, slug=slug)


@console.route(
    f"{_ONE}/versions/<int:number>/withdraw", methods=["POST"], actions=("app.file.withdraw",)
)
@back_to(file, "withdraw-{number}", keys=("slug",))
def file_version_withdraw(slug: str, number: int) -> Response:
    """Take one version off the shelf."""
    service.withdraw_version(uow(), actor(), slug, number, forms.reason())
    return done("file_withdrawn", _PAGE, slug=slug)


@console.route(f"{_ONE}/assign", methods=["POST"], actions=("app.file.assign",))
@back_to(file, "assign")
def file_assign(slug: str) -> Response:
    """Have the terminals of a group keep it."""
    group = forms.optional_id("group")
    if group is None:
        raise forms.fault("group", _("Choose one of those offered."))
    service.assign(uow(), actor(), slug, group, forms.reason())
    return done("group_saved", _PAGE, slug=slug)


@console.route(
    f"{_ONE}/groups/<uuid:group_id>/drop", methods=["POST"], actions=("app.file.assign",)
)
@back_to(file, keys=("slug",))
def file_unassign(slug: str, group_id: UUID) -> Response:
    """Let the terminals of a group do without it."""
    service.unassign(uow(), actor(), slug, group_id, "taken back at the console")
    return done("group_saved", _PAGE, slug=slug)


def _pieces(part: FileStorage) -> Iterator[bytes]:
    while piece := part.read(_PIECE):
        yield piece
