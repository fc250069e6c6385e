"""The ground floor: identity, the guard, the audit log, transactions, and everything they need.

Every package above may import the fronts of these rooms; the kernel imports only `muster.ondevice`
and answers questions upwards through `ports`. Start with `uow.py` (how a request's work is
committed), then `guard` (who may), `identity` (who asks) and `web` (how it comes in). `kernel.py`
holds the engines of one running server together.
"""
