"""`muster ca …`: the issuing CA asked for, signed by the offline root, installed, retired."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from mdm.certificates import authority, offline_root
from muster.kernel import clock
from muster.kernel.errors import InvalidInput
from muster.kernel.identity.actor import system
from muster.kernel.kernel import Kernel
from muster.server.assembly import assemble, close

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW: Final = click.Path(path_type=Path)
_LEAST: Final = 12  # characters of a root's passphrase
_CLI: Final = system("cli")


def attach(main: click.Group, plainly: Callable[..., Any], settings: Callable[[], Any]) -> None:
    """Add the group to the command; faults are told as all commands tell them."""

    @contextmanager
    def house() -> Iterator[Kernel]:
        kernel = assemble(settings())
        try:
            yield kernel
        finally:
            close(kernel)

    @main.group("ca")
    def group() -> None:
        """The issuing CA of terminals' certificates, under an offline root."""

    @group.command("request")
    @click.option("--name", default="Muster Issuing CA", show_default=True)
    @plainly
    def request(name: str) -> None:
        """Make an issuing key on this server and print the request for it."""
        with house() as kernel, kernel.writes() as uow:
            made = authority.request(uow, _CLI, name)
        click.echo(made.decode(), nl=False)

    @group.command("install")
    @click.argument("chain", type=_FILE)
    @click.option("--new-root", is_flag=True, help="The chain ends in another root than before.")
    @plainly
    def install(chain: Path, *, new_root: bool) -> None:
        """Verify the signed CHAIN; its issuing CA gives certificates from now on."""
        with house() as kernel, kernel.writes() as uow:
            row = authority.install(uow, _CLI, chain.read_bytes(), new_root=new_root)
            told = (row.name, row.fingerprint, authority.parents(row)[-1])
        click.echo(f"{told[0]} is live: SHA-256 {told[1]}")
        click.echo(f"Its root: SHA-256 {_fingerprint(told[2])}. Compare it by another way.")

    @group.command("list")
    @plainly
    def list_all() -> None:
        """Show every issuing CA: state, end, SHA-256, name."""
        with house() as kernel, kernel.reads() as uow:
            rows = authority.listing(uow, _CLI)
        for row in rows:
            ends = f"{row.not_after:%Y-%m-%d}" if row.not_after else "-"
            click.echo(f"{row.state:<10} {ends:<11} {row.fingerprint or '-':<64} {row.name}")
            if row.ra_certificate:
                click.echo(f"{'SCEP RA':>22} {hashlib.sha256(row.ra_certificate).hexdigest()}")

    @group.command("retire")
    @click.argument("fingerprint")
    @plainly
    def retire(fingerprint: str) -> None:
        """End the issuing CA with this SHA-256; none of its certificates is honoured any more."""
        with house() as kernel, kernel.writes() as uow:
            name = authority.retire(uow, _CLI, fingerprint).name
        click.echo(f"{name} is retired.")

    _attach_offline(group, plainly)


def _attach_offline(group: click.Group, plainly: Callable[..., Any]) -> None:
    """Add what runs beside the root, on a machine with neither settings nor database."""

    @group.command("make-root")
    @click.option("--name", default="Muster Root CA", show_default=True)
    @click.option("--root-key", type=_NEW, required=True, help="A new file for the key.")
    @click.option("--root-cert", type=_NEW, required=True, help="A new file for the certificate.")
    @plainly
    def make_root(name: str, root_key: Path, root_cert: Path) -> None:
        """Make a root, its key under a passphrase that is read from standard input."""
        phrase = _passphrase(confirm=sys.stdin.isatty())
        if len(phrase) < _LEAST:
            raise InvalidInput(f"The passphrase must have {_LEAST} characters or more.")
        key, certificate = offline_root.make_root(name, clock.now())
        sealing = BestAvailableEncryption(phrase)
        _write(root_key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing))
        _write(root_cert, certificate.public_bytes(Encoding.PEM))
        click.echo(f"Root: SHA-256 {_fingerprint(certificate)}")

    @group.command("sign-offline")
    @click.argument("request", type=_FILE)
    @click.option("--root-key", type=_FILE, required=True)
    @click.option("--root-cert", type=_FILE, required=True)
    @click.option("--days", default=offline_root.ISSUING_DAYS, show_default=True)
    @plainly
    def sign_offline(request: Path, root_key: Path, root_cert: Path, days: int) -> None:
        """Sign a server's REQUEST with the root's key and print the chain to install."""
        pem = root_key.read_bytes()
        phrase = _passphrase(confirm=False) if b"ENCRYPTED" in pem else None
        key = offline_root.load_key(pem, phrase)
        root = offline_root.load_root(root_cert.read_bytes())
        made = offline_root.sign_issuing(key, root, request.read_bytes(), clock.now(), days)
        click.echo(made.decode(), nl=False)


def _passphrase(*, confirm: bool) -> bytes:
    given: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return given.encode()


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner reads; one that is there is left alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()
