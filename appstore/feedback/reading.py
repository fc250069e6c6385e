"""How apps are rated, for neighbours who show them; nothing here asks the guard."""

from collections.abc import Collection

from sqlalchemy import func, select

from appstore.catalogue.models import App
from appstore.feedback.models import Rating
from muster.kernel.uow import UnitOfWork


def ratings_of(uow: UnitOfWork, packages: Collection[str]) -> dict[str, tuple[float, int]]:
    """Return average stars and number of ratings by package; those without any are left out."""
    if not packages:
        return {}
    query = (
        select(App.package, func.sum(Rating.stars), func.count())
        .join(Rating, Rating.app_id == App.id)
        .where(App.package.in_(packages))
        .group_by(App.package)
    )
    rows = uow.session.execute(query)
    return {package: (round(int(stars) / count, 2), count) for package, stars, count in rows}
