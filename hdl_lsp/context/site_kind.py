"""What is being written at a place: a port connection, a case item, the right side of an assignment, ...

Must not need a tree, other files or anything after the cursor, and must not know what names mean: it is asked in
the middle of a keystroke, of text that fits no grammar. So `ENUM_LITERAL` is a literal in the braces of an `enum`,
not one that is used; and `foo_t x` is told from an instance of `foo` by the name's ending.
"""

from __future__ import annotations

import re
from enum import Enum

from hdl_lsp.syntax.brackets import head_before
from hdl_lsp.syntax.cursor import Cursor, CursorKind
from hdl_lsp.syntax.enclosing import Place, enclosing
from hdl_lsp.syntax.lookback import TokensBefore
from hdl_lsp.syntax.statement import Frame, boundary, frames
from hdl_lsp.syntax.tokens import DEFINE_HEAD, Token, TokenKind, logical_line_start
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import SourceText


class SiteKind(Enum):
    """What is being written; the value is how users call it."""

    PORT_CONNECTION = "port connection"  # name or value
    PARAMETER_OVERRIDE = "parameter override"  # name or value
    DECLARATION = (
        "declaration"  # also ports, members, headers, and where only declarations may stand
    )
    CASE_ITEM = "case item"  # its label; what stands after the colon is a statement
    ENUM_LITERAL = "enum literal"
    STRUCT_LITERAL = "struct literal"  # '{...}, of an array too
    ASSIGN_LEFT = "left side of an assignment"
    ASSIGN_RIGHT = "right side of an assignment"  # initial values too
    SENSITIVITY = "sensitivity list"  # any event control
    ALWAYS_FF = "clocked block"  # a new statement in it; also `always @(posedge ...)`
    ALWAYS_COMB = "combinational block"  # a new statement in it; also `always @*`
    GENERATE = "generate block"  # a new item in it
    ARGUMENT = "argument"  # of a function, task, system task or macro
    IMPORT = "import"
    INCLUDE = "include"
    PROPERTY = "property"  # also sequences and concurrent assertions
    COVERGROUP = "covergroup"
    UVM_PHASE = "UVM phase"  # a new statement in it
    COMMENT = "comment"
    DEFINE = "macro definition"
    STATEMENT = "statement"  # a new one in any other procedure, function or task
    MODULE_ITEM = "module item"  # a new one in a module, interface or program
    OTHER = "other"  # a condition, a string, outside every module, ...


def kind_at(text: SourceText, cursor: Cursor) -> SiteKind:
    """What is being written at *cursor*, which is of *text*; an answer for every offset of every text."""
    if cursor.kind is CursorKind.COMMENT:
        return SiteKind.COMMENT
    data, offset = text.data, cursor.word_span.start
    line = logical_line_start(data, offset)
    if cursor.kind is CursorKind.INCLUDE or _INCLUDE.match(data, line, offset):
        return SiteKind.INCLUDE
    if DEFINE_HEAD.match(data, line, offset):
        return SiteKind.DEFINE
    if cursor.kind is CursorKind.STRING or _DIRECTIVE.match(data, line, offset):
        return SiteKind.OTHER
    found = frames(cursor.before, data, offset)
    for frame in found[:-1]:
        kind = _in_bracket(frame)
        if kind is not None:
            return kind
    return _in_statement(data, cursor, found[-1])


_INCLUDE = re.compile(rb"[ \t]*`include\b")
_DIRECTIVE = re.compile(
    rb"[ \t]*`(?:ifdef|ifndef|elsif|undef|timescale|default_nettype|line|pragma|begin_keywords)\b"
)

_DECLARING = frozenset(
    """
    automatic bit byte chandle checker class clocking const enum event function genvar inout input int integer
    interface local localparam logic longint macromodule modport module nettype output package packed parameter
    program protected pure rand randc real realtime ref reg shortint shortreal signed specparam static string
    struct supply0 supply1 task time tri tri0 tri1 triand trior trireg type typedef union unsigned uwire var
    virtual void wand wire wor extern
    """.split()
)
"""Words that a declaration, or the header of a unit or routine, starts with."""

_ASSIGNING = frozenset(("assign", "deassign", "force", "release", "alias"))
_COVERING = frozenset(
    ("covergroup", "coverpoint", "cross", "bins", "illegal_bins", "ignore_bins", "wildcard")
)
_ASSERTING = frozenset(("assert", "assume", "cover", "restrict", "expect"))
_ASSERTION_MACRO = re.compile(r"`(?:ASSERT|ASSUME|COVER)")
_CONDITIONS = frozenset(
    """
    if while for foreach repeat case casex casez randcase wait wait_order return disable iff inside
    """.split()
)
_PREFIXES = frozenset(
    """
    else do forever initial final always_comb always_latch unique unique0 priority generate
    """.split()
)
_WITH_PARENTHESES = frozenset("if while for foreach repeat wait case casex casez".split())
_CASES = frozenset("case casex casez".split())
_TYPE_NAME = re.compile(r".*_(?:t|e|s|u|type|enum|struct|if)")
_LABELLED = frozenset(("begin", "fork", "generate", "join", "join_any", "join_none"))


