"""The server and a witness in a process of its own: what is cosigned, and what is refused."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, insert, select, update

from muster.kernel.audit import Live, verify
from muster.kernel.audit.models import CHECKPOINTS, COSIGNATURES, ENTRIES, LEAVES, TILES
from muster.kernel.audit.witness.models import Witness
from muster.kernel.audit.witness.push import AWAY, push
from muster.kernel.audit.witness.standing import seen
from muster.kernel.db import Mode
from muster.kernel.kernel import Kernel
from muster.server.cli import main
from tests.conftest import KEY, House
from tests.factories.audit import seal_all
from tests.factories.mdm import Console, Force

COMMAND = "from muster.server.cli import main; main()"
LEAN = (
    "import sys, pathlib; from muster.kernel.audit.witness.serving import run; "
    "run(pathlib.Path(sys.argv[1]), '127.0.0.1', int(sys.argv[2]), 'witness.example/1')"
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


class Process:
    """`muster witness serve`, started, killed and started again on one state."""

    def __init__(self, state: Path) -> None:
        self.state, self.port = state, free_port()
        self.url, self.key = f"http://127.0.0.1:{self.port}", ""

    @contextmanager
    def running(self, *, command: bool = False) -> Iterator["subprocess.Popen[str]"]:
        """Run the command itself, or what it runs, which starts in a fraction of the time."""
        named = ["witness", "serve", "--state", str(self.state), "--port", str(self.port)]
        full = [COMMAND, *named, "--name", "witness.example/1"]
        process = subprocess.Popen(
            [sys.executable, "-c", *(full if command else [LEAN, str(self.state), str(self.port)])],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        try:
            self.key = process.stdout.readline().strip()
            assert self.key.startswith("witness.example/1+"), "the witness did not start"
            yield process
        finally:
            process.kill()
            process.wait(10)
            process.stdout.close()


@pytest.fixture
def auditor(force: Force) -> Console:
    return force.console("A9", "auditor", unit="CITY")


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path / "witness")


def lengthen(house: House, auditor: Console, times: int = 3) -> None:
    for _ in range(times):
        assert auditor.get("/admin/v1/audit/entries?limit=1").status_code == 200
    seal_all(house.kernel)


def told(kernel: Kernel, process: Process) -> None:
    """Tell the server of the witness, and the witness of the log, as operators do."""
    urls, keys = (process.url,), (process.key,)
    kernel.settings = replace(kernel.settings, witness_urls=urls, witness_keys=keys)
    with kernel.reads() as uow:
        (key, *_) = Live(uow).verifier_keys()
    arguments = ["witness", "trust", str(key), "--state", str(process.state)]
    assert CliRunner().invoke(main, arguments).exit_code == 0


def row(kernel: Kernel) -> Witness:
    with kernel.reads() as uow:
        return uow.session.scalars(select(Witness)).one()


def test_a_witness_follows_the_log_and_refuses_its_fork(
    house: House, force: Force, auditor: Console, process: Process
) -> None:
    kernel = house.kernel
    lengthen(house, auditor)
    with process.running(command=True) as first:
        told(kernel, process)
        push(kernel, {})
        assert (row(kernel).state, row(kernel).size) == ("ok", _size(kernel))
        lengthen(house, auditor)
        push(kernel, {})
        os.kill(first.pid, signal.SIGKILL)  # whatever it answered, it had stored
    lengthen(house, auditor)
    push(kernel, {})
    assert row(kernel).state == "unreachable"
    house.clock.advance(seconds=AWAY.total_seconds() + 1)
    push(kernel, {})
    assert force.notices().count("audit.witness_away") == 2  # auditors and security admins
    with process.running():
        push(kernel, {})
        assert (row(kernel).state, row(kernel).size) == ("ok", _size(kernel))
        kept = auditor.get("/admin/v1/audit/checkpoint").get_json()
        assert kept["note"].count("\N{EM DASH} ") == 2
        _keep_apart(kernel, auditor, kept["note"])
        _rewrite(kernel)
        assert _sound(kernel), "nothing in the rewritten log itself tells"
        with kernel.reads() as uow:
            assert not seen(uow)[0].holds
        push(kernel, {})
        assert (row(kernel).state, row(kernel).detail[:3]) == ("refused", "422")
        assert force.notices().count("audit.witness_refused") == 2
        _verify_with_witness(kernel, process, kept["note"])


def test_a_witness_killed_at_any_moment_never_contradicts_itself(
    house: House, auditor: Console, process: Process
) -> None:
    """Kills fall between, and into, requests; afterwards it still follows, with the same key."""
    kernel = house.kernel
    lengthen(house, auditor)
    keys = set()
    for delay in (0.0, 0.01):
        with process.running() as running:
            told(kernel, process)
            keys.add(process.key)
            killer = threading.Timer(delay, running.kill)
            killer.start()
            for _ in range(4):
                lengthen(house, auditor, 1)
                push(kernel, {})
            killer.join()
    with process.running():
        lengthen(house, auditor, 1)
        push(kernel, {})
    assert len(keys) == 1
    assert (row(kernel).state, row(kernel).size) == ("ok", _size(kernel))
    with kernel.reads() as uow:
        (standing,) = seen(uow)
    assert (standing.holds, standing.behind) == (True, 0)


def test_a_log_cut_short_is_refused(house: House, auditor: Console, process: Process) -> None:
    kernel = house.kernel
    lengthen(house, auditor)
    with process.running():
        told(kernel, process)
        lengthen(house, auditor)
        push(kernel, {})
        known = _size(kernel)
        with kernel.db.session(Mode.WRITES) as session:  # as somebody with the owner's rights
            for table, column in ((CHECKPOINTS, "size"), (COSIGNATURES, "size")):
                session.execute(delete(table).where(table.c[column] > 4))
            session.execute(delete(LEAVES).where(LEAVES.c.seq >= 4))
            session.execute(delete(Witness))
            session.commit()
        push(kernel, {})
    assert row(kernel).state == "refused"
    assert f"knows {known} entries" in row(kernel).detail


def _size(kernel: Kernel) -> int:
    with kernel.reads() as uow:
        return Live(uow).head.size


def _sound(kernel: Kernel) -> bool:
    with kernel.reads() as uow:
        return verify(Live(uow, index=False)).ok


def _rewrite(kernel: Kernel) -> None:
    """Change an entry, then build tree and checkpoints anew and sign with the real key."""
    with kernel.db.session(Mode.WRITES) as session:
        first = session.execute(select(CHECKPOINTS).order_by(CHECKPOINTS.c.size)).mappings().first()
        assert first is not None
        for table in (CHECKPOINTS, TILES):
            session.execute(delete(table))
        session.execute(insert(CHECKPOINTS), dict(first))
        cosigned = session.scalar(select(LEAVES.c.n).where(LEAVES.c.seq == first["size"]))
        session.execute(delete(LEAVES).where(LEAVES.c.seq >= first["size"]))
        session.execute(update(ENTRIES).where(ENTRIES.c.n == cosigned).values(canonical=b'{"v":1}'))
        session.commit()
    seal_all(kernel)


def _keep_apart(kernel: Kernel, auditor: Console, note: str) -> None:
    size = int(note.split("\n")[1])
    proof = auditor.get("/admin/v1/audit/consistency", query_string={"old": max(size - 2, 1)})
    assert proof.status_code == 200
    assert proof.get_json()["size"] >= size


def _verify_with_witness(kernel: Kernel, process: Process, note: str) -> None:
    """The command finds the fork from the witness's own word, and from a kept file."""
    from muster.server.demo.state import environment

    environ = environment(kernel.settings)
    del environ["MUSTER_MASTER_KEY_FILE"]
    environ["MUSTER_MASTER_KEY"] = base64.b64encode(KEY).decode()
    file = process.state / "kept.txt"
    file.write_text(note, encoding="utf-8")
    arguments = ["audit", "verify", "--witness", process.url, "--witness", str(file)]
    told = CliRunner().invoke(main, [*arguments, "--witness-key", process.key], env=environ)
    assert told.exit_code == 1, told.output
    assert re.search(r"entr(y|ies) \d+.*a checkpoint kept elsewhere", told.output), told.output
