"""The terminals that play in the shift, and what the steps call their notes."""

from typing import Final

MAIN: Final = "patrol-1"
"""The terminal of the shift, in the pilot ring; step 11 loses and wipes it."""
OTHER: Final = "patrol-2"
"""A terminal outside the pilot ring."""
SPARE: Final = "patrol-3"
"""A terminal that is lost and found, and lost once more."""
PILOT: Final = "Pilot ring"
EVERYONE: Final = "All terminals"
PURPOSE: Final = "stop_check"
