"""The demo: a generated fictional city, its police force, and one whole shift at work in it.

Start with `run.py`. `city` invents the data (fixed seed, no database); `bootstrap` and `world` put
it into a house; `shift` plays the twelve steps on the stage of `play`; `manifest` writes `demo.json`;
`patrol` keeps live terminals at work. Nothing here describes a real place, person, vehicle or
police force.
"""
