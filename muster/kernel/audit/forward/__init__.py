"""Forwards the sealed log to a collector: RFC 5424 messages that carry CEF (ASVS 16.4.3).

`cef.py` writes one entry, `syslog.py` frames and sends, `cursor.py` is the job: in sealed order,
from where the last delivery ended. References only: reasons, results and subjects stay here.
"""
