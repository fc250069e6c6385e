"""What the secure hardware says of a key and of the system it runs in: Android's KeyDescription.

Schema: source.android.com, Key and ID attestation; tags of KeyMint's `Tag.aidl`. Tags not read here
are passed over, those read are read strictly, and none may come twice. Their order is not held
against a terminal: hardware in the field gets it wrong, and nothing follows from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Final, TypeVar

from mdm.attestation import der
from mdm.attestation.der import DerError, Element

T = TypeVar("T")


class Level(IntEnum):
    """Where the key lives, and who vouches for it."""

    SOFTWARE, TEE, STRONGBOX = 0, 1, 2


class BootState(IntEnum):
    """What verified boot found."""

    VERIFIED, SELF_SIGNED, UNVERIFIED, FAILED = 0, 1, 2, 3


GENERATED: Final = 0


@dataclass(frozen=True)
class RootOfTrust:
    """How the system started. `boot_key` and `boot_hash` name who signed it and what it is."""

    boot_key: bytes
    locked: bool
    state: BootState
    boot_hash: bytes = b""


@dataclass(frozen=True)
class Application:
    """The apps that share the identity under which the key was made, and who signed them."""

    packages: tuple[str, ...]
    signers: tuple[str, ...]


@dataclass(frozen=True)
class Enforced:
    """One authorization list: what was said of the key, by hardware or by the system."""

    origin: int | None = None
    all_applications: bool = False
    root_of_trust: RootOfTrust | None = None
    os_version: int | None = None
    os_patch: date | None = None
    vendor_patch: date | None = None
    boot_patch: date | None = None
    application: Application | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """The whole extension."""

    version: int
    level: Level
    keymint_version: int
    keymint_level: Level
    challenge: bytes
    software: Enforced
    hardware: Enforced


_IDS: Final = {
    710: "brand",
    711: "device",
    712: "product",
    713: "serial",
    714: "imei",
    715: "meid",
    716: "manufacturer",
    717: "model",
    723: "second_imei",
}


def parse(extension: bytes) -> Description:
    """Read the extension's value or raise `DerError`."""
    parts = der.children(der.read(extension))
    if len(parts) != 8:
        raise DerError("a key description has eight parts")
    return Description(
        version=der.integer(parts[0]),
        level=_enum(Level, parts[1]),
        keymint_version=der.integer(parts[2]),
        keymint_level=_enum(Level, parts[3]),
        challenge=der.octets(parts[4]),
        software=_enforced(parts[6]),
        hardware=_enforced(parts[7]),
    )


def patch(number: int) -> date | None:
    """Return a patch level, YYYYMM or YYYYMMDD, as a day; some vendors write what is no date."""
    digits = str(number)
    if len(digits) not in (6, 8):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), max(1, int(digits[6:] or "1")))
    except ValueError:
        return None


def _enforced(element: Element) -> Enforced:
    given: dict[int, Element] = {}
    for part in der.children(element):
        if part.kind != 2 or part.tag in given:
            raise DerError("each tag of an authorization list is a context tag and comes once")
        given[part.tag] = der.explicit(part)

    def value(tag: int, reading: Callable[[Element], T]) -> T | None:
        return reading(given[tag]) if tag in given else None

    def day(tag: int) -> date | None:
        return patch(der.integer(given[tag])) if tag in given else None

    return Enforced(
        origin=value(702, der.integer),
        all_applications=600 in given,
        root_of_trust=value(704, _root_of_trust),
        os_version=value(705, der.integer),
        os_patch=day(706),
        vendor_patch=day(718),
        boot_patch=day(719),
        application=value(709, _application),
        ids={name: der.text(given[tag]) for tag, name in _IDS.items() if tag in given},
    )


def _root_of_trust(element: Element) -> RootOfTrust:
    parts = der.children(element)
    if len(parts) not in (3, 4):
        raise DerError("a root of trust has three or four parts")
    return RootOfTrust(
        boot_key=der.octets(parts[0]),
        locked=der.boolean(parts[1]),
        state=_enum(BootState, parts[2]),
        boot_hash=der.octets(parts[3]) if len(parts) == 4 else b"",
    )


def _application(element: Element) -> Application:
    parts = der.children(der.read(der.octets(element)))
    if len(parts) != 2:
        raise DerError("an application id has two parts")
    packages: list[str] = []
    for info in der.children(parts[0], der.SET):
        named = der.children(info)
        if len(named) != 2:
            raise DerError("an application has a name and a version")
        packages.append(der.text(named[0]))
    signers = [der.octets(signer).hex() for signer in der.children(parts[1], der.SET)]
    return Application(tuple(packages), tuple(signers))


def _enum(kind: type[T], element: Element) -> T:
    number = der.integer(element, der.ENUMERATED)
    try:
        return kind(number)  # type: ignore[call-arg]  # every IntEnum takes its number
    except ValueError as error:
        raise DerError(f"there is no such {kind.__name__}") from error
