"""From a request to a file of a repository. The unit of work only carries the decision.

What is read and noted on the way has short transactions of its own: a first index takes longer to
write down than a transaction may last.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

from appstore.fdroid import badge, freshness, issue, jar, stamps
from appstore.fdroid.errors import NotInRepository
from appstore.fdroid.index_v2 import FORMAT
from appstore.fdroid.keys import signer
from appstore.fdroid.loading import packages_of
from appstore.fdroid.reader import Reader
from appstore.fdroid.rendering import Rendering, known_rendering, rendered
from appstore.fdroid.repository import capability_path, group_path
from appstore.fdroid.sheet import file_name
from appstore.fdroid.splice import Spliced
from appstore.fdroid.stamps import Stand
from appstore.fdroid.views import resolve, visible
from appstore.releases.intake import MEDIA_TYPE
from mdm.groups import Group, of_device
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

PULL: Final = "app.fdroid.pull"
DOWNLOAD: Final = "app.fdroid.download"
_DIFF: Final = re.compile(r"diff/([0-9]{1,15})\.json")
_JSON: Final = "application/json"
_NOBODYS: Final = UUID(int=0)


Bytes = Callable[[int, int], Iterator[bytes]]
"""A range of a file: its offset and its length."""


@dataclass(frozen=True)
class File:
    """A file that may be sent; `read` gives a range, `gzipped` the whole of it compressed.

    One that the client has (`has` said so of its ETag) comes without bytes.
    """

    etag: str
    media_type: str
    size: int = 0
    read: Bytes | None = None
    gzipped: Callable[[], bytes] | None = None


def at_capability(actor: Actor, secret: str) -> tuple[Reader, Target]:
    """Return the reader of a secret address; the gate has found the terminal it is for."""
    assert actor.device is not None
    reader = Reader(_NOBODYS, capability_path(secret), actor.device.id)
    return reader, Target("Repository", reader.key, {"own": True}, actor.device.unit_path)


def at_group(uow: UnitOfWork, actor: Actor, group_id: UUID) -> tuple[Reader, Target]:
    """Return the reader of a group's address: the terminal that the credential names, else nobody's.

    Raises `NotInRepository` for an unknown group, and for one that the terminal is not in.
    """
    group = uow.session.get(Group, group_id)
    device, person = actor.device, actor.person
    if group is None or (device is not None and group_id not in of_device(uow, device.id)):
        raise NotInRepository
    reader = Reader(
        group_id,
        group_path(str(group_id)),
        device.id if device else None,
        sworn=person is not None and person.sworn,
    )
    unit = device.unit_path if device else uow.kernel.people.unit(group.unit_id).path
    return reader, Target("Repository", reader.key, {"own": device is not None}, unit)


def fetch(
    uow: UnitOfWork,
    actor: Actor,
    at: tuple[Reader, Target],
    name: str,
    has: Callable[[str], bool],
) -> File:
    """Return a file of a repository by its name below the address.

    `has` tells whether the client has what an ETag names. Raises `NotInRepository` for everything
    that is not in the repository, whether it exists or not.
    """
    reader, target = at
    if name.endswith(".apk"):
        return _apk(uow, actor, reader, target, name)
    guard.require(uow, actor, PULL, target)
    if name in issue.INDEXES or _DIFF.fullmatch(name):
        return _index(uow.kernel, reader, name, has)
    return _picture(uow, reader, name)


def _apk(uow: UnitOfWork, actor: Actor, reader: Reader, target: Target, name: str) -> File:
    """Resolve the view anew, whatever any mark or memory says: bytes are never given on trust."""
    decision = guard.require(uow, actor, DOWNLOAD, target)
    for one in visible(uow, reader):
        if name == file_name(one.package, one.version_code) and not one.vulnerable:
            decision.note(sha256=one.sha256)
            read = partial(uow.kernel.blobs.open_shared, one.sha256)
            return File(one.sha256, MEDIA_TYPE, one.size, read)
    decision.note(offered=False)
    raise NotInRepository


def _picture(uow: UnitOfWork, reader: Reader, name: str) -> File:
    if name == badge.PICTURE.path:
        return _held(badge.PICTURE.sha256, badge.PICTURE.media_type, badge.PNG)
    first, _, rest = name.partition("/")
    package = rest.rsplit(".", 2)[0] if first == "icons" else first
    shown = {one.release_id: False for one in visible(uow, reader) if one.package == package}
    for found in packages_of(uow, shown):
        for picture in found.words.pictures:
            if picture.path == name:
                read = partial(uow.kernel.blobs.open_shared, picture.sha256)
                return File(picture.sha256, picture.media_type, picture.size, read)
    raise NotInRepository


def _index(kernel: Kernel, reader: Reader, name: str, has: Callable[[str], bool]) -> File:
    stand, rendering = _stand(kernel, reader)
    if has(_etag(stand)):
        return File(_etag(stand), _JSON)
    if rendering is None:  # what is written down here must be what is stamped, so look anew
        stand, rendering = _resolved(kernel, reader)
    made = issue.Issue(kernel, reader, stand, rendering)
    if name == issue.ENTRY_JAR:
        return _held(_etag(stand), jar.MEDIA_TYPE, made.entry_jar())
    if name == issue.V1_JAR:
        return _held(_etag(stand), jar.MEDIA_TYPE, made.v1_jar())
    if name == issue.V2:
        return _json(stand, made.v2())
    since = _DIFF.fullmatch(name)
    diff = made.diffs().get(int(since[1])) if since else None
    if diff is None:
        raise NotInRepository
    return _json(stand, diff[0])


def _stand(kernel: Kernel, reader: Reader) -> tuple[Stand, Rendering | None]:
    """Return where a reader stands, with what that looks like if this process remembers."""
    _, stand = freshness.look(kernel, reader)
    if stand is None:
        return _resolved(kernel, reader)
    return stand, known_rendering(kernel, stand.view_key)


def _resolved(kernel: Kernel, reader: Reader) -> tuple[Stand, Rendering]:
    """Let a reader stand at what it sees now; what is new to it gets a higher stamp."""
    signer(kernel)
    mark, _ = freshness.look(kernel, reader)
    with kernel.reads() as reading:
        view = resolve(reading, reader)
        rendering = rendered(reading, view)
    return stamps.move(kernel, reader.key, view.key, mark, rendering.content), rendering


def _etag(stand: Stand) -> str:
    """Name the bytes of every index at an address: a stamp has one view, and signing is exact."""
    return f"{stand.stamp}-{FORMAT}"


def _json(stand: Stand, content: Spliced) -> File:
    held = _held(_etag(stand), _JSON, content.data)
    return replace(held, gzipped=lambda: content.gzipped)


def _held(etag: str, media_type: str, content: bytes) -> File:
    def read(offset: int, length: int) -> Iterator[bytes]:
        yield content[offset : offset + length]

    return File(etag, media_type, len(content), read)
