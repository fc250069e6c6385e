"""One entry in the Common Event Format (version 0): who, what, on which reference, allowed or not."""

from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

_SEVERITIES: Final = {"permitted": 3, "done": 3, "failed": 5, "denied": 6}
_EXTENSIONS: Final = (
    ("suid", "actor_id"),
    ("suser", "actor_label"),
    ("src", "source"),
    ("outcome", "outcome"),
    ("requestClientApplication", "client"),
    ("reason", "purpose"),
)
_LABELLED: Final = (
    ("case", "case_ref"),
    ("resourceType", "resource_type"),
    ("resource", "resource_id"),
    ("device", "device_id"),
    ("operation", "operation"),
    ("recipient", "recipient"),
)


def event(seq: int, document: dict[str, Any]) -> str:
    """Return `CEF:0|…`; `document` is an entry's own JSON."""
    action, outcome = str(document["action"]), str(document["outcome"])
    head = ("Muster", "Muster", version("passmuster"), action, action)
    severity = _SEVERITIES.get(outcome, 5)
    moment = datetime.fromisoformat(document["at"])
    pairs = [("rt", str(int(moment.timestamp() * 1000))), ("externalId", str(document["id"]))]
    pairs += [(key, str(document[name])) for key, name in _EXTENSIONS if document.get(name)]
    pairs += [("act", action), ("cn1", str(seq)), ("cn1Label", "seq")]
    for place, (label, name) in enumerate(_LABELLED, 1):
        if document.get(name):
            pairs += [(f"cs{place}", str(document[name])), (f"cs{place}Label", label)]
    if document.get("policies"):
        pairs.append(("msg", " ".join(document["policies"])))
    header = "|".join(_header(part) for part in head)
    return f"CEF:0|{header}|{severity}|" + " ".join(f"{k}={_value(v)}" for k, v in pairs)


def _header(text: str) -> str:
    return _flat(text).replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("=", "\\=")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\r")


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
