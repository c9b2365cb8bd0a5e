"""LSP's 550 record types without a text for people, which takes a third off the time to import them.

Must be imported before lsprotocol, and nowhere but in a server's own process: elsewhere the types are whole.
"""

from __future__ import annotations

import functools
import importlib

import attrs


def import_types() -> None:
    """Imports lsprotocol.types. Its records print without their fields; the rest is as ever.

    attrs writes source text for the methods of every class and compiles it, at every start: `__repr__` is the
    longest of them, and nobody reads it.
    """
    whole = attrs.define
    attrs.define = functools.partial(whole, repr=False)
    try:
        importlib.import_module("lsprotocol.types")
    finally:
        attrs.define = whole
