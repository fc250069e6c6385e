"""The WSGI application of one production worker; settings come from the environment."""

from muster.kernel import observe
from muster.kernel.house import assert_own_house
from muster.kernel.settings import from_environment
from muster.server import memory
from muster.server.app import create_app
from muster.server.assembly import assemble

assert_own_house()
memory.lean()
_settings = from_environment()
observe.configure_logging(_settings.log_level)
application = create_app(assemble(_settings))
memory.settled()
