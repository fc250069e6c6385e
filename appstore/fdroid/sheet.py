"""What is shown of a view, free of any format: packages, their versions, texts and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Text = Mapping[str, str]
"""Locale, as Android writes it (`en-US`, `zh-CN`), to text; locales without any are left out."""


@dataclass(frozen=True)
class Picture:
    """A picture of a package, served under `path` below the repository's address."""

    path: str
    sha256: str
    size: int
    media_type: str = "image/png"

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Words:
    """What people wrote about an app, and its pictures by locale."""

    name: Text = field(default_factory=dict)
    summary: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    icon: Mapping[str, Picture] = field(default_factory=dict)
    phone: Mapping[str, Sequence[Picture]] = field(default_factory=dict)

    @property
    def pictures(self) -> list[Picture]:
        """Every picture."""
        return [*self.icon.values(), *(shot for shots in self.phone.values() for shot in shots)]


@dataclass(frozen=True)
class Version:
    """One release of a package; `added` is milliseconds since 1970, `facts` what the APK says."""

    release_id: UUID
    version_code: int
    version_name: str
    sha256: str
    size: int
    signer: str
    added: int
    facts: Mapping[str, Any]
    whats_new: Text = field(default_factory=dict)
    vulnerable: bool = False


@dataclass(frozen=True)
class Package:
    """One app with the releases that are shown of it, the highest first; there is at least one."""

    package: str
    words: Words
    category: str
    preferred_signer: str
    versions: Sequence[Version]

    @property
    def added(self) -> int:
        """When its first version here came."""
        return min(version.added for version in self.versions)

    @property
    def last_updated(self) -> int:
        """When its last version here came."""
        return max(version.added for version in self.versions)


@dataclass(frozen=True)
class Repo:
    """What a repository says of itself at one address under one timestamp (ms since 1970)."""

    name: str
    description: str
    address: str
    timestamp: int
    mirrors: Sequence[str] = ()
    categories: Sequence[str] = ()


def file_name(package: str, version_code: int) -> str:
    """Return how the APK of a version is called in every repository."""
    return f"{package}_{version_code}.apk"
