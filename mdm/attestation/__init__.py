"""Android key attestation: does the terminal's key live in secure hardware of an untouched system?

`chain.py` and `description.py` read and verify (pure), `verdict.py` decides (pure), `service.py`
takes chains from terminals, `operators.py` takes lists from people. The network is never asked:
roots and revocations come from files.
"""

from mdm.attestation.models import Attestation
from mdm.attestation.service import Sight, sight
from mdm.attestation.standing import attested, known_of

__all__ = ["Attestation", "Sight", "attested", "known_of", "sight"]
