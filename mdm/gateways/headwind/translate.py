"""From our configuration to the agent's, and what of it this agent cannot do. Pure.

Every key of the configuration has a line in `TRANSLATORS`; one returns the agent's fields, or None
where this agent cannot do what the value asks. What asks for nothing (a camera that may be used)
needs nothing. Keys that it cannot do are named to people and are no part of what it has applied.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Fields = Mapping[str, Any]
Translator = Callable[[Any], Fields | None]
RESTRICTIONS: Final = "restrictions"
_LENGTHS: Final = {"easy": 6, "moderate": 8, "strong": 8}
_MODES: Final = {"numeric": "easy", "alphanumeric": "moderate", "complex": "strong"}
_UPDATES: Final = {"automatic": 1, "windowed": 2, "postponed": 3}


@dataclass(frozen=True)
class Translated:
    """The agent's fields, and the keys (`password.max_failed`) that it cannot follow."""

    fields: dict[str, Any]
    not_applied: tuple[str, ...]


def translate(configuration: Mapping[str, Any]) -> Translated:
    """Return the ServerConfig fields that say the same as a configuration."""
    fields: dict[str, Any] = {}
    restrictions: set[str] = set()
    left_out: list[str] = []
    for place, value in _leaves(configuration):
        told = TRANSLATORS.get(place, _cannot)(value)
        if told is None:
            left_out.append(place)
            continue
        rest = dict(told)
        restrictions.update(rest.pop(RESTRICTIONS, ()))
        fields |= rest
    left_out += _password(configuration.get("password", {}), fields)
    fields[RESTRICTIONS] = ",".join(sorted(restrictions))
    return Translated(fields, tuple(sorted(left_out)))


def _leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        place = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{place}.")
        else:
            yield place, value


def _password(wanted: Mapping[str, Any], fields: dict[str, Any]) -> list[str]:
    """Choose the weakest mode that is strong enough; it fixes the length, so say if that is short."""
    length, quality = wanted.get("min_length"), wanted.get("quality")
    if length is None and quality is None:
        return []
    mode = _MODES[quality or "numeric"]
    if length is not None and length > _LENGTHS[mode] and mode == "easy":
        mode = "moderate"
    fields["passwordMode"] = mode
    return ["password.min_length"] if length is not None and length > _LENGTHS[mode] else []


def _nothing(_: Any) -> Fields:
    return {}


def _cannot(_: Any) -> None:
    return None


def _only_if_off(fields: Fields) -> Translator:
    """Say `fields` when the key is false; true asks for nothing."""
    return lambda value: fields if value is False else {}


def _never_off(value: Any) -> Fields | None:
    """A permission needs nothing; this agent cannot take it away."""
    return {} if value is True else None


def _nobody(value: Any) -> Fields | None:
    """An empty list, false or nothing asks for nothing; this agent cannot do more."""
    return None if value else {}


def _forbid(*keys: str) -> dict[str, Any]:
    return {RESTRICTIONS: keys}


TRANSLATORS: Final[dict[str, Translator]] = {
    "password.min_length": _nothing,
    "password.quality": _nothing,
    "screen_lock_seconds": lambda value: {"manageTimeout": True, "timeout": value},
    "camera": _never_off,
    "microphone": _only_if_off(_forbid("no_unmute_microphone")),
    "screen_capture": _only_if_off({"disableScreenshots": True}),
    "radios.bluetooth": _only_if_off({"bluetooth": False, **_forbid("no_bluetooth")}),
    "radios.wifi": _only_if_off({"wifi": False, **_forbid("no_config_wifi")}),
    "radios.mobile_data": _only_if_off({"mobileData": False}),
    "radios.nfc": _never_off,
    "radios.tethering": _only_if_off(_forbid("no_config_tethering")),
    "usb.debugging": _only_if_off(_forbid("no_debugging_features")),
    "usb.file_transfer": _only_if_off(_forbid("no_usb_file_transfer")),
    "usb.storage": _only_if_off({"usbStorage": False, **_forbid("no_physical_media")}),
    "apps.unknown_sources": _only_if_off(_forbid("no_install_unknown_sources")),
    "apps.blocked": _nothing,
    "apps.required": _nobody,
    "apps.allowed": _nobody,
    "kiosk.enabled": _nobody,
    "kiosk.home": _nobody,
    "kiosk.packages": _nobody,
    "wifi": _nobody,
    "certificates": _nothing,
    "updates.mode": lambda value: {"systemUpdateType": _UPDATES[value]},
    "updates.window_start": lambda value: {"systemUpdateFrom": value},
    "updates.window_end": lambda value: {"systemUpdateTo": value},
    "fences.time": _nobody,
    "fences.geo": _nobody,
    "fences.outside": _nobody,
    "lost.enabled": lambda value: {"lock": True} if value else {},
    "lost.message": _nothing,
    "lost.phone": _nothing,
    "lost.locate_seconds": _nothing,
    "hints.carriers": _nothing,
    "location_seconds": lambda value: {"requestUpdates": "gps" if value else None},
    "log_level": _nothing,
    "lock_message": lambda value: {"lockMessage": value},
}
"""Keys without a line (encryption, vpn, offline_hours, …) have no equivalent at all."""


def log_level(configuration: Mapping[str, Any]) -> int:
    """Return the agent's level of log, 1 error to 5 verbose, that a configuration asks for."""
    levels = {"error": 1, "warning": 2, "info": 3, "debug": 4}
    return levels.get(configuration.get("log_level", "info"), 3)


def lost_words(configuration: Mapping[str, Any]) -> str:
    """Return what a lost terminal shows: its message and whom to call."""
    lost = configuration.get("lost", {})
    return " ".join(filter(None, (lost.get("message"), lost.get("phone"))))
