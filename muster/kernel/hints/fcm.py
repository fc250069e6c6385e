"""Carries hints over Firebase Cloud Messaging (HTTP v1): for terminals with Google services.

Credentials are firebase-admin's; the request is made here, because firebase-admin fixes the
endpoint and a closed network reaches Google through a relay of its own.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from firebase_admin.credentials import Certificate
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from sqlalchemy import select

from muster.kernel import notices
from muster.kernel.hints.addresses import HintAddress, forget_address
from muster.kernel.hints.errors import HintDelayed, HintNotCarried, HintRefused
from muster.kernel.settings import SettingsError

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

NAME: Final = "fcm"
GOOGLE = "https://fcm.googleapis.com"
TTL = "900s"  # an older hint says nothing new
TIMEOUT = 10  # seconds
DELAY: Final = (10, 60, 3600)
"""Seconds that FCM is left alone: at least, unless it says otherwise (its documentation), at most."""


class FcmCarrier:
    """`credentials` is the path of a service account's JSON; `endpoint` replaces Google's."""

    slow = True
    finds: Literal["listener", "address"] = "address"

    def __init__(self, credentials: str, endpoint: str = "") -> None:
        try:
            certificate = Certificate(credentials)
        except (OSError, ValueError) as error:
            raise SettingsError(f"MUSTER_FCM_CREDENTIALS cannot be used: {error}") from error
        self._url = f"{endpoint or GOOGLE}/v1/projects/{certificate.project_id}/messages:send"
        credential = certificate.get_credential()
        self._http: Any = AuthorizedSession(credential)  # type: ignore[no-untyped-call]

    def carry(self, kernel: "Kernel", device_id: UUID, look: str) -> None:
        """Send one high-priority data message; forget an address that FCM no longer knows.

        Raises `HintDelayed`: FCM is over quota or busy and wants to be left alone. `HintRefused`:
        it does not take our account; the system admins are told. `HintNotCarried`: anything else.
        """
        known = select(HintAddress.address).where(
            HintAddress.device_id == device_id, HintAddress.carrier == NAME
        )
        with kernel.reads() as uow:
            address = uow.session.scalar(known)
        if address is None:
            return
        status, answer, headers = self._post(address, look)
        if status == 200:
            return
        code = _code(answer)
        if code == "UNREGISTERED":
            with kernel.writes() as uow:
                forget_address(uow, device_id, NAME, address)
            raise HintNotCarried("FCM no longer knows the terminal's address; it is forgotten.")
        if status in (401, 403):
            _tell_admins(kernel, status)
            raise HintRefused(f"FCM answered {status} {code}.")
        if status in (429, 503):
            raise HintDelayed(f"FCM answered {status} {code}.", _delay(headers))
        raise HintNotCarried(f"FCM answered {status} {code}.")

    def close(self) -> None:
        """Close the connections to FCM."""
        self._http.close()

    def _post(self, address: str, look: str) -> tuple[int, Any, Mapping[str, str]]:
        hint = {
            "token": address,
            "data": {"look": look},
            "android": {"priority": "HIGH", "ttl": TTL},
        }
        try:
            answer = self._http.post(self._url, json={"message": hint}, timeout=TIMEOUT)
            return answer.status_code, answer.json(), answer.headers
        except ValueError:
            raise HintNotCarried("FCM's answer cannot be read.") from None
        except (OSError, GoogleAuthError) as error:
            raise HintNotCarried(f"FCM cannot be reached: {type(error).__name__}.") from error


def _code(answer: Any) -> str:
    """Return what FCM says is wrong: v1 `FcmError.errorCode`, else the status, else nothing."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return ""
    details = [one for one in error.get("details", []) if isinstance(one, dict)]
    codes = [one["errorCode"] for one in details if isinstance(one.get("errorCode"), str)]
    return codes[0] if codes else str(error.get("status", ""))


def _delay(headers: Mapping[str, str]) -> timedelta:
    least, usual, most = DELAY
    said = headers.get("Retry-After", "")
    return timedelta(seconds=min(max(int(said), least), most) if said.isdecimal() else usual)


def _tell_admins(kernel: "Kernel", status: int) -> None:
    with kernel.writes() as uow:
        notices.send(
            uow,
            "kern.hints_refused",
            role="system_admin",
            subject_key=NAME,
            params={"carrier": "FCM", "status": str(status)},
            link="/console/hints",
        )
