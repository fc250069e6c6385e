"""`mdm.list`: a page of the fleet costs the same with a thousand terminals and with a million.

Each kind of page is taken as the console takes it, decided and filtered by what its reader may
see: a city's admin, and a station's. The ratio is the median time with a million terminals over
that with a thousand.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from bench.figures import Figure, Report, machine
from bench.houses import empty_house
from mdm.devices import FleetQuery, ManagedDevice, search
from mdm.enrolment.models import EnrolToken
from muster.kernel.identity import Actor, Device, Officer, Unit
from muster.kernel.identity.actor import Person, Post
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.kernel.model import Base
from muster.kernel.uow import UnitOfWork

NAME: Final = "mdm.list"
FEW, MANY = 1_000, int(os.environ.get("BENCH_DEVICES", "1000000"))
UNITS, TIMES, RATIO = 16, 15, 2.0
_BATCH: Final = 100_000
_OF_DEVICE: Final = {
    "label": "'T-' || {padded}",
    "unit_id": "u.id",
    "state": "CASE WHEN n % 16 = 7 THEN 'lost' ELSE 'enrolled' END",
    "tier": "CASE WHEN n % 16 = 3 THEN 1 ELSE 2 END",
}
_OF_MANAGED: Final = {
    "serial": "'SN' || {padded}",
    "imei": "'35' || {padded}",
    "model": "CASE WHEN n % 2 = 0 THEN 'Pixel 8a' ELSE 'XCover 7' END",
    "device_class": "CASE WHEN n % 5000 = 11 THEN 'vehicle' "
    "WHEN n % 16 = 1 THEN 'body_camera' ELSE 'handheld' END",
    "ring": "CASE WHEN n % 8 = 0 THEN 'canary' ELSE '' END",
    "applied_hash": "CASE WHEN n % 16 = 9 THEN 'b' ELSE 'a' END",
}
_SHORT: Final = ("rare_class", "silent")
"""Pages that a thousand terminals do not fill: their ratio compares nothing, so it has no target."""
_TEMPLATE: Final = UUID(int=1).hex
Pages = dict[str, Callable[[UnitOfWork], object]]


def run() -> Report:
    """Measure at a thousand, add terminals up to a million, and measure again."""
    with empty_house() as kernel:
        units = _prepare(kernel)
        _grow(kernel, 0, FEW)
        small = _measured(kernel, _pages(kernel, units, FEW))
        began = time.monotonic()
        _grow(kernel, FEW, MANY)
        filled = time.monotonic() - began
        large = _measured(kernel, _pages(kernel, units, MANY))
        engine = "SQLite" if kernel.db.is_sqlite else "PostgreSQL"
    figures = [
        figure
        for name in small
        for figure in (
            Figure(
                NAME,
                f"{name}_ratio",
                large[name] / small[name],
                "x",
                None if name in _SHORT else RATIO,
            ),
            Figure(NAME, f"{name}_at_{MANY}", large[name], "ms"),
        )
    ]
    where = f"{engine}, {FEW:,} and {MANY:,} terminals in {UNITS} units, filled in {filled:.0f} s"
    return Report(NAME, figures, f"{where}; {machine()}")


def _prepare(kernel: Kernel) -> Sequence[UUID]:
    with kernel.writes() as uow:
        city = Unit(id=uuid7(), code="CITY", name="City", path="/CITY/")
        uow.session.add(city)
        uow.session.flush()
        units = [
            Unit(id=uuid7(), code=f"U{n}", name=f"U{n}", parent_id=city.id, path=f"/CITY/U{n}/")
            for n in range(UNITS)
        ]
        officer = Officer(id=uuid7(), number="1", name="B", sworn=True, unit_id=city.id)
        uow.session.add_all([*units, officer])
        uow.session.flush()
        token = EnrolToken(
            id=uuid7(),
            token_hash="0" * 64,
            kind="single",
            uses_left=0,
            unit_id=city.id,
            created_by=officer.id,
            expires_at=uow.now(),
        )
        device = Device(id=UUID(int=1), label="template", unit_id=city.id)
        uow.session.add_all([token, device])
        uow.session.flush()
        managed = ManagedDevice(
            id=device.id, token_id=token.id, serial="template", os="android", desired_hash="a"
        )
        managed.last_seen = uow.now()
        uow.session.add(managed)
        uow.session.flush()
        made = "CREATE TABLE bench_unit (place integer PRIMARY KEY, id {})"
        uow.session.execute(text(made.format("char(32)" if kernel.db.is_sqlite else "uuid")))
        for place, unit in enumerate(units):
            key = unit.id.hex if kernel.db.is_sqlite else unit.id
            row = text("INSERT INTO bench_unit VALUES (:place, :id)")
            uow.session.execute(row, {"place": place, "id": key})
        return [city.id, *(unit.id for unit in units)]


def _grow(kernel: Kernel, start: int, end: int) -> None:
    """Copy the first terminal by the database's own means, a batch per commit."""
    for first in range(start, end, _BATCH):
        last = min(first + _BATCH, end) - 1
        with kernel.db.engine.begin() as connection:
            for model, changed in ((Device, _OF_DEVICE), (ManagedDevice, _OF_MANAGED)):
                connection.execute(text(_copies(kernel, model, changed)), {"a": first, "b": last})
    if not kernel.db.is_sqlite:
        with kernel.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
            line.execute(text("VACUUM ANALYZE kern_device"))
            line.execute(text("VACUUM ANALYZE mdm_device"))


