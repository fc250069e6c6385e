"""The directory: people as the personnel system sends them, nightly by file or at once by SCIM 2.0.

Start with `nightly.py` and `scim.py`; `service.py` is what a security admin does with the reports.
Neither way grants an administrative role: that is done inside.
"""

from muster.kernel.identity.directory import nightly, service
from muster.kernel.identity.directory.models import DirectoryRun

__all__ = ["DirectoryRun", "nightly", "service"]
