"""What exists before the first request: the people, their secrets, and the field app's client."""

import tempfile
from pathlib import Path

from sqlalchemy import select

from muster.kernel.guard import SCOPES
from muster.kernel.identity import clients, credentials, people
from muster.kernel.identity.authenticators import totp
from muster.kernel.identity.authenticators.models import Totp
from muster.kernel.identity.duties.setup import Appointee, is_done, set_up
from muster.kernel.identity.models import Credential, Officer
from muster.kernel.identity.roles import ADMINISTRATIVE, THREE
from muster.kernel.kernel import Kernel
from muster.server.demo.authority import ensure_authority
from muster.server.demo.city import City
from muster.server.demo.people_secrets import PersonSecret, secrets_for

FIELD_CLIENT = "field"
PIPELINE_CLIENT = "pipeline"
FIELD_PACKAGE = "org.passmuster.field"


def populate(kernel: Kernel, city: City) -> dict[str, PersonSecret]:
    """Load units and officers, give everyone a PIN, and administrators a password and an app.

    The field app and the publisher's pipeline are registered too. Repeating it changes nothing.
    Return the secrets by officer number.
    """
    numbers = [officer.number for officer in city.force.officers]
    known = secrets_for(kernel.settings.state_dir, numbers)
    with tempfile.TemporaryDirectory() as folder:
        files = city.files()
        units, officers = Path(folder, "units.csv"), Path(folder, "officers.csv")
        units.write_text(files["units.csv"], encoding="utf-8")
        officers.write_text(files["officers.csv"], encoding="utf-8")
        people.load(kernel, units=units)
        _appoint_the_three(kernel, city, known)
        people.load(kernel, officers=officers)
    administrative = {
        officer.number for officer in city.force.officers if ADMINISTRATIVE & set(officer.roles)
    }
    _give_secrets(kernel, known, administrative)
    ensure_authority(kernel)
    return known


def _appoint_the_three(kernel: Kernel, city: City, known: dict[str, PersonSecret]) -> None:
    """Set the house up as `muster setup` does, with passwords that the demo can tell."""
    with kernel.reads() as uow:
        if is_done(uow):
            return
    leads = city.force.leads
    three = {role: getattr(leads, role) for role in THREE}
    appointees = {
        role: Appointee(
            number=officer.number,
            name=officer.name,
            password=known[officer.number].password,
            sworn=officer.kind == "sworn",
            rank=int(officer.rank),
        )
        for role, officer in three.items()
    }
    set_up(kernel, appointees, unit=leads.system_admin.unit)


def _give_secrets(kernel: Kernel, known: dict[str, PersonSecret], administrative: set[str]) -> None:
    with kernel.writes() as uow:
        if clients.by_name(uow, FIELD_CLIENT) is None:
            clients.register(uow, FIELD_CLIENT, "field", package=FIELD_PACKAGE, scopes=list(SCOPES))
        if clients.by_name(uow, PIPELINE_CLIENT) is None:
            clients.register(uow, PIPELINE_CLIENT, "console")
        clients.console(uow)
        without = select(Officer).where(Officer.id.not_in(select(Credential.officer_id)))
        for officer in uow.session.scalars(without).all():
            if officer.number in known:
                credentials.set_pin(uow, officer, known[officer.number].pin)
            if officer.number in administrative:
                credentials.set_password(uow, officer, known[officer.number].password)
        apart = Officer.id.not_in(select(Totp.officer_id))  # the three have passwords already
        appless = select(Officer).where(Officer.number.in_(administrative), apart)
        for officer in uow.session.scalars(appless).all():
            totp.put(uow, officer.id, known[officer.number].totp)
