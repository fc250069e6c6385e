"""News from the access policies' room."""

from dataclasses import dataclass
from typing import ClassVar

from muster.kernel.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AccessPolicyPublished(Event):
    """Another set of access policies is in force; what people may hold may have changed."""

    name: ClassVar[str] = "access.policy_published"
    epoch: int
    number: int
