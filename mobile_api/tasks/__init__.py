"""Duties: who is on which shift, and what there is to do; loaded as files, held by terminals.

Rooms of this package may import it.
"""

from mobile_api.tasks.collection import TaskCollection
from mobile_api.tasks.file import IMPORTER
from mobile_api.tasks.models import Shift, Task
from mobile_api.tasks.shifts import IMPORTER as SHIFT_IMPORTER

__all__ = ["IMPORTER", "SHIFT_IMPORTER", "Shift", "Task", "TaskCollection"]
