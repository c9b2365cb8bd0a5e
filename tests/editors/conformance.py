"""Checks what a server said, message by message, against LSP types that are not the server's own.

The types are those of PyPI's lsp-types (TypedDicts generated from the LSP meta model), read by pydantic in strict mode:
an unknown property, a missing one or a wrong type is a problem, as are an answer to nothing, two answers, no answer,
and a method the protocol does not know. Must not import hdl_lsp, pygls or lsprotocol.
"""

# ruff: noqa: UP007, UP045 - these unions are values, some of names that are not classes

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Optional, Union

from pydantic import TypeAdapter, ValidationError

from tests.editors.message_types import (
    EngineStatus,
    Explanation,
    FileInfo,
    InactiveRegions,
    InstancePage,
    ProjectStatus,
    Proposal,
    Selected,
    ServerStatus,
    SignalSites,
    Targets,
    t,
)

_LOCATIONS = Union[t.Location, list[t.Location], list[t.LocationLink], None]
RESULTS: Mapping[str, Any] = {
    "initialize": t.InitializeResult,
    "shutdown": type(None),
    "textDocument/codeAction": Optional[list[t.Command | t.CodeAction]],
    "codeAction/resolve": t.CodeAction,
    "textDocument/codeLens": Optional[list[t.CodeLens]],
    "codeLens/resolve": t.CodeLens,
    "textDocument/completion": Union[list[t.CompletionItem], t.CompletionList, None],
    "completionItem/resolve": t.CompletionItem,
    "textDocument/declaration": _LOCATIONS,
    "textDocument/definition": _LOCATIONS,
    "textDocument/diagnostic": Union[
        t.RelatedFullDocumentDiagnosticReport, t.RelatedUnchangedDocumentDiagnosticReport
    ],
    "textDocument/documentHighlight": Optional[list[t.DocumentHighlight]],
    "textDocument/documentLink": Optional[list[t.DocumentLink]],
    "documentLink/resolve": t.DocumentLink,
    "textDocument/documentSymbol": Union[list[t.DocumentSymbol], list[t.SymbolInformation], None],
    "textDocument/foldingRange": Optional[list[t.FoldingRange]],
    "textDocument/formatting": Optional[list[t.TextEdit]],
    "textDocument/hover": Optional[t.Hover],
    "textDocument/implementation": _LOCATIONS,
    "textDocument/inlayHint": Optional[list[t.InlayHint]],
    "inlayHint/resolve": t.InlayHint,
    "textDocument/inlineCompletion": Union[
        list[t.InlineCompletionItem], t.InlineCompletionList, None
    ],
    "textDocument/linkedEditingRange": Optional[t.LinkedEditingRanges],
    "textDocument/onTypeFormatting": Optional[list[t.TextEdit]],
    "textDocument/prepareRename": Union[
        t.Range, t.PrepareRenamePlaceholder, t.PrepareRenameDefaultBehavior, None
    ],
    "textDocument/rangeFormatting": Optional[list[t.TextEdit]],
    "textDocument/references": Optional[list[t.Location]],
    "textDocument/rename": Optional[t.WorkspaceEdit],
    "textDocument/selectionRange": Optional[list[t.SelectionRange]],
    "textDocument/semanticTokens/full": Optional[t.SemanticTokens],
    "textDocument/semanticTokens/full/delta": Union[t.SemanticTokens, t.SemanticTokensDelta, None],
    "textDocument/semanticTokens/range": Optional[t.SemanticTokens],
    "textDocument/signatureHelp": Optional[t.SignatureHelp],
    "textDocument/typeDefinition": _LOCATIONS,
    "workspace/diagnostic": t.WorkspaceDiagnosticReport,
    "workspace/executeCommand": Any,
    "workspace/symbol": Union[list[t.SymbolInformation], list[t.WorkspaceSymbol], None],
    "workspaceSymbol/resolve": t.WorkspaceSymbol,
    "textDocument/prepareCallHierarchy": Optional[list[t.CallHierarchyItem]],
    "callHierarchy/incomingCalls": Optional[list[t.CallHierarchyIncomingCall]],
    "callHierarchy/outgoingCalls": Optional[list[t.CallHierarchyOutgoingCall]],
    "hdl/drivers": SignalSites,
    "hdl/engineStatus": EngineStatus,
    "hdl/explain": Optional[Explanation],
    "hdl/fileInfo": Optional[FileInfo],
    "hdl/instances": InstancePage,
    "hdl/loads": SignalSites,
    "hdl/projectStatus": ProjectStatus,
    "hdl/proposeConfig": Proposal,
    "hdl/restartWorkers": type(None),
    "hdl/selectInstance": Selected,
    "hdl/selectTarget": Targets,
    "hdl/targets": Targets,
}
"""What a request may be answered."""

