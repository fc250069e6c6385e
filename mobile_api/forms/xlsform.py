"""From an XLSForm workbook to XForm bytes, within strict bounds (xlsform.org; pyxform)."""

import io
import re
import zipfile
from typing import Final

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert as pyxform_convert

from mobile_api.forms.errors import FormUnreadable

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 20 * 1024 * 1024
MAX_PARTS: Final = 200
MAX_ROWS: Final = 5000
_ROW: Final = re.compile(rb"<(?:\w+:)?row[ />]")


def convert(xlsx: bytes) -> bytes:
    """Return the XForm of a workbook; the same workbook always gives the same bytes.

    Raises `FormUnreadable` with the sentence of whoever could not read it.
    """
    _refuse_bombs(xlsx)
    try:
        converted = pyxform_convert(xlsx, validate=False, pretty_print=False, file_type=".xlsx")
    except PyXFormError as error:
        raise FormUnreadable(_sentence(str(error))) from error
    except Exception as error:
        raise FormUnreadable(
            f"The workbook cannot be read as an XLSForm ({type(error).__name__})."
        ) from error
    return str(converted.xform).encode()


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


def _sentence(text: str) -> str:
    return " ".join(text.split())[:500]
