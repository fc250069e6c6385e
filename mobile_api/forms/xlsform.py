"""From an XLSForm workbook to XForm bytes, within strict bounds (xlsform.org; pyxform)."""

import io
import logging
import re
import zipfile
from pathlib import Path
from typing import Final

from mobile_api.forms.errors import FormUnreadable
from muster.kernel.sandbox import ChildFailed, Limits, TooCostly, answer_of

_log = logging.getLogger(__name__)

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 20 * 1024 * 1024
MAX_PARTS: Final = 200
MAX_ROWS: Final = 5000
_FOLDER: Final = Path(__file__).parent
_LIMITS: Final = Limits()
_ROW: Final = re.compile(rb"<(?:\w+:)?row[ />]")


def convert(xlsx: bytes) -> bytes:
    """Return the XForm of a workbook; the same workbook always gives the same bytes.

    Raises `FormUnreadable` with the sentence of whoever could not read it.
    """
    _refuse_bombs(xlsx)
    try:
        answer = answer_of(_FOLDER, "conversion", limits=_LIMITS, data=xlsx)
    except TooCostly as error:
        raise FormUnreadable(f"Converting this workbook takes too much {error}.") from error
    except ChildFailed as error:
        _log.exception("a conversion failed")
        raise FormUnreadable("The conversion failed; see the server log.") from error
    if "detail" in answer:
        raise FormUnreadable(answer["detail"])
    return str(answer["xform"]).encode()


def _refuse_bombs(xlsx: bytes) -> None:
    """Look into the archive before anybody unpacks it: sizes, parts and rows are bounded."""
    if len(xlsx) > MAX_BYTES:
        raise FormUnreadable(f"The workbook is larger than {MAX_BYTES >> 20} MiB.")
    try:
        with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise FormUnreadable("The workbook unpacks to more than a form can hold.")
            rows = sum(_rows(archive, part) for part in parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FormUnreadable("This is not an .xlsx workbook, or it is damaged.") from error
    if rows > MAX_ROWS:
        raise FormUnreadable(f"The workbook has {rows} rows; a form has at most {MAX_ROWS}.")


def _rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Count a worksheet's rows; reading is bounded by the sizes just checked."""
    if not part.filename.startswith("xl/worksheets/"):
        return 0
    with archive.open(part) as sheet:
        return len(_ROW.findall(sheet.read(part.file_size + 1)[:MAX_UNPACKED]))
