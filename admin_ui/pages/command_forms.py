"""Every kind of command as a form: what it does, what its evidence proves, what must be filled in."""

from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext

from admin_ui import forms, words

N_ = str


@dataclass(frozen=True)
class Field:
    """One field. kind: text | area | number | flag | lines.

    A passcode is typed in plain sight, to be passed on; the page never shows it again.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    default: str = ""
    highest: int = 0


@dataclass(frozen=True)
class Form:
    """One kind of command. `grave` ones want the terminal's number typed."""

    kind: str
    sign: str
    effect: str
    proof: str
    fields: tuple[Field, ...] = field(default=())
    grave: bool = False


_PACKAGE: Final = Field("package", N_("Package name"), required=True, hint="org.example.app")
GROUPS: Final[dict[str, tuple[Form, ...]]] = {
    N_("Find it"): (
        Form(
            "ring",
            "ring",
            N_("It rings, even when it is muted."),
            N_("Proves that it rang; not that anybody heard it."),
            (Field("seconds", N_("Seconds"), "number", default="60", highest=600),),
        ),
        Form(
            "locate",
            "location",
            N_("It says once where it is. Purpose and case are recorded."),
            N_("Proves where the terminal thought it was; the fix comes with its accuracy."),
            (
                Field("purpose", N_("Purpose"), required=True),
                Field("case_ref", N_("Case or incident"), required=True),
            ),
        ),
        Form(
            "lost_mode",
            "lost",
            N_("It shows nothing but this text and says where it is."),
            N_("Proves that the text is shown; not that the finder reads it."),
            (
                Field("message", N_("Text on the screen"), "area", required=True),
                Field("phone", N_("Number to call")),
            ),
        ),
        Form(
            "end_lost_mode",
            "undo",
            N_("Lost mode ends."),
            N_("Proves that it can be used again."),
        ),
    ),
    N_("Talk to whoever holds it"): (
        Form(
            "message",
            "message",
            N_("It shows a text."),
            N_("Proves that the text was shown; with a receipt, that a person said so."),
            (
                Field("message", N_("Message"), "area", required=True),
                Field("receipt", N_("The holder must acknowledge it"), "flag"),
            ),
        ),
    ),
    N_("Open and close it"): (
        Form(
            "lock",
            "lock",
            N_("The screen is locked; the holder unlocks it with the PIN."),
            N_("Proves that it was locked at that moment."),
            (Field("message", N_("Text on the screen")),),
        ),
        Form(
            "unlock",
            "unlock",
            N_("The lock is lifted."),
            N_("Proves that the lock is lifted."),
        ),
        Form(
            "reset_passcode",
            "key",
            N_("It gets a new passcode. Nobody can read it again, here or in the log."),
            N_("Proves that the new passcode holds."),
            (Field("passcode", N_("New passcode"), required=True),),
            grave=True,
        ),
        Form(
            "reboot",
            "reboot",
            N_("It restarts. Told once: without an answer it is not told again."),
            N_("Proves that it was about to restart, or has."),
        ),
    ),
    N_("Software"): (
        Form(
            "refresh",
            "sync",
            N_("It checks in now and fetches what waits for it."),
            N_("Proves that it looked."),
        ),
        Form(
            "install",
            "app",
            N_("It installs an app of the store."),
            N_("Proves that the system reported the app as installed."),
            (_PACKAGE,),
        ),
        Form(
            "remove",
            "close",
            N_("It removes an app and its data."),
            N_("Proves that the system reported the app as gone."),
            (_PACKAGE,),
        ),
        Form(
            "collect_logs",
            "audit",
            N_("It sends the end of its log."),
            N_("Proves that it was sent."),
            (Field("max_lines", N_("Lines"), "number", default="1000", highest=10_000),),
        ),
    ),
    N_("Erase"): (
        Form(
            "wipe_app_data",
            "wipe",
            N_("Managed apps lose their data, also what was not sent yet."),
            N_("Proves that the system erased the data of these apps; nothing about the rest."),
            (
                Field(
                    "packages",
                    N_("Package names, one per line"),
                    "lines",
                    hint=N_("None: every managed app."),
                ),
            ),
            grave=True,
        ),
    ),
}
FORMS: Final = {form.kind: form for group in GROUPS.values() for form in group}


def drawn(form: Form, url: str) -> dict[str, Any]:
    """Return the view model of one form."""
    return {
        "kind": form.kind,
        "sign": form.sign,
        "title": words.of(words.COMMANDS, form.kind),
        "effect": gettext(form.effect),
        "proof": gettext(form.proof),
        "url": url,
        "grave": form.grave,
        "fields": [
            {
                "name": one.name,
                "label": gettext(one.label),
                "kind": one.kind,
                "hint": gettext(one.hint) if one.hint else "",
                "required": one.required,
                "default": one.default,
            }
            for one in form.fields
        ],
    }


def read(form: Form) -> dict[str, Any]:
    """Return what was filled in, as the body of the command has it; empty fields are left out."""
    given = {one.name: _read(one) for one in form.fields}
    return {name: value for name, value in given.items() if value not in ("", None)}


def _read(one: Field) -> Any:
    if one.kind == "number":
        return forms.whole(one.name, 1, one.highest)
    if one.kind == "flag":
        return forms.text(one.name) == "yes"
    if one.kind == "lines":
        return forms.text(one.name, most=20_000).split()
    return forms.text(one.name, least=one.required, most=500)
