"""A fix for one diagnostic: computed where it can be, else written by the model, and checked by slang always.

Must not offer an edit after which the diagnostic is still there or a new one came.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from hdl_lsp.context.near_names import likeness, near_names
from hdl_lsp.context.site import relative_path
from hdl_lsp.context.window import PREFIX_BYTES, SUFFIX_BYTES
from hdl_lsp.llm.engine import (
    ChatPrompt,
    Engine,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Lane,
)
from hdl_lsp.semantics.facts import Diagnostic, FileFacts, Severity
from hdl_lsp.text import edit
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

Checker = Callable[[SourceText], Awaitable[FileFacts | None]]

MAX_TOKENS = 64
LINES_AROUND = 4

CLOSE_ENOUGH = 0.5
"""A rewritten line must share so much with the old one (difflib's ratio of tokens): deleting code cures anything."""

TIE = 0.04
"""Names whose likeness to the misspelt one differs by no more are equally likely."""

SYSTEM = (
    "You correct SystemVerilog code. You are given a few lines, what the compiler says about one of them, and that "
    "line. Answer with the corrected line alone."
)

_WORD = re.compile(rb"[A-Za-z_][\w$]*")
_TOKEN = re.compile(r"[\w$']+|[^\w\s]")
_COMMENT = re.compile(r"//.*|/\*.*?\*/")
_QUOTED = re.compile(r"'([A-Za-z_][\w$]*)'")
_EXPECTED = re.compile(r"^expected '([^']+)'$")
_MEANT = re.compile(r"did you mean '([A-Za-z_][\w$]*)'")
_RESIZES = re.compile(r"(?:truncates|expands) from \d+ to (\d+) bits")
_BLANK = re.compile(r"\s*(?://.*)?")
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit after which slang reports neither the diagnostic nor anything new."""

    title: str
    edits: tuple[TextEdit, ...]
    is_generated: bool  # written or chosen by the model


@dataclass(frozen=True, slots=True)
class _Case:
    """A diagnostic of a file's present text, with the facts it is from and the means to check another text."""

    snapshot: Snapshot
    file: FileId
    text: SourceText
    diagnostic: Diagnostic
    before: FileFacts
    check: Checker

    @property
    def line(self) -> Span:
        """The line where the diagnostic starts."""
        return self.text.line_span(self.text.line_of(self.diagnostic.span.start))

    async def is_cure(self, fix: Fix) -> bool:
        """No report of the diagnostic, and nothing new, in the text after *fix*."""
        changed = edit.apply(self.text, fix.edits)
        after = await self.check(changed) if changed != self.text else None
        return after is not None and is_cured(self.diagnostic, self.before, after)


async def fix_diagnostic(
    snapshot: Snapshot, file: FileId, diagnostic: Diagnostic, engine: Engine | None, check: Checker
) -> Fix | None:
    """The first fix that slang accepts; None when there is none, or while the analysis process is down.

    Raises what `Engine.generate` raises.
    """
    text = snapshot.text(file)
    before = snapshot.fresh_facts(file) or (await check(text) if text else None)
    if text is None or before is None:
        return None
    case = _Case(snapshot, file, text, diagnostic, before, check)
    for fix in _computed(case):
        if await case.is_cure(fix):
            return fix
    spelt = [fix for fix in _respelt(case) if await case.is_cure(fix)]
    if spelt:
        return await _chosen(case, spelt, engine)
    if engine is not None:
        async for fix in _rewritten(case, engine):
            if await case.is_cure(fix):
                return fix
    return None


_LATCH = "inferred-latch"


def is_cured(diagnostic: Diagnostic, before: FileFacts, after: FileFacts) -> bool:
    """*after* has one report like *diagnostic* less than *before*, and no error or warning that is new.

    A latch may show only when an error is gone: it was there before, but slang could not tell.
    """
    if after.failure:
        return False
    new: Mapping[tuple[str, str], int] = _counted(after) - _counted(before)
    mine = (diagnostic.code, diagnostic.message)
    before_me, after_me = (
        sum(1 for d in facts.diagnostics if (d.code, d.message) == mine)
        for facts in (before, after)
    )
    if diagnostic.severity is Severity.ERROR:
        new = {key: count for key, count in new.items() if key[0] != _LATCH}
    is_new_macro = not set(after.missing_macros) <= set(before.missing_macros)
    return after_me < before_me and not new and not is_new_macro


def _counted(facts: FileFacts) -> Counter[tuple[str, str]]:
    return Counter(
        (d.code, d.message)
        for d in facts.diagnostics
        if d.severity in {Severity.ERROR, Severity.WARNING}
    )


def _computed(case: _Case) -> Iterator[Fix]:
    """Edits that follow from the message alone."""
    text, where, message = case.text, case.diagnostic.span, case.diagnostic.message
    if expected := _EXPECTED.match(message):
        yield from _inserted(text, where, expected[1])
    if resizes := _RESIZES.search(message):
        width = resizes[1]
        cast = TextEdit(where, f"{width}'({text.slice(where)})")  # IEEE 1800-2023 6.24.1
        yield Fix(f"Cast to {width} bits", (cast,), is_generated=False)


def _inserted(text: SourceText, where: Span, missing: str) -> Iterator[Fix]:
    """*missing* put where slang misses it: right after the code it points at or before it."""
    start = max(0, min(where.start, text.size_bytes))
    new = f"\n{missing}" if missing[0].isalpha() else missing
    for place in dict.fromkeys((_end_of_code_before(text, start), where.end, start)):
        line_end = text.line_span(text.line_of(place)).end
        if missing == ";" and not _BLANK.fullmatch(text.slice(span(place, line_end))):
            continue  # in the middle of a line two statements would compile that nobody meant
        yield Fix(f"Insert '{missing}'", (TextEdit(span(place, place), new),), is_generated=False)


def _end_of_code_before(text: SourceText, offset: int) -> int:
    """End of the last character before *offset* that is not white space."""
    while offset > 0 and text.data[offset - 1 : offset].isspace():
        offset -= 1
    return offset


def _word_at(text: SourceText, diagnostic: Diagnostic) -> Span | None:
    """The identifier that the message quotes, at or after the diagnostic's place; else the one at that place."""
    where = diagnostic.span
    line = text.line_span(text.line_of(where.start))
    words = [m for m in _WORD.finditer(text.data, line.start, line.end) if m.end() > where.start]
    quoted = _QUOTED.search(diagnostic.message)
    named = [m for m in words if quoted and m[0].decode() == quoted[1]]
    found = named or [m for m in words if m.start() <= where.start]
    return span(found[0].start(), found[0].end()) if found else None


def _renamed(text: SourceText, word: Span, name: str) -> Fix:
    title = f"Change '{text.slice(word)}' to '{name}'"
    return Fix(title, (TextEdit(word, name),), is_generated=False)


def _respelt(case: _Case) -> Iterator[Fix]:
    """The word at the diagnostic replaced by names that exist and look like it, most alike first."""
    word = _word_at(case.text, case.diagnostic)
    if word is None:
        return
    meant = _MEANT.search(case.diagnostic.message)
    near = near_names(case.snapshot, case.file, word.start, case.before)
    for name in dict.fromkeys((*near, meant[1]) if meant else near):
        yield _renamed(case.text, word, name)


def equally_near(wrong: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of *names*, most alike first, that are about as much like *wrong* as the first one."""
    best = likeness(wrong, names[0]) - TIE
    return tuple(name for name in names if likeness(wrong, name) >= best)


async def _chosen(case: _Case, spelt: list[Fix], engine: Engine | None) -> Fix:
    """The most similar name; among equals the one that the model says is meant, a grammar leaving it no other."""
    names = {fix.edits[0].new_text: fix for fix in spelt}
    wrong = case.text.slice(spelt[0].edits[0].span)
    choices = equally_near(wrong, tuple(names))
    if engine is None or len(choices) == 1:
        return spelt[0]
    question = f"{_question(case)}\nWhich of these names is meant by {wrong}: {', '.join(choices)}?"
    prompt = ChatPrompt(SYSTEM, question)
    answer = await engine.generate(
        GenerateRequest(prompt, MAX_TOKENS, Lane.CHAT, grammar=grammar_of(choices))
    )
    name = answer.text.strip()
    return replace(names[name], is_generated=True) if name in choices else spelt[0]


def grammar_of(choices: tuple[str, ...]) -> str:
    """GBNF that admits exactly one of *choices*, which are identifiers."""
    return "root ::= " + " | ".join(f'"{choice}"' for choice in choices) + "\n"


async def _rewritten(case: _Case, engine: Engine) -> AsyncIterator[Fix]:
    """The line as the chat model corrects it, then as the inline model would write it between its neighbours."""
    for request in (
        GenerateRequest(ChatPrompt(SYSTEM, _question(case)), MAX_TOKENS, Lane.CHAT),
        _line_anew(case),
    ):
        answer = await engine.generate(request)
        written = _first_line(answer.text)
        old = case.text.slice(case.line)
        if answer.finish is FinishReason.STOP and is_close(old, written):
            new = _indent(old) + written
            yield Fix("Rewrite this line", (TextEdit(case.line, new),), is_generated=True)


def is_close(old: str, new: str) -> bool:
    """*new* is *old* corrected, not something else: most tokens stayed. Comments don't count as code."""
    before, after = (_TOKEN.findall(_COMMENT.sub("", line)) for line in (old, new))
    return (
        bool(after) and difflib.SequenceMatcher(None, before, after, False).ratio() >= CLOSE_ENOUGH
    )


def _question(case: _Case) -> str:
    text, line = case.text, case.line
    number = text.line_of(line.start)
    first = text.line_span(max(0, number - LINES_AROUND)).start
    last = text.line_span(min(text.line_count - 1, number + LINES_AROUND)).end
    return (
        f"Code:\n{text.slice(span(first, last))}\n\n"
        f"The compiler says: {case.diagnostic.message}\nLine: {text.slice(line).strip()}\n"
    )


def _first_line(answer: str) -> str:
    """The first line of code in what a model said; fences are taken off."""
    for words in _FENCE.sub("", answer).split("\n"):
        if words.strip():
            return words.strip()
    return ""


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line_anew(case: _Case) -> GenerateRequest:
    text, line = case.text, case.line
    prompt = FimPrompt(
        context="",
        path=relative_path(case.snapshot, case.file),
        prefix=text.slice(span(max(0, line.start - PREFIX_BYTES), line.start)),
        line_prefix=_indent(text.slice(line)),
        suffix=text.slice(span(line.end, min(text.size_bytes, line.end + SUFFIX_BYTES))),
    )
    return GenerateRequest(prompt, MAX_TOKENS, Lane.INLINE, single_line=True)