PARAMS: Mapping[str, Any] = {
    "$/cancelRequest": t.CancelParams,
    "$/hdl/status": ServerStatus,
    "$/logTrace": t.LogTraceParams,
    "$/progress": t.ProgressParams,
    "hdl/inactiveRegions": InactiveRegions,
    "client/registerCapability": t.RegistrationParams,
    "client/unregisterCapability": t.UnregistrationParams,
    "textDocument/publishDiagnostics": t.PublishDiagnosticsParams,
    "window/logMessage": t.LogMessageParams,
    "window/showDocument": t.ShowDocumentParams,
    "window/showMessage": t.ShowMessageParams,
    "window/showMessageRequest": t.ShowMessageRequestParams,
    "window/workDoneProgress/create": t.WorkDoneProgressCreateParams,
    "workspace/applyEdit": t.ApplyWorkspaceEditParams,
    "workspace/codeLens/refresh": type(None),
    "workspace/configuration": t.ConfigurationParams,
    "workspace/diagnostic/refresh": type(None),
    "workspace/inlayHint/refresh": type(None),
    "workspace/semanticTokens/refresh": type(None),
    "workspace/workspaceFolders": type(None),
}
"""What a server may send of its own accord."""

_adapters: dict[tuple[str, str], TypeAdapter[Any]] = {}  # made once a method, 10 ms each


def read_trace(path: Path) -> list[dict[str, Any]]:
    """The entries that tee.py wrote, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def trace_problems(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for each thing the server did wrong, in the order of happening.

    Requests without an answer count only in a session that ended by `shutdown`; elsewhere the editor was ended first.
    """
    pending: dict[object, str] = {}
    found: list[str] = []
    shut_down = False
    for entry in entries:
        if "broken" in entry:
            found.append(f"{entry['from']} sent what is no message: {entry['broken']!r}")
        message = entry.get("message")
        if message is None:
            continue
        if message.get("jsonrpc") != "2.0":
            found.append(f"{entry['from']}: jsonrpc is not 2.0: {message}")
        if entry["from"] == "client":
            if "method" in message and "id" in message:
                pending[message["id"]] = message["method"]
        elif "method" in message:
            found += _check("params", PARAMS, message["method"], message.get("params"))
        elif message.get("id") not in pending:
            found.append(f"an answer to nothing, or a second one: {message}")
        else:
            method = pending.pop(message["id"])
            shut_down = shut_down or method == "shutdown"
            found += _answer_problems(method, message)
    if shut_down:
        found += [f"never answered: {method} (id {id})" for id, method in pending.items()]
    return found


def _answer_problems(method: str, message: Mapping[str, Any]) -> list[str]:
    if ("result" in message) == ("error" in message):
        return [f"{method}: an answer has either a result or an error: {message}"]
    if "result" in message:
        return _check("result", RESULTS, method, message["result"])
    error = message["error"]
    if not isinstance(error.get("code"), int) or not isinstance(error.get("message"), str):
        return [f"{method}: an error has a code and a message: {error}"]
    return []


def _check(kind: str, table: Mapping[str, Any], method: str, value: object) -> list[str]:
    if method not in table:
        return [f"{method}: no such method is known for {kind}"]
    adapter = _adapters.get((kind, method))
    if adapter is None:
        adapter = _adapters[kind, method] = TypeAdapter(table[method])
    try:
        adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        return [
            f"{kind} of {method}: {'.'.join(map(str, e['loc']))}: {e['msg']}"
            for e in error.errors()[:5]
        ]
    return []
