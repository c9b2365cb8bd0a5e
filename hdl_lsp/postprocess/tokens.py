"""SystemVerilog tokens of a fragment, good enough to count blocks and compare words.

Must not need a whole file: suggestions are fragments. Comments and strings are tokens of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n\r]* | /\*.*?(?:\*/|\Z) )
    | (?P<string>  "(?:\\.|[^"\\\n])*"? )
    | (?P<word>    [A-Za-z_][\w$]* | \\\S+ | [$`][A-Za-z_]\w* )
    | (?P<number>  \d[\w.]* | '[sS]?[bodhBODH][\w?]+ | '[01xzXZ] )
    | (?P<mark>    \S )
    """,
    re.VERBOSE | re.DOTALL,
)

OPENERS = {
    "begin": "end",
    "case": "endcase",
    "casex": "endcase",
    "casez": "endcase",
    "module": "endmodule",
    "interface": "endinterface",
    "package": "endpackage",
    "class": "endclass",
    "function": "endfunction",
    "task": "endtask",
    "generate": "endgenerate",
    "property": "endproperty",
    "sequence": "endsequence",
    "covergroup": "endgroup",
    "fork": "join",
    "specify": "endspecify",
    "clocking": "endclocking",
    "(": ")",
    "[": "]",
    "{": "}",
}
"""Tokens that open a block, with the one that closes it (IEEE 1800-2023 9.3, 12.5, 23.2, 27)."""

CLOSERS = frozenset(OPENERS.values()) | {"join_any", "join_none"}
_NO_BLOCK_AFTER = frozenset(
    {"assert", "assume", "cover", "expect", "extern", "import", "export", "virtual", "wait"}
)


class Token(NamedTuple):
    """One token; start and end count characters of the fragment."""

    kind: str  # comment, string, word, number, mark
    text: str
    start: int
    end: int


def tokens(fragment: str) -> Iterator[Token]:
    """The tokens of *fragment* in order; white space is left out."""
    for match in _TOKEN.finditer(fragment):
        yield Token(match.lastgroup or "mark", match.group(), match.start(), match.end())


def open_blocks(fragment: str) -> tuple[list[Token], int | None]:
    """The openers of *fragment* that nothing in it closes, and where the first closer without an opener stands.

    The second value is None when every closer has its opener.
    """
    stack: list[Token] = []
    stray: int | None = None
    before = ""
    for token in tokens(fragment):
        if token.kind not in {"word", "mark"}:
            continue
        if token.text in OPENERS and before not in _NO_BLOCK_AFTER:
            stack.append(token)
        elif token.text in CLOSERS:
            wanted = OPENERS[stack[-1].text] if stack else ""
            if token.text == wanted or (wanted == "join" and token.text.startswith("join")):
                stack.pop()
            elif stray is None:
                stray = token.start
        before = token.text
    return stack, stray
