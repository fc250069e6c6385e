"""What the rules are told of a web app's release; what `Release.facts` holds of one."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class WebFacts:
    """One version of a page; `address` is normalised. Without a bundle its hash and size are empty."""

    package: str
    version_code: int
    version_name: str
    label: str
    label_zh: str
    address: str
    scopes: tuple[str, ...]
    """Scopes of its registered client that it asks for."""
    icon_sha256: str
    bundle_sha256: str = ""
    bundle_size: int = 0
    bundle_fault: str = ""
    """Why the bundle cannot be accepted; empty when it can, or when there is none."""

    @property
    def host(self) -> str:
        """The host with its port, where one is named."""
        return urlsplit(self.address).netloc

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return dataclasses.asdict(self) | {"scopes": list(self.scopes)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The facts from their JSON form."""
        return cls(**(values | {"scopes": tuple(values["scopes"])}))
