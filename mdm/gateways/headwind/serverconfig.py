"""The agent's ServerConfig: who it is, what it is to be, what it is to do. Always whole.

Its four lists are never null, an app never lacks package and version, and pushOptions is always
there: an agent that misses one of them stops asking. A terminal out of service gets orders only.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from mdm.commands.models import Command
from mdm.configuration.reading import Reading
from mdm.gateways.headwind import orders, paths
from mdm.gateways.headwind.door import Caller
from mdm.gateways.headwind.translate import lost_words, translate
from muster.kernel.uow import UnitOfWork

CERTIFICATES: Final = "/muster/ca"
_LAUNCHER: Final = "com.hmdm.launcher"
KEPT: Final = 2000
"""Documents a process keeps; terminals that are to be alike share one."""
_DOCUMENTS: Final = Reading(dict[str, Any], KEPT)


def build(uow: UnitOfWork, caller: Caller, secret: str) -> dict[str, Any]:
    """Return what the terminal is to be now; `secret` names the path that its files come by."""
    document = desired_of(uow, caller)
    ordered = orders.standing(uow, caller)
    orders.hand_out(uow, ordered.carried)
    told = orders.flags(ordered)
    data = _identity(uow, caller)
    if serves(caller) and not told["factoryReset"]:
        base = f"{uow.kernel.settings.origin}/{paths.PLAIN}-{secret}/files/"
        data |= translate(document["configuration"]).fields
        data |= _content(document, ordered.installs, base, _stamp(caller))
        _note_told(uow, caller)
    return data | _with_lock(data, told, caller, document["configuration"], ordered.carried)


def serves(caller: Caller) -> bool:
    """Whether the terminal is in service, and nobody still has to agree to its coming in."""
    return caller.principal.state == "enrolled" and caller.managed.admission == "admitted"


def desired_of(uow: UnitOfWork, caller: Caller) -> dict[str, Any]:
    """Return the compiled desired state of the terminal; nobody may change what is returned."""
    return _DOCUMENTS.of(uow, caller.managed.desired_hash)


def offered(document: Mapping[str, Any], ordered: Iterable[str]) -> list[dict[str, Any]]:
    """Return the apps of a desired state that this terminal gets: required ones and ordered ones."""
    wanted = set(ordered)
    return [
        app
        for app in document.get("apps", [])
        if app["mode"] == "required" or app["package"] in wanted
    ]


def certificate_files(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the authorities of a configuration as files by name; the name tells the content."""
    given = document["configuration"].get("certificates", [])
    contents = [each["pem"].encode() for each in given]
    return {f"{hashlib.sha256(pem).hexdigest()[:16]}.pem": pem for pem in contents}


def _identity(uow: UnitOfWork, caller: Caller) -> dict[str, Any]:
    segment = f"{paths.PLAIN}-{paths.wanted(uow.kernel, caller.row)}"
    return {
        "newServerUrl": f"{uow.kernel.settings.origin}/{segment}",
        "pushOptions": "polling",
        "keepaliveTime": 300,
        "title": "description",
        "description": caller.principal.label,
        "appName": "Muster",
        "disableScreenshots": False,
        "requestUpdates": None,
        "applications": [],
        "applicationSettings": [],
        "files": [],
        "actions": [],
    }


def _content(
    document: Mapping[str, Any], ordered: Iterable[str], base: str, stamp: int
) -> dict[str, Any]:
    certificates = certificate_files(document)
    return {
        "applications": [
            *(_app(app, base) for app in offered(document, ordered)),
            *(
                _blocked(pkg)
                for pkg in document["configuration"].get("apps", {}).get("blocked", [])
            ),
        ],
        "applicationSettings": _settings(certificates, stamp),
        "files": [_file(name, pem, base, stamp) for name, pem in certificates.items()],
    }


def _app(app: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "type": "app",
        "name": app["package"],
        "pkg": app["package"],
        "version": "0",
        "code": app["version_code"],
        "url": f"{base}{app['sha256']}.apk",
        "showIcon": True,
        "remove": False,
    }


def _blocked(package: str) -> dict[str, Any]:
    return {
        "type": "app",
        "name": package,
        "pkg": package,
        "version": "0",
        "code": 0,
        "showIcon": False,
        "remove": True,
    }


def _settings(certificates: Iterable[str], stamp: int) -> list[dict[str, Any]]:
    """Name the authorities' files to the launcher, which trusts them."""
    value = ",".join(f"{CERTIFICATES}/{name}" for name in certificates)
    if not value:
        return []
    return [
        {
            "packageId": _LAUNCHER,
            "name": "certificates",
            "type": 1,
            "value": value,
            "readOnly": True,
            "lastUpdate": stamp,
        }
    ]


def _file(name: str, content: bytes, base: str, stamp: int) -> dict[str, Any]:
    return {
        "url": f"{base}{name}",
        "path": f"{CERTIFICATES}/{name}",
        "lastUpdate": stamp,
        "checksum": hashlib.md5(content).hexdigest(),  # noqa: S324 - the protocol's own choice
        "remove": False,
        "description": "certificate authority",
        "varContent": False,
    }


def _stamp(caller: Caller) -> int:
    """Return when the desired state last changed, in milliseconds; files are fetched if newer."""
    at = caller.managed.desired_at
    return int(at.timestamp() * 1000) if at else 0


def _note_told(uow: UnitOfWork, caller: Caller) -> None:
    """Remember what was fetched first when; its application is believed only when it says so."""
    if caller.row.told_hash != caller.managed.desired_hash:
        caller.row.told_hash, caller.row.told_at = caller.managed.desired_hash, uow.now()


def _with_lock(
    data: Mapping[str, Any],
    told: Mapping[str, Any],
    caller: Caller,
    configuration: Mapping[str, Any],
    carried: Sequence[Command],
) -> dict[str, Any]:
    """Return the flags: a lost terminal is locked, whoever ordered it or not, until it is found.

    While somebody waits for its position, the terminal looks for it.
    """
    lost = caller.principal.state == "lost" or data.get("lock", False)
    words = (lost_words(configuration) if lost else "") or data.get("lockMessage")
    located = any(command.kind == "locate" for command in carried)
    return {
        **told,
        "lock": told["lock"] or lost,
        "lockMessage": told["lockMessage"] or words or None,
        **({"requestUpdates": "gps"} if located else {}),
    }
