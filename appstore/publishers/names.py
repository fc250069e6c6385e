"""Names of packages and prefixes: what a pattern covers and whether two of them meet. Pure.

A pattern is a package (`cn.gov.example.notes`) or a prefix that ends in `.*` and covers whatever
lies below it, not the name before it. A package name is at least two parts (Android developer
documentation, "Configure the app module: set the application ID").
"""

import re
from typing import Final

LONGEST: Final = 223
_PART: Final = r"[A-Za-z][A-Za-z0-9_]*"
_PACKAGE: Final = re.compile(rf"{_PART}(?:\.{_PART})+", re.ASCII)
_ALL: Final = ".*"


def is_package(name: str) -> bool:
    """Whether a name can be a package's."""
    return len(name) <= LONGEST and _PACKAGE.fullmatch(name) is not None


def is_prefix(pattern: str) -> bool:
    """Whether a pattern covers all below a name; that name has at least two parts."""
    return pattern.endswith(_ALL) and is_package(pattern.removesuffix(_ALL))


def covers(pattern: str, package: str) -> bool:
    """Whether a pattern covers a package."""
    if not pattern.endswith(_ALL):
        return pattern == package
    return package.startswith(pattern.removesuffix("*"))


def meet(one: str, other: str) -> bool:
    """Whether some package is covered by both patterns."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return True
    return shorter.endswith(_ALL) and longer.startswith(shorter.removesuffix("*"))


def candidates(package: str) -> list[str]:
    """Return every pattern that covers a package, the closest one first."""
    parts = package.split(".")
    above = [".".join(parts[:count]) + _ALL for count in range(len(parts) - 1, 1, -1)]
    return [package, *above]
