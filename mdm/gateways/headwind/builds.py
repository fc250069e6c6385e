"""Which build of the agent signed: the house's own, the fleet's that is taken over, or unknown."""

from typing import TYPE_CHECKING, Literal

from mdm.gateways.headwind import signatures

if TYPE_CHECKING:
    from muster.kernel.settings import Settings

Build = Literal["house", "fleet", "unknown"]


def secret_of(settings: "Settings", build: str) -> str:
    """Return the shared secret of a build; empty for an unknown one, whose calls are not checked."""
    return {"house": settings.headwind_secret, "fleet": settings.headwind_fleet_secret}.get(
        build, ""
    )


def build_of(settings: "Settings", number: str, shown: str) -> Build:
    """Return the build whose secret signed a configuration request for this number."""
    known: tuple[Build, Build] = ("house", "fleet")
    for build in known:
        secret = secret_of(settings, build)
        if secret and signatures.matches(shown, [signatures.of_number(secret, number)]):
            return build
    return "unknown"
