"""The question "what is this for?" as small models can answer it, and the answer as far as it can stand.

Must not call a model. The beginning of the answer is computed and forced by a grammar, so that a model can't be
wrong about what the thing is; only the purpose is its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.context.evidence import Evidence
from hdl_lsp.context.grounding import grounded_words
from hdl_lsp.llm.engine import ChatPrompt
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

LONGEST_CODE_BYTES = 1_000
MOST_USES = 6
CLAUSE = r"[a-z][^`.;:\n\"]{16,170}"

SYSTEM = (
    "You explain SystemVerilog hardware code to an experienced engineer. "
    "Use only the facts and the code you are given. Answer in one short sentence."
)


@dataclass(frozen=True, slots=True)
class PurposeQuestion:
    """`beginning` is how the answer must begin; `given` is all that the model was told."""

    prompt: ChatPrompt
    grammar: str
    name: str
    beginning: str
    given: str


def purpose_question(known: Evidence, text: SourceText) -> PurposeQuestion:
    """What is asked about *known*, which is used in *text*."""
    facts = "\n".join(f"- {fact}." for fact in known.facts)
    comment = f"Comment: {known.comment}\n" if known.comment else ""
    code = "\n".join(dict.fromkeys((known.code.strip(), *_uses(known, text))))
    given = f"Facts:\n{facts}\n{comment}Code:\n{code[:LONGEST_CODE_BYTES]}"
    beginning = f"{known.facts[0]} that "
    return PurposeQuestion(
        prompt=ChatPrompt(SYSTEM, f"{given}\n\nWhat is `{known.name}` for?"),
        grammar=f'root ::= "{_escaped(beginning)}" {CLAUSE} "."\n',
        name=known.name,
        beginning=beginning,
        given=given,
    )


def purpose_answer(
    snapshot: Snapshot, file: FileId, question: PurposeQuestion, written: str
) -> str:
    """What of *written* may be shown; "" when nothing may.

    The computed beginning proves nothing: what comes after it must stand by itself, and on more than the name.
    """
    clause = written.removeprefix(question.beginning)
    bare = re.sub(rf"`?(?<!\w){re.escape(question.name)}(?!\w)`?", "it", clause)
    if not grounded_words(snapshot, file, bare, question.given):
        return ""
    stands = grounded_words(snapshot, file, clause, question.given)
    if clause == written:  # an engine without grammars: plain sentences
        return stands
    return question.beginning + stands if stands else ""


def _uses(known: Evidence, text: SourceText) -> list[str]:
    """The first lines of *text* with the name in them."""
    if not known.name.isidentifier():
        return []
    pattern = re.compile(rf"\b{known.name}\b".encode())
    lines = dict.fromkeys(text.line_of(m.start()) for m in pattern.finditer(text.data))
    return [text.line_text(line).strip() for line in list(lines)[:MOST_USES]]


def _escaped(words: str) -> str:
    """*words* inside a GBNF string."""
    return words.replace("\\", "\\\\").replace('"', '\\"')
