"""Web apps: pages with an icon that share the life cycle of packages.

Start with `intake.py` (how a page becomes a release), then `rules.py` (what is looked at).
`pages.py` says what terminals are told; `bundles.py` reads bundles of files. Nothing is re-exported:
releases stand on the judging of this room, and this room on releases.
"""
