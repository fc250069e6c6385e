"""The officer whom an enrolment names by number."""

from sqlalchemy import select

from muster.kernel.errors import InvalidInput
from muster.kernel.identity import Officer
from muster.kernel.uow import UnitOfWork


def officer_of(uow: UnitOfWork, number: str) -> Officer:
    """Return the active officer with this number. Raises `InvalidInput` if there is none."""
    found = uow.session.scalar(
        select(Officer).where(Officer.number == number, Officer.state == "active")
    )
    if found is None:
        raise InvalidInput("No active officer has this number.")
    return found
