"""Markdown that every client shows alike, from plain pieces of text.

Must not decide what is shown, only how: features choose the pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_RUN_OF_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")
_BACKTICKS = re.compile(r"`+")
_CODE_OR_SPECIAL = re.compile(r"`[^`]*`|[\\*_\[\]<>#|]")
_LINE_END = re.compile(r"\r\n|\n|\r")


def code_block(code: str, language: str = "systemverilog") -> str:
    """A fenced block; the fence is longer than any run of backticks in *code*."""
    longest = max((len(run.group()) for run in _BACKTICKS.finditer(code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def code(text: str) -> str:
    """Inline code; backticks inside are kept by a longer delimiter (CommonMark 6.1)."""
    if not text:
        return ""
    longest = max((len(run.group()) for run in _BACKTICKS.finditer(text)), default=0)
    if not longest:
        return f"`{text}`"
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}"


def plain(text: str) -> str:
    """Text whose Markdown characters are shown, not obeyed, but for inline code; line ends become hard breaks.

    In inline code a backslash would be shown itself (CommonMark 6.1).
    """
    lines = (_CODE_OR_SPECIAL.sub(_escaped, line) for line in _LINE_END.split(text))
    return "  \n".join(lines)


def _escaped(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith("`") else f"\\{found}"


def sections(parts: Iterable[str]) -> str:
    """The parts that are not empty, as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def squeezed(text: str, indent: int | None = None) -> str:
    """Code lines without alignment: runs of blanks inside a line are one blank.

    Lines after the first lose *indent* blanks, or those that they all have; the first one loses all.
    """
    lines = [line.expandtabs(8).rstrip() for line in _LINE_END.split(text)]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line]
    common = min(indents, default=0) if indent is None else indent
    body = [lines[0].lstrip(), *(_unindented(line, common) for line in lines[1:])] if lines else []
    return "\n".join(_RUN_OF_BLANKS.sub(" ", line) for line in body)


def _unindented(line: str, blanks: int) -> str:
    return line.lstrip() if line[:blanks].strip() else line[blanks:]


def one_line(text: str, longest: int = 120) -> str:
    """*text* on one line, white space squeezed, cut with an ellipsis after *longest* characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def bits(width: int) -> str:
    """`1 bit`, `8 bits`."""
    return "1 bit" if width == 1 else f"{width} bits"
