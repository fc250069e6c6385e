"""Actors made by hand, for tests of decisions: nobody of them is in a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from muster.kernel.guard import SCOPES
from muster.kernel.identity import Actor, App, Person, Terminal
from muster.kernel.identity.actor import Post
from muster.kernel.ids import uuid7


def person(*posts: str, unit: str = "/CITY/NORTH/", **more: Any) -> Person:
    """Return an officer; each post is `role` (at their own unit) or `role@UNIT`."""
    code = unit.strip("/").rsplit("/", 1)[-1]
    held = [post.partition("@") for post in posts]
    facts: dict[str, Any] = {
        "id": uuid7(),
        "number": "204001",
        "name": "Chen Yu",
        "sworn": True,
        "rank": 2,
        "unit_id": UUID(int=1),
        "unit": code,
        "unit_path": unit,
        "posts": tuple(Post(role, at or code) for role, _, at in held),
    }
    return Person(**facts | more)


def terminal(*, tier: int = 2, state: str = "enrolled", **more: Any) -> Terminal:
    """Return a terminal that was found compliant a moment ago."""
    facts: dict[str, Any] = {
        "id": uuid7(),
        "label": "T-1",
        "unit_id": UUID(int=1),
        "unit": "NORTH",
        "unit_path": "/CITY/NORTH/",
        "jkt": "k" * 43,
        "posture_at": datetime.now(UTC),
    }
    return Terminal(tier=tier, state=state, **facts | more)


def console(*posts: str, **more: Any) -> Actor:
    """Return somebody at the console."""
    somebody = person(*posts, **more)
    now = datetime.now(UTC)
    return Actor(kind="officer", surface="console", person=somebody, aal=2, auth_at=now)


def field(*posts: str, device: Terminal | None = None, **more: Any) -> Actor:
    """Return an officer with a terminal in the field."""
    return Actor(
        kind="officer",
        surface="field",
        person=person(*posts, **more),
        device=device or terminal(),
        app=App(UUID(int=2), "muster.field", ("records",)),
        scope=tuple(SCOPES),
        aal=1,
    )
