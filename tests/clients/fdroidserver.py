"""fdroidserver's own verifying download, run by its own Python: it is AGPL and stays apart.

The virtual environment is made once in a folder that outlives the run, by whichever process comes
first; only what `fdroidserver.index` imports goes in.
"""

import fcntl
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any, Final

VERSION: Final = "2.4.5"
_NEEDED: Final = (
    "asn1crypto",
    "defusedxml",
    "gitpython",
    "pillow",
    "platformdirs",
    "pyyaml",
    "requests",
    "ruamel.yaml",
)
_PLACE: Final = Path(tempfile.gettempdir()) / f"muster-peer-fdroidserver-{VERSION}"
_DRIVER: Final = """
import json, sys
import fdroidserver.common, fdroidserver.index
from fdroidserver.exception import VerificationException
fdroidserver.common.config = {"jarsigner": "/usr/bin/jarsigner"}
told = []
for call in json.load(sys.stdin):
    read = getattr(fdroidserver.index, f"download_repo_index_{call['version']}")
    try:
        index, etag = read(call["url"], etag=call.get("etag"))
        told.append({"index": index, "etag": etag})
    except VerificationException as error:
        told.append({"refused": str(error)})
json.dump(told, sys.stdout)
"""


def python() -> Path:
    """Return the interpreter that has fdroidserver, made at the first call on this machine."""
    _PLACE.mkdir(exist_ok=True)
    found, done = _PLACE / "venv" / "bin" / "python", _PLACE / "done"
    with (_PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            venv.create(_PLACE / "venv", with_pip=True, clear=True)
            install = [str(found), "-m", "pip", "install", "--quiet", "--no-input"]
            subprocess.run([*install, *_NEEDED], check=True, timeout=300)
            subprocess.run(
                [*install, "--no-deps", f"fdroidserver=={VERSION}"], check=True, timeout=300
            )
            done.touch()
    return found


def downloads(*calls: dict[str, Any]) -> list[dict[str, Any]]:
    """Download indexes: calls are `{version, url, etag?}`, answers `{index, etag}` or `{refused}`."""
    done = subprocess.run(
        [str(python()), "-c", _DRIVER],
        input=json.dumps(calls),
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        timeout=120,
        check=True,
    )
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told
