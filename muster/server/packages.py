"""The list of what lives above the kernel: each package's wiring, lower floors first."""

from muster.kernel.ports import Wire

WIRES: tuple[Wire, ...] = ()
