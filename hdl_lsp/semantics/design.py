"""Whole-design elaboration: all files of a project together, from its tops.

Must run in an analysis process only: slang can crash here, and holds the GIL all the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pyslang
from pyslang import ast

from hdl_lsp.semantics.design_facts import (
    MAX_INSTANCES,
    DesignCounts,
    DesignFacts,
    InstanceNode,
)
from hdl_lsp.semantics.diagnose import Judge
from hdl_lsp.semantics.facts import Diagnostic, Severity
from hdl_lsp.semantics.flow import analyzed
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, Input
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache
from hdl_lsp.semantics.values import value_text
from hdl_lsp.text.source import SourceText, span

MAX_VALUE_CHARS = 200  # parameter values longer than this are cut: ROM images are parameters too

UNUSED_OFFERS = ("unused-package-", "unused-def")

TOO_DEEP_CODE = "hdl-nesting"


class Designer:
    """Elaborates designs; keeps the trees of unchanged files from one time to the next.

    The one owner of trees, their manager and the compilation: a tree whose manager is gone reads
    freed memory.
    """

    def __init__(self) -> None:
        self._cache: TreeCache | None = None

    def facts(self, request: DesignRequest) -> DesignFacts:
        """What elaboration of all files tells; never raises for what is wrong with them."""
        cache = self._cache_for(request)
        parsed, too_deep = _parsed(cache, request)
        if not parsed:
            return DesignFacts(failure="no file of the project can be read")
        compilation = _compilation(parsed, request.options)
        found = [*compilation.getAllDiagnostics()]
        found += analyzed(compilation, with_unused=True)
        diagnostics = too_deep | _diagnostics(cache, parsed, request.options, found)
        tops = _tops(compilation)
        return DesignFacts(
            tops=tops,
            diagnostics=diagnostics,
            instances=_instances(compilation, cache) if tops else (),
            counts=_counts(compilation, parsed, diagnostics),
            is_lint_only=not request.options.tops,
            failure=_missing_tops(request.options, tops),
        )

    def _cache_for(self, request: DesignRequest) -> TreeCache:
        """The trees to go on with; fresh ones when an option or a header changed."""
        files = {file.path for file in request.files}
        overlays = tuple(sorted((p, t) for p, t in request.overlays.items() if p not in files))
        cache = self._cache
        if (
            cache is None
            or cache.options != request.options
            or cache.overlays != overlays
            or cache.is_stale()
        ):
            cache = self._cache = TreeCache(request.options, overlays)
        return cache


def _parsed(
    cache: TreeCache, request: DesignRequest
) -> tuple[tuple[ParsedText, ...], dict[str, tuple[Diagnostic, ...]]]:
    """The trees of all files that can be read, and a diagnostic for each that slang refuses."""
    parsed: list[ParsedText] = []
    refused: dict[str, tuple[Diagnostic, ...]] = {}
    for file in request.files:
        text = request.overlays.get(file.path, file.text)
        source = (
            file if text is file.text else Input(file.path, SourceText.of(text or "").digest, text)
        )
        try:
            tree = cache.parsed(source)
        except RuntimeError:  # pyslang's only sign of the parser's limit, with an empty message
            message = "nesting too deep to be parsed"
            refused[file.path] = (Diagnostic(span(0, 0), Severity.ERROR, TOO_DEEP_CODE, message),)
            continue
        if tree is not None:
            parsed.append(tree)
    return tuple(parsed), refused


def _compilation(parsed: Iterable[ParsedText], options: CompileOptions) -> ast.Compilation:
    """A compilation from the tops of the options; without tops it only resolves names.

    A library elaborated without a top reports thousands of artefacts of default parameters.
    """
    chosen = ast.CompilationOptions()
    chosen.errorLimit = 0  # the default of 64 stops elaboration half-way
    chosen.defaultTimeScale = pyslang.TimeScale.fromString(options.timescale)
    if options.tops:
        chosen.topModules = set(options.tops)
    else:
        chosen.flags |= ast.CompilationFlags.LintMode | ast.CompilationFlags.IgnoreUnknownModules
        chosen.topModules = {
            ""
        }  # a name no module has: otherwise all that nobody instantiates are tops
    bag = pyslang.Bag()
    bag.compilationOptions = chosen
    compilation = ast.Compilation(bag)
    for text in parsed:
        compilation.addSyntaxTree(text.tree)
    return compilation


def _diagnostics(
    cache: TreeCache,
    parsed: Iterable[ParsedText],
    options: CompileOptions,
    found: Iterable[pyslang.Diagnostic],
) -> dict[str, tuple[Diagnostic, ...]]:
    """The findings worth showing, by file; a finding in a header belongs to the header."""
    manager = cache.manager
    anywhere = Locations(manager, -1, "", cache.path_of)
    by_buffer: defaultdict[int, list[pyslang.Diagnostic]] = defaultdict(list)
    for diagnostic in found:
        by_buffer[anywhere.written(diagnostic.location)[0]].append(diagnostic)
    texts = {text.buffer_id: text.text for text in parsed}
    shown: dict[str, tuple[Diagnostic, ...]] = {}
    for buffer, group in by_buffer.items():
        path = anywhere.path(buffer)
        if path is None or not Path(path).is_absolute():
            continue  # a predefined macro, or no place at all
        judge = Judge(
            text=texts.get(buffer) or _header_text(manager, buffer),
            locations=Locations(manager, buffer, path, cache.path_of),
            manager=manager,
            options=options,
            defaulted=frozenset(),
            type_defaulted=frozenset(),
            text_at=cache.text_at,
        )
        kept = [d for d in judge.findings(group).diagnostics if _is_wanted(d, options)]
        if kept:
            shown[path] = tuple(
                sorted({*shown.get(path, ()), *kept}, key=lambda d: (d.span, d.code))
            )
    return shown


def _is_wanted(diagnostic: Diagnostic, options: CompileOptions) -> bool:
    """Unless asked for, what a package or library offers and this design leaves unused is fine."""
    return not diagnostic.code.startswith(UNUSED_OFFERS) or diagnostic.code in options.warnings


def _header_text(manager: pyslang.SourceManager, buffer: int) -> SourceText:
    """The text of an included file, as slang read it."""
    for known in manager.getAllBuffers():
        if known.id == buffer:
            try:
                return SourceText.of(manager.getSourceText(known).rstrip("\0"))
            except UnicodeDecodeError:
                break
    return SourceText(b"")


def _tops(compilation: ast.Compilation) -> tuple[str, ...]:
    """Names of the tops."""
    # The stubs give `topInstances` a type that they do not define.
    tops = cast("Iterable[ast.InstanceSymbol]", compilation.getRoot().topInstances)  # pyright: ignore[reportUnknownMemberType]
    return tuple(top.name for top in tops)


def _instances(compilation: ast.Compilation, cache: TreeCache) -> tuple[InstanceNode, ...]:
    """The first MAX_INSTANCES instances, parents first.

    Not more: every visited instance is made anew by slang, which otherwise shares equal ones
    (1.1 GB for the 32,800 of OpenTitan).
    """
    nodes: list[InstanceNode] = []
    above: list[int] = []
    locations = Locations(cache.manager, -1, "", cache.path_of)

    def visit(symbol: ast.InstanceSymbol) -> ast.VisitAction | None:
        if len(nodes) == MAX_INSTANCES:
            return ast.VisitAction.Interrupt
        path = symbol.hierarchicalPath
        while above and not path.startswith(
            (nodes[above[-1]].path + ".", nodes[above[-1]].path + "[")
        ):
            above.pop()
        parent = above[-1] if above else None
        name = path[len(nodes[parent].path) + 1 :] if parent is not None else path
        buffer, offset, is_verbatim = locations.written(symbol.location)
        file = locations.path(buffer)
        nodes.append(
            InstanceNode(
                name=name,
                definition=symbol.definition.name,
                path=path,
                parent=parent,
                parameters=_parameters(symbol.body),
                file=file or "",
                span=span(offset, offset + len(symbol.name.encode()) * is_verbatim),
            )
        )
        above.append(len(nodes) - 1)
        return None

    compilation.getRoot().visit(lookup_table={ast.SymbolKind.Instance: visit})
    return tuple(nodes)


def _parameters(body: ast.InstanceBodySymbol) -> tuple[tuple[str, str], ...]:
    """Names and values of the parameters one can set."""
    found: list[tuple[str, str]] = []
    # A bare list in the stubs.
    parameters = cast("list[object]", body.parameters)  # pyright: ignore[reportUnknownMemberType]
    for parameter in parameters:
        if isinstance(parameter, ast.ParameterSymbol) and not parameter.isLocalParam:
            found.append(
                (parameter.name, _shortened(value_text(parameter.value, parameter.type) or ""))
            )
        elif isinstance(parameter, ast.TypeParameterSymbol) and not parameter.isLocalParam:
            found.append((parameter.name, _shortened(str(parameter.targetType.type))))
    return tuple(found)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"


def _counts(
    compilation: ast.Compilation,
    parsed: tuple[ParsedText, ...],
    diagnostics: dict[str, tuple[Diagnostic, ...]],
) -> DesignCounts:
    used = [
        definition.instanceCount
        for definition in compilation.getDefinitions()
        if isinstance(definition, ast.DefinitionSymbol) and definition.instanceCount
    ]
    shown = [d.severity for group in diagnostics.values() for d in group]
    return DesignCounts(
        files=len(parsed),
        definitions=len(used),
        instances=sum(used),
        errors=shown.count(Severity.ERROR),
        warnings=shown.count(Severity.WARNING),
    )


def _missing_tops(options: CompileOptions, found: tuple[str, ...]) -> str:
    """The sentence for tops that no file declares; "" when there is at least one."""
    if not options.tops or set(options.tops) & set(found):
        return ""
    return f"no file of the project declares the top {', '.join(options.tops)}"
