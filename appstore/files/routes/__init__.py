"""The doors of the download centre: one for publishers, one for those who fetch."""

from appstore.files.routes.files import blp as files
from appstore.files.routes.shelf import begins, sent
from appstore.files.routes.shelf import blp as shelf

__all__ = ["begins", "files", "sent", "shelf"]
