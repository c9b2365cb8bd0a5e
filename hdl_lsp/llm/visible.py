"""Where a plain name must be one that exists: in expressions and statements, not where names are made.

Must not know openings, connections or labels (monitor.py does), and must let through what it is not sure about: a
name may be new after a type, after another name, behind `begin :`, and as a key of a struct literal.
"""

from __future__ import annotations

from bisect import bisect_left

from hdl_lsp.syntax.words import KEYWORDS

_KEYWORDS = frozenset(word.encode() for word in KEYWORDS)
_USING = frozenset(b"always always_comb always_ff always_latch assign final initial".split())
"""Items whose names all exist already."""

_MAKING = frozenset(
    b"""
    automatic bit byte chandle class clocking const covergroup enum event for foreach function genvar import inout
    input int integer interface let localparam logic longint module output parameter program property real realtime
    ref reg sequence shortint shortreal static string struct supply0 supply1 task time tri type typedef union var
    virtual void wand wire with wor
    """.split()
)
"""Up to the next semicolon names may be new."""

_OPERANDS = frozenset(
    b"""
    bit byte default edge highz0 highz1 inside int integer iff local logic longint negedge new null or posedge
    pull0 pull1 real shortint signed string strong0 strong1 super supply0 supply1 tagged this type unsigned void
    weak0 weak1 with
    """.split()
)
"""Keywords that may stand in an expression or an event control, casts among them."""

_OPERATORS = frozenset(b"=([{,+-*/%&|^~!<>?@#")
_OPENING = frozenset(b"begin case casex casez fork randcase".split())
_CLOSING = frozenset(b"end endcase join join_any join_none".split())
_NAMED = frozenset(b"begin end fork join join_any join_none".split())
"""A colon and a new name may follow."""


class Visible:
    """The names that exist, and whether the next one must be among them. Off until `resume`."""

    def __init__(self, names: tuple[bytes, ...]) -> None:
        self._words = tuple(sorted({*names, *_KEYWORDS}))
        self._operands = tuple(sorted({*names, *_OPERANDS}))
        self._sign = 0  # the last sign, if nothing but blanks followed it
        self._blocks = 0
        self._is_on = False
        self._has_ended = False  # the statement is over, unless `else` follows
        self._is_making = False
        self._is_naming = False  # behind `begin :`
        self._before = b""  # the last word, if nothing but blanks followed it

    def resume(self, blocks: int) -> None:
        """The cursor's line was read; so many blocks of its procedure are open there, -1: it is in none."""
        self._is_on = self._is_on or blocks >= 0
        self._blocks = max(blocks, 0)

    def names(self) -> tuple[bytes, ...] | None:
        """What the word that begins now must be; None: anything."""
        is_declared = self._before and self._before not in _KEYWORDS
        is_free = not self._is_on or self._is_making or self._is_naming or is_declared
        if is_free:
            return None
        is_operand = self._sign in _OPERATORS or self._before == b"assign"
        return self._operands if is_operand else self._words

    def word(self, word: bytes, *, is_plain: bool) -> None:
        """A word is whole: a plain name or keyword, or else what follows an opening, a macro or a number."""
        is_new = self._is_making or self._is_naming
        is_operand = self._sign in _OPERATORS
        if self._before and self._before not in _KEYWORDS and word not in _KEYWORDS:
            is_new = self._is_making = True  # `type name`, or an instance
        if is_plain and is_new and not has(self._words, word):
            self._words = tuple(sorted({*self._words, word}))
            self._operands = tuple(sorted({*self._operands, word}))
        self._before, self._is_naming = b"" if self._is_naming else word, False
        self._sign = 0
        has_ended, self._has_ended = self._has_ended, False
        if not is_plain:
            return
        if word in _USING:
            self._is_on, self._is_making, self._blocks = True, False, 0
        elif word in _MAKING and not is_operand:
            self._is_making = True
        elif word == b"else":
            self._is_on = self._is_on or has_ended
        elif word in _OPENING:
            self._blocks += 1
        elif word in _CLOSING:
            self._blocks -= 1
            self._end_statement()

    def sign(self, sign: int, depth: int) -> None:
        """A sign that is not blank, with *depth* brackets open."""
        before, self._before = self._before, b""
        self._sign = 0 if before in (b"for", b"foreach") else sign  # a type may come in there
        self._is_naming = sign == 0x3A and before in _NAMED
        if sign == 0x5D:
            self._before = b"]"  # as a name: what follows it directly is declared
        if sign == 0x29 and depth <= 1 and self._blocks == 0:
            self._before = b")"  # behind `#(...)` comes the name of an instance
        if sign == 0x3B and not depth:
            self._is_making = False
            self._end_statement()

    def _end_statement(self) -> None:
        """Outside every block the procedure or item is over with its statement."""
        if self._is_on and self._blocks <= 0:
            self._is_on, self._has_ended = False, True


def fits(names: tuple[bytes, ...], word: bytes) -> bool:
    """*word* begins one of *names*, which are sorted."""
    at = bisect_left(names, word)
    return at < len(names) and names[at].startswith(word)


def has(names: tuple[bytes, ...], word: bytes) -> bool:
    """*word* is one of *names*, which are sorted."""
    at = bisect_left(names, word)
    return at < len(names) and names[at] == word
