"""The terminal's certificate: got when it comes in, renewed in time, thrown away with its standing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from muster.handheld.connection import Connection, Refused
from muster.handheld.vault import Vault

_ROOM, _NAME, _ASKED = "certificate", "held", "asked"
_AGAIN = timedelta(hours=24)


class Certificate:
    """One certificate for the device key, with the chain above it."""

    def __init__(self, vault: Vault, connection: Connection) -> None:
        self._vault, self._connection = vault, connection

    @property
    def held(self) -> dict[str, Any] | None:
        """The certificate held: `chain` (PEM, its own first), `not_after`, `renew_after`."""
        kept: dict[str, Any] | None = self._vault.get(_ROOM, _NAME)
        return kept

    def request(self) -> str:
        """Return what to ask for one with."""
        return self._connection.certificate_request()

    def keep(self, given: dict[str, Any] | None) -> None:
        """Keep what the server gave, or when it gave nothing."""
        self._vault.put(_ROOM, _ASKED, datetime.now(UTC).isoformat())
        if given is not None:
            self._vault.put(_ROOM, _NAME, given)

    def drop(self) -> None:
        """Forget it: out of service it is worth nothing, and does not come back."""
        self._vault.clear(_ROOM)

    def renew_if_due(self) -> bool:
        """Ask for a new one at two thirds of its life; without any, once a day."""
        if not self._due(datetime.now(UTC)):
            return False
        body = {"csr": self.request()}
        try:
            self.keep(self._connection.agent("POST", "/agent/v1/certificate", body))
        except Refused:  # the old one, if there is one, still holds: try again tomorrow
            self.keep(None)
            return False
        return True

    def _due(self, now: datetime) -> bool:
        asked, held = self._vault.get(_ROOM, _ASKED), self.held
        if held is not None and now < datetime.fromisoformat(held["renew_after"]):
            return False
        return asked is None or now - datetime.fromisoformat(asked) >= _AGAIN
