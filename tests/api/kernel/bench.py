"""Routes for tests of the dispatch: ordinary ones, and some that break the rules of the house."""

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Unit
from muster.kernel.ids import uuid7
from muster.kernel.web import Auth, Blueprint, actor, answer_version, expected_version, uow


class PartSchema(Schema):
    """A part of a unit."""

    size = fields.Integer(required=True)


class UnitSchema(Schema):
    """A unit as the bench writes it."""

    code = fields.String(required=True, validate=validate.Length(1, 64))
    name = fields.String(load_default="")
    parts = fields.List(fields.Nested(PartSchema), load_default=list)
    number = fields.Integer(load_default=0)


class UnitQuery(Schema):
    """A filter."""

    code = fields.String(load_default="")


def blueprint() -> Blueprint:
    """Return the routes; a blueprint belongs to one application."""
    blp = Blueprint("bench", __name__, audience="admin", url_prefix="/bench")
    _of_units(blp)
    _decided(blp)
    _others(blp)
    return blp


def _of_units(blp: Blueprint) -> None:
    @blp.route("/units", auth=Auth.OPEN, methods=["POST"], limit=2000)
    @blp.arguments(UnitSchema)
    @blp.response(201, UnitSchema)
    def create(body: dict[str, Any]) -> Unit:
        return _unit(body["code"], body["name"])

    @blp.route("/units", auth=Auth.OPEN)
    @blp.arguments(UnitQuery, location="query")
    def search(query: dict[str, Any]) -> dict[str, Any]:
        found = uow().session.scalars(select(Unit.code).where(Unit.code == query["code"]))
        return {"items": list(found)}

    @blp.route("/units/<uuid:unit_id>", auth=Auth.OPEN)
    @blp.response(200, UnitSchema)
    def read(unit_id: UUID) -> Unit:
        unit = uow().session.get_one(Unit, unit_id)
        answer_version(unit.version)
        return unit

    @blp.route("/units/<uuid:unit_id>", auth=Auth.OPEN, methods=["PUT"])
    @blp.arguments(UnitSchema)
    @blp.response(200, UnitSchema)
    def change(body: dict[str, Any], unit_id: UUID) -> Unit:
        unit = uow().session.get_one(Unit, unit_id)
        if unit.version != expected_version():
            raise StaleVersion
        unit.name = body["name"]
        return unit

    @blp.route("/numbers", auth=Auth.OPEN, methods=["POST"])
    @blp.arguments(UnitSchema)
    def count(body: dict[str, Any]) -> dict[str, Any]:
        same = select(Unit.code).where(Unit.version == body["number"])
        return {"items": list(uow().session.scalars(same))}


def _decided(blp: Blueprint) -> None:
    @blp.route(
        "/once",
        auth=Auth.CONSOLE,
        methods=["POST"],
        idempotent=True,
        actions=("approvals.read",),
    )
    @blp.arguments(UnitSchema)
    @blp.response(201, UnitSchema)
    def once(body: dict[str, Any]) -> Unit:
        guard.require(uow(), actor(), "approvals.read", guard.FORCE)
        return _unit(body["code"], body["name"])

    @blp.route("/forgets", auth=Auth.CONSOLE, methods=["POST"], actions=("approvals.read",))
    def forgets() -> dict[str, str]:
        _unit("FORGOTTEN")
        return {"secret": "record"}

    @blp.route("/undeclared", auth=Auth.CONSOLE, methods=["POST"], actions=("approvals.read",))
    def undeclared() -> dict[str, str]:
        guard.require(uow(), actor(), "audit.entry.list", guard.FORCE)
        _unit("UNDECLARED")
        return {"secret": "record"}

    @blp.route("/decides", auth=Auth.CONSOLE, methods=["POST"], actions=("approvals.read",))
    def decides() -> dict[str, str]:
        guard.require(uow(), actor(), "approvals.read", guard.FORCE)
        _unit("DECIDED")
        return {"csrf": request.form.get("csrf_token", "")}


def _others(blp: Blueprint) -> None:
    @blp.route("/breaks", auth=Auth.OPEN, methods=["POST"])
    def breaks() -> None:
        _unit("BROKEN")
        raise RuntimeError("password='the heron waits' token=mcs_0123456789abcdef")

    @blp.route("/forms", auth=Auth.OPEN, methods=["POST"])
    def forms() -> dict[str, Any]:
        return {"fields": sorted(request.form), "files": sorted(request.files)}


def _unit(code: str, name: str = "") -> Unit:
    unit = Unit(id=uuid7(), code=code, name=name, path=f"/{code}/")
    uow().session.add(unit)
    return unit
