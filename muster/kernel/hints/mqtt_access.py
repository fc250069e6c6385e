"""Who may connect to the MQTT broker: a secret per terminal, kept as Mosquitto's own hash.

The user name is the device id, so that one pattern of the broker's access list
(`pattern read muster/device/%u/hint`) fits all. `muster hints mqtt-passwords` writes the file the
broker reads; a terminal that was wiped or retired is not in it any more.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import select

from muster.kernel.hints.addresses import HintAddress, set_address
from muster.kernel.identity.models import Device

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

NAME: Final = "mqtt"
ROUNDS: Final = 101
"""What mosquitto_passwd uses; our secrets are 192 random bits, so more would only cost logins."""
_SALT: Final = 12


def topic_of(device_id: UUID) -> str:
    """Return the MQTT topic that this terminal, and no other, may read."""
    return f"muster/device/{device_id}/hint"


def issue(uow: "UnitOfWork", device_id: UUID) -> str:
    """Return a new password for the terminal; the one before stops with the broker's next file."""
    password = secrets.token_urlsafe(24)
    set_address(uow, device_id, NAME, hashed(password, secrets.token_bytes(_SALT)))
    return password


def hashed(password: str, salt: bytes) -> str:
    """Return a password as Mosquitto 2 keeps it: PBKDF2 with SHA-512, `$7$rounds$salt$hash`."""
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def password_file(uow: "UnitOfWork", url: str) -> Iterator[str]:
    """Yield the lines of the broker's password file: ours, from `MUSTER_MQTT_URL`, and terminals'.

    The same people give the same file: our own salt comes from our password.
    """
    parts = urlsplit(url)
    if parts.username and parts.password:
        own = unquote(parts.password)
        salt = hashlib.sha256(b"muster mqtt\0" + own.encode()).digest()[:_SALT]
        yield f"{unquote(parts.username)}:{hashed(own, salt)}\n"
    known = (
        select(HintAddress.device_id, HintAddress.address)
        .join(Device, Device.id == HintAddress.device_id)
        .where(HintAddress.carrier == NAME, Device.state.in_(("enrolled", "lost")))
        .order_by(HintAddress.device_id)
    )
    for device_id, address in uow.session.execute(known.execution_options(yield_per=1000)):
        yield f"{device_id}:{address}\n"
