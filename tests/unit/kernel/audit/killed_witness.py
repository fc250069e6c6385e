"""Run by a test: a witness that is killed once the new state is written and not yet in its place."""

import os
import signal
import sys
from pathlib import Path

from muster.kernel.audit.witness.ledger import Ledger
from muster.kernel.audit.witness.serving import read


def die(event: str, arguments: tuple[object, ...]) -> None:
    if event == "os.rename" and str(arguments[0]).endswith("latest.json.new"):
        os.kill(os.getpid(), signal.SIGKILL)


ledger = Ledger(Path(sys.argv[1]), "witness.example/1")
request = read(Path(sys.argv[2]).read_bytes())
sys.addaudithook(die)
ledger.add(request, 1_700_000_000)
