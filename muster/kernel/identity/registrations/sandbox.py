"""A developer's sandbox: a client of one's own, for officers of a training unit, for a while.

Nobody else has to agree, because nobody else's data is touched: the guard sees `context.sandbox`,
sign-in refuses officers of other units, and the installation says which units are for training.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from muster.kernel import guard
from muster.kernel.errors import Fault, InvalidInput
from muster.kernel.guard import SCOPES
from muster.kernel.identity import clients
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Client
from muster.kernel.identity.oauth.redirects import fault
from muster.kernel.identity.registrations.errors import NotATrainingUnit
from muster.kernel.uow import UnitOfWork

LONGEST_DAYS: Final = 90
PREFIX: Final = "sandbox."


def make(
    uow: UnitOfWork,
    actor: Actor,
    *,
    name: str,
    package: str,
    unit: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
    days: int,
) -> Client:
    """Make a sandbox client called `sandbox.<name>`, called back on loopback or by its package.

    Raises `NotATrainingUnit`, `Conflict` for a taken name, `InvalidInput` for an address.
    """
    guard.require(uow, actor, "identity.client.make_sandbox", guard.FORCE).note(
        name=name, unit=unit, scopes=list(scopes), days=days
    )
    if unit not in uow.kernel.settings.training_units:
        raise NotATrainingUnit
    wrong = [
        Fault(f"/redirect_uris/{number}", why)
        for number, address in enumerate(redirect_uris)
        if (why := fault(address, package, sandbox=True))
    ]
    if not 1 <= days <= LONGEST_DAYS:
        wrong.append(Fault("/days", f"Give a life of 1 to {LONGEST_DAYS} days."))
    if wrong:
        raise InvalidInput(errors=wrong)
    granted = [scope for scope in SCOPES if scope in scopes]
    client = clients.register(uow, PREFIX + name, "field", package=package, scopes=granted)
    place = uow.kernel.people.by_code(unit)
    client.sandbox_unit_id = client.unit_id = place.id
    client.owner_id, client.redirect_uris = actor.id, list(dict.fromkeys(redirect_uris))
    client.expires_at = uow.now() + timedelta(days=days)
    return client
