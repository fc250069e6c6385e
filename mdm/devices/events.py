"""News about terminals."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from muster.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DeviceEnrolled(Event):
    """A terminal became ours."""

    name: ClassVar[str] = "mdm.device_enrolled"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeviceLost(Event):
    """A terminal was reported lost: nothing of the house may reach it but a wipe."""

    name: ClassVar[str] = "mdm.device_lost"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeviceFound(Event):
    """A lost terminal is back; it sees data again once it has reported."""

    name: ClassVar[str] = "mdm.device_found"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeviceWiped(Event):
    """A terminal confirmed that it erased itself."""

    name: ClassVar[str] = "mdm.device_wiped"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeviceRetired(Event):
    """A terminal left service for good."""

    name: ClassVar[str] = "mdm.device_retired"
    device_id: UUID


@dataclass(frozen=True, kw_only=True)
class HolderChanged(Event):
    """A terminal was handed to somebody else, or taken back."""

    name: ClassVar[str] = "mdm.holder_changed"
    device_id: UUID
