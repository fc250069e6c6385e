"""What the converting child process does: a workbook on standard input becomes XForm.

pyxform and openpyxl take 30 MB that a server needs only while a form is published, and a child
that a hostile workbook blows up takes nobody along. Only `xlsform` has this run; it imports
nothing of ours.
"""

import sys

# openpyxl looks for numpy, whose threads reserve address space by the core: out of the limits.
sys.modules["numpy"] = None  # type: ignore[assignment]

from pyxform.errors import PyXFormError  # noqa: E402
from pyxform.xls2xform import convert  # noqa: E402


def main() -> dict[str, str]:
    """Return the `xform`, or in `detail` the sentence of whoever could not read the workbook."""
    workbook = sys.stdin.buffer.read()
    try:
        converted = convert(workbook, validate=False, pretty_print=False, file_type=".xlsx")
    except PyXFormError as error:
        return {"detail": " ".join(str(error).split())[:500]}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - pyxform lets through whatever openpyxl raises
        name = type(error).__name__
        return {"detail": f"The workbook cannot be read as an XLSForm ({name})."}
    return {"xform": str(converted.xform)}
