"""What each agent can be told: honest about what an unmodified foreign agent cannot do."""

from typing import Final

from mdm.commands.states import KINDS

CAN: Final[dict[str, frozenset[str]]] = {
    "native": frozenset(KINDS),
    "headwind": frozenset(
        ("wipe", "lock", "unlock", "reboot", "reset_passcode", "message", "refresh",
         "install", "remove", "collect_logs", "locate")
    ),
}  # fmt: skip
"""Which kinds of command a terminal takes, by the protocol its agent speaks."""
