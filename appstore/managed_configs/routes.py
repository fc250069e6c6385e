"""Managed configurations: `/appstore/v1/apps/<package>/configs`."""

from typing import Any
from uuid import UUID

from appstore.managed_configs import service
from appstore.managed_configs.errors import AppConfigNotFound
from appstore.managed_configs.layers import EVERYBODY
from appstore.managed_configs.preview import Preview, preview
from appstore.managed_configs.restrictions import MOST_BYTES
from appstore.managed_configs.schemas import (
    AppConfigPreviewQuery,
    AppConfigPreviewSchema,
    AppConfigPutSchema,
    AppConfigSchema,
    AppConfigsSchema,
)
from appstore.managed_configs.service import Overview
from appstore.managed_configs.sheets import WRITE, Sheet
from muster.kernel.web import Auth, Blueprint, actor, answer_version, expected_version, uow

blp = Blueprint(
    "appstore-managed-configs",
    __name__,
    audience="publisher",
    url_prefix="/appstore/v1/apps/<string(maxlength=223):package>/configs",
    description="Managed configurations: what an app is told, by group of terminals",
)


@blp.route("", auth=(Auth.PUBLISHER, Auth.CONSOLE), actions=("app.catalogue.read",))
@blp.response(200, AppConfigsSchema)
def list_configs(package: str) -> Overview:
    """Read what an app can be told and what it is told, everybody's first."""
    return service.listing(uow(), actor(), package)


@blp.route("/effective", auth=Auth.CONSOLE, actions=("mdm.device.read", "app.catalogue.read"))
@blp.arguments(AppConfigPreviewQuery, location="query")
@blp.response(200, AppConfigPreviewSchema)
def preview_config(query: dict[str, Any], package: str) -> Preview:
    """Read what one terminal is told, and which group says so."""
    return preview(uow(), actor(), package, query["device_id"])


@blp.route(
    "/<string(maxlength=36):scope>",
    methods=["PUT"],
    auth=Auth.CONSOLE,
    limit=2 * MOST_BYTES,
    actions=(WRITE,),
)
@blp.arguments(AppConfigPutSchema)
@blp.response(200, AppConfigSchema)
def put_config(body: dict[str, Any], package: str, scope: str) -> Sheet:
    """Set the values for `everybody` or a group's id; If-Match names the version read, "v0" none."""
    sheet = service.put(uow(), actor(), package, _group(scope), **body, version=expected_version())
    answer_version(sheet.version)
    return sheet


@blp.route("/<string(maxlength=36):scope>", methods=["DELETE"], auth=Auth.CONSOLE, actions=(WRITE,))
@blp.response(204)
def delete_config(package: str, scope: str) -> None:
    """Take the values for a scope away; send the version you read as If-Match."""
    service.remove(uow(), actor(), package, _group(scope), expected_version())


def _group(scope: str) -> UUID | None:
    if scope == EVERYBODY:
        return None
    try:
        return UUID(scope)
    except ValueError as error:
        raise AppConfigNotFound from error
