"""Tells people that somebody lent them a role."""

from muster.kernel import notices
from muster.kernel.identity.models import RoleGrant
from muster.kernel.uow import UnitOfWork


def tell(uow: UnitOfWork, grant: RoleGrant, by: str) -> None:
    """Leave a notice for who holds a delegation or stands in as a deputy from now on."""
    notices.send(
        uow,
        f"identity.{grant.kind}.given",
        officer_id=grant.officer_id,
        subject_key=str(grant.id),
        params={"role": grant.role, "by": by},
        link="/console/delegations",
    )
