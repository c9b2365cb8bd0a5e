"""What the server can do, as the answer to `initialize`: one table, in the protocol's own words.

Must not import lsprotocol (0.3 s): the client has this answer while the rest of the server is still being imported.
tests/server/test_capabilities.py holds it against the registered methods and against LSP's types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from hdl_lsp import __version__
from hdl_lsp.presentation.tokens import TOKEN_MODIFIERS, TOKEN_TYPES

ENCODINGS = ("utf-8", "utf-16", "utf-32")

COMMANDS = ("hdl.explain", "hdl.restartWorkers", "hdl.showProject", "hdl.acceptInline", "hdl.init")

COMPLETION_TRIGGERS = (".", ":", "`", "$", "(", ",", "#", '"')

PROVIDERS: Mapping[str, object] = {
    "hoverProvider": True,
    "definitionProvider": True,
    "declarationProvider": True,
    "typeDefinitionProvider": True,
    "implementationProvider": True,
    "referencesProvider": True,
    "renameProvider": {"prepareProvider": True},
    "documentHighlightProvider": True,
    "documentSymbolProvider": {"label": "hdl-lsp"},
    "workspaceSymbolProvider": {"resolveProvider": True},
    "completionProvider": {
        "triggerCharacters": list(COMPLETION_TRIGGERS),
        "resolveProvider": False,
    },
    "inlineCompletionProvider": {},
    "signatureHelpProvider": {
        "triggerCharacters": ["(", ",", "."],
        "retriggerCharacters": [")"],
    },
    "foldingRangeProvider": True,
    "callHierarchyProvider": True,
    "codeLensProvider": {"resolveProvider": True},
    "inlayHintProvider": {"resolveProvider": False},
    "selectionRangeProvider": True,
    "linkedEditingRangeProvider": True,
    "semanticTokensProvider": {
        "legend": {"tokenTypes": list(TOKEN_TYPES), "tokenModifiers": list(TOKEN_MODIFIERS)},
        "full": {"delta": True},
        "range": True,
    },
    "documentLinkProvider": {"resolveProvider": False},
    "diagnosticProvider": {
        "identifier": "hdl-lsp",
        "interFileDependencies": True,
        "workspaceDiagnostics": True,
    },
    "codeActionProvider": {
        "codeActionKinds": ["quickfix", "refactor.rewrite"],
        "resolveProvider": True,
    },
    "executeCommandProvider": {"commands": list(COMMANDS)},
}


def chosen_encoding(wanted: Iterable[object]) -> str:
    """The client's first choice that we know; UTF-16 when it makes none (LSP 3.18, PositionEncodingKind)."""
    known = (encoding for name in wanted for encoding in ENCODINGS if encoding == name)
    return next(known, "utf-16")


def initialize_result(initialize: object) -> dict[str, object]:
    """The answer to the parameters *initialize*, as JSON."""
    client = member(initialize, "capabilities")
    wanted = member(member(client, "general"), "positionEncodings")
    encodings = cast("list[object]", wanted) if isinstance(wanted, list) else []
    refreshes = member(member(member(client, "workspace"), "diagnostics"), "refreshSupport")
    # A client that pulls and can't be told to pull again (Neovim 0.11, Helix) would keep what it got before the
    # workspace was read: it is sent diagnostics instead, as client.pulls_diagnostics says too.
    providers = {
        name: provider
        for name, provider in PROVIDERS.items()
        if name != "diagnosticProvider" or refreshes is True
    }
    rename = member(member(client, "textDocument"), "rename")
    if member(rename, "prepareSupport") is not True:
        providers["renameProvider"] = True  # LSP 3.18: options only for clients that prepare
    return {
        "capabilities": {
            "positionEncoding": chosen_encoding(encodings),
            "textDocumentSync": {
                "openClose": True,
                "change": 2,  # incremental
                "save": {"includeText": False},
            },
            **providers,
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        },
        "serverInfo": {"name": "hdl-lsp", "version": __version__},
    }


def member(value: object, name: str) -> object:
    """Member *name* of a JSON object; None where there is none."""
    if not isinstance(value, Mapping):
        return None
    return cast("Mapping[str, object]", value).get(name)
