"""Every package's routes, in the order of the floors."""

from admin_ui.routes import PAGES
from appstore.routes import BLUEPRINTS as APPSTORE
from mdm.routes import BLUEPRINTS as MDM
from mobile_api.routes import BLUEPRINTS as MOBILE_API
from muster.kernel.approvals.routes import blp as approvals
from muster.kernel.audit.keeping_routes import blp as audit_keeping
from muster.kernel.audit.routes import blp as audit
from muster.kernel.audit.routes import own as own_log
from muster.kernel.identity.routes import BLUEPRINTS as IDENTITY
from muster.kernel.policies.routes import blp as access_policies
from muster.kernel.uploads.routes import blp as uploads
from muster.kernel.web import Blueprint
from offline_sync.routes import BLUEPRINTS as OFFLINE_SYNC

API_BLUEPRINTS: tuple[Blueprint, ...] = (
    *IDENTITY,
    approvals,
    audit,
    access_policies,
    audit_keeping,
    own_log,
    uploads,
    *MDM,
    *OFFLINE_SYNC,
    *APPSTORE,
    *MOBILE_API,
)

__all__ = ["API_BLUEPRINTS", "PAGES"]
