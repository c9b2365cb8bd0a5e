"""What an outline or a symbol search shows.

Must not know LSP: kinds are named after LSP 3.18's SymbolKind, so that the face can translate by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hdl_lsp.text.source import Span


class SymbolKind(Enum):
    """Icon of a symbol; the value is the name of LSP's SymbolKind."""

    MODULE = "Module"
    NAMESPACE = "Namespace"
    PACKAGE = "Package"
    CLASS = "Class"
    METHOD = "Method"
    FIELD = "Field"
    ENUM = "Enum"
    INTERFACE = "Interface"
    FUNCTION = "Function"
    VARIABLE = "Variable"
    CONSTANT = "Constant"
    OBJECT = "Object"
    ENUM_MEMBER = "EnumMember"
    STRUCT = "Struct"
    EVENT = "Event"
    TYPE_PARAMETER = "TypeParameter"
    PROPERTY = "Property"


KIND_OF_DECLARATION = {
    "module": SymbolKind.MODULE,
    "interface": SymbolKind.INTERFACE,
    "program": SymbolKind.MODULE,
    "package": SymbolKind.PACKAGE,
    "checker": SymbolKind.MODULE,
    "primitive": SymbolKind.MODULE,
    "config": SymbolKind.NAMESPACE,
    "class": SymbolKind.CLASS,
    "function": SymbolKind.FUNCTION,
    "task": SymbolKind.FUNCTION,
    "typedef": SymbolKind.TYPE_PARAMETER,
    "enum member": SymbolKind.ENUM_MEMBER,
    "struct member": SymbolKind.FIELD,
    "parameter": SymbolKind.CONSTANT,
    "localparam": SymbolKind.CONSTANT,
    "port": SymbolKind.PROPERTY,
    "net": SymbolKind.VARIABLE,
    "variable": SymbolKind.VARIABLE,
    "genvar": SymbolKind.VARIABLE,
    "instance": SymbolKind.OBJECT,
    "generate block": SymbolKind.NAMESPACE,
    "block": SymbolKind.NAMESPACE,
    "modport": SymbolKind.INTERFACE,
    "clocking block": SymbolKind.NAMESPACE,
    "covergroup": SymbolKind.CLASS,
    "property": SymbolKind.EVENT,
    "sequence": SymbolKind.EVENT,
    "assertion": SymbolKind.EVENT,
    "constraint": SymbolKind.EVENT,
    "macro": SymbolKind.CONSTANT,
}
"""Icon by the LRM's word for a declaration (values of semantics.summary.DeclKind)."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One line of an outline; *focus* (the name) lies inside *span*, and children inside their parent."""

    name: str
    kind: SymbolKind
    detail: str
    span: Span
    focus: Span
    children: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True)
class LocatedSymbol:
    """A symbol found by a search over the workspace; *path* is absolute, *container* "" at file scope."""

    symbol: Symbol
    path: str
    container: str = ""


def symbol_kind(declaration: str, type_text: str = "") -> SymbolKind:
    """Icon of a declaration; typedefs look like the type they name (*type_text* as written)."""
    if declaration == "typedef":
        for start, kind in (
            ("enum", SymbolKind.ENUM),
            ("struct", SymbolKind.STRUCT),
            ("union", SymbolKind.STRUCT),
            ("class", SymbolKind.CLASS),
        ):
            if type_text.startswith(start):
                return kind
    return KIND_OF_DECLARATION.get(declaration, SymbolKind.VARIABLE)
