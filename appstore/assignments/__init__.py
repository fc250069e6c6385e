"""Assignments: which audiences must have an app, may have it, or must not.

Start with `models.py`, then `reach.py` (which assignments reach many terminals, in one statement)
and `service.py` (what people do). What follows for a terminal, `rollouts/resolver.py` says.
"""

from appstore.assignments.models import Assignment

__all__ = ["Assignment"]
