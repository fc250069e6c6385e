"""Refusals about terminals."""

from muster.kernel.errors import Conflict, NotFound
from muster.kernel.guard import Denied


class DeviceNotFound(NotFound):
    code = "device_not_found"
    title = "There is no such terminal, or not for you."


class DeviceOutOfService(Denied):
    code = "device_out_of_service"
    title = "This terminal is out of service; it gets no configuration and no content."


class NotLetIn(Denied):
    code = "terminal_not_let_in"
    title = "This terminal waits for a device admin to let it in. Nobody can sign in on it yet."


class TerminalOfAnother(Denied):
    code = "terminal_of_another"
    title = "This is another officer's personal terminal. Use your own, or a pooled one."


class WrongState(Conflict):
    code = "device_wrong_state"
    title = "The terminal's state does not allow this."


class WipeWaiting(Conflict):
    code = "device_wipe_waiting"
    title = "A wipe is waiting for this terminal. Cancel it first, or let it be carried out."
