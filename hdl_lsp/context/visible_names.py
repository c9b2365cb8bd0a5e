"""The names that an expression near the cursor may use plainly, and whether it is in one.

Must not leave out a name that exists: what stands anywhere in the file counts, so that macros, branches and loops
need no understanding; and must say nothing where names come from elsewhere, as in classes and included files.
"""

from __future__ import annotations

import re

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.context.site_kind import SiteKind
from hdl_lsp.semantics.summary import PackageImport
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.members import enclosing_class
from hdl_lsp.workspace.names import packages, units, visible_imports
from hdl_lsp.workspace.scopes import imports_at
from hdl_lsp.workspace.snapshot import Snapshot

LARGEST_BYTES = 300_000
MOST_NAMES = 6_000
"""More would cost more than the model's token."""

_NAMES = re.compile(
    rb"""//[^\n]* | /\*.*?\*/ | "(?:\\.|[^"\\\n])*" | (?<![\w$'`]) ([A-Za-z_][\w$]*)""",
    re.DOTALL | re.VERBOSE,
)
_PROCEDURES = frozenset(
    {SiteKind.ALWAYS_FF, SiteKind.ALWAYS_COMB, SiteKind.STATEMENT, SiteKind.CASE_ITEM}
)
_EXPRESSIONS = frozenset(
    {
        SiteKind.ASSIGN_LEFT,
        SiteKind.ASSIGN_RIGHT,
        SiteKind.ARGUMENT,
        SiteKind.SENSITIVITY,
        SiteKind.PORT_CONNECTION,
        SiteKind.PARAMETER_OVERRIDE,
    }
)
_SILENT = frozenset(
    {
        SiteKind.COMMENT,
        SiteKind.COVERGROUP,
        SiteKind.DEFINE,
        SiteKind.ENUM_LITERAL,
        SiteKind.IMPORT,
        SiteKind.INCLUDE,
        SiteKind.PROPERTY,
        SiteKind.STRUCT_LITERAL,
        SiteKind.UVM_PHASE,
    }
)


def visible_names(snapshot: Snapshot, site: CompletionSite) -> tuple[str, ...]:
    """What stands in the file, in those it includes, in packages it imports, and the packages; () if not certain.

    The word at the cursor, which is being typed, does not count.
    """
    if site.kind in _SILENT or site.text.size_bytes > LARGEST_BYTES:
        return ()
    if not units(snapshot, site.file, site.cursor.container) or _is_in_macro(site):
        return ()
    if not all(
        packages(snapshot, site.file, one.package) for one in _wholly_imported(snapshot, site)
    ):
        return ()
    if enclosing_class(snapshot, site.file, int(site.offset)) is not None:
        return ()
    data, word = site.text.data, site.cursor.word_span
    found: set[str] = set(snapshot.index.package_names())
    for part in (data[: word.start], data[word.end :]):
        found.update(name.decode("ascii") for name in _NAMES.findall(part) if name)
    found.update(
        member.name for _, member in visible_imports(snapshot, site.file, int(site.offset))
    )
    for use in snapshot.summary(site.file).includes:
        for included in find_include(snapshot, site.file, use.path)[:1]:
            found.update(decl.name for decl in snapshot.summary(included).decls)
    found.discard("")
    return tuple(sorted(found)) if len(found) <= MOST_NAMES else ()


def _is_in_macro(site: CompletionSite) -> bool:
    """The cursor is in the arguments of a macro, which may make names of them."""
    call = site.cursor.call
    return call is not None and call.name.startswith("`")


def _wholly_imported(snapshot: Snapshot, site: CompletionSite) -> tuple[PackageImport, ...]:
    """The imports of all that a package has."""
    found = imports_at(snapshot.summary(site.file), int(site.offset))
    return tuple(one for one in found if one.item == "*")


def blocks(site: CompletionSite) -> int:
    """See `AllowedNames.blocks`."""
    if site.kind in _PROCEDURES:
        return 1
    if site.kind in _EXPRESSIONS:
        return 1 if site.cursor.in_procedure else 0
    return 1 if site.kind is SiteKind.OTHER and site.cursor.in_procedure else -1
