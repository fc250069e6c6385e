"""Who runs which kind of job, and what is to be run again and again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.ports import Ports

JobHandler = Callable[["Kernel", dict[str, Any]], None]
"""Opens its own units of work; no transaction is open when it is called."""

HANDLERS: Port[JobHandler] = Port("job handlers")
"""Key: the job's kind, `<owner>.<noun>.<verb>`."""


@dataclass(frozen=True)
class Schedule:
    """Enqueue `kind` once per `every`, whatever the number of workers.

    `direct` runs the handler in every worker without a job row: for short, frequent duties that
    agree among themselves who does them (the audit sealer). Otherwise the first run comes one period after the schedule is first seen; runs missed while no worker
    was up are made up for by one.
    """

    every: timedelta
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    direct: bool = False


SCHEDULES: Port[Schedule] = Port("schedules")


def every(ports: "Ports", period: timedelta, kind: str, handler: JobHandler) -> None:
    """Answer who runs a kind of job, and that it is run once in every period."""
    ports.answer(HANDLERS, kind, handler)
    ports.answer(SCHEDULES, kind, Schedule(period, kind))
