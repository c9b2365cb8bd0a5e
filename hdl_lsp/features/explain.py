"""An explanation in words of the code at a place, built on facts that are shown beside it.

Must not let a model claim what is not there: a sentence with a name that occurs nowhere in the workspace is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.context.evidence import Evidence, evidence
from hdl_lsp.context.grounding import grounded_words
from hdl_lsp.llm.engine import ChatPrompt, Engine, GenerateRequest, Lane
from hdl_lsp.presentation.markup import code_block, plain, sections
from hdl_lsp.text.source import SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MAX_TOKENS = 160
LONGEST_CODE_BYTES = 1_600
LINES_AROUND = 6

SYSTEM = (
    "You explain SystemVerilog hardware code to an experienced engineer. "
    "Use only the facts and the code you are given. Answer in two or three short sentences, no code, no lists."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`facts` are computed; `words` are the model's ("" without one, or when nothing it said could stand)."""

    title: str
    facts: tuple[str, ...]
    code: str
    comment: str
    words: str
    model: str  # who wrote `words`

    @property
    def markdown(self) -> str:
        """Everything, facts first, the model's words marked as such."""
        shown = "\n".join(f"- {fact}" for fact in self.facts)
        said = f"*In words, by {self.model}; check against the facts above:*\n\n{plain(self.words)}"
        return sections(
            (
                f"### {self.title}",
                code_block(self.code) if self.code else "",
                plain(self.comment),
                shown,
                said if self.words else "",
            )
        )


def prompt_for(snapshot: Snapshot, file: FileId, offset: int) -> tuple[Evidence, ChatPrompt] | None:
    """The facts about what stands at *offset* and the question about it; None where there is nothing."""
    text = snapshot.text(file)
    if text is None:
        return None
    known = evidence(snapshot, file, offset) or _unnamed(text, offset)
    facts = "\n".join(f"- {fact}." for fact in known.facts)
    comment = f"Its comment says: {known.comment}\n" if known.comment else ""
    user = (
        f"Facts:\n{facts}\n{comment}\nCode:\n{_around(text, offset)}\n\n"
        f"Explain what {known.name or 'this code'} is for."
    )
    return known, ChatPrompt(SYSTEM, user)


def _unnamed(text: SourceText, offset: int) -> Evidence:
    line = text.line_of(offset)
    return Evidence("", "code", (f"this is line {line + 1}",), text.line_text(line).strip(), "")


def _around(text: SourceText, offset: int) -> str:
    line = text.line_of(offset)
    first = max(0, line - LINES_AROUND)
    last = min(text.line_count - 1, line + LINES_AROUND)
    return text.slice(span(text.line_span(first).start, text.line_span(last).end))[
        :LONGEST_CODE_BYTES
    ]


async def explain(
    snapshot: Snapshot, file: FileId, offset: int, engine: Engine | None
) -> Explanation | None:
    """What stands at *offset*, explained; without *engine* the facts alone. None in an unknown file.

    Raises what `Engine.generate` raises.
    """
    asked = prompt_for(snapshot, file, offset)
    if asked is None:
        return None
    known, prompt = asked
    words, model = "", ""
    if engine is not None:
        answer = await engine.generate(
            GenerateRequest(prompt, MAX_TOKENS, Lane.CHAT, document=snapshot.path(file))
        )
        words, model = grounded_words(snapshot, file, answer.text), answer.model
    return Explanation(
        title=f"{known.kind} `{known.name}`" if known.name else "this line",
        facts=known.facts,
        code=known.code[:LONGEST_CODE_BYTES],
        comment=known.comment,
        words=words,
        model=model,
    )
