"""What operators see: JSON logs with secrets scrubbed, metrics, and what a request cost."""

import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from muster.kernel import clock

request_id: ContextVar[str] = ContextVar("request_id", default="-")

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "muster_requests", "Requests by route and status", ["route", "status"], registry=REGISTRY
)
SECONDS = Histogram("muster_request_seconds", "Time in a route", ["route"], registry=REGISTRY)
DECISIONS = Counter("muster_decisions", "Guard decisions", ["action", "outcome"], registry=REGISTRY)
POLICY_FLAWS = Gauge(
    "muster_access_policy_flaws",
    "Rules of the force's set that do not fit this release",
    registry=REGISTRY,
)
JOBS = Counter("muster_jobs", "Jobs by kind and outcome", ["kind", "outcome"], registry=REGISTRY)


@dataclass
class Counts:
    """Database work of one request: statements sent and transactions committed."""

    statements: int = 0
    commits: int = 0


counts: ContextVar[Counts | None] = ContextVar("counts", default=None)

_NAMES = (
    r"(authorization|dpop|cookie|x-csrf-token|password|\bpin|secret|token|master_key|refresh|proof)"
)
_QUOTED = re.compile(rf"(?i){_NAMES}([\"']?\s*[:=]\s*[\"'])((?:[^\"'\\]|\\.)*)")
_BARE = re.compile(
    rf"(?i){_NAMES}([\"']?\s*[:=]\s*)(?:(?:bearer|dpop|basic)\s+)?([^\s\"',;&)\]}}]+)"
)
_ISSUED = re.compile(r"\b(mcs_|mcc_|mrt_)[\w-]{8,}")
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+")
_CAPABILITY = re.compile(r"(/(?:hmdm-|key/|fdroid/t/))[\w-]{12,}")


def scrub(text: str) -> str:
    """Return a log line with credentials, tokens and capability paths masked."""
    text = _QUOTED.sub(r"\1\2***", text)
    text = _BARE.sub(r"\1\2***", text)
    text = _ISSUED.sub(r"\1***", text)
    text = _JWT.sub("***", text)
    return _CAPABILITY.sub(r"\1***", text)


class JsonLines(logging.Formatter):
    """One JSON object per line: time, level, logger, request id, message, exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.rfc3339(clock.now()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "message": scrub(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str) -> None:
    """Send all logs of the process to standard error as scrubbed JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
