"""Typed settings: read once from the environment, refused when a secret is missing or weak."""

import base64
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, EnvError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

_EXAMPLES = frozenset({"changeme", "secret", "password", "example", "default", "muster", "test"})


_UTC = ZoneInfo("UTC")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.IGNORECASE)
_NAME = re.compile(r"[^\x00-\x1f]{1,60}")
_OID = re.compile(r"[0-2](?:\.[0-9]+)+")
_CERTIFICATE_RULE = re.compile(
    r"serial_number|uid|(?:email|upn)@[a-z0-9.-]+|other_name:[0-2](?:\.[0-9]+)+"
)
_BROKER = re.compile(r"mqtts?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.IGNORECASE)
_CLAMD = re.compile(r"tcp://(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}|unix:///[^\x00]{1,100}")
_SCANNER = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?(?:/[\w.:/~%-]*)?"
)
_ISSUER = re.compile(
    r"(?:https://[a-z0-9.-]+|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::[0-9]+)?(?:/[\w.:/~%-]*)?"
)
_INSIDE = re.compile(r"(?:/[a-z0-9_]+)+")
_AAL_RULES = re.compile(r"(?:acr|amr)=[^ ,=]+:[123](?:,(?:acr|amr)=[^ ,=]+:[123])*")


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
    attestation_status_days: int = 7
    step_up_minutes: int = 10
    dpop_nonce_at_api: bool = False
    token_key_days: int = 90
    training_units: tuple[str, ...] = ()
    shadow_share: float = 1.0
    timezone: ZoneInfo = _UTC
    unused_days: int = 90
    access_review_days: int = 90
    access_review_grace_days: int = 14
    directory_file: Path | None = None
    directory_removals: int = 20
    directory_removals_percent: int = 5
    secret_workers: int = 2
    proxy_secret: str = field(default="", repr=False)
    accel_root: str = ""
    certificate_origin: str = ""
    certificate_number: str = "serial_number"
    certificate_crl: str = "required"
    certificate_hardware_policy: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""
    oidc_number_claim: str = ""
    oidc_aal: str = ""
    mqtt_url: str = field(default="", repr=False)
    mqtt_public_url: str = ""
    fcm_credentials: str = field(default="", repr=False)
    fcm_endpoint: str = ""
    headwind_secret: str = field(default="", repr=False)
    headwind_fleet_secret: str = field(default="", repr=False)
    sandbox_apks: bool = True
    web_app_hosts: tuple[str, ...] = ()
    scanner_clamd: str = ""
    scanner_http: str = ""
    log_days: int = 30
    history_days: int = 400
    certificate_days: int = 60
    scep_legacy: bool = False
    witness_urls: tuple[str, ...] = ()
    witness_keys: tuple[str, ...] = ()
    syslog_url: str = ""
    maintenance_database_url: str = field(default="", repr=False)
    audit_hot_days: int = 365
    audit_cold_days: int = 6 * 365
    audit_retention: str = ""
    expose_counts: bool = False
    four_eyes_terminals: int = 50
    locate_shown: bool = False
    fdroid_name: str = "Muster"
    fdroid_mirrors: tuple[str, ...] = ()
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
        url = _database_url(env.str("DATABASE_URL", f"sqlite:///{state / 'muster.db'}"))
        settings = Settings(
            master_key=_master_key(env),
            state_dir=state,
            database_url=url,
            origin=_origin(env.str("ORIGIN", "http://localhost:8000")),
            blob_url=env.str("BLOB_URL", f"file://{state / 'blobs'}"),
            sqlite_synchronous=_one_of(env, "SQLITE_SYNCHRONOUS", "NORMAL", "FULL"),
            database_pool=_positive(env, "DATABASE_POOL", 8),
            shared_replay=env.bool("SHARED_REPLAY", url.startswith("postgresql")),
            posture_fresh_minutes=_positive(env, "POSTURE_FRESH_MINUTES", 60),
            posture_dead_hours=_positive(env, "POSTURE_DEAD_HOURS", 24),
            attestation_status_days=_positive(env, "ATTESTATION_STATUS_DAYS", 7),
            step_up_minutes=_positive(env, "STEP_UP_MINUTES", 10),
            dpop_nonce_at_api=env.bool("DPOP_NONCE_AT_API", False),
            token_key_days=_positive(env, "TOKEN_KEY_DAYS", 90),
            training_units=tuple(filter(None, env.str("TRAINING_UNITS", "").split(","))),
            shadow_share=_share(env, "SHADOW_SHARE", 1.0),
            timezone=_timezone(env.str("TIMEZONE", "UTC")),
            unused_days=_positive(env, "UNUSED_DAYS", 90),
            access_review_days=_positive(env, "ACCESS_REVIEW_DAYS", 90),
            access_review_grace_days=_positive(env, "ACCESS_REVIEW_GRACE_DAYS", 14),
            directory_file=_path(env.str("DIRECTORY_FILE", "")),
            directory_removals=_positive(env, "DIRECTORY_REMOVALS", 20),
            directory_removals_percent=_positive(env, "DIRECTORY_REMOVALS_PERCENT", 5),
            secret_workers=_positive(env, "SECRET_WORKERS", 2),
            proxy_secret=_optional_secret(env, "PROXY_SECRET"),
            accel_root=_matching(env, "ACCEL_ROOT", "", _INSIDE),
            certificate_origin=_optional_origin(env.str("CERTIFICATE_ORIGIN", "")),
            certificate_number=_matching(
                env, "CERTIFICATE_NUMBER", "serial_number", _CERTIFICATE_RULE
            ),
            certificate_crl=_one_of(env, "CERTIFICATE_CRL", "required", "if_present"),
            certificate_hardware_policy=_matching(env, "CERTIFICATE_HARDWARE_POLICY", "", _OID),
            oidc_issuer=_matching(env, "OIDC_ISSUER", "", _ISSUER),
            oidc_client_id=env.str("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.str("OIDC_CLIENT_SECRET", ""),
            oidc_name=env.str("OIDC_NAME", ""),
            oidc_number_claim=env.str("OIDC_NUMBER_CLAIM", ""),
            oidc_aal=_matching(env, "OIDC_AAL", "", _AAL_RULES),
            mqtt_url=env.str("MQTT_URL", ""),
            mqtt_public_url=_matching(env, "MQTT_PUBLIC_URL", "", _BROKER),
            fcm_credentials=env.str("FCM_CREDENTIALS", ""),
            fcm_endpoint=env.str("FCM_ENDPOINT", ""),
            headwind_secret=_optional_secret(env, "HEADWIND_SECRET"),
            headwind_fleet_secret=env.str("HEADWIND_FLEET_SECRET", ""),
            sandbox_apks=env.bool("SANDBOX_APKS", True),
            web_app_hosts=tuple(env.str("WEB_APP_HOSTS", "").lower().replace(",", " ").split()),
            scanner_clamd=_matching(env, "SCANNER_CLAMD", "", _CLAMD),
            scanner_http=_matching(env, "SCANNER_HTTP", "", _SCANNER),
            log_days=_positive(env, "LOG_DAYS", 30),
            history_days=_positive(env, "HISTORY_DAYS", 400),
            certificate_days=_certificate_days(env.int("CERTIFICATE_DAYS", 60)),
            scep_legacy=env.bool("SCEP_LEGACY", False),
            witness_urls=tuple(env.str("WITNESS_URLS", "").replace(",", " ").split()),
            witness_keys=tuple(env.str("WITNESS_KEYS", "").replace(",", " ").split()),
            syslog_url=env.str("SYSLOG_URL", ""),
            maintenance_database_url=env.str("MAINTENANCE_DATABASE_URL", ""),
            audit_hot_days=_positive(env, "AUDIT_HOT_DAYS", 365),
            audit_cold_days=_positive(env, "AUDIT_COLD_DAYS", 6 * 365),
            audit_retention=env.str("AUDIT_RETENTION", ""),
            four_eyes_terminals=_positive(env, "FOUR_EYES_TERMINALS", 50),
            locate_shown=env.bool("LOCATE_SHOWN", False),
            fdroid_name=_matching(env, "FDROID_NAME", "Muster", _NAME),
            fdroid_mirrors=tuple(
                map(_mirror, env.str("FDROID_MIRRORS", "").replace(",", " ").split())
            ),
            expose_counts=env.bool("EXPOSE_COUNTS", False),
            log_level=_one_of(env, "LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
        )
    except EnvError as error:
        raise SettingsError(str(error)) from error
    return _whole(settings)


def _whole(settings: Settings) -> Settings:
    """Refuse settings that only make sense together, half given."""
    given = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if any(given) and not all(given):
        raise SettingsError(
            "MUSTER_OIDC_ISSUER, MUSTER_OIDC_CLIENT_ID and MUSTER_OIDC_CLIENT_SECRET go together"
        )
    for name in ("certificate_origin", "accel_root"):
        if getattr(settings, name) and not settings.proxy_secret:
            raise SettingsError(f"MUSTER_{name.upper()} needs MUSTER_PROXY_SECRET")
    return settings


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


def _optional_origin(value: str) -> str:
    if value and not _ORIGIN.fullmatch(value):
        raise SettingsError(
            f"MUSTER_CERTIFICATE_ORIGIN must be scheme://host[:port] without a path, not {value!r}"
        )
    return value


def _mirror(value: str) -> str:
    if not _ORIGIN.fullmatch(value):
        raise SettingsError(
            "MUSTER_FDROID_MIRRORS must list origins, each scheme://host[:port] without a path, "
            f"not {value!r}"
        )
    return value


def _matching(env: Env, name: str, default: str, pattern: re.Pattern[str]) -> str:
    value = env.str(name, default)
    if value and not pattern.fullmatch(value):
        raise SettingsError(f"MUSTER_{name} does not have the documented form: {value!r}")
    return value or default


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


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"MUSTER_TIMEZONE must be a zone of the IANA database such as Asia/Shanghai, not {name!r}"
        ) from error


def _certificate_days(days: int) -> int:
    if not 30 <= days <= 90:
        raise SettingsError(f"MUSTER_CERTIFICATE_DAYS must be from 30 to 90, not {days}")
    return days


def _path(value: str) -> Path | None:
    return Path(value).absolute() if value else None


def _positive(env: Env, name: str, default: int) -> int:
    value = env.int(name, default)
    if value < 1:
        raise SettingsError(f"MUSTER_{name} must be 1 or more, not {value}")
    return value


def _share(env: Env, name: str, default: float) -> float:
    value = env.float(name, default)
    if not 0 <= value <= 1:
        raise SettingsError(f"MUSTER_{name} must be from 0 to 1, not {value:g}")
    return value


def _one_of(env: Env, name: str, default: str, *others: str) -> str:
    value = env.str(name, default)
    if value not in (default, *others):
        raise SettingsError(f"MUSTER_{name} must be one of {', '.join((default, *others))}")
    return value
