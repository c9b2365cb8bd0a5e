"""Token codes of declarations, one table for slang's symbols and for summaries, so that both give the same colours.

Must not resolve names.
"""

from __future__ import annotations

from hdl_lsp.presentation.tokens import code, modifier_bit
from hdl_lsp.semantics.facts import SymbolFact
from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.workspace.declared import Declared

DECLARATION = modifier_bit("declaration")
WRITE = modifier_bit("modification")
INACTIVE = modifier_bit("inactive")

MACRO = code("macro")
MACRO_ARGUMENT = code("parameter")
SYSTEM = code("function", "defaultLibrary")
KEYWORD = code("keyword")
STRING = code("string")
NUMBER = code("number")
MEMBER = code("property")
MODPORT = code("interface")
UNIT = code("class")
PACKAGE = code("namespace")

_PORT = code("parameter")
_TYPE_PARAMETER = code("typeParameter")
_DIRECTIONS = {
    "input": modifier_bit("input"),
    "output": modifier_bit("output"),
    "inout": modifier_bit("inout"),
    "ref": modifier_bit("inout"),
}
_CODES: dict[str, int] = {
    DeclKind.MODULE.value: UNIT,
    DeclKind.INTERFACE.value: code("interface"),
    DeclKind.PROGRAM.value: UNIT,
    DeclKind.PACKAGE.value: PACKAGE,
    DeclKind.CHECKER.value: UNIT,
    DeclKind.PRIMITIVE.value: UNIT,
    DeclKind.CONFIG.value: UNIT,
    DeclKind.CLASS.value: UNIT,
    DeclKind.FUNCTION.value: code("function"),
    DeclKind.TASK.value: code("function", "task"),
    DeclKind.TYPEDEF.value: code("type"),
    DeclKind.ENUM_MEMBER.value: code("enumMember", "readonly"),
    DeclKind.STRUCT_MEMBER.value: MEMBER,
    DeclKind.PARAMETER.value: code("variable", "readonly"),
    DeclKind.LOCALPARAM.value: code("variable", "readonly", "localparam"),
    DeclKind.NET.value: code("variable", "net"),
    DeclKind.VARIABLE.value: code("variable"),
    DeclKind.GENVAR.value: code("variable", "genvar"),
    DeclKind.INSTANCE.value: code("variable", "instance"),
    DeclKind.GENERATE_BLOCK.value: code("label"),
    DeclKind.BLOCK.value: code("label"),
    DeclKind.MODPORT.value: MODPORT,
    DeclKind.CLOCKING.value: code("event"),
    DeclKind.COVERGROUP.value: UNIT,
    DeclKind.PROPERTY.value: code("event"),
    DeclKind.SEQUENCE.value: code("event"),
    DeclKind.ASSERTION.value: code("label"),
    DeclKind.CONSTRAINT.value: code("label"),
    DeclKind.MACRO.value: MACRO,
}
_TYPES = (("enum", code("enum")), ("struct", code("struct")), ("union", code("struct")))

SIGNALS = frozenset((DeclKind.PORT.value, DeclKind.NET.value, DeclKind.VARIABLE.value))
"""Kinds that can be a clock or a reset."""


def code_of(kind: str, type_text: str, direction: str) -> int:
    """The code of a declaration of *kind* (a value of DeclKind); *type_text* as written or as slang resolved it."""
    if kind == DeclKind.PORT.value or (direction and kind == DeclKind.VARIABLE.value):
        return _PORT | _DIRECTIONS.get(direction, 0)
    if kind == DeclKind.TYPEDEF.value:
        return next((of for start, of in _TYPES if type_text.startswith(start)), _CODES[kind])
    if kind in {DeclKind.PARAMETER.value, DeclKind.LOCALPARAM.value} and type_text == "type":
        return _TYPE_PARAMETER
    return _CODES.get(kind, _CODES[DeclKind.VARIABLE.value])


def code_of_decl(decl: Decl) -> int:
    """The code of a declaration in a summary."""
    return code_of(decl.kind.value, decl.type_text, decl.direction)


def code_of_symbol(symbol: SymbolFact) -> int:
    """The code of a symbol that is declared in another file."""
    return code_of(symbol.kind, symbol.type_text, symbol.direction)


def code_of_declared(declared: Declared) -> int:
    """The code of what a name was found to mean."""
    if declared.decl is not None:
        return code_of_decl(declared.decl)
    return code_of(declared.kind, declared.type_text, declared.direction)
