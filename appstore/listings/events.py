"""News about listings."""

from dataclasses import dataclass
from typing import ClassVar

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ListingChanged(Event):
    """Texts, pictures or change notes of an app changed; whoever shows them shows them anew."""

    name: ClassVar[str] = "appstore.listing_changed"
    package: str
