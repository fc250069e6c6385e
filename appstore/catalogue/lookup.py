"""Finding apps, and naming them to the guard; nothing is decided here."""

from sqlalchemy import select

from appstore.catalogue.errors import AppNotFound
from appstore.catalogue.models import App
from muster.kernel.guard import Target
from muster.kernel.uow import UnitOfWork


def find(uow: UnitOfWork, package: str, *, lock: bool = False) -> App:
    """Return one app by its package or raise `AppNotFound`; `lock` makes its other movers wait."""
    query = select(App).where(App.package == package)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    app = uow.session.scalar(query)
    if app is None:
        raise AppNotFound
    return app


def target(uow: UnitOfWork, app: App) -> Target:
    """Return an app as the guard sees it."""
    path = uow.kernel.people.unit(app.unit_id).path
    return Target("App", str(app.id), {"package": app.package}, path)


def link(package: str) -> str:
    """Return the console's page of an app."""
    return f"/console/apps/{package}"
