"""The Flask application: authenticate, open the unit of work, dispatch, commit, answer.

The commit happens inside `dispatch_request`, so a failing commit becomes a proper problem instead
of a bare 500, and nothing leaves before its audit row is in.
"""

import time
from typing import TYPE_CHECKING

from flask import Flask, Request, Response, g, request
from flask.typing import ResponseReturnValue

from muster.kernel import observe
from muster.kernel.errors import DomainError, Internal
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.web import idempotency, refusals
from muster.kernel.web.authenticate import authenticate
from muster.kernel.web.bodies import bound, check_address
from muster.kernel.web.marks import Auth, Mark, is_static, marks
from muster.kernel.web.proxy import origin_of

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

_UNDECIDED = (Auth.OPEN, Auth.ENROL)


class MusterFlask(Flask):
    """A Flask whose every answer was authenticated, decided, recorded and committed."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run one request; see the module's first lines for the order."""
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        started = time.perf_counter()
        endpoint = request.endpoint or ""
        if is_static(self, endpoint):
            return super().dispatch_request()
        mark = marks(self)[endpoint]
        check_address(request)
        bound(request, mark.limit)
        kernel: Kernel = self.extensions["muster"]
        g.muster_actor = self._admit(kernel, mark)
        if _asks_for_methods(request):
            return self.make_default_options_response()
        try:
            return self._in_unit(UnitOfWork(kernel, mark.mode), mark)
        finally:
            observe.SECONDS.labels(endpoint).observe(time.perf_counter() - started)

    def _admit(self, kernel: "Kernel", mark: Mark) -> Actor:
        origin = origin_of(request, kernel.settings)
        try:
            return authenticate(kernel, mark, request, origin)
        except DomainError as error:
            refusals.record(kernel, error, request, origin)
            raise

    def _in_unit(self, unit: UnitOfWork, mark: Mark) -> Response:
        g.muster_uow = unit
        try:
            answer = idempotency.stored(unit, g.muster_actor, request) if mark.idempotent else None
            response = answer or self.make_response(super().dispatch_request())
            if answer is None:
                _check_decided(unit, mark)
                if mark.idempotent:
                    idempotency.store(unit, g.muster_actor, request, response)
            unit.commit()
        except BaseException:
            unit.rollback()
            raise
        else:
            return response
        finally:
            unit.close()


def _asks_for_methods(request: Request) -> bool:
    rule = request.url_rule
    return request.method == "OPTIONS" and bool(getattr(rule, "provide_automatic_options", False))


def _check_decided(unit: UnitOfWork, mark: Mark) -> None:
    """Fail closed when a route answers without asking the guard, or asks for the undeclared."""
    decided = set(unit.decided)
    if not decided and not set(mark.auth) & set(_UNDECIDED):
        raise Internal("This address answered without a decision; nothing was changed.")
    if "*" not in mark.actions and decided - set(mark.actions):
        raise Internal(f"Undeclared decision: {', '.join(sorted(decided - set(mark.actions)))}")
