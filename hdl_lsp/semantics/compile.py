"""Shallow compilation of one file with what it names: the whole of it in tens of milliseconds.

For the analysis process only: slang can crash. The modules of the main file are tops; the files of the context
are one level deep, so what they lack is no error here. Unchanged texts are not parsed again.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

import pyslang
from pyslang import ast, syntax

from hdl_lsp.semantics.diagnose import Judge, code_name
from hdl_lsp.semantics.expansions import preprocessed
from hdl_lsp.semantics.extract import Walk
from hdl_lsp.semantics.facts import FileFacts, Reference, ScopeNames
from hdl_lsp.semantics.flow import analyzed, asks_for_unused
from hdl_lsp.semantics.fragments import parsed_inside
from hdl_lsp.semantics.lenient import LENIENT
from hdl_lsp.semantics.letting_go import let_go
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.names import Names
from hdl_lsp.semantics.request import DiagnosticsRequest, FactsRequest
from hdl_lsp.semantics.symbol_table import SymbolTable
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache
from hdl_lsp.semantics.visible import package_symbols, visible_names
from hdl_lsp.text.source import span

TOO_DEEP = "slang gave up: this file nests too deeply"

MAX_KEPT_BYTES = 96_000_000
"""Text handed to slang before everything is thrown away and read afresh (slang keeps about twice as much)."""

MAX_GENERATE_STEPS = 8_192
"""Blocks of one generate loop: more come only from absurd defaults, and cost gigabytes."""

PLACEHOLDER = "inv"
"""BaseJump STL's default for a parameter that must be given; as a number it is a width of 6.9 million bits."""

PLACEHOLDER_VALUE = 8
"""What such a parameter is taken for here: enough for any loop and select to make sense."""

