"""What every route declares: who may knock, how its transaction begins, what it may decide."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint as FlaskBlueprint
from flask import Flask

from muster.kernel.db import Mode

F = TypeVar("F", bound=Callable[..., Any])
_MARKS = "muster_marks"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Auth(enum.Enum):
    """Auth classes. A route without one stops the boot."""

    OPEN = "open"
    ENROL = "enrol"
    AGENT = "agent"
    FIELD = "field"
    DEPOSIT = "deposit"
    CONSOLE = "console"
    PUBLISHER = "publisher"
    CLIENT = "client"
    PATH = "path"


@dataclass(frozen=True)
class Mark:
    """One route's declaration.

    `limit` bounds the body in bytes. `idempotent` demands an Idempotency-Key. `surface` names the
    client credentials that open the route, or the gateway that knows the secrets of `path`. `actions` are the guard actions it may decide; `*`
    leaves them to an approval's executor. `page` answers people: refusals become HTML.
    """

    auth: tuple[Auth, ...]
    mode: Mode
    actions: tuple[str, ...] = ()
    limit: int = 256 * 1024
    idempotent: bool = False
    surface: str = ""
    page: bool = False


def mark_for(
    methods: list[str],
    auth: Auth | tuple[Auth, ...],
    *,
    mode: Mode | None = None,
    **rest: Any,
) -> Mark:
    """Build a mark; routes read when all their methods do, unless they say otherwise."""
    if mode is None:
        mode = Mode.READS if set(methods) <= _READING else Mode.WRITES
    mark = Mark(auth=auth if isinstance(auth, tuple) else (auth,), mode=mode, **rest)
    if mark.idempotent and mode is not Mode.WRITES:
        raise ValueError("an idempotent route keeps its answer: it must write")
    return mark


def keep(blueprint: FlaskBlueprint, endpoint: str, mark: Mark) -> None:
    """Remember a route's mark until the blueprint joins an app."""

    def register(state: Any) -> None:
        marks(state.app)[f"{state.name}.{endpoint}"] = mark

    blueprint.record(register)


def is_static(app: Flask, endpoint: str) -> bool:
    """Tell whether an endpoint is a blueprint's folder of static files: the one unmarked kind."""
    view = app.view_functions.get(endpoint)
    return getattr(view, "__func__", None) is FlaskBlueprint.send_static_file


def marks(app: Flask) -> dict[str, Mark]:
    """Return every mark of an app by endpoint."""
    table: dict[str, Mark] = app.extensions.setdefault(_MARKS, {})
    return table
