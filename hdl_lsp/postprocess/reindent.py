"""Gives a candidate's lines the file's own line end and indentation character.

Must not realign what the model wrote within a line.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.text.source import SourceText

_LOOKED_AT = 4096
"""Bytes that tell which line end a file uses."""


def line_end_of(text: SourceText) -> str:
    """The line end that *text* uses."""
    return "\r\n" if b"\r\n" in text.data[:_LOOKED_AT] else "\n"


def reindent(candidate: Candidate) -> Candidate | None:
    """The candidate with tabs or blanks as the cursor's line has them, no trailing blanks, the file's line end."""
    line_end = line_end_of(candidate.site.text)
    uses_tabs = candidate.site.indent.startswith("\t")
    lines: list[str] = []
    for index, line in enumerate(candidate.lines()):
        body = line.lstrip(" \t")
        blank = line[: len(line) - len(body)]
        if index and uses_tabs and " " in blank:
            blank = "\t" * (len(blank.expandtabs(4)) // 4)
        elif index and not uses_tabs and "\t" in blank:
            blank = blank.expandtabs(2)
        lines.append((blank + body).rstrip() if index else line.rstrip())
    text = line_end.join(lines)
    if candidate.site.line_prefix.endswith((" ", "\t")):
        text = text.lstrip(" \t")
    return candidate.with_text(text) if text.strip() else None
