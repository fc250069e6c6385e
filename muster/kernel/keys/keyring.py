"""The keyring of one process: what is missing is made at boot, the rest is read once.

Keys are cached. Another process may rotate, so the cache is read again every ten minutes and when
an unknown key id turns up; the `next` key is known to everyone long before anybody uses it.
"""

import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from muster.kernel.clock import Clock
from muster.kernel.db import Database, Mode
from muster.kernel.keys import sealing
from muster.kernel.keys.errors import KeyMissingError, RotationTooSoon
from muster.kernel.keys.material import Loaded, SigningKey, VerifyingKey, load, make
from muster.kernel.keys.models import Key
from muster.kernel.keys.purposes import PURPOSES, Purpose, State
from muster.kernel.settings import SettingsError

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

_REFRESH_SECONDS = 600
_MISS_SECONDS = 1  # unknown ids sent by strangers cost at most one reading a second
_PUBLISHED = timedelta(hours=24)
_STATES: tuple[State, ...] = ("current", "next")


class Keys:
    """Signs, verifies, seals and hands out secrets by purpose (see `PURPOSES`).

    Any purpose outside `PURPOSES`, or one that `ensure` was not told of, raises `KeyMissingError`.
    """

    def __init__(self, db: Database, master_key: bytes, clock: Clock) -> None:
        if len(master_key) != 32:
            raise SettingsError("MUSTER_MASTER_KEY must be exactly 32 bytes")
        self._db = db
        self._master_key = master_key
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: tuple[Loaded, ...] = ()
        self._read_at = float("-inf")
        self._missed_at = float("-inf")

    def ensure(self, *purposes: str) -> None:
        """Make what is missing, in one transaction; of two processes booting at once one wins.

        Without arguments: every purpose there is.

        Raises `SettingsError` if the master key is not the one this database was made with.
        """
        wanted = purposes or tuple(PURPOSES)
        self.reload()
        try:
            self._make_missing(wanted)
        except IntegrityError:  # the other process won; its keys are ours
            self._make_missing(wanted)
        self.reload()

    def signer(self, purpose: str) -> SigningKey:
        """Return the current pair of a signing purpose."""
        return _pair(self._current(purpose))

    def verifier(self, purpose: str, kid: str) -> VerifyingKey:
        """Return the key of this purpose and id, current, next or old; else `KeyMissingError`."""
        return _pair(self._by_kid(purpose, kid))

    def verifiers(self, purpose: str) -> list[VerifyingKey]:
        """Return every key of a signing purpose that is still honoured, current first."""
        return [_pair(key) for key in self._live(purpose)]

    def jwks(self) -> dict[str, Any]:
        """Return the public JWK set of access tokens (RFC 7517): current, next, then old."""
        return {"keys": [key.public_jwk for key in self.verifiers("access_token")]}

    def secret(self, purpose: str) -> tuple[str, bytes]:
        """Return id and bytes of the current secret of a symmetric purpose."""
        key = self._current(purpose)
        return key.kid, _secret(key)

    def secret_by_id(self, purpose: str, kid: str) -> bytes:
        """Return the secret of this purpose and id; else `KeyMissingError`."""
        return _secret(self._by_kid(purpose, kid))

    def live_secrets(self, purpose: str) -> list[tuple[str, bytes]]:
        """Return every secret that may have been used, current first.

        `next` is among them: another process may have rotated since this one last looked.
        """
        return [(key.kid, _secret(key)) for key in self._live(purpose)]

    def seal(self, purpose: str, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt under the current key of an A256GCM purpose; `aad` says where it belongs."""
        key = self._current(purpose)
        return sealing.seal(key.id, _secret(key), plaintext, aad)

    def open(self, purpose: str, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt what `seal` returned.

        Raises `SealBrokenError` if the bytes or their place are not what was sealed, and
        `KeyMissingError` if the key is gone.
        """
        return sealing.unseal(self.secret_by_id(purpose, str(sealing.key_of(sealed))), sealed, aad)

    def rotate(self, uow: "UnitOfWork", purpose: str, *, at_once: bool = False) -> None:
        """Retire the current key, promote the next one and make its successor.

        `at_once` skips the 24 hours of publication: for a key that is thought to be compromised.

        Raises `RotationTooSoon` if the next key is younger than 24 hours, and `KeyMissingError`
        if nobody ever made keys of this purpose.
        """
        session, now = uow.session, self._clock()
        rows = session.scalars(
            select(Key)
            .where(Key.purpose == purpose, Key.state.in_(_STATES))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        held = {row.state: row for row in rows}
        if held.keys() != set(_STATES):
            raise KeyMissingError(f"there are no {purpose!r} keys to rotate")
        current, following = held["current"], held["next"]
        if not at_once and now - following.created_at < _PUBLISHED:
            raise RotationTooSoon
        keep = PURPOSES[purpose].keep
        current.state, current.not_after = "old", now + keep if keep else None
        session.flush()  # the unique index wants one current key at every moment
        following.state = "current"
        session.flush()
        session.add(make(PURPOSES[purpose], "next", self._master_key, now))
        uow.after_commit(self.reload)

    def signing_for(self, uow: "UnitOfWork", purpose: str) -> timedelta:
        """Return how long the current key has been current: its successor was made at that moment.

        The row is locked, so that of two workers only one finds the rotation due.
        """
        made = uow.session.scalar(
            select(Key.created_at)
            .where(Key.purpose == purpose, Key.state == "next")
            .with_for_update()
        )
        return self._clock() - made if made else timedelta()

    def reload(self) -> None:
        """Read and unwrap every key again."""
        with self._db.session(Mode.READS) as session:
            rows = session.scalars(select(Key).order_by(Key.id.desc())).all()
            keys = tuple(load(row, self._master_key) for row in rows)
        with self._lock:
            self._keys, self._read_at = keys, time.monotonic()

    def _make_missing(self, purposes: Iterable[str]) -> None:
        with self._db.session(Mode.WRITES) as session:
            there = {(row.purpose, row.state) for row in session.execute(_HELD)}
            for name in purposes:
                purpose = _purpose(name)
                for state in _STATES:
                    if (name, state) not in there:
                        session.add(make(purpose, state, self._master_key, self._clock()))
            session.commit()

    def _fresh(self) -> tuple[Loaded, ...]:
        if time.monotonic() - self._read_at >= _REFRESH_SECONDS:
            self.reload()
        return self._keys

    def _live(self, purpose: str) -> list[Loaded]:
        name, now = _purpose(purpose).name, self._clock()
        keys = [key for key in self._fresh() if key.purpose == name]
        honoured = [key for key in keys if key.not_after is None or key.not_after > now]
        return sorted(honoured, key=lambda key: ("current", "next", "old").index(key.state))

    def _current(self, purpose: str) -> Loaded:
        for key in self._live(purpose):
            if key.state == "current":
                return key
        raise KeyMissingError(
            f"there is no current {purpose!r} key: call ensure({purpose!r}) at boot"
        )

    def _by_kid(self, purpose: str, kid: str) -> Loaded:
        found = {key.kid: key for key in self._live(purpose)}
        if kid not in found and time.monotonic() - self._missed_at >= _MISS_SECONDS:
            self._missed_at = time.monotonic()
            self.reload()
            found = {key.kid: key for key in self._live(purpose)}
        if kid not in found:
            raise KeyMissingError(f"no {purpose!r} key has the id {kid!r}")
        return found[kid]


_HELD = select(Key.purpose, Key.state).where(Key.state.in_(_STATES))


def _purpose(name: str) -> Purpose:
    try:
        return PURPOSES[name]
    except KeyError:
        raise KeyMissingError(f"{name!r} is not a purpose of keys") from None


def _pair(key: Loaded) -> SigningKey:
    if key.pair is None:
        raise KeyMissingError(f"{key.purpose!r} keys do not sign")
    return key.pair


def _secret(key: Loaded) -> bytes:
    if key.pair is not None:
        raise KeyMissingError(f"{key.purpose!r} keys sign; their secret is not handed out")
    return key.secret
