"""Our own agent's door, `/agent/v1`: proofs by the device key, JSON, hints by event stream.

Start with `check_in.py`. `report.py` is the fast codec of the same shape that `schemas.py`
documents.
"""
