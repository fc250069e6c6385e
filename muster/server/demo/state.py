"""The demo's state folder: its database, blobs, keys and the secrets it made for itself."""

import base64
import os
from pathlib import Path

from muster.kernel.settings import Settings, check_secret
from muster.server.demo.people_secrets import DemoStateError

MASTER_KEY = "master.key"
MANIFEST = "demo.json"


def settings_in(folder: Path, port: int) -> Settings:
    """Return settings for a server on this machine whose secrets lie in the folder.

    The origin is `http://localhost:PORT`: browsers trust passkeys and secure cookies there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = os.environ.get("MUSTER_DATABASE_URL") or f"sqlite:///{folder / 'muster.db'}"
    return Settings(
        master_key=_master_key(folder / MASTER_KEY),
        state_dir=folder,
        database_url=database,
        origin=f"http://localhost:{port}",
        blob_url=f"file://{folder / 'blobs'}",
        expose_counts=True,
        log_level="WARNING",
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that let `muster serve` and `muster audit` stand on a demo's state."""
    return {
        "MUSTER_MASTER_KEY_FILE": str(settings.state_dir / MASTER_KEY),
        "MUSTER_STATE_DIR": str(settings.state_dir),
        "MUSTER_DATABASE_URL": settings.database_url,
        "MUSTER_ORIGIN": settings.origin,
        "MUSTER_BLOB_URL": settings.blob_url,
        "MUSTER_PROXY_SECRET": settings.proxy_secret,
        "MUSTER_ACCEL_ROOT": settings.accel_root,
        "MUSTER_EXPOSE_COUNTS": "true",
        "MUSTER_LOG_LEVEL": settings.log_level,
    }


def _master_key(path: Path) -> bytes:
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(32)))
    try:
        key = base64.b64decode(path.read_bytes(), validate=True)
    except ValueError as error:
        raise DemoStateError(f"{path} is damaged; delete the state folder") from error
    return check_secret("MASTER_KEY", key)
