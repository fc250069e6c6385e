"""Server nonces for DPoP proofs: nothing is kept, and every worker agrees (RFC 9449 §8, §9).

A nonce is the number of its window of two minutes and a keyed hash of it. That of the window
before is still good; that of the window after, too: another worker's clock may be ahead.
"""

import base64
import hmac
from typing import TYPE_CHECKING, Final

from muster.kernel.identity.errors import UseDpopNonce

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

SECONDS: Final = 120
HEADER: Final = "DPoP-Nonce"
_TAG = 12


def current(kernel: "Kernel") -> str:
    """Return the nonce to make proofs with now."""
    _, key = kernel.keys.secret("dpop_nonce")
    return _nonce(key, _window(kernel))


def accepts(kernel: "Kernel", given: object) -> bool:
    """Whether this is the current nonce or one beside it."""
    if not isinstance(given, str) or not given.isascii():
        return False
    now = _window(kernel)
    return any(
        hmac.compare_digest(given.encode(), _nonce(key, window).encode())
        for _, key in kernel.keys.live_secrets("dpop_nonce")
        for window in (now, now - 1, now + 1)
    )


def challenge(kernel: "Kernel") -> UseDpopNonce:
    """Return the refusal that hands out a nonce."""
    scheme = 'DPoP error="use_dpop_nonce", algs="ES256"'
    return UseDpopNonce(headers={HEADER: current(kernel), "WWW-Authenticate": scheme})


def _window(kernel: "Kernel") -> int:
    return int(kernel.clock().timestamp()) // SECONDS


def _nonce(key: bytes, window: int) -> str:
    number = window.to_bytes(5)
    tag = hmac.digest(key, b"muster.dpop.nonce.v1\n" + number, "sha256")[:_TAG]
    return base64.urlsafe_b64encode(number + tag).rstrip(b"=").decode()
