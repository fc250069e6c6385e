"""What an app's network security configuration opens: plain HTTP, and other people's certificates.

Format: Android developer guide, "Network security configuration". Debug overrides count for
debuggable builds only, and no rule lets such a build in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .axml import Element

_TRUE = "true"


@dataclass(frozen=True, slots=True)
class NetworkSecurity:
    """The most permissive of what the configuration says for any domain."""

    cleartext: bool
    trusts_user_certificates: bool


def read_network_security(root: Element) -> NetworkSecurity:
    """What the root element `network-security-config` allows."""
    elements = list(_walk(root))
    return NetworkSecurity(
        cleartext=any(_is_true(each, "cleartextTrafficPermitted") for each in elements),
        trusts_user_certificates=any(
            each.name == "certificates" and _text(each, "src") == "user" for each in elements
        ),
    )


def _walk(element: Element) -> Iterator[Element]:
    if element.name != "debug-overrides":
        yield element
        for child in element.children:
            yield from _walk(child)


def _is_true(element: Element, name: str) -> bool:
    value = element.attributes.get(name)
    return value is not None and (bool(value.truth) or _text(element, name) == _TRUE)


def _text(element: Element, name: str) -> str:
    value = element.attributes.get(name)
    return (value.text or "") if value is not None else ""
