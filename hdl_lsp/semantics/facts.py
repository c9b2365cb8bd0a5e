"""What shallow elaboration knows of one open file: diagnostics, and a symbol behind every name.

Must not import pyslang (compile.py fills these, in the analysis process only). Frozen and picklable. Paths
are absolute, offsets are bytes of the file at that path as it was when the facts were made.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from hdl_lsp.text.source import Span


class Severity(Enum):
    """Severity of a diagnostic, strongest first."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a diagnostic."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is slang's option name (`width-trunc`), else its DiagCode, or `hdl-*` for ours."""

    span: Span
    severity: Severity
    code: str
    message: str
    source: str = "slang"
    related: tuple[Related, ...] = ()
    url: str = ""
    is_unused: bool = False  # show greyed out
    depends_on_values: bool = False
    """With other parameters of the module or of what it is connected to it may be none."""


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a struct, union, class or interface instance, or a port or modport signal."""

    name: str
    kind: str  # DeclKind value, or "field"
    type_text: str = ""
    bit_width: int | None = None
    detail: str = ""  # e.g. port direction


@dataclass(frozen=True, slots=True)
class SymbolFact:
    """A symbol as slang resolved it. `path` None: declared nowhere on disk (built in, or by a macro)."""

    name: str
    kind: str  # DeclKind value, e.g. "variable", "parameter", "enum member", "module"
    path: str | None
    name_span: Span
    type_text: str = ""  # resolved type, e.g. "logic[31:0]", "enum{A=2'd0,B=2'd1}"
    type_name: str = ""  # typedef's name if it has one, e.g. "ibex_pkg::alu_op_e"
    bit_width: int | None = None
    value: str | None = None  # constant value in SystemVerilog notation, e.g. "32'h4"
    direction: str = ""  # ports
    container: str = ""  # name of the enclosing module, package, class or block
    type_members: int | None = (
        None  # index of FileFacts.member_lists; None when the type has no members
    )
    type_path: str | None = None  # where the type is declared (typeDefinition)
    type_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A name in the file and the symbol behind it (index of FileFacts.symbols)."""

    span: Span
    symbol: int
    is_write: bool = False
    is_declaration: bool = False


@dataclass(frozen=True, slots=True)
class ExpressionType:
    """Type of an expression that is not a plain name (select, concatenation, call, operator)."""

    span: Span
    type_text: str
    bit_width: int | None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class MacroExpansion:
    """A macro use in the file with what it becomes. path None: predefined or on the command line."""

    name: str
    span: Span  # the whole use, arguments included
    expansion: str
    path: str | None
    name_span: Span | None


@dataclass(frozen=True, slots=True)
class ScopeNames:
    """Names visible inside a scope of the file (own declarations; imports and wildcard imports resolved)."""

    span: Span
    symbols: tuple[int, ...]  # indexes of FileFacts.symbols


@dataclass(frozen=True)
class FileFacts:
    """Result of a shallow compilation of one file with what it names."""

    path: str
    digest: str  # SourceText.digest of the text these facts are about
    diagnostics: tuple[Diagnostic, ...] = ()
    symbols: tuple[SymbolFact, ...] = ()
    references: tuple[Reference, ...] = ()  # sorted by span, declarations included
    expressions: tuple[ExpressionType, ...] = ()  # sorted by span
    macros: tuple[MacroExpansion, ...] = ()
    scopes: tuple[ScopeNames, ...] = ()
    member_lists: tuple[tuple[Member, ...], ...] = ()
    packages: Mapping[str, tuple[int, ...]] = field(
        default_factory=dict[str, tuple[int, ...]]
    )  # package -> symbols
    inactive: tuple[Span, ...] = ()  # dead `ifdef branches
    missing_macros: tuple[str, ...] = ()  # unknown macros, already taken out of `diagnostics`
    missing_includes: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()  # absolute paths of the other files compiled in
    failure: str = (
        ""  # why nothing is known ("slang gave up: nesting too deep"); "" when all went well
    )

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(r.span.start for r in self.references)

    def reference_at(self, offset: int) -> Reference | None:
        """Innermost reference whose span holds *offset* (or ends there); None between names."""
        best: Reference | None = None
        index = bisect.bisect_right(self._starts, offset)
        for reference in self.references[max(0, index - 8) : index]:
            if reference.span.contains(offset) and (
                best is None or reference.span.length <= best.span.length
            ):
                best = reference
        return best

    def symbol_at(self, offset: int) -> SymbolFact | None:
        """The symbol named at *offset*; None between names and on names slang could not resolve."""
        reference = self.reference_at(offset)
        return self.symbols[reference.symbol] if reference else None
