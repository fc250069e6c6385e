"""Which permissions weigh, and how two releases differ in them. Pure.

Android developer documentation, "Manifest.permission": protection levels dangerous and appop, and
those that make an app a means of control over the terminal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

_ANDROID: Final = "android.permission."

DANGEROUS: Final = frozenset(
    _ANDROID + name
    for name in (
        "ACCEPT_HANDOVER",
        "ACCESS_BACKGROUND_LOCATION",
        "ACCESS_COARSE_LOCATION",
        "ACCESS_FINE_LOCATION",
        "ACCESS_MEDIA_LOCATION",
        "ACTIVITY_RECOGNITION",
        "ANSWER_PHONE_CALLS",
        "BLUETOOTH_ADVERTISE",
        "BLUETOOTH_CONNECT",
        "BLUETOOTH_SCAN",
        "BODY_SENSORS",
        "BODY_SENSORS_BACKGROUND",
        "CALL_PHONE",
        "CAMERA",
        "GET_ACCOUNTS",
        "NEARBY_WIFI_DEVICES",
        "POST_NOTIFICATIONS",
        "PROCESS_OUTGOING_CALLS",
        "READ_CALENDAR",
        "READ_CALL_LOG",
        "READ_CONTACTS",
        "READ_EXTERNAL_STORAGE",
        "READ_MEDIA_AUDIO",
        "READ_MEDIA_IMAGES",
        "READ_MEDIA_VIDEO",
        "READ_MEDIA_VISUAL_USER_SELECTED",
        "READ_PHONE_NUMBERS",
        "READ_PHONE_STATE",
        "READ_SMS",
        "RECEIVE_MMS",
        "RECEIVE_SMS",
        "RECEIVE_WAP_PUSH",
        "RECORD_AUDIO",
        "SEND_SMS",
        "USE_SIP",
        "UWB_RANGING",
        "WRITE_CALENDAR",
        "WRITE_CALL_LOG",
        "WRITE_CONTACTS",
        "WRITE_EXTERNAL_STORAGE",
    )
)
SPECIAL: Final = frozenset(
    _ANDROID + name
    for name in (
        "ACCESS_NOTIFICATION_POLICY",
        "MANAGE_EXTERNAL_STORAGE",
        "MANAGE_MEDIA",
        "PACKAGE_USAGE_STATS",
        "QUERY_ALL_PACKAGES",
        "REQUEST_INSTALL_PACKAGES",
        "SCHEDULE_EXACT_ALARM",
        "SYSTEM_ALERT_WINDOW",
        "WRITE_SETTINGS",
    )
)
PRIVILEGED: Final = {
    "android.permission.BIND_DEVICE_ADMIN": "device admin",
    "android.permission.BIND_ACCESSIBILITY_SERVICE": "accessibility service",
    "android.permission.BIND_VPN_SERVICE": "VPN",
    "android.permission.BIND_NOTIFICATION_LISTENER_SERVICE": "notification listener",
}
"""What a component demands of its caller tells the role it plays."""


@dataclass(frozen=True)
class PermissionChange:
    """One permission against the release before: added, removed or the same."""

    name: str
    change: Literal["added", "removed", "same"]
    dangerous: bool


def is_risky(name: str) -> bool:
    """Whether a permission is dangerous or special in Android's terms."""
    return name in DANGEROUS or name in SPECIAL


def compare(before: Iterable[str], now: Iterable[str]) -> list[PermissionChange]:
    """Return every permission of either release, the new ones first."""
    old, new = set(before), set(now)
    return [
        *(PermissionChange(name, "added", is_risky(name)) for name in sorted(new - old)),
        *(PermissionChange(name, "removed", is_risky(name)) for name in sorted(old - new)),
        *(PermissionChange(name, "same", is_risky(name)) for name in sorted(old & new)),
    ]
