"""Finds every table of the house, so that history and models can be compared."""

import pkgutil
from importlib import import_module

from sqlalchemy import MetaData

from muster.kernel.house import PACKAGES
from muster.kernel.model import Base


def metadata() -> MetaData:
    """Import every module that declares tables and return their common metadata."""
    for package in PACKAGES:
        module = import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if found.name.endswith(".models"):
                import_module(found.name)
    return Base.metadata
