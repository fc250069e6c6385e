"""The Flask glue: auth classes, the unit of work around each request, problems, pages, headers.

Only routes, admin_ui and the server import this room. Start with `app.py` (the way of a request),
then `marks.py` (what a route declares) and `blueprint.py`.
"""

from muster.kernel.db import Mode
from muster.kernel.web import headers, problems
from muster.kernel.web.api import AUDIENCES, Api, apis
from muster.kernel.web.app import MusterFlask
from muster.kernel.web.authenticate import COOKIE, csrf_token
from muster.kernel.web.blueprint import Blueprint, Pages
from muster.kernel.web.content import Content, send
from muster.kernel.web.current import (
    actor,
    answer_tag,
    answer_version,
    expected_version,
    kernel,
    proof_key,
    uow,
)
from muster.kernel.web.idempotency import purge as forget_answers
from muster.kernel.web.marks import Auth, is_static, marks
from muster.kernel.web.paging import (
    Page,
    PageQuery,
    as_id,
    decode,
    decode_id,
    decode_number,
    decode_text,
    encode,
    page,
    page_schema,
)
from muster.kernel.web.streams import hold, long_poll, stream

__all__ = [
    "AUDIENCES",
    "COOKIE",
    "Api",
    "Auth",
    "Blueprint",
    "Content",
    "Mode",
    "MusterFlask",
    "Page",
    "PageQuery",
    "Pages",
    "actor",
    "answer_tag",
    "answer_version",
    "apis",
    "as_id",
    "csrf_token",
    "decode",
    "decode_id",
    "decode_number",
    "decode_text",
    "encode",
    "expected_version",
    "forget_answers",
    "headers",
    "hold",
    "is_static",
    "kernel",
    "long_poll",
    "marks",
    "page",
    "page_schema",
    "problems",
    "proof_key",
    "send",
    "stream",
    "uow",
]
