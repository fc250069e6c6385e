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
    `needs_purpose`, `agent_door`, `deposit_door`, `console`, `own_account`, `policy_repair` (what
    publishing a better set needs). `scope`: what the app
    must have been granted for its officer to act through it, one of `SCOPES`. `step_up`: grave
    enough to ask who is there once more (RFC 9470). `approval`: a second person must agree.
    `internal`: only jobs and commands decide it, no route mentions it. `operation`: what it does
    with personal data, where its verb does not say so (`audit/operations.py`).
    """

    name: str
    resource: str
    groups: tuple[str, ...] = ()
    audited: Audited = Audited.ALWAYS
    principals: tuple[str, ...] = ("Officer",)
    scope: str = ""
    step_up: bool = False
    approval: bool = False
    internal: bool = False
    operation: str = ""

    @property
    def changes(self) -> bool:
        """Whether it changes anything beyond one's own account and the audit log's own room."""
        if "own_account" in self.groups or "." not in self.name or self.name.startswith("audit."):
            return False
        return self.name.rpartition(".")[2].partition("_")[0] not in READING

    @property
    def parents(self) -> tuple[str, ...]:
        """The groups that policies may name instead of the action."""
        scoped = (f"scope:{self.scope}",) if self.scope else ()
        grave = ("step_up",) if self.step_up else ()
        return (*self.groups, *scoped, *grave, *(("changes",) if self.changes else ()))


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


READING = frozenset(
    ("read", "list", "see", "search", "find", "review", "open", "listen", "keys", "pull", "download",
     "desired", "configuration", "explain", "preview", "compare", "verify", "prove")
)  # fmt: skip
"""First words of verbs that change nothing; an action of any other verb is not for auditors."""
FRAGMENTS: Port[Fragment] = Port("guard fragments")
SCOPES = {
    "records": "forms, records and evidence that officers take in",
    "checks": "background checks under a purpose",
    "tasks": "incidents and tasks",
    "maps": "addresses, layers and map packages",
    "positions": "where terminals are",
    "sync": "what a terminal may hold offline",
    "apps": "the store's catalogue and downloads",
    "people": "who joins, moves and leaves, from the personnel system",
    "supervision": "what supervisors do for their officers from their own terminal",
}
"""What a registered app can be granted; the owner of the data grants it."""
GROUPS = (
    "data",
    "data_write",
    "needs_purpose",
    "agent_door",
    "deposit_door",
    "console",
    "own_account",
    "policy_repair",
    "step_up",
    "changes",
    *(f"scope:{name}" for name in SCOPES),
)
FORCE = Target("Force", "force")


def policies_beside(package: str, name: str = "access.cedar") -> str:
    """Return the text of the policy file that lies beside a room's `access.py`."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
