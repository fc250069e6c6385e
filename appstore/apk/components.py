"""The components an app opens to others: activities, services, receivers and providers.

Rules: Android developer guide, android:exported and android:permission of each element.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .axml import Element
from .errors import ApkError
from .lookup import Lookup

NAME, PERMISSION, EXPORTED = 0x01010003, 0x01010006, 0x01010010
READ_PERMISSION, WRITE_PERMISSION = 0x01010007, 0x01010008
SCHEME, HOST = 0x01010027, 0x01010028

_KINDS = "activity", "activity-alias", "service", "receiver", "provider"
_PROVIDERS_EXPORTED_UNTIL = 16
_MAX_COMPONENTS = 20_000
_MAX_LINKS = 10_000


@dataclass(frozen=True, slots=True)
class Components:
    """Open components by class name, the permissions that guard the others, and deep links."""

    exported: tuple[str, ...]
    guards: tuple[str, ...]
    deep_links: tuple[str, ...]


def read_components(
    application: Element, package: str, target_sdk: int, lookup: Lookup
) -> Components:
    """What the children of <application> open to other apps."""
    components = application.named(*_KINDS)
    if len(components) > _MAX_COMPONENTS:
        raise ApkError("manifest_invalid", f"The app has more than {_MAX_COMPONENTS} components.")
    everywhere = lookup.literal(application, PERMISSION)
    exported: dict[str, None] = {}
    guards: dict[str, None] = {}
    links: dict[str, None] = {}
    for component in components:
        required = _guards(component, lookup, everywhere)
        guards.update(dict.fromkeys(filter(None, required)))
        links.update(dict.fromkeys(_deep_links(component, lookup)))
        if len(links) > _MAX_LINKS:
            raise ApkError("manifest_invalid", f"The app has more than {_MAX_LINKS} deep links.")
        if _is_exported(component, target_sdk, lookup) and not all(required):
            exported[_class_name(lookup.literal(component, NAME), package)] = None
    return Components(tuple(exported), tuple(guards), tuple(links))


def _guards(component: Element, lookup: Lookup, everywhere: str) -> tuple[str, ...]:
    """A permission for each way in; "" is an open door. Providers have two: read and write."""
    permission = lookup.literal(component, PERMISSION)
    if PERMISSION not in component.attributes:
        permission = everywhere
    if component.name != "provider":
        return (permission,)
    keys = READ_PERMISSION, WRITE_PERMISSION
    return tuple(
        lookup.literal(component, key) if key in component.attributes else permission
        for key in keys
    )


def _is_exported(component: Element, target_sdk: int, lookup: Lookup) -> bool:
    if component.name == "provider":
        default = target_sdk <= _PROVIDERS_EXPORTED_UNTIL
    else:
        default = bool(component.named("intent-filter"))
    return lookup.truth(component, EXPORTED, default=default)


def _class_name(name: str, package: str) -> str:
    if name.startswith("."):
        return package + name
    return name if "." in name else f"{package}.{name}"


def _deep_links(component: Element, lookup: Lookup) -> Iterator[str]:
    """Each scheme with each host of one filter, for that is how Android combines them."""
    for intent_filter in component.named("intent-filter"):
        data = intent_filter.named("data")
        schemes = _texts(data, SCHEME, lookup)
        hosts = _texts(data, HOST, lookup) or {"*"}
        if len(schemes) * len(hosts) > _MAX_LINKS:
            raise ApkError("manifest_invalid", f"A filter has more than {_MAX_LINKS} deep links.")
        yield from sorted(f"{scheme}://{host}" for scheme in schemes for host in hosts)


def _texts(elements: list[Element], key: int, lookup: Lookup) -> set[str]:
    return {text for element in elements if (text := lookup.text(element, key))}
