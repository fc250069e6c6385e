"""Refusals about rollouts."""

from muster.kernel.errors import Conflict, InvalidInput, NotFound


class RolloutNotFound(NotFound):
    code = "rollout_not_found"
    title = "There is no such rollout."


class RolloutExists(Conflict):
    code = "rollout_exists"
    title = "This release is on its way into this ring already. Raise its percentage instead."


class PercentFalls(InvalidInput):
    code = "rollout_percent_falls"
    title = "A percentage only rises: terminals that have the app keep it. Halt the rollout."


class NotFinished(Conflict):
    code = "rollout_not_finished"
    title = (
        "Every ring must stand at 100 percent, and none be halted, before a release is complete."
    )
