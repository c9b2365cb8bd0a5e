"""The types of everything that may pass: LSP's, which are not the server's own, and those of docs/protocol.md.

LSP's are those of PyPI's lsp-types (TypedDicts generated from the LSP meta model), read by pydantic in strict mode.
Must not import hdl_lsp, pygls or lsprotocol.
"""

import importlib
import typing
from types import ModuleType
from typing import Any, Literal

import typing_extensions
from pydantic import ConfigDict
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


class Parameter(TypedDict):
    """A parameter of an instance."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    name: str
    value: str


class Instance(TypedDict):
    """One instance of the elaborated design."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    name: str
    definition: str
    path: str
    kind: Literal["module", "interface", "program", "unknown"]
    parameters: list[Parameter]
    location: t.Location | None
    definitionLocation: t.Location | None
    children: int


class InstancePage(TypedDict):
    """`hdl/instances`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    instances: list[Instance]
    start: int
    total: int
    status: str


class Signal(TypedDict):
    """The signal that was asked about."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    path: str
    kind: str
    type: str
    width: int | None
    value: str | None
    location: t.Location | None


class Site(TypedDict):
    """One place that drives or reads it."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    kind: str
    location: t.Location | None
    text: str
    instance: str
    through: list[str]
    level: int


class SignalSites(TypedDict):
    """`hdl/drivers` and `hdl/loads`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    signal: Signal | None
    sites: list[Site]
    isCut: bool
    status: str


class Selected(TypedDict):
    """`hdl/selectInstance`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    active: str
    status: str


class Target(TypedDict):
    """A named build."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    name: str
    tops: list[str]
    sources: int
    includeDirs: list[str]
    defines: list[str]


class Targets(TypedDict):
    """`hdl/targets` and `hdl/selectTarget`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    active: str
    targets: list[Target]


class FileInfo(TypedDict):
    """`hdl/fileInfo`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    path: str
    digest: str
    bytes: int
    lines: int
    encoding: str
    revision: int
    isOpen: bool
    isIndexed: bool
    isBig: bool
    factsDigest: str | None
    factsFailure: str
    rule: str
    why: str
    folder: str
    role: Literal["source", "library", "header", "included", "found", "outside"]
    isThirdParty: bool
    target: str
    tops: list[str]
    units: list[str]
    includedBy: list[str]
    compiledIn: str
    includeDirs: list[str]
    defines: list[str]
    macroFiles: list[str]
    unresolvedIncludes: list[str]
    unresolvedMacros: list[str]
    unresolvedNames: list[str]


class Choice(TypedDict):
    """One line of a proposed hdl-lsp.toml, tried."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    key: Literal["include_dirs", "shared macros", "defines", "exclude", "tops"]
    value: str
    errorsBefore: int
    errorsAfter: int
    files: int
    isKept: bool
    proof: str


class Unsolved(TypedDict):
    """Errors of one kind that are left."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    message: str
    count: int


class Proposal(TypedDict):
    """`hdl/proposeConfig`."""

    __pydantic_config__ = _STRICT  # pyright: ignore[reportGeneralTypeIssues]
    folder: str
    files: int
    errorsBefore: int
    errorsAfter: int
    choices: list[Choice]
    unsolved: list[Unsolved]
    otherTops: list[str]
    toml: str
    uri: str
    exists: bool