def _copies(kernel: Kernel, model: type[Base], changed: dict[str, str]) -> str:
    if kernel.db.is_sqlite:
        id_, padded = "printf('01900000%08x7000800000000000', n)", "printf('%08d', n)"
        numbers = (
            "(WITH RECURSIVE s(n) AS (SELECT :a UNION ALL SELECT n + 1 FROM s WHERE n < :b) "
            "SELECT n FROM s)"
        )
    else:
        id_ = "('01900000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid"
        padded = "lpad(n::text, 8, '0')"
        numbers = "(SELECT generate_series(CAST(:a AS integer), CAST(:b AS integer)) AS n)"
    id_, padded = id_.replace(":", "\\:"), padded.replace(":", "\\:")
    columns = [column.name for column in model.__table__.columns]
    values = {"id": id_} | {name: way.format(padded=padded) for name, way in changed.items()}
    chosen = ", ".join(values.get(name, f"t.{name}") for name in columns)
    return (
        f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) SELECT {chosen} "
        f"FROM {numbers} AS numbers JOIN bench_unit u ON u.place = n % {UNITS} "
        f"JOIN {model.__tablename__} t ON t.id = '{_TEMPLATE}'"
    )


def _pages(kernel: Kernel, units: Sequence[UUID], count: int) -> Pages:
    city, station = _admin("CITY", "/CITY/", units[0]), _admin("U7", "/CITY/U7/", units[8])
    deep = UUID(hex=f"01900000{count // 2:08x}7000800000000000")
    old = kernel.clock() - timedelta(days=1)

    def page(actor: Actor, **query: object) -> Callable[[UnitOfWork], object]:
        after = deep if query.pop("deep", False) else None
        return lambda uow: search(uow, actor, FleetQuery(**query), after=after)  # type: ignore[arg-type]

    return {
        "first": page(city),
        "deep": page(city, deep=True),
        "station_first": page(station),
        "station_deep": page(station, deep=True),
        "unit": page(city, unit="U3"),
        "lost": page(city, state="lost"),
        "not_compliant": page(city, compliant=False),
        "body_cameras": page(city, device_class="body_camera"),
        "ring_and_model": page(city, ring="canary", model="Pixel 8a"),
        "lagging": page(city, lagging=True),
        "silent": page(city, silent_since=old),
        "rare_class": page(city, device_class="vehicle"),
        "prefix": page(city, text=f"SN{5:08}"),
        "wide_prefix": page(city, text="SN000"),
    }


def _admin(unit: str, path: str, unit_id: UUID) -> Actor:
    post = Post("device_admin", unit)
    person = Person(uuid7(), "1", "B", True, 1, unit_id, unit, path, (post,))
    return Actor("officer", "console", person, aal=2)


def _measured(kernel: Kernel, pages: Pages) -> dict[str, float]:
    """Return the median milliseconds of each page; the reader's entry in the log is left out."""
    return {name: statistics.median(_times(kernel, page)) for name, page in pages.items()}


def _times(kernel: Kernel, page: Callable[[UnitOfWork], object]) -> Iterator[float]:
    for turn in range(TIMES + 2):
        with kernel.reads() as uow:
            began = time.perf_counter()
            page(uow)
            spent = time.perf_counter() - began
            uow.entries.clear()
        if turn >= 2:
            yield spent * 1000
