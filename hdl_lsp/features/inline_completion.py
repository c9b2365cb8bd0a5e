"""Ghost text: what follows from the design, else what a model would write; only what slang accepts.

Must not show anything slang would reject: without an answer of the analysis process nothing is shown (unless
`inline.check` is switched off). Needs no model for what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hdl_lsp.computed import rules
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.context import prompt, site, when_silent
from hdl_lsp.context.allowed_names import allowed_names
from hdl_lsp.context.site import CompletionSite, Extent
from hdl_lsp.context.site_kind import SiteKind
from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm.engine import Engine, FinishReason, GenerateRequest, Generation, Lane
from hdl_lsp.postprocess import chain, gate, ranking, repair
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.confidence import is_likely
from hdl_lsp.postprocess.gate import Checker, Verdict
from hdl_lsp.postprocess.ranking import Judged
from hdl_lsp.postprocess.reindent import line_end_of
from hdl_lsp.text.source import Offset, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MODEL = "model"
"""Origin of what a model wrote."""

ASKED_PATIENCE = 3
"""Who presses the key waits for a model that has to read its prompt first, so many times as long as who did not."""

ASKED_CANDIDATES = 3
"""So many texts are written for who presses the key, to choose from."""

LINE_AFTER_S = 0.15
"""A model that has written so long shows what it has whole: on a slow CPU one line soon beats three lines late."""


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
    if when_silent.why_silent(snapshot, file, offset, is_asked=is_asked) is not None:
        return ()
    place = site.at(snapshot, file, offset, is_asked=is_asked)
    if place is None or (place.kind is SiteKind.DEFINE and snapshot.config.inline.check):
        return ()  # slang does not see the body of a macro
    found = await _computed(snapshot, place, check)
    if engine is None or (found and not is_asked):
        return found
    try:
        request = request_for(snapshot, place, candidates=ASKED_CANDIDATES if is_asked else 1)
        if is_asked and request.deadline_s is not None:
            request = replace(request, deadline_s=ASKED_PATIENCE * request.deadline_s)
        generation = await engine.generate(request)
        written = await _written(snapshot, place, generation, check)
        if not is_asked:
            level = snapshot.config.inline.level
            written = tuple(item for item in written if is_likely(item.score, level))
    except HdlLspError:
        if found:
            return found
        raise
    known = {ranking.words_of(item.text) for item in found}
    return (*found, *(item for item in written if ranking.words_of(item.text) not in known))


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


def request_for(
    snapshot: Snapshot, place: CompletionSite, *, candidates: int = 1
) -> GenerateRequest:
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
        candidates=candidates,
        allowed=allowed_names(snapshot, place, snapshot.facts(place.file)),
    )


async def _written(
    snapshot: Snapshot, place: CompletionSite, generation: Generation, check: Checker
) -> tuple[InlineItem, ...]:
    """What the model wrote, shortened to what passes, best first."""
    candidates = from_generation(generation, place)
    passed = tuple((candidate, Verdict()) for candidate in candidates)
    if snapshot.config.inline.check:
        passed = await repair.passing(candidates, check)
    judged = (Judged(one, verdict, _logprob(generation, one)) for one, verdict in passed)
    return tuple(
        InlineItem(
            one.candidate.text,
            _here(place),
            MODEL,
            one.logprob,
            one.verdict.warnings,
            place.kind.value,
        )
        for one in ranking.ranked(judged)
    )


def from_generation(generation: Generation, place: CompletionSite) -> tuple[Candidate, ...]:
    """What the filters leave of *generation*, its first text first; () for a cancelled one."""
    if generation.finish is FinishReason.CANCELLED:
        return ()
    written = [(generation.text, generation.finish)]
    written += [(other.text, other.finish) for other in generation.alternatives]
    filtered = (
        chain.run(text, place, is_complete=finish is FinishReason.STOP) for text, finish in written
    )
    return tuple(dict.fromkeys(one for one in filtered if one is not None))


def _logprob(generation: Generation, candidate: Candidate) -> float | None:
    """Mean natural log probability of the tokens of *candidate*, as far as it is still what was written."""
    words = ranking.words_of(candidate.text)
    if ranking.words_of(generation.text).startswith(words):
        return generation.mean_logprob_of(len(candidate.text))
    for other in generation.alternatives:
        if ranking.words_of(other.text).startswith(words):
            return other.logprob / max(1, other.tokens)
    return generation.mean_logprob_of(len(candidate.text))


def _here(place: CompletionSite) -> Span:
    return span(place.offset, place.offset)
