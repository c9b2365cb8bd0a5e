"""Findings of a shallow compilation that the rest of the workspace speaks against.

Must not filter by taste: only what one file compiled alone can't know is taken out.
"""

from __future__ import annotations

from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.project import ProjectModel

_SCOPES_WITH_PATHS = frozenset({DeclKind.INSTANCE, DeclKind.GENERATE_BLOCK})


def is_doubtful(
    index: WorkspaceIndex,
    project: ProjectModel,
    file: FileId,
    text: SourceText,
    diagnostic: Diagnostic,
) -> bool:
    """Slang can't have known: the finding would likely vanish in the whole design."""
    match diagnostic.code:
        case "UndeclaredIdentifier":
            return _is_path_elsewhere(index, text, diagnostic)
        case "PortDoesNotExist" | "ParameterDoesNotExist":
            return not project.is_configured and _is_switched_off(index, file, text, diagnostic)
        case _:
            return False


def _is_path_elsewhere(index: WorkspaceIndex, text: SourceText, diagnostic: Diagnostic) -> bool:
    """The name starts a hierarchical name, and an instance or module above may be called so (23.8)."""
    if not text.data[diagnostic.span.end :].lstrip().startswith((b".", b"[")):
        return False
    name = text.slice(diagnostic.span)
    if index.units(name):
        return True
    return any(ref.decl.kind in _SCOPES_WITH_PATHS for ref in index.declarations(name))


def _is_switched_off(
    index: WorkspaceIndex, file: FileId, text: SourceText, diagnostic: Diagnostic
) -> bool:
    """The definition's text holds the name, but no declaration that is active: it is under an `` `ifdef ``.

    Only for projects nobody configured, where nobody says which macros are defined.
    """
    summary = index.summary_of(file)
    name = text.slice(diagnostic.span).lstrip(".").strip()
    for instance in summary.instances if summary else ():
        if not instance.span.covers(diagnostic.span):
            continue
        for ref in index.units(instance.definition):
            there = index.summary_of(ref.file)
            if (
                there is not None
                and there.macro_uses
                and name in there.identifiers
                and all(decl.name != name for decl in there.decls)
            ):
                return True
    return False
