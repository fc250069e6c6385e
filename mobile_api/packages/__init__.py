"""Signed files for offline use: the hot list and the address library.

Start with `kinds.py` (what each kind holds and how long it is good) and `build.py` (how a package
is made). Terminals hear of packages by sync, fetch them by range, check the manifest with
`muster.ondevice.manifest`, and encrypt them at rest themselves. Rooms of this package may import it.
"""

from mobile_api.packages.collection import PackageCollection
from mobile_api.packages.models import FieldPackage
from mobile_api.packages.wiring import wire

__all__ = ["FieldPackage", "PackageCollection", "wire"]
