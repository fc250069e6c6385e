"""Where somebody is signed in, for security admins: end it all, or take lost factors away."""

from typing import Final
from uuid import UUID

from flask import Response, url_for

from admin_ui import chrome, forms
from admin_ui.blueprint import console
from admin_ui.pages.account import session_row
from admin_ui.showing import back_to, done, show
from muster.kernel.identity import authenticators, names, officers
from muster.kernel.web import actor, uow

_READ: Final = "identity.officer.read_sessions"
_END: Final = "identity.officer.end_sessions"
_RESET: Final = "identity.officer.reset_authenticators"


@console.route("/people/<uuid:officer_id>/sessions", actions=(_READ,))
def officer_sessions(officer_id: UUID) -> str:
    """The open sessions of one person."""
    held = authenticators.oversight.sessions_of(uow(), actor(), officer_id)
    person = names.officers(uow(), [officer_id])[officer_id]
    target = officers.target_by_id(uow(), actor(), officer_id)
    may_reset = chrome.may(_RESET, target)
    return show(
        "people/sessions.html",
        "people",
        person={"name": person.name, "number": person.number},
        sessions=[session_row(row) for row in held],
        end_url=url_for("console.officer_sessions_end", officer_id=officer_id),
        reset_url=url_for("console.officer_reset", officer_id=officer_id) if may_reset else "",
    )


@console.route("/people/<uuid:officer_id>/sessions/end", methods=["POST"], actions=(_END,))
@back_to(officer_sessions, "end")
def officer_sessions_end(officer_id: UUID) -> Response:
    """End every session of theirs, on terminals and at the console."""
    authenticators.oversight.end_sessions(uow(), actor(), officer_id, forms.reason())
    return done("session_ended", "console.officer_sessions", officer_id=officer_id)


@console.route("/people/<uuid:officer_id>/authenticators", methods=["POST"], actions=(_RESET,))
@back_to(officer_sessions, "reset")
def officer_reset(officer_id: UUID) -> Response:
    """Take every second factor of theirs away; they sign in with their password and add anew."""
    reason = forms.reason()
    person = names.officers(uow(), [officer_id]).get(officer_id)
    forms.confirmed(person.number if person else "")
    authenticators.oversight.reset(uow(), actor(), officer_id, reason)
    return done("factors_reset", "console.officer_sessions", officer_id=officer_id)
