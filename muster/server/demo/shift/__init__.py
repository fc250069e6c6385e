"""One whole shift in twelve steps, each of which shows by its own requests what it says.

Start with `STEPS`. The steps hand things on in `play.notes`; a step that does not see what it must
raises `StepFailed`, and the shift ends there.
"""

from muster.server.demo.play import Step
from muster.server.demo.shift.auditing import answer_for_the_log
from muster.server.demo.shift.checking import ask_with_a_purpose
from muster.server.demo.shift.collecting import collect_offline
from muster.server.demo.shift.enrolment import enrol, prove_a_state, sign_in
from muster.server.demo.shift.foreign_agent import take_in_a_foreign_agent
from muster.server.demo.shift.ground import find_the_ground
from muster.server.demo.shift.loss import lose_and_wipe
from muster.server.demo.shift.pulling import pull_scopes
from muster.server.demo.shift.recovery import lose_and_find
from muster.server.demo.shift.store import release_an_app

STEPS = (
    Step("A terminal enrols from a QR code and echoes its configuration", enrol),
    Step("No data before a compliant state is reported", prove_a_state),
    Step("An officer signs in; a stolen token is worth nothing", sign_in),
    Step("The terminal pulls what its officer may hold", pull_scopes),
    Step(
        "A record made offline stays its author's, is recorded once, and is checked",
        collect_offline,
    ),
    Step("A check needs a purpose, and shows to each what they may see", ask_with_a_purpose),
    Step("A mistyped address is found; a point has one beat in any datum", find_the_ground),
    Step("A release passes muster and reaches the pilot ring only", release_an_app),
    Step("Lost mode, found in time, and a wipe that nobody has confirmed", lose_and_find),
    Step("A phone with the open Headwind agent comes in and obeys", take_in_a_foreign_agent),
    Step("A lost terminal is shut out at once, and two people wipe it", lose_and_wipe),
    Step("The auditor verifies the log and says who looked whom up, and why", answer_for_the_log),
)

__all__ = ["STEPS"]
