"""From what a provider says of a sign-in to what it counts for here.

A provider's words count only where the settings say how much: `acr=VALUE:N` and `amr=VALUE:N`,
separated by commas, N being the assurance level of SP 800-63B. The highest that fits counts, 1
where none does. `auth_time` is when the person was there; the token may be made much later.
"""

from collections.abc import Mapping
from typing import Any, Final

from muster.kernel.identity.oidc.id_token import moment
from muster.kernel.identity.proof import Proof

METHODS: Final = frozenset(
    {"face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin", "pop", "pwd", "rba"}
    | {"retina", "sc", "sms", "swk", "tel", "user", "vbm", "wia"}
)
"""RFC 8176 §2; what is not listed there means nothing here."""
FEDERATED: Final = "fed"
"""Our own word, said first: the force's provider stands for this sign-in."""


def proof_of(claims: Mapping[str, Any], rules: str) -> Proof:
    """Return the proof that an ID token amounts to."""
    said = claims.get("amr")
    methods = [m for m in said if isinstance(m, str)] if isinstance(said, list) else []
    shown = {("acr", str(claims.get("acr", "")))} | {("amr", method) for method in methods}
    level = max((n for rule, n in _read(rules) if rule in shown), default=1)
    known = tuple(method for method in dict.fromkeys(methods) if method in METHODS)
    return Proof((FEDERATED, *known), aal=level, at=moment(claims, "auth_time"))


def _read(rules: str) -> list[tuple[tuple[str, str], int]]:
    found = []
    for rule in filter(None, rules.split(",")):
        kind, _, rest = rule.partition("=")
        value, _, level = rest.rpartition(":")
        found.append(((kind, value), int(level)))
    return found
