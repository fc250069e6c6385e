"""The terminals that play in the shift, and what the steps call their notes."""

from typing import Final

MAIN: Final = "patrol-1"
"""The terminal of the shift, in the pilot ring; step 9 loses and wipes it."""
OTHER: Final = "patrol-2"
"""A terminal outside the pilot ring."""
PILOT: Final = "Pilot ring"
EVERYONE: Final = "All terminals"
PURPOSE: Final = "stop_check"
