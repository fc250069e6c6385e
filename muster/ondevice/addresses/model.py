"""An address, an answer to a search, and what can go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.ondevice.artefact import ArtefactError


class AddressError(ArtefactError):
    """The address book cannot be built or read, or the question cannot be asked."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place with its written forms; `lon` and `lat` are WGS-84 degrees.

    `parts` maps the element codes of the address profile to their values.
    """

    id: str
    text: str
    lon: float
    lat: float
    level: str = ""
    std_code: str = ""
    aliases: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddressHit:
    """An address found: `score` from 0 to 1, the distance in metres where a position was given."""

    address: Address
    score: float
    distance_m: float | None = None
