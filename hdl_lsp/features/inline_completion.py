"""Ghost text: what a model would write next, shortened to what slang accepts.

Must not show anything slang would reject: without an answer of the analysis process nothing is shown (unless
`inline.check` is switched off). The one wait for the model stands between two pure halves.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hdl_lsp.context import prompt, site
from hdl_lsp.context.site import CompletionSite, Extent
from hdl_lsp.llm.engine import Engine, FinishReason, GenerateRequest, Generation, Lane
from hdl_lsp.postprocess import chain, gate
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.text.source import Offset, SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

Checker = Callable[[SourceText], Awaitable[FileFacts | None]]
"""Compiles another text of the same file; None while the analysis process is down."""

LINE_AFTER_S = 0.25
"""A model that has written so long shows the whole lines it has: on a slow CPU one line soon beats three lines late."""

MOST_CHECKS = 6
"""A candidate is shortened and compiled again at most so often."""


@dataclass(frozen=True, slots=True)
class InlineItem:
    """Text that would be inserted; *range* is what it replaces (empty, at the cursor)."""

    text: str
    range: Span


def request_for(snapshot: Snapshot, place: CompletionSite) -> GenerateRequest:
    """What the model is asked at *place*; also the prompt that is read ahead when a file is opened."""
    inline = snapshot.config.inline
    is_one_line = place.extent is Extent.REST_OF_LINE or not inline.multiline
    return GenerateRequest(
        prompt=prompt.fim_prompt(snapshot, place),
        max_tokens=inline.max_tokens,
        lane=Lane.INLINE,
        document=snapshot.path(place.file),
        stop=() if is_one_line else ("\n\n", "\r\n\r\n"),
        single_line=is_one_line,
        deadline_s=inline.deadline_ms / 1000,
        line_after_s=LINE_AFTER_S,
    )


async def inline_completion(
    snapshot: Snapshot, file: FileId, offset: Offset, engine: Engine, check: Checker
) -> tuple[InlineItem, ...]:
    """The suggestion at *offset*; () when there is none worth showing.

    Raises what `Engine.generate` raises.
    """
    place = site.at(snapshot, file, offset)
    if place is None:
        return ()
    generation = await engine.generate(request_for(snapshot, place))
    candidate = from_generation(generation, place)
    if candidate is not None and snapshot.config.inline.check:
        candidate = await passing(candidate, check, snapshot.fresh_facts(file))
    if candidate is None:
        return ()
    return (InlineItem(candidate.text, span(place.offset, place.offset)),)


def from_generation(generation: Generation, place: CompletionSite) -> Candidate | None:
    """What the filters leave of *generation*; None for a cancelled one."""
    if generation.finish is FinishReason.CANCELLED:
        return None
    is_complete = generation.finish is FinishReason.STOP
    return chain.run(generation.text, place, is_complete=is_complete)


async def passing(
    candidate: Candidate, check: Checker, before: FileFacts | None = None
) -> Candidate | None:
    """The longest form of *candidate* that is whole and brings no new error; None if there is none.

    *before*: facts of the text without the candidate, if they are at hand. Comments need no compilation.
    """
    if candidate.site.cursor.kind is CursorKind.COMMENT:
        return candidate
    baseline = before or await check(candidate.site.text)
    if baseline is None:
        return None
    for attempt in itertools.islice(gate.attempts(candidate), MOST_CHECKS):
        whole = balance_blocks(attempt)
        if whole is None:
            continue
        after = await check(whole.site.spliced(whole.text))
        if after is None:
            return None
        if after.failure or gate.new_errors(baseline, after):
            continue
        if not gate.leaves_error_behind(whole, after):
            return whole
    return None
