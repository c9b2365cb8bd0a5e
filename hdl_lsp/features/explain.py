"""An explanation in words of the code at a place, built on facts that are shown beside it.

Must not let a model claim what is not there: a sentence with a name that occurs nowhere in the workspace is left
out, and where no fact is known the model is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.context.evidence import Evidence, evidence, evidence_of_line
from hdl_lsp.context.purpose import LONGEST_CODE_BYTES, purpose_answer, purpose_question
from hdl_lsp.llm.engine import Engine, GenerateRequest, Lane
from hdl_lsp.presentation.markup import code_block, plain, sections
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MAX_TOKENS = 96


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
    """What stands at *offset*, explained; without *engine* the facts alone. None in an unknown file.

    Between names the line is explained, by the names on it and the design unit around it.
    Raises what `Engine.generate` raises.
    """
    text = snapshot.text(file)
    if text is None:
        return None
    known = evidence(snapshot, file, offset)
    if known is None:
        return _explained("this line", evidence_of_line(snapshot, file, offset))
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
        code=known.code[:LONGEST_CODE_BYTES],
        comment=known.comment,
        words=words,
        model=model,
    )
