"""Refusals of the layers room."""

from muster.kernel.errors import NotFound


class JurisdictionsMissing(NotFound):
    code = "jurisdictions_missing"
    title = "No jurisdictions have been loaded yet. Ask a data steward to import them."
