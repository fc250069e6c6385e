"""The force's own access policies: written as a matrix, templates or Cedar, published by two people.

Start with `sets.py` (drafts), then `publishing.py` (four eyes, shadow) and `composed.py` (how a
document becomes Cedar). `impact.py` names who gains and who loses, `explain.py` answers "may X do
Y on Z, and why". What judges is `muster.kernel.guard`; `stored.py` is its window on the tables.
"""

from muster.kernel.policies.composed import Condition, Document, compose, document_of
from muster.kernel.policies.events import AccessPolicyPublished
from muster.kernel.policies.explain import Explanation, Question
from muster.kernel.policies.matrix import Grant
from muster.kernel.policies.models import AccessPolicySet, Publication
from muster.kernel.policies.publishing import PublishExecutor
from muster.kernel.policies.representatives import Situation
from muster.kernel.policies.sets import PUBLISH
from muster.kernel.policies.stored import Book
from muster.kernel.policies.templates import TEMPLATES, Field, Template

__all__ = [
    "PUBLISH",
    "TEMPLATES",
    "AccessPolicyPublished",
    "AccessPolicySet",
    "Book",
    "Condition",
    "Document",
    "Explanation",
    "Field",
    "Grant",
    "Publication",
    "PublishExecutor",
    "Question",
    "Situation",
    "Template",
    "compose",
    "document_of",
]
