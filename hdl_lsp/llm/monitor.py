"""Holds identifiers to the names that exist: reads text byte by byte and says what may come next.

Must not know tokens, scores or designs, and must never forbid anything but a name: it knows SystemVerilog only
well enough to tell names, comments, strings, brackets and the openings of `AllowedNames` apart.
"""

from __future__ import annotations

import copy
from enum import Enum, auto

from hdl_lsp.llm.engine import AllowedNames
from hdl_lsp.llm.visible import Visible, fits, has

NAME_START = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
NAME_BYTES = NAME_START | frozenset(b"0123456789$")
_BLANK = frozenset(b" \t\r\n\f\v")
_DIGITS = frozenset(b"0123456789")
_LINE_READ = 2_000  # characters of the cursor's line that are read; longer lines are data
_FREE = b"'{"  # an open bracket in which names may be new: keys of a struct, arguments of a macro
_MANY_NAMES = 500  # so many are not listed before a few letters are written
_FEW_LETTERS = 3
_CONNECTION = b"."  # the opening of a connection's name has nothing before its dot
_LABEL_WORDS = (b"default", b"endcase", b"else")  # besides members, where a case item may start
_OPENING_WORDS = frozenset((b"begin", b"fork", b"case", b"casez", b"casex", b"randcase"))
_CLOSING_WORDS = frozenset((b"end", b"join", b"join_any", b"join_none", b"endcase"))


class _Mode(Enum):
    CODE = auto()
    LINE_COMMENT = auto()
    BLOCK_COMMENT = auto()
    STRING = auto()


class _Word(Enum):
    NONE = auto()
    NAME = auto()
    ESCAPED = auto()
    OTHER = auto()
    """A number, macro or system name: never held to anything."""


class _Label(Enum):
    """Where in the items of a `case` the text is."""

    OFF = auto()
    START = auto()
    """A label may start here."""
    AFTER = auto()
    """Behind a label, before its colon."""
    COLON = auto()
    """Behind one colon, which another may follow."""
    STATEMENT = auto()
    BLOCK_NAME = auto()
    """Behind `end :`."""


