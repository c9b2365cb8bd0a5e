"""What an offset is directly in (a procedure, a generate block, a class, ...), by the keywords before it alone.

Must not need a tree, nor anything after the offset: it is asked while the text is being written. Reads backwards,
a few lines as a rule, and at most FARTHEST_BYTES; what is around that, the first words of lines tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from hdl_lsp.syntax.keywords_before import Piece, pieces_before
from hdl_lsp.syntax.tokens import line_start

FARTHEST_BYTES = 32_768
"""About 800 lines."""

FARTHEST_ITEM_BYTES = 4_096
"""Among a module's items so far is looked for a generate block around them; then indentation tells."""

FARTHEST_LINES = 600
"""So far for a line that is less indented."""


class Place(Enum):
    """What the offset is directly in."""

    FILE = auto()
    MODULE = auto()  # or interface, program, checker
    PACKAGE = auto()
    CLASS = auto()
    GENERATE = auto()
    ALWAYS_FF = auto()  # also `always @(posedge ...)`
    ALWAYS_COMB = auto()  # also `always @*` and `always @(a or b)`
    PROCEDURE = auto()  # any other, functions and tasks included
    UVM_PHASE = auto()  # a routine whose name ends with "_phase"
    MEMBERS = auto()  # the braces of a struct or union
    PROPERTY = auto()  # or sequence
    COVERGROUP = auto()
    OTHER = auto()  # constraint, clocking block, specify block, ...
    UNKNOWN = auto()  # not looked for


@dataclass(frozen=True, slots=True)
class Enclosing:
    """The answer of enclosing()."""

    place: Place
    is_in_case: bool
    """Between `case` and `endcase` and in no block inside that."""


