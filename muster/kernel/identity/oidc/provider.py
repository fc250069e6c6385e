"""The provider as it describes itself (OpenID Connect Discovery 1.0), and its keys.

We ask only the issuer's own origin, which the settings name: metadata that points elsewhere is
refused, so that a provider taken over cannot send the server through the force's network.
"""

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import DomainError
from muster.kernel.identity.actor import Actor, system
from muster.kernel.identity.oidc.errors import ProviderAway
from muster.kernel.identity.oidc.models import ProviderState
from muster.kernel.outbound import Outbound, is_loopback, origin_of
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

ALGORITHMS: Final = ("ES256", "PS256", "RS256", "EdDSA", "Ed25519")
"""What may sign; asymmetric only: a client secret is no key to say who somebody is with."""
KEEP: Final = 600.0
SOONEST: Final = 30.0
PATIENCE: Final = 2.0
_OURS: Final = ("token_endpoint", "jwks_uri", "userinfo_endpoint")


@dataclass(frozen=True)
class Provider:
    """What is known of the provider at a moment."""

    issuer: str
    metadata: dict[str, Any]
    keys: KeySet

    def endpoint(self, name: str) -> str:
        """Return an endpoint's address; every provider has these."""
        return str(self.metadata[name])

    @property
    def names_itself(self) -> bool:
        """Whether its answers carry `iss` (RFC 9207)."""
        return bool(self.metadata.get("authorization_response_iss_parameter_supported"))


class Directory:
    """What one process knows of its provider, for ten minutes.

    One thread asks at a time, and the others wait two seconds at most: a provider that is away must
    not fill our threads.
    """

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._known: dict[str, tuple[float, Provider]] = {}

    def get(self, issuer: str, *, anew: bool = False) -> Provider:
        """Return the provider; `anew` asks again (a key is unknown), but not twice in 30 seconds.

        Raises `ProviderAway`.
        """
        known = self._fresh(issuer, SOONEST if anew else KEEP)
        if known is not None:
            return known
        if not self._asking.acquire(timeout=PATIENCE):
            raise ProviderAway
        try:
            known = self._fresh(issuer, SOONEST if anew else KEEP)
            if known is None:
                known = fetch(issuer)
                self._known[issuer] = (time.monotonic(), known)
            return known
        finally:
            self._asking.release()

    def _fresh(self, issuer: str, age: float) -> Provider | None:
        at, known = self._known.get(issuer, (0.0, None))
        return known if known is not None and time.monotonic() - at < age else None


DIRECTORY: Final = Directory()


@dataclass(frozen=True)
class State:
    """The provider as people see it; `answered_at` None means never."""

    issuer: str
    name: str
    checked_at: datetime | None
    answered_at: datetime | None
    keys: int
    error: str


def way_to(issuer: str) -> Outbound:
    """Return the way out to the provider, and nowhere else."""
    return Outbound.to([issuer])


def fetch(issuer: str) -> Provider:
    """Ask the provider for its metadata and keys; raises `ProviderAway`."""
    way = way_to(issuer)
    try:
        metadata = _object(way.get(issuer.rstrip("/") + "/.well-known/openid-configuration"))
        _check(issuer, metadata)
        keys = _object(way.get(metadata["jwks_uri"]))
        return Provider(issuer, metadata, KeySet.import_key_set(_signing(keys)))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderAway("What the provider says of itself cannot be read.") from error
    except DomainError as error:
        raise ProviderAway(error.detail) from error


def look(kernel: "Kernel", payload: dict[str, object]) -> None:
    """Ask the provider how it is, for the page that shows it."""
    issuer = kernel.settings.oidc_issuer
    if not issuer:
        return
    keys, error = 0, ""
    try:
        keys = len(fetch(issuer).keys.keys)
    except ProviderAway as away:
        error = away.detail[:300]
    with kernel.writes() as uow:
        guard.require(uow, system("trust"), "identity.trust.refresh", guard.FORCE)
        row = uow.session.get(ProviderState, issuer)
        if row is None:
            row = ProviderState(issuer=issuer, checked_at=uow.now())
            uow.session.add(row)
        row.checked_at, row.error = uow.now(), error
        if not error:
            row.answered_at, row.keys = uow.now(), keys


def state(uow: UnitOfWork, actor: Actor) -> State | None:
    """Return the provider's state, None when there is no provider."""
    guard.require(uow, actor, "identity.trust.read", guard.FORCE)
    settings = uow.kernel.settings
    if not settings.oidc_issuer:
        return None
    chosen = select(ProviderState).where(ProviderState.issuer == settings.oidc_issuer)
    row = uow.session.scalar(chosen)
    return State(
        settings.oidc_issuer,
        settings.oidc_name or settings.oidc_issuer,
        row.checked_at if row else None,
        row.answered_at if row else None,
        row.keys if row else 0,
        row.error if row else "",
    )


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _check(issuer: str, metadata: dict[str, Any]) -> None:
    """Discovery 1.0 §4.3: the issuer is exactly the one asked; and nothing leads elsewhere."""
    if metadata.get("issuer") != issuer:
        raise ProviderAway("The provider calls itself by another name than the settings do.")
    for name in (*_OURS, "authorization_endpoint"):
        url = str(metadata[name])
        if urlsplit(url).scheme != "https" and not is_loopback(url):
            raise ProviderAway(f"The provider's {name} is not https.")
        if name in _OURS and origin_of(url) != origin_of(issuer):
            raise ProviderAway(f"The provider's {name} lies outside its own origin.")


def _signing(keys: dict[str, Any]) -> Any:
    """Leave out what is no public signing key: keys for encryption, and shared ones."""
    fit = [
        key
        for key in keys["keys"]
        if key.get("use", "sig") == "sig" and key.get("kty") in ("EC", "RSA", "OKP")
    ]
    return {"keys": fit}
