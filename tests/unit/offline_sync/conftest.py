"""A house with an owner of notes, and a city to sync for."""

from tests.factories.sync_house import city, kernel, notes, wired

__all__ = ["city", "kernel", "notes", "wired"]
