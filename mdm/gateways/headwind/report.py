"""What the agent sends, read leniently: it is not ours to change. Pure.

Unknown fields are passed over and numbers may come as text, but nothing is taken beyond its
bounds: a report that breaks them is refused whole.
"""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from mdm.gateways.headwind.evidence import LAUNCHER, moment
from muster.kernel.clock import rfc3339
from muster.kernel.errors import InvalidInput, Malformed

Short = Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00]*\Z")]
MOST_LINES: Final = 200


class Place(Struct):
    """A fix: degrees, and milliseconds since 1970 on the terminal's clock."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    ts: int = 0


class Installed(Struct):
    """One app that the agent knows of and finds installed."""

    pkg: Short
    version: Short | None = None
    code: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class DeviceInfo(Struct):
    """The agent's report on its terminal; what it does not know it leaves out."""

    deviceId: Short | None = None  # noqa: N815 - the wire's own names
    model: Annotated[str, Meta(max_length=100)] | None = None
    permissions: Annotated[list[int], Meta(max_length=20)] | None = None
    applications: Annotated[list[Installed], Meta(max_length=2000)] | None = None
    phone: Short | None = None
    imei: Annotated[str, Meta(max_length=20)] | None = None
    iccid: Annotated[str, Meta(max_length=24)] | None = None
    phone2: Short | None = None
    imei2: Annotated[str, Meta(max_length=20)] | None = None
    iccid2: Annotated[str, Meta(max_length=24)] | None = None
    mdmMode: bool | None = None  # noqa: N815
    batteryLevel: Annotated[int, Meta(ge=0, le=100)] | None = None  # noqa: N815
    batteryCharging: Short | None = None  # noqa: N815
    androidVersion: Annotated[str, Meta(max_length=64)] | None = None  # noqa: N815
    factoryReset: bool | None = None  # noqa: N815
    location: Place | None = None
    defaultLauncher: bool | None = None  # noqa: N815
    cpu: Short | None = None
    serial: Annotated[str, Meta(max_length=64)] | None = None


class LogLine(Struct):
    """One line of a log."""

    timestamp: int
    logLevel: int = 3  # noqa: N815
    packageId: Short = LAUNCHER  # noqa: N815
    message: Annotated[str, Meta(max_length=20_000)] = ""


_INFO: Final = msgspec.json.Decoder(DeviceInfo, strict=False)
_LINES: Final = msgspec.json.Decoder(list[LogLine], strict=False)


def read_info(body: bytes) -> DeviceInfo:
    """Read a DeviceInfo. Raises `Malformed` or `InvalidInput`."""
    info: DeviceInfo = _read(_INFO, body)
    return info


def read_lines(body: bytes) -> list[LogLine]:
    """Read a list of log lines. Raises `Malformed` or `InvalidInput`."""
    lines: list[LogLine] = _read(_LINES, body)
    if len(lines) > MOST_LINES:
        raise InvalidInput(f"At most {MOST_LINES} lines come at once.")
    return lines


def _read(decoder: "msgspec.json.Decoder[Any]", body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidInput(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("The body is not JSON in UTF-8.") from error


def facts_of(info: DeviceInfo) -> dict[str, Any]:
    """Return what the report says of the terminal's security; the rest stays unknown.

    The agent says nothing of encryption, passcode, root, patches or the boot loader.
    """
    facts: dict[str, Any] = {}
    if info.mdmMode is not None:
        facts["device_owner"] = info.mdmMode
    if info.permissions:
        facts["admin_permission"] = info.permissions[0] == 1
    return facts


def columns_of(info: DeviceInfo) -> dict[str, Any]:
    """Return the columns of `mdm_device` that a report fills; what it leaves out stays."""
    said = {
        "model": info.model,
        "imei": info.imei,
        "os_version": info.androidVersion,
        "battery": info.batteryLevel,
        "agent_version": _launcher(info),
        "software": _software(info),
        "sims": _sims(info),
        "location": location_of(info),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def inventory_of(info: DeviceInfo) -> dict[str, Any]:
    """Return what else there is to know, for people to read."""
    said = {
        "cpu": info.cpu,
        "charging": info.batteryCharging,
        "default_launcher": info.defaultLauncher,
        "device_owner": info.mdmMode,
        "imei2": info.imei2,
    }
    return {name: value for name, value in said.items() if value is not None}


def location_of(info: DeviceInfo) -> dict[str, Any] | None:
    """Return the fix as it is stored; None without one or without a believable moment."""
    fix = info.location
    at = moment(fix.ts) if fix else None
    if fix is None or at is None:
        return None
    return {"lat": fix.lat, "lon": fix.lon, "accuracy_m": None, "at": rfc3339(at)}


def _launcher(info: DeviceInfo) -> str | None:
    for app in info.applications or ():
        if app.pkg == LAUNCHER and app.version:
            return app.version[:32]
    return None


def _software(info: DeviceInfo) -> dict[str, Any] | None:
    if info.applications is None:
        return None
    return {
        app.pkg: {"version_code": app.code, "version": app.version or ""}
        for app in info.applications
    }


def _sims(info: DeviceInfo) -> list[dict[str, Any]]:
    slots = ((info.iccid, info.phone), (info.iccid2, info.phone2))
    return [
        {"slot": slot, "iccid": iccid, "number": phone or "", "operator": ""}
        for slot, (iccid, phone) in enumerate(slots)
        if iccid
    ]
