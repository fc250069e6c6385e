"""The one linear history of the database; `muster db upgrade` applies it."""
