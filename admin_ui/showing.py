"""How a page is answered: shown in its frame, refused on the page it came from, or redirected."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from admin_ui import chrome, confirmation, flashes, locale
from muster.kernel import i18n
from muster.kernel.errors import DomainError
from muster.kernel.guard import StepUpRequired
from muster.kernel.identity import authenticators
from muster.kernel.web import actor, kernel

_DEFAULT: Final = "default-deny"
_TWO_FACTORS: Final = 2
_NEVER_SHOWN_AGAIN: Final = {
    "csrf_token",
    "credential",
    "password",
    "android_wifi_password",
    "otp",
    "code",
    "current",
    "new",
    "passcode",
    "repeated",
    "pin",
}
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Again:
    """The page to show once more when an act is refused, and the dialog that asked for it."""

    view: Callable[..., Any]
    values: dict[str, Any]
    dialog: str


def show(template: str, room: str, **view: Any) -> str:
    """Render a page in its frame, with what was wrong with the act that led back to it.

    A session of a password alone sees its own account and nothing else.
    """
    if room != "account" and actor().aal < _TWO_FACTORS:
        raise authenticators.SecondFactorRequired
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    return render_template(template, **{**chrome.frame(room), **told, **view})


def done(code: str, endpoint: str, *, command_id: str = "", **values: Any) -> Response:
    """Answer an act: on to a page (303), which tells what was done."""
    onwards = redirect(url_for(endpoint, **values), 303)
    return flashes.leave(cast("Response", onwards), code, command_id)


def back_to(
    view: Callable[..., Any], dialog: str = "", *, keys: Collection[str] | None = None
) -> Callable[[F], F]:
    """Show `view` again, with the reason and what was typed, if the act is refused.

    `keys` are the parts of the act's address that the view takes, by default all.
    """

    def decorate(act: F) -> F:
        @wraps(act)
        def run(**values: Any) -> Any:
            kept = values if keys is None else {key: values[key] for key in keys}
            g.console_again = Again(view, kept, dialog.format(**values))
            return act(**values)

        return cast("F", run)

    return decorate


def refused(error: DomainError) -> Response:
    """Answer a refusal with a page: sign-in, the page the act came from, or one of its own."""
    if error.code == "secret_change_required":
        return cast("Response", redirect(url_for("console.password"), 303))
    if isinstance(error, StepUpRequired):
        return confirmation.ask()
    if isinstance(error, authenticators.SecondFactorRequired):
        return cast("Response", redirect(url_for("console.account"), 303))
    if error.status == 401:
        return cast("Response", redirect(url_for("console.sign_in", next=_wanted()), 303))
    again: Again | None = g.pop("console_again", None)
    body = _again(again, error) if again is not None else None
    response = make_response(body or _alone(error), error.status)
    response.headers.update(error.headers)
    return response


def _wanted() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _again(again: Again, error: DomainError) -> str | Response | None:
    """Show the page in a unit of its own: the one of the act was rolled back and is closed."""
    faults = {fault.pointer.strip("/"): fault.detail for fault in error.errors}
    typed = {k: v for k, v in request.form.items() if k not in _NEVER_SHOWN_AGAIN}
    named = bool(faults) and set(faults) <= {*request.form, "reason", "confirmation"}
    g.console_told_again = {
        "problem": None if named else problem_of(error),
        "form": {"data": typed, "errors": faults, "dialog": again.dialog if named else ""},
    }
    try:
        with kernel().reads() as unit:
            g.muster_uow = unit
            return cast("str | Response", again.view(**again.values))
    except DomainError:
        return None


def _alone(error: DomainError) -> str:
    return render_template(
        "error.html",
        chrome=chrome.bare(),
        problem=problem_of(error),
        status=error.status,
        home_url=url_for("console.overview"),
    )


def problem_of(error: DomainError) -> dict[str, Any]:
    """Return a refusal as `base.html` shows it: what, why, and which rule."""
    rule = str(error.extra.get("rule", ""))
    faults = "; ".join(f"{fault.pointer.strip('/')}: {fault.detail}" for fault in error.errors)
    title = i18n.title(type(error), locale.language())
    detail = i18n.detail(error, locale.language())
    detail = "" if detail == title else detail
    return {
        "title": title,
        "detail": " ".join(part for part in (detail, faults) if part),
        "code": error.code,
        "rule": _("What no access policy allows is denied.") if rule == _DEFAULT else "",
        "policies": [rule] if rule and rule != _DEFAULT else [],
        "request_id": g.get("muster_request_id", "-"),
    }
