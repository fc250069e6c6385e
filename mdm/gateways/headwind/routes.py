"""The agent's addresses, on the plain path and on a terminal's own. Answers are exact bytes."""

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Response, request

from mdm.gateways.headwind import configuring, enrolling, files, polling, reporting
from mdm.gateways.headwind.configuring import Answer
from mdm.gateways.headwind.door import Call
from mdm.gateways.headwind.envelope import code_of, dumped, error, ok
from mdm.gateways.headwind.report import read_info, read_lines
from mdm.gateways.native.target import terminal_of
from mdm.telemetry import quarantine
from muster.kernel.errors import InvalidInput, Malformed
from muster.kernel.observe import scrub
from muster.kernel.web import (
    Auth,
    Blueprint,
    Content,
    Mode,
    actor,
    hold,
    problems,
    send,
    uow,
)

blp = Blueprint(
    "headwind",
    __name__,
    audience=None,
    description="The open Headwind agent's own protocol",
)
Shape = TypeVar("Shape")
_PLAIN: Final = "/hmdm"
_OWN: Final = "/hmdm-<string(length=32):secret>"
_SYNC: Final = "/rest/public/sync/configuration/<string(maxlength=200):number>"
_RESET: Final = "/rest/plugins/devicereset/public"
_LOG: Final = "/rest/plugins/devicelog/log"
_POLL: Final = "/rest/notification/polling/<string(maxlength=200):number>"
_NOTE: Final = "/rest/notifications/device/<string(maxlength=200):number>"
_MINE: Final[dict[str, Any]] = {"auth": Auth.PATH, "surface": "hmdm", "mode": Mode.WRITES}
_QUIET: Final = ("headwind.fetch_configuration", "headwind.enrol_agent", "headwind.fetch_plainly")
"""Calls whose refusals come at status 200: the agent reads the envelope and shows its message."""


@blp.errorhandler(Exception)
def refused(raised: Exception) -> Response:
    """Refuse in the agent's words. A status from 400 on keeps it from going on as if all were well."""
    refusal = problems.domain_error(raised)
    told = Response(error(code_of(refusal.code, refusal.status)), content_type="application/json")
    quiet = request.endpoint in _QUIET and refusal.status < 500 and refusal.status != 429
    told.status_code = 200 if quiet else refusal.status
    told.headers.update({k: v for k, v in refusal.headers.items() if k == "Retry-After"})
    return told


@blp.route(
    _PLAIN + _SYNC,
    methods=["POST"],
    auth=Auth.OPEN,
    actions=("mdm.device.enrol",),
    limit=16_384,
)
def enrol_agent(number: str) -> Response:
    """Come in with the one-time token of the QR code; repeat it if the answer got lost."""
    return _signed(enrolling.come_in(uow(), actor(), number, _token(), _signature()))


@blp.route(_PLAIN + _SYNC, auth=Auth.OPEN, mode=Mode.WRITES, actions=("mdm.device.enrol",))
def fetch_plainly(number: str) -> Response:
    """Be moved to a path of one's own: an expected number, or one that came in a moment ago."""
    return _signed(enrolling.fetch_plain(uow(), actor(), number, _signature()))


@blp.route(
    _OWN + _SYNC,
    methods=["GET", "POST"],
    actions=("mdm.headwind.configuration",),
    limit=16_384,
    **_MINE,
)
def fetch_configuration(secret: str, number: str) -> Response:
    """Fetch what the terminal is to be and to do."""
    return _signed(configuring.configuration(uow(), actor(), _call(secret, number)))


@blp.route(
    _OWN + "/rest/public/sync/info",
    methods=["POST"],
    actions=("mdm.headwind.report",),
    **_MINE,
)
def take_info(secret: str) -> Response:
    """Report the terminal's state."""
    reporting.info(uow(), actor(), _call(secret, None), _read(read_info))
    return _plain(None)


@blp.route(_OWN + _POLL, actions=("mdm.headwind.listen",), **_MINE)
def poll(secret: str, number: str) -> Response:
    """Wait up to 55 seconds for a word to look; the front holds the connection, no worker does."""
    messages, listened = polling.poll(uow(), actor(), _call(secret, number))
    answer = _plain(messages)
    return answer if messages else hold(answer, listened, polling.SECONDS)


@blp.route(_OWN + _NOTE, actions=("mdm.headwind.listen",), **_MINE)
def fetch_notifications(secret: str, number: str) -> Response:
    """Fetch what waits, as older agents do."""
    return _plain(polling.notifications(uow(), actor(), _call(secret, number)))


@blp.route(
    _OWN + _LOG + "/rules/<string(maxlength=200):number>",
    actions=("mdm.headwind.report",),
    **_MINE,
)
def fetch_log_rules(secret: str, number: str) -> Response:
    """Fetch which lines of the log to send."""
    return _plain(reporting.rules(uow(), actor(), _call(secret, number)))


