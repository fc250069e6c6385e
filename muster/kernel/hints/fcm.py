"""Carries hints over Firebase Cloud Messaging (HTTP v1): for terminals with Google services.

Credentials are firebase-admin's; the request is made here, because firebase-admin fixes the
endpoint and a closed network reaches Google through a relay of its own.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from firebase_admin.credentials import Certificate
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from sqlalchemy import select

from muster.kernel.hints.addresses import HintAddress, forget_address
from muster.kernel.hints.errors import HintNotCarried
from muster.kernel.settings import SettingsError

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

NAME = "fcm"
GOOGLE = "https://fcm.googleapis.com"
TTL = "900s"  # an older hint says nothing new
TIMEOUT = 10  # seconds


class FcmCarrier:
    """`credentials` is the path of a service account's JSON; `endpoint` replaces Google's."""

    slow = True

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

        Raises `HintNotCarried`: FCM refused, is over quota or cannot be reached; try again later.
        """
        known = select(HintAddress.address).where(
            HintAddress.device_id == device_id, HintAddress.carrier == NAME
        )
        with kernel.reads() as uow:
            address = uow.session.scalar(known)
        if address is None:
            return
        status, answer = self._post(address, look)
        if status == 200:
            return
        if _unregistered(answer):
            with kernel.writes() as uow:
                forget_address(uow, device_id, NAME, address)
            return
        raise HintNotCarried(f"FCM answered {status}.")

    def close(self) -> None:
        """Close the connections to FCM."""
        self._http.close()

    def _post(self, address: str, look: str) -> tuple[int, Any]:
        hint = {
            "token": address,
            "data": {"look": look},
            "android": {"priority": "HIGH", "ttl": TTL},
        }
        try:
            answer = self._http.post(self._url, json={"message": hint}, timeout=TIMEOUT)
            return answer.status_code, answer.json()
        except ValueError:
            raise HintNotCarried("FCM's answer cannot be read.") from None
        except (OSError, GoogleAuthError) as error:
            raise HintNotCarried(f"FCM cannot be reached: {type(error).__name__}.") from error


def _unregistered(answer: Any) -> bool:
    """Whether FCM says that the app was removed (v1 `FcmError.errorCode`)."""
    details = answer.get("error", {}).get("details", []) if isinstance(answer, dict) else []
    return any(detail.get("errorCode") == "UNREGISTERED" for detail in details)
