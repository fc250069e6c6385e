"""What proves at the console who somebody is: passkeys, an authenticator app, recovery codes.

Start with `second_factor.py` (what a password needs beside it) and `passkeys.py` (what needs no
password). `account` holds what people do with their own, `oversight` what security admins do for
others, `ceremonies.py` the one-time challenges. Neighbours use the names below.
"""

from muster.kernel.identity.authenticators import account, oversight, passkeys
from muster.kernel.identity.authenticators.errors import (
    CeremonyOver,
    CodeRefused,
    LastAuthenticator,
    PasskeyRefused,
    SecondFactorRequired,
)

__all__ = [
    "CeremonyOver",
    "CodeRefused",
    "LastAuthenticator",
    "PasskeyRefused",
    "SecondFactorRequired",
    "account",
    "oversight",
    "passkeys",
]
