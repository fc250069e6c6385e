"""Launcher icons of releases, for people to know an app by. Start with `service.py`."""
