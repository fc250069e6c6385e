"""Every route of the package."""

from appstore.catalogue.routes import blp as catalogue
from appstore.downloads.routes import agent, downloads
from appstore.releases.routes import blp as releases
from appstore.rollouts.routes import blp as rollouts
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (catalogue, releases, rollouts, downloads, agent)
