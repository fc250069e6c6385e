"""What a token is to allow, as a form says it: held to the same shape as the API."""

from collections.abc import Mapping
from typing import Any, Final

from mdm.enrolment.schemas import WishSchema
from mdm.enrolment.tokens import Wish
from mdm.wire import loaded

_TICKS: Final = ("use_mobile_data", "leave_all_system_apps_enabled", "skip_encryption")
_PEM_END: Final = "-----END CERTIFICATE-----"


def wish_of(given: Mapping[str, Any], form: Mapping[str, str]) -> Wish:
    """Return a wish of plain values, and of what a form says of the agent, Wi-Fi and CAs.

    Raises `InvalidInput` with the names of the form's fields.
    """
    said = dict(given) | {"ca": _authorities(form.get("ca", ""))}
    if form.get("android_component") or form.get("android_location"):
        said["android"] = _android(form)
    wish: Wish = loaded(WishSchema(), said)
    return wish


def _android(form: Mapping[str, str]) -> dict[str, Any]:
    fields = ("component", "location", "checksum")
    android: dict[str, Any] = {name: form.get(f"android_{name}", "").strip() for name in fields}
    android |= {name: f"android_{name}" in form for name in _TICKS}
    ssid = form.get("android_wifi_ssid", "").strip()
    if ssid:
        password = form.get("android_wifi_password", "")
        security = "WPA" if password else "NONE"
        android["wifi"] = {"ssid": ssid, "security": security, "password": password}
    return android


def _authorities(text: str) -> list[str]:
    """One address a line, or certificates in PEM one after the other."""
    if _PEM_END in text:
        parts = text.replace("\r\n", "\n").split(_PEM_END)
        return [part.strip() + f"\n{_PEM_END}\n" for part in parts if part.strip()]
    return text.split()