_PROCEDURES = frozenset(
    (b"always", b"always_comb", b"always_ff", b"always_latch", b"initial", b"final")
)
_BLOCKS = {
    b"begin": (b"end",),
    b"fork": (b"join", b"join_any", b"join_none"),
    b"case": (b"endcase",),
    b"casex": (b"endcase",),
    b"casez": (b"endcase",),
    b"randcase": (b"endcase",),
}
_BLOCK_ENDS = frozenset(end for ends in _BLOCKS.values() for end in ends)
_ITEMS = frozenset((b"assign", b"localparam", b"genvar", b"modport"))
"""Words that start an item and, as a rule, no statement."""
_CASES = frozenset((b"case", b"casex", b"casez", b"randcase"))
_UNITS = {
    b"module": Place.MODULE,
    b"macromodule": Place.MODULE,
    b"interface": Place.MODULE,
    b"program": Place.MODULE,
    b"checker": Place.MODULE,
    b"package": Place.PACKAGE,
    b"class": Place.CLASS,
    b"property": Place.PROPERTY,
    b"sequence": Place.PROPERTY,
    b"covergroup": Place.COVERGROUP,
    b"clocking": Place.OTHER,
    b"specify": Place.OTHER,
    b"config": Place.OTHER,
    b"primitive": Place.OTHER,
    b"function": Place.PROCEDURE,
    b"task": Place.PROCEDURE,
    b"generate": Place.GENERATE,
}
_ENDS = {
    b"endmodule": (b"module", b"macromodule"),
    b"endinterface": (b"interface",),
    b"endprogram": (b"program",),
    b"endchecker": (b"checker",),
    b"endpackage": (b"package",),
    b"endclass": (b"class",),
    b"endproperty": (b"property",),
    b"endsequence": (b"sequence",),
    b"endgroup": (b"covergroup",),
    b"endclocking": (b"clocking",),
    b"endspecify": (b"specify",),
    b"endconfig": (b"config",),
    b"endprimitive": (b"primitive",),
    b"endfunction": (b"function",),
    b"endtask": (b"task",),
    b"endgenerate": (b"generate",),
}
_TELLING = frozenset(
    (
        *_PROCEDURES,
        *_BLOCKS,
        *_BLOCK_ENDS,
        *_UNITS,
        *_ENDS,
        *_ITEMS,
        *b"( ) [ ] { } ; else".split(),
    )
)
_NAMED = re.compile(rb"\s+(?:(?:automatic|static)\s+)?(?!assert\b)[A-Za-z_\\][\w$]*\s*(?P<next>.?)")
_CLOCKED = re.compile(rb"(?:\s+[A-Za-z_][\w$]*)?\s*@")
_ROUTINE = re.compile(rb"[^;(]*?(?P<name>[A-Za-z_][\w$]*)\s*[;(]")
_EDGE = re.compile(rb"\s*@\s*\([^)]*\b(?:posedge|negedge)\b")
_EVENT = re.compile(rb"\s*@")
_NO_ROUTINE_AFTER = re.compile(rb"\b(?:extern|pure|import|export|with)\b[^;()]*\Z")
_NO_UNIT_AFTER = re.compile(rb"(?:\b(?:typedef|virtual|extern|cover)|[(,.])\s*\Z")
_VIRTUAL_CLASS = re.compile(rb"(?<!typedef )\bvirtual\s*\Z")
_NO_FORK_AFTER = re.compile(rb"\b(?:wait|disable)\s*\Z")
_NO_PROCEDURE_AFTER = re.compile(rb"\b(?:assert|assume|cover)\s*\Z")
_LABEL_BEFORE = re.compile(rb"[\w\])}]\s*:\s*\Z")
_LOOP_BEFORE = re.compile(rb"\bfor\s*\Z")
_BRACE_HEAD = re.compile(
    rb".*\b(?P<head>struct|union|constraint|coverpoint|cross|bins|with|enum)\b[^;{}]*\Z", re.DOTALL
)
_BRACES = {
    b"struct": Place.MEMBERS,
    b"union": Place.MEMBERS,
    b"coverpoint": Place.COVERGROUP,
    b"cross": Place.COVERGROUP,
    b"bins": Place.COVERGROUP,
    b"constraint": Place.OTHER,
    b"with": Place.OTHER,
}
_LOOK_BACK = 100
_INDENT = re.compile(rb"[ \t]*")
_BLOCK_LINE = re.compile(rb"\bbegin\b\s*(?::\s*\w+\s*)?(?://.*)?\Z")
_UNIT_LINE = re.compile(
    rb"""
    ^[ \t]*(?:virtual[ \t]+)?
    (?P<word>(?:end)?(?:module|interface|program|checker|package|class)|macromodule)\b
    """,
    re.VERBOSE | re.MULTILINE,
)
_OUTLINE = re.compile(
    rb"""
    ^[ \t]*(?:virtual[ \t]+)?
    (?P<word>(?:end)?(?:module|interface|program|checker|package|class|function|task)|macromodule
    |assign|initial|final|always(?:_comb|_ff|_latch)?)\b
    """,
    re.VERBOSE | re.MULTILINE,
)


def enclosing(data: bytes, offset: int, *, first_case_is_enough: bool = False) -> Enclosing:
    """What *offset* is in. It must not be inside a comment, a string or a `define`.

    *first_case_is_enough*: when the offset is directly in a `case`, what is around that is not looked for (UNKNOWN).
    Of the branches of an `ifdef` one is read: the one the offset is in, else the last. What nothing closes in the
    text before is taken as left open only if no later keyword proves otherwise.
    """
    return _Walk(data, first_case_is_enough=first_case_is_enough).back_from(offset)


