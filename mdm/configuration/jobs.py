"""Compiling what many terminals are to be."""

from typing import Any
from uuid import UUID

from mdm.configuration.desired import refresh
from muster.kernel.kernel import Kernel


def compile_batch(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.desired.compile`: compile one batch in one commit."""
    with kernel.writes() as uow:
        refresh(uow, [UUID(device_id) for device_id in payload["devices"]])
