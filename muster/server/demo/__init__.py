"""The demo: a generated fictional city, its police force, and one whole shift at work in it.

`city` invents the data (fixed seed, no database), `form_stop_check` and `photo` make what an
officer fills in and attaches, `people_secrets` keeps the passwords of one demo installation.
Nothing here describes a real place, person, vehicle or police force.
"""
