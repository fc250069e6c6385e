"""What can go wrong with a key: it is not there, its seal is broken, or it is too young."""

from muster.kernel.errors import Conflict


class KeyMissingError(LookupError):
    """No key of this purpose has this id, or it is past its end. Never raised for a live key."""


class SealBrokenError(ValueError):
    """Sealed bytes were changed, cut, moved to another place or sealed under another key."""


class RotationTooSoon(Conflict):
    code = "key_rotation_too_soon"
    title = "The next key was published less than 24 hours ago: clients may not know it yet."
