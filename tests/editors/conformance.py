"""Checks what a server said, message by message, against LSP types that are not the server's own.

The types are those of PyPI's lsp-types (TypedDicts generated from the LSP meta model), read by pydantic in strict mode:
an unknown property, a missing one or a wrong type is a problem, as are an answer to nothing, two answers, no answer,
and a method the protocol does not know. Must not import hdl_lsp, pygls or lsprotocol.
"""

# ruff: noqa: UP007, UP045 - these unions are values, some of names that are not classes

import importlib
import json
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Optional, Union

import typing_extensions
from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict

_STRICT = ConfigDict(extra="forbid", strict=True)


def _lsp_types() -> ModuleType:
    """lsp_types.types, its TypedDicts made with typing_extensions: before Python 3.12 pydantic takes no others."""
    plain = typing.TypedDict
    typing.TypedDict = typing_extensions.TypedDict  # pyright: ignore[reportAttributeAccessIssue]
    try:
        module = importlib.import_module("lsp_types.types")
    finally:
        typing.TypedDict = plain
    for value in vars(module).values():
        if typing_extensions.is_typeddict(value):
            value.__pydantic_config__ = _STRICT
    return module


t: Any = _lsp_types()  # Any: the module is loaded by name


class EngineStatus(TypedDict):
    """`hdl/engineStatus`, as docs/protocol.md has it."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    state: Literal["off", "starting", "ready", "busy", "failed"]
    model: str
    device: str
    detail: str
    contextTokens: int
    fim: str
    tokensPerS: float | None
    restarts: int


class Analysis(TypedDict):
    """States of the two analysis processes."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    shallow: Literal["stopped", "starting", "running", "restarting", "failed"]
    design: Literal["stopped", "starting", "running", "restarting", "failed"]


class Indexing(TypedDict):
    """Files read so far."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    done: int
    total: int


class ServerStatus(TypedDict):
    """`$/hdl/status`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    engine: EngineStatus
    analysis: Analysis
    loads: int
    indexing: Indexing | None
    target: str


class InactiveRegions(TypedDict):
    """`hdl/inactiveRegions`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    textDocument: t.VersionedTextDocumentIdentifier
    regions: list[t.Range]


class Explanation(TypedDict):
    """`hdl/explain`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    markdown: str


class ProjectProblem(TypedDict):
    """A line of a project file that could not be used; the line counts from 1."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    path: str
    line: int
    message: str


class Design(TypedDict):
    """The last elaboration of the whole design."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    tops: list[str]
    instances: int
    diagnostics: int
    failure: str
    isLintOnly: bool
    isKept: bool
    memoryBytes: int
    durationMs: int
    activeInstance: str


class ProjectStatus(TypedDict):
    """`hdl/projectStatus`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    source: str
    detail: str
    isConfigured: bool
    isLoaded: bool
    roots: list[str]
    sources: int
    files: int
    includeDirs: list[str]
    defines: list[str]
    tops: list[str]
    target: str
    targets: list[str]
    problems: list[ProjectProblem]
    design: Design | None


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
    "hdl/engineStatus": EngineStatus,
    "hdl/explain": Optional[Explanation],
    "hdl/projectStatus": ProjectStatus,
    "hdl/restartWorkers": type(None),
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
