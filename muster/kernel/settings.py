"""Typed settings: read once from the environment, refused when a secret is missing or weak."""

import base64
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from environs import Env, EnvError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

_EXAMPLES = frozenset({"changeme", "secret", "password", "example", "default", "muster", "test"})


_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.IGNORECASE)


class SettingsError(Exception):
    """A setting is missing or unsafe; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything a process must be told. Names in the environment carry the prefix `MUSTER_`.

    `master_key` wraps every other secret (signing, index and blob keys live wrapped in the
    database); 32 bytes, given as base64 in MUSTER_MASTER_KEY or in the file MUSTER_MASTER_KEY_FILE.
    `origin` is the public origin that DPoP proofs, cookies and QR codes name.
    """

    master_key: bytes = field(repr=False)
    state_dir: Path
    database_url: str
    origin: str
    blob_url: str
    sqlite_synchronous: str = "NORMAL"
    database_pool: int = 8
    shared_replay: bool = False
    posture_fresh_minutes: int = 60
    posture_dead_hours: int = 24
    secret_workers: int = 2
    proxy_secret: str = field(default="", repr=False)
    mqtt_url: str = field(default="", repr=False)
    fcm_credentials: str = field(default="", repr=False)
    fcm_endpoint: str = ""
    sandbox_apks: bool = True
    expose_counts: bool = False
    log_level: str = "INFO"

    @property
    def secure(self) -> bool:
        """Whether the public origin is one that browsers trust with secure cookies."""
        return self.origin.startswith("https://")


def from_environment(env: Env | None = None) -> Settings:
    """Read the settings, or raise `SettingsError` naming the variable at fault."""
    env = env or Env(prefix="MUSTER_")
    try:
        state = Path(env.str("STATE_DIR", ".muster")).absolute()
        return Settings(
            master_key=_master_key(env),
            state_dir=state,
            database_url=_database_url(env.str("DATABASE_URL", f"sqlite:///{state / 'muster.db'}")),
            origin=_origin(env.str("ORIGIN", "http://localhost:8000")),
            blob_url=env.str("BLOB_URL", f"file://{state / 'blobs'}"),
            sqlite_synchronous=_one_of(env, "SQLITE_SYNCHRONOUS", "NORMAL", "FULL"),
            database_pool=_positive(env, "DATABASE_POOL", 8),
            shared_replay=env.bool("SHARED_REPLAY", False),
            posture_fresh_minutes=_positive(env, "POSTURE_FRESH_MINUTES", 60),
            posture_dead_hours=_positive(env, "POSTURE_DEAD_HOURS", 24),
            secret_workers=_positive(env, "SECRET_WORKERS", 2),
            proxy_secret=_optional_secret(env, "PROXY_SECRET"),
            mqtt_url=env.str("MQTT_URL", ""),
            fcm_credentials=env.str("FCM_CREDENTIALS", ""),
            fcm_endpoint=env.str("FCM_ENDPOINT", ""),
            sandbox_apks=env.bool("SANDBOX_APKS", True),
            expose_counts=env.bool("EXPOSE_COUNTS", False),
            log_level=_one_of(env, "LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
        )
    except EnvError as error:
        raise SettingsError(str(error)) from error


def check_secret(name: str, value: bytes) -> bytes:
    """Refuse a secret that is short, repetitive or a known example; return it otherwise.

    The bound is 96 bits of Shannon entropy over the bytes given: random 32-byte keys pass with a
    wide margin, typed pass phrases and repeated patterns do not.
    """
    text = value.decode("utf-8", "ignore").lower()
    bits = -sum(n * math.log2(n / len(value)) for n in Counter(value).values())
    if len(value) < 32 or bits < 96 or any(word in text for word in _EXAMPLES):
        raise SettingsError(
            f"MUSTER_{name} is too weak or an example. Make one with: openssl rand -base64 32"
        )
    return value


def _master_key(env: Env) -> bytes:
    text = _from_file(env) or env.str("MASTER_KEY", "").strip()
    if not text:
        raise SettingsError(
            "MUSTER_MASTER_KEY or MUSTER_MASTER_KEY_FILE must be set: 32 random bytes in base64. "
            "Make one with: openssl rand -base64 32"
        )
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SettingsError("MUSTER_MASTER_KEY is not base64") from error
    if len(key) != 32:
        raise SettingsError("MUSTER_MASTER_KEY must be exactly 32 bytes in base64")
    return check_secret("MASTER_KEY", key)


def _from_file(env: Env) -> str:
    file = env.str("MASTER_KEY_FILE", "")
    try:
        return Path(file).read_text(encoding="ascii").strip() if file else ""
    except (OSError, ValueError) as error:
        raise SettingsError(f"MUSTER_MASTER_KEY_FILE cannot be read: {error}") from error


def _optional_secret(env: Env, name: str) -> str:
    value = env.str(name, "")
    if value:
        check_secret(name, value.encode())
    return value


def _origin(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        raise SettingsError(
            f"MUSTER_ORIGIN must be scheme://host[:port] without a path, not {value!r}"
        )
    return value


def _database_url(value: str) -> str:
    """Refuse what is no URL of our two databases; the message leaves the password out."""
    try:
        backend = make_url(value).get_backend_name()
    except SQLAlchemyError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError(
            "MUSTER_DATABASE_URL must be sqlite:///path or postgresql://user:password@host/database"
        )
    return value


def _positive(env: Env, name: str, default: int) -> int:
    value = env.int(name, default)
    if value < 1:
        raise SettingsError(f"MUSTER_{name} must be 1 or more, not {value}")
    return value


def _one_of(env: Env, name: str, default: str, *others: str) -> str:
    value = env.str(name, default)
    if value not in (default, *others):
        raise SettingsError(f"MUSTER_{name} must be one of {', '.join((default, *others))}")
    return value
