"""Runs the full walk of a design in a process of its own.

Must not ask a feature anything. slang can crash; that is a failed evaluation, not a crash of the evaluator.
"""

from __future__ import annotations

import asyncio
import pickle
import sys

from hdl_lsp.errors import WorkerError
from hdl_lsp.semantics.truth.record import DesignTruth, TruthRequest


async def walked(request: TruthRequest) -> DesignTruth:
    """Slang's own answer for the design. Raises WorkerError when there is none."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hdl_lsp.semantics.truth",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    answer, said = await process.communicate(pickle.dumps(request))
    if process.returncode != 0:
        last = said.decode(errors="replace").strip().split("\n")[-1]
        raise WorkerError(f"the full walk ended with {process.returncode}: {last}")
    found = pickle.loads(answer)
    if not isinstance(found, DesignTruth):
        raise WorkerError("the full walk answered something else")
    if found.failure:
        raise WorkerError(found.failure)
    return found
