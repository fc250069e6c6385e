"""The app store: releases come in, are vetted and approved, go out ring by ring, and are fetched.

Rooms: `apk` (reads hostile APKs), `catalogue` (apps, their owners and pinned signers), `releases`
(upload, life cycle, approval), `vetting` (rules and verdicts), `rollouts` (rings, the one resolver,
install reports), `downloads` (bytes for terminals).

admin_ui and the server may import the rooms' fronts; the store stands on mdm (groups of terminals,
their desired state) and the kernel. Start with `releases/intake.py`: there a file becomes a
release; then `rollouts/resolver.py`: there it is decided what a terminal gets.
"""
