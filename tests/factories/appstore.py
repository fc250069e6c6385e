"""A store with publishers of two units, an approver, and terminals in and outside a pilot ring."""

import base64
import json
import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from werkzeug.test import TestResponse

from muster.kernel.audit.models import ENTRIES
from muster.server.demo.apks import ApkKey, build_apk
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

PACKAGE = "city.muster.notes"
WEB = "city.muster.roster"
APK = "application/vnd.android.package-archive"
REASON = {"reason": "as agreed this morning"}


@cache
def key(name: str) -> ApkKey:
    """Return the signing key of a name, the same one each time."""
    return ApkKey.generate(name)


def sensitive_apk(code: int = 1, **changes: Any) -> bytes:
    """Return an APK that wants the microphone, which takes two approvers."""
    return apk(code, permissions=("android.permission.RECORD_AUDIO",), **changes)


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
        self.second_approver = force.console("V2", "approver")
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

    def submitted(
        self, content: bytes, who: Console | None = None, **options: Any
    ) -> dict[str, Any]:
        """Upload an APK that passes, and return the release."""
        answer = self.upload(content, who, **options)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        release: dict[str, Any] = answer.get_json()["release"]
        return release

    def web(self, code: int = 1, who: Console | None = None, **changes: Any) -> TestResponse:
        """Submit a version of the web app `WEB`; `changes` go into the body."""
        usual: dict[str, Any] = {
            "package": WEB,
            "version_code": code,
            "version_name": f"1.{code}",
            "label": "Duty roster",
            "label_zh": "值班表",
            "address": "https://roster.police.example/app/",
            "icon": base64.b64encode(png(192, 192)).decode(),
        }
        return (who or self.publisher).post("/appstore/v1/web-releases", usual | changes)

    def bundle(self, content: bytes, who: Console | None = None) -> TestResponse:
        """Upload a bundle as the request's body."""
        return (who or self.publisher).call(
            "POST", "/appstore/v1/web-bundles", data=content, content_type="application/zip"
        )

    def tus(self, content: bytes, who: Console | None = None, **metadata: str) -> str:
        """Send a file by tus in one request (creation with upload) and return the upload's id."""
        named = ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}"
            for name, value in metadata.items()
        )
        answer = (who or self.publisher).call(
            "POST",
            "/uploads",
            data=content,
            content_type="application/offset+octet-stream",
            headers={
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(content)),
                "Upload-Metadata": named,
            },
        )
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.headers["Location"].rsplit("/", 1)[1])

    def approve(self, release: dict[str, Any], who: Console | None = None) -> TestResponse:
        """Agree to a release as the second person."""
        path = f"/admin/v1/approvals/{release['approval_id']}/approve"
        return (who or self.approver).post(path)

    def agree(self, release: dict[str, Any], who: Console, note: str = "") -> TestResponse:
        """Agree to a release where its publisher looks, with a note."""
        return who.post(f"/appstore/v1/releases/{release['id']}/approve", {"note": note})

    def approved(self, content: bytes, **options: Any) -> dict[str, Any]:
        """Upload an APK and have it approved, by two if it is sensitive; return the release."""
        return self.agreed(self.submitted(content, **options))

    def agreed(self, release: dict[str, Any]) -> dict[str, Any]:
        """Have a release approved, by two if it is sensitive, and return it."""
        for approver in (self.approver, self.second_approver):
            if self.state(release) == "needs_review":
                answer = self.agree(release, approver)
                assert answer.status_code == 200, answer.get_data(as_text=True)
        assert self.state(release) == "approved"
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

    def sight(self, release: dict[str, Any]) -> dict[str, Any]:
        """Return all that a publisher sees of a release."""
        answer = self.publisher.get(f"/appstore/v1/releases/{release['id']}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        seen: dict[str, Any] = answer.get_json()
        return seen

    def recorded(self, action: str) -> list[dict[str, Any]]:
        """Return the audit entries of an action, oldest first."""
        entries = select(ENTRIES.c.canonical).where(ENTRIES.c.action == action)
        with self.house.kernel.reads() as uow:
            rows = uow.session.scalars(entries.order_by(ENTRIES.c.n))
            return [json.loads(row) for row in rows]

    def released(self, content: bytes, group_id: str) -> dict[str, Any]:
        """Roll a release out to all of a ring and declare it released."""
        release = self.approved(content)
        self.rolled(release, group_id)
        path = f"/appstore/v1/releases/{release['id']}/complete"
        assert self.publisher.post(path, REASON).status_code == 200
        self.force.work()
        return release

    def assign(
        self,
        audience: str,
        mode: str = "required",
        *,
        who: Console | None = None,
        package: str = PACKAGE,
        **more: Any,
    ) -> TestResponse:
        """Assign an app to an audience."""
        body = {"audience": audience, "mode": mode, **REASON, **more}
        return (who or self.admin).post(f"/appstore/v1/apps/{package}/assignments", body)

    def assigned(self, audience: str, mode: str = "required", **more: Any) -> dict[str, Any]:
        """Assign an app to an audience, let the worker compile, and return the assignment."""
        answer = self.assign(audience, mode, **more)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        self.force.work()
        made: dict[str, Any] = answer.get_json()
        return made

    def state(self, release: dict[str, Any]) -> str:
        """Return the state of a release."""
        state: str = self.sight(release)["release"]["state"]
        return state


def png(width: int, height: int) -> bytes:
    """Return a grey PNG."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def zipped(**files: str) -> bytes:
    """Return a bundle of files; `__` in a name stands for a dot."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name.replace("__", "."), content)
    return packed.getvalue()


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
