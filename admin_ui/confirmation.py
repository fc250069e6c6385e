"""Asking who is there once more: the page before a grave act, which carries the form it held up."""

from typing import Any, Final, cast

from flask import Response, g, make_response, redirect, render_template, request, url_for

from admin_ui import chrome, held
from muster.kernel.errors import DomainError
from muster.kernel.identity import authenticators
from muster.kernel.web import actor, kernel

_TWO_FACTORS: Final = 2


def ask() -> Response:
    """Answer an act that wants a fresh sign-in; somebody without a second factor signs in anew.

    The status is 200: a challenge, which browsers must not report as a failure.
    """
    if actor().aal < _TWO_FACTORS:
        return cast("Response", redirect(url_for("console.sign_in"), 303))
    return make_response(page(held.hold()))


def again() -> str:
    """Return the page once more, after an answer that was not right."""
    return page(request.form.get("held", ""))


def page(sealed: str) -> str:
    """Return the page; it offers what this person has."""
    told = {"problem": None, "form": None, **g.get("console_told_again", {})}
    mine = _mine()
    return render_template(
        "step_up/ask.html",
        chrome=chrome.bare(),
        held=sealed,
        number=actor().label,
        passkey=_passkey() if mine and mine.passkeys else None,
        password_url=url_for("console.step_up_with_password") if mine and mine.app_since else "",
        sign_in_url=url_for("console.sign_in"),
        **told,
    )


def carry_on(kept: held.Held) -> str:
    """Return the page that sends the form, now that its sender has confirmed."""
    return render_template("step_up/carry_on.html", chrome=chrome.bare(), held=kept)


def _mine() -> Any:
    """Look in a unit of its own: the one of the act was rolled back and is closed."""
    try:
        with kernel().reads() as unit:
            return authenticators.account.overview(unit, actor())
    except DomainError:
        return None


def _passkey() -> dict[str, str] | None:
    if not authenticators.passkeys.available(kernel().settings):
        return None
    return {
        "options_url": url_for("console.step_up_options"),
        "url": url_for("console.step_up_with_passkey"),
    }
