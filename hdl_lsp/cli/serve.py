"""`hdl-lsp serve`: the language server on standard input and output.

Must not import the server before stdout is taken: nothing may be printed into the protocol.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import os
import sys
from subprocess import PIPE, Popen
from typing import NoReturn

from hdl_lsp.server.stdio import take_stdio
from hdl_lsp.workers import child

LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `serve`."""
    parser.add_argument(
        "--stdio", action="store_true", help="the only way there is; for editors that add it"
    )


def run(options: argparse.Namespace) -> NoReturn:
    """Serves one client; leaves with the exit code that LSP asks for."""
    gc.disable()  # until everything is imported: there is no garbage in it
    taken = take_stdio()
    # Before anything else is imported: it has the other core for itself.
    scout = None
    with contextlib.suppress(OSError):  # no more processes allowed: the server looks itself
        scout = Popen(
            child.command("hdl_lsp.server.scout"),
            stdin=PIPE,
            stdout=PIPE,
            env=child.environment({}),
        )
    del options  # --stdio changes nothing
    # The level is a setting (log.level), read with the handshake.
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, stream=sys.stderr)
    # pygls logs whole messages, with the user's source text in them; what matters we log ourselves.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    import asyncio

    from hdl_lsp.server.serving import serve

    code = asyncio.run(serve(taken, scout))
    sys.stderr.flush()
    # Children and threads end with us; waiting for them would keep the editor waiting.
    os._exit(code)
