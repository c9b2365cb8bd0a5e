"""What the model says about a lead: a judgement with a reason, on a fact that a tool found.

Must not let the model bring up anything itself: without a lead it is not asked, and a reason that names what does
not exist is not shown.
"""

from __future__ import annotations

import re
from dataclasses import replace

from hdl_lsp.context.grounding import grounded_words
from hdl_lsp.llm.engine import ChatPrompt, Engine, GenerateRequest, Lane
from hdl_lsp.review.findings import Evidence, Finding, Origin
from hdl_lsp.text.source import SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MAX_TOKENS = 72
LINES_AROUND = 5

SYSTEM = (
    "You review SystemVerilog. A tool found a fact about a line. Say whether the line is a mistake or intended, "
    "and why, in one short sentence."
)
GRAMMAR = 'root ::= ("mistake" | "intended") ": " [^.\\n]{12,200} "."\n'
_ANSWER = re.compile(r"(?P<verdict>mistake|intended): (?P<reason>.+)", re.DOTALL)


def question(text: SourceText, lead: Finding) -> ChatPrompt:
    """What is asked about *lead*."""
    line = text.line_of(lead.span.start)
    first = text.line_span(max(0, line - LINES_AROUND)).start
    last = text.line_span(min(text.line_count - 1, line + LINES_AROUND)).end
    return ChatPrompt(
        SYSTEM,
        f"Code:\n{text.slice(span(first, last))}\n\nLine: {lead.line_text}\nFact: {lead.message}.",
    )


async def judged(snapshot: Snapshot, file: FileId, lead: Finding, engine: Engine) -> Finding | None:
    """*lead* as the model's finding, with the lead itself as evidence.

    None when the model says that it is intended, or when its reason can't stand.
    Raises what `Engine.generate` raises.
    """
    text = snapshot.text(file)
    if text is None:
        return None
    asked = question(text, lead)
    answer = await engine.generate(GenerateRequest(asked, MAX_TOKENS, Lane.CHAT, grammar=GRAMMAR))
    said = _ANSWER.fullmatch(answer.text.strip())
    if said is None or said["verdict"] != "mistake":
        return None
    reason = grounded_words(snapshot, file, said["reason"], asked.user)
    if not reason:
        return None
    return replace(
        lead,
        origin=Origin.MODEL,
        message=f"likely a mistake: {reason}",
        evidence=(Evidence(f"{lead.rule}: {lead.message}", lead.path, lead.span), *lead.evidence),
    )
