"""What a stored verdict is worth now, in the words that compliance rules are written in. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mdm.attestation.models import Attestation
from mdm.compliance.judge import Attested, Known
from mdm.devices.models import ManagedDevice


def attested(row: Attestation | None, now: datetime) -> Attested:
    """Return what counts: a verified key only for a week, then nothing is known of it."""
    if row is None or _over(row, now):
        return Attested()
    return Attested(row.result, row.os_patch if row.result == "verified" else None)


def reason_of(row: Attestation | None, now: datetime) -> str:
    """Return why a key does not count as verified, '' if it does."""
    if row is None:
        return "never_attested"
    return "expired" if _over(row, now) else row.reason


def known_of(
    managed: ManagedDevice,
    row: Attestation | None,
    now: datetime,
    changed: Mapping[str, Any] | None = None,
) -> Known:
    """Return what is known of a terminal: its rows, and the columns a report has just changed."""
    news = changed or {}

    def last(name: str) -> Any:
        return news[name] if name in news else getattr(managed, name)

    return Known(
        posture=last("facts"),
        patch_level=last("patch_level"),
        agent_version=last("agent_version"),
        desired_hash=managed.desired_hash,
        applied_hash=last("applied_hash"),
        desired_at=managed.desired_at,
        attested=attested(row, now),
        awaiting=managed.awaiting,
        device_class=managed.device_class,
        os=last("os"),
        os_version=last("os_version"),
        model=last("model"),
        software=last("software"),
        sims=last("sims"),
        accepted_sims=managed.accepted_sims,
        location=last("location"),
        last_seen=last("last_seen"),
    )


def _over(row: Attestation, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now
