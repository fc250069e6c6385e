"""Two questions to the provider: a code for tokens, and what it knows of their bearer."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from muster.kernel.errors import DomainError
from muster.kernel.identity.oidc.errors import ProviderAway, ProviderRefused
from muster.kernel.identity.oidc.provider import Provider, way_to


@dataclass(frozen=True)
class Client:
    """Who we are to the provider."""

    id: str
    secret: str = field(repr=False)

    @property
    def basic(self) -> str:
        """The Authorization header of RFC 6749 §2.3.1: both parts form-encoded first."""
        pair = f"{quote(self.id, safe='')}:{quote(self.secret, safe='')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


@dataclass(frozen=True)
class Given:
    """What a code was redeemed for."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


def redeem(
    provider: Provider, client: Client, *, code: str, verifier: str, redirect_uri: str
) -> Given:
    """Exchange a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {"Authorization": client.basic, "Accept": "application/json"}
    status, said = _ask(provider, "POST", "token_endpoint", form, headers)
    if status != 200:
        raise ProviderRefused("code_refused")
    tokens = [said.get(name) for name in ("id_token", "access_token")]
    if not all(isinstance(token, str) and token.isascii() for token in tokens):
        raise ProviderRefused("no_id_token")
    return Given(str(tokens[0]), str(tokens[1]))


def userinfo(provider: Provider, access_token: str, subject: str) -> dict[str, Any]:
    """Return more claims of a subject; an answer about another is not used (Core 1.0 §5.3.2)."""
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    status, said = _ask(provider, "GET", "userinfo_endpoint", None, headers)
    if status != 200 or said.get("sub") != subject:
        raise ProviderRefused("userinfo_of_another")
    return said


def _ask(
    provider: Provider,
    method: str,
    endpoint: str,
    form: dict[str, str] | None,
    headers: dict[str, str],
) -> tuple[int, dict[str, Any]]:
    url = provider.endpoint(endpoint)
    try:
        status, body = way_to(provider.issuer).request(method, url, form=form, headers=headers)
        said = json.loads(body)
    except (DomainError, ValueError) as error:
        raise ProviderAway from error
    return status, said if isinstance(said, dict) else {}
