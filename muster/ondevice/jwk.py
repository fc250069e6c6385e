"""The name of a public key: its RFC 7638 thumbprint, the same on server and terminal."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

_REQUIRED = ("crv", "kty", "x", "y")  # in RFC 7638's order; an OKP key has no y (RFC 8037 §2)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the SHA-256 thumbprint of an EC or OKP public key, unpadded base64url."""
    members = {name: jwk[name] for name in _REQUIRED if name in jwk}
    text = json.dumps(members, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
