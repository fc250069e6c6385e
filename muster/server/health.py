"""What load balancers and Prometheus ask: alive, ready, metrics."""

from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from muster.kernel import observe
from muster.kernel.web import Auth, Pages, kernel

blp = Pages("health", __name__)


@blp.route("/healthz", auth=Auth.OPEN)
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain")


@blp.route("/readyz", auth=Auth.OPEN)
def ready() -> Response:
    """Say whether the database answers and the access policies are loaded."""
    with kernel().db.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Response(f"ready {kernel().guard.set_id}\n", content_type="text/plain")


@blp.route("/metrics", auth=Auth.OPEN)
def metrics() -> Response:
    """Expose Prometheus metrics; counts only, deploy/ keeps the path inside."""
    return Response(generate_latest(observe.REGISTRY), content_type=CONTENT_TYPE_LATEST)
