"""The classes of terminals: each has its own configuration layer and compliance profile."""

from typing import Final

CLASSES: Final = ("handheld", "vehicle", "wearable", "body_camera")
CARRIED: Final = ("wearable", "body_camera")
"""Those that join through another terminal."""
