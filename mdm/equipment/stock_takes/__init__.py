"""Stock-takes: scan what is there, see what is missing. Start with `reckoning.py`, then `service.py`."""

from mdm.equipment.stock_takes.models import StockLine, StockTake
from mdm.equipment.stock_takes.service import (
    Count,
    begin,
    close,
    count,
    lines,
    listing,
    missing,
    read,
    report_missing,
    scan,
)

__all__ = [
    "Count",
    "StockLine",
    "StockTake",
    "begin",
    "close",
    "count",
    "lines",
    "listing",
    "missing",
    "read",
    "report_missing",
    "scan",
]
