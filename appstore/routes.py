"""Every route of the package."""

from appstore.assignments.routes import blp as assignments
from appstore.catalogue.routes import blp as catalogue
from appstore.downloads.routes import agent, downloads
from appstore.fdroid.routes import blp as fdroid
from appstore.fdroid.routes import clients as fdroid_clients
from appstore.feedback.routes import field as feedback
from appstore.feedback.routes import publisher as given_feedback
from appstore.files.routes import files, shelf
from appstore.icons.routes import blp as icons
from appstore.insight.routes import blp as insight
from appstore.installs.routes import blp as installs
from appstore.listings.routes import blp as listings
from appstore.listings.routes import shelved
from appstore.managed_configs.routes import blp as managed_configs
from appstore.publishers.routes import blp as publishers
from appstore.publishers.token_routes import blp as tokens
from appstore.releases.routes import blp as releases
from appstore.reviews.routes import blp as reviews
from appstore.rollbacks.routes import blp as rollbacks
from appstore.rollouts.routes import blp as rollouts
from appstore.tracks.routes import blp as tracks
from appstore.waivers.routes import blp as waivers
from appstore.webapps.routes import blp as web_apps
from muster.kernel.web import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = (
    catalogue,
    waivers,
    publishers,
    tokens,
    tracks,
    releases,
    icons,
    reviews,
    assignments,
    rollouts,
    rollbacks,
    downloads,
    agent,
    installs,
    fdroid,
    fdroid_clients,
    listings,
    shelved,
    web_apps,
    managed_configs,
    feedback,
    given_feedback,
    insight,
    files,
    shelf,
)
