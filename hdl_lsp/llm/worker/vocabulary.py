"""A model's tokens by their bytes: which of them continue a given text.

Must not know llama.cpp, scores or rules; building one takes half a second for the largest vocabularies.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hdl_lsp.llm.monitor import NAME_BYTES

Ids = NDArray[np.int32]
_NOTHING: Ids = np.zeros(0, dtype=np.int32)


class Vocabulary:
    """*pieces*: the bytes of every token by its id; b"" for structure."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        order = sorted((at for at, piece in enumerate(pieces) if piece), key=pieces.__getitem__)
        self._ids: Ids = np.array(order, dtype=np.int32)
        self._sorted = [pieces[at] for at in order]
        self._outside_names: Ids = np.array(
            [at for at in order if pieces[at][0] not in NAME_BYTES], dtype=np.int32
        )

    def continuing(self, rest: bytes) -> Ids:
        """Tokens that start with *rest*, or are a start of it."""
        starts = [self._exactly(rest[:length]) for length in range(1, len(rest))]
        return np.concatenate([*starts, self._starting(rest)])

    def spelling(self, endings: Iterable[bytes]) -> Ids:
        """Tokens that write some of the way to one of *endings*, or all of it and something that is no name after."""
        found: list[Ids] = []
        for ending in endings:
            if not ending:
                found.append(self._outside_names)
                continue
            found += (self._exactly(ending[:length]) for length in range(1, len(ending)))
            found.append(self._starting(ending))
        return np.unique(np.concatenate(found)) if found else _NOTHING

    def _exactly(self, piece: bytes) -> Ids:
        """Tokens of exactly these bytes."""
        begin = end = bisect_left(self._sorted, piece)
        while end < len(self._sorted) and self._sorted[end] == piece:
            end += 1
        return self._ids[begin:end]

    def _starting(self, start: bytes) -> Ids:
        """Tokens that start with *start*."""
        begin = bisect_left(self._sorted, start)
        last = start.rstrip(b"\xff")
        if not last:
            return self._ids[begin:]
        after = last[:-1] + bytes([last[-1] + 1])
        return self._ids[begin : bisect_left(self._sorted, after)]
