"""The terminal that knocks at the agent door acts on itself and on nothing else."""

from muster.kernel.guard import Target
from muster.kernel.identity import Actor, DeviceUnknown, Terminal


def terminal_of(actor: Actor) -> Terminal:
    """Return the terminal behind the request; the door lets nobody else in."""
    if actor.device is None:
        raise DeviceUnknown
    return actor.device


def myself(actor: Actor) -> Target:
    """Return the terminal itself as the resource of a decision."""
    terminal = terminal_of(actor)
    return Target(
        "Device",
        str(terminal.id),
        {"state": terminal.state, "held": False},
        unit=terminal.unit_path,
    )
