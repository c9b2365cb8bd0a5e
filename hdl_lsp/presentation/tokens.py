"""What coloured names are: types and modifiers in LSP's words, and many of them in little memory.

Must not know HDL or LSP types: features choose, the face sends. docs/features/semantic-tokens.md lists the meaning.
"""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hdl_lsp.text.source import Span, span

TOKEN_TYPES = (
    "namespace",
    "type",
    "class",
    "enum",
    "interface",
    "struct",
    "typeParameter",
    "parameter",
    "variable",
    "property",
    "enumMember",
    "event",
    "function",
    "macro",
    "label",
    "keyword",
    "string",
    "number",
)
"""All of them LSP's own (3.18, SemanticTokenTypes), so that every theme has a colour."""

STANDARD_MODIFIERS = ("declaration", "readonly", "modification", "defaultLibrary")
"""LSP's own; `modification` is a name that is assigned to."""

MEANING_OF_OWN = {
    "input": "input port or argument",
    "output": "output port or argument",
    "inout": "inout or ref port or argument",
    "clock": "signal whose edge an always block waits for, or that is named like a clock",
    "reset": "signal that an always block with several edges asks for first, or that is named like a reset",
    "localparam": "local parameter",
    "net": "net, not a variable",
    "genvar": "variable of a generate loop",
    "instance": "instance of a module, interface or primitive",
    "task": "task, not a function",
    "inactive": "in a branch of a conditional that is not compiled",
}
OWN_MODIFIERS = tuple(MEANING_OF_OWN)

TOKEN_MODIFIERS = (*STANDARD_MODIFIERS, *OWN_MODIFIERS)

_TYPE_BITS = 8


def code(token_type: str, *modifiers: str) -> int:
    """A type with its modifiers as one number."""
    bits = sum(modifier_bit(name) for name in modifiers)
    return TOKEN_TYPES.index(token_type) | bits


def modifier_bit(name: str) -> int:
    """A modifier, to be or-ed to a code."""
    return 1 << (_TYPE_BITS + TOKEN_MODIFIERS.index(name))


def type_number(of: int) -> int:
    """Index of the code's type in TOKEN_TYPES."""
    return of & ((1 << _TYPE_BITS) - 1)


def modifier_set(of: int) -> int:
    """The code's modifiers as LSP sends them: bit n is TOKEN_MODIFIERS[n]."""
    return of >> _TYPE_BITS


def in_words(of: int) -> str:
    """`variable readonly declaration`, for people."""
    bits = modifier_set(of)
    names = [name for n, name in enumerate(TOKEN_MODIFIERS) if bits >> n & 1]
    return " ".join((TOKEN_TYPES[type_number(of)], *names))


class Token(NamedTuple):
    """One name; offsets are bytes of its text."""

    start: int
    end: int
    code: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Names in text order that do not overlap, in three columns: a big file has 300,000."""

    starts: array[int] = field(default_factory=lambda: array("I"))
    lengths: array[int] = field(default_factory=lambda: array("I"))
    codes: array[int] = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Token]:
        for start, length, of in zip(self.starts, self.lengths, self.codes, strict=True):
            yield Token(start, start + length, of)

    def append(self, start: int, end: int, of: int) -> None:
        """Adds the next token; only while the columns are being filled."""
        self.starts.append(start)
        self.lengths.append(end - start)
        self.codes.append(of)

    def extend(self, other: Tokens) -> None:
        """Adds the tokens after these; only while the columns are being filled."""
        self.starts.extend(other.starts)
        self.lengths.extend(other.lengths)
        self.codes.extend(other.codes)

    def code_of(self, start: int, end: int) -> int | None:
        """The code of exactly the token *start* to *end*; None where there is no such token."""
        at = bisect.bisect_left(self.starts, start)
        if at < len(self.starts) and self.starts[at] == start and self.lengths[at] == end - start:
            return self.codes[at]
        return None

    def span(self, number: int) -> Span:
        """Where the token with this number is."""
        return span(self.starts[number], self.starts[number] + self.lengths[number])
