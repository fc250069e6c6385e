"""Who is who: officers, units, terminals, registered apps, and the sessions between them.

Start with `actor.py` (what every use case is told about the caller), then `gate.py` (the one row
that decides whether a caller still stands). Names below are for neighbours; the use cases are
modules of this room, imported by name: `sessions` (sign-in, refresh, sign-out), `people`
(imports, a person as an actor), `officers` (suspend, release), `officers_leaving`, `officers_secrets`,
`client_credentials`, `devices`, `clients`, `credentials`, and the rooms `delegations`, `reviews`,
`break_glass`, `duties` (separation, the first set-up) and `directory` (SCIM, the nightly file).

Nothing imported here may reach the guard, the kernel or the web: the guard stands on this room.
"""

from muster.kernel.identity import clients, credentials, devices, names
from muster.kernel.identity.actor import (
    NOBODY,
    Actor,
    App,
    Certification,
    Kind,
    Origin,
    Person,
    Post,
    Terminal,
    system,
)
from muster.kernel.identity.credentials import fresh_pin, set_password, set_pin
from muster.kernel.identity.dpop import check_public_ec_key
from muster.kernel.identity.errors import (
    AdminExists,
    ClientBlocked,
    ConsoleClosed,
    CrossSite,
    DeviceBlocked,
    DeviceUnknown,
    GateRefusal,
    InvalidClient,
    InvalidGrant,
    InvalidProof,
    InvalidToken,
    KnownActor,
    PeopleFile,
    ProofReplayed,
    SessionEnded,
    Unauthenticated,
    WeakSecret,
)
from muster.kernel.identity.events import (
    OfficerChanged,
    OfficerReinstated,
    OfficerSuspended,
    UnitsChanged,
)
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.holdings import HOLDINGS, Held
from muster.kernel.identity.models import (
    Client,
    ClientCredential,
    Device,
    Epoch,
    Holding,
    Officer,
    RoleGrant,
    Session,
    Unit,
)
from muster.kernel.identity.ports import DEVICE_CERTIFICATES, DEVICE_PATHS, TERMINAL_USERS
from muster.kernel.identity.posts import People
from muster.kernel.identity.posture import PostureChanged, judge, move
from muster.kernel.identity.proof import Proof
from muster.kernel.identity.roles import ADMINISTRATIVE, LENDABLE, PRIVILEGED, ROLES
from muster.kernel.identity.secrets import (
    CONSOLE_PREFIX,
    CREDENTIAL_PREFIX,
    SecretPool,
    secret_hash,
)
from muster.kernel.identity.tether import PARENT_NOT_COMPLIANT
from muster.kernel.identity.units import UnitRef, unit_path
from muster.ondevice.jwk import thumbprint

__all__ = [
    "ADMINISTRATIVE",
    "CONSOLE_PREFIX",
    "CREDENTIAL_PREFIX",
    "DEVICE_CERTIFICATES",
    "DEVICE_PATHS",
    "HOLDINGS",
    "LENDABLE",
    "NOBODY",
    "PARENT_NOT_COMPLIANT",
    "PRIVILEGED",
    "ROLES",
    "TERMINAL_USERS",
    "Actor",
    "AdminExists",
    "App",
    "Certification",
    "Client",
    "ClientBlocked",
    "ClientCredential",
    "ConsoleClosed",
    "CrossSite",
    "Device",
    "DeviceBlocked",
    "DeviceUnknown",
    "Epoch",
    "GateRefusal",
    "Held",
    "Holding",
    "InvalidClient",
    "InvalidGrant",
    "InvalidProof",
    "InvalidToken",
    "Kind",
    "KnownActor",
    "Officer",
    "OfficerChanged",
    "OfficerReinstated",
    "OfficerSuspended",
    "Origin",
    "People",
    "PeopleFile",
    "Person",
    "Post",
    "PostureChanged",
    "Proof",
    "ProofReplayed",
    "RoleGrant",
    "SecretPool",
    "Session",
    "SessionEnded",
    "Terminal",
    "Unauthenticated",
    "Unit",
    "UnitRef",
    "UnitsChanged",
    "WeakSecret",
    "check_public_ec_key",
    "clients",
    "credentials",
    "devices",
    "fresh_pin",
    "judge",
    "look_again",
    "move",
    "names",
    "secret_hash",
    "set_password",
    "set_pin",
    "system",
    "thumbprint",
    "unit_path",
]
