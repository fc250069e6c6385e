"""The demo's app and the key it is signed with: small, real APKs that pass every blocking rule."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muster.server.demo.apks import ApkKey, build_apk
from muster.server.demo.desk import Desk
from muster.server.demo.people_secrets import DemoStateError

PACKAGE: Final = "org.passmuster.field"
KEY_FILE: Final = "app-signing.pem"
_MEDIA_TYPE: Final = "application/vnd.android.package-archive"
_LABEL: Final = "Muster Field"


def signing_key(folder: Path) -> ApkKey:
    """Return the publisher's key, made at the first start: an update must come from the same."""
    path = folder / KEY_FILE
    if not path.exists():
        made = ApkKey.generate("Yunli City Police, demo")
        private = made.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        certificate = made.certificate.public_bytes(serialization.Encoding.PEM)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(private + certificate)
    kept = path.read_bytes()
    private_key = serialization.load_pem_private_key(kept, None)
    if not isinstance(private_key, ec.EllipticCurvePrivateKey):
        raise DemoStateError(f"{path} holds another kind of key; delete the state folder")
    return ApkKey(private_key, x509.load_pem_x509_certificate(kept))


def field_app(version: int, key: ApkKey) -> bytes:
    """Return the APK of a version of the demo's app."""
    return build_apk(
        package=PACKAGE,
        version_code=version,
        version_name=f"{version}.0",
        label=_LABEL,
        permissions=("android.permission.INTERNET", "android.permission.CAMERA"),
        key=key,
    )


def newest_version(desk: Desk) -> int:
    """Return the highest version code the store ever had of the demo's app; 0 before the first."""
    query = {"package": PACKAGE, "limit": 100}
    releases = desk.get("/appstore/v1/releases", **query)["items"]
    return max((int(release["version_code"]) for release in releases), default=0)


def upload(publisher: Desk, apk: bytes, notes: str, **more: str) -> dict[str, Any]:
    """Upload an APK as a publisher and return the release; `more` is said beside the notes."""
    headers = {"Content-Type": _MEDIA_TYPE}
    told = publisher.post(
        "/appstore/v1/releases", content=apk, headers=headers, params={"notes": notes, **more}
    )
    release: dict[str, Any] = told["release"]
    return release


def approve(approvers: Sequence[Desk], release: dict[str, Any], note: str) -> int:
    """Have a release approved; return how many approvers that took, two for a sensitive one."""
    path = f"/appstore/v1/releases/{release['id']}/approve"
    for taken, approver in enumerate(approvers, start=1):
        if approver.post(path, {"note": note})["release"]["state"] == "approved":
            return taken
    raise LookupError(f"{release['package']} wants more approvers than the city has")


def roll_out(admin: Desk, release_id: str, group_id: str, reason: str, **more: Any) -> None:
    """Let a device admin send a release to a ring, whole, as required, unless `more` says else."""
    wish = {"group_id": group_id, "reason": reason, **more}
    admin.post(f"/appstore/v1/releases/{release_id}/rollouts", wish)
