"""A publication in one process is in force in another from its next request on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from muster.kernel.settings import Settings
from tests.conftest import KEY

from .conftest import Office

CHILD = """
import base64, json, sys
from pathlib import Path
from muster.kernel.settings import Settings
from muster.server.app import create_app
from muster.server.assembly import assemble, close

given = json.loads(sys.argv[1])
kernel = assemble(Settings(
    master_key=base64.b64decode(given["key"]), state_dir=Path(given["state"]),
    database_url=given["database"], origin="http://localhost:8000", blob_url=given["blobs"],
))
client = create_app(kernel).test_client()
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    headers = {"Authorization": "Bearer " + asked["secret"]}
    answer = client.open(asked["path"], method=asked["method"], headers=headers, json=asked["body"])
    print(json.dumps([answer.status_code, answer.get_json()]), flush=True)
close(kernel)
"""


@contextmanager
def another_process(settings: Settings) -> Iterator[Any]:
    import base64

    given = {
        "key": base64.b64encode(KEY).decode(),
        "state": str(settings.state_dir),
        "database": settings.database_url,
        "blobs": settings.blob_url,
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps(given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert child.stdin
    assert child.stdout
    stdin, stdout = child.stdin, child.stdout
    assert stdout.readline() == "ready\n"

    def ask(secret: str, path: str, method: str = "GET", body: Any = None) -> Any:
        stdin.write(
            json.dumps({"secret": secret, "path": path, "method": method, "body": body}) + "\n"
        )
        stdin.flush()
        return json.loads(stdout.readline())

    try:
        yield ask
    finally:
        stdin.close()
        assert child.wait(20) == 0
        stdout.close()


def test_a_publication_is_in_force_in_every_process_from_the_next_request_on(
    office: Office,
) -> None:
    log, secret = "/admin/v1/audit/entries", office.auditor.secret
    closed = '@id("x.none") forbid (principal, action == Action::"audit.entry.list", resource);'
    with another_process(office.house.kernel.settings) as ask:
        assert ask(secret, log)[0] == 200
        office.publish(expert=closed)
        assert office.auditor.get(log).status_code == 403
        status, problem = ask(secret, log)
        assert (status, problem["rule"]) == (403, "x.none")
        approval = office.ask(office.draft(expert=""))
        path = f"/admin/v1/approvals/{approval}/approve"
        assert ask(office.second.secret, path, "POST")[0] == 200
        assert office.auditor.get(log).status_code == 200
        assert ask(secret, log)[0] == 200
