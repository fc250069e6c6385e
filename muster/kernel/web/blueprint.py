"""Blueprints whose every route says its auth class: JSON for programs, pages for people."""

from collections.abc import Callable
from typing import Any

import flask_smorest
from flask import Blueprint as FlaskBlueprint

from muster.kernel.db import Mode
from muster.kernel.web.bodies import StrictParser
from muster.kernel.web.marks import Auth, F, keep, mark_for


class Blueprint(flask_smorest.Blueprint):
    """A documented part of one audience's API.

    `audience` (field, agent, admin, publisher) chooses the OpenAPI document; `operationId`s are
    `<blueprint>_<function>`. A foreign protocol has no audience: its own description holds, and
    `docs/protocols` names it.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, package: str, *, audience: str | None, **options: Any) -> None:
        super().__init__(name, package, **options)
        self.audience = audience

    def route(  # type: ignore[override]
        self,
        rule: str,
        *,
        auth: Auth | tuple[Auth, ...],
        methods: list[str] | None = None,
        mode: Mode | None = None,
        actions: tuple[str, ...] = (),
        limit: int = 256 * 1024,
        idempotent: bool = False,
        surface: str = "",
        **options: Any,
    ) -> Callable[[F], F]:
        """Register a view; see `Mark` for the declarations."""
        methods = methods or ["GET"]
        mark = mark_for(
            methods,
            auth,
            mode=mode,
            actions=actions,
            limit=limit,
            idempotent=idempotent,
            surface=surface,
        )

        def decorate(view: F) -> F:
            endpoint = options.pop("endpoint", None) or view.__name__
            named = self.doc(
                operationId=f"{self.name}_{view.__name__}",
                **{"x-auth": [a.value for a in mark.auth], "x-actions": list(actions)},
            )(view)
            super(Blueprint, self).route(rule, methods=methods, endpoint=endpoint, **options)(named)
            keep(self, endpoint, mark)
            return view

        return decorate


class Pages(FlaskBlueprint):
    """A part of the console: HTML, console sessions, refusals shown as pages."""

    def route(
        self,
        rule: str,
        *,
        auth: Auth = Auth.CONSOLE,
        methods: list[str] | None = None,
        mode: Mode | None = None,
        actions: tuple[str, ...] = (),
        limit: int = 256 * 1024,
        **options: Any,
    ) -> Callable[[F], F]:
        """Register a page; see `Mark` for the declarations."""
        methods = methods or ["GET"]
        mark = mark_for(methods, auth, mode=mode, actions=actions, limit=limit, page=True)

        def decorate(view: F) -> F:
            endpoint = options.pop("endpoint", None) or view.__name__
            keep(self, endpoint, mark)
            super(Pages, self).route(rule, methods=methods, endpoint=endpoint, **options)(view)
            return view

        return decorate
