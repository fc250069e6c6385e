"""Signing, sealing and index keys: made once, wrapped under the master key, rotated in place.

Start at `keyring.Keys`. A purpose (`PURPOSES`) fixes the algorithm and how long a retired key is
kept; rows live in `kern_key` and are useless without the master key. Every signature or seal a
neighbour stores carries the key's id and its algorithm, so that rotation never breaks the past.
"""

from muster.kernel.keys.errors import KeyMissingError, RotationTooSoon, SealBrokenError
from muster.kernel.keys.keyring import Keys
from muster.kernel.keys.material import SigningKey, VerifyingKey
from muster.kernel.keys.models import Key
from muster.kernel.keys.purposes import PURPOSES, Algorithm, Purpose

__all__ = [
    "PURPOSES",
    "Algorithm",
    "Key",
    "KeyMissingError",
    "Keys",
    "Purpose",
    "RotationTooSoon",
    "SealBrokenError",
    "SigningKey",
    "VerifyingKey",
]
