"""Separation of duties: which roles exclude each other (`exclusion.py`), and the first set-up."""
