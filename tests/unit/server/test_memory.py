"""A serving process gives back what it needed for a moment."""

import subprocess
import sys

_PROGRAM = """
import ctypes
from pathlib import Path
from muster.server import memory

def resident():
    status = dict(l.split(":", 1) for l in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0])

c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
memory.lean()
before = resident()
for _ in range(3):
    block = c.malloc(19 << 20)
    ctypes.memset(block, 1, 19 << 20)
    c.free(block)
print(resident() - before)
"""


def test_the_memory_of_a_sign_in_does_not_stay():
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True)
    assert int(done.stdout) < 4 << 10  # KiB
