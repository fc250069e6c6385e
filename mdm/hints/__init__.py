"""How terminals are told to look: their wishes by configuration, their addresses, and how it goes.

The carriers themselves live in `muster.kernel.hints`. Start with `service.py`; `wishes.py` tells
the kernel which carriers a terminal is to use, and when it last came; `pace.py` spreads those that
only come by themselves.
"""

from mdm.hints.service import Telling, health, of_device

__all__ = ["Telling", "health", "of_device"]
