"""Debian's aapt as a second opinion: manifest and resources compiled by Android's own tool."""

import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from appstore.apk import inspect_apk
from muster.server.demo.apks import ApkKey

pytestmark = pytest.mark.needs("aapt")

FRAMEWORK = "/usr/share/android-framework-res/framework-res.apk"

MANIFEST = """
<manifest xmlns:android="http://schemas.android.com/apk/res/android"
    package="city.muster.notes" android:versionCode="12" android:versionName="1.2.0">
  <uses-sdk android:minSdkVersion="24" android:targetSdkVersion="33"/>
  <uses-permission android:name="android.permission.CAMERA" android:maxSdkVersion="30"/>
  <uses-feature android:name="android.hardware.nfc" android:required="false"/>
  <application android:label="@string/app" android:icon="@drawable/icon"
      android:debuggable="@bool/traced" android:allowBackup="false">
    <activity android:name=".Main" android:exported="true"/>
    <service android:name=".Reader" android:exported="true"
        android:permission="android.permission.BIND_ACCESSIBILITY_SERVICE"/>
  </application>
</manifest>
"""
TEXTS = {
    "values": '<string name="app">@string/alias</string><string name="alias">Notebook</string>'
    '<bool name="traced">false</bool>',
    "values-v30": '<bool name="traced">true</bool>',
    "values-zh-rCN": '<string name="alias">记事本</string>',
    "values-zh-rTW": '<string name="alias">筆記本</string>',
    "values-de": '<string name="alias">Notizbuch</string>',
}


def png(width: int) -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x10\x20\x30" * width) * width
    image = part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + image


def run(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def compile_app(folder: Path, key: ApkKey) -> Path:
    manifest, resources, apk = folder / "AndroidManifest.xml", folder / "res", folder / "a.apk"
    manifest.write_text(MANIFEST.strip())
    for name, texts in TEXTS.items():
        (resources / name).mkdir(parents=True)
        (resources / name / "all.xml").write_text(f"<resources>{texts}</resources>")
    for name, width in {"drawable-hdpi": 8, "drawable-xxhdpi": 16}.items():
        (resources / name).mkdir()
        (resources / name / "icon.png").write_bytes(png(width))
    run("aapt", "package", "-M", manifest, "-S", resources, "-I", FRAMEWORK, "-F", apk)
    private, certificate = folder / "key.pk8", folder / "key.pem"
    private.write_bytes(
        key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    certificate.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    run("apksigner", "sign", "--key", private, "--cert", certificate, apk)
    return apk


def test_an_app_compiled_by_androids_own_tool_is_read_exactly(tmp_path):
    key = ApkKey.generate("Publisher")
    facts = inspect_apk(compile_app(tmp_path, key))
    assert (facts.package, facts.version_code, facts.version_name) == (
        "city.muster.notes",
        12,
        "1.2.0",
    )
    assert (facts.min_sdk, facts.target_sdk, facts.signer_sha256) == (24, 33, key.sha256)
    assert (facts.label, facts.label_zh) == ("Notebook", "记事本")
    assert facts.icon == "res/drawable-xxhdpi-v4/icon.png"
    assert facts.max_sdk_by_permission == {"android.permission.CAMERA": 30}
    assert facts.features == ("android.hardware.nfc",)
    assert facts.debuggable, "debuggable from Android 11 on is debuggable"
    assert not facts.allow_backup
    assert facts.exported_components == ("city.muster.notes.Main",)
    assert facts.guarding_permissions == ("android.permission.BIND_ACCESSIBILITY_SERVICE",)
