"""The short name a terminal carries on its sticker."""

import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to mistake when spoken


def fresh_label() -> str:
    """Return a new label such as `T-7K3Q9D`; among 10 000 terminals one in 100 000 is taken."""
    return "T-" + "".join(secrets.choice(_SIGNS) for _ in range(6))
