"""What officers do in the field: forms, records, evidence, checks, incidents, tasks and maps.

Each folder is a room of its own with the usual furniture; start with `submissions/pipeline.py`
(collect = record = check = feedback) and `checks/service.py`. Only `admin_ui` and `muster.server`
may import this package, and only what a room's own front (`mobile_api.<room>`) shows.
"""
