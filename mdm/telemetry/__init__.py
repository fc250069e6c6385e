"""What terminals tell over time: inventory history, logs, crashes, and reports nobody can read.

Pure: `software.py` (deltas), `scrubbing.py` (personal data), `fingerprint.py` (which crashes are
one). `history.py`, `logs.py`, `crashes.py` and `quarantine.py` keep; `orders.py` says what a
terminal was told to tell. Terminals come through `mdm.gateways`.
"""

from mdm.telemetry.crashes import CrashQuery, crashed_terminals
from mdm.telemetry.logs import LEVELS, LogQuery
from mdm.telemetry.models import CrashGroup, HistoryEntry, LogLine, QuarantinedReport
from mdm.telemetry.ports import APP_OWNERS, AppOwners

__all__ = [
    "APP_OWNERS",
    "LEVELS",
    "AppOwners",
    "CrashGroup",
    "CrashQuery",
    "HistoryEntry",
    "LogLine",
    "LogQuery",
    "QuarantinedReport",
    "crashed_terminals",
]
