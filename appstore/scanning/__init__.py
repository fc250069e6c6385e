"""Scanners of the house beside our own rules: ClamAV's daemon, and any that speaks HTTP.

`scan` asks those that the settings name. Each gives one check, or raises `ScannerSilent`: then the
upload waits, for what was not scanned is not approved.
"""

from appstore.scanning.ask import names, scan
from appstore.scanning.errors import ScannerSilent

__all__ = ["ScannerSilent", "names", "scan"]
