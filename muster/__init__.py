"""Muster: one server, one policy, one audit trail for officers' handheld terminals.

`kernel` is the ground floor, `ondevice` what server and terminal compute alike, `server` the
roof, `handheld` the reference terminal, `migrations` the one database history.
"""
