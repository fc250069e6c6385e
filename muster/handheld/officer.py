"""Who is signed in here, and until when they may read what is kept offline."""

from datetime import UTC, datetime
from typing import Any

from muster.handheld.connection import Connection, Offline, Refused
from muster.handheld.errors import FileDamaged, LeaseEnded, NotSignedIn
from muster.handheld.trust import Trust
from muster.handheld.vault import Vault
from muster.ondevice import ManifestError

_ROOM = "officer"


class OfficerAtHand:
    """The officer signed in, and the lease on what is kept for them."""

    def __init__(self, vault: Vault, connection: Connection, trust: Trust) -> None:
        self._vault, self._connection, self._trust = vault, connection, trust

    def sign_in(self, number: str, pin: str, client: str) -> bool:
        """Sign in; return whether it is another officer than the last one here."""
        tokens = self._connection.sign_in(number, pin, client)
        me: dict[str, Any] = self._connection.fetch("GET", "/mobile/v1/me")
        last = self._vault.get(_ROOM, "last")
        with self._vault.together():
            self._vault.put(_ROOM, "current", me | {"session_id": tokens["session_id"]})
            self._vault.put(_ROOM, "last", me["officer"]["id"])
        return bool(last != me["officer"]["id"])

    def sign_out(self) -> None:
        """Forget who is signed in; the server is told if it can be reached."""
        try:
            self._connection.call("POST", "/mobile/v1/sign-out")
        except (Offline, Refused):
            pass  # the tokens are forgotten here; there, their session runs out
        finally:
            with self._vault.together():
                self._vault.drop(_ROOM, "current")
                self._connection.sign_out()

    @property
    def current(self) -> dict[str, Any]:
        """The officer as `/mobile/v1/me` tells, or `NotSignedIn`."""
        found: dict[str, Any] | None = self._vault.get(_ROOM, "current")
        if found is None:
            raise NotSignedIn
        return found

    @property
    def session_id(self) -> str:
        """The session under which work is made now."""
        return str(self.current["session_id"])

    def take_lease(self, device_id: str) -> dict[str, Any]:
        """Fetch, check and keep the lease: what may be held here, and until when."""
        sealed = self._connection.fetch("GET", "/sync/v1/lease")
        lease = self._checked(sealed)
        mine = (device_id, self.current["officer"]["id"])
        if (lease["id"], lease["officer"]) != mine:
            raise FileDamaged("This lease is for another terminal or officer.")
        self._vault.put(_ROOM, "lease", sealed)
        return lease

    def require_lease(self) -> dict[str, Any]:
        """Return the officer if what is kept offline may be read now."""
        officer = self.current
        sealed = self._vault.get(_ROOM, "lease")
        if sealed is None:
            raise LeaseEnded
        manifest = sealed["manifest"]
        ended = datetime.now(UTC) >= datetime.fromisoformat(manifest["expires"])
        if ended or manifest["officer"] != officer["officer"]["id"]:
            raise LeaseEnded
        return officer

    def _checked(self, sealed: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._trust.check(sealed, "lease")
        except ManifestError as error:
            raise FileDamaged(f"The lease is not to be used: {error}") from error
