"""Every terminal against every release: all views agree with the resolver, and nothing leaks.

A small world, exhaustively: terminals in and out of groups, units and roles; releases in every
state; assignments of every mode. The F-Droid index has a test of its own against the same view.
"""

from typing import Any

from appstore.rollouts.offers import sights
from appstore.rollouts.wanted import wanted_by_each
from tests.factories.appstore import PACKAGE, REASON, Store, apk, compiled, desired, download
from tests.factories.mdm import PIN, Console
from tests.factories.terminal import TestTerminal

EXTRA = "city.muster.extra"
Release = dict[str, Any]


def act(who: Console, release: Release, verb: str) -> None:
    answer = who.post(f"/appstore/v1/releases/{release['id']}/{verb}", REASON)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def installs(terminal: TestTerminal, *releases: Release) -> None:
    apps = [
        {"package": one["package"], "version_code": one["version_code"], "state": "installed"}
        for one in releases
    ]
    assert terminal.check_in(apps=apps).status_code == 200


def extra(code: int) -> bytes:
    return apk(code, package=EXTRA)


def releases_in_every_state(store: Store, ring: str) -> dict[str, Release]:
    nowhere = store.group("nowhere")
    made = {
        "superseded": store.released(apk(1), nowhere),
        "released": store.released(apk(2), nowhere),
        "rolling": store.approved(apk(3)),
        "halted": store.approved(apk(4)),
        "approved": store.approved(apk(5)),
        "needs_review": store.submitted(apk(6)),
        "blocked": store.approved(extra(1)),
        "retired": store.approved(extra(2)),
        "cure": store.released(extra(3), nowhere),
        "rejected": store.submitted(extra(4)),
    }
    store.rolled(made["rolling"], store.pilot, percent=50)
    store.rolled(made["halted"], ring)
    store.rolled(made["blocked"], ring)
    store.rolled(made["retired"], store.pilot)
    return made


def terminals_of_every_kind(store: Store, ring: str, chief: Console) -> dict[str, TestTerminal]:
    made = {
        "plain": store.terminal(),
        "pilot": store.terminal(store.pilot),
        "ring": store.terminal(ring),
        "both": store.terminal(store.pilot, ring),
        "banned": store.terminal(store.pilot, store.group("banned")),
        "held": store.terminal(),
        "southern": store.force.compliant(chief, unit="SOUTH"),
    }
    store.force.officer("S1", "officer", "supervisor")
    path = f"/admin/v1/devices/{made['held'].id}"
    headers = {"If-Match": chief.get(path).headers["ETag"]}
    assert chief.call("PATCH", path, {"holder": "S1"}, headers=headers).status_code == 200
    return made


def test_every_view_of_every_terminal_agrees_with_the_resolver_about_every_release(
    store: Store,
) -> None:
    chief = store.force.console("A0", "device_admin", unit="CITY")
    ring = store.group("ring")
    terminals = terminals_of_every_kind(store, ring, chief)
    releases = releases_in_every_state(store, ring)
    installs(terminals["ring"], releases["halted"])
    installs(terminals["southern"], releases["blocked"])
    installs(terminals["pilot"], releases["blocked"])
    act(store.admin, releases["halted"], "halt")
    act(store.publisher, releases["blocked"], "block")
    act(store.publisher, releases["retired"], "retire")
    act(store.publisher, releases["rejected"], "reject")
    groups = store.admin.get("/admin/v1/device-groups").get_json()["items"]
    banned = next(group["id"] for group in groups if group["name"] == "banned")
    store.assigned("unit", ref="NORTH")
    store.assigned("group", "blocked", ref=banned)
    store.assigned("role", "available", ref="supervisor", pinned_code=1, who=chief)
    store.assigned("unit", "available", ref="NORTH", package=EXTRA)
    assert {one: store.state(release) for one, release in releases.items()} == {
        one: "released" if one == "cure" else one for one in releases
    }, "the world holds a release in every state that lasts"

    found = {}
    for number, (name, terminal) in enumerate(terminals.items()):
        told = agreed(store, terminal)
        store.force.officer(f"20400{number}")
        assert terminal.sign_in(f"20400{number}", PIN).status_code == 200
        for state, release in releases.items():
            expected = 410 if state == "blocked" else 404
            if release["sha256"] in {entry.get("sha256") for entry in told}:
                expected = 200
            path = f"/appstore/v1/downloads/{release['sha256']}"
            by_agent, by_officer = download(terminal, release["sha256"]), terminal.call("GET", path)
            assert (by_agent.status_code, by_officer.status_code) == (expected, expected), (
                name,
                state,
            )
        found[name] = {
            entry["package"]: (entry.get("version_code"), entry["mode"]) for entry in told
        }
    newest = {found[name][PACKAGE][0] for name in ("pilot", "both")}
    assert newest <= {2, 3}, "half of the pilot ring has the third, all others the released one"
    for name in ("pilot", "both"):
        found[name].pop(PACKAGE)
    assert found == {
        "plain": {PACKAGE: (2, "required"), EXTRA: (3, "available")},
        "pilot": {EXTRA: (3, "required")},
        "ring": {PACKAGE: (4, "required"), EXTRA: (3, "available")},
        "both": {EXTRA: (3, "available")},
        "banned": {PACKAGE: (None, "blocked"), EXTRA: (3, "available")},
        "held": {PACKAGE: (1, "required"), EXTRA: (3, "available")},
        "southern": {EXTRA: (1, "blocked")},
    }


def agreed(store: Store, terminal: TestTerminal) -> list[dict[str, Any]]:
    """Return what a terminal is told, once list, signed desired state and resolver say the same."""
    device_id = terminal.id
    with store.house.kernel.reads() as uow:
        resolved = wanted_by_each(uow, sights(uow, [device_id]))[device_id]
    listed = desired(terminal)
    assert listed == compiled(terminal) == resolved
    return listed
