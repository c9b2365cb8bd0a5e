"""What a signal is reset to: by its type, written as the file writes it.

Must not guess a number: zero, the enum's reset state, or a parameter that is named as a reset value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.words import identifier_spans
from hdl_lsp.text.source import span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.expression_enum import spelled
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.members import enum_members, type_of
from hdl_lsp.workspace.names import resolve
from hdl_lsp.workspace.scopes import scope_chain
from hdl_lsp.workspace.snapshot import Snapshot

_INITIAL = (
    re.compile(
        r"(?:^|_)[A-Za-z]?(?:idle|reset|rst|init)(?:$|_)|(?:^|_)[A-Z]?(?:IDLE|RESET|RST|INIT)(?:$|_)"
        r"|(?:Idle|Reset|Rst|Init)(?:$|St)"
    ),
    re.compile(r"(?:^|_)(?:none|off|false|NONE|OFF|FALSE)$|(?:None|Off|False)$"),
)
"""Members a state or mode starts with, the surer pattern first."""
_ACTIVE_LOW = re.compile(r".*_n(?:[oqrid]|_[oqrid]|_reg)?")
_IS_RESET = re.compile(r"rst|reset", re.IGNORECASE)
_RESET_PARAMETER = re.compile(
    r"(?:reset|rst|init(?:ial)?)_?(?:val(?:ue)?)?(?:_[pg])?", re.IGNORECASE
)
_SCALAR = re.compile(
    r"(?:(?:input|output|inout|var|wire|reg|logic|bit|static|automatic|signed|unsigned|const)\s*)+"
)
_NUMBERS = re.compile(
    r"(?:(?:input|output|inout|var|wire|reg|logic|bit|signed|unsigned|integer|int|byte|shortint|longint|time)\b\s*"
    r"|\[[^\]]*\]\s*)+"
)
_ALIASES = 8
_ZERO = re.compile(r"'0|\d*'s?[bdh]0+|0|'\{\s*default\s*:\s*(?:'0|0|1'b0)\s*\}")


class Shape(Enum):
    """What kind of zero a type takes."""

    BIT = "bit"
    VECTOR = "vector"
    ENUM = "enum"
    STRUCT = "struct"
    UNPACKED = "unpacked"
    """An array, or a struct that is not packed."""
    UNKNOWN = "unknown"


DEFAULTS: Mapping[Shape, str] = {
    Shape.BIT: "1'b0",
    Shape.VECTOR: "'0",
    Shape.STRUCT: "'0",
    Shape.UNPACKED: "'{default: '0}",
    Shape.UNKNOWN: "'0",
}


@dataclass(frozen=True, slots=True)
class Zeros:
    """How the file writes zero, by the shape of the type."""

    written: Mapping[Shape, str]

    def of(self, shape: Shape) -> str:
        """Zero for a type of this shape."""
        return self.written.get(shape, DEFAULTS[shape])


def zeros(habits: Sequence[tuple[Shape, str]], *, is_verilog: bool = False) -> Zeros:
    """The most frequent zeros among what signals of each shape are set to; plain 0 in Verilog without any."""
    counts: dict[Shape, Counter[str]] = {}
    for shape, value in habits:
        if _ZERO.fullmatch(value):
            counts.setdefault(shape, Counter())[_without_size(shape, value)] += 1
    written = {shape: count.most_common(1)[0][0] for shape, count in counts.items()}
    if is_verilog and not written:
        return Zeros(dict.fromkeys(Shape, "0"))
    if Shape.BIT not in written and written.get(Shape.VECTOR) == "0":
        written[Shape.BIT] = "0"
    if Shape.VECTOR not in written and written.get(Shape.BIT) == "0":
        written[Shape.VECTOR] = "0"
    return Zeros(written)


def _without_size(shape: Shape, value: str) -> str:
    """`32'h0` says nothing about a vector of another width."""
    if shape is not Shape.BIT and re.match(r"\d+'", value):
        return DEFAULTS[shape]
    return value


def shape_of(snapshot: Snapshot, declared: Declared | None) -> Shape:
    """The shape of the type of *declared*, followed through typedefs."""
    if declared is None or declared.decl is None:
        return Shape.UNKNOWN
    if _has_unpacked_dimension(snapshot, declared):
        return Shape.UNPACKED
    current: Declared | None = declared
    is_array = False
    for _ in range(_ALIASES):
        if current is None or current.decl is None:
            break
        text = current.decl.type_text
        if text.startswith("enum") or enum_members(snapshot, current):
            return Shape.VECTOR if is_array else Shape.ENUM
        if "struct" in text.split("{")[0] or "union" in text.split("{")[0]:
            is_packed = "packed" in text.split("{")[0].split()
            return Shape.STRUCT if is_packed else Shape.UNPACKED
        if _SCALAR.fullmatch(text + " "):
            return Shape.VECTOR if is_array else Shape.BIT
        if not text and current.kind == DeclKind.PORT.value:
            return Shape.BIT
        if _NUMBERS.fullmatch(text + " "):
            return Shape.VECTOR
        is_array = is_array or "[" in text
        current = type_of(snapshot, current)
    return Shape.UNKNOWN


def _has_unpacked_dimension(snapshot: Snapshot, declared: Declared) -> bool:
    """A `[` stands right after the name."""
    source = None if declared.file is None else snapshot.text(declared.file)
    if source is None:
        return False
    end = declared.focus.end
    return source.slice(span(end, end + 20)).lstrip().startswith("[")


def reset_value(
    snapshot: Snapshot, file: FileId, offset: int, declared: Declared | None, written: Zeros
) -> str:
    """What *declared* is reset to, by its type alone."""
    shape = shape_of(snapshot, declared)
    if shape is Shape.ENUM and declared is not None:
        member = initial_member(enum_members(snapshot, declared))
        name = spelled(snapshot, file, offset, member) if member else ""
        return name or written.of(Shape.UNKNOWN)
    if shape is Shape.BIT and declared is not None and _ACTIVE_LOW.fullmatch(declared.name):
        return written.of(shape) if _IS_RESET.search(declared.name) else "1'b1"
    return written.of(shape)


def initial_member(found: Sequence[Declared]) -> Declared | None:
    """The member that is called idle, reset, init, or none, off, false, where only one is; else the first."""
    for pattern in _INITIAL:
        named = [member for member in found if pattern.search(member.name)]
        if len(named) == 1:
            return named[0]
    return found[0] if found else None


def reset_parameter(
    snapshot: Snapshot, file: FileId, offset: int, declared: Declared | None
) -> str:
    """The module's parameter that is named as a reset value; "" where it is of another width or serves another signal.

    One of the written dimensions of *declared* is for it; one of a single bit only while it is used nowhere.
    """
    summary, text = snapshot.summary(file), snapshot.text(file)
    if text is None or declared is None or declared.decl is None:
        return ""
    around = [index for index in scope_chain(summary, offset) if index >= 0]
    for decl in summary.decls:
        if decl.kind is not DeclKind.PARAMETER or decl.parent not in around:
            continue
        if not _RESET_PARAMETER.fullmatch(decl.name) or decl.type_text.startswith("type"):
            continue
        own, wanted = _dimensions(decl.type_text), _dimensions(declared.decl.type_text)
        if own and own == wanted:
            return decl.name
        if decl.type_text and bool(own) != bool(wanted):
            return ""
        module = summary.decls[decl.parent or 0].span
        uses = [one for one in identifier_spans(text, decl.name) if module.covers(one)]
        return decl.name if len(uses) == 1 else ""
    return ""


def _dimensions(type_text: str) -> str:
    return type_text[type_text.find("[") :].replace(" ", "") if "[" in type_text else ""


def register(snapshot: Snapshot, file: FileId, offset: int, name: str) -> Declared | None:
    """The declaration of the register *name*: of a port declared twice the one with dimensions."""
    found = resolve(snapshot, file, offset, name)
    with_type = [one for one in found if one.decl is not None and one.decl.type_text]
    return next(iter([*with_type, *found]), None)