@blp.route(
    _OWN + _LOG + "/list/<string(maxlength=200):number>",
    methods=["POST"],
    actions=("mdm.headwind.report",),
    **_MINE,
)
def take_log(secret: str, number: str) -> Response:
    """Send lines of the log; the agent deletes them once this is answered."""
    reporting.log(uow(), actor(), _call(secret, number), _read(read_lines))
    return _plain(None)


@blp.route(
    f"{_OWN}{_RESET}/<string(maxlength=200):number>",
    methods=["POST"],
    actions=("mdm.headwind.confirm",),
    **_MINE,
)
def confirm_wipe(secret: str, number: str) -> Response:
    """Say that the terminal is about to erase itself; without an answer it does not."""
    return _confirmed(secret, number, "wipe")


@blp.route(
    f"{_OWN}{_RESET}/reboot/<string(maxlength=200):number>",
    methods=["POST"],
    actions=("mdm.headwind.confirm",),
    **_MINE,
)
def confirm_reboot(secret: str, number: str) -> Response:
    """Say that the terminal is about to reboot."""
    return _confirmed(secret, number, "reboot")


@blp.route(
    f"{_OWN}{_RESET}/password/<string(maxlength=200):number>",
    methods=["POST"],
    actions=("mdm.headwind.confirm",),
    **_MINE,
)
def confirm_passcode(secret: str, number: str) -> Response:
    """Say that the terminal has tried its new passcode."""
    return _confirmed(secret, number, "password")


@blp.route(
    f"{_OWN}/files/<string(maxlength=100):name>", actions=("mdm.headwind.download",), **_MINE
)
def fetch_file(secret: str, name: str) -> Response:
    """Fetch a file of the configuration; ranges and conditions are honoured."""
    file = files.fetch(uow(), actor(), _call(secret, None), name)
    return send(Content(file.sha256, file.size, file.media_type, file.read, shared=file.shared))


@blp.route(
    f"{_OWN}/rest/plugins/devicelocations/public/update/<string(maxlength=200):number>",
    methods=["PUT"],
    actions=("mdm.headwind.report",),
    **_MINE,
)
def take_locations(secret: str, number: str) -> Response:
    """Take what the free agent never sends; another build is answered and nothing is kept."""
    reporting.stub(uow(), actor(), _call(secret, number))
    return _plain(None)


@blp.route(
    f"{_OWN}/rest/plugins/deviceinfo/deviceinfo/public/<string(maxlength=200):number>",
    methods=["PUT"],
    actions=("mdm.headwind.report",),
    **_MINE,
)
def take_detailed_info(secret: str, number: str) -> Response:
    """Take what the free agent never sends; another build is answered and nothing is kept."""
    reporting.stub(uow(), actor(), _call(secret, number))
    return _plain(None)


@blp.route(
    f"{_OWN}/rest/plugins/deviceinfo/deviceinfo-plugin-settings/device/"
    "<string(maxlength=200):number>",
    actions=("mdm.headwind.report",),
    **_MINE,
)
def fetch_info_settings(secret: str, number: str) -> Response:
    """Say that no detailed information is wanted."""
    reporting.stub(uow(), actor(), _call(secret, number))
    return _plain({"sendData": False, "intervalMins": 60})


def _confirmed(secret: str, number: str, what: str) -> Response:
    said = _read(read_info)
    reporting.confirm(uow(), actor(), _call(secret, number), what, said)
    return _plain(None)


def _call(secret: str, number: str | None) -> Call:
    return Call(secret, number, _signature())


def _signature() -> str:
    return request.headers.get("X-Request-Signature", "")[:100]


def _read(shape: Callable[[bytes], Shape]) -> Shape:
    """Return what the body says, or refuse it whole and keep it in quarantine for the admin."""
    body, unit, terminal = request.get_data() or b"{}", uow(), terminal_of(actor())
    path = scrub(request.path)
    try:
        return shape(body)
    except (Malformed, InvalidInput) as error:
        wrong = error
        unit.afterwards(lambda later: quarantine.keep(later, terminal, path, body, wrong))
        raise


def _token() -> str:
    """Return the token that came back as the name of a configuration; '' for none."""
    try:
        said = json.loads(request.get_data() or b"{}")
    except (ValueError, RecursionError) as wrong:
        raise Malformed("The body is not JSON in UTF-8.") from wrong
    token = said.get("configuration") if isinstance(said, dict) else None
    return token[:200] if isinstance(token, str) else ""


def _signed(answer: Answer) -> Response:
    response = Response(answer.body, content_type="application/json")
    if answer.signature:
        response.headers["X-Response-Signature"] = answer.signature
    return response


def _plain(data: Any) -> Response:
    return Response(ok(dumped(data)), content_type="application/json")
