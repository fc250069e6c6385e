"""Which language and time zone a page speaks: chosen, remembered, or what the browser asks for."""

from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode

from babel.dates import get_timezone
from flask import Flask, Response, request
from flask_babel import Babel

from muster.kernel.i18n import Language, choose

LOCALES: Final = {"en": "en_GB", "zh-Hans": "zh_Hans"}
_LABELS: Final = {"zh-Hans": "简体中文", "en": "English"}
_CHOICE: Final = "muster-lang"
_ZONE: Final = "muster-zone"
_YEAR: Final = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Give an app our catalogues."""
    Babel(
        app,
        default_locale=LOCALES["en"],
        default_translation_directories=str(Path(__file__).parent / "translations"),
        locale_selector=lambda: LOCALES[language()],
        timezone_selector=zone,
    )


def language() -> Language:
    """Return the language of this answer as BCP 47."""
    for chosen in (request.args.get("lang"), request.cookies.get(_CHOICE)):
        if chosen in LOCALES:
            return cast("Language", chosen)
    return choose(request.accept_languages.values())


def zone() -> str:
    """Return the time zone that the browser named (assets/src/js/modules/zone.js), else UTC."""
    named = request.cookies.get(_ZONE, "")
    try:
        get_timezone(named)
    except LookupError:
        return "UTC"
    return named or "UTC"


def languages() -> list[dict[str, Any]]:
    """Return every language with the address of this page in it; an act's answer has none."""
    path = request.path if request.method == "GET" else "/console"
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    return [
        {
            "code": code,
            "label": label,
            "url": f"{path}?{urlencode({**kept, 'lang': code})}",
            "current": code == language(),
        }
        for code, label in _LABELS.items()
    ]


def remember(response: Response) -> Response:
    """Keep a language that was just chosen."""
    chosen = request.args.get("lang", "")
    if chosen in LOCALES:
        response.set_cookie(
            _CHOICE, chosen, max_age=_YEAR, path="/", secure=True, httponly=True, samesite="Lax"
        )
    return response
