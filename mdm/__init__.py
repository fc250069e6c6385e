"""Managed terminals: how they come in, what they must be, what they are told, and when they go.

Rooms: `enrolment` (tokens, QR codes, the door in), `devices` (the fleet, lost and found, the
timeline), `groups`, `configuration` (layers, desired state), `compliance` (rules, verdicts),
`attestation` (keys in secure hardware), `commands` (lock, wipe, …), `equipment` (what the force
owns and who has it), `hints` (how terminals are told to look), `gateways/native` (our agent's door
`/agent/v1`), `gateways/headwind` (the open Headwind agent's, `/hmdm`).

appstore, admin_ui and the server may import the rooms' fronts; mdm itself stands on the kernel
alone and knows no other package: appstore answers `configuration.SECTIONS`. Start with
`gateways/native/check_in.py`: there everything meets.
"""
