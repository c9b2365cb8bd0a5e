"""A declaration as its author wrote it: from the text of the file it stands in.

Must not know types that slang resolved; features add them.
"""

from __future__ import annotations

import re

from hdl_lsp.presentation.markup import one_line, squeezed
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.snapshot import Snapshot

LONGEST = 32  # lines of code in one answer; more is not read in a pop-up
_DIRECTION = re.compile(r"^(input|output|inout|ref)\b\s*")
_PARAMETER = re.compile(r"^(parameter|localparam)\b\s*")
_HEADER_SIGN = re.compile(
    rb'//[^\r\n]*|/\*.*?\*/|"(?:\\.|[^"\\\r\n])*"|\bimport\b[^;()]*;|([()\[\];])', re.DOTALL
)  # imports stand inside a header, with their semicolons (26.4)
_WITH_PORTS = frozenset({DeclKind.MODULE.value, DeclKind.INTERFACE.value, DeclKind.PROGRAM.value})
_HEADERS = frozenset(
    {
        DeclKind.PACKAGE.value,
        DeclKind.CLASS.value,
        DeclKind.FUNCTION.value,
        DeclKind.TASK.value,
        DeclKind.CHECKER.value,
        DeclKind.PRIMITIVE.value,
        DeclKind.PROPERTY.value,
        DeclKind.SEQUENCE.value,
        DeclKind.COVERGROUP.value,
        DeclKind.CONFIG.value,
        DeclKind.CLOCKING.value,
    }
)
_BLOCKS = frozenset({DeclKind.GENERATE_BLOCK.value, DeclKind.BLOCK.value})


def written(snapshot: Snapshot, declared: Declared) -> str:
    """The declaration in a few lines of SystemVerilog; "" when it stands in no file whose text is known."""
    text = snapshot.text(declared.file) if declared.file is not None else None
    if text is None:
        return ""
    if declared.macro is not None:
        return cut(_code(text, declared.full))
    if declared.decl is None:
        return squeezed(text.line_text(text.line_of(declared.focus.start))).rstrip(",;")
    kind = declared.kind
    if kind in _WITH_PORTS:
        return cut(unit_header(snapshot, declared))
    if kind in _HEADERS:
        return cut(_code(text, header_span(text, declared.full)))
    if kind in _BLOCKS:
        return squeezed(text.line_text(text.line_of(declared.full.start)))
    if kind == DeclKind.INSTANCE.value:
        return _instance(snapshot, declared, declared.decl.definition)
    if kind == DeclKind.ENUM_MEMBER.value:
        value = declared.decl.value_text
        return f"{declared.name} = {one_line(value)}" if value else declared.name
    return cut(_without_comment(text, declared))


def _instance(snapshot: Snapshot, declared: Declared, definition: str) -> str:
    """`fifo #(.Depth (4)) u_fifo`, without its connections."""
    uses = snapshot.summary(declared.file).instances if declared.file is not None else ()
    values = [
        f".{one.name}({one_line(one.value_text, 40)})" if one.name else one_line(one.value_text, 40)
        for use in uses
        if use.decl == declared.index
        for one in use.parameters
    ]
    return (
        f"{definition} #({', '.join(values)}) {declared.name}"
        if values
        else (f"{definition} {declared.name}")
    )


def cut(code: str, longest: int = LONGEST) -> str:
    """*code*, its middle left out when it has more than *longest* lines."""
    lines = code.split("\n")
    if len(lines) <= longest:
        return code
    left_out = len(lines) - longest + 1
    return "\n".join((*lines[: longest - 2], f"  // … {left_out} more lines", lines[-1]))


def header_span(text: SourceText, full: Span) -> Span:
    """From the start of *full* to its first `;` outside parentheses, comments and strings."""
    depth = 0
    for match in _HEADER_SIGN.finditer(text.data, full.start, full.end):
        sign = match.group(1)
        if sign is None:
            continue  # a comment, string or import
        depth += (sign in b"([") - (sign in b")]")
        if sign == b";" and depth <= 0:
            return span(full.start, match.end())
    return full


def bare_type(declared: Declared) -> str:
    """The type as written, without direction, `parameter` and alignment: "logic [31:0]"."""
    text = one_line(declared.decl.type_text) if declared.decl else declared.type_text
    return _PARAMETER.sub("", _DIRECTION.sub("", text)).strip()


def parameter_line(declared: Declared) -> str:
    """`int unsigned Width = 32`."""
    value = one_line(declared.decl.value_text, 60) if declared.decl else ""
    pieces = (bare_type(declared), declared.name, f"= {value}" if value else "")
    return " ".join(piece for piece in pieces if piece)


def port_line(declared: Declared) -> str:
    """`input logic [31:0] data_i`."""
    pieces = (declared.direction, bare_type(declared), declared.name)
    return " ".join(piece for piece in pieces if piece)


def unit_header(snapshot: Snapshot, unit: Declared) -> str:
    """`module name #(...) (...);` with its parameters and ports, aligned as one would write it."""
    parameters = [f"parameter {parameter_line(p)}" for p in parameters_of(snapshot, unit)]
    ports = ports_of(snapshot, unit)
    direction = max((len(p.direction) for p in ports), default=0)
    types = max((len(bare_type(p)) for p in ports if len(bare_type(p)) < 32), default=0)
    lines = [_port_column(port, direction, types) for port in ports]
    head = f"{unit.kind} {unit.name}"
    if parameters:
        head += " #(\n  " + ",\n  ".join(parameters) + "\n)"
    if lines:
        head += " (\n  " + ",\n  ".join(lines) + "\n)"
    return head + ";"


def _port_column(port: Declared, direction: int, types: int) -> str:
    if not port.direction:  # an interface port: its type stands where others have their direction
        return f"{bare_type(port):<{direction + 1 + types}} {port.name}"
    return f"{port.direction:<{direction}} {bare_type(port):<{types}} {port.name}"


def _code(text: SourceText, where: Span) -> str:
    """The text of *where* without alignment and without the indent of its first line."""
    line = text.line_text(text.line_of(where.start)).expandtabs(8)
    indent = len(line) - len(line.lstrip())
    return squeezed(text.slice(where), indent)


def _without_comment(text: SourceText, declared: Declared) -> str:
    code = _code(text, declared.full).rstrip().rstrip(",;").rstrip()
    if declared.decl and declared.name not in code:
        return f"{declared.decl.type_text} {declared.name}".strip()
    return code
