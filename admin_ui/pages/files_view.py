"""Files of the download centre in words: kinds, audiences, and who may be chosen as one."""

from typing import Any, Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from admin_ui import chrome, words
from appstore.files import Described, Fetched, FileVersion, StoreFile, lookup
from mdm import groups
from mdm.groups import Group
from muster.kernel.identity import names
from muster.kernel.web import actor, uow

N_ = str
KINDS: Final = {
    "document": N_("Document"),
    "map": N_("Map"),
    "certificate": N_("Certificate"),
    "form": N_("Paper form"),
    "tool": N_("Windows tool"),
    "other": N_("Other"),
}
_MOST: Final = 200


def kinds() -> list[dict[str, str]]:
    """Return the kinds to choose one of."""
    return [{"value": kind, "label": words.of(KINDS, kind)} for kind in KINDS]


def groups_seen() -> list[Group]:
    """Return the groups of terminals that the person may see, at most 200."""
    if not chrome.may("mdm.group.list"):
        return []
    return list(groups.listing(uow(), actor(), limit=_MOST - 1))


def audiences(seen: list[Group]) -> list[dict[str, str]]:
    """Return whom a file may be for; one choice names the audience and its unit, group or role."""
    units = names.units_below(uow(), chrome.posts())
    return [
        {"value": "everyone", "label": _("Everyone")},
        {"value": "sworn", "label": _("Sworn officers")},
        *(
            {"value": f"unit:{unit.code}", "label": _("Unit: %(name)s", name=unit.name)}
            for unit in units
        ),
        *(
            {"value": f"group:{group.id}", "label": _("Terminals: %(name)s", name=group.name)}
            for group in seen
        ),
        *(
            {
                "value": f"role:{role}",
                "label": _("Role: %(name)s", name=words.of(words.ROLES, role)),
            }
            for role in words.ROLES
        ),
    ]


def audience_of(file: StoreFile) -> str:
    """Return the choice that a file's audience is."""
    if file.audience_unit_id is not None:
        return f"unit:{uow().kernel.people.unit(file.audience_unit_id).code}"
    named = file.audience_group_id or file.audience_role
    return f"{file.audience}:{named}" if named else file.audience


def told(file: StoreFile) -> str:
    """Return whom a file is for, in words."""
    if file.audience_unit_id is not None:
        name = uow().kernel.people.unit(file.audience_unit_id).name
        return _("Unit: %(name)s", name=name)
    if file.audience_group_id is not None:
        (group,) = groups.groups_in(uow(), [file.audience_group_id])
        return _("Terminals: %(name)s", name=group.name)
    if file.audience == "role":
        return _("Role: %(name)s", name=words.of(words.ROLES, file.audience_role))
    return _("Sworn officers") if file.audience == "sworn" else _("Everyone")


def aimed(choice: str) -> dict[str, Any]:
    """Return the audience that a choice names, as the use cases take it."""
    audience, _colon, named = choice.partition(":")
    if audience == "group":
        return {"audience": audience, "audience_group": UUID(named)}
    return (
        {"audience": audience, f"audience_{audience}": named} if named else {"audience": audience}
    )


def facts(file: StoreFile) -> dict[str, Any]:
    """Return what a page says of a file."""
    return {
        "slug": file.slug,
        "title": file.title,
        "title_zh": file.title_zh,
        "description": file.description,
        "kind": file.kind,
        "kind_name": words.of(KINDS, file.kind),
        "unit": uow().kernel.people.unit(file.unit_id).name,
        "audience": audience_of(file),
        "audience_name": told(file),
        "state": "published" if file.state == "open" else file.state,
        "version": file.version,
    }


def versions(described: Described) -> list[dict[str, Any]]:
    """Return a file's versions with what may be done with them, newest first."""
    may = chrome.may("app.file.withdraw", lookup.target(uow(), described.file))
    return [
        _version(described.file, version, described.fetched.get(version.id, Fetched()), may=may)
        for version in described.versions
    ]


def _version(
    file: StoreFile, version: FileVersion, fetched: Fetched, *, may: bool
) -> dict[str, Any]:
    alive = version.state not in ("withdrawn", "rejected")
    waits = version.state == "waiting" and version.approval_id and chrome.may("approvals.read")
    state = {"current": "published", "waiting": "awaiting_approval", "scanning": "checking"}
    return {
        "number": version.number,
        "name": version.original_name,
        "state": state.get(version.state, version.state),
        "refused": version.refused,
        "size": version.size,
        "sha256": version.sha256,
        "notes": version.notes,
        "at": version.created_at,
        "expires_at": version.expires_at,
        "terminals": fetched.terminals,
        "officers": fetched.officers,
        "approval_url": url_for("console.approval", approval_id=version.approval_id)
        if waits
        else "",
        "withdraw_url": url_for(
            "console.file_version_withdraw", slug=file.slug, number=version.number
        )
        if may and alive
        else "",
    }
