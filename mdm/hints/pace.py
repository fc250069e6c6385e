"""How long a terminal waits until it comes by itself: about as configured, so that they spread out."""

from random import SystemRandom
from typing import Final

SHARE: Final = 0.1
_chance = SystemRandom()


def jittered(seconds: int) -> int:
    """Return a wait within ten per cent of what is configured."""
    return round(seconds * _chance.uniform(1 - SHARE, 1 + SHARE))
