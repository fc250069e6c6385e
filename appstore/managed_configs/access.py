"""What the guard must know about managed configurations."""

from muster.kernel.guard import Action, Attribute, Fragment, ResourceType, policies_beside

FRAGMENT = Fragment(
    name="appstore.managed_configs",
    resources=[ResourceType("AppConfig", {"unit": Attribute("Unit"), "own": Attribute("Bool")})],
    actions=[Action("app.config.write", "AppConfig", groups=("console",))],
    policies=policies_beside("appstore.managed_configs"),
)
