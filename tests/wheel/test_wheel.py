"""The wheel alone serves everything: no checkout, no node, no network."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SERVE = """
import sys
from pathlib import Path
from muster.kernel.settings import Settings
from muster.server.app import create_app
from muster.server.assembly import assemble, database
from muster.server.schema import upgrade
import muster, admin_ui, mdm

folder, wheel = Path(sys.argv[1]), Path(sys.argv[2])
assert all(Path(m.__file__).is_relative_to(wheel) for m in (muster, admin_ui, mdm))
settings = Settings(
    master_key=bytes(range(7, 39)), state_dir=folder, database_url=f"sqlite:///{folder}/muster.db",
    origin="http://localhost:8000", blob_url=f"file://{folder}/blobs",
)
db = database(settings)
upgrade(db)
client = create_app(assemble(settings)).test_client()
page = client.get("/console/sign-in")
assert page.status_code == 200, page.status
text = page.get_data(as_text=True)
links = [part.split('"')[0] for part in text.split('href="')[1:] + text.split('src="')[1:]]
assets = [link.split("#")[0] for link in links if "/static/" in link]
assert any(".css" in link for link in assets) and any(".js" in link for link in assets), links
for link in assets:
    assert client.get(link).status_code == 200, link
zh = client.get("/console/sign-in", headers={"Accept-Language": "zh-CN"}).get_data(as_text=True)
assert "登录" in zh
print("served", len(assets))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, unpacked into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    zipfile.ZipFile(built).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_alone_serves_the_console_in_both_languages(wheel: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(tmp_path), str(wheel)],
        cwd=tmp_path,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(wheel), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("served")


def test_the_wheel_carries_what_is_not_python(wheel: Path) -> None:
    for name in (
        "admin_ui/templates/base.html",
        "admin_ui/static/dist/manifest.json",
        "admin_ui/static/dist/LICENSES.txt",
        "admin_ui/translations/zh_Hans/LC_MESSAGES/messages.mo",
        "muster/kernel/guard/baseline.cedar",
        "mdm/devices/access.cedar",
        "muster/migrations/script.py.mako",
        "muster/migrations/versions/0001_kernel.py",
        "muster/py.typed",
    ):
        assert (wheel / name).is_file(), name
    assert not [path for path in wheel.rglob("*") if "node_modules" in path.parts]
    assert not [path for path in wheel.rglob("*") if path.name.startswith("test_")]
    assert not (wheel / "tests").exists()
