"""What terminals are told of the releases they may see: entries of the `apps` section.

`{package, kind, version_code, sha256, size, signer, mode, url}` always; beside them what else there
is to say of the release or of this terminal: `conditions` and `deadline` (see `terms.py`), `files`
(the splits of a set), `web`, `config`, `reinstall` (an order to remove what is installed and install
this older release). An app that must not be on the terminal has an entry of its own,
`{package, mode: "blocked"}`: the agent removes or suspends it. If that is because the release that is
installed was blocked, it also says `{reason: "release_blocked", version_code}`.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from appstore.managed_configs import values
from appstore.releases.files import splits_of
from appstore.rollbacks.turns import orders_for
from appstore.rollouts.resolver import Blocked, Offer, Sight
from appstore.webapps.pages import pages_of
from muster.kernel.uow import UnitOfWork

DOWNLOADS: Final = "/appstore/v1/downloads"


def wanted(
    sight: Sight, more: Mapping[str, Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Return the entries of one terminal, by package; `more` adds to those of some packages."""
    added = more or {}
    entries = [_entry(offer) | {**added.get(offer.package, {})} for offer in sight.seen]
    entries += [_forbidden(blocked) for blocked in sight.blocked]
    return sorted(entries, key=lambda entry: str(entry["package"]))


def wanted_by_each(
    uow: UnitOfWork, sights: Mapping[UUID, Sight]
) -> dict[UUID, list[dict[str, Any]]]:
    """Return the entries of each terminal, whole; a statement for each thing to add."""
    seen = {offer.release_id: offer for sight in sights.values() for offer in sight.seen}
    splits = splits_of(uow, [id for id, offer in seen.items() if offer.kind == "apks"])
    pages = pages_of(uow, [id for id, offer in seen.items() if offer.kind == "web"])
    configs = values.values_for(
        uow, {id: [one.package for one in sight.seen] for id, sight in sights.items()}
    )
    orders = orders_for(uow, list(sights))
    return {
        device_id: _with_orders(
            wanted(
                sight,
                {
                    offer.package: _more(
                        files=splits.get(offer.release_id),
                        web=pages.get(offer.release_id),
                        config=configs.get(device_id, {}).get(offer.package),
                    )
                    for offer in sight.seen
                },
            ),
            orders.get(device_id, {}),
        )
        for device_id, sight in sights.items()
    }


def _with_orders(
    entries: list[dict[str, Any]], orders: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Let an order to go back stand in for what else is said of its package.

    Only an app that is not for this terminal at all stays blocked.
    """
    barred = {one["package"] for one in entries if one["mode"] == "blocked" and "reason" not in one}
    instead = {package: one for package, one in orders.items() if package not in barred}
    others = [entry for entry in entries if entry["package"] not in instead]
    return sorted([*others, *instead.values()], key=lambda entry: str(entry["package"]))


def _entry(offer: Offer) -> dict[str, Any]:
    return {
        "package": offer.package,
        "kind": offer.kind,
        "version_code": offer.version_code,
        "sha256": offer.sha256,
        "size": offer.size,
        "signer": offer.signer,
        "mode": offer.mode,
        "url": f"{DOWNLOADS}/{offer.sha256}" if offer.size else "",
        **offer.terms.told,
    }


def _forbidden(blocked: Blocked) -> dict[str, Any]:
    entry: dict[str, Any] = {"package": blocked.package, "mode": "blocked"}
    if blocked.version_code is not None:
        entry |= {"reason": "release_blocked", "version_code": blocked.version_code}
    return entry


def _more(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
