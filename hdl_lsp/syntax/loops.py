"""The `for` loops around an offset, read backwards from it, so that unfinished text does no harm.

Must not know whether a loop is a generate loop or a statement.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.syntax.lookback import NOTHING, TokensBefore
from hdl_lsp.syntax.tokens import TokenKind

_UNITS = frozenset(("module", "macromodule", "interface", "program", "endmodule", "package"))
_MOST_TOKENS = 3_000  # what a generate block holds; further out a loop is not looked for


@dataclass(frozen=True, slots=True)
class LoopAround:
    """A loop that an offset is in."""

    variable: str
    start: int  # offset of `for`


def loops_around(data: bytes, offset: int) -> tuple[LoopAround, ...]:
    """The loops around *offset*, innermost first."""
    back = TokensBefore(data, offset)
    found: list[LoopAround] = []
    index = depth = 0
    while index < _MOST_TOKENS and (token := back[index]) is not NOTHING:
        text = token.text
        if text == ")":
            index = back.after_group(index)
            continue
        if text == "end":
            depth += 1
        elif text == "begin" and depth:
            depth -= 1
        elif text == "begin":
            loop = _loop(back, index + 1)
            found += [loop] if loop else []
        elif text in _UNITS:
            break
        index += 1
    return tuple(found)


def _loop(back: TokensBefore, index: int) -> LoopAround | None:
    """The loop whose body's `begin` stands right after the token at *index*."""
    if back[index].text != ")":
        return None
    end = back.after_group(index)
    if back[end].text != "for":
        return None
    names = [back[at] for at in range(end - 1, index, -1) if back[at].kind is TokenKind.WORD]
    name = next((n.text for n in names if n.text not in ("genvar", "int", "integer")), "")
    return LoopAround(name, back[end].start) if name else None
