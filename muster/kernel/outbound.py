"""Requests that the server itself sends: to where it was told, and nowhere a name may lead it.

A URL from outside can name a neighbour that only we can reach: the database, another service, a
cloud's metadata address (server-side request forgery, OWASP ASVS 5.0 §1.3.6 and §13.2.4). So

- a name is resolved once, every address it has is judged, and the connection goes to one of the
  addresses judged: a second answer of the name server (DNS rebinding) is never asked for;
- private, loopback, link-local and other special addresses are refused, unless the operator named
  this origin in the settings; link-local ones, where metadata services live, even then;
- no redirect is followed, no proxy or credential is taken from the environment, and the body has a
  limit in bytes.

TLS is checked against the machine's own trust store (OpenSSL's), where a force puts its own root.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpx

from muster.kernel.errors import DomainError

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
LIMIT: Final = 1024 * 1024
Resolver = Callable[[str, int], Sequence[str]]
"""From host and port to its addresses, as text."""

_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class OutboundRefused(DomainError):
    code, status = "outbound_refused", 422
    title = "The server does not send requests to this address."


class OutboundFailed(DomainError):
    code, status = "outbound_failed", 502
    title = "The other server did not answer as it should."


def origin_of(url: str) -> str:
    """Return `scheme://host:port` of an http(s) URL; raise `OutboundRefused` for any other."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise OutboundRefused("This is no web address.") from error
    if parts.scheme not in _PORTS or not host or parts.username is not None or "\\" in url:
        raise OutboundRefused("Give an http or https address without user name or password.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}:{port or _PORTS[parts.scheme]}"


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine by a literal address or as `localhost`."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundFailed(f"The name {host} cannot be resolved.") from error
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class Outbound:
    """One way out. `allowed` are the origins the operator named; they may be private addresses.

    `only` forbids all others. `limit` bounds a body in bytes.
    """

    allowed: frozenset[str] = field(default=frozenset())
    only: bool = False
    limit: int = LIMIT
    resolver: Resolver = resolve
    timeout: httpx.Timeout = field(default_factory=lambda: TIMEOUT)

    @classmethod
    def to(
        cls, urls: Iterable[str], *, limit: int = LIMIT, timeout: httpx.Timeout = TIMEOUT
    ) -> "Outbound":
        """Return a way to the origins of these URLs, which the operator gave, and to no other."""
        return cls(frozenset(map(origin_of, urls)), only=True, limit=limit, timeout=timeout)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> bytes:
        """Return the body of a 200; raises `OutboundRefused` or `OutboundFailed`."""
        status, body = self.request("GET", url, headers=headers)
        if status != httpx.codes.OK:
            raise OutboundFailed(f"{origin_of(url)} answered {status}.")
        return body

    def request(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        content: Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body of any answer; raises `OutboundRefused` or `OutboundFailed`."""
        whole = {"Accept-Encoding": "identity", **(headers or {})}
        try:
            with httpx.Client(
                transport=_Judging(self), timeout=self.timeout, trust_env=False
            ) as client:
                answer = client.request(method, url, data=form, content=content, headers=whole)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutboundFailed(f"{origin_of(url)} does not answer.") from error
        return answer.status_code, answer.content

    def address_of(self, url: str) -> str:
        """Return the one address to connect to, or raise `OutboundRefused`."""
        origin = origin_of(url)
        named = origin in self.allowed
        parts = urlsplit(origin)
        if not named and (self.only or parts.scheme != "https"):
            raise OutboundRefused("Only https leads out of here, and only to where it was allowed.")
        assert parts.hostname is not None
        assert parts.port is not None
        found = self.resolver(parts.hostname, parts.port)
        if not found:
            raise OutboundFailed(f"The name {parts.hostname} has no address.")
        for text in found:
            _judge(ipaddress.ip_address(text.partition("%")[0]), named=named)
        return found[0]


class _Judging(httpx.BaseTransport):
    """Connects to the address that was judged, while TLS and `Host` keep the name."""

    def __init__(self, way: Outbound) -> None:
        self._way = way
        self._inner = httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = self._way.address_of(str(request.url))
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        response = self._inner.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Bounded(response.stream, self._way.limit)
        packed = response.headers.get("Content-Encoding", "identity") != "identity"
        if packed or response.is_redirect:
            response.close()
            raise OutboundFailed("The other server redirects, or sends a packed body.")
        return response

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, limit: int) -> None:
        self._stream, self._limit = stream, limit

    def __iter__(self) -> Iterator[bytes]:
        left = self._limit
        for part in self._stream:
            left -= len(part)
            if left < 0:
                raise OutboundFailed("The other server's answer is too long.")
            yield part

    def close(self) -> None:
        self._stream.close()


def _judge(address: _Address, *, named: bool) -> None:
    for each in _meanings(address):
        if each.is_link_local or each.is_multicast or each.is_unspecified:
            raise OutboundRefused("This name leads to an address that no server listens on.")
        if not named and not each.is_global:
            raise OutboundRefused("This name leads into a private network.")


def _meanings(address: _Address) -> Collection[_Address]:
    """Return an address with the IPv4 address it may stand for (mapped, 6to4, NAT64)."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None:
        return [address]
    return [inner] if address.ipv4_mapped else [address, inner]
