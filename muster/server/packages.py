"""The list of what lives above the kernel: each package's wiring, lower floors first."""

from admin_ui.wiring import wire as wire_admin_ui
from appstore.wiring import wire as wire_appstore
from mdm.wiring import wire as wire_mdm
from mobile_api.wiring import wire as wire_mobile_api
from muster.kernel.ports import Wire
from offline_sync.wiring import wire as wire_offline_sync

WIRES: tuple[Wire, ...] = (
    wire_mdm,
    wire_offline_sync,
    wire_appstore,
    wire_mobile_api,
    wire_admin_ui,
)
