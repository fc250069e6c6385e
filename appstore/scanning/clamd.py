"""ClamAV's daemon: the file goes over a socket, the name of what was found comes back.

Protocol: clamd(8), INSTREAM: chunks of a length (u32, network order) and bytes, the last one empty;
commands and answers that begin with z end in a NUL.
"""

import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from appstore.scanning.errors import ScannerSilent
from appstore.vetting.judge import Check

RULE: Final = "scanner.clamd"
_TITLE: Final = "ClamAV's verdict."
_PIECE: Final = 256 * 1024
_CONNECT, _SILENCE, _WHOLE = 5.0, 30.0, 120.0  # seconds
_LONGEST: Final = 4096
_LENGTH: Final = struct.Struct(">I")


def ask(address: str, path: Path) -> Check:
    """Return the verdict of the daemon at tcp://host:port or unix:///path."""
    until = time.monotonic() + _WHOLE
    try:
        with _connected(address) as line:
            answer = _converse(line, path, until)
    except OSError as error:
        raise ScannerSilent(RULE, f"ClamAV does not answer ({type(error).__name__}).") from error
    return _verdict(answer)


def _connected(address: str) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp":
        assert where.port is not None
        return socket.create_connection((where.hostname, where.port), _CONNECT)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(_CONNECT)
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def _converse(line: socket.socket, path: Path, until: float) -> str:
    line.settimeout(_SILENCE)
    # It hangs up on a file that is too long for it, and says so first.
    with suppress(BrokenPipeError, ConnectionResetError):
        _send(line, path, until)
    answer = b""
    while not answer.endswith(b"\0"):
        piece = line.recv(_LONGEST)
        answer += piece
        if not piece or len(answer) > _LONGEST or time.monotonic() > until:
            break
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _send(line: socket.socket, path: Path, until: float) -> None:
    line.sendall(b"zINSTREAM\0")
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            line.sendall(_LENGTH.pack(len(piece)) + piece)
            if time.monotonic() > until:
                raise TimeoutError
    line.sendall(_LENGTH.pack(0))


def _verdict(answer: str) -> Check:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Check(RULE, "pass", _TITLE)
    if said.endswith(" FOUND"):
        return Check(RULE, "block", _TITLE, (said.removesuffix(" FOUND")[:200],))
    if "size limit exceeded" in said:
        detail = "ClamAV takes only smaller files; its StreamMaxLength must be raised."
        raise ScannerSilent(RULE, detail)
    raise ScannerSilent(RULE, f"ClamAV gave no verdict: {said[:200] or 'it hung up'}.")
