"""What a feature tells the guard: its resource types, its actions and its default policies.

Each room's `access.py` holds one `Fragment`; `wiring.py` answers the `FRAGMENTS` port with it.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from muster.kernel.ports import Port

CedarType = Literal["String", "Long", "Bool", "Unit", "Set<String>"]


class Audited(enum.Enum):
    """When a decision becomes an audit row. No action is unrecorded."""

    ALWAYS = "always"
    ON_DENIAL = "on denial"
    COUNTED = "one row per actor, action and minute"


@dataclass(frozen=True)
class Attribute:
    """One attribute of a resource type; `column` lets list filters become SQL.

    For the type `Unit` the column holds the unit's id.
    """

    type: CedarType
    column: Any = None
    optional: bool = False


@dataclass(frozen=True)
class ResourceType:
    """A kind of thing that is acted on. Mandatory attributes are NOT NULL columns."""

    name: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """An act on one resource type.

    `groups`: `data` (needs a compliant terminal), `data_write` (also a fresh posture),
    `needs_purpose`, `agent_door`, `deposit_door`, `console`. `approval`: a second person must
    agree. `internal`: only jobs and commands decide it, no route mentions it.
    """

    name: str
    resource: str
    groups: tuple[str, ...] = ()
    audited: Audited = Audited.ALWAYS
    principals: tuple[str, ...] = ("Officer",)
    approval: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Fragment:
    """A feature's part of the access schema, with the default policies it ships."""

    name: str
    resources: Sequence[ResourceType] = ()
    actions: Sequence[Action] = ()
    policies: str = ""


@dataclass(frozen=True)
class Target:
    """The resource of one decision. `unit` is the unit's path (`/CITY/NORTH/`), if it has one."""

    type: str
    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None


FRAGMENTS: Port[Fragment] = Port("guard fragments")
GROUPS = ("data", "data_write", "needs_purpose", "agent_door", "deposit_door", "console")
FORCE = Target("Force", "force")


def policies_beside(package: str, name: str = "access.cedar") -> str:
    """Return the text of the policy file that lies beside a room's `access.py`."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
