"""What rules measure a release by: the standard of the house, and the app's past."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from appstore.apk import ApkFacts

Evidence = tuple[str, ...]


@dataclass(frozen=True)
class Standard:
    """The measures that rules apply; Android 14 itself refuses targets below 23."""

    target_sdk: int = 30
    rsa_bits: int = 2048
    ec_bits: int = 256
    growth_percent: int = 50


@dataclass(frozen=True)
class Past:
    """What the store knows of the app when a release comes in.

    `pins` are its signing certificates, oldest first; updates come from the last one or a proven
    successor. `highest` is the highest version code ever approved, 0 for none; `in_review` are
    those that wait. `previous` is the newest approved release. `kind` is the app's: apk|web.
    `waivers` say by rule who set it aside, until when and why.
    """

    pins: tuple[str, ...] = ()
    owned: bool = True
    highest: int = 0
    in_review: frozenset[int] = frozenset()
    retired: bool = False
    previous: ApkFacts | None = None
    kind: str = "apk"
    waivers: Mapping[str, str] = field(default_factory=dict)
