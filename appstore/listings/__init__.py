"""Listings: what people read and see of an app before they have it, in their own language.

Texts and pictures belong to one app and one language, change notes to one release. Publishers of
the app's unit write; what they change is there at once. Start with `service.py`; other rooms ask
`reading.py`.
"""
