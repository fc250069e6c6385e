"""Live terminals for `muster demo`: officers at work, each at their own pace, until it stops."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from muster.handheld import Offline, Refused, Terminal, TerminalError, VaultErased
from muster.server.demo.city.force import Officer
from muster.server.demo.form_stop_check import FORM_ID
from muster.server.demo.photo import night_street
from muster.server.demo.play import Play
from muster.server.demo.shift.cast import PURPOSE

BEAT: Final = 20.0
"""Seconds between two rounds of one terminal, give or take half of it."""
_PHOTO: Final = "street.png"


@dataclass
class Walker:
    """One terminal and its officer."""

    terminal: Terminal
    officer: Officer
    pin: str
    serial: str


class Patrol:
    """A handful of terminals. Whatever refuses one of them is told once, and it goes on."""

    def __init__(self, play: Play, size: int) -> None:
        self._play = play
        shifts = sorted(play.city.shifts, key=lambda shift: shift.starts_at)
        by_number = {officer.number: officer for officer in play.city.force.officers}
        on_duty = [by_number[shift.officer] for shift in shifts]
        self._walkers = [self._walker(officer) for officer in on_duty[:size]]

    def walk(self, stop: threading.Event) -> None:
        """Let everybody work until `stop`, then put the terminals down."""
        threads = [
            threading.Thread(target=self._work, args=(walker, stop), name=walker.serial)
            for walker in self._walkers
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()

    def _walker(self, officer: Officer) -> Walker:
        play, serial = self._play, f"YL-LIVE-{officer.number}"
        terminal = Terminal(play.folder / "terminals" / f"live-{officer.number}", play.origin)
        return Walker(terminal, officer, play.secrets[officer.number].pin, serial)

    def _work(self, walker: Walker, stop: threading.Event) -> None:
        rng, last = Random(walker.officer.number), ""
        try:
            while not stop.is_set():
                last = self._attempt(walker, lambda: self._round(walker, rng), last)
                stop.wait(BEAT * rng.uniform(0.5, 1.5))
        except VaultErased:
            print(f"{walker.serial} was wiped and is off duty.")
        finally:
            walker.terminal.close()

    def _attempt(self, walker: Walker, act: Callable[[], None], last: str) -> str:
        """Act; tell what went wrong unless it is what was told last, and return it."""
        try:
            act()
        except (Offline, Refused, TerminalError) as trouble:
            if isinstance(trouble, Refused) and trouble.status == 401:
                walker.terminal.sign_out()  # the session is over; the next round signs in anew
            told = str(trouble)
            if told != last:
                print(f"{walker.serial}: {told}")
            return told
        return ""

    def _round(self, walker: Walker, rng: Random) -> None:
        """Come in if need be, report, obey, pull, and now and then do some police work."""
        terminal = walker.terminal
        if not terminal.device_id:
            self._enrol(walker)
        told = terminal.check_in()
        if ("wipe", "done") in terminal.carry_out(told["commands"]):
            raise VaultErased
        if told["state"] != "enrolled" or not told["compliant"]:
            return
        terminal.apps.update()
        terminal.shelf.update()
        if not terminal.connection.access_token:
            terminal.sign_in(walker.officer.number, walker.pin)
        terminal.pull()
        if rng.random() < 0.3:
            self._check(terminal, rng)
        if rng.random() < 0.2:
            self._record(terminal, rng)
        terminal.push()

    def _enrol(self, walker: Walker) -> None:
        label = f"Live terminal of {walker.officer.number}"
        code = self._play.token(walker.officer.unit, label, [self._play.notes["all"]])
        walker.terminal.enrol(code, walker.serial)

    def _check(self, terminal: Terminal, rng: Random) -> None:
        plate, case = self._someone(rng)
        terminal.check("plate", plate, PURPOSE, case)

    def _record(self, terminal: Terminal, rng: Random) -> None:
        plate, case = self._someone(rng)
        answers = {
            "incident": case,
            "plate": plate,
            "reason": "checkpoint",
            "outcome": "no_action",
            "photo": _PHOTO,
        }
        terminal.collect(FORM_ID, answers, {_PHOTO: night_street(rng.randrange(1000))})

    def _someone(self, rng: Random) -> tuple[str, str]:
        city = self._play.city
        return rng.choice(city.vehicles).plate, rng.choice(city.incidents).number
