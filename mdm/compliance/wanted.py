"""What a terminal's effective configuration says that rules look at, without a statement per report."""

from dataclasses import replace
from typing import Any, Final

from mdm.compliance.facts import Known, Wanted
from mdm.configuration.reading import Reading
from muster.kernel.uow import UnitOfWork


def completed(uow: UnitOfWork, known: Known) -> Known:
    """Return what is known of a terminal together with what it is to be, and the force's clock."""
    wanted = _WANTED.of(uow, known.desired_hash)
    return replace(known, wanted=wanted, zone=uow.kernel.settings.timezone)


def read(values: dict[str, Any]) -> Wanted:
    """Return the part of an effective configuration that rules look at."""
    apps, fences = values.get("apps", {}), values.get("fences", {})
    return Wanted(
        required=frozenset(apps.get("required", ())),
        blocked=frozenset(apps.get("blocked", ())),
        geo=tuple(fences.get("geo", ())),
        time=tuple(fences.get("time", ())),
    )


_WANTED: Final = Reading(lambda document: read(document.get("configuration", {})))
