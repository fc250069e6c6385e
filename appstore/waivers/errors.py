"""Refusals about waivers."""

from muster.kernel.errors import Conflict, NotFound


class WaiverNotFound(NotFound):
    code = "waiver_not_found"
    title = "This app has no such waiver."


class WaiverUnfounded(Conflict):
    code = "waiver_unfounded"
    title = "No release of this app was kept out by this rule."


class WaiverOpen(Conflict):
    code = "waiver_open"
    title = "This rule is waived for the app already."


class WaiverOver(Conflict):
    code = "waiver_over"
    title = "This waiver has ended."


class OwnWaiver(Conflict):
    code = "waiver_own_release"
    title = "Whoever brought the release does not waive the rule that keeps it out."