WRAPPER = "hdl_lsp_interface_holder"
"""Name of the module we write around the main file's interfaces, because an interface can't be a top."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """One file compiled, while everything that slang made of it is alive."""

    cache: TreeCache
    main: ParsedText
    context: tuple[ParsedText, ...]
    compilation: ast.Compilation
    locations: Locations


Finish = Callable[[FileFacts, Compiled], FileFacts]
"""Adds to facts what else is wanted of a compilation."""


class Compiler:
    """Compiles files shallowly, one at a time, and remembers the trees of what did not change."""

    def __init__(self) -> None:
        self._cache: TreeCache | None = None
        self._overlays: tuple[tuple[str, str], ...] = ()

    @property
    def kept_bytes(self) -> int:
        """Bytes of text that slang holds on to until the next fresh start."""
        return self._cache.text_bytes if self._cache is not None else 0

    def forget(self) -> None:
        """Drops everything that was read and parsed."""
        self._cache = None

    def facts(self, request: FactsRequest) -> FileFacts:
        """Diagnostics and symbols of the main file; never raises, the failure is in the answer."""
        return self._guarded(request, _with_symbols)

    def diagnostics(self, request: DiagnosticsRequest) -> FileFacts:
        """Only the diagnostics of the main file; never raises, the failure is in the answer."""
        return self._guarded(request, None)

    def finished(self, request: FactsRequest, finish: Finish) -> FileFacts:
        """Diagnostics of the main file, after *finish* has looked at the compilation; never raises."""
        return self._guarded(request, finish)

    def built(
        self, request: FactsRequest | DiagnosticsRequest, *, is_lenient: bool = True
    ) -> Compiled | None:
        """The compilation itself, for who asks it everything at once; None when the file can't be read.

        Not *is_lenient*: by the letter of the standard. Raises RuntimeError when slang gives up.
        """
        cache = self._cache_for(request)
        main = parsed_inside(cache, request.main, request.includers) or cache.parsed(request.main)
        if main is None:
            return None
        context: list[ParsedText] = []
        for source in request.context:
            if source.path == main.path:
                continue
            try:
                parsed = cache.parsed(source)
            except RuntimeError:
                continue
            if parsed is not None:
                context.append(parsed)
        bad_headers = cache.undecodable_headers()
        if bad_headers:
            self._cache = TreeCache(cache.options, (*cache.overlays, *bad_headers))
            return self.built(request, is_lenient=is_lenient)
        units = _units(main.tree)
        compilation = ast.Compilation(
            _options(units, _placeholders(main.tree), is_lenient=is_lenient)
        )
        compilation.addSyntaxTree(main.tree)
        for parsed in context:
            compilation.addSyntaxTree(parsed.tree)
        interfaces = [name for name, kind in units.items() if kind == INTERFACE]
        if interfaces:
            compilation.addSyntaxTree(cache.synthetic(_wrapper(interfaces)))
        texts = {parsed.path: parsed.text.data for parsed in (*context, main)}
        locations = Locations(cache.manager, main.buffer_id, main.path, cache.path_of, texts.get)
        return Compiled(cache, main, tuple(context), compilation, locations)

    def _guarded(
        self, request: FactsRequest | DiagnosticsRequest, finish: Finish | None
    ) -> FileFacts:
        main = request.main
        try:
            done = self.built(request)
            if done is None:
                return FileFacts(main.path, main.digest, failure="the file can't be read")
            return _judged(done, request, finish)
        except RuntimeError as err:
            return FileFacts(main.path, main.digest, failure=gave_up(err))

    def _cache_for(self, request: FactsRequest | DiagnosticsRequest) -> TreeCache:
        cache = self._cache
        overlays = tuple((o.path, o.text) for o in request.overlays if o.text is not None)
        if (
            cache is None
            or cache.options != request.options
            or self._overlays != overlays
            or cache.text_bytes > MAX_KEPT_BYTES
            or cache.is_stale()
        ):
            cache = self._cache = TreeCache(request.options, overlays)
            self._overlays = overlays
        return cache


def gave_up(err: RuntimeError) -> str:
    """Why there is no answer.

    slang's parser says so without a word when its recursion limit is hit (parsing is guarded, other
    RuntimeErrors have a text).
    """
    text = str(err)
    return f"slang gave up: {text}" if text else TOO_DEEP


def _judged(
    done: Compiled, request: FactsRequest | DiagnosticsRequest, finish: Finish | None
) -> FileFacts:
    cache, main, compilation = done.cache, done.main, done.compilation
    found = [*compilation.getAllDiagnostics()]
    found += analyzed(compilation, with_unused=asks_for_unused(request.options.warnings))
    defaulted, type_defaulted = _defaulted(main.tree)
    judge = Judge(
        text=main.text,
        locations=done.locations,
        manager=cache.manager,
        options=request.options,
        defaulted=defaulted,
        type_defaulted=type_defaulted,
        is_part=not request.main.is_listed and _is_part(main),
        is_fragment=not request.main.is_listed and _is_fragment(main),
        syntax=frozenset((code_name(d.code), d.location.offset) for d in main.tree.diagnostics),
        context=tuple(parsed.text for parsed in done.context),
        text_at=cache.text_at,
    )
    findings = judge.findings(found)
    facts = FileFacts(
        main.path,
        main.text.digest,
        diagnostics=findings.diagnostics,
        missing_macros=findings.missing_macros,
        missing_includes=findings.missing_includes,
        depends_on=tuple(dict.fromkeys([*(p.path for p in done.context), *main.headers])),
    )
    if finish is None:
        return facts
    try:
        return finish(facts, done)
    finally:
        let_go(compilation, cache)


UNIT_END = re.compile(rb"\bend(?:module|interface|program|package)\b")
WHOLE = (
    syntax.ClassDeclarationSyntax,
    syntax.ClassMethodDeclarationSyntax,
    syntax.FunctionDeclarationSyntax,
    syntax.TypedefDeclarationSyntax,
    syntax.ParameterDeclarationStatementSyntax,
    syntax.PackageImportDeclarationSyntax,
    syntax.DPIImportSyntax,
    syntax.UdpDeclarationSyntax,
)
"""Declarations that show a file to be more than a piece of something."""

INTERFACE = syntax.SyntaxKind.InterfaceDeclaration


def _units(tree: syntax.SyntaxTree) -> dict[str, syntax.SyntaxKind]:
    """Modules, interfaces and programs of a tree, by name."""
    found: dict[str, syntax.SyntaxKind] = {}
    for node in _declarations(tree):
        name = node.header.name.valueText
        if name:
            found.setdefault(name, node.kind)
    return found


def _declarations(tree: syntax.SyntaxTree) -> list[syntax.ModuleDeclarationSyntax]:
    root = tree.root
    members = root.members if isinstance(root, syntax.CompilationUnitSyntax) else [root]
    return [
        m
        for m in members
        if isinstance(m, syntax.ModuleDeclarationSyntax)
        and m.kind != syntax.SyntaxKind.PackageDeclaration
    ]


def _defaulted(tree: syntax.SyntaxTree) -> tuple[frozenset[str], frozenset[str]]:
    """Modules with parameters, and those with type parameters."""
    some: set[str] = set()
    typed: set[str] = set()
    for node in _declarations(tree):
        parameters = node.header.parameters
        declared: list[object] = list(parameters.declarations) if parameters is not None else []
        declared += [
            m.parameter
            for m in node.members
            if isinstance(m, syntax.ParameterDeclarationStatementSyntax)
        ]
        name = node.header.name.valueText
        for declaration in declared:
            if isinstance(declaration, syntax.TypeParameterDeclarationSyntax):
                typed.add(name)
                some.add(name)
            elif (
                isinstance(declaration, syntax.ParameterDeclarationSyntax)
                and declaration.keyword.valueText != "localparam"
            ):
                some.add(name)
    return frozenset(some), frozenset(typed)


def _wrapper(interfaces: list[str]) -> str:
    uses = "".join(f"  {name} hdl_lsp_{i} ();\n" for i, name in enumerate(interfaces))
    return f"module {WRAPPER};\n{uses}endmodule\n"


def _is_part(main: ParsedText) -> bool:
    """No module, interface, program or package, whole or torn: the file is meant to be included."""
    if UNIT_END.search(main.text.data):
        return False
    return not any(isinstance(m, syntax.ModuleDeclarationSyntax) for m in _members(main.tree))


def _is_fragment(main: ParsedText) -> bool:
    """Not even a declaration that could stand at file scope."""
    return _is_part(main) and not any(isinstance(m, WHOLE) for m in _members(main.tree))


def _members(tree: syntax.SyntaxTree) -> list[object]:
    root = tree.root
    return list(root.members) if isinstance(root, syntax.CompilationUnitSyntax) else [root]


def _placeholders(tree: syntax.SyntaxTree) -> list[str]:
    """Parameters of the main file's modules whose default says that there is none."""
    found: dict[str, None] = {}
    for node in _declarations(tree):
        parameters = node.header.parameters
        for declaration in parameters.declarations if parameters is not None else []:
            if not isinstance(declaration, syntax.ParameterDeclarationSyntax):
                continue
            for declarator in declaration.declarators:
                initial = getattr(declarator, "initializer", None)
                value = getattr(getattr(initial, "expr", None), "literal", None)
                if value is not None and value.valueText == PLACEHOLDER:
                    found[declarator.name.valueText] = None
    found.pop("", None)
    return list(found)


