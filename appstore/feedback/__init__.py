"""Feedback: officers rate apps and report faults; publishers answer and see units, not people.

Start with `giving.py` (what officers do) and `service.py` (what publishers do).
"""

from appstore.feedback.reading import ratings_of
from appstore.feedback.service import Said, answer, close, faults, ratings, read
from appstore.feedback.states import NEXT

__all__ = ["NEXT", "Said", "answer", "close", "faults", "ratings", "ratings_of", "read"]