@dataclass(slots=True)
class _Walk:
    data: bytes
    first_case_is_enough: bool
    closed: list[bytes] = field(default_factory=list[bytes])
    """Ends of blocks that were passed and whose openers were not, outermost first."""
    blocks: int = 0
    """Blocks that are open around the offset."""
    is_in_case: bool = False
    has_statement: bool = False
    """A whole statement lies between here and the offset, or the block around it."""
    is_before_else: bool = False
    is_among_items: bool = False
    """A whole procedure or routine lies between here and the offset: it is in none."""
    item_at: int = 0
    """Where the first such thing, or the block it is in, starts, seen from the offset; 0 while that is not passed."""
    brackets: int = 0
    wanted: tuple[bytes, ...] = ()
    """Openers of the unit whose end was passed."""

    def back_from(self, offset: int) -> Enclosing:
        start = offset
        for piece in pieces_before(self.data, offset, _TELLING, FARTHEST_BYTES):
            start = piece.start
            found = self._step(piece)
            if found is not None:
                return Enclosing(found, self.is_in_case)
            if self.item_at and start < offset - FARTHEST_ITEM_BYTES:
                return Enclosing(self._far_item(offset), self.is_in_case)
        is_far = offset - start > FARTHEST_BYTES * 3 // 4
        place = _outlined(self.data, offset, _OUTLINE) if is_far else Place.FILE
        return Enclosing(place, self.is_in_case)

    def _far_item(self, offset: int) -> Place:
        """GENERATE or the unit, among items of which the first is far."""
        if self.blocks or _is_indented_in_block(self.data, self.item_at):
            return Place.GENERATE
        return _outlined(self.data, offset, _UNIT_LINE)

    def _step(self, piece: Piece) -> Place | None:
        word = piece.word
        if self.wanted:
            return self._skip_unit(piece)
        if word in b"()[]{}":
            return self._bracket(piece)
        if self.brackets:
            if word not in _PROCEDURES and word not in _BLOCKS and word not in _ENDS:
                return None
            self.brackets = 0  # a closing bracket too many
        found = self._keyword(piece)
        self.is_before_else = word == b"else"
        return found

    def _skip_unit(self, piece: Piece) -> Place | None:
        if piece.word in self.wanted and self._opens(piece):
            self.wanted = ()
            self.has_statement = True
        elif _UNITS.get(piece.word) in (Place.MODULE, Place.PACKAGE) and self._opens(piece):
            self.wanted = ()  # an end too many
            return _UNITS[piece.word]
        return None

    def _bracket(self, piece: Piece) -> Place | None:
        if piece.word in b")]}":
            self.brackets += 1
        elif self.brackets:
            self.brackets -= 1
        elif piece.word == b"{":
            head = _BRACE_HEAD.match(self.data, max(0, piece.start - 4 * _LOOK_BACK), piece.start)
            return _BRACES.get(head["head"]) if head and not self.closed else None
        elif _LOOP_BEFORE.search(*self._before(piece)):  # its semicolons end no statement
            self.has_statement = self.has_statement and bool(self.closed)
        return None

    def _keyword(self, piece: Piece) -> Place | None:
        word = piece.word
        if word == b";":
            self._pass_statement()
        elif word in _BLOCK_ENDS:
            self._pass_statement()
            self.closed.append(word)
        elif word in _BLOCKS:
            return self._block(piece)
        elif word in _PROCEDURES and not _NO_PROCEDURE_AFTER.search(*self._before(piece)):
            return self._procedure(piece)
        elif word in _ITEMS and self.has_statement and not self.closed:
            if self.blocks:
                return Place.GENERATE
            self._pass_item(piece)
        elif word in _ENDS:
            self._pass_procedure(piece)
            self.wanted = _ENDS[word]
        elif word in _UNITS and self._opens(piece):
            return self._unit(piece)
        return None

    def _pass_statement(self) -> None:
        # The branch before an `else` is a part of the statement that the `else` goes on with.
        if not self.closed and not self.is_before_else:
            self.has_statement = True

    def _pass_procedure(self, piece: Piece) -> None:
        """Something lies before the offset that stands in no procedure."""
        self.has_statement = True
        if self.blocks == 0:
            self.is_in_case = False
            self._pass_item(piece)

    def _pass_item(self, piece: Piece) -> None:
        self.is_among_items = True
        if not self.closed and not self.item_at:
            self.item_at = piece.start

    def _block(self, piece: Piece) -> Place | None:
        word = piece.word
        if word == b"fork" and _NO_FORK_AFTER.search(*self._before(piece)):
            return None
        if self.closed:
            if self.closed[-1] in _BLOCKS[word]:
                self.closed.pop()
                if self.is_among_items:
                    self._pass_item(piece)
                is_arm = not self.closed and _LABEL_BEFORE.search(*self._before(piece))
                return self._case() if is_arm else None
            return None
        if word in _CASES:
            found = self._case()
            if found is not None:
                return found
        else:
            self.blocks += 1
        self.has_statement = False
        return None

    def _case(self) -> Place | None:
        """A `case`, or one of its arms, stands around or right before the offset."""
        if self.blocks == 0 and not self.is_among_items:
            self.is_in_case = True
            if self.first_case_is_enough:
                return Place.UNKNOWN
        return None

    def _procedure(self, piece: Piece) -> Place | None:
        if self.closed or self.has_statement:
            if self.blocks:
                return Place.GENERATE
            self._pass_procedure(piece)
            return None
        if self.is_among_items:  # a procedure before, of which the end is missing
            self.blocks = 0
            self.has_statement = True
            return None
        return _kind_of_always(self.data, piece)

    def _unit(self, piece: Piece) -> Place | None:
        place = _UNITS[piece.word]
        if piece.word in (b"function", b"task"):
            if self.is_among_items:  # a routine before, of which the end is missing
                self.blocks = 0
                return None
            name = _ROUTINE.match(self.data, piece.end)
            is_phase = name is not None and name["name"].endswith(b"_phase")
            return Place.UVM_PHASE if is_phase else Place.PROCEDURE
        if place is Place.MODULE and self.blocks:
            return Place.GENERATE
        return place

    def _opens(self, piece: Piece) -> bool:
        """The keyword starts a unit and does not only mention one."""
        word = piece.word
        if word in (b"generate", b"specify"):
            return True
        if word in (b"function", b"task"):
            return not _NO_ROUTINE_AFTER.search(*self._before(piece))
        if word == b"clocking":
            return _CLOCKED.match(self.data, piece.end) is not None
        named = _NAMED.match(self.data, piece.end)
        if named is None or (word == b"interface" and named["next"] in (b",", b")", b".")):
            return False
        if word == b"class" and _VIRTUAL_CLASS.search(*self._before(piece)):
            return True
        return not _NO_UNIT_AFTER.search(*self._before(piece))

    def _before(self, piece: Piece) -> tuple[bytes, int, int]:
        """Where the line of *piece* says what it is: further back there may be comments."""
        low = max(line_start(self.data, piece.start), piece.start - _LOOK_BACK)
        return self.data, low, piece.start


