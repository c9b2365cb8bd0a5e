"""Sequences that go on from a context's tokens in different ways, evaluated together.

Must not change what the context itself holds: its next evaluation finds the tokens, and the memory behind them,
as if there had been no forks.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hdl_lsp.llm.worker.llama import ABORTED, SEQUENCES, Context, lib

MOST = SEQUENCES - 1  # forks at a time: sequence 0 is the context's own


@dataclass(slots=True)
class Fork:
    """One sequence: so many tokens of the context's, and those that are to follow."""

    sequence: int
    length: int  # tokens evaluated, shared ones included
    scores: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))


def fork(context: Context, lengths: Sequence[int]) -> tuple[Fork, ...]:
    """One fork for each of *lengths*: how many of the context's tokens it starts with. At most MOST."""
    context.join()
    context.is_forked = True
    made = tuple(Fork(at + 1, length) for at, length in enumerate(lengths[:MOST]))
    for one in made:
        lib.llama_memory_seq_cp(context.memory, 0, one.sequence, 0, one.length)
    return made


def extend(context: Context, steps: Sequence[tuple[Fork, int]]) -> bool | None:
    """Evaluates one token of each fork; False when aborted (nothing has changed), None when there is no room.

    The forks' `scores` are views, valid until the next evaluation.
    """
    count = len(steps)
    sequences = [(lib.llama_seq_id * 1)(one.sequence) for one, _ in steps]
    batch = lib.llama_batch()
    batch.n_tokens = count
    # The batch only points to these arrays.
    arrays: dict[str, Any] = {
        "token": (lib.llama_token * count)(*(token for _, token in steps)),
        "pos": (lib.llama_pos * count)(*(one.length for one, _ in steps)),
        "n_seq_id": (ctypes.c_int32 * count)(*([1] * count)),
        "seq_id": (ctypes.POINTER(lib.llama_seq_id) * count)(*sequences),
        "logits": (ctypes.c_int8 * count)(*([1] * count)),
    }
    for name, array in arrays.items():
        setattr(batch, name, array)
    result = lib.llama_decode(context.handle, batch)
    if result != 0:
        return False if result == ABORTED else None
    for at, (one, _) in enumerate(steps):
        one.length += 1
        one.scores = context.logits(at)
    return True
