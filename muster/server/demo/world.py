"""What people load into a new house over its admin API: forms, registers, duties, groups, an app."""

from typing import Any, Final

from muster.server.demo.city.plan import CITY_CODE
from muster.server.demo.desk import Desk
from muster.server.demo.form_stop_check import workbook
from muster.server.demo.play import Play
from muster.server.demo.publishing import (
    approve,
    field_app,
    newest_version,
    roll_out,
    signing_key,
    upload,
)
from muster.server.demo.shift.cast import EVERYONE, PILOT, PURPOSE

_FILES: Final = {
    "jurisdictions": "jurisdictions.geojson",
    "addresses": "addresses.csv",
    "persons": "persons.csv",
    "vehicles": "vehicles.csv",
    "wanted": "wanted.csv",
    "incidents": "incidents.csv",
    "shifts": "shifts.csv",
    "tasks": "tasks.csv",
}
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def load_world(play: Play) -> None:
    """Load everything the shift stands on; a second time it only brings the day up to date."""
    leads = play.city.force.leads
    _load_files(play, play.desk(leads.data_steward))
    _publish_form(play.desk(leads.data_steward))
    play.notes["pilot"] = _group(play.desk(leads.device_admin_a), PILOT)
    play.notes["all"] = _group(play.desk(leads.device_admin_a), EVERYONE)
    _first_version(play)


def _load_files(play: Play, steward: Desk) -> None:
    files = play.city.files()
    for kind, name in _FILES.items():
        content = files[name].encode()
        report = steward.post(f"/admin/v1/imports/{kind}", content=content)
        print(f"  {kind:14}{report['rows']:>6} rows")


def _publish_form(steward: Desk) -> None:
    part = {"file": ("stop_check.xlsx", workbook(), _SHEET)}
    form = steward.post("/admin/v1/forms", files=part, data={"purpose": PURPOSE})
    print(f"  form {form['form_id']}, version {form['version']}")


def _group(admin: Desk, name: str) -> str:
    """Return the id of a group of terminals, made at the first start."""
    listed: list[dict[str, Any]] = admin.get("/admin/v1/device-groups", limit=100)["items"]
    for group in listed:
        if group["name"] == name:
            return str(group["id"])
    return str(admin.post("/admin/v1/device-groups", {"name": name, "unit": CITY_CODE})["id"])


def _first_version(play: Play) -> None:
    """Release version 1 of the field app to every terminal, unless the store has it."""
    leads = play.city.force.leads
    publisher = play.desk(leads.publisher)
    if newest_version(publisher):
        return
    release = upload(publisher, field_app(1, signing_key(play.folder)), "The first version")
    approvers = [play.desk(leads.approver), play.desk(leads.second_approver)]
    approve(approvers, release, "The camera is for evidence")
    roll_out(play.desk(leads.device_admin_a), release["id"], play.notes["all"], "For everybody")
    print(f"  app {release['package']}, version {release['version_name']}, for everybody")
