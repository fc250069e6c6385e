"""A guard of one test's own policies, in a kernel that is otherwise whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from muster.kernel.guard import Action, Attribute, Audited, Fragment, Guard, ResourceType
from muster.kernel.kernel import Kernel
from tests.conftest import settings_for

THING = ResourceType("Thing", {"unit": Attribute("Unit"), "vip": Attribute("Bool")})
ACTIONS = [
    Action("thing.read", "Thing"),
    Action("thing.write", "Thing", groups=("data", "data_write")),
    Action("thing.search", "Thing", groups=("data", "needs_purpose")),
    Action("thing.touch", "Thing", audited=Audited.COUNTED),
    Action("thing.glance", "Thing", audited=Audited.ON_DENIAL),
    Action("thing.serve", "Thing", groups=("agent_door",), principals=("Terminal",)),
]
POLICIES = """
@id("thing.officers")
permit (principal is Officer, action in [
  Action::"thing.read", Action::"thing.write", Action::"thing.search", Action::"thing.touch",
  Action::"thing.glance"
], resource)
when { principal.posts has officer && resource.unit in principal.posts.officer };

@id("thing.vips-are-for-supervisors")
@advice("Ask your supervisor.")
forbid (principal, action, resource is Thing)
when { resource.vip } unless { principal is Officer && principal.posts has supervisor };
"""

Build = Callable[..., Guard]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds a guard from one feature's fragment."""

    def make(policies: str = POLICIES, actions: list[Action] | None = None) -> Guard:
        fragment = Fragment("things", [THING], ACTIONS if actions is None else actions, policies)
        return Guard([fragment], settings_for(tmp_path, "sqlite://"))

    return make


@pytest.fixture
def guarded(kernel: Kernel, build: Build) -> Kernel:
    """The whole kernel with the guard of things."""
    return replace(kernel, guard=build())
