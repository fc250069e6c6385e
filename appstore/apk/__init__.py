"""Reading APKs that may be hostile: signatures verified first, then what the app declares.

`inspect_in_subprocess` is for uploads; `inspect_apk` does the same in this process. Both give
`ApkFacts`, or raise `ApkError` with a stable `code` and a sentence for the publisher. Pure code:
no database, no web framework.
"""

from .errors import ApkError
from .facts import ApkFacts
from .inspect import inspect_apk
from .sandbox import inspect_in_subprocess

__all__ = ["ApkError", "ApkFacts", "inspect_apk", "inspect_in_subprocess"]