def _options(
    units: dict[str, syntax.SyntaxKind], placeholders: list[str], *, is_lenient: bool
) -> pyslang.Bag:
    options = ast.CompilationOptions()
    options.errorLimit = 0
    options.maxGenerateSteps = MAX_GENERATE_STEPS
    options.paramOverrides = [f"{name}={PLACEHOLDER_VALUE}" for name in placeholders]
    options.defaultTimeScale = pyslang.TimeScale.fromString("1ns/1ps")
    options.flags = (
        ast.CompilationFlags.AllowTopLevelIfacePorts | ast.CompilationFlags.AllowInvalidTop
    )
    if is_lenient:
        options.flags |= LENIENT
    tops = {name for name, kind in units.items() if kind != INTERFACE}
    if INTERFACE in units.values() or not tops:
        tops.add(WRAPPER)
    options.topModules = tops
    bag = pyslang.Bag()
    bag.compilationOptions = options
    return bag


def _around_fragment(compilation: ast.Compilation, unit: ast.Symbol) -> ast.Symbol:
    """The scope in which a fragment lies: the one package or module of the file around it, if it is one."""
    members = list(unit) if isinstance(unit, ast.CompilationUnitSymbol) else []
    packages: list[ast.Symbol] = [s for s in members if isinstance(s, ast.PackageSymbol)]
    bodies: list[ast.Symbol] = [t.body for t in compilation.getRoot().topInstances]
    around = packages or [b for b in bodies if b.name != WRAPPER]
    return around[0] if len(around) == 1 else unit


def walked(done: Compiled) -> tuple[Walk, ast.Symbol]:
    """The elaborated names of the main file, and the scope of what stands in no unit."""
    main, compilation = done.main, done.compilation
    table = SymbolTable(done.locations, frozenset(_placeholders(main.tree)))
    walk = Walk(main.text, done.locations, table)
    root = compilation.getRoot()
    bodies: set[str] = set()
    for top in root.topInstances:
        instances = (
            [s for s in top.body if isinstance(s, ast.InstanceSymbol)]
            if top.name == WRAPPER
            else [top]
        )
        for instance in instances:
            if instance.definition.name not in bodies:
                bodies.add(instance.definition.name)
                walk.body(instance.body)
    unit_syntax = main.tree.root
    unit: ast.Symbol = root
    if isinstance(unit_syntax, syntax.CompilationUnitSyntax):
        unit = compilation.getCompilationUnit(unit_syntax) or root
        walk.visit(unit)
        if main.buffer_id != main.buffer.id.id:
            unit = _around_fragment(compilation, unit)
    return walk, unit


def _with_symbols(facts: FileFacts, done: Compiled) -> FileFacts:
    cache, main, compilation, locations = (
        done.cache,
        done.main,
        done.compilation,
        done.locations,
    )
    walk, unit = walked(done)
    table = walk.table
    Names(walk, compilation, unit).resolve(main.tree.root)
    packages = package_symbols(compilation, table)
    pre = preprocessed(
        main.tree, cache.manager, locations, main.text, cache.macros().places(locations)
    )
    references = tuple(
        Reference(span(start, end), index, start in walk.written, start in walk.declared)
        for start, (end, index) in sorted(walk.named.items())
    )
    expressions = tuple(walk.expressions[key] for key in sorted(walk.expressions))
    scopes: tuple[ScopeNames, ...] = visible_names(walk, packages)
    return dataclasses.replace(
        facts,
        references=references,
        expressions=expressions,
        scopes=scopes,
        packages=packages,
        macros=pre.macros,
        inactive=pre.inactive,
        symbols=tuple(table.facts),
        member_lists=tuple(table.member_lists),
    )
