"""Ghost text: what follows from the design, else what a model would write; only what slang accepts.

Must not show anything slang would reject: without an answer of the analysis process nothing is shown (unless
`inline.check` is switched off). Needs no model for what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.computed import rules
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.context import prompt, site
from hdl_lsp.context.site import CompletionSite, Extent
from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm.engine import Engine, FinishReason, GenerateRequest, Generation, Lane
from hdl_lsp.postprocess import chain, gate, ranking, repair
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Checker, Verdict
from hdl_lsp.postprocess.ranking import Judged
from hdl_lsp.postprocess.reindent import line_end_of
from hdl_lsp.text.source import Offset, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MODEL = "model"
"""Origin of what a model wrote."""

LINE_AFTER_S = 0.25
"""A model that has written so long shows the whole lines it has: on a slow CPU one line soon beats three lines late."""


@dataclass(frozen=True, slots=True)
class InlineItem:
    """Text that would be inserted; *range* is what it replaces (empty, at the cursor)."""

    text: str
    range: Span
    origin: str = MODEL  # or the name of the rule that computed it
    score: float | None = None  # mean natural log probability of the model's tokens
    notes: tuple[str, ...] = ()  # what slang warns of, should it be accepted
    site: str = ""  # SiteKind's words for what is written there
    number: int = 0  # given by the server, to hear what becomes of it; 0: none


async def inline_completion(
    snapshot: Snapshot,
    file: FileId,
    offset: Offset,
    engine: Engine | None,
    check: Checker,
    *,
    is_asked: bool = False,
) -> tuple[InlineItem, ...]:
    """The suggestions at *offset*, best first; () when there is none worth showing.

    *is_asked*: the user pressed the key for it. Then the model adds to what was computed; else it is asked only
    where nothing was. Raises what `Engine.generate` raises when there is nothing else to show.
    """
    place = site.at(snapshot, file, offset)
    if place is None:
        return ()
    found = await _computed(snapshot, place, check)
    if engine is None or (found and not is_asked):
        return found
    try:
        written = await _written(snapshot, place, engine, check)
    except HdlLspError:
        if found:
            return found
        raise
    known = {_words(item.text) for item in found}
    return (*found, *(item for item in written if _words(item.text) not in known))


async def _computed(
    snapshot: Snapshot, place: CompletionSite, check: Checker
) -> tuple[InlineItem, ...]:
    """What follows from the design, as far as it passes; never shortened: a part of it would be another answer."""
    answers = rules.computed(Asked(snapshot, place, snapshot.facts(place.file)))
    candidates = tuple(_candidate(answer, place) for answer in answers)
    judged: tuple[Verdict, ...] | None = (Verdict(),) * len(candidates)
    if snapshot.config.inline.check:
        judged = await gate.verdicts(candidates, check)
    return tuple(
        InlineItem(
            candidate.text,
            _here(place),
            answer.rule,
            notes=verdict.warnings,
            site=place.kind.value,
        )
        for answer, candidate, verdict in zip(answers, candidates, judged or (), strict=False)
        if verdict.passes
    )


def _candidate(answer: Computed, place: CompletionSite) -> Candidate:
    return Candidate(answer.text.replace("\n", line_end_of(place.text)), place)


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


async def _written(
    snapshot: Snapshot, place: CompletionSite, engine: Engine, check: Checker
) -> tuple[InlineItem, ...]:
    """What the model writes, shortened to what passes."""
    generation = await engine.generate(request_for(snapshot, place))
    passed: list[Judged] = []
    for candidate in from_generation(generation, place):
        if not snapshot.config.inline.check:
            passed.append(Judged(candidate, Verdict()))
            continue
        found = await repair.repaired(candidate, check)
        if found is not None:
            passed.append(Judged(*found))
    return tuple(
        InlineItem(
            one.candidate.text,
            _here(place),
            MODEL,
            one.logprob,
            one.verdict.warnings,
            place.kind.value,
        )
        for one in ranking.ranked(passed)
    )


def from_generation(generation: Generation, place: CompletionSite) -> tuple[Candidate, ...]:
    """What the filters leave of *generation*; () for a cancelled one."""
    if generation.finish is FinishReason.CANCELLED:
        return ()
    is_complete = generation.finish is FinishReason.STOP
    candidate = chain.run(generation.text, place, is_complete=is_complete)
    return () if candidate is None else (candidate,)


def _here(place: CompletionSite) -> Span:
    return span(place.offset, place.offset)


def _words(text: str) -> str:
    """*text* without white space."""
    return "".join(text.split())
