"""The answer an officer reads on the handheld, from a check's rows and what the registers hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from mobile_api.registers import Found, PersonRecord, VehicleRecord, WantedRecord
from muster.kernel.clock import rfc3339
from muster.ondevice.signals import Basis
from muster.ondevice.subjects import Normalised

NOTICE: Final = "A hit is a lead. Confirm with the record's owner before detention or seizure."
CALL: Final = "Call a sworn officer."
DEADLINE_MS: Final = 800
SCORES: Final = {Basis.EXACT_ID: 1.0, Basis.STRONG: 0.95, Basis.POSSIBLE: 0.8}
NAMES: Final = {
    "wanted": "Hot list",
    "persons": "Register of residents",
    "vehicles": "Register of vehicles",
}


@dataclass(frozen=True)
class Checked:
    """A check with its parts: `hits` pairs each hot-list hit's row with the record it refers to."""

    request: CheckRequest
    reading: Normalised
    sources: Sequence[CheckSource]
    hits: Sequence[tuple[CheckHit, Found]]
    registered: Sequence[Found]


def compose(checked: Checked, *, redacted: bool = False) -> dict[str, Any]:
    """Return the answer as JSON values. Redacted, of a hit only its category is told.

    What was redacted when it was asked stays so; `redacted` closes it further.
    """
    request, subject = checked.request, checked.reading.subject
    redacted = redacted or request.redacted
    hits = [_redacted_hit(*hit) if redacted else _hit(*hit) for hit in checked.hits]
    return {
        "check_id": str(request.id),
        "audit_id": str(request.audit_id),
        "state": "complete",
        "signal": request.signal,
        "signal_reason": request.signal_reason,
        "as_of": rfc3339(request.asked_at),
        "took_ms": request.took_ms,
        "deadline_ms": DEADLINE_MS,
        "redacted": redacted,
        "subject": {
            "kind": subject.kind.value,
            "normalised": subject.normal_form,
            "valid": {"check_digit": checked.reading.valid, "note": checked.reading.note},
            "suggestions": list(checked.reading.suggestions),
        },
        "sources": [
            _source(source) for source in sorted(checked.sources, key=lambda one: one.source)
        ],
        "hits": hits,
        "records": [] if redacted else [_registered(one) for one in checked.registered],
        "notices": [NOTICE] if hits else [],
        "next": {"poll_after_ms": None, "url": f"/mobile/v1/checks/{request.id}"},
    }


def _source(source: CheckSource) -> dict[str, Any]:
    return {
        "id": source.source,
        "name": NAMES.get(source.source, source.source),
        "status": source.status,
        "as_of": rfc3339(source.as_of) if source.as_of else None,
        "latency_ms": source.latency_ms,
        "version": str(source.version) if source.version else None,
        "hits": source.hits,
    }


def _redacted_hit(hit: CheckHit, found: Found) -> dict[str, Any]:
    return {
        "hit_id": str(hit.id),
        "category": _wanted(found).category,
        "action_instruction": CALL,
        "must_confirm": True,
    }


def _hit(hit: CheckHit, found: Found) -> dict[str, Any]:
    record, subject = _wanted(found), found.subject.subject
    return {
        "hit_id": str(hit.id),
        "source": hit.source,
        "record_ref": hit.record_ref,
        "revision": hit.revision,
        "category": record.category,
        "match": {
            "basis": hit.basis,
            "score": hit.score,
            "explanations": [
                {
                    "field": subject.kind.value,
                    "query": subject.normal_form,
                    "record": found.form,
                    "score": hit.score,
                }
            ],
        },
        "caution": list(record.caution),
        "name": record.name,
        "name_en": record.name_en,
        "dob": record.dob.isoformat() if record.dob else None,
        "action_instruction": record.action_instruction,
        "owner": {
            "agency": record.owner_agency,
            "phone": record.owner_phone,
            "hours": record.owner_hours,
        },
        "entered_at": rfc3339(record.entered_at),
        "last_validated_at": rfc3339(record.last_validated_at),
        "expires_at": rfc3339(record.expires_at),
        "must_confirm": True,
        "confirm": {"state": "none", "priority": None, "due_at": None},
    }


def _registered(found: Found) -> dict[str, Any]:
    """Return what a register knows, to be compared with what stands before the officer."""
    shown: dict[str, Any] = {"source": found.source, "basis": found.basis.value}
    match found.record:
        case PersonRecord() as person:
            shown |= {
                "name": person.name,
                "name_en": person.name_en,
                "sex": person.sex,
                "dob": person.dob.isoformat(),
            }
        case VehicleRecord() as vehicle:
            shown |= {
                "plate": vehicle.plate,
                "model": vehicle.model,
                "model_en": vehicle.model_en,
                "colour": vehicle.colour,
                "owner_name": vehicle.owner_name,
            }
    return shown


def _wanted(found: Found) -> WantedRecord:
    assert isinstance(found.record, WantedRecord)
    return found.record
