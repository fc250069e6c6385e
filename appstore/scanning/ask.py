"""Asking the scanners that the settings name, one after the other; no transaction is open."""

from collections.abc import Callable
from pathlib import Path

from appstore.scanning import clamd, http
from appstore.vetting.judge import Check
from muster.kernel.settings import Settings

Ask = Callable[[str, Path], Check]


def names(settings: Settings) -> list[str]:
    """Return the checks that scanners will add."""
    return [rule for rule, _, _ in _scanners(settings)]


def scan(settings: Settings, path: Path) -> list[Check]:
    """Return what each scanner says of a file; raises `ScannerSilent` for the first that fails."""
    return [ask(address, path) for _, address, ask in _scanners(settings)]


def _scanners(settings: Settings) -> list[tuple[str, str, Ask]]:
    known: list[tuple[str, str, Ask]] = [
        (clamd.RULE, settings.scanner_clamd, clamd.ask),
        (http.RULE, settings.scanner_http, http.ask),
    ]
    return [(rule, address, ask) for rule, address, ask in known if address]
