"""One text being written token by token: what may come next, what is certain, when it is over.

Must not evaluate anything; scores are given to it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hdl_lsp.errors import EngineError
from hdl_lsp.llm.engine import FinishReason
from hdl_lsp.llm.monitor import Monitor
from hdl_lsp.llm.stop import StopScanner
from hdl_lsp.llm.wire import Generate
from hdl_lsp.llm.worker.llama import Model

Scores = NDArray[np.float32]

_LIKELY = 256  # tokens among which those that spell the rest of a word are looked for first
_TRIED = 24  # likely tokens looked at one by one before those that fit are listed


@dataclass(frozen=True, slots=True)
class Pick:
    """A token that may come next, and its natural log probability."""

    token: int
    logprob: float


class Writing:
    """A text under way. *rest*: bytes at the end of the prompt that the first tokens must spell again."""

    def __init__(
        self, model: Model, request: Generate, rest: bytes, monitor: Monitor | None
    ) -> None:
        self.rest = rest
        self.monitor = monitor
        self.tokens: list[int] = []
        self.ends: list[int] = []
        self.logprobs: list[float] = []
        self.finish: FinishReason | None = None
        self._model = model
        self._scanner = StopScanner(request.stop, single_line=request.single_line)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._length = 0

    @property
    def text(self) -> str:
        """What is certain so far."""
        return self._scanner.text

    def picks(self, scores: Scores) -> Iterator[Pick]:
        """The tokens that may come next, likeliest first; probabilities are among those that spell *rest*."""
        tokens = self._continuing(scores) if self.rest else None
        likely = scores if tokens is None else scores[tokens]
        total = log_total(likely)
        for at in self._fitting(likely, tokens):
            yield Pick(at, float(scores[at]) - total)

    def write(self, pick: Pick) -> str:
        """Appends a token that is not an end; the text that becomes certain."""
        piece = self._spell(pick.token)
        if self.monitor is not None:
            self.monitor.read(piece)
        text = self._decoder.decode(piece)
        self._length += len(text)
        self.tokens.append(pick.token)
        self.ends.append(self._length)
        self.logprobs.append(pick.logprob)
        released = self._scanner.push(text)
        if self._scanner.is_stopped:
            self.finish = FinishReason.STOP
        return released

    def end(self, finish: FinishReason) -> str:
        """There is no more: what was held back is text after all."""
        self.finish = finish
        return self._scanner.finish()

    def _continuing(self, scores: Scores) -> NDArray[np.int32]:
        """The likely tokens that start with *rest*, and those that are a start of it.

        Token healing: *rest* are the bytes of a token that was cut off the prompt's end, because the user's cursor
        stands inside what would be one token.
        """
        count = min(_LIKELY, scores.size)
        likely = (int(token) for token in np.argpartition(scores, -count)[-count:])
        spelling = self._model.beginnings(self.rest.decode("utf-8", "replace"))
        found = {token for token in (*likely, *spelling) if self._continues(token)}
        if not found:
            every = (int(token) for token in np.argsort(-scores, kind="stable"))
            found.update(islice((token for token in every if self._continues(token)), 1))
        if not found:
            raise EngineError("the model's vocabulary can't spell the text at the cursor")
        return np.array(sorted(found), dtype=np.int32)

    def _continues(self, token: int) -> bool:
        """Whether *token* spells *rest*, or a start of it."""
        piece = self._model.piece(token)
        return bool(piece) and (piece.startswith(self.rest) or self.rest.startswith(piece))

    def _fitting(self, likely: Scores, tokens: NDArray[np.int32] | None) -> Iterator[int]:
        """Ids of the tokens that the monitor lets through; all of them when it lets none."""
        monitor = self.monitor
        found: set[int] = set()
        refused = 0
        for at in by_likelihood(likely):
            token = at if tokens is None else int(tokens[at])
            if monitor is None or self._permits(monitor, token):
                found.add(token)
                yield token
                continue
            refused += 1
            if refused >= _TRIED and tokens is None and b"" not in (monitor.endings() or (b"",)):
                break
        else:
            if not found and monitor is not None:
                monitor.give_up()
                yield from self._fitting(likely, tokens)
            return
        yield from self._listed(monitor, likely, found)

    def _listed(self, monitor: Monitor, scores: Scores, found: set[int]) -> Iterator[int]:
        """The same from the tokens that write some of an allowed name, without the *found* that were given already."""
        endings = (ending.decode("utf-8", "replace") for ending in monitor.endings() or ())
        spelling = {token for ending in endings for token in self._model.beginnings(ending)}
        listed = np.array(sorted(spelling), dtype=np.int32)
        for at in by_likelihood(scores[listed]) if spelling else ():
            token = int(listed[at])
            if token not in found and self._permits(monitor, token):
                found.add(token)
                yield token
        if not found:
            monitor.give_up()
            yield from self._fitting(scores, None)

    def _permits(self, monitor: Monitor, token: int) -> bool:
        """Whether the monitor lets *token* come next."""
        if self._model.is_end(token):
            return monitor.can_end()
        return monitor.permits(self._model.piece(token)[len(self.rest) :])

    def _spell(self, token: int) -> bytes:
        """New bytes of *token*: those beyond the healed ones."""
        piece = self._model.piece(token)
        new = piece[len(self.rest) :]
        self.rest = self.rest[len(piece) :]
        return new


def log_total(scores: Scores) -> float:
    """What turns a score into a log probability when it is taken away: the logarithm of the sum of exponentials."""
    top = scores.max()
    return float(top + np.log(np.exp(scores - top).sum()))


def by_likelihood(scores: Scores) -> Iterator[int]:
    """Positions in *scores*, highest first; sorts everything only when the first ones did not do."""
    at = int(scores.argmax())
    yield at
    left = scores.copy()
    for _ in range(_TRIED):
        left[at] = -np.inf
        at = int(left.argmax())
        if left[at] == -np.inf:
            return
        yield at
    left[at] = -np.inf
    for last in np.argsort(-left, kind="stable"):
        if left[last] == -np.inf:
            return
        yield int(last)
