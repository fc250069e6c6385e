"""Foreign clients from the npm registry, installed as their lock pins them."""

import fcntl
import subprocess
from pathlib import Path


def install(folder: Path) -> Path:
    """Install a folder's packages unless they are there; workers of one run wait for each other."""
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with (folder / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
            npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder
