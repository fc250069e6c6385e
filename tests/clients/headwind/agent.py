"""The open Headwind Android agent as a server sees it, written from the protocol's description.

It keeps what the phone keeps: where it lives, its configuration, its unsent log. It signs as its
build does and, as a CHECK_SIGNATURE build, believes no answer whose signature is wrong. Its poll
thread signs once, when it starts, and goes on with that signature wherever it has moved since.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

LAUNCHER = "com.hmdm.launcher"
_SPACE = re.compile(r"[ \t\n\v\f\r]")


@dataclass(frozen=True)
class Told:
    """One answer: status, headers, and the raw bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A header by its name in any case; '' if it did not come."""
        return next((v for n, v in self.headers.items() if n.lower() == name.lower()), "")

    @property
    def envelope(self) -> dict[str, Any]:
        """The answer as the agent reads it."""
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def ok(self) -> bool:
        """Whether the agent takes it for a success."""
        return self.status < 300 and self.envelope["status"] == "OK"

    @property
    def data(self) -> Any:
        """What came with it."""
        assert self.ok, (self.status, self.body)
        return self.envelope["data"]


Send = Callable[[str, str, Mapping[str, str], bytes], Told]


class LostAnswer(Exception):
    """The server answered and the network swallowed it."""


class WrongSignature(Exception):
    """A CHECK_SIGNATURE build got an answer that is not signed right."""


def h(text: str) -> str:
    """H(x): SHA-1 of UTF-8 x in upper-case hex."""
    return hashlib.sha1(text.encode()).hexdigest().upper()


@dataclass
class HeadwindAgent:
    """One phone. `secret` is S of its build; `checks` makes it a CHECK_SIGNATURE build."""

    send: Send
    number: str
    secret: str = ""
    checks: bool = False
    token: str = ""
    project: str = "hmdm"
    admin: bool = True
    config: dict[str, Any] | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    installed: dict[str, str] = field(default_factory=dict)
    location: dict[str, Any] | None = None
    lose: int = 0
    poll_signature: str = ""

    def scan(self, content: Mapping[str, Any]) -> None:
        """Take the admin extras of a QR code."""
        extras = content["android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE"]
        self.project = extras["com.hmdm.SERVER_PROJECT"]
        self.token = extras["com.hmdm.CONFIG"]

    def sync(self) -> dict[str, Any]:
        """Fetch the configuration, enrolling if there is none, and do what it says, in order."""
        told = self.fetch()
        self.config = told.data
        self.log(3, "Configuration updated")
        self._migrate()
        self._obey()
        return self.config

    def fetch(self) -> Told:
        """GET the configuration, or POST to enrol while there is none."""
        path = f"/rest/public/sync/configuration/{self.number}"
        if self.config is not None:
            return self.believed(self.call("GET", path, signature=h(self.secret + self.number)))
        said = {"customer": None, "configuration": self.token, "groups": None, "groupSet": None}
        answer = self.call("POST", path, said, signature=h(self.secret + self.number))
        return self.believed(answer)

    def info(self, **more: Any) -> Told:
        """POST DeviceInfo."""
        return self.call("POST", "/rest/public/sync/info", self.device_info() | more)

    def device_info(self) -> dict[str, Any]:
        """What the phone says of itself; nulls are left out."""
        said: dict[str, Any] = {
            "deviceId": self.number,
            "model": "Rugged 5",
            "permissions": [int(self.admin), 1, 1, 0],
            "applications": [
                {"name": "Headwind MDM", "pkg": LAUNCHER, "version": "6.36"},
                *({"name": p, "pkg": p, "version": v} for p, v in self.installed.items()),
            ],
            "files": [],
            "imei": "356938035643809",
            "mdmMode": self.admin,
            "kioskMode": False,
            "batteryLevel": 81,
            "batteryCharging": "usb",
            "androidVersion": "14",
            "launcherType": "x",
            "iccid": "8986001234567890123",
            "phone": "+10000000001",
            "serial": f"HW-{self.number}",
            "cpu": "arm64-v8a",
        }
        return said | ({"location": self.location} if self.location else {})

    def start_polling(self) -> None:
        """Begin the poll thread: it signs now and never again."""
        path = f"{self.project}/rest/notification/polling/{quote_plus(self.number)}"
        self.poll_signature = h(self.secret + path)

    def poll(self) -> list[dict[str, Any]]:
        """Ask what there is, wherever the phone lives now, with the signature of the start."""
        path = f"/rest/notification/polling/{quote_plus(self.number)}"
        answer = self.call("GET", path, signature=self.poll_signature)
        messages: list[dict[str, Any]] = answer.data
        for message in messages:
            self.log(3, f"Got Push Message, type {message['messageType']}")
            self._pushed(message)
        return messages

    def log_rules(self) -> list[dict[str, Any]]:
        """GET which lines to send."""
        rules: list[dict[str, Any]] = self.call(
            "GET", f"/rest/plugins/devicelog/log/rules/{self.number}"
        ).data
        return rules

    def send_log(self) -> None:
        """POST the unsent lines, ten at a time; they are forgotten once they are taken."""
        while self.lines:
            part = self.lines[:10]
            self.call("POST", f"/rest/plugins/devicelog/log/list/{self.number}", part)
            del self.lines[: len(part)]

    def download(self, url: str, **headers: str) -> Told:
        """GET a file of the configuration."""
        path = urlsplit(url).path
        signature = h(self.secret + path.partition("/files/")[2])
        shown = {"Accept-Encoding": "identity", "X-Request-Signature": signature, **headers}
        return self.send("GET", path, shown, b"")

    def log(self, level: int, message: str) -> None:
        """Write a line into the launcher's log."""
        now = int(datetime.now(UTC).timestamp() * 1000)
        self.lines.append(
            {"timestamp": now, "logLevel": level, "packageId": LAUNCHER, "message": message}
        )

    def call(self, method: str, path: str, body: Any = None, *, signature: str = "") -> Told:
        """Call under the project the phone has now; an answer may get lost."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if signature:
            headers |= {"X-Request-Signature": signature, "X-CPU-Arch": "arm64-v8a"}
        content = json.dumps(body).encode() if body is not None else b""
        answer = self.send(method, f"/{self.project}{path}", headers, content)
        if self.lose:
            self.lose -= 1
            raise LostAnswer
        return answer

    def believed(self, answer: Told) -> Told:
        """Believe an answer as a CHECK_SIGNATURE build does; refusals are never signed."""
        if self.checks and answer.ok:
            data = answer.body.decode().partition('"data":')[2][:-1]
            if answer.header("X-Response-Signature").upper() != h(
                self.secret + _SPACE.sub("", data)
            ):
                raise WrongSignature
        return answer

    def _migrate(self) -> None:
        """Move to the new address if it answers one GET with data; else stay."""
        assert self.config is not None
        there = urlsplit(self.config["newServerUrl"]).path.strip("/")
        if there == self.project:
            return
        stayed, self.project = self.project, there
        if not self.fetch().ok:
            self.project = stayed
            return
        self.log(3, f"Migrated to {self.config['newServerUrl']}")

    def _obey(self) -> None:
        assert self.config is not None
        if self.config["factoryReset"]:
            self._confirmed("", "wiped", factoryReset=self.admin)
            if "wiped" in self.acts:
                return  # nothing of the agent is left
        if self.config["reboot"]:
            self._confirmed("/reboot", "rebooted")
        if self.config["passwordReset"]:
            self.acts.append(f"passcode {self.config['passwordReset']}")
            self.log(3, "Password successfully changed")
            self._confirmed("/password", "")
        self.acts += [f"lock {self.config['lockMessage']}"] if self.config["lock"] else []

    def _confirmed(self, what: str, act: str, **more: Any) -> None:
        """Tell the server first, and go on only if it took note."""
        path = f"/rest/plugins/devicereset/public{what}/{self.number}"
        answer = self.call("POST", path, self.device_info() | more)
        if answer.status >= 300:
            return
        if act == "wiped" and not self.admin:
            self.log(2, "Device reset failed: no permissions")
        elif act:
            self.acts.append(act)

    def _pushed(self, message: Mapping[str, Any]) -> None:
        payload = json.loads(message["payload"]) if message["payload"] else {}
        if message["messageType"] == "uninstallApp":
            self.installed.pop(payload["pkg"], None)
            self.log(3, f"Uninstalled application: {payload['pkg']}")
        elif message["messageType"] != "configUpdated":
            self.acts.append(f"{message['messageType']} {payload.get('message', '')}")
