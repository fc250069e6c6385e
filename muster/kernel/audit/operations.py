"""What an act does with personal data: the six operations of Article 25 of Directive (EU) 2016/680.

An action names its own in `Action.operation`; otherwise its verb says it, the last word of its
name. What touches nobody's data stands in `NOBODYS`.
"""

from typing import Final, Literal, get_args

Operation = Literal[
    "collection", "alteration", "consultation", "disclosure", "combination", "erasure"
]
OPERATIONS: Final = get_args(Operation)

_VERBS: Final[dict[str, tuple[str, ...]]] = {
    "collection": (
        "add", "ask", "begin", "bind", "check_in", "collect", "create", "deposit", "enrol",
        "hand_in", "import", "issue", "place", "push", "register", "report", "result", "run",
        "send", "submit", "take_in",
    ),
    "alteration": (
        "activate", "assign", "approve", "block", "cancel", "change", "confirm", "decide", "edit",
        "end", "end_own", "extend", "grant", "invite", "lift", "lock", "make_sandbox", "message", "move", "publish",
        "refresh", "refuse", "reinstate", "reject", "release", "renew", "report_found",
        "report_lost", "reset", "reset_authenticators", "resolve", "resume", "review", "rotate", "set", "start", "suspend",
        "sync", "talks_after_wipe", "unlock", "withdraw", "write", "rename", "set_up", "step_up",
        "change_own", "admit", "admit_for_emergency", "give", "judge", "name", "register_server",
        "unblock", "end_sessions", "offer", "sign", "take_back", "witness", "accept_sims",
    ),
    "consultation": (
        "explain", "find", "history", "list", "list_all", "list_held", "list_own", "listen", "open", "prove",
        "read", "read_own", "read_sessions", "see", "search", "see_detail", "see_file", "show", "simulate", "verify",
    ),
    "disclosure": ("disclose", "download", "export", "forward", "pull", "take", "transfer"),
    "combination": ("combine", "match"),
    "erasure": ("delete", "erase", "forget", "purge", "remove", "retire", "revoke", "wipe"),
}  # fmt: skip
_BY_VERB: Final = {verb: operation for operation, verbs in _VERBS.items() for verb in verbs}

NOBODYS: Final = (
    "app.",
    "access.",
    "field.form.",
    "field.jurisdiction.",
    "field.address.",
    "field.package.",
    "field.purpose.",
    "field.import.list",
    "mdm.agent.certificate",
    "mdm.agent.companion",
    "mdm.agent.configuration",
    "mdm.attestation.",
    "mdm.ca.",
    "mdm.certificate.",
    "mdm.compliance.",
    "mdm.configuration.",
    "mdm.group.",
    "mdm.headwind.configuration",
    "mdm.headwind.download",
    "mdm.enrol_token.",
    "mdm.sim.",
    "mdm.stock_take.",
    "audit.log.",
)
"""Names, or beginnings of names, of acts on software, forms, maps and settings."""

_EXACT: Final = {"field.check.run": "combination", "identity.session.end_own": "erasure"}
"""A check holds one person against every register: combination, whatever its verb."""


def of(action: str, declared: str = "") -> str:
    """Return the operation of an action, '' for one that touches no personal data."""
    if declared or action.startswith(NOBODYS):
        return declared
    base = action.removesuffix(".approve")
    return _EXACT.get(base) or _BY_VERB.get(base.rpartition(".")[2], "")
