"""The app store: releases come in, are vetted and approved, go out ring by ring, and are fetched.

Coming in: `apk` (reads hostile APKs), `webapps` (pages that share the life cycle), `publishers` (names,
owners, tokens), `releases` (upload, life cycle, approval), `vetting`, `waivers` and `scanning` (rules,
verdicts, scanners), `reviews` (of urgent releases). Shown as: `catalogue` (apps and their signers),
`listings`, `icons`, `feedback`, `insight`. Going out: `tracks`, `assignments` (whom an app is for),
`rollouts` (rings, health gates, the one resolver), `rollbacks` (ways back), `managed_configs` (what
apps are told), `installs` (what terminals report), `downloads` (bytes), `fdroid` (its protocol);
`files` is the download centre.

admin_ui and the server may import the rooms' fronts; the store stands on mdm (groups of terminals,
their desired state) and the kernel. Start with `releases/intake.py`: there a file becomes a
release; then `rollouts/resolver.py`: there it is decided what a terminal gets.
"""
