"""Reading what may be hostile in a child process that may neither grow nor linger.

Start at `answer_of`. The room stands on the standard library alone, so that a child that imports
it starts fast; any package may use it.
"""

from muster.kernel.sandbox.process import ChildFailed, Limits, TooCostly, answer_of

__all__ = ["ChildFailed", "Limits", "TooCostly", "answer_of"]
