"""A whole CA in memory for the demo and for tests: root and issuing CA in one breath.

A real root's key never comes near a server; this one is forgotten as soon as it has signed.
"""

from mdm.certificates import authority, offline_root
from mdm.certificates.models import IssuingCa
from muster.kernel.identity.actor import system
from muster.kernel.kernel import Kernel


def make_authority(kernel: Kernel, name: str = "Muster demo issuing CA") -> IssuingCa:
    """Install an issuing CA under a root that nobody keeps."""
    who, at = system("demo"), kernel.clock()
    with kernel.writes() as uow:
        asked = authority.request(uow, who, name)
    key, root = offline_root.make_root("Muster demo root", at)
    chain = offline_root.sign_issuing(key, root, asked, at)
    with kernel.writes() as uow:
        return authority.install(uow, who, chain, new_root=True)


def ensure_authority(kernel: Kernel) -> None:
    """Install one unless there is one; repeating it changes nothing."""
    with kernel.reads() as uow:
        there = bool(authority.live(uow))
    if not there:
        make_authority(kernel)
