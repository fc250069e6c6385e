"""Inspection of a hostile APK in a child process that may neither grow nor linger."""

import logging
from pathlib import Path

from muster.kernel.sandbox import ChildFailed, Limits, TooCostly, answer_of

from .errors import ApkError
from .facts import ApkFacts

_log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parent


def inspect_in_subprocess(path: Path, limits: Limits | None = None) -> ApkFacts:
    """`inspect_apk(path)` in a limited child; ApkError("apk_too_costly") when that is not enough."""
    with path.open("rb"):  # a missing file is our mistake, not the APK's: let it be an OSError
        pass
    module, file = f"{_FOLDER.name}.child", str(path.resolve())
    try:
        answer = answer_of(_FOLDER.parent, module, file, limits=limits or Limits())
    except TooCostly as error:
        detail = f"Inspecting this APK takes too much {error}."
        raise ApkError("apk_too_costly", detail) from error
    except ChildFailed as error:
        _log.exception("APK inspection failed")
        detail = "The inspection failed on this APK; see the server log."
        raise ApkError("apk_unreadable", detail) from error
    if "code" in answer:
        raise ApkError(answer["code"], answer["detail"])
    return ApkFacts.from_dict(answer["facts"])
