"""The vetting rules of web apps as data, in the manner of `appstore.vetting.rules`. Pure.

A rule's `find` returns evidence; none means that the release passes it. Start with `RULES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from appstore.vetting.judge import Check
from appstore.vetting.measures import Evidence
from appstore.vetting.rules import Verdict
from appstore.webapps.facts import WebFacts


@dataclass(frozen=True)
class WebPast:
    """What the store knows of the app when a release comes in.

    `hosts` are the force's own: a host counts as listed if it is one of them or lies below one.
    `previous` is the newest approved release; the other fields are those of `vetting.rules.Past`.
    """

    kind: str = "web"
    owned: bool = True
    highest: int = 0
    in_review: frozenset[int] = frozenset()
    retired: bool = False
    previous: WebFacts | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class WebRule:
    """One rule: a stable code, what a finding means, and a sentence for the publisher."""

    code: str
    verdict: Verdict
    title: str
    find: Callable[[WebFacts, WebPast], Evidence]


def judge(facts: WebFacts, past: WebPast) -> list[Check]:
    """Return one check per rule, in the rules' order."""
    return [_check(rule, rule.find(facts, past)) for rule in RULES]


def _check(rule: WebRule, evidence: Evidence) -> Check:
    return Check(rule.code, rule.verdict if evidence else "pass", rule.title, evidence)


def _plain(now: WebFacts, _: WebPast) -> Evidence:
    return () if now.address.startswith("https://") else (now.address,)


def _kind(now: WebFacts, past: WebPast) -> Evidence:
    return () if past.kind == "web" else (f"{now.package} is an app of kind {past.kind}",)


def _owner(now: WebFacts, past: WebPast) -> Evidence:
    return () if past.owned else (now.package,)


def _version(now: WebFacts, past: WebPast) -> Evidence:
    if now.version_code > past.highest:
        return ()
    return (f"version code {now.version_code}", f"highest approved is {past.highest}")


def _in_review(now: WebFacts, past: WebPast) -> Evidence:
    return (f"version code {now.version_code}",) if now.version_code in past.in_review else ()


def _retired(now: WebFacts, past: WebPast) -> Evidence:
    return (f"sha256 {now.bundle_sha256}",) if past.retired else ()


def _bundle(now: WebFacts, _: WebPast) -> Evidence:
    return (now.bundle_fault,) if now.bundle_fault else ()


def _host(now: WebFacts, past: WebPast) -> Evidence:
    if past.previous is None or past.previous.host == now.host:
        return ()
    return (f"{past.previous.host} before", f"{now.host} now")


def _unlisted(now: WebFacts, past: WebPast) -> Evidence:
    """A host that was approved before is news no more."""
    if past.previous is not None and past.previous.host == now.host:
        return ()
    return () if _listed(now.host.partition(":")[0], past.hosts) else (now.host,)


def _listed(host: str, hosts: Sequence[str]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _scopes(now: WebFacts, past: WebPast) -> Evidence:
    before = past.previous.scopes if past.previous else ()
    return tuple(name for name in now.scopes if name not in before)


RULES: Final = (
    WebRule("address_not_https", "block", "The page is not served by https.", _plain),
    WebRule("kind_changed", "block", "The package is no web app.", _kind),
    WebRule("package_of_another_publisher", "block", "The package belongs to others.", _owner),
    WebRule("version_code_not_higher", "block", "The version code must rise.", _version),
    WebRule(
        "version_code_in_review", "block", "This version code is in review already.", _in_review
    ),
    WebRule("content_retired", "block", "This very bundle was retired or blocked.", _retired),
    WebRule("bundle_refused", "block", "The bundle cannot be read safely.", _bundle),
    WebRule("host_changed", "warn", "The page moved to another host.", _host),
    WebRule("host_not_listed", "warn", "The host is not among the force's own.", _unlisted),
    WebRule("scopes_added", "warn", "Asks for new scopes.", _scopes),
)
