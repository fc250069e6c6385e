"""Ways back from a bad release, as Android really allows them; halting one is `rollouts`.

Pure: `possible.py` (which ways are open). `reissues.py` asks publishers to bring old code under a
higher version code; `reinstalls.py` orders terminals to remove and install, which loses what the
app kept; `turns.py` is what each terminal is told of it and says.
"""

from appstore.rollbacks.errors import (
    ReinstallNotFound,
    ReinstallOver,
    ReissueNotFound,
    ReissueOpen,
    ReissueOver,
    RollbackImpossible,
)
from appstore.rollbacks.models import Reinstall, ReinstallTurn, Reissue
from appstore.rollbacks.possible import WENT_OUT, Side, why_not_reinstalled, why_not_reissued

__all__ = [
    "WENT_OUT",
    "Reinstall",
    "ReinstallNotFound",
    "ReinstallOver",
    "ReinstallTurn",
    "Reissue",
    "ReissueNotFound",
    "ReissueOpen",
    "ReissueOver",
    "RollbackImpossible",
    "Side",
    "why_not_reinstalled",
    "why_not_reissued",
]
