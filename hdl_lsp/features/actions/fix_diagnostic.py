"""A fix for one diagnostic: computed where it can be, else written by the model, and checked by slang always.

Must not offer an edit after which the diagnostic is still there or a new one came.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

from hdl_lsp.context.prompt import PREFIX_BYTES, SUFFIX_BYTES
from hdl_lsp.context.site import relative_path
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

MOST_NAMES = 6
MAX_TOKENS = 64
LINES_AROUND = 4

SYSTEM = (
    "You correct SystemVerilog code. You are given a few lines, what the compiler says about one of them, and that "
    "line. Answer with the corrected line alone."
)

_WORD = re.compile(rb"[A-Za-z_][\w$]*")
_EXPECTED = re.compile(r"^expected '([^']+)'$")
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit after which slang reports neither the diagnostic nor anything new."""

    title: str
    edits: tuple[TextEdit, ...]
    is_generated: bool  # written or chosen by the model


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
    for fix in _computed(text, diagnostic):
        if await _is_cure(text, fix, diagnostic, before, check):
            return fix
    if engine is None:
        return None
    async for fix in _generated(snapshot, file, text, diagnostic, before, engine):
        if await _is_cure(text, fix, diagnostic, before, check):
            return fix
    return None


async def _is_cure(
    text: SourceText, fix: Fix, diagnostic: Diagnostic, before: FileFacts, check: Checker
) -> bool:
    changed = edit.apply(text, fix.edits)
    after = await check(changed) if changed != text else None
    return after is not None and is_cured(diagnostic, before, after)


def is_cured(diagnostic: Diagnostic, before: FileFacts, after: FileFacts) -> bool:
    """*after* has one report like *diagnostic* less than *before*, and no error or warning that is new."""
    if after.failure:
        return False
    old, new = _counted(before), _counted(after)
    mine = (diagnostic.code, diagnostic.message)
    is_gone = new[mine] < old[mine]
    return is_gone and not (new - old) and set(after.missing_macros) <= set(before.missing_macros)


def _counted(facts: FileFacts) -> Counter[tuple[str, str]]:
    return Counter(
        (d.code, d.message)
        for d in facts.diagnostics
        if d.severity in {Severity.ERROR, Severity.WARNING}
    )


def _computed(text: SourceText, diagnostic: Diagnostic) -> Iterator[Fix]:
    """Edits that follow from the message alone."""
    expected = _EXPECTED.match(diagnostic.message)
    if expected and 0 <= diagnostic.span.start <= text.size_bytes:
        token = expected[1]
        is_word = token[0].isalpha()
        for place in dict.fromkeys(
            (
                diagnostic.span.end,  # slang points at the last character before what is missing
                _end_of_code_before(text, diagnostic.span.start),
                diagnostic.span.start,
            )
        ):
            new = f"\n{token}" if is_word else token
            yield Fix(f"Insert '{token}'", (TextEdit(span(place, place), new),), is_generated=False)


def _end_of_code_before(text: SourceText, offset: int) -> int:
    """End of the last character before *offset* that is not white space."""
    while offset > 0 and text.data[offset - 1 : offset].isspace():
        offset -= 1
    return offset


async def _generated(
    snapshot: Snapshot,
    file: FileId,
    text: SourceText,
    diagnostic: Diagnostic,
    before: FileFacts,
    engine: Engine,
) -> AsyncIterator[Fix]:
    """The model's proposals: a name out of those that exist, the line corrected, the line written anew."""
    line = text.line_span(text.line_of(diagnostic.span.start))
    asked = _question(text, diagnostic, line)
    word = _word_at(text, diagnostic.span)
    if word is not None:
        wrong = text.slice(word)
        choices: tuple[str, ...] = near_names(wrong, before, diagnostic.span)
        while choices:
            prompt = ChatPrompt(
                SYSTEM, f"{asked}\nWhich of these names is meant by {wrong}: {', '.join(choices)}?"
            )
            answer = await engine.generate(
                GenerateRequest(prompt, MAX_TOKENS, Lane.CHAT, grammar=grammar_of(choices))
            )
            name = answer.text.strip()
            if name not in choices:
                break
            yield Fix(f"Change '{wrong}' to '{name}'", (TextEdit(word, name),), is_generated=True)
            choices = tuple(choice for choice in choices if choice != name)
    answer = await engine.generate(
        GenerateRequest(ChatPrompt(SYSTEM, asked), MAX_TOKENS, Lane.CHAT)
    )
    written = _first_line(answer.text)
    if written and answer.finish is FinishReason.STOP:
        indent = text.slice(line)[: len(text.slice(line)) - len(text.slice(line).lstrip())]
        yield Fix("Rewrite this line", (TextEdit(line, indent + written),), is_generated=True)
    answer = await engine.generate(_line_anew(snapshot, file, text, line))
    if answer.text.strip() and answer.finish is FinishReason.STOP:
        keep = text.slice(line)[: len(text.slice(line)) - len(text.slice(line).lstrip())]
        yield Fix(
            "Rewrite this line", (TextEdit(line, keep + answer.text.strip()),), is_generated=True
        )


def _question(text: SourceText, diagnostic: Diagnostic, line: Span) -> str:
    number = text.line_of(line.start)
    first = text.line_span(max(0, number - LINES_AROUND)).start
    last = text.line_span(min(text.line_count - 1, number + LINES_AROUND)).end
    return (
        f"Code:\n{text.slice(span(first, last))}\n\n"
        f"The compiler says: {diagnostic.message}\nLine: {text.slice(line).strip()}\n"
    )


def _word_at(text: SourceText, where: Span) -> Span | None:
    """The identifier that starts at the diagnostic, or that it points into."""
    line = text.line_span(text.line_of(where.start))
    for match in _WORD.finditer(text.data, line.start, line.end):
        if match.start() <= where.start < match.end():
            return span(match.start(), match.end())
    return None


def near_names(wrong: str, facts: FileFacts, where: Span) -> tuple[str, ...]:
    """Names in scope at *where* that look like *wrong*, most alike first."""
    visible = {
        facts.symbols[index].name
        for scope in facts.scopes
        if scope.span.contains(where.start)
        for index in scope.symbols
    }
    visible |= {symbol.name for symbol in facts.symbols} if not visible else set()
    visible.discard(wrong)
    return tuple(difflib.get_close_matches(wrong, sorted(visible), n=MOST_NAMES, cutoff=0.6))


def grammar_of(choices: tuple[str, ...]) -> str:
    """GBNF that admits exactly one of *choices*."""
    return (
        "root ::= "
        + " | ".join('"' + choice.replace('"', r"\"") + '"' for choice in choices)
        + "\n"
    )


def _first_line(answer: str) -> str:
    """The first line of code in what a chat model said; fences are taken off."""
    for words in _FENCE.sub("", answer).split("\n"):
        if words.strip():
            return words.strip()
    return ""


def _line_anew(snapshot: Snapshot, file: FileId, text: SourceText, line: Span) -> GenerateRequest:
    words = text.slice(line)
    indent = words[: len(words) - len(words.lstrip())]
    prompt = FimPrompt(
        context="",
        path=relative_path(snapshot, file),
        prefix=text.slice(span(max(0, line.start - PREFIX_BYTES), line.start)),
        line_prefix=indent,
        suffix=text.slice(span(line.end, min(text.size_bytes, line.end + SUFFIX_BYTES))),
    )
    return GenerateRequest(prompt, MAX_TOKENS, Lane.INLINE, single_line=True)
