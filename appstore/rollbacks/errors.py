"""Refusals about ways back."""

from typing import ClassVar, Final

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class RollbackImpossible(Conflict):
    """`why` is the stable reason of `possible.py`."""

    code = "rollback_impossible"
    title = "Terminals cannot go back this way."
    TOLD: ClassVar[dict[str, str]] = {
        "other_app": "Both must be releases of the same app.",
        "not_older": "The release to go back to must have a lower version code.",
        "target_withdrawn": "The release to go back to is not one that may be installed.",
        "web_app": "A web app is mended on its server; there is no file to install.",
        "other_signer": "The older release is signed by another key; Android would not take updates.",
        "needs_newer_android": "The older release needs a newer Android than the bad one.",
        "never_went_out": "The bad release never reached a terminal.",
        "still_rolling": "The bad release still rolls: it would come back. Halt or block it first.",
        "nobody_has_it": "No terminal of this group says that it has the bad release.",
    }

    def __init__(self, why: str) -> None:
        super().__init__(self.TOLD[why], why=why)


class ReissueNotFound(NotFound):
    code = "reissue_not_found"
    title = "There is no such request to bring a release again."


class ReissueOpen(Conflict):
    code = "reissue_open"
    title = "Its publishers are asked to bring older code again already."


class ReissueOver(Conflict):
    code = "reissue_over"
    title = "This request was answered or taken back."


class ReissueOther(InvalidInput):
    code = "reissue_other_app"
    title = "An answer to this request is a release of the same app with a higher version code."


UNFIT: Final = (ReissueNotFound, ReissueOver, ReissueOther)
"""Why a release is no answer to the request it names."""


class ReinstallNotFound(NotFound):
    code = "reinstall_not_found"
    title = "There is no such order to go back."


class ReinstallOver(Conflict):
    code = "reinstall_over"
    title = "This order to go back is over."
