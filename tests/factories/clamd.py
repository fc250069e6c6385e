"""A ClamAV daemon that speaks the real protocol over a real socket, and knows one virus: EICAR."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Session(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        line = self.request.makefile("rb")
        if self._command(line) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack(">I", line.read(4))[0]:
            content += line.read(size)
            if len(content) > cast("_Daemon", self.server).limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = EICAR in content
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")

    @staticmethod
    def _command(line: "socketserver._BufferedIOBase") -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += line.read(1)
        return command


class _Daemon(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    limit = 25 << 20


@contextmanager
def clamd(limit: int = 25 << 20, port: int = 0) -> Iterator[str]:
    """Run a daemon whose StreamMaxLength is `limit`; yield its address."""
    with _Daemon(("127.0.0.1", port), _Session) as daemon:
        daemon.limit = limit
        thread = threading.Thread(target=daemon.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{daemon.server_address[1]}"
        daemon.shutdown()
        thread.join()
