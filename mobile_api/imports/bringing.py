"""Bringing listed rows up to date: what a file says of them holds, the others stay as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import select

from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

_BATCH: Final = 500


class Numbered(Protocol):
    """A row that people know by its number; `rev` rises when a file changes it."""

    number: Any
    rev: Any

    def __init__(self, **columns: Any) -> None: ...


R = TypeVar("R", bound=Numbered)


def bring(uow: UnitOfWork, model: type[R], rows: Sequence[Mapping[str, Any]]) -> list[R]:
    """Add or change rows by `number`; return those that are new or differ from before."""
    changed: list[R] = []
    for batch in _batches(rows):
        numbers = [row["number"] for row in batch]
        known = {
            one.number: one
            for one in uow.session.scalars(select(model).where(model.number.in_(numbers)))
        }
        for row in batch:
            one = known.get(row["number"])
            if one is None:
                one = model(id=uuid7(), rev=1, **row)
                uow.session.add(one)
            elif all(getattr(one, name) == value for name, value in row.items()):
                continue
            else:
                one.rev += 1
                for name, value in row.items():
                    setattr(one, name, value)
            changed.append(one)
    uow.session.flush()
    return changed


def _batches(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    return (rows[at : at + _BATCH] for at in range(0, len(rows), _BATCH))
