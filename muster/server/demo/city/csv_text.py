"""Rows of one dataclass to CSV text: header from the field names, LF line ends."""

import csv
from collections.abc import Sequence
from dataclasses import astuple, fields
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def csv_text(rows: "Sequence[DataclassInstance]") -> str:
    """CSV of at least one row; a tuple of words becomes `a;b`, an empty value an empty cell."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(rows[0]))
    writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    return str(value)
