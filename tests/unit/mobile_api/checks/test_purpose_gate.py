"""No role, purpose, case or reason but the lawful ones ever gets an answer."""

from itertools import product

import pytest

from mobile_api.checks import CheckRequest, Question, ask_all
from mobile_api.checks.purposes import SHIPPED, is_case_ref
from mobile_api.checks.service import masked
from muster.kernel.guard import Denied
from muster.kernel.identity import Actor, Person, Post, Terminal, Unit
from muster.kernel.identity.roles import ROLES
from muster.kernel.ids import uuid7
from muster.kernel.kernel import Kernel
from muster.ondevice.subjects import SubjectKind, normalise

READING = normalise(SubjectKind.PLATE, "桂ZK8B52")
CASES = ("A2026-1120-0007", "", "because", " ")
REASONS = ("", "front door of the suspect")
CODES = (*(purpose.code for purpose in SHIPPED), "", "curiosity", "STOP_CHECK")


@pytest.fixture
def unit(kernel: Kernel) -> Unit:
    with kernel.writes() as uow:
        row = Unit(id=uuid7(), code="N1", name="N1", path="/N1/")
        uow.session.add(row)
    return row


def actor(kernel: Kernel, unit: Unit, role: str, *, sworn: bool, terminal: bool) -> Actor:
    person = Person(
        uuid7(), "1001", "One", sworn, 0, unit.id, unit.code, unit.path, (Post(role, unit.code),)
    )
    device = Terminal(
        uuid7(), "T1", "enrolled", 2, unit.id, unit.code, unit.path, "jkt", kernel.clock()
    )
    return Actor(
        "officer", "field", person=person, device=device if terminal else None, scope=("checks",)
    )


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_without_a_purpose_that_covers_role_case_and_reason(
    kernel: Kernel, unit: Unit, role: str
) -> None:
    known = {purpose.code: purpose for purpose in SHIPPED}
    for sworn, terminal in product((True, False), (True, False)):
        who = actor(kernel, unit, role, sworn=sworn, terminal=terminal)
        asked = [
            Question(READING, "桂ZK8B52", code, case, reason)
            for code, case, reason in product(CODES, CASES, REASONS)
        ]
        with kernel.writes() as uow:
            answers = ask_all(uow, who, asked)
        for question, answer in zip(asked, answers, strict=True):
            purpose = known.get(question.purpose)
            lawful = (
                role == "officer"
                and terminal
                and purpose is not None
                and ("sworn" if sworn else "auxiliary") in purpose.roles
                and question.case_ref == CASES[0]
                and ("reason" not in purpose.requires or question.reason == REASONS[1])
            )
            assert isinstance(answer, dict) is lawful, (role, sworn, terminal, question)
            assert isinstance(answer, Denied) is not lawful
    with kernel.reads() as uow:
        rows = uow.session.query(CheckRequest).all()
        assert {row.purpose for row in rows} <= known.keys()
        assert all(row.case_ref == CASES[0] for row in rows)
        assert bool(rows) is (role == "officer")


@pytest.mark.parametrize(
    "text",
    ["A2026-1120-0007", "警2026/118", "CAD-99812", "(2026)川刑初12号", "川公刑立字[2026]118号"],
)
def test_numbers_of_cases_are_recognised(text: str) -> None:
    assert is_case_ref(text)


@pytest.mark.parametrize("text", ["", "abc", "because", "12", "1" * 65, "A 1 B 2", "A1\n22"])
def test_what_is_no_number_of_a_case_is_not(text: str) -> None:
    assert not is_case_ref(text)


@pytest.mark.parametrize(("form", "shown"), [("桂ZK8B52", "桂Z•••52"), ("ABCD", "••••"), ("", "")])
def test_a_masked_subject_shows_its_ends_at_most(form: str, shown: str) -> None:
    assert masked(form) == shown
