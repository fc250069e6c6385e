"""Reading forms: which there are for an officer, one version, its XForm."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from mobile_api.forms.errors import FormNotFound
from mobile_api.forms.models import Form, FormVersion
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Unit
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Current:
    """A form and one of its versions."""

    form: Form
    version: FormVersion


def find_version(uow: UnitOfWork, form_id: str, version: str) -> Current:
    """Return a form's version, current or older, or raise `FormNotFound`; nothing is decided."""
    row = uow.session.execute(
        select(Form, FormVersion)
        .join(FormVersion, FormVersion.form_id == Form.id)
        .where(Form.form_id == form_id, FormVersion.version == version)
    ).first()
    if row is None:
        raise FormNotFound
    return Current(row[0], row[1])


def read(uow: UnitOfWork, actor: Actor, form_id: str, version: str) -> Current:
    """Return one version of a form that is meant for the officer."""
    found = find_version(uow, form_id, version)
    guard.require(uow, actor, "field.form.read", target_of(uow, found.form))
    return found


def for_officer(uow: UnitOfWork, actor: Actor) -> Sequence[Current]:
    """Return the current version of every form for the officer's unit or the whole force."""
    guard.require(uow, actor, "field.form.list", guard.FORCE)
    above = actor.person.unit_path.strip("/").split("/") if actor.person else []
    units = select(Unit.id).where(Unit.code.in_(above))
    rows = uow.session.execute(
        select(Form, FormVersion)
        .join(FormVersion, FormVersion.id == Form.version_id)
        .where(or_(Form.unit_id.is_(None), Form.unit_id.in_(units)))
        .order_by(Form.form_id)
    )
    return [Current(form, version) for form, version in rows]


def listing(
    uow: UnitOfWork, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[Current]:
    """Return up to `limit + 1` forms with their current version, by form id, beyond `after`."""
    guard.require(uow, actor, "field.form.list_all", guard.FORCE)
    statement = (
        select(Form, FormVersion)
        .join(FormVersion, FormVersion.id == Form.version_id)
        .order_by(Form.form_id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(Form.form_id > after)
    return [Current(form, version) for form, version in uow.session.execute(statement)]


def target_of(uow: UnitOfWork, form: Form) -> Target:
    """Return a form as the guard sees it."""
    path = uow.kernel.people.unit(form.unit_id).path if form.unit_id else None
    return Target("Form", str(form.id), {"form_id": form.form_id}, path)
