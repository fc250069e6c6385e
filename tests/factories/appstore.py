"""A store with publishers of two units, an approver, and terminals in and outside a pilot ring."""

from functools import cache
from io import BytesIO
from typing import Any

from werkzeug.test import TestResponse

from muster.server.demo.apks import ApkKey, build_apk
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

PACKAGE = "city.muster.notes"
APK = "application/vnd.android.package-archive"
REASON = {"reason": "as agreed this morning"}


@cache
def key(name: str) -> ApkKey:
    """Return the signing key of a name, the same one each time."""
    return ApkKey.generate(name)


def apk(code: int = 1, *, signer: str = "Publisher", **changes: Any) -> bytes:
    """Return a small APK of the app `PACKAGE`; `changes` go to the builder."""
    usual: dict[str, Any] = {
        "package": PACKAGE,
        "version_code": code,
        "version_name": f"1.{code}",
        "label": "Notes",
        "key": key(signer),
    }
    return build_apk(**(usual | changes))


class Store:
    """Everybody who has to do with releases, as the API sees them."""

    def __init__(self, force: Force) -> None:
        self.force, self.house = force, force.house
        self.admin = force.console("A1", "device_admin")
        self.publisher = force.console("P1", "publisher")
        self.approver = force.console("V1", "approver")
        self.pilot = self.group("pilot")

    def group(self, name: str) -> str:
        """Make a group of terminals and return its id."""
        made = self.admin.post("/admin/v1/device-groups", {"name": name, "unit": "NORTH"})
        assert made.status_code == 201, made.get_data(as_text=True)
        group_id: str = made.get_json()["id"]
        return group_id

    def terminal(self, *groups: str) -> TestTerminal:
        """Return a compliant terminal in these groups."""
        terminal = self.force.enrolled(self.admin)
        for group_id in groups:
            self.join(group_id, terminal)
        terminal.comply()
        return terminal

    def join(self, group_id: str, terminal: TestTerminal) -> None:
        """Put a terminal into a group."""
        path = f"/admin/v1/device-groups/{group_id}/members/{terminal.id}"
        assert self.admin.call("PUT", path).status_code == 200

    def upload(self, content: bytes, who: Console | None = None, **options: Any) -> TestResponse:
        """Upload an APK as the request's body."""
        return self.send(who, data=content, **options)

    def send(self, who: Console | None = None, **options: Any) -> TestResponse:
        """Upload whatever the options say, for example a stream with a length."""
        options = {"content_type": APK} | options
        return (who or self.publisher).call("POST", "/appstore/v1/releases", **options)

    def upload_form(self, content: bytes, **options: Any) -> TestResponse:
        """Upload an APK as a form's part."""
        form = {"file": (BytesIO(content), "notes.apk")}
        return self.publisher.call(
            "POST",
            "/appstore/v1/releases",
            data=form,
            content_type="multipart/form-data",
            **options,
        )

    def submitted(self, content: bytes, who: Console | None = None) -> dict[str, Any]:
        """Upload an APK that passes, and return the release."""
        answer = self.upload(content, who)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        release: dict[str, Any] = answer.get_json()["release"]
        return release

    def approve(self, release: dict[str, Any], who: Console | None = None) -> TestResponse:
        """Agree to a release as the second person."""
        path = f"/admin/v1/approvals/{release['approval_id']}/approve"
        return (who or self.approver).post(path)

    def approved(self, content: bytes) -> dict[str, Any]:
        """Upload an APK and have it approved; return the release."""
        release = self.submitted(content)
        answer = self.approve(release)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return release

    def start(self, release: dict[str, Any], group_id: str, **options: Any) -> TestResponse:
        """Begin to roll a release out."""
        path = f"/appstore/v1/releases/{release['id']}/rollouts"
        return self.admin.post(path, {"group_id": group_id, **REASON, **options})

    def rolled(self, release: dict[str, Any], group_id: str, **options: Any) -> dict[str, Any]:
        """Begin to roll a release out, let the worker compile, and return the rollout."""
        answer = self.start(release, group_id, **options)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        self.force.work()
        rollout: dict[str, Any] = answer.get_json()
        return rollout

    def state(self, release: dict[str, Any]) -> str:
        """Return the state of a release."""
        answer = self.publisher.get(f"/appstore/v1/releases/{release['id']}")
        state: str = answer.get_json()["release"]["state"]
        return state


def desired(terminal: TestTerminal) -> list[dict[str, Any]]:
    """Return the apps of a terminal as its agent's list says."""
    answer = terminal.agent("GET", "/agent/v1/apps/desired")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def compiled(terminal: TestTerminal) -> list[dict[str, Any]]:
    """Return the apps of a terminal as its signed desired state says."""
    answer = terminal.agent("GET", "/agent/v1/configuration")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    apps: list[dict[str, Any]] = answer.get_json()["manifest"]["document"]["apps"]
    return apps


def download(terminal: TestTerminal, sha256: str, **options: Any) -> TestResponse:
    """Fetch a file as the terminal's agent."""
    return terminal.agent("GET", f"/appstore/v1/downloads/{sha256}", **options)
