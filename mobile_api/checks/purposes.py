"""Lawful purposes: what each covers, by whom, from which registers.

The ones below are shipped; a row of `field_purpose` stands in place of the shipped one of its
code, so a force adds, changes or retires purposes as data.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from mobile_api.checks.models import PurposeRow
from muster.kernel.identity import Person
from muster.kernel.uow import UnitOfWork

_CASE_REF: Final = re.compile(r"(?=.*[0-9])[\w(（\[〔][\w./()（）\[\]〔〕-]{3,63}")  # noqa: RUF001
_REASON: Final = 10


@dataclass(frozen=True)
class Purpose:
    """A lawful purpose. Every one needs a case or incident number; `requires` says what else."""

    code: str
    label_en: str
    label_zh: str
    sources: tuple[str, ...]
    roles: tuple[str, ...]
    requires: tuple[str, ...] = ()

    def covers(self, person: Person | None) -> bool:
        """Whether an officer of this kind may ask for it."""
        if person is None:
            return False
        return ("sworn" if person.sworn else "auxiliary") in self.roles

    def satisfied_by(self, reason: str) -> bool:
        """Whether the reason given is enough."""
        return "reason" not in self.requires or len(reason.strip()) >= _REASON


_EVERYBODY = ("sworn", "auxiliary")
_ALL = ("wanted", "persons", "vehicles")
SHIPPED: Final = (
    Purpose("stop_check", "Stop and check", "盘查", _ALL, _EVERYBODY),
    Purpose("traffic_stop", "Traffic stop", "交通检查", ("wanted", "vehicles"), _EVERYBODY),
    Purpose("checkpoint", "Checkpoint", "卡口检查", ("wanted",), _EVERYBODY),
    Purpose("missing_person", "Missing person", "查找走失人员", ("wanted", "persons"), _EVERYBODY),
    Purpose(
        "incident_investigation", "Investigation of an incident", "案事件调查", _ALL, ("sworn",)
    ),
    Purpose("warrant_service", "Service of a warrant", "执行令状", _ALL, ("sworn",), ("reason",)),
)


def known_purposes(uow: UnitOfWork) -> dict[str, Purpose]:
    """Return the purposes in use by code (one statement)."""
    found = {purpose.code: purpose for purpose in SHIPPED}
    for row in uow.session.scalars(select(PurposeRow)):
        found.pop(row.code, None)
        if row.active:
            found[row.code] = Purpose(
                row.code,
                row.label_en,
                row.label_zh,
                tuple(row.sources),
                tuple(row.roles),
                tuple(row.requires),
            )
    return found


def is_case_ref(text: str) -> bool:
    """Whether a text has the form of a case, incident or dispatch number: `A2026-1120-0007`."""
    return _CASE_REF.fullmatch(text) is not None
