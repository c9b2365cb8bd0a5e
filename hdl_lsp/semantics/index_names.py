"""The names under which one file stands in the tables of the workspace index.

Must not know other files, nor read any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hdl_lsp.semantics.sealed import seal, unseal
from hdl_lsp.semantics.summary import DESIGN_UNITS, Decl, DeclKind, FileSummary
from hdl_lsp.semantics.summary_codec import SUMMARY_VERSION

TABLES = (
    "units",
    "packages",
    "interfaces",
    "outline",
    "macros",
    "macro_uses",
    "instances",
    "basenames",
    "includes",
    "identifiers",
    "modules",  # and programs: what can be a top
    "include_paths",  # as written
    "bodied_macros",  # with a body or arguments: more than flags and include guards
    "scopes",  # instances and generate blocks: what hierarchical names go through (23.6)
    "problems",  # ERRORS, in files that the parser does not understand
)

ERRORS = "errors"

OUTLINE_KINDS = DESIGN_UNITS | {
    DeclKind.CLASS,
    DeclKind.FUNCTION,
    DeclKind.TASK,
    DeclKind.TYPEDEF,
    DeclKind.COVERGROUP,
    DeclKind.PROPERTY,
    DeclKind.SEQUENCE,
    DeclKind.MODPORT,
}
"""Kinds that a search over the workspace always finds, wherever they stand."""

OPEN_SCOPES = frozenset({DeclKind.PACKAGE, DeclKind.CLASS, DeclKind.TYPEDEF})
"""Scopes whose items other files can name (26.2, 8.23); an enum's members may hang under its typedef."""

TOP_KINDS = frozenset({DeclKind.MODULE, DeclKind.PROGRAM})
SCOPE_KINDS = frozenset({DeclKind.INSTANCE, DeclKind.GENERATE_BLOCK})

CLOSED_KINDS = frozenset(
    {DeclKind.STRUCT_MEMBER, DeclKind.CONSTRAINT, DeclKind.BLOCK, DeclKind.PORT}
)

_KIND = b"names %d" % SUMMARY_VERSION


def index_names(path: str, summary: FileSummary) -> Mapping[str, frozenset[str]]:
    """The names of the file in each of TABLES."""
    decls = summary.decls
    top = [d for d in decls if d.parent is None]
    return {
        "units": frozenset(d.name for d in top if is_unit(d)),
        "packages": frozenset(d.name for d in top if d.kind is DeclKind.PACKAGE),
        "interfaces": frozenset(d.name for d in top if d.kind is DeclKind.INTERFACE),
        "outline": frozenset(d.name for d in decls if d.name and is_outline(decls, d)),
        "macros": frozenset(m.name for m in summary.macros),
        "macro_uses": frozenset(m.name for m in summary.macro_uses),
        "instances": frozenset(i.definition for i in summary.instances),
        "basenames": frozenset((Path(path).name,)),
        "includes": frozenset(i.path.rsplit("/", 1)[-1] for i in summary.includes),
        "identifiers": summary.identifiers,
        "modules": frozenset(d.name for d in top if d.kind in TOP_KINDS),
        "include_paths": frozenset(i.path for i in summary.includes),
        "bodied_macros": frozenset(
            m.name for m in summary.macros if m.body.strip() or m.arguments is not None
        ),
        "scopes": frozenset(d.name for d in decls if d.kind in SCOPE_KINDS),
        "problems": frozenset((ERRORS,) if any(p.is_error for p in summary.problems) else ()),
    }


def is_unit(decl: Decl) -> bool:
    """*decl* is a module or something else of the design's own library (3.2)."""
    return decl.kind in DESIGN_UNITS


def is_outline(decls: Sequence[Decl], decl: Decl) -> bool:
    """Other files can name *decl*, one of *decls*."""
    if decl.kind in OUTLINE_KINDS:
        return True
    if decl.kind in CLOSED_KINDS:
        return False
    parent = decl.parent
    while parent is not None:
        if decls[parent].kind not in OPEN_SCOPES:
            return False
        parent = decls[parent].parent
    return True


def encode_names(names: Mapping[str, frozenset[str]]) -> bytes:
    """The names of index_names() as bytes that decode_names() takes."""
    return seal(_KIND, tuple(tuple(names[table]) for table in TABLES))


def decode_names(data: bytes) -> tuple[tuple[str, ...], ...]:
    """The names in each of TABLES, in their order, each name once; raises DamagedError.

    Strings come interned, so that a name takes memory and is hashed once for all files.
    """
    return unseal(_KIND, data)
