"""Forms as terminals hold them offline: the collection `forms` of offline sync."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mobile_api.forms.models import Form, FormVersion
from mobile_api.scopes import FORCE, ReadOnly, unit_scope, unit_scopes_above
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

NAME: Final = "forms"


def scopes_of(uow: UnitOfWork, form: Form) -> list[str]:
    """Return the scopes a form is in: its unit, else the whole force."""
    if form.unit_id is None:
        return [FORCE]
    return [unit_scope(uow.kernel.people.unit(form.unit_id).code)]


class FormCollection(ReadOnly):
    """Current versions with everything needed to fill them in without a network."""

    def visible(self, uow: UnitOfWork, actor: Actor) -> list[str]:
        """Return the whole force and every unit from the officer's up to the root."""
        if not guard.may(uow, actor, "field.form.list", guard.FORCE):
            return []
        return [FORCE, *unit_scopes_above(actor)]

    def load(
        self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the bodies: what `GET /mobile/v1/forms/<form_id>/<version>` answers."""
        rows = uow.session.execute(
            select(Form, FormVersion)
            .join(FormVersion, FormVersion.id == Form.version_id)
            .where(Form.id.in_([UUID(one) for one in ids]))
        )
        return {str(form.id): _body(form, version) for form, version in rows}


def _body(form: Form, version: FormVersion) -> dict[str, Any]:
    url = f"/mobile/v1/forms/{form.form_id}/{version.version}"
    return {
        "form_id": form.form_id,
        "title": form.title,
        "version": version.version,
        "purpose": version.purpose,
        "sha256": version.sha256,
        "deadline_ms": version.deadline_ms,
        "xform_url": f"{url}.xml",
        "fields": version.fields,
    }
