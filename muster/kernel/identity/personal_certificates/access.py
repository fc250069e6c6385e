"""What the guard must know about trust in certification authorities and providers."""

from muster.kernel.guard import Action, Fragment, policies_beside

FRAGMENT = Fragment(
    name="identity.trust",
    actions=[
        Action(
            "identity.trust.read", "Force", groups=("console",), principals=("Officer", "System")
        ),
        Action("identity.trust.change", "Force", principals=("System",), internal=True),
        Action("identity.trust.refresh", "Force", principals=("System",), internal=True),
    ],
    policies=policies_beside("muster.kernel.identity.personal_certificates"),
)
