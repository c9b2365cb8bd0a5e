"""Findings of a shallow compilation that the rest of the workspace speaks against.

Must not filter by taste: only what one file compiled alone can't know is taken out.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.index import WorkspaceIndex

_QUOTED = re.compile(r"'([^']+)'")


def is_doubtful(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """Slang can't have known: the finding about *text* would likely vanish in the whole design."""
    match diagnostic.code:
        case "UndeclaredIdentifier":
            return _is_of_the_unit(index, text, diagnostic) or _is_path_elsewhere(
                index, text, diagnostic
            )
        case "AmbiguousWildcardImport":
            return _is_declared_once(index, diagnostic)
        case _:
            return False


def _is_declared_once(index: WorkspaceIndex, diagnostic: Diagnostic) -> bool:
    """Two packages include the one header that declares the name, as its include guard allows in separate units."""
    quoted = _QUOTED.search(diagnostic.message)
    name = quoted[1] if quoted else ""
    return len({(ref.file, ref.decl.name_span) for ref in index.outline(name)}) == 1


def _is_of_the_unit(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """Another file declares the name outside of any module: compiled as one unit the two see each other (3.12.1)."""
    return any(ref.decl.parent is None for ref in index.outline(text.slice(diagnostic.span)))


def _is_path_elsewhere(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """The name starts a hierarchical name, and an instance or module above may be called so (23.8)."""
    if not text.data[diagnostic.span.end :].lstrip().startswith((b".", b"[")):
        return False
    name = text.slice(diagnostic.span)
    return bool(index.files_in("units", name) or index.files_in("scopes", name))