def _is_indented_in_block(data: bytes, item: int) -> bool:
    """The nearest line above that of *item* that is less indented opens a block."""
    at = line_start(data, item)
    indent = _INDENT.match(data, at)
    width = indent.end() - at if indent else 0
    for _ in range(FARTHEST_LINES):
        if at == 0:
            return False
        end = at - 1
        at = data.rfind(b"\n", 0, end) + 1
        line = data[at:end]
        code = line.lstrip()
        if code and len(line) - len(code) < width and code[:1] not in (b"`", b"/", b"*"):
            return _BLOCK_LINE.search(line) is not None
    return False


def _outlined(data: bytes, offset: int, pattern: re.Pattern[bytes]) -> Place:
    """What the last line before *offset* that starts or ends a unit or, with _OUTLINE, a procedure starts."""
    last = None
    for last in pattern.finditer(data, 0, offset):  # noqa: B007
        pass
    if last is None:
        return Place.FILE
    word = last["word"]
    if word in _PROCEDURES:
        return _kind_of_always(data, Piece(word, last.start("word"), last.end("word")))
    if word in _UNITS:
        return _UNITS[word]
    return Place.MODULE if word in (b"endfunction", b"endtask", b"assign") else Place.FILE


def _kind_of_always(data: bytes, piece: Piece) -> Place:
    if piece.word == b"always_ff":
        return Place.ALWAYS_FF
    if piece.word == b"always_comb":
        return Place.ALWAYS_COMB
    if piece.word == b"always" and _EDGE.match(data, piece.end):
        return Place.ALWAYS_FF
    is_comb = piece.word == b"always" and _EVENT.match(data, piece.end)
    return Place.ALWAYS_COMB if is_comb else Place.PROCEDURE
