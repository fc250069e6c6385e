"""What the guard must know about listings. Officers need a compliant terminal (group `data`)."""

from muster.kernel.guard import Action, Audited, Fragment, policies_beside

FRAGMENT = Fragment(
    name="appstore.listings",
    actions=[
        Action("app.listing.edit", "App"),
        Action(
            "app.catalogue.see", "Force", groups=("data",), audited=Audited.COUNTED, scope="apps"
        ),
        Action("app.agent.see", "Force", principals=("Terminal",), audited=Audited.COUNTED),
    ],
    policies=policies_beside("appstore.listings"),
)
