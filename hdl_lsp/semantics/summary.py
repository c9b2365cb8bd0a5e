"""What one file declares, names and includes, from slang's parse of that text alone (no elaboration).

Must not import pyslang (summarise.py fills these) nor refer to other files: a summary is a function of the
text and the macro table it was parsed with. Everything is frozen and picklable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hdl_lsp.text.source import Span


class DeclKind(Enum):
    """What a declaration declares, in the LRM's words."""

    MODULE = "module"
    INTERFACE = "interface"
    PROGRAM = "program"
    PACKAGE = "package"
    CHECKER = "checker"
    PRIMITIVE = "primitive"
    CONFIG = "config"
    CLASS = "class"
    FUNCTION = "function"
    TASK = "task"
    TYPEDEF = "typedef"
    ENUM_MEMBER = "enum member"
    STRUCT_MEMBER = "struct member"
    PARAMETER = "parameter"
    LOCALPARAM = "localparam"
    PORT = "port"
    NET = "net"
    VARIABLE = "variable"
    GENVAR = "genvar"
    INSTANCE = "instance"
    GENERATE_BLOCK = "generate block"
    BLOCK = "block"
    MODPORT = "modport"
    CLOCKING = "clocking block"
    COVERGROUP = "covergroup"
    PROPERTY = "property"
    SEQUENCE = "sequence"
    ASSERTION = "assertion"
    CONSTRAINT = "constraint"
    MACRO = "macro"

    __hash__ = (
        object.__hash__
    )  # members are single; Enum's own is Python code, asked per declaration


DESIGN_UNITS = frozenset(
    {
        DeclKind.MODULE,
        DeclKind.INTERFACE,
        DeclKind.PROGRAM,
        DeclKind.PACKAGE,
        DeclKind.CHECKER,
        DeclKind.PRIMITIVE,
        DeclKind.CONFIG,
    }
)


@dataclass(frozen=True, slots=True)
class Decl:
    """One declaration. `parent` indexes FileSummary.decls (always a smaller index); None at file scope."""

    name: str
    kind: DeclKind
    name_span: Span
    span: Span  # the whole declaration, e.g. `module` to `endmodule : name`; for a variable its declarator's statement
    parent: int | None = None
    type_text: str = (
        ""  # type or header as written, white space squeezed: "logic [3:0]", "input wire"
    )
    direction: str = ""  # ports: input, output, inout, ref, or "" (interface ports)
    value_text: str = ""  # parameters, enum members: right-hand side as written
    definition: str = ""  # instances: name of the instantiated module, interface or primitive


@dataclass(frozen=True, slots=True)
class Connection:
    """One port or parameter connection of an instance."""

    name: str  # port or parameter; "" for ordered, "*" for `.*`
    name_span: Span
    span: Span  # from the dot to the closing parenthesis
    value_text: str = ""


@dataclass(frozen=True, slots=True)
class InstanceUse:
    """One instantiation: `definition #(parameters) name (ports);` (IEEE 1800-2023 23.3.2)."""

    name: str
    definition: str
    name_span: Span
    definition_span: Span
    span: Span
    decl: int  # index of its Decl
    parameters: tuple[Connection, ...] = ()
    ports: tuple[Connection, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageImport:
    """`import package::item;`, item "*" for all (26.3)."""

    package: str
    item: str
    span: Span
    parent: int | None  # Decl that holds it; None at file scope


@dataclass(frozen=True, slots=True)
class MacroDef:
    """A `` `define `` (22.5.1)."""

    name: str
    name_span: Span
    span: Span
    arguments: tuple[str, ...] | None  # None: object-like
    body: str  # as written, continuation lines included


@dataclass(frozen=True, slots=True)
class Named:
    """A use of a name: a macro, or a package or class before `::`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class IncludeUse:
    """`` `include "path" `` or `<path>` (22.4); span is the path's, quotes included."""

    path: str
    span: Span
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """An error of slang's parser or preprocessor in this text; code is slang's option name or DiagCode."""

    code: str
    message: str
    span: Span
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class FileSummary:
    """All that is kept of every file of a project (kilobytes)."""

    decls: tuple[Decl, ...] = ()
    instances: tuple[InstanceUse, ...] = ()
    imports: tuple[PackageImport, ...] = ()
    macros: tuple[MacroDef, ...] = ()
    macro_uses: tuple[
        Named, ...
    ] = ()  # names after `ifdef and its like too; spans without the backtick
    includes: tuple[IncludeUse, ...] = ()
    scoped_names: tuple[Named, ...] = ()  # left sides of `::`
    problems: tuple[SyntaxProblem, ...] = ()
    identifiers: frozenset[str] = frozenset()  # every identifier in the text, macro bodies included

    def units(self) -> tuple[Decl, ...]:
        """The design units at file scope, in order."""
        return tuple(d for d in self.decls if d.parent is None and d.kind in DESIGN_UNITS)
