"""Refusals of the inbox."""

from muster.kernel.errors import NotFound


class NoticeNotFound(NotFound):
    code = "notice_not_found"
    title = "There is no such notice in your inbox."
