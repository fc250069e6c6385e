"""The Flask application with every package's routes, documented per audience."""

from flask import Flask

from muster.kernel.kernel import Kernel
from muster.kernel.web import MusterFlask, apis, headers, is_static, marks, problems
from muster.server.blueprints import API_BLUEPRINTS, PAGES
from muster.server.health import blp as health

VERSION = "1"


class UnmarkedRoute(RuntimeError):
    """A route says nothing about who may use it."""


def create_app(kernel: Kernel) -> MusterFlask:
    """Return the application; a route without an auth class or action stops the boot."""
    app = MusterFlask("muster", static_folder=None)
    app.extensions["muster"] = kernel
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    app.config["MAX_FORM_PARTS"] = 200
    headers.install(app, kernel.settings)
    documents = apis(app, VERSION)
    problems.install(app)
    app.register_blueprint(health)
    for blueprint in API_BLUEPRINTS:
        home = documents[blueprint.audience] if blueprint.audience else app
        home.register_blueprint(blueprint)
    for pages in PAGES:
        app.register_blueprint(pages)
    app.extensions["muster_documents"] = documents
    _check(app, kernel)
    return app


def _check(app: Flask, kernel: Kernel) -> None:
    declared = marks(app)
    bare = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in declared and not is_static(app, rule.endpoint)
    )
    if bare:
        raise UnmarkedRoute(f"routes without an auth class: {', '.join(bare)}")
    mentioned = {action for mark in declared.values() for action in mark.actions}
    kernel.guard.check_mentioned(mentioned)
