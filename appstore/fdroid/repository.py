"""What people need to add a repository to a client: its address, its fingerprint, its links."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from appstore.fdroid.keys import fingerprint, signer_within
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.settings import Settings

DESCRIPTION: Final = "Apps of the force, as this terminal may have them."
_GROUP: Final = "{group_id}"


@dataclass(frozen=True)
class Facts:
    """What is the same at every address: `group_url` has `{group_id}` to be filled in."""

    name: str
    fingerprint: str
    group_url: str
    mirrors: tuple[str, ...]


@dataclass(frozen=True)
class Links:
    """One repository: its address, the link that clients open, and the one for any phone's camera."""

    repo_url: str = field(repr=False)
    link: str = field(repr=False)
    deep_link: str = field(repr=False)


def facts(uow: UnitOfWork, actor: Actor) -> Facts:
    """Tell the fingerprint to whoever wants to compare it."""
    guard.require(uow, actor, "app.fdroid.read", guard.FORCE)
    settings = uow.kernel.settings
    return Facts(
        settings.fdroid_name,
        fingerprint(signer_within(uow)),
        settings.origin + group_path(_GROUP),
        settings.fdroid_mirrors,
    )


def links(uow: UnitOfWork, path: str) -> Links:
    """Return the links to a repository; clients trust the fingerprint in them, not the first answer."""
    url = uow.kernel.settings.origin + path
    link = f"{url}?fingerprint={fingerprint(signer_within(uow))}"
    return Links(url, link, f"https://fdroid.link/#{link}")


def to_group(uow: UnitOfWork, group_id: UUID) -> Links:
    """Return the links to a group's repository; the client is given a name and a password too."""
    return links(uow, group_path(str(group_id)))


def group_path(group_id: str) -> str:
    """Return where a group's repository lies."""
    return f"/fdroid/{group_id}/repo"


def capability_path(secret: str) -> str:
    """Return where the repository of a capability lies."""
    return f"/fdroid/t/{secret}/repo"


def addresses(settings: "Settings", path: str) -> tuple[str, list[str]]:
    """Return a repository's address and those of its mirrors, caches that fetch by the same path."""
    return settings.origin + path, [mirror + path for mirror in settings.fdroid_mirrors]
