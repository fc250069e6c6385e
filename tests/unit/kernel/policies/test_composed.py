"""What the matrix and the templates write is Cedar that fits, and says what was ticked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muster.kernel.guard import FRAGMENTS, Edition, Guard, Target
from muster.kernel.identity import Actor
from muster.kernel.identity.roles import ROLES
from muster.kernel.policies import matrix
from muster.kernel.policies.composed import Condition, Document, compose, document_of, faults
from muster.kernel.policies.matrix import Grant
from muster.kernel.policies.templates import TEMPLATES
from muster.kernel.ports import Ports
from muster.kernel.wiring import wire as wire_kernel
from muster.server.packages import WIRES
from tests.conftest import settings_for
from tests.factories.people import console, field, terminal

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
VALUES: dict[str, dict[str, Any]] = {
    "zone": {"zones": ["internet", 'the "annex"']},
    "duty": {"unknown_passes": True},
    "certification": {"dataset": "registers.persons"},
    "sworn": {},
    "hours": {"start": "08:00", "end": "18:30", "days": [1, 2, 3, 4, 5]},
    "rank": {"at_least": 2},
    "app": {"apps": ["muster.field"]},
    "purpose": {"purposes": ["traffic_stop"]},
    "posture": {"at_least": 2},
    "fresh_sign_in": {},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    """The guard of the whole house, without a database."""
    folder: Path = tmp_path_factory.mktemp("guard")
    settings, ports = settings_for(folder, "sqlite://"), Ports()
    wire_kernel(ports, settings)
    for wire in WIRES:
        wire(ports)
    ports.seal()
    return Guard(ports.all(FRAGMENTS).values(), settings)


def edition(guard: Guard, document: Document) -> Edition:
    assert faults(guard, document) == []
    made = guard.layer(compose(document).own(1))
    assert made.edition is not None, made.flaws
    return made.edition


def test_every_cell_of_the_matrix_is_cedar_that_fits(house: Guard) -> None:
    grants = [
        Grant(role, action.name, scope)
        for role in ROLES
        for action in matrix.actions(house)
        for scope in matrix.scopes(house, action)
    ]
    assert len(grants) > 1000
    made = edition(house, Document(grants=grants))
    assert made.rules["matrix.auditor.never"].effect == "forbid"


def test_every_template_is_cedar_that_fits_on_every_group(house: Guard) -> None:
    assert VALUES.keys() == TEMPLATES.keys()
    groups = ["data", "data_write", "needs_purpose", "console", "mdm.device.wipe"]
    conditions = [
        Condition(template=name, name=f"{name.replace('_', '-')}-{n}", actions=groups, **rest)
        for name in TEMPLATES
        for n, rest in enumerate(
            [
                {"values": VALUES[name]},
                {"values": VALUES[name], "unit": "NORTH"},
                {"values": VALUES[name], "unit": "NORTH", "roles": ["officer", "supervisor"]},
                {
                    "values": VALUES[name],
                    "roles": ["officer"],
                    "advice": 'Ask "Li"',
                    "advice_zh": "问",
                },
            ]
        )
    ]
    document = Document(conditions=conditions)
    assert document_of(document.as_dict()) == document
    made = edition(house, document)
    assert made.rules["condition.zone-3"].advice == 'Ask "Li"'
    assert made.rules["condition.zone-0"].advice_zh.startswith("请在以下网络区域操作")
    assert made.rules["condition.zone-1"].within == {"NORTH"}


DEVICE = Target("Device", "d", {"state": "enrolled", "held": False}, "/CITY/NORTH/N1/")


@pytest.mark.parametrize(
    ("scope", "unit", "permitted"),
    [
        ("units", "/CITY/NORTH/N1/", True),
        ("units", "/CITY/SOUTH/", False),
        ("force", "/CITY/SOUTH/", True),
    ],
)
def test_a_ticked_cell_permits_its_scope_and_no_more(
    house: Guard, scope: Any, unit: str, permitted: bool
) -> None:
    made = edition(house, Document(grants=[Grant("supervisor", "mdm.device.lock", scope)]))
    where = Target("Device", "d", DEVICE.attributes, unit)
    someone = console("supervisor@NORTH")
    assert house.judge(made, someone, "mdm.device.lock", where, NOON).allowed is permitted
    assert not house.judge(made, console("auditor"), "mdm.device.lock", where, NOON).allowed


def test_never_holds_against_every_other_role(house: Guard) -> None:
    made = edition(house, Document(grants=[Grant("supervisor", "mdm.device.lock", "never")]))
    both = console("supervisor@NORTH", "device_admin@NORTH")
    refused = house.judge(made, both, "mdm.device.lock", DEVICE, NOON)
    assert (refused.allowed, refused.policies) == (False, ("matrix.supervisor.never",))
    only = console("device_admin@NORTH")
    assert house.judge(made, only, "mdm.device.lock", DEVICE, NOON).allowed


def admin(**more: Any) -> Actor:
    return console("device_admin@NORTH", **more)


@pytest.mark.parametrize(
    ("template", "values", "refused", "let"),
    [
        ("zone", {"zones": ["office"]}, NOON, None),
        ("zone", {"zones": ["internet"]}, None, NOON),
        ("hours", {"start": "08:00", "end": "18:30"}, NOON.replace(hour=7), NOON),
        ("hours", {"start": "22:00", "end": "06:00"}, NOON, NOON.replace(hour=23)),
        ("hours", {"start": "22:00", "end": "06:00"}, NOON.replace(hour=6), NOON.replace(hour=5)),
        ("hours", {"start": "08:00", "end": "18:00", "days": [1]}, NOON.replace(day=3), NOON),
        ("rank", {"at_least": 3}, NOON, None),
        ("rank", {"at_least": 2}, None, NOON),
        ("sworn", {}, None, NOON),
        ("duty", {}, NOON, None),
        ("duty", {"unknown_passes": True}, None, NOON),
        ("certification", {"dataset": "x"}, NOON, None),
        ("fresh_sign_in", {}, NOON, None),
        ("app", {"apps": ["other"]}, NOON, None),
        ("posture", {"at_least": 2}, NOON, None),
    ],
)
def test_a_condition_holds_where_it_says(
    house: Guard, template: str, values: dict[str, Any], refused: datetime, let: datetime
) -> None:
    condition = Condition(
        template=template, name="one", actions=["mdm.device.lock"], values=values, unit="NORTH"
    )
    made = edition(house, Document(conditions=[condition]))
    if refused is not None:
        verdict = house.judge(made, admin(), "mdm.device.lock", DEVICE, refused)
        assert verdict.policies == ("condition.one",)
    if let is not None:
        assert house.judge(made, admin(), "mdm.device.lock", DEVICE, let).allowed


def test_a_condition_on_a_posture_lets_the_better_terminal(house: Guard) -> None:
    condition = Condition(
        template="posture", name="p", actions=["field.record.read"], values={"at_least": 3}
    )
    made = edition(house, Document(conditions=[condition]))
    record = Target("Record", "r", {"own": True}, "/CITY/NORTH/")
    at = datetime.now(UTC)
    answers = [
        house.judge(
            made, field("officer", device=terminal(tier=tier)), "field.record.read", record, at
        )
        for tier in (2, 3)
    ]
    assert [one.policies == ("condition.p",) for one in answers] == [True, False]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (
            Document(grants=[Grant("warlock", "mdm.device.lock", "force")]),
            "/document/grants/0/role",
        ),
        (
            Document(grants=[Grant("officer", "mdm.device.eat", "force")]),
            "/document/grants/0/action",
        ),
        (Document(grants=[Grant("officer", "mdm.device.lock", "own")]), "/document/grants/0/scope"),
        (
            Document(grants=[Grant("officer", "mdm.device.wipe.approve", "force")]),
            "/document/grants/0/action",
        ),
        (
            Document(conditions=[Condition(template="sworn", name="a", actions=["x"])]),
            "/document/conditions/0/actions",
        ),
        (
            Document(conditions=[Condition(template="x", name="a", actions=["data"])]),
            "/document/conditions/0/template",
        ),
        (
            Document(
                conditions=[Condition(template="sworn", name="a", actions=["data"], roles=["x"])]
            ),
            "/document/conditions/0/roles",
        ),
        (
            Document(conditions=[Condition(template="sworn", name="a", actions=["data"])] * 2),
            "/document/conditions/1/name",
        ),
    ],
)
def test_what_does_not_exist_is_pointed_at(house: Guard, document: Document, pointer: str) -> None:
    assert [fault.pointer for fault in faults(house, document)] == [pointer]


@pytest.mark.parametrize(
    ("template", "values", "field_name"),
    [
        ("zone", {}, "zones"),
        ("zone", {"zones": []}, "zones"),
        ("zone", {"zones": ["a\nb"]}, "zones"),
        ("zone", {"zones": ["a"], "more": 1}, "more"),
        ("rank", {"at_least": "2"}, "at_least"),
        ("rank", {"at_least": True}, "at_least"),
        ("posture", {"at_least": 4}, "at_least"),
        ("hours", {"start": "8:00", "end": "18:00"}, "start"),
        ("hours", {"start": "08:00", "end": "24:00"}, "end"),
        ("hours", {"start": "08:00", "end": "18:60"}, "end"),
        ("hours", {"start": "08:00", "end": "18:00", "days": [0]}, "days"),
        ("certification", {"dataset": ""}, "dataset"),
        ("duty", {"unknown_passes": "no"}, "unknown_passes"),
    ],
)
def test_a_form_filled_in_wrongly_is_pointed_at(
    house: Guard, template: str, values: dict[str, Any], field_name: str
) -> None:
    condition = Condition(template=template, name="a", actions=["data"], values=values)
    found = faults(house, Document(conditions=[condition]))
    assert [fault.pointer for fault in found] == [f"/document/conditions/0/values/{field_name}"]


def test_what_people_type_stays_a_text(house: Guard) -> None:
    """A value cannot end its string and add a rule of its own."""
    attack = '"].contains(context.zone) }; permit (principal, action, resource); //'
    condition = Condition(
        template="zone",
        name="a",
        actions=["data"],
        values={"zones": [attack]},
        advice='") permit (principal, action, resource); @id("x',
    )
    made = edition(house, Document(conditions=[condition]))
    assert len(made.rules) == len(house.shipped.rules) + 1


def test_a_flaw_is_told_in_the_lines_of_its_own_section(house: Guard) -> None:
    expert = '@id("x.a")\npermit (principal, action, resource)\nwhen { resource.colour };'
    document = Document(
        grants=[Grant("officer", "mdm.device.lock", "force")], expert=expert, off=["no"]
    )
    composed = compose(document)
    found = composed.located(house.layer(composed.own(1)).flaws)
    assert {(one.section, one.line, one.rule) for one in found} == {
        ("off", 0, "no"),
        ("expert", 3, "x.a"),
    }
