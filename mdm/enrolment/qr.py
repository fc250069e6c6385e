"""What an enrolment QR code says, and how it is drawn."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import segno

_PROVISIONING = "android.app.extra.PROVISIONING_"
VERSION = 1


@dataclass(frozen=True)
class AndroidAgent:
    """An agent that Android's own set-up wizard fetches and makes device owner.

    `component` is `package/receiver class`; `checksum` the URL-safe base64 SHA-256 of the APK.
    """

    component: str
    location: str
    checksum: str


def content(
    server: str, token: str, manifest_keys: Sequence[str], android: AndroidAgent | None = None
) -> dict[str, Any]:
    """Return the JSON that a terminal scans.

    `server` is where the agent calls; `audience` is what its proofs must name as origin (`htu`),
    pinned here so that no other server can relay them; `manifest_keys` are the thumbprints of the
    keys whose configuration it may trust. With an `android` agent the same travels inside the
    wizard's admin extras (Android Enterprise, "QR code method").
    """
    ours = {
        "v": VERSION,
        "server": server,
        "audience": server,
        "token": token,
        "manifest_keys": list(manifest_keys),
    }
    if android is None:
        return ours
    return {
        f"{_PROVISIONING}DEVICE_ADMIN_COMPONENT_NAME": android.component,
        f"{_PROVISIONING}DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION": android.location,
        f"{_PROVISIONING}DEVICE_ADMIN_PACKAGE_CHECKSUM": android.checksum,
        f"{_PROVISIONING}ADMIN_EXTRAS_BUNDLE": ours,
    }


def qr_svg(scanned: Mapping[str, Any]) -> str:
    """Return the code as an SVG element without style attributes, which a strict CSP would drop."""
    text = json.dumps(scanned, separators=(",", ":"))
    drawn = io.BytesIO()
    segno.make(text, micro=False, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title="Enrolment code",
        nl=False,
    )
    return drawn.getvalue().decode()
