"""Which ways back a terminal can really go: Android decides, and it is asked here first. Pure."""

from dataclasses import dataclass
from typing import Final

INSTALLABLE: Final = ("approved", "rolling", "released", "superseded")
WENT_OUT: Final = ("rolling", "halted", "released", "superseded", "blocked", "retired")


@dataclass(frozen=True)
class Side:
    """One release as this decision sees it. `rolls` says whether a ring still sends it out."""

    app: object
    version_code: int
    state: str
    signer: str
    min_sdk: int
    kind: str = "apk"
    has_file: bool = True
    rolls: bool = False


def why_not_reissued(bad: Side, good: Side) -> str:
    """Return why a publisher cannot be asked to bring `good` again over `bad`; '' if they can."""
    return _first(
        other_app=good.app != bad.app,
        not_older=good.version_code >= bad.version_code,
        never_went_out=bad.state not in WENT_OUT,
        target_withdrawn=good.state == "blocked",
    )


def why_not_reinstalled(bad: Side, good: Side) -> str:
    """Return why terminals cannot go from `bad` back to `good`; '' if they can."""
    return _first(
        other_app=good.app != bad.app,
        not_older=good.version_code >= bad.version_code,
        web_app="web" in (good.kind, bad.kind),
        target_withdrawn=good.state not in INSTALLABLE or not good.has_file,
        other_signer=good.signer != bad.signer,
        needs_newer_android=good.min_sdk > bad.min_sdk,
        never_went_out=bad.state not in WENT_OUT,
        still_rolling=bad.rolls,
    )


def _first(**grounds: bool) -> str:
    return next((why for why, holds in grounds.items() if holds), "")
