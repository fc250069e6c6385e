"""Keeps a serving process small; `lean` is called first of all, `settled` once it is built."""

import ctypes
import gc
import sys
from typing import Final

# <malloc.h> of glibc.
_M_ARENA_MAX: Final = -8
_M_MMAP_THRESHOLD: Final = -3


def lean() -> None:
    """Make glibc's allocator give memory back (Linux); must come before the first thread.

    Each thread may get an arena of its own whose gaps no other thread uses, though the interpreter
    lock lets one allocate at a time: two arenas are enough. And once a large block was freed,
    glibc keeps blocks of that size in the heap, so that a sign-in's 19 MiB would stay for ever: a
    fixed threshold keeps them outside.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # not every C library has it
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, 1 << 20)


def settled() -> None:
    """Collect what start-up left behind; what stays is for good, and collections pass it by."""
    gc.collect()
    gc.freeze()
