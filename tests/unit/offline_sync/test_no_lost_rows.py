"""Writers at the same time: nothing is lost, nothing waits in a circle."""

import random
import threading

from sqlalchemy.exc import IntegrityError

from muster.kernel.errors import Busy
from muster.kernel.kernel import Kernel
from tests.factories.sync import City, Notes
from tests.unit.offline_sync.store import Store

WRITERS, ROUNDS = 4, 30
SHELVES = [f"s{number}" for number in range(5)]


def test_four_writers_at_once_lose_no_row(kernel: Kernel, notes: Notes, city: City) -> None:
    notes.shelves[city.officers["N1"]] = set(SHELVES[:4])
    store = Store(kernel, city.actor("N1"))
    begin, failures = threading.Barrier(WRITERS + 1), []

    def work(number: int) -> None:
        dice = random.Random(number)
        begin.wait()
        try:
            for _ in range(ROUNDS):
                _one_commit(kernel, notes, dice)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    begin.wait()
    while any(thread.is_alive() for thread in threads):
        store.page(limit=5)
    for thread in threads:
        thread.join()
    assert failures == []
    store.sync(limit=7)
    with kernel.reads() as uow:
        assert store.texts == notes.texts(uow, {f"shelf:{name}" for name in SHELVES[:4]})
    assert store.page(with_digest=True).digest == store.digest


def _one_commit(kernel: Kernel, notes: Notes, dice: random.Random) -> None:
    """Change three documents in any scopes, in the order an owner should: by id."""
    ids = sorted(dice.sample(range(40), 3))
    while True:
        try:
            with kernel.writes() as uow:
                for number in ids:
                    scopes = [f"shelf:{name}" for name in dice.sample(SHELVES, dice.randint(0, 3))]
                    notes.write(uow, f"d{number:02}", f"text {dice.random()}", scopes)
        except (Busy, IntegrityError):  # two made the same new note: the owner tries again
            continue
        return
