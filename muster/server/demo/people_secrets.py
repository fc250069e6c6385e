"""Passwords and PINs of one demo installation: random at first start, kept beside its data.

They are never constants, so a demo left running on a network has no password that can be read
in the source.
"""

import json
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkstemp

from muster.kernel.identity.authenticators import totp
from muster.kernel.identity.credentials import fresh_pin

FILE_NAME = "people.json"


class DemoStateError(Exception):
    """The state folder's secrets cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PersonSecret:
    """What one officer signs in with: `password` and `totp` on the console, `pin` on a terminal.

    `totp` is the secret of their authenticator app, in base32.
    """

    password: str = field(repr=False)
    pin: str = field(repr=False)
    totp: str = field(repr=False)


def secrets_for(state_dir: Path, numbers: Iterable[str]) -> dict[str, PersonSecret]:
    """The secrets of the officers with these `numbers`, by number.

    The first call in a state folder makes them and writes `people.json` with mode 0600; later
    calls, also from another process at the same time, read the same ones back. Raises
    DemoStateError when the file is damaged or lacks one of the officers.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    path, wanted = state_dir / FILE_NAME, list(numbers)
    if not path.exists():
        _create(path, {number: _fresh(number) for number in wanted})
    path.chmod(0o600)
    known = _read(path)
    if missing := [number for number in wanted if number not in known]:
        raise DemoStateError(
            f"{path} has no secret for {missing[0]}: it belongs to another demo; "
            "delete the state folder or name another with --state"
        )
    return {number: known[number] for number in wanted}


def _fresh(number: str) -> PersonSecret:
    return PersonSecret(secrets.token_urlsafe(15), fresh_pin(number), totp.fresh())


def _create(path: Path, people: dict[str, PersonSecret]) -> None:
    """Write aside and link into place: never half a file, and the first of two writers wins."""
    handle, draft = mkstemp(dir=path.parent, prefix=FILE_NAME)  # mkstemp opens with mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({number: asdict(person) for number, person in people.items()}, file, indent=1)
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()


def _read(path: Path) -> dict[str, PersonSecret]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {number: PersonSecret(**row) for number, row in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise DemoStateError(
            f"{path} is damaged: delete the state folder or name another with --state"
        ) from error
