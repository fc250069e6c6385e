"""SCIM 2.0 resources (RFC 7643) of officers: written for the wire, and read from it strictly.

Attribute names are matched without case (RFC 7643 §2.1); values keep theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NoReturn

from muster.kernel.errors import DomainError
from muster.kernel.identity.models import Certification, Officer, RoleGrant
from muster.kernel.identity.officer_row import DATASET

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OFFICER: Final = "urn:passmuster:scim:schemas:officer"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
_NAMES: Final = {
    name.lower(): name
    for name in (
        "schemas", "id", "externalId", "userName", "displayName", "name", "formatted", "active",
        "meta", "familyName", "givenName", "employeeNumber", "department", "organization", "sworn",
        "rank", "roles", "value", "unit", "validFrom", "validUntil", "certifications", "dutyUntil",
        "display", "type", "primary", USER, ENTERPRISE, OFFICER,
    )
}  # fmt: skip


class ScimFault(DomainError):
    """A refusal in SCIM's words: `scim_type` is a keyword of RFC 7644 §3.12."""

    code, status = "scim_invalid", 400
    title = "The SCIM request cannot be carried out as it is."

    def __init__(self, detail: str, scim_type: str = "invalidValue") -> None:
        super().__init__(detail)
        self.scim_type = scim_type


@dataclass
class Wanted:
    """A user as a client wants them; None where the client is silent."""

    user_name: str
    name: str
    unit: str
    active: bool = True
    external_id: str | None = None
    sworn: bool = True
    rank: int = 0
    roles: list[dict[str, Any]] = field(default_factory=list)
    certifications: dict[str, datetime | None] | None = None
    duty_until: datetime | None = None
    speaks_of_duty: bool = False


def resource(
    officer: Officer,
    unit: str,
    grants: list[tuple[RoleGrant, str]],
    certifications: list[Certification],
    base: str,
) -> dict[str, Any]:
    """Return an officer as a User; roles show all that are held for good, whoever gave them."""
    extension: dict[str, Any] = {
        "sworn": officer.sworn,
        "rank": officer.rank,
        "roles": [
            _without_none(
                value=grant.role,
                unit=code,
                validFrom=_moment(grant.valid_from),
                validUntil=_moment(grant.valid_until),
            )
            for grant, code in grants
        ],
        "certifications": [
            _without_none(value=leave.dataset, validUntil=_moment(leave.valid_until))
            for leave in certifications
        ],
    }
    if officer.duty_until:
        extension["dutyUntil"] = _moment(officer.duty_until)
    return _without_none(
        schemas=[USER, ENTERPRISE, OFFICER],
        id=str(officer.id),
        externalId=officer.external_id,
        userName=officer.number,
        displayName=officer.name,
        name={"formatted": officer.name},
        active=officer.state != "left",
        meta={
            "resourceType": "User",
            "created": _moment(officer.created_at),
            "lastModified": _moment(officer.updated_at),
            "location": f"{base}/scim/v2/Users/{officer.id}",
            "version": f'W/"{officer.version}"',
        },
        **{
            ENTERPRISE: {"employeeNumber": officer.number, "department": unit},
            OFFICER: extension,
        },
    )


def wanted(body: Mapping[str, Any]) -> Wanted:
    """Read a User. Raises `ScimFault` naming the attribute; unknown attributes are ignored (§3.3)."""
    told = canonical(body)
    enterprise, officer = _part(told, ENTERPRISE), _part(told, OFFICER)
    number = _text(told.get("userName"), "userName", 32)
    if _text(enterprise.get("employeeNumber", number), "employeeNumber", 32) != number:
        raise ScimFault("employeeNumber must be the userName: an officer has one number.")
    full = told.get("displayName") or _part(told, "name").get("formatted")
    rank = officer.get("rank", 0)
    if isinstance(rank, bool) or not isinstance(rank, int) or not 0 <= rank <= 99:
        raise ScimFault("rank is a whole number from 0 to 99.")
    leaves = officer.get("certifications")
    return Wanted(
        user_name=number,
        name=_text(full, "displayName", 200),
        unit=_text(enterprise.get("department"), "department", 64),
        active=_flag(told.get("active", True), "active"),
        external_id=_text(told["externalId"], "externalId", 128)
        if told.get("externalId")
        else None,
        sworn=_flag(officer.get("sworn", True), "sworn"),
        rank=rank,
        roles=[_role(item) for item in _items(officer.get("roles"), "roles")],
        certifications=None
        if leaves is None
        else dict(map(_leave, _items(leaves, "certifications"))),
        duty_until=read_moment(officer.get("dutyUntil"), "dutyUntil"),
        speaks_of_duty="dutyUntil" in officer,
    )


def canonical(value: Any) -> Any:
    """Spell attribute names as the schema does, however the client wrote them."""
    if isinstance(value, Mapping):
        return {_NAMES.get(str(key).lower(), str(key)): canonical(v) for key, v in value.items()}
    return [canonical(item) for item in value] if isinstance(value, list) else value


def spelled(name: str) -> str:
    """Return one attribute's name as the schema spells it."""
    return _NAMES.get(name.lower(), name)


def read_moment(value: Any, name: str) -> datetime | None:
    """Read an xsd:dateTime with an offset (RFC 7643 §2.3.5)."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        _refuse(name)
    return moment if moment.tzinfo is not None else _refuse(name)


def _refuse(name: str) -> NoReturn:
    raise ScimFault(f"{name} is a moment such as 2031-05-04T18:00:00Z.")


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = told.get(name) or {}
    if not isinstance(part, Mapping):
        raise ScimFault(f"{name} is a complex attribute.", "invalidSyntax")
    return part


def _items(value: Any, name: str) -> list[Mapping[str, Any]]:
    listed = [] if value is None else value
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        raise ScimFault(f"{name} is a list of complex values.", "invalidSyntax")
    return listed


def _role(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "role": _text(item.get("value"), "roles.value", 32),
        "unit": _text(item["unit"], "roles.unit", 64) if item.get("unit") else "",
        "from": read_moment(item.get("validFrom"), "roles.validFrom"),
        "until": read_moment(item.get("validUntil"), "roles.validUntil"),
    }


def _leave(item: Mapping[str, Any]) -> tuple[str, datetime | None]:
    dataset = _text(item.get("value"), "certifications.value", 64)
    if not DATASET.fullmatch(dataset):
        raise ScimFault(f"{dataset!r} cannot name a data set.")
    return dataset, read_moment(item.get("validUntil"), "certifications.validUntil")


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
        raise ScimFault(f"{name} is text of 1 to {most} characters.")
    return value.strip()


def _flag(value: Any, name: str) -> bool:
    """Read a boolean; some clients send it as text."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise ScimFault(f"{name} is true or false.")
    return value


def _moment(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


def _without_none(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
