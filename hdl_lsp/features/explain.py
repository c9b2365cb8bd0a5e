"""An explanation in words of the code at a place, built on facts that are shown beside it.

Must not let a model claim what is not there: a sentence with a name that occurs nowhere in the workspace is left
out, and where no fact is known the model is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.context.evidence import Evidence, evidence, evidence_of_line
from hdl_lsp.context.purpose import purpose_answer, purpose_question
from hdl_lsp.llm.engine import Engine, GenerateRequest, Lane
from hdl_lsp.presentation.markup import code_block, plain, sections
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MAX_TOKENS = 96
LONGEST_CODE = 1_000  # characters of code that are shown


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


async def explain(
    snapshot: Snapshot, file: FileId, offset: int, engine: Engine | None
) -> Explanation | None:
    """What stands at *offset*, explained; without *engine* the facts alone. None where nothing is known.

    Between names the line is explained, by the names on it and the design unit around it; a line without either,
    such as a licence's, has no explanation, nor has a file that nobody knows.
    Raises what `Engine.generate` raises.
    """
    text = snapshot.text(file)
    if text is None:
        return None
    known = evidence(snapshot, file, offset)
    if known is None:
        line = evidence_of_line(snapshot, file, offset)
        return _explained("this line", line) if line.facts else None
    explained = _explained(f"{known.kind} `{known.name}`", known)
    if engine is None:
        return explained
    question = purpose_question(known, text)
    answer = await engine.generate(
        GenerateRequest(
            question.prompt,
            MAX_TOKENS,
            Lane.CHAT,
            document=snapshot.path(file),
            grammar=question.grammar,
        )
    )
    words = purpose_answer(snapshot, file, question, answer.text)
    return _explained(explained.title, known, words, answer.model)


def _explained(title: str, known: Evidence, words: str = "", model: str = "") -> Explanation:
    return Explanation(
        title=title,
        facts=known.facts,
        code=_shortened(known.code),
        comment=known.comment,
        words=words,
        model=model,
    )


def _shortened(code: str) -> str:
    """*code*, or as many whole lines, ports or words of it as are not too long, and `...`."""
    if len(code) <= LONGEST_CODE:
        return code
    head = code[:LONGEST_CODE]
    for end in ("\n", ", ", " "):
        at = head.rfind(end)
        if at > LONGEST_CODE // 2:  # an end far in front would leave next to nothing
            return f"{head[: at + len(end)]}..."
    return f"{head}..."
