"""Who publishes what: names kept for units, apps that change hands, and tokens for pipelines.

Start with `names.py` (pure), then `claims.py`, `transfer.py` and `tokens.py`.
"""
