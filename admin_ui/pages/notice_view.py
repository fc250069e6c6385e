"""Notices in words: one sentence for every kind that a room sends."""

from datetime import datetime
from typing import Any, Final

from flask_babel import format_date, gettext

from admin_ui import words
from admin_ui.pages.account import NEWS
from admin_ui.pages.attestation_view import REASONS
from muster.kernel.notices import Notice

N_ = str
_LONGEST: Final = 200
_CONSOLE: Final = "/console/"
WORDS: Final = {
    **{f"identity.account.{what}": ("info", told) for what, told in NEWS.items()},
    "identity.pin.reset": ("warn", N_("%(by)s gave you a PIN for one use.")),
    "identity.delegation.given": ("info", N_("%(by)s lent you a role: %(role)s.")),
    "identity.deputy.given": ("info", N_("%(by)s made you their deputy: %(role)s.")),
    "identity.officer.disabled": (
        "warn",
        N_("%(officer)s is suspended: nobody has signed in with the account for long."),
    ),
    "identity.officer.left": ("warn", N_("%(officer)s has left. Still held: %(held)s.")),
    "identity.officer.moved": ("info", N_("%(officer)s has moved. Still held: %(held)s.")),
    "identity.review.opened": ("info", N_("Roles of your units are up for review until %(due)s.")),
    "identity.review.due": ("warn", N_("Roles of your units are still to be reviewed by %(due)s.")),
    "identity.review.kept_last": (
        "warn",
        N_("Nobody confirmed this role, but its last holder keeps it: %(role)s."),
    ),
    "identity.review.lapsed": ("warn", N_("Nobody confirmed this role of yours: %(role)s.")),
    "identity.break_glass.begun": (
        "bad",
        N_("%(officer)s broke the glass to get: %(name)s. It waits for its review."),
    ),
    "identity.break_glass.misuse": ("bad", N_("Found to be misuse of break-glass: %(name)s.")),
    "identity.break_glass.overdue": (
        "bad",
        N_("A break-glass was not reviewed in time: %(name)s."),
    ),
    "identity.directory.held": (
        "warn",
        N_("The directory would remove more people than usual, so it was held: %(held)s."),
    ),
    "identity.directory.faults": ("warn", N_("The directory's file has wrong lines: %(bad)s.")),
    "kern.hints_refused": (
        "bad",
        N_(
            "%(carrier)s refuses our credentials (%(status)s). Terminals are told by other carriers."
        ),
    ),
    "audit.reviews_drawn": ("info", N_("Entries of the audit log to review: %(items)s.")),
    "audit.reviews_overdue": ("warn", N_("Reviews of the audit log are overdue: %(items)s.")),
    "audit.review_confirmed": ("bad", N_("An auditor found misuse in the audit log.")),
    "audit.review_referred": ("warn", N_("An auditor referred an entry of the audit log to you.")),
    "audit.sealer_lags": (
        "bad",
        N_("The audit log is not being sealed. Behind by %(seconds)s seconds."),
    ),
    "audit.witness_refused": (
        "bad",
        N_("The witness %(witness)s refused the audit log and said “%(detail)s”."),
    ),
    "audit.witness_away": (
        "warn",
        N_("The witness %(witness)s has not signed the audit log lately."),
    ),
    "mdm.device_lost": ("bad", N_("%(by)s reported the terminal %(device)s lost.")),
    "mdm.wipe_failed": (
        "bad",
        N_("The wipe of %(device)s failed (%(code)s). It stays blocked: see to it."),
    ),
    "mdm.wipe_unconfirmed": (
        "warn",
        N_("%(device)s fetched its wipe and is silent: we do not know whether it was erased."),
    ),
    "mdm.wipe_of_old_enrolment": (
        "warn",
        N_("Hardware %(serial)s enrolled again; its wipe as %(device)s is still in force there."),
    ),
    "mdm.wiped_device_talks": ("bad", N_("The terminal %(device)s was wiped and still talks.")),
    "mdm.duplicate_serial": (
        "bad",
        N_("Somebody tried to enrol a second terminal with the serial number of %(device)s."),
    ),
    "mdm.serial_not_listed": (
        "bad",
        N_("A terminal that is not on the list of %(token)s tried to come in: %(serial)s."),
    ),
    "mdm.awaiting_approval": (
        "info",
        N_("The terminal %(device)s (%(serial)s) waits to be let in."),
    ),
    "mdm.compliance_deadline": (
        "bad",
        N_("%(device)s fails the rule %(rule)s past its deadline. Decide on its wipe."),
    ),
    "mdm.attestation_failed": (
        "bad",
        N_("The key of the terminal %(device)s is not to be believed. %(reason)s"),
    ),
    "app.release_waiting": (
        "info",
        N_("%(by)s asks to publish %(package)s %(version)s."),
    ),
    "app.release_approved": ("ok", N_("%(by)s approved %(package)s %(version)s.")),
    "app.release_half_approved": (
        "info",
        N_("%(by)s approved %(package)s %(version)s; one more approver must agree."),
    ),
    "app.release_rejected": ("warn", N_("%(package)s %(version)s was rejected.")),
    "app.release_urgent": (
        "bad",
        N_("Urgent: %(by)s asks to publish the security release %(package)s %(version)s."),
    ),
    "app.release_review_due": (
        "warn",
        N_("%(package)s %(version)s went out urgently: review it within 24 hours. %(why)s"),
    ),
    "app.release_review_overdue": (
        "bad",
        N_("Nobody reviewed the urgent release %(package)s %(version)s in time: it is halted."),
    ),
    "app.release_objected": (
        "bad",
        N_("The review objected to the urgent release %(package)s %(version)s: %(why)s"),
    ),
    "app.handed_over": ("info", N_("%(package)s belongs to %(unit)s now; %(by)s agreed.")),
    "app.rollout_halted": (
        "bad",
        N_(
            "%(package)s %(version)s was halted in %(group)s by itself: "
            "%(failed)s of %(reports)s installations failed, it crashed on %(crashed)s terminals."
        ),
    ),
    "app.reissue_asked": (
        "warn",
        N_(
            "%(by)s asks to bring the code of %(package)s %(version)s again, "
            "under a version code above that of %(bad)s."
        ),
    ),
    "app.fault_reported": ("warn", N_("Officers reported faults of %(package)s.")),
    "app.fault_answered": ("info", N_("Your report about %(package)s was answered: %(answer)s")),
    "app.fault_fixed": (
        "ok",
        N_("What you reported about %(package)s is mended in %(version)s: %(answer)s"),
    ),
    "app.fault_closed": ("info", N_("Your report about %(package)s was closed: %(answer)s")),
    "app.config_misfit": (
        "warn",
        N_(
            "%(package)s %(version)s does not take some of what it is told: %(keys)s. "
            "Terminals that run it do without."
        ),
    ),
    "app.file_waiting": (
        "info",
        N_("%(by)s asks to publish the file %(file)s, version %(number)s."),
    ),
    "app.file_approved": ("ok", N_("%(by)s approved the file %(file)s, version %(number)s.")),
    "app.file_rejected": ("warn", N_("The file %(file)s, version %(number)s, was rejected.")),
}
"""Kind to tone and sentence. What a notice does not tell is drawn as a dash."""


def told(notice: Notice) -> tuple[str, str]:
    """Return a notice's tone and its sentence in the reader's language."""
    if notice.kind not in WORDS:
        return "info", notice.kind
    tone, sentence = WORDS[notice.kind]
    return tone, gettext(sentence) % _Told(notice.params)


def link(notice: Notice) -> str:
    """Return where a notice leads; only pages of ours are followed."""
    return notice.link if notice.link.startswith(_CONSOLE) else ""


class _Told(dict[str, Any]):
    def __getitem__(self, name: str) -> str:
        return _value(name, self.get(name)) if name in self else "—"


def _value(name: str, value: Any) -> str:
    """Some come from terminals and foreign servers: cut, and nothing that turns text around."""
    if name == "due":
        return format_date(datetime.fromisoformat(value))
    if name == "reason":
        return words.of(REASONS, value)
    if name in ("role", "name"):
        return words.of(words.ROLES, value)
    return "".join(sign for sign in str(value)[:_LONGEST] if sign.isprintable())
