"""What an assignment would do to the terminals of its audience, found without writing."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from appstore.assignments.draft import Draft
from appstore.assignments.reach import Reaching, production
from appstore.catalogue.models import App
from appstore.rollouts.offers import offers_to_each
from appstore.rollouts.resolver import Assigned, Sight, resolve
from appstore.rollouts.terms import Terms
from mdm.audiences import Audience, concerned
from muster.kernel.uow import UnitOfWork

MOST: Final = 10_000
_BATCH: Final = 1000


@dataclass
class Impact:
    """Of `concerned` terminals: how many will newly see the app, lose it, have to have it.

    `complete` is false if there are more terminals than were looked at: at least so many.
    """

    concerned: int = 0
    gaining: int = 0
    losing: int = 0
    requiring: int = 0
    complete: bool = True


def of(
    uow: UnitOfWork, app: App, audience: Audience, draft: Draft | None, *, but: UUID | None = None
) -> Impact:
    """Compare what each terminal sees of the app with what it would see.

    `draft` takes the place of the assignment `but`, or joins the others; None only takes it away.
    """
    device_ids = concerned(uow, audience)
    found = Impact(complete=len(device_ids) <= MOST)
    extra = _drafted(uow, app, audience, draft) if draft else None
    for start in range(0, min(len(device_ids), MOST), _BATCH):
        batch = device_ids[start : min(start + _BATCH, MOST)]
        before = offers_to_each(uow, batch, app_id=app.id)
        after = offers_to_each(uow, batch, app_id=app.id, but=but, extra=extra)
        for one in batch:
            _count(found, resolve(one, before[one]), resolve(one, after[one]))
    return found


def _drafted(uow: UnitOfWork, app: App, audience: Audience, draft: Draft) -> Reaching:
    terms = Terms.of(draft.conditions, draft.deadline)
    assigned = Assigned(app.package, draft.mode, draft.pinned_code, terms)
    return Reaching(audience, assigned, production(uow, app, draft.pinned_code))


def _count(found: Impact, before: Sight, after: Sight) -> None:
    found.concerned += 1
    found.gaining += bool(after.seen) and not before.seen
    found.losing += bool(before.seen) and not after.seen
    found.requiring += _required(after) and not _required(before)


def _required(sight: Sight) -> bool:
    return any(offer.mode == "required" for offer in sight.seen)
