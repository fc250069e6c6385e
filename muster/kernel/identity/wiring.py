"""The identity room's answers: who comes, moves and goes; sign-ins, clients, keys of tokens."""

from datetime import timedelta
from typing import Any

from muster.kernel import approvals
from muster.kernel.events import SUBSCRIBERS, Subscriber
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity import OfficerChanged, oauth, operators
from muster.kernel.identity.access import FRAGMENT as IDENTITY
from muster.kernel.identity.authenticators.access import FRAGMENT as AUTHENTICATORS
from muster.kernel.identity.authenticators.leavers import WaysIn
from muster.kernel.identity.break_glass import service as break_glass
from muster.kernel.identity.delegations.grants import GRANT, RoleExecutor
from muster.kernel.identity.delegations.service import NAME
from muster.kernel.identity.directory import nightly
from muster.kernel.identity.directory.service import RELEASE
from muster.kernel.identity.forgetting import FORGET, forget
from muster.kernel.identity.holdings import HOLDINGS, LentRoles
from muster.kernel.identity.hygiene import HYGIENE
from muster.kernel.identity.hygiene import sweep as sweep_accounts
from muster.kernel.identity.oauth import redeeming
from muster.kernel.identity.oidc import provider
from muster.kernel.identity.personal_certificates import bindings, lists
from muster.kernel.identity.personal_certificates.access import FRAGMENT as TRUST
from muster.kernel.identity.ports import HAND_OVERS
from muster.kernel.identity.registrations.access import FRAGMENT as REGISTRATIONS
from muster.kernel.identity.reviews import service as reviews
from muster.kernel.jobs import HANDLERS, every
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports

_HOUR = timedelta(hours=1)
Payload = dict[str, Any]


def wire(ports: Ports) -> None:
    """Answer for people, their ways in, and the apps that carry them."""
    for fragment in (AUTHENTICATORS, IDENTITY, REGISTRATIONS, TRUST):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    roles = RoleExecutor()
    ports.answer(approvals.EXECUTORS, GRANT, roles)
    ports.answer(approvals.EXECUTORS, NAME, roles)
    ports.answer(HOLDINGS, "roles", LentRoles())
    ports.answer(HOLDINGS, "approvals", approvals.OpenRequests())
    ports.answer(HOLDINGS, "ways_in", WaysIn())
    ports.answer(HANDLERS, RELEASE, nightly.release_held)
    ports.answer(HAND_OVERS, "authorization", oauth.authorization)
    changed = Subscriber(OfficerChanged, bindings.officer_changed)
    ports.answer(SUBSCRIBERS, f"{OfficerChanged.name}:certificates", changed)
    every(ports, _HOUR, nightly.TAKE_IN, nightly.look)
    every(ports, _HOUR, HYGIENE, sweep_accounts)
    every(ports, _HOUR, "identity.reviews", _review)
    every(ports, _HOUR, "oauth.sweep", _sweep)
    every(ports, _HOUR, "keys.rotate", _rotate)
    every(ports, _HOUR, FORGET, forget)
    every(ports, timedelta(minutes=15), "identity.crl.refresh", lists.refresh)
    every(ports, timedelta(minutes=5), "identity.provider.look", provider.look)


def _sweep(kernel: Kernel, payload: Payload) -> None:
    with kernel.writes() as uow:
        redeeming.sweep(uow)


def _rotate(kernel: Kernel, payload: Payload) -> None:
    operators.rotate_keys_when_due(kernel)


def _review(kernel: Kernel, payload: Payload) -> None:
    reviews.run(kernel)
    with kernel.writes() as uow:
        break_glass.remind(uow)
