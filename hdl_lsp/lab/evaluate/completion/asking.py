"""Asks for ghost text in a file with a hole, as the editor's server asks.

Must not judge what comes. The hole is in the open buffer; what the disk has of the file is what the index of a real
workspace has, and nothing that is asked may tell it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from hdl_lsp.context import prompt, site
from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.inline_completion import MODEL, InlineItem, inline_completion
from hdl_lsp.llm.engine import (
    INFILL_LAYOUT,
    PREFIX_LAYOUT,
    Engine,
    EngineStatus,
    FimPrompt,
    GenerateRequest,
    Generation,
    Timings,
)
from hdl_lsp.server.checking import checker
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import Offset, SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.vfs import Closed, Opened

LINE_END = re.compile(r"\r\n?")
RAW_TOKENS = 64  # one long line
RAW_BYTES = 3_000  # about 900 tokens: as much as our prompts are made of (context/prompt.py)
NO_TIMINGS = Timings()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the editor would show, and what it took. `text` "": nothing."""

    text: str = ""
    origin: str = ""
    score: float | None = None
    latency_ms: float = 0.0
    timings: Timings = NO_TIMINGS


NOTHING = Shown()


@dataclass(frozen=True, slots=True)
class Hole:
    """An open file with a hole, the world it is in, and the cursor."""

    session: Session
    snapshot: Snapshot
    file: FileId
    offset: Offset

    def close(self) -> None:
        """As didClose does: nothing of this text is left for the next hole."""
        self.session.apply([Closed(self.file)])


async def opened(session: Session, file: FileId, text: SourceText, offset: int) -> Hole:
    """The file as didOpen opens it, with *text* in place of what the disk has, and fresh facts."""
    session.apply([Opened(file, text)])
    await session.facts(file)
    snapshot = session.snapshot()
    snapshot.syntax(file)  # parsed once a text; an editor's highlighting has asked for it by then
    return Hole(session, snapshot, file, Offset(offset))


async def computed(hole: Hole) -> Shown:
    """What is shown while there is no model."""
    return await _shown(hole, None, is_asked=False)


async def everything(hole: Hole, without: frozenset[str] = frozenset()) -> Shown:
    """What is shown by itself: computed, else written by the model unless it is silent."""
    return await _shown(hole, _Watched(hole, without), is_asked=False)


async def by_hand(hole: Hole, without: frozenset[str] = frozenset()) -> Shown:
    """The first suggestion when the key for one is pressed: no rule of silence."""
    return await _shown(hole, _Watched(hole, without), is_asked=True)


async def model_alone(hole: Hole, without: frozenset[str] = frozenset()) -> Shown:
    """The model's best suggestion that passes the gate, with no rule of silence."""
    return await _shown(
        hole, _Watched(hole, without), is_asked=True, only=lambda item: item.origin == MODEL
    )


async def ungated(hole: Hole, without: frozenset[str] = frozenset()) -> Shown:
    """The model's best suggestion by our prompt and filters, with neither slang's check nor a rule of silence."""
    config = hole.snapshot.config
    unchecked = replace(config, inline=replace(config.inline, check=False))
    return await model_alone(
        replace(hole, snapshot=replace(hole.snapshot, config=unchecked)), without
    )


async def raw_prefix(hole: Hole) -> Shown:
    """What the same model writes after the file's text up to the cursor: no filters, no gate."""
    return await _raw(hole, PREFIX_LAYOUT)


async def raw_infill(hole: Hole) -> Shown:
    """The same where the model has fill-in-the-middle tokens, with the text after the cursor too."""
    return await _raw(hole, INFILL_LAYOUT)


async def _raw(hole: Hole, layout: str) -> Shown:
    text = hole.snapshot.text(hole.file)
    if text is None:
        return NOTHING
    before = LINE_END.sub("\n", text.slice(span(max(0, hole.offset - RAW_BYTES), hole.offset)))
    line = before[before.rfind("\n") + 1 :]
    is_fresh = not line.strip()
    if is_fresh:  # blanks at the end of a prompt cost a model the tokens that begin with a blank
        before = before[: len(before) - len(line)]
    request = GenerateRequest(
        FimPrompt(
            context="",
            path="",
            prefix=before,
            line_prefix="",
            suffix=LINE_END.sub("\n", text.slice(span(hole.offset, text.size_bytes))),
            layout=layout,
        ),
        max_tokens=RAW_TOKENS,
        single_line=not is_fresh,
        line_after_s=0.0 if is_fresh else None,
    )
    started = time.perf_counter()
    answer = await hole.session.engine.generate(request)
    first = _first_code_line(answer.text) if is_fresh else answer.text.strip()
    if not first and is_fresh:  # only a comment so far
        answer = await hole.session.engine.generate(replace(request, line_after_s=None))
        first = _first_code_line(answer.text)
    latency_ms = (time.perf_counter() - started) * 1000
    return Shown(first, "model", answer.mean_logprob, latency_ms, answer.timings)


def _first_code_line(text: str) -> str:
    """The first line that is neither empty nor a comment, as published benchmarks of the next line take it."""
    lines = (line.strip() for line in text.split("\n"))
    return next((line for line in lines if line and not line.startswith("//")), "")


async def _shown(
    hole: Hole,
    engine: _Watched | None,
    *,
    is_asked: bool,
    only: Callable[[InlineItem], bool] = lambda _: True,
) -> Shown:
    started = time.perf_counter()
    check = checker(hole.session, hole.file)
    try:
        items = await inline_completion(
            hole.snapshot, hole.file, hole.offset, engine, check, is_asked=is_asked
        )
    except HdlLspError:  # as in the server: nothing is shown
        items = ()
    latency_ms = (time.perf_counter() - started) * 1000
    written = engine.written if engine is not None else None
    timings = written.timings if written is not None else NO_TIMINGS
    best = next((item for item in items if only(item)), None)
    if best is None:
        return Shown(latency_ms=latency_ms, timings=timings)
    score = best.score
    if score is None and best.origin == MODEL and written is not None:
        score = written.mean_logprob
    return Shown(best.text, best.origin, score, latency_ms, timings)


class _Watched:
    """The session's engine; remembers its last answer, and leaves sources out of prompts if told so."""

    def __init__(self, hole: Hole, without: frozenset[str]) -> None:
        self._hole = hole
        self._engine: Engine = hole.session.engine
        self._without = without
        self.written: Generation | None = None

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        answer = await self._engine.generate(self._changed(request), on_text)
        self.written = answer
        return answer

    async def count_tokens(self, text: str) -> int:
        return await self._engine.count_tokens(text)

    def status(self) -> EngineStatus:
        return self._engine.status()

    async def close(self) -> None:
        """Nothing: the engine is the session's."""

    def _changed(self, request: GenerateRequest) -> GenerateRequest:
        place = site.at(self._hole.snapshot, self._hole.file, self._hole.offset)
        if not self._without or place is None or not isinstance(request.prompt, FimPrompt):
            return request
        return replace(
            request,
            prompt=prompt.fim_prompt(self._hole.snapshot, place, without=self._without),
        )
