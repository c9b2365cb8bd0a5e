"""Closes the blocks that a candidate opened, in the indentation they were opened with.

Must not close what was open before the cursor.
"""

from __future__ import annotations

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.reindent import line_end_of
from hdl_lsp.postprocess.tokens import OPENERS, Token, open_blocks

_MARKS = frozenset("([{")


def balance_blocks(candidate: Candidate) -> Candidate | None:
    """The candidate with `end`, `endcase`, ... for each block it leaves open; None if a bracket is left open.

    Where only the rest of the line may be written, a candidate that opens a block is dropped.
    """
    opened, _ = open_blocks(candidate.text)
    if not opened:
        return candidate
    if (
        any(token.text in _MARKS for token in opened)
        or candidate.site.extent is Extent.REST_OF_LINE
    ):
        return None
    if _closed_below(candidate, opened):
        return candidate
    text = candidate.text.rstrip()
    line_end = line_end_of(candidate.site.text)
    for token in reversed(opened):
        text += f"{line_end}{_indent_of(candidate, token)}{OPENERS[token.text]}"
    return candidate.with_text(text)


def _indent_of(candidate: Candidate, token: Token) -> str:
    """White space in front of the line of *token*. Blanks that a candidate begins with count at column 0 only."""
    before = candidate.text[: token.start]
    if "\n" not in before and candidate.site.line_prefix:
        return candidate.site.indent
    line = candidate.text[before.rfind("\n") + 1 :]
    return line[: len(line) - len(line.lstrip())]


def _closed_below(candidate: Candidate, opened: list[Token]) -> bool:
    """The next line of the file already closes the one block that was opened, at its indentation."""
    text = candidate.site.text
    line = text.line_of(candidate.site.offset) + 1
    while line < text.line_count and not text.line_text(line).strip():
        line += 1
    below = text.line_text(line) if line < text.line_count else ""
    indent = below[: len(below) - len(below.lstrip())]
    return (
        len(opened) == 1
        and below.strip().split(" ")[0].rstrip(";") == OPENERS[opened[0].text]
        and indent == _indent_of(candidate, opened[0])
    )
