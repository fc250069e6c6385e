"""Who asks: the same facts whichever door the request came through."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Kind = Literal["officer", "terminal", "system", "nobody"]


@dataclass(frozen=True)
class Post:
    """A role in force at a unit and below it, within its dates; `kind` as in `RoleGrant`."""

    role: str
    unit: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    kind: str = "standing"

    def holds(self, at: datetime) -> bool:
        """Whether the grant is in force at a moment."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )


@dataclass(frozen=True)
class Certification:
    """Leave to use one data set, such as `registers.persons`; None lasts until it is taken back."""

    dataset: str
    valid_until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is still valid at a moment."""
        return self.valid_until is None or at < self.valid_until


@dataclass(frozen=True)
class Person:
    """The officer behind a request; `unit` is the unit's code, `unit_path` its ancestors.

    `duty_until` is the end of the shift the roster gave them, None where no roster says.
    """

    id: UUID
    number: str
    name: str
    sworn: bool
    rank: int
    unit_id: UUID
    unit: str
    unit_path: str
    posts: tuple[Post, ...] = ()
    certifications: tuple[Certification, ...] = ()
    duty_until: datetime | None = None


@dataclass(frozen=True)
class Terminal:
    """The terminal behind a request and the posture it last proved.

    With a parent (`parent_id`), state, tier and age are the worse of both: see `tether.py`.
    """

    id: UUID
    label: str
    state: str
    tier: int
    unit_id: UUID
    unit: str
    unit_path: str
    jkt: str | None
    posture_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    parent_id: UUID | None = None

    def age(self, at: datetime) -> timedelta:
        """Return how long ago posture was judged; never judged is for ever."""
        return timedelta.max if self.posture_at is None else at - self.posture_at


@dataclass(frozen=True)
class App:
    """The registered client that carries the request; a sandbox client is a developer's own."""

    id: UUID
    name: str
    scopes: tuple[str, ...] = ()
    sandbox: bool = False


@dataclass(frozen=True)
class Origin:
    """Where the request came from: its id, network address, zone and user agent.

    `certificate` is the client certificate (DER) whose key our own proxy saw proved in the TLS
    handshake; whose it is, and whether it stands, is not yet decided.
    """

    request_id: str = "-"
    address: str = ""
    zone: str = "internet"
    agent: str = ""
    certificate: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Actor:
    """Person, terminal and client as one, with the surface they came through.

    `surface` is the auth class (field, agent, deposit, console, publisher, client, enrol, system).
    `aal` is the assurance of the sign-in (SP 800-63B), `amr` how it was made (RFC 8176: pin, pwd,
    otp, hwk, …) and `auth_at` when it was last made anew. `must_change`: somebody else set the secret
    they came with, so all they may do is choose their own.
    """

    kind: Kind
    surface: str
    person: Person | None = None
    device: Terminal | None = None
    app: App | None = None
    session_id: UUID | None = None
    purpose: str = ""
    scope: tuple[str, ...] = ()
    aal: int = 0
    amr: tuple[str, ...] = ()
    auth_at: datetime | None = None
    must_change: bool = False
    origin: Origin = field(default_factory=Origin)

    @property
    def id(self) -> UUID:
        """The id of the officer, or of the terminal that acts by itself."""
        if self.person is not None:
            return self.person.id
        if self.device is not None:
            return self.device.id
        return UUID(int=0)

    @property
    def label(self) -> str:
        """A short name for logs and pages: number of the officer or label of the terminal."""
        if self.person is not None:
            return self.person.number
        return self.device.label if self.device is not None else self.kind


NOBODY = Actor(kind="nobody", surface="open")


def system(name: str) -> Actor:
    """Return the server itself acting as a named job or command."""
    return Actor(kind="system", surface="system", app=App(UUID(int=0), name))
