"""A doc comment above a declaration, in those of the model's sentences that can stand.

Must not write anything but comment lines, and none where no sentence can stand: what is computed of a declaration
says no more than the declaration.
"""

from __future__ import annotations

import re
import textwrap

from hdl_lsp.context.evidence import evidence
from hdl_lsp.context.purpose import purpose_answer, purpose_question
from hdl_lsp.llm.engine import Engine, GenerateRequest, Lane
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.snapshot import Snapshot

MAX_TOKENS = 96
WIDTH = 100

_UNSAFE = re.compile(r"[^\x20-\x7e\u00a0-\uffff]|\*/|/\*|`")


async def write_doc_comment(
    snapshot: Snapshot, file: FileId, offset: int, engine: Engine
) -> tuple[TextEdit, ...]:
    """The edit that puts a comment above the declaration named at *offset*; () where there is none to document.

    () too when nothing that the model said can stand. Raises what `Engine.generate` raises.
    """
    text = snapshot.text(file)
    found = look_up(snapshot, file, offset)
    known = evidence(snapshot, file, offset)
    if text is None or found is None or known is None or known.comment or found.best.file != file:
        return ()
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
    lines = _comment(purpose_answer(snapshot, file, question, answer.text))
    return (_above(text, found.best.full.start, lines),) if lines else ()


def _comment(words: str) -> list[str]:
    clean = _UNSAFE.sub("", words)
    lines = textwrap.wrap(clean, WIDTH - 3, break_long_words=False, break_on_hyphens=False)
    return [f"// {line}" for line in lines]


def _above(text: SourceText, offset: int, lines: list[str]) -> TextEdit:
    """The lines above the line of *offset*, in its indentation and with the file's line end."""
    start = text.line_span(text.line_of(offset)).start
    words = text.line_text(text.line_of(offset))
    indent = words[: len(words) - len(words.lstrip())]
    end = "\r\n" if b"\r\n" in text.data[:4096] else "\n"
    return TextEdit(span(start, start), "".join(f"{indent}{line}{end}" for line in lines))
