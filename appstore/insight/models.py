"""How many terminals had which version of an app, day by day."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel.model import Base


class Adoption(Base):
    """The terminals in service that had one version of an app installed at the end of a day."""

    __tablename__ = "app_adoption"

    app_id: Mapped[UUID] = mapped_column(ForeignKey("app_app.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version_code: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    terminals: Mapped[int]
