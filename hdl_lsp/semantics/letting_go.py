"""Drops what still points into slang's memory, while that memory is there.

Must not be called in the midst of a walk. pyslang finds the Python object of a symbol by the symbol's address: one
that waits for the garbage collector while its compilation is gone is handed out again for whatever slang puts there
next, with the wrong type, or ends the process ("unexpected collision").
"""

from __future__ import annotations

import gc


def let_go(*owners: object) -> None:
    """Frees all that nobody can reach any more; *owners* are the compilations and trees that must outlive it."""
    gc.collect()
    del owners


def settle() -> None:
    """Once at the start of an analysis process: what was imported need not be looked at by every let_go()."""
    gc.collect()
    gc.freeze()
