"""Refusals about what terminals told."""

from muster.kernel.errors import NotFound


class CrashGroupNotFound(NotFound):
    code = "crash_group_not_found"
    title = "There is no such group of crashes, or not for you."


class QuarantinedReportNotFound(NotFound):
    code = "quarantined_report_not_found"
    title = "There is no such report in quarantine any more, or not for you."
