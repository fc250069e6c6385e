"""From a chain to a verdict on a terminal: verified, failed for a reason, or unknown. Pure.

*Unknown* is not *failed*: a terminal without Google's hardware keys shows no chain or one that
claims nothing, and a server without roots cannot judge any. What follows is for the compliance
rules to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mdm.attestation import chain as chains
from mdm.attestation import description
from mdm.attestation.chain import Chain, Link, Rejected
from mdm.attestation.der import DerError
from mdm.attestation.description import GENERATED, BootState, Description, Enforced, Level
from mdm.attestation.reasons import Reason, Result, Unknown


@dataclass(frozen=True)
class Trust:
    """What chains are held against; None for a list that nobody has loaded.

    roots: pins (SHA-256 of the public key). revoked: serial → status. agents: package → digests of
    the certificates that sign it.
    """

    roots: frozenset[str] = frozenset()
    revoked: Mapping[str, str] | None = None
    agents: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def lacks(self) -> Unknown | None:
        """Which list is missing, so that nothing can be judged."""
        if not self.roots:
            return "no_roots"
        if self.revoked is None:
            return "no_status_list"
        return None if self.agents else "no_agents"


@dataclass(frozen=True)
class Expected:
    """The terminal that shows the chain: thumbprint of its key, and its inventory; '' is unknown."""

    jkt: str
    serial: str = ""
    imei: str = ""


@dataclass(frozen=True)
class Verdict:
    """`reason` is '' when verified. `evidence` is what a chain said that led to one of our roots.

    `serials` and `root` (its pin) are kept to look again when a list changes.
    """

    result: Result
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    os_patch: date | None = None
    serials: tuple[str, ...] = ()
    root: str = ""


@dataclass(frozen=True)
class Shown:
    """A chain that can be read, with what its first certificate states."""

    chain: Chain
    statement: Description


def read(encoded: Sequence[bytes]) -> Shown:
    """Read a chain without believing it. Raises `Rejected`."""
    chain = chains.read(encoded)
    try:
        return Shown(chain, description.parse(chain.links[0].statement))
    except DerError as error:
        raise Rejected("malformed") from error


def claims_nothing(encoded: Sequence[bytes]) -> bool:
    """Whether this is what a terminal without key attestation shows: nothing, or a bare key."""
    try:
        return not encoded or (len(encoded) == 1 and not Link(encoded[0]).statement)
    except Rejected:
        return False


def judge(shown: Shown, trust: Trust, expected: Expected, now: datetime) -> Verdict:
    """Return the verdict on a chain whose challenge was one of ours."""
    if shown.statement.level is Level.SOFTWARE:
        return Verdict("unknown", "software_only")
    if trust.lacks is not None:
        return Verdict("unknown", trust.lacks)
    serials, root = shown.chain.serials, shown.chain.links[-1].pin
    try:
        chains.verify(shown.chain, trust.roots, trust.revoked or {}, now)
    except Rejected as rejected:
        return Verdict("failed", rejected.reason)
    statement = shown.statement
    reason = (
        _key(shown, expected)
        or _boot(statement.hardware)
        or _application(statement, trust)
        or _inventory(statement.hardware.ids, expected)
    )
    return Verdict(
        "failed" if reason else "verified",
        reason or "",
        evidence(shown),
        statement.hardware.os_patch,
        serials,
        root,
    )


def evidence(shown: Shown) -> dict[str, Any]:
    """Return what a verified chain says, in JSON's types."""
    said, hardware = shown.statement, shown.statement.hardware
    trust, app = hardware.root_of_trust, said.software.application
    return {
        "security_level": said.level.name.lower(),
        "keymint_level": said.keymint_level.name.lower(),
        "keymint_version": said.keymint_version,
        "provisioning": "remote" if shown.chain.remote else "factory",
        "device_locked": trust.locked if trust else None,
        "boot_state": trust.state.name.lower() if trust else None,
        "boot_key": trust.boot_key.hex() if trust else None,
        "os_version": hardware.os_version,
        "os_patch": _day(hardware.os_patch),
        "vendor_patch": _day(hardware.vendor_patch),
        "boot_patch": _day(hardware.boot_patch),
        "packages": list(app.packages) if app else [],
        "signers": list(app.signers) if app else [],
        "ids": dict(hardware.ids),
    }


def _key(shown: Shown, expected: Expected) -> Reason | None:
    """The key is the terminal's own, was made in secure hardware, and is bound to one app."""
    said = shown.statement
    checks: tuple[tuple[bool, Reason], ...] = (
        (shown.chain.links[0].jkt == expected.jkt != "", "key_differs"),
        (said.level is said.keymint_level, "level_differs"),
        ((said.level is Level.STRONGBOX) == shown.chain.strongbox, "level_differs"),
        (said.hardware.origin == GENERATED, "key_imported"),
        (not (said.hardware.all_applications or said.software.all_applications), "any_application"),
    )
    return next((reason for holds, reason in checks if not holds), None)


def _boot(hardware: Enforced) -> Reason | None:
    """Hardware must say that the system is the vendor's own; nothing else in a chain says so."""
    trust = hardware.root_of_trust
    if trust is None:
        return "no_root_of_trust"
    if not trust.locked:
        return "bootloader_unlocked"
    return None if trust.state is BootState.VERIFIED else "boot_not_verified"


def _application(said: Description, trust: Trust) -> Reason | None:
    """One of our agents made the key. Only the system can say so; verified boot vouches for it."""
    app = said.software.application
    known = app is not None and any(
        trust.agents.get(package, frozenset()).intersection(app.signers) for package in app.packages
    )
    return None if known else "application_unknown"


def _inventory(ids: Mapping[str, str], expected: Expected) -> Reason | None:
    """What hardware says of its numbers must be what the terminal said; many say nothing."""
    if expected.serial and ids.get("serial", expected.serial) != expected.serial:
        return "serial_differs"
    imeis = {ids[name] for name in ("imei", "second_imei") if name in ids}
    if expected.imei and imeis and expected.imei not in imeis:
        return "imei_differs"
    return None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
