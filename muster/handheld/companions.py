"""A wearable comes in through the terminal it belongs to, and from then on is a terminal itself."""

from pathlib import Path
from typing import Any

from muster.handheld.terminal import Terminal


def bring(
    parent: Terminal, folder: Path, serial: str, device_class: str = "wearable", **options: Any
) -> Terminal:
    """Ask for a code with the parent's key, and let a new terminal in `folder` enrol with it.

    `device_class` is `wearable` or `body_camera`; `options` go to the new `Terminal`. The code is
    good once and for ten minutes, so it is not kept.
    """
    told = parent.connection.agent("POST", "/agent/v1/companions", {"device_class": device_class})
    wearable = Terminal(folder, **options)
    wearable.enrol(told["content"], serial)
    return wearable
