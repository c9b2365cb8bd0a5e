"""slang's types and constants as text: what a hover shows.

Must not know files or positions.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from pyslang import ConstantValue, LiteralBase, SVInt, ast

from hdl_lsp.semantics.render import MAX_TYPE_CHARS, plain_number, pretty_type

MAX_MEMBERS = 96
"""Members of a struct or enum that are spelled out in a type's text."""

MAX_VALUE_BITS = 4_096
"""Wider constants have no text: printing one of 2^24 bits takes minutes (basejump_stl's bsg_async has one)."""

MAX_ELEMENTS = 16
"""Elements of an unpacked array that are spelled out in a value's text."""

StructType = (
    ast.PackedStructType,
    ast.UnpackedStructType,
    ast.PackedUnionType,
    ast.UnpackedUnionType,
)


def value_text(value: ConstantValue | None, type_: ast.Type | None = None) -> str | None:
    """A constant in SystemVerilog notation; None when it is not known.

    Integers of predefined signed or unsigned integer types are decimal, vectors hexadecimal with their
    width, single bits binary: `8`, `32'hdeadbeef`, `1'b0`.
    """
    if value is None or not value:
        return None
    raw = value.value
    if isinstance(raw, SVInt):
        return _integer_text(raw, type_)
    if value.isContainer() and value.bitstreamWidth() > MAX_VALUE_BITS * MAX_ELEMENTS:
        return None
    text = repr(value)
    if isinstance(raw, float) or text.startswith('"'):
        return text
    if text.startswith("["):
        parts = [part.strip() for part in text[1:-1].split(",")]
        if len(parts) > MAX_ELEMENTS:
            parts = [*parts[:MAX_ELEMENTS], "..."]
        return "'{" + ", ".join(plain_number(part) for part in parts) + "}"
    return text


def _integer_text(number: SVInt, type_: ast.Type | None) -> str | None:
    canonical = type_.canonicalType if type_ is not None else None
    width = number.bitWidth
    if width > MAX_VALUE_BITS:
        return None
    if isinstance(canonical, ast.PredefinedIntegerType) or (
        number.isSigned and not number.hasUnknown
    ):
        return plain_number(repr(number))
    if width == 1:
        return number.toString(LiteralBase.Binary, True)
    if width <= 4 or (number.hasUnknown and width <= 64):
        return number.toString(LiteralBase.Binary, True)
    return number.toString(LiteralBase.Hex, True)


def bit_width(type_: ast.Type) -> int | None:
    """Bits of an integral type or a packed aggregate; None for all others."""
    return int(type_.bitWidth) if type_.isIntegral else None


def element_type(type_: ast.Type) -> ast.Type:
    """What is left of a type when all array dimensions are taken off; *type_* itself if there are none."""
    canonical = type_.canonicalType
    while canonical.isArray:
        element = canonical.arrayElementType
        inner = element.canonicalType
        if inner.isScalar or inner.isPredefinedInteger:
            return type_
        type_, canonical = element, inner
    return type_


def resolved_type_text(type_: ast.Type) -> str:
    """The type behind any typedef, members spelled out: `struct packed {logic [3:0] f; p::e_t g;}`."""
    canonical = type_.canonicalType
    if isinstance(canonical, ast.EnumType):
        return _enum_text(canonical)
    if isinstance(canonical, StructType):
        return _struct_text(canonical)
    return pretty_type(printed(canonical))


def printed(type_: ast.Type) -> str:
    """The type as slang spells it; "" for one that it can't spell: an enum with a member that has no value."""
    try:
        return str(type_)
    except RuntimeError:
        return ""


def type_name(type_: ast.Type) -> str:
    """The typedef's or class's name as used from outside: `ibex_pkg::alu_op_e`, `state_t`; "" for plain types."""
    if isinstance(type_, ast.ClassType):
        return type_.name
    if isinstance(type_, ast.TypeAliasType):
        name = printed(type_)
    elif isinstance(type_, (ast.EnumType, *StructType)):
        name = printed(type_).rpartition("}")[2]
    else:
        return ""
    name = name.rpartition(".")[2]
    return "" if "$" in name else name


def _enum_text(type_: ast.EnumType) -> str:
    names = [member.name for member in type_][: MAX_MEMBERS + 1]
    if len(names) > MAX_MEMBERS:
        names[MAX_MEMBERS] = "..."
    return f"enum {pretty_type(printed(type_.baseType))} {{{', '.join(names)}}}"


def _struct_text(type_: ast.Type) -> str:
    keyword = "union" if "Union" in type_.kind.name else "struct"
    packed = " packed" if "Packed" in type_.kind.name and "Unpacked" not in type_.kind.name else ""
    parts: list[str] = []
    length = 0
    for member in fields_of(type_):
        spelled = pretty_type(printed(member.type))
        head, dollar, unpacked = spelled.partition(" $")
        parts.append(f"{head} {member.name}{' ' + unpacked if dollar else ''};")
        length += len(parts[-1])
        if len(parts) >= MAX_MEMBERS or length > MAX_TYPE_CHARS:
            parts.append("...")
            break
    return f"{keyword}{packed} {{{' '.join(parts)}}}"


def fields_of(type_: ast.Type) -> list[ast.FieldSymbol]:
    """The fields of a struct or union, in order; empty for other types."""
    canonical = type_.canonicalType
    if isinstance(canonical, StructType):
        return [member for member in canonical if isinstance(member, ast.FieldSymbol)]
    return []
