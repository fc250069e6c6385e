"""The download centre for publishers and the console: `/appstore/v1/files`."""

from typing import Any
from uuid import UUID

from appstore.files import assigning, intake, service
from appstore.files.models import FileVersion, StoreFile
from appstore.files.review import PUBLISH
from appstore.files.routes.body import DOCUMENTED, ENVELOPE, content
from appstore.files.schemas import (
    AssignedGroupSchema,
    DescribedFileSchema,
    FileQuery,
    FileReasonSchema,
    FileUploadQuery,
    FileVersionSchema,
    ListedFileSchema,
    StoreFileChangeSchema,
    StoreFileMakeSchema,
    StoreFileSchema,
)
from appstore.files.service import Described, Listed
from mdm.groups import Group
from muster.kernel.web import (
    Auth,
    Blueprint,
    Mode,
    Page,
    PageQuery,
    actor,
    answer_version,
    decode_id,
    decode_text,
    expected_version,
    page,
    page_schema,
    uow,
)

blp = Blueprint(
    "appstore-files",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/files",
    description="The download centre: files, their versions, who must have them",
)
_WHO = (Auth.PUBLISHER, Auth.CONSOLE)
_ONE = "/<string(maxlength=64):slug>"
_GROUP = f"{_ONE}/groups/<uuid:group_id>"


@blp.route("", auth=_WHO, actions=("app.file.read",))
@blp.arguments(FileQuery, location="query")
@blp.response(200, page_schema(ListedFileSchema))
def list_files(query: dict[str, Any]) -> Page[Listed]:
    """List files by their short names, each with the version on the shelf."""
    rows = service.listing(
        uow(),
        actor(),
        kind=query["kind"],
        after=decode_text(query["after"]),
        limit=query["limit"],
    )
    return page(rows, query["limit"], lambda row: [row.file.slug])


@blp.route("", methods=["POST"], auth=_WHO, actions=("app.file.create",))
@blp.arguments(StoreFileMakeSchema)
@blp.response(201, StoreFileSchema)
def create_file(body: dict[str, Any]) -> StoreFile:
    """Make a file; its first version follows."""
    file = service.create(uow(), actor(), **body)
    answer_version(file.version)
    return file


@blp.route(_ONE, auth=_WHO, actions=("app.file.read",))
@blp.response(200, DescribedFileSchema)
def read_file(slug: str) -> Described:
    """Read one file with its versions and who fetched them; the answer's ETag is the file's."""
    described = service.read(uow(), actor(), slug)
    answer_version(described.file.version)
    return described


@blp.route(_ONE, methods=["PATCH"], auth=_WHO, actions=("app.file.edit",))
@blp.arguments(StoreFileChangeSchema)
@blp.response(200, StoreFileSchema)
def edit_file(body: dict[str, Any], slug: str) -> StoreFile:
    """Change what a file is called or whom it is for; send the version you read as If-Match."""
    file = service.edit(uow(), actor(), slug, body, expected_version())
    answer_version(file.version)
    return file


@blp.route(f"{_ONE}/withdraw", methods=["POST"], auth=_WHO, actions=("app.file.withdraw",))
@blp.arguments(FileReasonSchema)
@blp.response(200, StoreFileSchema)
def withdraw_file(body: dict[str, Any], slug: str) -> StoreFile:
    """Take a file off every shelf for good, with all its versions."""
    return service.withdraw(uow(), actor(), slug, body["reason"])


@blp.route(
    f"{_ONE}/versions",
    methods=["POST"],
    auth=_WHO,
    mode=Mode.READS,
    limit=intake.LARGEST + ENVELOPE,
    actions=(intake.SUBMIT, PUBLISH),
)
@blp.doc(requestBody=DOCUMENTED)
@blp.arguments(FileUploadQuery, location="query")
@blp.response(201, FileVersionSchema)
def upload_file(query: dict[str, Any], slug: str) -> FileVersion:
    """Upload a version, as the body or as a form's part `file`; programs wait for a second person."""
    return intake.receive(uow(), actor(), slug, content(), **query)


@blp.route(
    f"{_ONE}/versions/<int:number>/withdraw",
    methods=["POST"],
    auth=_WHO,
    actions=("app.file.withdraw",),
)
@blp.arguments(FileReasonSchema)
@blp.response(200, FileVersionSchema)
def withdraw_version(body: dict[str, Any], slug: str, number: int) -> FileVersion:
    """Take one version off the shelf; no older one takes its place."""
    return service.withdraw_version(uow(), actor(), slug, number, body["reason"])


@blp.route(f"{_ONE}/groups", auth=_WHO, actions=("app.file.read",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(AssignedGroupSchema))
def list_groups(query: dict[str, Any], slug: str) -> Page[Group]:
    """List the groups whose terminals must have a file."""
    after, limit = decode_id(query["after"]), query["limit"]
    rows = assigning.assigned(uow(), actor(), slug, after=after, limit=limit)
    return page(rows, limit, lambda row: [row.id])


@blp.route(_GROUP, methods=["PUT"], auth=Auth.CONSOLE, actions=("app.file.assign",))
@blp.arguments(FileReasonSchema)
@blp.response(200, AssignedGroupSchema)
def assign_file(body: dict[str, Any], slug: str, group_id: UUID) -> Group:
    """Have every terminal of a group fetch a file and keep it."""
    return assigning.assign(uow(), actor(), slug, group_id, body["reason"])


@blp.route(_GROUP, methods=["DELETE"], auth=Auth.CONSOLE, actions=("app.file.assign",))
@blp.arguments(FileReasonSchema)
@blp.response(204)
def unassign_file(body: dict[str, Any], slug: str, group_id: UUID) -> None:
    """Let the terminals of a group do without a file."""
    assigning.unassign(uow(), actor(), slug, group_id, body["reason"])
