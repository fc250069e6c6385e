"""What keys are for, with which algorithm, and how long a retired one is still needed."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

State = Literal["next", "current", "old"]


class Algorithm(enum.StrEnum):
    """Algorithm ids as stored beside every signature and seal.

    Names are JOSE's (RFC 7518; RFC 9864 for Ed25519), and RFC 4868's for the keyed hash.
    """

    ES256 = "ES256"
    ED25519 = "Ed25519"
    HMAC_SHA256 = "HMAC-SHA256"
    A256GCM = "A256GCM"

    @property
    def signs(self) -> bool:
        """Whether the key is a pair whose public half may be shown."""
        return self in {Algorithm.ES256, Algorithm.ED25519}


@dataclass(frozen=True)
class Purpose:
    """One use of keys. `keep` is how long a retired key is honoured; None means for ever."""

    name: str
    algorithm: Algorithm
    keep: timedelta | None = None


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        purpose.name: purpose
        for purpose in (
            Purpose("access_token", Algorithm.ES256, keep=timedelta(days=1)),
            Purpose("dpop_nonce", Algorithm.HMAC_SHA256, keep=timedelta(days=1)),
            Purpose("audit_checkpoint", Algorithm.ED25519),
            Purpose("manifest", Algorithm.ES256),
            Purpose("audit_index", Algorithm.HMAC_SHA256),
            Purpose("checkpoint", Algorithm.HMAC_SHA256, keep=timedelta(days=180)),
            Purpose("blob", Algorithm.A256GCM),
            Purpose("copies", Algorithm.A256GCM),
            Purpose("authenticator", Algorithm.A256GCM),
            Purpose("command", Algorithm.A256GCM, keep=timedelta(days=1)),
            Purpose("held_form", Algorithm.A256GCM, keep=timedelta(days=1)),
            Purpose("certificates", Algorithm.A256GCM),
            Purpose("device_path", Algorithm.HMAC_SHA256),
            Purpose("fdroid", Algorithm.A256GCM),
        )
    }
)
