"""SCEP (RFC 8894), exactly: BER in, CMS signed and enveloped, CertRep out.

Start with `service.py`; `message.py` knows what the messages mean, `cms.py` and `ber.py` how they
are written.
"""
