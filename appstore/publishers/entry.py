"""Whether somebody may bring a package at all: their token's packages, and names kept for others."""

from sqlalchemy import select

from appstore.catalogue.models import App
from appstore.publishers.claims import may_enter
from appstore.publishers.errors import PackageReserved, TokenPackageMissing
from appstore.publishers.scopes import reaches
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def refuse_foreign(uow: UnitOfWork, actor: Actor, package: str) -> None:
    """Raise `TokenPackageMissing` or `PackageReserved` for a package that is not theirs to bring.

    Of an app that exists the vetting rules say whose it is; here only its first release is judged.
    """
    if not reaches(actor, package):
        raise TokenPackageMissing(package=package)
    exists = uow.session.scalar(select(App.id).where(App.package == package)) is not None
    if not exists and not may_enter(uow, actor, package):
        raise PackageReserved(package=package)
