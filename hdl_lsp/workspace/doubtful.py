"""Findings of a shallow compilation that the rest of the workspace speaks against.

Must not filter by taste: only what one file compiled alone can't know is taken out.
"""

from __future__ import annotations

from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.index import WorkspaceIndex

_SCOPES_WITH_PATHS = frozenset({DeclKind.INSTANCE, DeclKind.GENERATE_BLOCK})


def is_doubtful(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """Slang can't have known: the finding about *text* would likely vanish in the whole design."""
    if diagnostic.code != "UndeclaredIdentifier":
        return False
    return _is_of_the_unit(index, text, diagnostic) or _is_path_elsewhere(index, text, diagnostic)


def _is_of_the_unit(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """Another file declares the name outside of any module: compiled as one unit the two see each other (3.12.1)."""
    return any(ref.decl.parent is None for ref in index.outline(text.slice(diagnostic.span)))


def _is_path_elsewhere(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """The name starts a hierarchical name, and an instance or module above may be called so (23.8)."""
    if not text.data[diagnostic.span.end :].lstrip().startswith((b".", b"[")):
        return False
    name = text.slice(diagnostic.span)
    if index.units(name):
        return True
    return any(ref.decl.kind in _SCOPES_WITH_PATHS for ref in index.declarations(name))
