"""Pull: what a terminal lacks. `plan.py` decides, `read.py` asks, `service.py` answers."""

from offline_sync.pull.service import Pulled, pull

__all__ = ["Pulled", "pull"]
