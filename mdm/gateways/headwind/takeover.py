"""Taking over a running Headwind fleet: its numbers are expected, and come in without a reset.

The old server's `newServerUrl` points here; each agent's next call on the plain path is signed with
the fleet's own secret (MUSTER_HEADWIND_FLEET_SECRET), makes it a terminal, and moves it to a path
of its own. Numbers that were not imported, or come too late, are told nothing.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from mdm.enrolment import Wish
from mdm.enrolment import create as create_token
from mdm.gateways.headwind.enrolling import NUMBER
from mdm.gateways.headwind.errors import FleetFile
from mdm.gateways.headwind.models import ExpectedNumber
from muster.kernel import guard
from muster.kernel.errors import Fault
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

MOST: Final = 500
COLUMNS: Final = ("number", "serial", "imei", "model")
_LONGEST: Final = {"number": 64, "serial": 64, "imei": 20, "model": 100}


@dataclass(frozen=True)
class Fleet:
    """A list to import: CSV with a head that names `number` and maybe serial, imei and model."""

    unit: str
    csv: str
    lasts: timedelta
    device_class: str = "handheld"


def expect(uow: UnitOfWork, actor: Actor, fleet: Fleet) -> list[ExpectedNumber]:
    """Expect the numbers of a list; one that is expected already gets the new list's date.

    Raises `FleetFile` naming every wrong line, and as making an enrolment token does.
    """
    rows = list(_rows(fleet.csv))
    wish = Wish(
        unit=fleet.unit,
        kind="batch",
        uses=max(1, len(rows)),
        lasts=fleet.lasts,
        label="Headwind fleet",
        agent="headwind",
        device_class=fleet.device_class,
    )
    token = create_token(uow, actor, wish).row
    uow.session.flush()
    numbers = [row["number"] for row in rows]
    known = {
        one.number: one
        for one in uow.session.scalars(
            select(ExpectedNumber).where(ExpectedNumber.number.in_(numbers))
        )
    }
    result = []
    for row in rows:
        one = known.get(row["number"]) or ExpectedNumber(id=uuid7(), number=row["number"])
        one.serial, one.imei, one.model = row["serial"], row["imei"], row["model"]
        one.token_id, one.expires_at, one.device_id = token.id, token.expires_at, None
        uow.session.add(one)
        result.append(one)
    return result


def expected(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[ExpectedNumber]:
    """Return up to `limit + 1` expected numbers, newest import first, those that came in too."""
    guard.require(uow, actor, "mdm.headwind.list", guard.FORCE)
    query = select(ExpectedNumber)
    if after is not None:
        query = query.where(ExpectedNumber.id < after)
    return uow.session.scalars(query.order_by(ExpectedNumber.id.desc()).limit(limit + 1)).all()


def _rows(text: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a list; raises `FleetFile`."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = [name.strip().lower() for name in reader.fieldnames or ()]
    if "number" not in head or set(head) - set(COLUMNS):
        raise FleetFile(f"The first line names the columns: {', '.join(COLUMNS)}.")
    reader.fieldnames = head
    rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
    faults = [Fault(f"/csv/{line}", why) for line, why in _faults(rows)]
    if not rows or len(rows) > MOST:
        raise FleetFile(f"A list has 1 to {MOST} numbers; import more in several lists.")
    if faults:
        raise FleetFile(errors=faults[:100])
    yield from rows


def _faults(rows: Sequence[dict[str, str]]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if not NUMBER.fullmatch(row["number"]):
            yield line, "A number has 1 to 64 letters, digits, dots, dashes or underscores."
        elif row["number"] in seen:
            yield line, "This number came before."
        elif any(
            len(row[name]) > longest or "\0" in row[name] for name, longest in _LONGEST.items()
        ):
            yield line, "A value is too long."
        seen.add(row["number"])
