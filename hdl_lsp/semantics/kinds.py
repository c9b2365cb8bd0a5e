"""Which syntax of slang declares what, as tables.

Must not hold functions.
"""

from __future__ import annotations

from pyslang.syntax import SyntaxKind

from hdl_lsp.semantics.summary import DeclKind

SKIPPED = frozenset(
    kind
    for kind in SyntaxKind
    if kind.name.endswith(("Expression", "Expr", "Pattern"))
    or kind in {SyntaxKind.ScopedName, SyntaxKind.RangeList, SyntaxKind.SpecifyBlock}
)
UNITS = {
    SyntaxKind.ModuleDeclaration: DeclKind.MODULE,
    SyntaxKind.InterfaceDeclaration: DeclKind.INTERFACE,
    SyntaxKind.ProgramDeclaration: DeclKind.PROGRAM,
    SyntaxKind.PackageDeclaration: DeclKind.PACKAGE,
}
NAMED = {  # kind -> (what, attribute that holds the name token)
    SyntaxKind.CheckerDeclaration: (DeclKind.CHECKER, "name"),
    SyntaxKind.UdpDeclaration: (DeclKind.PRIMITIVE, "name"),
    SyntaxKind.ConfigDeclaration: (DeclKind.CONFIG, "name"),
    SyntaxKind.CovergroupDeclaration: (DeclKind.COVERGROUP, "name"),
    SyntaxKind.PropertyDeclaration: (DeclKind.PROPERTY, "name"),
    SyntaxKind.SequenceDeclaration: (DeclKind.SEQUENCE, "name"),
    SyntaxKind.ModportItem: (DeclKind.MODPORT, "name"),
    SyntaxKind.ClockingDeclaration: (DeclKind.CLOCKING, "blockName"),
    SyntaxKind.LetDeclaration: (DeclKind.FUNCTION, "identifier"),
    SyntaxKind.NetTypeDeclaration: (DeclKind.TYPEDEF, "name"),
    SyntaxKind.AssertionItemPort: (DeclKind.PORT, "name"),
    SyntaxKind.SpecparamDeclarator: (DeclKind.LOCALPARAM, "name"),
}
BLOCKS = frozenset({SyntaxKind.SequentialBlockStatement, SyntaxKind.ParallelBlockStatement})
ASSERTIONS = frozenset(
    {
        SyntaxKind.AssertPropertyStatement,
        SyntaxKind.AssumePropertyStatement,
        SyntaxKind.CoverPropertyStatement,
        SyntaxKind.CoverSequenceStatement,
        SyntaxKind.RestrictPropertyStatement,
        SyntaxKind.ImmediateAssertStatement,
        SyntaxKind.ImmediateAssumeStatement,
        SyntaxKind.ImmediateCoverStatement,
    }
)
DIRECTIONS = frozenset({"input", "output", "inout", "ref"})
STRUCTURES = frozenset({SyntaxKind.StructType, SyntaxKind.UnionType})
LONG_TYPES = STRUCTURES | {SyntaxKind.EnumType}
SCOPES = frozenset(
    {
        *UNITS.values(),
        DeclKind.CHECKER,
        DeclKind.PRIMITIVE,
        DeclKind.CONFIG,
        DeclKind.CLASS,
        DeclKind.FUNCTION,
        DeclKind.TASK,
        DeclKind.GENERATE_BLOCK,
        DeclKind.BLOCK,
        DeclKind.MODPORT,
        DeclKind.CLOCKING,
        DeclKind.COVERGROUP,
        DeclKind.PROPERTY,
        DeclKind.SEQUENCE,
    }
)
