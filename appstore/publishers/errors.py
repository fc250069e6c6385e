"""Refusals about names, owners and tokens."""

from muster.kernel.errors import Conflict, NotFound
from muster.kernel.guard import Denied


class PackageReserved(Conflict):
    code = "package_reserved"
    title = "This name is kept for another unit's apps."


class NameReserved(Conflict):
    code = "name_reserved_already"
    title = "This name is kept for this unit already, or a request for it is open."


class OwnerAlready(Conflict):
    code = "app_owner_already"
    title = "The app belongs to this unit already, or a request to hand it over is open."


class PrefixNeedsRoot(Denied):
    code = "prefix_needs_root_approver"
    title = "A whole prefix is granted by an approver of the force's highest unit."


class TokenScopeMissing(Denied):
    code = "token_scope_missing"
    title = "This token was not made for that act."


class TokenPackageMissing(Denied):
    code = "token_package_missing"
    title = "This token was not made for that app."


class TokenNotFound(NotFound):
    code = "token_not_found"
    title = "There is no such publisher token."
