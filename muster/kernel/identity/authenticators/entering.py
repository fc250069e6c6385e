"""The two ways in to the console that this room answers for: password and code, and a passkey."""

from typing import TYPE_CHECKING

from muster.kernel.identity import attempts, clients
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.authenticators import passkeys, second_factor
from muster.kernel.identity.models import Session
from muster.kernel.identity.sign_in import admit_to_console, check_secret

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


def sign_in_to_console(
    kernel: "Kernel", number: str, password: str, origin: Origin, otp: str = ""
) -> tuple[str, Session]:
    """Open a console session; return its secret (shown once) and its row.

    `otp` is a code of the officer's authenticator app or a recovery code; it may be empty only
    for somebody who has no second factor yet. Raises `InvalidGrant`, `LockedOut`, `Busy`, and
    `ConsoleClosed` for somebody who is who they say but holds no administrative role.
    """
    attempt = attempts.begin(kernel, "console", number, clients.CONSOLE, origin)
    check_secret(kernel, attempt, password)
    return admit_to_console(kernel, attempt, second_factor.prove(kernel, attempt, otp))


def sign_in_with_passkey(
    kernel: "Kernel", handle: str, credential_json: str, origin: Origin
) -> tuple[str, Session]:
    """Open a console session; no number is typed, the passkey says whose it is.

    Raises `CeremonyOver`, `PasskeyRefused`, `LockedOut`, `InvalidGrant` for somebody not in
    service, and `ConsoleClosed` for one without an administrative role.
    """
    officer_id, proof = passkeys.verify(kernel, handle, credential_json, origin=origin)
    attempt = attempts.begin_for(kernel, "console", officer_id, clients.CONSOLE, origin)
    return admit_to_console(kernel, attempt, proof)
