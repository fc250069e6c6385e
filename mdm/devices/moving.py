"""A terminal changes state: its principal, its piece of equipment, and why, in one place."""

from mdm.devices.fleet import Terminal
from mdm.equipment.following import follow
from muster.kernel.identity import posture
from muster.kernel.uow import UnitOfWork


def move(uow: UnitOfWork, terminal: Terminal, state: posture.State, reason: str) -> None:
    """Put a terminal into another state on somebody's word."""
    posture.move(uow, terminal.id, state)
    follow(uow, terminal.id, "found" if state == "enrolled" else state)
    terminal.managed.state_reason, terminal.managed.state_at = reason, uow.now()
