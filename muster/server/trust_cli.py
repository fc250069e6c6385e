"""`muster trust`: whose personal certificates, and whose word about people, this server believes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from muster.kernel.identity import oidc, system
from muster.kernel.identity.oidc import links
from muster.kernel.identity.personal_certificates import bindings, lists
from muster.kernel.identity.personal_certificates import trust as authorities
from muster.kernel.outbound import Outbound
from muster.server.commanding import opened, plainly

_ACTOR = system("muster trust")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def trust() -> None:
    """Certification authorities and the OpenID provider that sign people in."""


@trust.command("add")
@click.argument("file", type=_FILE)
@click.option("--crl-url", default="", help="Where a job fetches the revocation list.")
@plainly
def add(file: Path, crl_url: str) -> None:
    """Believe personal certificates of the authorities in a PEM FILE, roots and intermediates."""
    with opened() as kernel, kernel.writes() as uow:
        added = authorities.add(uow, _ACTOR, file.read_bytes(), crl_url=crl_url)
    for fingerprint in added:
        click.echo(fingerprint)


@trust.command("list")
@plainly
def show() -> None:
    """List what is believed: fingerprint, kind, end, how long its revocation list holds, name."""
    with opened() as kernel, kernel.reads() as uow:
        for one in authorities.listing(uow, _ACTOR):
            until = f"{one.next_update:%Y-%m-%dT%H:%MZ}" if one.next_update else "no list"
            line = f"{one.fingerprint[:16]}  {one.kind:<12}  {one.not_after:%Y-%m-%d}  {until:<17}"
            click.echo(f"{line}  {one.subject}")


@trust.command("remove")
@click.argument("fingerprint")
@plainly
def remove(fingerprint: str) -> None:
    """Stop believing one authority; the beginning of its FINGERPRINT is enough."""
    with opened() as kernel, kernel.writes() as uow:
        click.echo(f"{authorities.remove(uow, _ACTOR, fingerprint)} is no longer believed.")


@trust.command("crl")
@click.argument("source")
@click.option("--of", "fingerprint", default="", help="Keep fetching it for this authority.")
@plainly
def crl(source: str, fingerprint: str) -> None:
    """Take in a revocation list from a file or URL; with --of, a job fetches the URL from now on."""
    at_url = source.startswith(("http://", "https://"))
    if fingerprint and not at_url:
        raise click.UsageError("--of needs a URL: a file cannot be fetched again.")
    way = Outbound.to([source], limit=lists.LIMIT) if at_url else None
    data = way.get(source) if way else Path(source).read_bytes()
    with opened() as kernel, kernel.writes() as uow:
        subject = lists.take(uow, _ACTOR, data)
        if fingerprint:
            authorities.point(uow, _ACTOR, fingerprint, source)
    click.echo(f"The list of {subject} is taken in.")


@trust.command("bundle")
@click.argument("file", type=click.File("wb"))
@plainly
def bundle(file: IO[bytes]) -> None:
    """Write every believed authority as PEM to FILE, for nginx (ssl_client_certificate)."""
    with opened() as kernel, kernel.reads() as uow:
        file.write(authorities.bundle(uow))


@trust.command("bind")
@click.argument("number")
@click.argument("certificate", type=_FILE)
@plainly
def bind(number: str, certificate: Path) -> None:
    """Believe that exactly this CERTIFICATE (PEM) is the officer's, whatever it names."""
    with opened() as kernel, kernel.writes() as uow:
        bindings.bind(uow, _ACTOR, number, certificate.read_bytes())
    click.echo(f"The certificate is {number}'s.")


@trust.command("since")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("number", required=False, default="")
@plainly
def since(day: datetime, number: str) -> None:
    """Believe certificates issued since DAY though accounts are younger: everybody's, or NUMBER's."""
    with opened() as kernel, kernel.writes() as uow:
        count = bindings.accept_since(uow, _ACTOR, day.replace(tzinfo=UTC), number)
    click.echo(f"Certificates since {day:%Y-%m-%d} are believed for {count} accounts.")


@trust.command("link")
@click.argument("number")
@click.argument("subject")
@plainly
def link(number: str, subject: str) -> None:
    """Link an officer to a SUBJECT of the OpenID provider (`sub`), in place of any other."""
    with opened() as kernel, kernel.writes() as uow:
        links.link(uow, _ACTOR, number, subject)
    click.echo(f"{number} is linked.")


@trust.command("unlink")
@click.argument("number")
@plainly
def unlink(number: str) -> None:
    """Forget whom the OpenID provider calls this officer."""
    with opened() as kernel, kernel.writes() as uow:
        links.unlink(uow, _ACTOR, number)
    click.echo(f"{number} is no longer linked.")


@trust.command("provider")
@plainly
def provider() -> None:
    """Ask the OpenID provider now how it is."""
    with opened() as kernel:
        if not kernel.settings.oidc_issuer:
            raise click.ClickException("MUSTER_OIDC_ISSUER is not set.")
        found = oidc.provider.fetch(kernel.settings.oidc_issuer)
    click.echo(f"{found.issuer} answers, with {len(found.keys.keys)} signing keys.")
