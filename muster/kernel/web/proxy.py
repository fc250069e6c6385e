"""What our own proxy tells about a connection: address, zone and client certificate.

A client reaches us through nginx, which writes these headers in place of whatever the client sent
under their names, together with a secret that only the two of us know:

    X-Muster-Proxy        the secret; without it none of the others is read
    X-Muster-Address      who is at the other end ($remote_addr)
    X-Muster-Zone         the listener they came by; never anything the client says
    X-Muster-Client-Cert  the certificate of the TLS handshake ($ssl_client_escaped_cert), or empty

The handshake proves that the client holds the certificate's key and nothing else: who issued it,
and whether it still stands, is for `identity.personal_certificates` and the devices' own CA to say.
"""

import base64
import binascii
import hmac
import re
from urllib.parse import unquote_to_bytes

from flask import Request, g

from muster.kernel.errors import Malformed
from muster.kernel.identity.actor import Origin
from muster.kernel.settings import Settings

SECRET = "X-Muster-Proxy"  # noqa: S105 - the header's name
ADDRESS = "X-Muster-Address"
ZONE = "X-Muster-Zone"
CERTIFICATE = "X-Muster-Client-Cert"

_PEM = re.compile(
    rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)\s+-----END CERTIFICATE-----\s*"
)


def believed(request: Request, settings: Settings) -> bool:
    """Whether the proxy itself wrote this request's headers: the secret came once, and is right.

    A header that came twice reaches us joined by a comma, so it is not the secret.
    """
    given = request.headers.get(SECRET, "")
    return bool(settings.proxy_secret) and hmac.compare_digest(
        given.encode(), settings.proxy_secret.encode()
    )


def origin_of(request: Request, settings: Settings) -> Origin:
    """Return where a request came from; without the proxy's secret its headers change nothing."""
    address, zone = request.remote_addr or "", "internet"
    if believed(request, settings):
        address = request.headers.get(ADDRESS, address)
        zone = request.headers.get(ZONE, zone)
    return Origin(
        g.muster_request_id,
        address,
        zone,
        request.headers.get("User-Agent", "")[:200],
        client_certificate(request, settings) or b"",
    )


def client_certificate(request: Request, settings: Settings) -> bytes | None:
    """Return the DER certificate whose key the client holds, as the proxy's TLS handshake proved.

    Raises `Malformed` if the proxy sent something else: to go on without would be to go on as
    somebody who showed no certificate.
    """
    if not believed(request, settings):
        return None
    escaped = request.headers.get(CERTIFICATE, "")
    if not escaped:
        return None
    found = _PEM.fullmatch(unquote_to_bytes(escaped))
    if found is None:
        raise Malformed("The proxy passed on something that is no client certificate.")
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error as error:
        raise Malformed("The proxy passed on a client certificate that cannot be read.") from error