def _in_bracket(frame: Frame) -> SiteKind | None:
    """What is written in the open bracket of *frame*; None if what is around it decides."""
    back = frame.back
    before = back[frame.at + 1]
    if frame.opener == "'{":
        return SiteKind.STRUCT_LITERAL
    if frame.opener == "{":
        return _in_braces(back, frame)
    if frame.opener == "[":
        return None
    if before.text == "@":
        return SiteKind.SENSITIVITY
    if before.text in ("property", "sequence"):
        return SiteKind.PROPERTY
    if before.text in _CONDITIONS or before.text in _ASSERTING:
        return SiteKind.OTHER
    head = head_before(back, frame.at + 1)
    if head.is_instance:
        return SiteKind.PARAMETER_OVERRIDE if head.is_parameters else SiteKind.PORT_CONNECTION
    if head.is_call:
        name = back[head.name].text
        is_assertion = _ASSERTION_MACRO.match(name) and "," in frame.texts()
        return SiteKind.PROPERTY if is_assertion else SiteKind.ARGUMENT
    if head.is_connection:
        return None
    is_declared = before.text in ("#", ")", ";", "") or (
        before.kind is TokenKind.WORD and before.text not in KEYWORDS
    )
    if is_declared:  # the header of a module, class or routine
        return _in_declaration(frame.parts)
    return None


def _in_braces(back: TokensBefore, frame: Frame) -> SiteKind | None:
    """What is written in `{`: literals of an enum, members, bins; None in a concatenation."""
    index = frame.at + 1
    while back[index].kind is TokenKind.WORD or back[index].text in ("]", ")", ":", "."):
        text = back[index].text
        if text in ("]", ")"):
            after = back.after_group(index)
            if after == index + 1:
                return None
            index = after
            continue
        match text:
            case "enum":
                return SiteKind.ENUM_LITERAL
            case "struct" | "union":
                return _in_declaration(frame.parts)
            case "coverpoint" | "cross" | "bins" | "ignore_bins" | "illegal_bins":
                return SiteKind.COVERGROUP
            case "constraint" | "with" | "dist" | "inside":
                return SiteKind.OTHER
            case _:
                index += 1
    return None


def _in_declaration(parts: tuple[Token, ...]) -> SiteKind:
    last = max((n for n, part in enumerate(parts) if part.text == ","), default=-1)
    is_right = any(_is_assignment(parts, n) for n in range(last + 1, len(parts)))
    return SiteKind.ASSIGN_RIGHT if is_right else SiteKind.DECLARATION


def _is_assignment(parts: tuple[Token, ...], index: int) -> bool:
    """The sign at *index* assigns: `=`, `<=`, the end of `+=`; and is no part of `===`, `|=>`, `=>`."""
    part = parts[index]
    if part.kind is not TokenKind.SIGN or part.text not in ("=", "<="):
        return False
    before = parts[index - 1] if index else None
    after = parts[index + 1] if index + 1 < len(parts) else None
    if before and before.end == part.start and before.text in ("==", "!="):
        return False
    return not (after and after.start == part.end and after.text == ">")


def _in_statement(data: bytes, cursor: Cursor, statement: Frame) -> SiteKind:
    """What is written in a statement or item outside its brackets."""
    opened = boundary(statement)
    parts = statement.parts
    if parts and parts[0].text == ":" and (opened in _LABELLED or opened.startswith("end")):
        if len(parts) == 1:
            return SiteKind.OTHER  # a block's name
        parts = parts[2:]
    rest, is_in_body, asks = _without_prefixes(parts)
    if asks is not None:
        return asks
    kind = _by_first_word(rest, opened)
    if kind is not None:
        return kind
    if any(_is_assignment(rest, n) for n in range(len(rest))):
        return SiteKind.ASSIGN_RIGHT
    around = enclosing(data, cursor.word_span.start, first_case_is_enough=not is_in_body)
    if around.is_in_case and not is_in_body:
        return SiteKind.CASE_ITEM
    return _by_place(around.place, rest, is_name_typed=bool(cursor.typed))


def _without_prefixes(
    parts: tuple[Token, ...],
) -> tuple[tuple[Token, ...], bool, SiteKind | None]:
    """The statement without what stands before it: conditions, event controls, labels.

    The second value: something did stand there, so that this is no label of a case. The third: what is asked for
    in the middle of such a thing.
    """
    at = 0
    has_prefix = False
    while at < len(parts):
        text = parts[at].text
        following = parts[at + 1].text if at + 1 < len(parts) else ""
        if text in _PREFIXES or (text == "()" and at == 0 and following not in (":", ",")):
            at += 1
        elif text in ("always", "always_ff"):
            if not following:
                return (), True, SiteKind.SENSITIVITY
            at += 1
        elif text == "@":
            if not following:
                return (), True, SiteKind.SENSITIVITY
            at += 2
        elif text == "#" and at + 1 < len(parts):
            at += 2
        elif text in _WITH_PARENTHESES:
            if following != "()":
                return (), True, SiteKind.OTHER
            at += 2
            if text in _CASES:
                at += at < len(parts) and parts[at].text in ("inside", "matches")
                has_prefix = False
                continue
        else:
            colon = _label_end(parts, at)
            if colon < 0:
                break
            at = colon + 1
        has_prefix = True
    return parts[at:], has_prefix, None


