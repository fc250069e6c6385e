"""What an enrolment QR code says, one function for each agent, and how it is drawn."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import segno

from mdm.enrolment.errors import CodeTooLarge

_PROVISIONING: Final = "android.app.extra.PROVISIONING_"
VERSION: Final = 1
MOST_BYTES: Final = 2331
"""What the largest QR code (40-M, ISO/IEC 18004) holds."""


@dataclass(frozen=True)
class Wifi:
    """The network that the wizard joins first; it is in the code and nowhere else."""

    ssid: str
    security: Literal["NONE", "WPA"] = "NONE"
    password: str = ""


@dataclass(frozen=True)
class AndroidAgent:
    """An agent that Android's own set-up wizard fetches and makes device owner.

    `component` is `package/receiver class`; `checksum` the URL-safe base64 SHA-256 of the APK.
    """

    component: str
    location: str
    checksum: str
    wifi: Wifi | None = None
    use_mobile_data: bool = False
    leave_all_system_apps_enabled: bool = False
    skip_encryption: bool = False


@dataclass(frozen=True)
class Code:
    """What there is to say: where the agent calls, with which token, and whom it may trust.

    `server` is our origin; `manifest_keys` are the thumbprints of the keys whose configuration
    the agent may believe; `ca` are certificates (PEM) of CAs, or where they lie (https).
    """

    server: str
    token: str
    manifest_keys: Sequence[str]
    android: AndroidAgent | None = None
    ca: Sequence[str] = ()


def native(code: Code) -> dict[str, Any]:
    """Return what our own agent reads, inside the wizard's admin extras if there is a wizard.

    `audience` is what its proofs must name as origin (`htu`), pinned here so that no other server
    can relay them.
    """
    ours: dict[str, Any] = {
        "v": VERSION,
        "server": code.server,
        "audience": code.server,
        "token": code.token,
        "manifest_keys": list(code.manifest_keys),
    }
    if code.ca:
        ours["ca"] = list(code.ca)
    return ours if code.android is None else wizard(code.android, ours)


def headwind(code: Code) -> dict[str, Any]:
    """Return what the open Headwind agent reads; the token comes back as its configuration's name.

    It calls itself by its serial number. `CERTS` are addresses: the agent fetches them itself.
    """
    extras = {
        "BASE_URL": code.server,
        "SERVER_PROJECT": "hmdm",
        "DEVICE_ID_USE": "serial",
        "CONFIG": code.token,
    }
    fetched = [each for each in code.ca if each.startswith("https://")]
    if fetched:
        extras["CERTS"] = ",".join(fetched)
    ours = {f"com.hmdm.{name}": value for name, value in extras.items()}
    return ours if code.android is None else wizard(code.android, ours)


AGENTS: Final[dict[str, Callable[[Code], dict[str, Any]]]] = {
    "native": native,
    "headwind": headwind,
}
"""Agent to what its code says."""


def wizard(android: AndroidAgent, extras: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON that Android's wizard scans (Android Enterprise, "QR code method").

    `extras` reach the agent untouched, as its admin extras bundle.
    """
    said: dict[str, Any] = {
        "DEVICE_ADMIN_COMPONENT_NAME": android.component,
        "DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION": android.location,
        "DEVICE_ADMIN_PACKAGE_CHECKSUM": android.checksum,
        "LEAVE_ALL_SYSTEM_APPS_ENABLED": android.leave_all_system_apps_enabled,
        "SKIP_ENCRYPTION": android.skip_encryption,
        "USE_MOBILE_DATA": android.use_mobile_data,
    }
    if android.wifi is not None:
        said["WIFI_SSID"] = android.wifi.ssid
        said["WIFI_SECURITY_TYPE"] = android.wifi.security
        if android.wifi.password:
            said["WIFI_PASSWORD"] = android.wifi.password
    said["ADMIN_EXTRAS_BUNDLE"] = dict(extras)
    return {f"{_PROVISIONING}{name}": value for name, value in said.items()}


def content(agent: str, code: Code) -> dict[str, Any]:
    """Return the JSON that a terminal with this agent scans.

    Raises `CodeTooLarge` if no QR code holds it.
    """
    said = AGENTS[agent](code)
    if len(_text(said).encode()) > MOST_BYTES:
        raise CodeTooLarge
    return said


def qr_svg(scanned: Mapping[str, Any]) -> str:
    """Return the code as an SVG element without style attributes, which a strict CSP would drop."""
    return text_svg(_text(scanned), "Enrolment code")


def text_svg(text: str, title: str) -> str:
    """Return the code of any text, drawn likewise; `title` is what it is called."""
    drawn = io.BytesIO()
    segno.make(text, micro=False, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title=title,
        nl=False,
    )
    return drawn.getvalue().decode()


def _text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)
