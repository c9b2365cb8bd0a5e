"""Symbols of one compilation as facts: each declaration once, under the place where it is declared.

Must not walk syntax or decide what refers to what (extract.py and names.py do).
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import re
from dataclasses import replace

from pyslang import ast

from hdl_lsp.semantics.facts import Member, SymbolFact
from hdl_lsp.semantics.locations import NO_BUFFER, Locations
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.semantics.values import (
    bit_width,
    element_type,
    fields_of,
    resolved_type_text,
    type_name,
    value_text,
)
from hdl_lsp.text.source import Span, span

SK = ast.SymbolKind

KINDS: dict[ast.SymbolKind, DeclKind] = {
    SK.Definition: DeclKind.MODULE,
    SK.Package: DeclKind.PACKAGE,
    SK.ClassType: DeclKind.CLASS,
    SK.GenericClassDef: DeclKind.CLASS,
    SK.Subroutine: DeclKind.FUNCTION,
    SK.MethodPrototype: DeclKind.FUNCTION,
    SK.TypeAlias: DeclKind.TYPEDEF,
    SK.ForwardingTypedef: DeclKind.TYPEDEF,
    SK.NetType: DeclKind.TYPEDEF,
    SK.EnumValue: DeclKind.ENUM_MEMBER,
    SK.Field: DeclKind.STRUCT_MEMBER,
    SK.Parameter: DeclKind.PARAMETER,
    SK.TypeParameter: DeclKind.PARAMETER,
    SK.Specparam: DeclKind.LOCALPARAM,
    SK.Port: DeclKind.PORT,
    SK.MultiPort: DeclKind.PORT,
    SK.InterfacePort: DeclKind.PORT,
    SK.PrimitivePort: DeclKind.PORT,
    SK.FormalArgument: DeclKind.PORT,
    SK.Net: DeclKind.NET,
    SK.Genvar: DeclKind.GENVAR,
    SK.Instance: DeclKind.INSTANCE,
    SK.InstanceArray: DeclKind.INSTANCE,
    SK.PrimitiveInstance: DeclKind.INSTANCE,
    SK.CheckerInstance: DeclKind.INSTANCE,
    SK.UninstantiatedDef: DeclKind.INSTANCE,
    SK.GenerateBlock: DeclKind.GENERATE_BLOCK,
    SK.GenerateBlockArray: DeclKind.GENERATE_BLOCK,
    SK.StatementBlock: DeclKind.BLOCK,
    SK.Modport: DeclKind.MODPORT,
    SK.ClockingBlock: DeclKind.CLOCKING,
    SK.CovergroupType: DeclKind.COVERGROUP,
    SK.Property: DeclKind.PROPERTY,
    SK.Sequence: DeclKind.SEQUENCE,
    SK.ConstraintBlock: DeclKind.CONSTRAINT,
    SK.Primitive: DeclKind.PRIMITIVE,
    SK.Checker: DeclKind.CHECKER,
}
"""Kinds that have a word of their own; every other value symbol is a variable."""

DIRECTIONS = {"In": "input", "Out": "output", "InOut": "inout", "Ref": "ref"}

PATH_PARTS = re.compile(r"::|\.")

Key = tuple[int, int, str]


class SymbolTable:
    """Facts in the order in which they were first asked for; indexes never change."""

    def __init__(self, locations: Locations, assumed: frozenset[str] = frozenset()) -> None:
        """*assumed*: parameters of the main file whose values are ours, not to be shown."""
        self._assumed = assumed
        self.facts: list[SymbolFact] = []
        self.member_lists: list[tuple[Member, ...]] = []
        self._locations = locations
        self._index: dict[Key, int] = {}
        self._members: dict[ast.Symbol, int | None] = {}
        self._type_texts: dict[ast.Type, str] = {}
        self._type_names: dict[ast.Type, str] = {}

    def index(self, symbol: ast.Symbol) -> int:
        """Number of the fact of *symbol*; two symbols declared by the same token share one (a port and its net)."""
        if isinstance(symbol, ast.TransparentMemberSymbol):
            symbol = symbol.wrapped
        elif isinstance(symbol, ast.ModportPortSymbol):
            inner = symbol.internalSymbol
            symbol = inner if inner is not None else symbol
        elif isinstance(symbol, ast.InstanceBodySymbol):
            symbol = symbol.definition
        location = symbol.location
        key = (location.buffer.id, location.offset, symbol.name)
        known = self._index.get(key)
        if known is None:
            known = len(self.facts)
            self._index[key] = known
            self.facts.append(self._fact(symbol))
        return known

    def port(self, port: ast.Symbol) -> int:
        """As index(), and the net or variable inside the module becomes the same symbol."""
        known = self.index(port)
        if isinstance(port, ast.PortSymbol) and port.internalSymbol is not None:
            inner = port.internalSymbol.location
            self._index.setdefault((inner.buffer.id, inner.offset, port.internalSymbol.name), known)
        return known

    def genvar(self, variable: ast.Symbol, declared: ast.Symbol | None) -> int:
        """The symbol of a generate loop's variable; *declared* is its declaration outside the loop, if any."""
        location = variable.location
        key = (location.buffer.id, location.offset, variable.name)
        if declared is not None:
            known = self._index[key] = self.index(declared)
            return known
        known = self.index(variable)
        self.facts[known] = replace(self.facts[known], kind=DeclKind.GENVAR.value, value=None)
        return known

    def written(self, fact: SymbolFact) -> int:
        """Number of a fact that comes from syntax alone: a port of a module that was not elaborated here."""
        key = (-1, fact.name_span.start, f"{fact.path}:{fact.name}")
        known = self._index.get(key)
        if known is None:
            known = self._index[key] = len(self.facts)
            self.facts.append(fact)
        return known

    def members_of(self, type_: ast.Type) -> int | None:
        """Number of the member list of a struct, union, class or virtual interface (arrays of them too)."""
        canonical = element_type(type_).canonicalType
        if isinstance(canonical, ast.VirtualInterfaceType):
            return self.interface_members(canonical.iface.body, canonical.modport)
        if canonical in self._members:
            return self._members[canonical]
        self._members[canonical] = None
        members: list[Member] = []
        if isinstance(canonical, ast.ClassType):
            members = self._class_members(canonical)
        else:
            members = [
                Member(field.name, "field", self.short_type(field.type), bit_width(field.type))
                for field in fields_of(canonical)
            ]
        if members:
            self._members[canonical] = self._add_members(members)
        return self._members[canonical]

    def interface_members(
        self, body: ast.InstanceBodySymbol, modport: ast.ModportSymbol | None
    ) -> int | None:
        """Number of the member list of an interface, through a modport if one is given."""
        holder = modport if modport is not None else body
        if holder not in self._members:
            members = [m for s in holder if (m := self._member(s)) is not None]
            unique = {member.name: member for member in reversed(members)}
            ordered = tuple(reversed(tuple(unique.values())))
            self._members[holder] = self._add_members(list(ordered)) if ordered else None
        return self._members[holder]

    def short_type(self, type_: ast.Type) -> str:
        """The type as written in a declaration: the typedef's name where there is one."""
        name = self._name_of(type_)
        if name:
            return name
        text = self._type_texts.get(type_)
        if text is None:
            text = self._type_texts[type_] = resolved_type_text(type_)
        return text

    def _name_of(self, type_: ast.Type) -> str:
        name = self._type_names.get(type_)
        if name is None:
            name = self._type_names[type_] = type_name(type_)
        return name

    def _add_members(self, members: list[Member]) -> int:
        self.member_lists.append(tuple(members))
        return len(self.member_lists) - 1

    def _class_members(self, type_: ast.ClassType) -> list[Member]:
        found: dict[str, Member] = {}
        for symbol in type_:
            inner = symbol.wrapped if isinstance(symbol, ast.TransparentMemberSymbol) else symbol
            member = self._member(inner)
            if member is not None and member.name != "this":
                found.setdefault(member.name, member)
        return list(found.values())

    def _member(self, symbol: ast.Symbol) -> Member | None:
        if not symbol.name:
            return None
        kind = _kind(symbol)
        if isinstance(symbol, ast.ModportPortSymbol):
            return Member(
                symbol.name,
                kind.value,
                self.short_type(symbol.type),
                bit_width(symbol.type),
                _direction(symbol),
            )
        if isinstance(symbol, ast.PortSymbol):
            direction = _direction(symbol)
            return Member(
                symbol.name,
                kind.value,
                self.short_type(symbol.type),
                bit_width(symbol.type),
                direction,
            )
        if isinstance(symbol, ast.ValueSymbol):
            return Member(
                symbol.name, kind.value, self.short_type(symbol.type), bit_width(symbol.type)
            )
        if isinstance(symbol, ast.SubroutineSymbol):
            return Member(symbol.name, kind.value, self._signature(symbol))
        if kind is DeclKind.VARIABLE:
            return None
        return Member(symbol.name, kind.value)

    def _signature(self, routine: ast.SubroutineSymbol | ast.MethodPrototypeSymbol) -> str:
        arguments = ", ".join(
            f"{_direction(a)} {self.short_type(a.type)} {a.name}".strip() for a in routine.arguments
        )
        is_task = routine.subroutineKind == ast.SubroutineKind.Task
        result = (
            "" if is_task or routine.name == "new" else self.short_type(routine.returnType) + " "
        )
        return f"{result}{routine.name}({arguments})"

    def _fact(self, symbol: ast.Symbol) -> SymbolFact:
        path, where = self.place(symbol)
        kind = _kind(symbol)
        known = SymbolFact(symbol.name, kind.value, path, where, container=_container(symbol, kind))
        if isinstance(symbol, ast.PortSymbol):
            direction = _direction(symbol)
            return self._with_type(replace(known, direction=direction), symbol.type)
        if isinstance(symbol, ast.FormalArgumentSymbol):
            direction = _direction(symbol)
            return self._with_type(replace(known, direction=direction), symbol.type)
        if isinstance(symbol, ast.ParameterSymbol):
            return self._parameter(known, symbol)
        if isinstance(symbol, ast.EnumValueSymbol):
            value = value_text(symbol.value)
            return replace(self._with_type(known, symbol.type), value=value)
        if isinstance(symbol, ast.ValueSymbol):
            return self._with_type(known, symbol.type)
        if isinstance(symbol, ast.TypeParameterSymbol):
            return self._with_type(known, symbol.targetType.type)
        if isinstance(symbol, ast.SubroutineSymbol | ast.MethodPrototypeSymbol):
            return self._routine(known, symbol)
        if isinstance(symbol, ast.Type):
            return self._type(known, symbol)
        return self._instance_like(known, symbol)

    def place(self, symbol: ast.Symbol) -> tuple[str | None, Span]:
        """Path and name of the declaration; (None, an empty span) for what is built in or made by a macro."""
        if symbol.name == "this" and isinstance(symbol, ast.ValueSymbol):
            return self.place(symbol.type)
        location = symbol.location
        if location.buffer.id in (NO_BUFFER, 0):
            return None, span(0, 0)
        buffer, offset, is_verbatim = self._locations.written(location)
        path = self._locations.path(buffer) if is_verbatim else None
        if path is None:
            return None, span(0, 0)
        length = len(symbol.name.encode())
        if buffer != location.buffer.id:
            length = self._locations.spelled(path, offset, symbol.name.encode())
        return path, span(offset, offset + length)

    def _with_type(self, known: SymbolFact, type_: ast.Type) -> SymbolFact:
        if type_.isError:
            return known
        text = self._type_texts.get(type_)
        if text is None:
            text = self._type_texts[type_] = resolved_type_text(type_)
        inner = element_type(type_)
        type_path, type_span = None, None
        if isinstance(inner, ast.TypeAliasType | ast.ClassType):
            type_path, where = self.place(inner)
            type_span = where if type_path is not None else None
        return replace(
            known,
            type_text=text,
            type_name=self._name_of(type_),
            bit_width=bit_width(type_),
            type_members=self.members_of(type_),
            type_path=type_path,
            type_span=type_span,
        )

    def _parameter(self, known: SymbolFact, symbol: ast.ParameterSymbol) -> SymbolFact:
        fact = self._with_type(known, symbol.type)
        if symbol.isOverridden or (
            symbol.name in self._assumed and known.path == self._locations.main_path
        ):
            # Another instance may override it otherwise; what belongs to the declaration is its default.
            return fact
        return replace(fact, value=value_text(symbol.value, symbol.type))

    def _routine(
        self, known: SymbolFact, symbol: ast.SubroutineSymbol | ast.MethodPrototypeSymbol
    ) -> SymbolFact:
        return replace(
            known, type_text=self._signature(symbol), bit_width=bit_width(symbol.returnType)
        )

    def _type(self, known: SymbolFact, symbol: ast.Type) -> SymbolFact:
        if isinstance(symbol, ast.TypeAliasType):
            return self._with_type(known, symbol)
        return replace(known, type_members=self.members_of(symbol))

    def _instance_like(self, known: SymbolFact, symbol: ast.Symbol) -> SymbolFact:
        members: int | None = None
        definition: ast.Symbol | None = None
        text = ""
        if isinstance(symbol, ast.InstanceArraySymbol):
            for element in symbol.elements:
                return self._instance_like(known, element)
        elif isinstance(symbol, ast.InstanceSymbol):
            definition = symbol.definition
            text = definition.name
            if symbol.isInterface:
                members = self.interface_members(symbol.body, None)
        elif isinstance(symbol, ast.UninstantiatedDefSymbol):
            text = symbol.definitionName
        elif isinstance(symbol, ast.InterfacePortSymbol):
            return self._interface_port(known, symbol)
        if definition is None:
            return replace(known, type_text=text)
        type_path, where = self.place(definition)
        return replace(
            known,
            type_text=text,
            type_name=text,
            type_members=members,
            type_path=type_path,
            type_span=where if type_path is not None else None,
        )

    def _interface_port(self, known: SymbolFact, symbol: ast.InterfacePortSymbol) -> SymbolFact:
        definition = symbol.interfaceDef
        if definition is None:
            return replace(known, type_text="interface")
        connected, modport = symbol.connection
        members: int | None = None
        if isinstance(connected, ast.InstanceSymbol):
            members = self.interface_members(connected.body, modport)
        type_path, where = self.place(definition)
        return replace(
            known,
            type_text=f"{definition.name}.{symbol.modport}" if symbol.modport else definition.name,
            type_name=definition.name,
            type_members=members,
            type_path=type_path,
            type_span=where if type_path is not None else None,
        )