def _label_end(parts: tuple[Token, ...], start: int) -> int:
    """Index of the colon that ends a label or the labels of a case item; -1 if there is none."""
    for at in range(start, len(parts)):
        text = parts[at].text
        if text == ":":
            return at
        if text == "?" or text in _DECLARING or _is_assignment(parts, at):
            return -1
    return -1


def _by_first_word(rest: tuple[Token, ...], opened: str) -> SiteKind | None:
    """What the statement's first word alone says; None if it says nothing."""
    while len(rest) > 1 and rest[0].kind is TokenKind.MACRO and rest[1].kind is TokenKind.WORD:
        rest = rest[1:]  # an attribute in a macro
    if not rest:
        return None
    texts = [part.text for part in rest]
    first = texts[0]
    if "import" in texts or first == "export":
        return SiteKind.IMPORT
    if first in _COVERING:
        return SiteKind.COVERGROUP
    if first in ("property", "sequence") or (
        first in _ASSERTING and texts[1:2] in (["property"], ["sequence"])
    ):
        return SiteKind.PROPERTY
    if first in _ASSIGNING:
        is_right = any(_is_assignment(rest, n) for n in range(len(rest)))
        return SiteKind.ASSIGN_RIGHT if is_right else SiteKind.ASSIGN_LEFT
    if first == "#" and opened == ";":
        return SiteKind.DECLARATION  # a module's parameters after its imports
    if first in _DECLARING:
        return _in_declaration(rest)
    if first in _CONDITIONS or first in _ASSERTING:
        return SiteKind.OTHER
    return None


_NEW = {
    Place.MODULE: SiteKind.MODULE_ITEM,
    Place.GENERATE: SiteKind.GENERATE,
    Place.PACKAGE: SiteKind.DECLARATION,
    Place.CLASS: SiteKind.DECLARATION,
    Place.MEMBERS: SiteKind.DECLARATION,
    Place.ALWAYS_FF: SiteKind.ALWAYS_FF,
    Place.ALWAYS_COMB: SiteKind.ALWAYS_COMB,
    Place.PROCEDURE: SiteKind.STATEMENT,
    Place.UVM_PHASE: SiteKind.UVM_PHASE,
    Place.PROPERTY: SiteKind.PROPERTY,
    Place.COVERGROUP: SiteKind.COVERGROUP,
    Place.OTHER: SiteKind.OTHER,
    Place.FILE: SiteKind.OTHER,
    Place.UNKNOWN: SiteKind.OTHER,
}
_PROCEDURES = frozenset((Place.ALWAYS_FF, Place.ALWAYS_COMB, Place.PROCEDURE, Place.UVM_PHASE))


def _by_place(place: Place, rest: tuple[Token, ...], *, is_name_typed: bool) -> SiteKind:
    """A new statement or item where nothing of it is there yet; else what its names say."""
    new = _NEW[place]
    if not rest or place in (Place.PROPERTY, Place.COVERGROUP):
        return new
    first, last = rest[0], rest[-1]
    if first.kind is not TokenKind.WORD or first.text in KEYWORDS - {"this", "super"}:
        return new if first.kind is TokenKind.MACRO and len(rest) == 1 else SiteKind.OTHER
    if place in _PROCEDURES:
        is_declared = _could_be_type(rest) and (is_name_typed or _is_type(rest))
        if is_declared:
            return SiteKind.DECLARATION
        return SiteKind.OTHER if last.text == "()" else SiteKind.ASSIGN_LEFT
    is_declared = _could_be_type(rest) and (_is_type(rest) or (rest[1:2] and rest[1].text == "[]"))
    return SiteKind.DECLARATION if is_declared else new


def _could_be_type(rest: tuple[Token, ...]) -> bool:
    """*rest* is a name, with package and subscripts, that could be a type."""
    return all(part.text in ("::", "[]", ",") or part.kind is TokenKind.WORD for part in rest)


def _is_type(rest: tuple[Token, ...]) -> bool:
    """By its spelling the name is a type: `foo_t`, `pkg::foo`; or there are two names in a row."""
    names = [part for part in rest if part.kind is TokenKind.WORD]
    if _TYPE_NAME.fullmatch(names[0].text) or "::" in [part.text for part in rest]:
        return True
    return len(rest) > 1 and rest[1].kind is TokenKind.WORD
