"""The list of what lives above the kernel: each package's wiring, lower floors first."""

from mdm.wiring import wire as wire_mdm
from muster.kernel.ports import Wire

WIRES: tuple[Wire, ...] = (wire_mdm,)
