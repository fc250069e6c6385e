"""Reading APKs that may be hostile: signatures verified first, then what the app declares.

`sandbox.read_in_subprocess` is for uploads, of one APK or of a set of splits; `read_package` does
the same in this process, and `inspect_apk` for one APK. They give `Package` or `ApkFacts`, or raise
`ApkError` with a stable `code` and a sentence for the publisher. Pure code: no database, no web
framework; and no `sandbox` either, for the child that imports this room must start fast.
"""

from .errors import ApkError
from .facts import ApkFacts
from .icon import Icon
from .inspect import inspect_apk
from .package import Package, Split, read_package

__all__ = [
    "ApkError",
    "ApkFacts",
    "Icon",
    "Package",
    "Split",
    "inspect_apk",
    "read_package",
]
