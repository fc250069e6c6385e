"""Publishing a form: convert, describe, freeze."""

import hashlib
from dataclasses import asdict
from typing import Final

from sqlalchemy import select

from mobile_api.checks import known_purposes
from mobile_api.forms.collection import NAME, scopes_of
from mobile_api.forms.description import Described, describe
from mobile_api.forms.errors import FormUnsupported, FormVersionExists
from mobile_api.forms.models import Form, FormVersion
from mobile_api.forms.service import Current, target_of
from mobile_api.forms.xlsform import convert
from muster.kernel import guard
from muster.kernel.errors import InvalidInput
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from offline_sync import touch

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def publish(
    uow: UnitOfWork,
    actor: Actor,
    xlsx: bytes,
    *,
    purpose: str = "",
    unit: str = "",
    deadline_ms: int = 10_000,
) -> Current:
    """Publish a workbook as the current version of its form, for a unit's code or the whole force.

    `purpose` is the one its subjects are checked under. The same workbook again changes nothing;
    another one under a version that exists is `FormVersionExists`. Raises `FormUnreadable` and
    `FormUnsupported` for what cannot be published.
    """
    unit_ref = uow.kernel.people.by_code(unit) if unit else None
    new = Target("Form", "new", {"form_id": ""}, unit_ref.path if unit_ref else None)
    decision = guard.require(uow, actor, "field.form.publish", new)
    xform = convert(xlsx)  # the slow part, before the first statement opens a transaction
    described = describe(xform)
    form = uow.session.scalar(
        select(Form).where(Form.form_id == described.form_id).with_for_update()
    )
    if form is None:
        form = Form(id=uuid7(), form_id=described.form_id, title="", rev=0)
    else:
        guard.require(uow, actor, "field.form.publish", target_of(uow, form))
    form.unit_id = unit_ref.id if unit_ref else None
    _refuse_purpose(uow, described, purpose)
    decision.note(form=described.form_id, version=described.version, purpose=purpose, unit=unit)
    existing = uow.session.scalar(
        select(FormVersion).where(
            FormVersion.form_id == form.id, FormVersion.version == described.version
        )
    )
    if existing is not None and not _same(existing, xform, purpose, deadline_ms):
        raise FormVersionExists
    uow.session.add(form)
    uow.session.flush()
    version = existing or _freeze(uow, actor, form, described, xform, xlsx, purpose, deadline_ms)
    form.title, form.version_id, form.rev = described.title, version.id, form.rev + 1
    uow.session.flush()
    touch(uow, NAME, form.id, form.rev, scopes_of(uow, form))
    return Current(form, version)


def _same(version: FormVersion, xform: bytes, purpose: str, deadline_ms: int) -> bool:
    return (version.xform, version.purpose, version.deadline_ms) == (xform, purpose, deadline_ms)


def _refuse_purpose(uow: UnitOfWork, described: Described, purpose: str) -> None:
    if described.bindings and not purpose:
        raise FormUnsupported("The form holds subjects to check: say under which purpose.")
    if purpose and purpose not in (known := known_purposes(uow)):
        raise InvalidInput(f"There is no purpose {purpose!r}. There are {', '.join(known)}.")


def _freeze(
    uow: UnitOfWork,
    actor: Actor,
    form: Form,
    described: Described,
    xform: bytes,
    xlsx: bytes,
    purpose: str,
    deadline_ms: int,
) -> FormVersion:
    blob = uow.kernel.blobs.put_shared(uow, xlsx, XLSX)
    uow.session.flush()
    version = FormVersion(
        id=uuid7(),
        form_id=form.id,
        version=described.version,
        xform=xform,
        md5=hashlib.md5(xform, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(xform).hexdigest(),
        xlsx_id=blob.id,
        xlsx_sha256=blob.sha256,
        fields=[asdict(one) for one in described.fields],
        bindings=described.bindings,
        purpose=purpose,
        deadline_ms=deadline_ms,
        published_by=actor.label,
        published_at=uow.now(),
    )
    uow.session.add(version)
    return version
