"""The console's pages, for `muster.server`."""

from admin_ui.blueprint import console
from admin_ui.pages import (
    approvals,
    apps,
    audit,
    checks,
    configurations,
    device,
    device_actions,
    devices,
    enrolment,
    overview,
    people,
    records,
    release,
    sign_in,
    static_files,
)
from muster.kernel.web import Pages

ROOMS = (
    apps,
    approvals,
    audit,
    checks,
    configurations,
    device,
    device_actions,
    devices,
    enrolment,
    overview,
    people,
    records,
    release,
    sign_in,
    static_files,
)
"""Named so that importing them, which registers their pages, is visibly meant."""
PAGES: tuple[Pages, ...] = (console,)
