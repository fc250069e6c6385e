"""Reading a hostile upload in a child process that may neither grow nor linger."""

import base64
import logging
from pathlib import Path
from typing import Any

from muster.kernel.sandbox import ChildFailed, Limits, TooCostly, answer_of

from .errors import ApkError
from .facts import ApkFacts
from .icon import Icon
from .package import Package, Split

_log = logging.getLogger(__name__)

_FOLDER = Path(__file__).parent


def read_in_subprocess(path: Path, folder: Path, limits: Limits | None = None) -> Package:
    """`read_package(path, folder)` in a limited child; "apk_too_costly" when that is not enough."""
    with path.open("rb"):  # a missing file is our mistake, not the APK's: let it be an OSError
        pass
    module, arguments = f"{_FOLDER.name}.child", (str(path.resolve()), str(folder.resolve()))
    try:
        answer = answer_of(_FOLDER.parent, module, *arguments, limits=limits or Limits())
    except TooCostly as error:
        detail = f"Inspecting this APK takes too much {error}."
        raise ApkError("apk_too_costly", detail) from error
    except ChildFailed as error:
        _log.exception("APK inspection failed")
        detail = "The inspection failed on this APK; see the server log."
        raise ApkError("apk_unreadable", detail) from error
    if "code" in answer:
        raise ApkError(answer["code"], answer["detail"])
    return _package(answer, path, folder)


def _package(answer: dict[str, Any], path: Path, folder: Path) -> Package:
    icon = answer["icon"]
    return Package(
        facts=ApkFacts.from_dict(answer["facts"]),
        icon=Icon(icon["path"], base64.b64decode(icon["data"]), icon["media_type"]),
        base=folder / Path(answer["base"]).name if answer["base"] else path,
        splits=tuple(
            Split(
                path=folder / Path(split["file"]).name,
                name=split["name"],
                applies_to=split["applies_to"],
                sha256=split["sha256"],
                size=split["size"],
            )
            for split in answer["splits"]
        ),
    )
