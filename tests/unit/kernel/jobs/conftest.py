"""A bare kernel whose one kind of job notes what it was given."""

import pytest

from muster.kernel.jobs import HANDLERS, Worker, wire


class Diary(list):
    """What handlers noted, and how often they were called."""

    def note(self, kernel, payload):
        self.append(payload)


@pytest.fixture
def diary(bare) -> Diary:
    diary = Diary()
    wire(bare.ports)
    bare.ports.answer(HANDLERS, "note", diary.note)
    return diary


@pytest.fixture
def worker(bare, diary) -> Worker:
    return Worker(bare)
