"""Installs: what an agent says became of its apps, beside its check-ins.

Start with `service.py`; what the words mean, `rollouts/section.py` decides for both doors.
"""