class Monitor:
    """What the design allows, and how far the text has been read. *line*: the cursor's line left of the cursor."""

    def __init__(self, allowed: AllowedNames, line: str) -> None:
        self.unmet: tuple[str, ...] = ()
        """Openings after which no allowed name fitted."""
        self._after = {one.opening.encode(): _sorted(one.names) for one in allowed.after}
        self._visible = Visible(_sorted(allowed.visible)) if allowed.visible else None
        self._lists: tuple[tuple[bytes, ...], ...] = ()
        self._depth = 0
        self._labels: tuple[bytes, ...] = ()
        self._label = _Label.OFF
        self._blocks = 0
        self._mode = _Mode.CODE
        self._previous = 0  # the byte before
        self._last = 0  # the last byte of code that is not blank; 0: none
        self._kind = _Word.NONE
        self._word = b""
        self._opening = b""  # what stands before the word: "u_fifo.", "ibex_pkg::"
        self._tail = b""  # the path that has just ended and may go on with a dot
        self._brackets: tuple[bytes, ...] = ()  # the tail before each open bracket
        self._names: tuple[bytes, ...] | None = None  # what the word must become; None: anything
        self._is_forced = False  # a name must come now
        self._is_macro = False  # the word is the name of one
        self._is_import = False  # between `import` or `export` and its semicolon
        self._before_colon = b""  # the path before a colon that another may follow
        self._before_slash = (
            0,
            b"",
            self._visible,
        )  # `_last` and `_tail` before a slash that may start a comment
        self.read(line[-_LINE_READ:].encode("utf-8", "surrogatepass"))
        self._lists = tuple(_sorted(names) for names in allowed.connections)
        self._labels = _sorted(allowed.labels)
        self._depth = allowed.depth
        if self._visible is not None:
            self._visible.resume(allowed.blocks)
        self._resume()

    def fork(self) -> Monitor:
        """The same state, to go on independently."""
        return copy.copy(self)

    def permits(self, piece: bytes) -> bool:
        """Whether *piece* may come next."""
        trial = copy.copy(self)
        return all(trial.take(byte) for byte in piece)

    def read(self, piece: bytes) -> None:
        """*piece* was written, allowed or not."""
        for byte in piece:
            if not self.take(byte):
                self._note()

    def can_end(self) -> bool:
        """Whether the text may stop here: not before or inside a name it is held to."""
        if self._is_forced:
            return False
        return self._names is None or not self._word or has(self._names, self._word)

    def endings(self) -> tuple[bytes, ...] | None:
        """What is missing of each name that may stand here; None where other things than a name may come."""
        if self._names is None or not (self._word or self._is_forced):
            return None
        length = len(self._word)
        if length < _FEW_LETTERS and len(self._names) > _MANY_NAMES:
            return None
        return tuple(name[length:] for name in self._names if name.startswith(self._word))

    def give_up(self) -> None:
        """Nothing fits here: this one place is free; anywhere else that would be our mistake, and all are."""
        if self._names is None:
            self._after, self._lists, self._labels = {}, (), ()
            self._label, self._visible = _Label.OFF, None
            return
        self._note()
        self._names, self._is_forced = None, False

    def _resume(self) -> None:
        """After the cursor's line was read: is the cursor at or inside a name that connections or labels rule."""
        is_name = self._kind in (_Word.NAME, _Word.ESCAPED)
        is_lost = is_name and self._names is None and self._opening in self._after
        self.unmet = self.unmet[-1:] if is_lost else ()
        if self._opening == _CONNECTION and (is_name or self._is_at_opening()):
            self._open_connection()
        if self._labels:
            self._label, self._blocks, self._brackets = _Label.START, 0, ()
        if is_name and not self._opening and self._names is None:
            self._names = self._plain_names()
        if self._names is None:
            return
        self._is_forced = not self._word and bool(self._opening)
        if not fits(self._names, self._word):
            self.give_up()

    def _is_at_opening(self) -> bool:
        """The text ends with an opening and no name after it."""
        return self._kind is _Word.NONE and self._previous in b".:" and bool(self._opening)

    def take(self, byte: int) -> bool:
        """Reads one byte; False when that made a name that is not allowed, which is free from then on."""
        previous, self._previous = self._previous, byte
        match self._mode:
            case _Mode.LINE_COMMENT:
                if byte == 0x0A:
                    self._mode = _Mode.CODE
            case _Mode.BLOCK_COMMENT:
                if (previous, byte) == (0x2A, 0x2F):
                    self._mode, self._previous = _Mode.CODE, 0
            case _Mode.STRING:
                if previous == 0x5C and byte == 0x5C:
                    self._previous = 0  # an escaped backslash escapes nothing
                elif byte == 0x22 and previous != 0x5C:
                    self._mode = _Mode.CODE
            case _Mode.CODE:
                return self._code(byte, previous)
        return True

    def _code(self, byte: int, previous: int) -> bool:
        """One byte outside comments and strings."""
        is_allowed = True
        if self._kind is not _Word.NONE:
            if self._goes_on(byte):
                self._word += bytes((byte,))
                return self._fits()
            is_allowed = self._names is None or has(self._names, self._word)
            self._end_word()
        if byte in NAME_START or byte == 0x5C:
            return self._begin_name(byte, previous) and is_allowed
        if self._is_forced:
            is_allowed = byte == 0x2A and self._may_be_wildcard()
            self._names, self._is_forced = None, False
        if byte not in _BLANK:
            self._sign(byte, previous)
            self._last = byte if self._mode in (_Mode.CODE, _Mode.STRING) else self._last
        return is_allowed

    def _may_be_wildcard(self) -> bool:
        """`.*` in a list of connections and `::*` in an import are no names."""
        return self._opening == _CONNECTION or (self._is_import and self._last == 0x3A)

    def _fits(self) -> bool:
        """The word so far begins an allowed name; if not it is free from now on."""
        if self._names is None or fits(self._names, self._word):
            return True
        self._names = None
        return False

    def _goes_on(self, byte: int) -> bool:
        """Whether *byte* belongs to the word under way."""
        if self._kind is _Word.ESCAPED:
            return byte not in _BLANK
        return byte in NAME_BYTES

    def _begin_name(self, byte: int, previous: int) -> bool:
        """The first byte of a name, or of something that only looks like one."""
        self._word = bytes((byte,))
        if previous in b"`$'" and previous and not self._is_forced:
            self._kind, self._names = _Word.OTHER, None
            self._is_macro = previous == 0x60
            return True
        self._kind = _Word.ESCAPED if byte == 0x5C else _Word.NAME
        if not self._opening:
            self._names = self._plain_names()
        self._is_forced = False
        return self._fits()

    def _plain_names(self) -> tuple[bytes, ...] | None:
        """What a name without an opening must be here."""
        if self._label is _Label.START and not self._brackets:
            return tuple(sorted((*self._labels, *_LABEL_WORDS)))
        if self._visible is None or _FREE in self._brackets:
            return None
        return self._visible.names()

    def _end_word(self) -> None:
        """The word is whole."""
        word, kind = self._word, self._kind
        is_name = kind is not _Word.OTHER
        if self._visible is not None:
            self._visible = copy.copy(self._visible)  # forks share it
            self._visible.word(word, is_plain=is_name and not self._opening)
        if is_name and self._opening == _CONNECTION and self._depth == 0 and self._lists:
            self._lists = (_without(self._lists[0], word), *self._lists[1:])
        self._tail = self._opening + word if is_name and self._opening != _CONNECTION else b""
        if self._is_macro:
            self._tail, self._is_macro = _FREE, False
        self._word, self._kind, self._names, self._opening = b"", _Word.NONE, None, b""
        self._last = 0x61  # a letter
        self._is_import = self._is_import or word in (b"import", b"export")
        if self._label is not _Label.OFF:
            self._word_in_case(word if is_name else b"")

    def _sign(self, byte: int, previous: int) -> None:
        """One byte that is neither blank nor part of a name."""
        tail, self._tail = self._tail, b""
        self._opening = b""
        before = self._visible
        if self._visible is not None:
            self._visible = copy.copy(self._visible)
            self._visible.sign(byte, len(self._brackets))
        match chr(byte):
            case "/" | "*" if previous == 0x2F:
                self._mode = _Mode.LINE_COMMENT if byte == 0x2F else _Mode.BLOCK_COMMENT
                self._previous = 0
                self._last, self._tail, self._visible = self._before_slash
            case "/":
                self._before_slash = (self._last, tail, before)
            case '"':
                self._mode = _Mode.STRING
            case "(" | "[" | "{":
                is_free = tail == _FREE or (byte == 0x7B and previous == 0x27)
                kept = _FREE if is_free else b""
                self._brackets = (*self._brackets, tail if byte == 0x5B else kept)
                self._bracket(1)
            case ")" | "]" | "}":
                kept = self._brackets[-1] if self._brackets else b""
                self._tail = kept if kept != _FREE else b""
                self._brackets = self._brackets[:-1]
                self._bracket(-1)
            case ".":
                self._dot(tail)
            case ":" if previous == 0x3A:
                self._open(self._before_colon + b"::")
            case ":":
                self._before_colon = tail
            case ";":
                self._is_import = False
                self._lists = () if self._depth < 0 else self._lists
            case _ if byte in _DIGITS:
                self._kind, self._word = _Word.OTHER, bytes((byte,))
            case _:
                pass
        if self._label is not _Label.OFF and not self._brackets:
            self._sign_in_case(byte, previous)

    def _bracket(self, step: int) -> None:
        """Counts brackets for the lists of connections; behind a list comes the next."""
        if not self._lists:
            return
        self._depth += step
        if step < 0 and self._depth == -1:
            self._lists = self._lists[1:]

    def _dot(self, tail: bytes) -> None:
        """A dot: after a path it selects a member, after a bracket or comma it starts a connection."""
        if tail:
            self._open(tail + b".")
            return
        self._opening = _CONNECTION if self._last in b"(,\0" else b""
        if self._opening:
            self._open_connection()

    def _open_connection(self) -> None:
        """The name of a connection comes now, if this is the list that we know."""
        if self._lists and self._depth == 0:
            self._hold(self._lists[0])

    def _open(self, opening: bytes) -> None:
        """A name comes after *opening*."""
        self._opening = opening
        names = self._after.get(opening)
        if names is not None:
            self._hold(names)

    def _hold(self, names: tuple[bytes, ...]) -> None:
        """The name that comes now is one of *names*; if there are none it is free."""
        if names:
            self._names, self._is_forced = names, True
        else:
            self._note()

    def _note(self) -> None:
        """Remembers that nothing fitted here."""
        plain = "case label" if self._label is _Label.START else "name"
        self.unmet = (*self.unmet, self._opening.decode("utf-8", "replace") or plain)

    def _word_in_case(self, word: bytes) -> None:
        """A word among the items of a `case`."""
        match self._label:
            case _Label.START if word in (b"else", b"default"):
                self._label = _Label.STATEMENT if word == b"else" else _Label.AFTER
            case _Label.START if word == b"endcase":
                self._label = _Label.OFF
            case _Label.START:
                self._labels = _without(self._labels, word)
                self._label = _Label.AFTER
            case _Label.AFTER:
                pass
            case _Label.BLOCK_NAME:
                self._label = _Label.START
            case _ if word in _OPENING_WORDS:
                self._blocks += 1
                self._label = _Label.STATEMENT
            case _ if word in _CLOSING_WORDS:
                self._blocks -= 1
                if self._blocks < 0:
                    self._label = _Label.OFF
                elif self._blocks == 0:
                    self._label = _Label.START
            case _:
                self._label = _Label.STATEMENT

    def _sign_in_case(self, byte: int, previous: int) -> None:
        """A sign among the items of a `case`, outside brackets."""
        match self._label:
            case _Label.COLON if byte == 0x3A and previous == 0x3A:
                self._label = _Label.AFTER
            case _Label.AFTER if byte == 0x3A:
                self._label = _Label.COLON
            case _Label.AFTER if byte == 0x2C:
                self._label = _Label.START
            case _Label.START if byte == 0x3A and self._last == 0x61:
                self._label = _Label.BLOCK_NAME
            case _Label.START if byte not in b";/*":
                self._label = _Label.AFTER
            case _Label.COLON | _Label.STATEMENT if byte == 0x3B and self._blocks == 0:
                self._label = _Label.START
            case _Label.COLON:
                self._label = _Label.STATEMENT
            case _:
                pass


def _sorted(names: tuple[str, ...]) -> tuple[bytes, ...]:
    """*names* as they are looked up."""
    return tuple(sorted({name.encode() for name in names}))


def _without(names: tuple[bytes, ...], name: bytes) -> tuple[bytes, ...]:
    """*names* without *name*."""
    return tuple(one for one in names if one != name)