def _direction(symbol: ast.PortSymbol | ast.ModportPortSymbol | ast.FormalArgumentSymbol) -> str:
    """`input`, `output`...; "" where slang has not set one (arguments of some inherited UVM methods)."""
    try:
        return DIRECTIONS.get(symbol.direction.name, "")
    except ValueError:  # pyslang's "58 is not a valid ArgumentDirection"
        return ""


def _kind(symbol: ast.Symbol) -> DeclKind:
    kind = KINDS.get(symbol.kind, DeclKind.VARIABLE)
    if isinstance(symbol, ast.ParameterSymbol | ast.TypeParameterSymbol):
        return DeclKind.LOCALPARAM if symbol.isLocalParam else DeclKind.PARAMETER
    if isinstance(symbol, ast.DefinitionSymbol):
        return DeclKind(symbol.definitionKind.name.lower())
    if (
        isinstance(symbol, ast.SubroutineSymbol | ast.MethodPrototypeSymbol)
        and symbol.subroutineKind == ast.SubroutineKind.Task
    ):
        return DeclKind.TASK
    return kind


def _container(symbol: ast.Symbol, kind: DeclKind) -> str:
    parts = PATH_PARTS.split(symbol.lexicalPath)
    depth = 3 if kind is DeclKind.ENUM_MEMBER else 2
    return parts[-depth] if len(parts) >= depth else ""
