"""Writes the OpenAPI documents, one per audience, without a database."""

import json
import os
import tempfile
from pathlib import Path

from muster.kernel.settings import Settings
from muster.kernel.web import AUDIENCES
from muster.server.app import create_app
from muster.server.assembly import assemble, close, database
from muster.server.schema import upgrade


def write(folder: Path) -> list[Path]:
    """Write `<folder>/<audience>.json` for every audience and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, document in build(Path(scratch)).items():
            path = folder / f"{name}.json"
            text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
            path.write_text(text + "\n", encoding="utf-8")
            written.append(path)
    return written


def build(scratch: Path) -> dict[str, object]:
    """Return every audience's document; the house is wired as in production."""
    settings = Settings(
        master_key=os.urandom(32),
        state_dir=scratch,
        database_url=f"sqlite:///{scratch / 'openapi.db'}",
        origin="http://localhost:8000",
        blob_url=f"file://{scratch / 'blobs'}",
    )
    opened = database(settings)
    upgrade(opened)
    opened.dispose()
    kernel = assemble(settings)
    try:
        apis = create_app(kernel).extensions["muster_documents"]
        return {name: apis[name].spec.to_dict() for name in AUDIENCES}
    finally:
        close(kernel)
