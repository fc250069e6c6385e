"""What a publisher token may: acts, and the packages it may do them to. Pure.

Both are words in the credential's scope; packages have a dot, acts have none, `*` is every package.
A credential without a scope has all that its officer has.
"""

from collections.abc import Iterable
from typing import Final

from muster.kernel.identity import Actor

ACTS: Final = ("read", "upload", "promote")
EVERY: Final = "*"


def packages_of(scope: Iterable[str]) -> list[str]:
    """Return the packages that a scope names."""
    return sorted(word for word in scope if word == EVERY or "." in word)


def acts_of(scope: Iterable[str]) -> list[str]:
    """Return the acts that a scope names, in their order."""
    named = set(scope)
    return [act for act in ACTS if act in named]


def reaches(actor: Actor, package: str) -> bool:
    """Whether whoever asks may do anything to a package as far as their token goes."""
    if actor.surface != "publisher" or not actor.scope:
        return True
    return EVERY in actor.scope or package in actor.scope


def limited(actor: Actor) -> bool:
    """Whether a token names the packages it is for."""
    return actor.surface == "publisher" and bool(actor.scope) and EVERY not in actor.scope
