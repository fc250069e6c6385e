"""RFC 5424 messages over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425).

Syslog knows no acknowledgement. Over TCP and TLS a delivery counts when the collector has read to
our end and closes its own: what died in a buffer is sent again. UDP promises nothing.
"""

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

_FACILITY: Final = 13  # log audit
_INFORMATIONAL, _WARNING = 6, 4
_PORTS: Final = {"udp": 514, "tcp": 601, "tls": 6514}
_PATIENCE: Final = 10.0


@dataclass(frozen=True)
class Collector:
    """Where to send: `udp://host`, `tcp://host:601` or `tls://host:6514?ca=/path/to/ca.pem`."""

    scheme: str
    host: str
    port: int
    ca: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL; `ValueError` says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path or parts.username:
            raise ValueError("udp://host:514, tcp://host:601 or tls://host:6514?ca=/path.pem")
        ca = parse_qs(parts.query).get("ca", [""])[0]
        return cls(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], ca)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def send(self, messages: Sequence[bytes]) -> None:
        """Deliver messages in order, or raise `OSError`; then none counts as delivered."""
        if self.scheme == "udp":
            self._send_datagrams(messages)
            return
        framed = b"".join(b"%d %s" % (len(message), message) for message in messages)
        with socket.create_connection((self.host, self.port), _PATIENCE) as line:
            if self.scheme == "tcp":
                line.sendall(framed)
                line.shutdown(socket.SHUT_WR)
                _drain(line)
            else:
                context = ssl.create_default_context(cafile=self.ca or None)
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                with context.wrap_socket(line, server_hostname=self.host) as secured:
                    secured.sendall(framed)
                    secured.unwrap()  # waits for the collector's own end

    def _send_datagrams(self, messages: Sequence[bytes]) -> None:
        family = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family[0], socket.SOCK_DGRAM) as line:
            line.connect(family[4])
            for message in messages:
                line.send(message)


def message(at: datetime, host: str, seq: int, *, action: str, grave: bool, body: str) -> bytes:
    """Return one RFC 5424 message; `sequenceId` (§7.3.1) lets a collector see what it missed."""
    priority = _FACILITY * 8 + (_WARNING if grave else _INFORMATIONAL)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    number = seq % 2_147_483_647 + 1
    named = "".join(sign if "!" <= sign <= "~" else "?" for sign in action)[:32] or "-"
    head = f"<{priority}>1 {stamp} {host or '-'} muster - {named}"
    return f'{head} [meta sequenceId="{number}"] {body}'.encode()


def _drain(line: socket.socket) -> None:
    while line.recv(4096):
        pass
