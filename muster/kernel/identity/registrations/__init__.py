"""Registered clients as people see them: who owns an app, what it may do, and stopping it.

An app of the store is registered when its first release is approved (`store.py`). Its publisher
asks for scopes, a data steward of its unit grants them (`service.py`); developers make a sandbox
for themselves (`sandbox.py`). What sign-in asks of a client is `identity/clients.py`.
"""

from muster.kernel.identity.registrations import sandbox, service, store

__all__ = ["sandbox", "service", "store"]
