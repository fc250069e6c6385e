"""The demo's police force: a tree of units, and people who can play every part."""

from collections import Counter

from muster.kernel.identity.roles import ROLES
from muster.server.demo.city import City


def test_every_unit_but_the_bureau_hangs_on_one_listed_before_it(city: City) -> None:
    known: set[str] = set()
    for unit in city.units:
        assert unit.parent in known or (not unit.parent and not known)
        known.add(unit.code)


def test_units_and_jurisdictions_share_their_codes(city: City) -> None:
    units = {unit.code for unit in city.units}
    areas = {area.code for area in city.areas if area.level != "beat"}
    assert areas <= units


def test_about_sixty_officers_serve_in_known_units(city: City) -> None:
    officers = city.force.officers
    assert 55 <= len(officers) <= 70
    assert {officer.unit for officer in officers} <= {unit.code for unit in city.units}
    assert Counter(o.kind for o in officers)["auxiliary"] >= 10


def test_every_role_is_played(city: City) -> None:
    assert {role for officer in city.force.officers for role in officer.roles} == set(ROLES)


def test_who_serves_the_whole_force_belongs_to_the_bureau(city: City) -> None:
    local = {"officer", "supervisor"}
    central = [o for o in city.force.officers if not set(o.roles) <= local]
    assert {officer.unit for officer in central} == {city.units[0].code}


def test_nobody_approves_their_own_work(city: City) -> None:
    leads = city.force.leads
    assert leads.publisher != leads.approver
    assert leads.device_admin_a != leads.device_admin_b
    assert "officer" not in leads.auditor.roles


def test_auxiliaries_hold_no_power_but_the_street(city: City) -> None:
    auxiliaries = [o for o in city.force.officers if o.kind == "auxiliary"]
    assert {o.roles for o in auxiliaries} == {("officer",)}
    assert all(o.valid_until for o in auxiliaries)


def test_all_leads_are_among_the_officers(city: City) -> None:
    leads = city.force.leads
    everybody = set(city.force.officers)
    assert {getattr(leads, part) for part in leads.__dataclass_fields__} <= everybody
