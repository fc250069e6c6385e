"""What was just done, told once on the next page: a code in a short-lived cookie, never text."""

from typing import Any, Final

from flask import Response, g, request, url_for
from flask_babel import lazy_gettext as _

_COOKIE: Final = "__Host-muster-done"
_SECONDS: Final = 60
_WORDS: Final = {
    "lock": ("ok", _("The terminal will be locked.")),
    "unlock": ("ok", _("The terminal will be unlocked.")),
    "message": ("ok", _("The message is on its way.")),
    "refresh": ("ok", _("The terminal is told to look for news.")),
    "report_lost": ("warn", _("Reported lost. All access has ended.")),
    "report_found": ("ok", _("Reported found. Access comes back with the next good report.")),
    "retire": ("ok", _("The terminal is retired.")),
    "wipe": ("info", _("The wipe waits for a second person.")),
    "cancelled": ("ok", _("Taken back.")),
    "bulk": ("ok", _("Ordered for every selected terminal.")),
    "revoked": ("ok", _("The token lets nobody in any more.")),
    "published": ("ok", _("In force. Terminals follow at their next check-in.")),
    "approved": ("ok", _("Approved, and carried out.")),
    "refused": ("ok", _("Refused. The requester sees your reason.")),
    "withdrawn": ("ok", _("The request is withdrawn.")),
    "suspended": ("ok", _("Suspended. Every session has ended.")),
    "reinstated": ("ok", _("Reinstated.")),
    "rejected": ("ok", _("Rejected. The publisher sees your reason.")),
    "rolled_out": ("ok", _("The rollout has begun.")),
    "halted": ("warn", _("Halted. Nobody else installs it.")),
}


def leave(response: Response, code: str, command_id: str = "") -> Response:
    """Leave word for the next page; with a command it can be undone there."""
    value = f"{code}.{command_id}" if command_id else code
    response.set_cookie(
        _COOKIE, value, max_age=_SECONDS, secure=True, httponly=True, samesite="Strict"
    )
    return response


def take() -> list[dict[str, Any]]:
    """Return what the last act left; it is told once."""
    code, _dot, command_id = request.cookies.get(_COOKIE, "").partition(".")
    if code not in _WORDS:
        return []
    g.console_told = True
    tone, text = _WORDS[code]
    undo = url_for("console.command_cancel", command_id=command_id) if command_id else ""
    return [{"tone": tone, "text": text, "undo_url": undo}]


def forget(response: Response) -> Response:
    """Erase what was told."""
    if g.get("console_told"):
        response.delete_cookie(_COOKIE, secure=True, httponly=True, samesite="Strict")
    return response
