"""Choosing the next token by temperature or inside a grammar; the greedy choice is `writing.py`'s.

Must not import llama_cpp itself (llama.py does) and must not evaluate anything.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hdl_lsp.errors import EngineError
from hdl_lsp.llm.worker.llama import Model, lib

_TOP_K = 40
_TOP_P = 0.95
_SEED = 20_260_101  # equal requests give equal answers, at any temperature


class Sampler:
    """Chooses the next token of one generation; the likeliest at temperature 0."""

    def __init__(self, model: Model, temperature: float, grammar: str | None) -> None:
        self._model = model
        self._chain: Any = None  # a C pointer
        self._grammar: Any = None
        if grammar is not None:
            self._grammar = lib.llama_sampler_init_grammar(
                model.vocabulary, grammar.encode(), b"root"
            )
            if not self._grammar:
                raise EngineError("the grammar of this request can't be understood")
        if temperature > 0:
            self._chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
            for part in (
                lib.llama_sampler_init_top_k(_TOP_K),
                lib.llama_sampler_init_top_p(_TOP_P, 1),
                lib.llama_sampler_init_temp(temperature),
                lib.llama_sampler_init_dist(_SEED),
            ):
                lib.llama_sampler_chain_add(self._chain, part)

    def close(self) -> None:
        """Frees the chain and the grammar."""
        for sampler in (self._chain, self._grammar):
            if sampler is not None:
                lib.llama_sampler_free(sampler)
        self._chain = self._grammar = None

    @property
    def is_greedy(self) -> bool:
        """It would always choose the likeliest token."""
        return self._chain is None and self._grammar is None

    def choose(self, logits: NDArray[np.float32]) -> int:
        """The next token by the scores of all."""
        token = self._pick(np.arange(logits.size, dtype=np.int32), logits)
        if self._grammar is None:
            return token
        # The grammar looks at one candidate first: asking it about the whole vocabulary is slow.
        if not self._allowed(np.array([token], dtype=np.int32)).size:
            allowed = self._allowed(np.arange(logits.size, dtype=np.int32))
            if not allowed.size:
                raise EngineError("the grammar allows no further token")
            token = self._pick(allowed, logits[allowed])
        lib.llama_sampler_accept(self._grammar, token)
        return token

    def _pick(self, tokens: NDArray[np.int32], logits: NDArray[np.float32]) -> int:
        """One of *tokens* by its score."""
        if self._chain is None:
            return int(tokens[int(np.argmax(logits))])
        candidates = _Candidates(tokens, logits)
        lib.llama_sampler_apply(self._chain, candidates.reference)
        return candidates.selected()

    def _allowed(self, tokens: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those of *tokens* that the grammar accepts next."""
        candidates = _Candidates(tokens, np.zeros(tokens.size, dtype=np.float32))
        lib.llama_sampler_apply(self._grammar, candidates.reference)
        rows = candidates.rows[: candidates.array.size]
        return rows["id"][rows["logit"] > -np.inf].copy()


_ROW = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class _Candidates:
    """A llama_token_data_array over numpy memory."""

    def __init__(self, tokens: NDArray[np.int32], logits: NDArray[np.float32]) -> None:
        self.rows = np.zeros(tokens.size, dtype=_ROW)
        self.rows["id"] = tokens
        self.rows["logit"] = logits
        pointer = self.rows.ctypes.data_as(lib.llama_token_data_p)
        self.array: Any = lib.llama_token_data_array(pointer, tokens.size, -1, False)
        self.reference = ctypes.byref(self.array)

    def selected(self) -> int:
        """The token a chain chose."""
        return int(self.array.data[self.array.selected].id)
