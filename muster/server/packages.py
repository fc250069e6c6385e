"""The list of what lives in the house: each package's wiring, ground floor first."""

from muster.kernel.ports import Wire
from muster.kernel.wiring import wire as wire_kernel

WIRES: tuple[Wire, ...] = (wire_kernel,)
