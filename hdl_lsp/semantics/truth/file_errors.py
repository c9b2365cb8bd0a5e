"""All errors of slang for one text of one file, by a compilation of its own and nothing that serves an editor.

Must not judge, soften or leave out: diagnose.py does that for the editor, and is what this is compared with.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from dataclasses import dataclass

import pyslang
from pyslang import ast, syntax

from hdl_lsp.semantics.request import CompileOptions, DiagnosticsRequest
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache
from hdl_lsp.semantics.truth.file_record import Errors, FileError

MOST_BYTES = 64_000_000
"""Text handed to slang before a fresh start; slang keeps it all."""

MOST_GENERATE_STEPS = 8_192


@dataclass(frozen=True, slots=True)
class Elaborated:
    """A compilation with what must stay alive with it."""

    cache: TreeCache
    main: ParsedText
    compilation: ast.Compilation
    tops: frozenset[str]  # slang keeps views of these very strings


class Texts:
    """Compiles texts one by one; files that stay the same are parsed once."""

    def __init__(self) -> None:
        self._cache: TreeCache | None = None

    def elaborated(self, request: DiagnosticsRequest) -> Elaborated | str:
        """The main file, its modules being the tops, with its context; or why not."""
        cache = self._cache_for(request.options)
        try:
            main = cache.parsed(request.main)
        except RuntimeError:
            return "nested too deeply for slang"
        if main is None:
            return "can't be read"
        tops = _tops(main.tree)
        compilation = ast.Compilation(_options(tops))
        compilation.addSyntaxTree(main.tree)
        for source in request.context:
            try:
                parsed = cache.parsed(source)
            except RuntimeError:
                continue
            if parsed is not None and parsed.path != main.path:
                compilation.addSyntaxTree(parsed.tree)
        return Elaborated(cache, main, compilation, tops)

    def errors(self, request: DiagnosticsRequest) -> Errors:
        """Every error, wherever it is."""
        try:
            done = self.elaborated(request)
            if isinstance(done, str):
                return Errors(failure=done)
            return Errors(tuple(_errors(done)))
        except RuntimeError as err:
            return Errors(failure=str(err) or "nested too deeply for slang")

    def _cache_for(self, options: CompileOptions) -> TreeCache:
        cache = self._cache
        if cache is None or cache.options != options or cache.text_bytes > MOST_BYTES:
            cache = self._cache = TreeCache(options)
        return cache


def _tops(tree: syntax.SyntaxTree) -> frozenset[str]:
    root = tree.root
    members = root.members if isinstance(root, syntax.CompilationUnitSyntax) else [root]
    found = (
        member.header.name.valueText
        for member in members
        if isinstance(member, syntax.ModuleDeclarationSyntax)
        and member.kind
        in (syntax.SyntaxKind.ModuleDeclaration, syntax.SyntaxKind.ProgramDeclaration)
    )
    return frozenset(name for name in found if name)


def _options(tops: frozenset[str]) -> pyslang.Bag:
    options = ast.CompilationOptions()
    options.errorLimit = 0
    options.maxGenerateSteps = MOST_GENERATE_STEPS
    options.defaultTimeScale = pyslang.TimeScale.fromString("1ns/1ps")
    options.flags = (
        ast.CompilationFlags.AllowTopLevelIfacePorts | ast.CompilationFlags.AllowInvalidTop
    )
    options.topModules = set(tops)
    bag = pyslang.Bag()
    bag.compilationOptions = options
    return bag


def _errors(done: Elaborated) -> list[FileError]:
    manager = done.cache.manager
    engine = pyslang.DiagnosticEngine(manager)
    of_parser = {_place(one) for one in [*done.main.tree.diagnostics]}
    found: list[FileError] = []
    for one in [*done.compilation.getAllDiagnostics()]:  # copies: the list's own items go with it
        if engine.getSeverity(one.code, one.location).name not in ("Error", "Fatal"):
            continue
        location = manager.getFullyExpandedLoc(one.location)
        found.append(
            FileError(
                code=str(one.code).removeprefix("DiagCode(").removesuffix(")"),
                message=engine.formatMessage(one),
                line1=manager.getLineNumber(location),
                is_syntax=_place(one) in of_parser,
                is_own=location.buffer.id == done.main.buffer_id,
            )
        )
    return found


def _place(one: pyslang.Diagnostic) -> tuple[str, int, int]:
    return str(one.code), one.location.buffer.id, one.location.offset
