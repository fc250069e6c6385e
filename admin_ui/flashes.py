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
    "found_none": ("ok", _("Reported found. Access comes back with the next good report.")),
    "found_cancelled": (
        "ok",
        _(
            "Reported found, and the wipe is cancelled. Access comes back with the next good report."
        ),
    ),
    "found_under_way": (
        "bad",
        _("Too late: the wipe is under way. The terminal stays lost until it has been erased."),
    ),
    "ordered": ("ok", _("Ordered. It is done once the terminal says so.")),
    "retire": ("ok", _("The terminal is retired.")),
    "wipe": ("info", _("The wipe waits for a second person.")),
    "cancelled": ("ok", _("Taken back.")),
    "mass_order": (
        "ok",
        _("Each terminal is decided on by itself. This page says how each stands."),
    ),
    "let_in": ("ok", _("Let in. It gets its configuration at its next check-in.")),
    "turned_away": ("ok", _("Turned away. Its key is not accepted again.")),
    "forgotten": ("ok", _("Forgotten. Terminals that came in stay.")),
    "rule_set": ("ok", _("Set, for terminals that come in from now on.")),
    "group_saved": ("ok", _("Saved. Terminals follow in a moment.")),
    "described": ("ok", _("Saved. The groups below hold now.")),
    "fdroid_access_revoked": ("ok", _("The address opens nothing any more.")),
    "revoked": ("ok", _("The token lets nobody in any more.")),
    "report_erased": ("ok", _("The report is erased.")),
    "certificate_revoked": ("ok", _("The certificate is worth nothing any more.")),
    "rule_saved": ("ok", _("Saved. Every terminal is being judged again.")),
    "sims_accepted": ("ok", _("Accepted. The next report is judged by it.")),
    "published": ("ok", _("In force. Terminals follow at their next check-in.")),
    "approved": ("ok", _("Approved, and carried out.")),
    "refused": ("ok", _("Refused. The requester sees your reason.")),
    "withdrawn": ("ok", _("The request is withdrawn.")),
    "suspended": ("ok", _("Suspended. Every session has ended.")),
    "reinstated": ("ok", _("Reinstated.")),
    "granted": ("ok", _("Granted. It holds from their next request.")),
    "reissue_asked": ("ok", _("The publishers are told.")),
    "assigned": ("ok", _("Assigned. Terminals follow at their next check-in.")),
    "unassigned": ("ok", _("Taken back. Terminals that have the app keep it.")),
    "rollout_changed": ("ok", _("Saved. Terminals follow at their next check-in.")),
    "asked": ("info", _("This waits for a second person.")),
    "taken": ("ok", _("Taken back. Their sessions have ended.")),
    "certified": ("ok", _("Certified.")),
    "left": ("ok", _("Let go. What they held is on the list of leavers.")),
    "lent": ("ok", _("Lent. It ends by itself.")),
    "opened": ("warn", _("Open for an hour at most. It will be reviewed.")),
    "confirmed": ("ok", _("Confirmed for another round.")),
    "reviewed": ("ok", _("Reviewed.")),
    "resolved": ("ok", _("Crossed off.")),
    "released": ("ok", _("The removals are being carried out.")),
    "kept": ("ok", _("Nobody is removed.")),
    "listed": ("ok", _("Saved. Officers read it now.")),
    "unlisted": ("ok", _("Taken back, with its pictures.")),
    "pictured": ("ok", _("The picture is in the listing.")),
    "unpictured": ("ok", _("The picture is out of the listing.")),
    "rejected": ("ok", _("Rejected. The publisher sees your reason.")),
    "fault_answered": ("ok", _("The officer is told.")),
    "waived": ("warn", _("Waived. The publisher may bring the release again.")),
    "waiver_revoked": ("ok", _("Taken back. The rule blocks again.")),
    "submitted": ("info", _("Submitted. An approver is asked.")),
    "uploaded": ("ok", _("Uploaded. It waits for an approver.")),
    "upload_rejected": ("bad", _("Rejected by the rules. This page says why; put it right.")),
    "agreed": ("ok", _("Approved. It may be rolled out.")),
    "half_agreed": ("info", _("You agreed. One more approver must agree as well.")),
    "promoted": ("ok", _("On its way to the terminals of the track.")),
    "promotion_asked": ("info", _("Production before the pilot waits for an approver.")),
    "resumed": ("ok", _("It goes on.")),
    "completed": ("ok", _("Complete. The release before is superseded.")),
    "release_retired": ("ok", _("Retired. Nobody is offered it any more.")),
    "release_blocked": ("warn", _("Blocked. Nobody is offered it any more.")),
    "track_saved": ("ok", _("Saved. Promotions follow it from now on.")),
    "token_revoked": ("ok", _("Revoked. The pipeline is refused from now on.")),
    "rolled_out": ("ok", _("The rollout has begun.")),
    "scopes_granted": ("ok", _("Granted. It holds from the next request on.")),
    "scopes_requested": ("ok", _("Asked for. A data steward will answer.")),
    "client_blocked": ("warn", _("Blocked. Every session of this app has ended.")),
    "client_unblocked": ("ok", _("Unblocked. Officers may sign in with it again.")),
    "sandbox_made": ("ok", _("The sandbox is ready.")),
    "passkey_added": ("ok", _("The passkey is added. Your other sessions have ended.")),
    "passkey_removed": ("ok", _("The passkey is removed. Your other sessions have ended.")),
    "app_removed": ("ok", _("The app is removed. Your other sessions have ended.")),
    "password": ("ok", _("The password is changed. Your other sessions have ended.")),
    "factors_reset": ("warn", _("Taken away. They must add a new second factor.")),
    "session_ended": ("ok", _("Ended.")),
    "marked_read": ("ok", _("Marked as read.")),
    "held": ("ok", _("Held. It stays until two people lift it.")),
    "drafted": ("ok", _("A new draft. It begins with what is in force.")),
    "saved": ("ok", _("Saved in the draft. Nothing is in force yet.")),
    "policies_asked": ("info", _("Publishing waits for a second person.")),
    "shadow": ("ok", _("In shadow: it is asked beside the set in force and decides nothing.")),
    "shadow_end": ("ok", _("The comparison has ended.")),
    "discarded": ("ok", _("The draft is given up.")),
    "asset_registered": ("ok", _("It is in the book.")),
    "asset_offered": ("info", _("Offered. The officer signs on a terminal, or here.")),
    "asset_signed": ("ok", _("Signed. The officer has it now.")),
    "offer_withdrawn": ("ok", _("The offer is withdrawn.")),
    "asset_returned": ("ok", _("Taken back into stock.")),
    "asset_moved": ("ok", _("Written down.")),
    "sim_placed": ("ok", _("The SIM card is in it now.")),
    "sim_taken_out": ("ok", _("The SIM card is out.")),
    "sim_registered": ("ok", _("The SIM card is in the book.")),
    "sim_changed": ("ok", _("The state of the SIM card is changed.")),
    "stock_begun": ("ok", _("The stock-take has begun. Scan what is there.")),
    "stock_closed": ("ok", _("Closed. The result stays as it is.")),
    "file_made": ("ok", _("Made. Upload its first version now.")),
    "file_saved": ("ok", _("Saved. Everybody sees it at once.")),
    "file_on_shelf": ("ok", _("The new version is on the shelf.")),
    "file_asked": ("info", _("A computer could run this file: it waits for a second person.")),
    "file_withdrawn": ("ok", _("Withdrawn. Nobody is given it any more.")),
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
