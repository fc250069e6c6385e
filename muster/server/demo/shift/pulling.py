"""Step 4: the terminal brings in what its officer may hold."""

from muster.handheld import Terminal
from muster.server.demo.play import Play, expect, wait
from muster.server.demo.shift.cast import MAIN


def pull_scopes(play: Play) -> None:
    """Forms, tasks, incidents, the hot list and the address file come, and add up."""
    terminal = play.terminal(MAIN)
    files = wait(lambda: _complete(terminal), "the hot list and the address file")
    held = {name: len(terminal.documents(name)) for name in ("forms", "tasks", "incidents")}
    expect(all(held.values()), f"a collection is empty: {held}")
    mine = play.city.force.leads.first_officer.number
    tasks = [task for task in terminal.documents("tasks") if task["assignee"] == mine]
    expect(tasks, "the officer's own task is missing")
    play.say(
        ", ".join(f"{number} {name}" for name, number in held.items()) + ": as the server says."
    )
    play.say(", ".join(f"{kind} version {version}" for kind, version in files.items()))
    again = terminal.pull()
    expect(not any(one.kept or one.gone for one in again.values()), f"pulled twice: {again}")
    play.say("Pulling again brings nothing: nothing changed.")


def _complete(terminal: Terminal) -> dict[str, str] | None:
    """Pull, comparing digests; the worker may still be packing the files."""
    terminal.pull(prove=True)
    files = terminal.packages()
    return files if {"hot_list", "addresses"} <= files.keys() else None
