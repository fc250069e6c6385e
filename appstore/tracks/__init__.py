"""Tracks: the groups of terminals an app reaches as internal, pilot and production.

Start with `order.py` (pure), then `service.py`.
"""
