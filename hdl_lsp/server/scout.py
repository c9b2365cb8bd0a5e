"""The process behind ahead.py: reads one `initialize` from its pipe, finds files and project, writes them, and ends.

Must not import asyncio, lsprotocol or slang: it has to be quicker than the server it helps.
"""

from __future__ import annotations

import gc
import json
import os
import pickle

from hdl_lsp.server import client_settings, settings
from hdl_lsp.server.capabilities import member
from hdl_lsp.server.finding import find
from hdl_lsp.server.remembered_target import remembered
from hdl_lsp.server.wanted import Wanted
from hdl_lsp.workers.pipe import Framing, take_stdio


def main() -> None:
    """Answers one question."""
    gc.disable()  # it ends before there is enough garbage
    pipe = take_stdio(Framing.FRAMES)
    body = pipe.read()
    wanted = None if body is None else _wanted(body)
    # A command that prints a file list is run once, by the server.
    if wanted is not None and not wanted.config.trust.workspaces:
        pipe.write(pickle.dumps((wanted, find(wanted, os.environ)), pickle.HIGHEST_PROTOCOL))


def _wanted(body: bytes) -> Wanted | None:
    """What the server will ask itself, as far as the request `initialize` says; None when it is not understood."""
    try:
        params = member(json.loads(body), "params")
    except ValueError:
        return None
    options = member(params, "initializationOptions")
    roots = tuple(os.path.normpath(folder) for folder in client_settings.folders(params))
    if not roots:
        return None
    given = client_settings.settings(options)
    return Wanted(
        roots,
        settings.resolved(roots, given).config,
        settings.of_folders(roots, given),
        remembered(roots),
        client_settings.foreign(options),
        settings.index_folder(),
    )


if __name__ == "__main__":
    main()
