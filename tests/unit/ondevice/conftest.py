"""Hypothesis without a deadline: on a shared machine a stall says nothing about the code."""

from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
