"""Whole-design elaboration: all files of a project together, from its tops.

Must run in an analysis process only: slang can crash here, and holds the GIL all the way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyslang
from pyslang import ast

from hdl_lsp.semantics.design_facts import DesignCounts, DesignFacts
from hdl_lsp.semantics.diagnose import Judge
from hdl_lsp.semantics.elaborated import Elaborated
from hdl_lsp.semantics.facts import Diagnostic, Severity
from hdl_lsp.semantics.flow import analyzed
from hdl_lsp.semantics.lenient import LENIENT
from hdl_lsp.semantics.letting_go import let_go
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, Input
from hdl_lsp.semantics.tree_cache import ParsedText, TreeCache
from hdl_lsp.text.source import SourceText, Span, span

MAX_KEPT_BYTES = 96_000_000
"""Old text that slang holds on to before everything is read afresh (slang keeps about twice as much)."""

SPARE_TREES = 64
"""Trees of older versions kept beside those of the design: undo finds them again."""

UNUSED_OFFERS = ("unused-package-", "unused-def")

TOO_DEEP_CODE = "hdl-nesting"


class Designer:
    """Elaborates designs; keeps the trees of unchanged files from one time to the next, and the last design.

    The one owner of trees, their manager and the compilation: a tree whose manager is gone reads
    freed memory.
    """

    def __init__(self) -> None:
        self._cache: TreeCache | None = None
        self._base_bytes = 0  # text of the cache when it was new
        self.last: Elaborated | None = None

    def facts(self, request: DesignRequest) -> DesignFacts:
        """What elaboration of all files tells; never raises for what is wrong with them."""
        self._let_go()  # first: two big designs at once are 1.4 GB
        cache = self._cache_for(request)
        parsed, too_deep = _parsed(cache, request)
        self._base_bytes = self._base_bytes or cache.text_bytes
        if not parsed:
            return DesignFacts(failure="no file of the project can be read")
        compilation = _compilation(parsed, request.options)
        found = [*compilation.getAllDiagnostics()]
        found += analyzed(compilation, with_unused=True)
        is_lint_only = not request.options.tops
        last = Elaborated(request.version, cache, parsed, compilation, is_lint_only)
        self.last = last
        variants = Counter(body.definition.name for body in last.tree.bodies())
        judged = _diagnostics(cache, parsed, request.options, found, variants)
        diagnostics = too_deep | judged
        tops = tuple(top.name for top in last.tree.tops)
        counts = last.tree.definition_counts()
        return DesignFacts(
            tops=tops,
            diagnostics=diagnostics,
            digests={text.path: text.text.digest for text in parsed},
            instances_of=dict(counts),
            counts=_counts(counts, parsed, diagnostics),
            is_lint_only=is_lint_only,
            failure=_missing_tops(request.options, tops),
        )

    def forget(self) -> None:
        """Drops everything that was read and elaborated."""
        self._let_go()
        self._cache = None

    def _let_go(self) -> None:
        """Drops the last design."""
        last, self.last = self.last, None
        if last is not None:
            owners = (last.cache, last.parsed, last.compilation)
            del last
            let_go(*owners)

    def _cache_for(self, request: DesignRequest) -> TreeCache:
        """The trees to go on with; fresh ones when an option or a header changed, or too much old text is kept."""
        files = {file.path for file in request.files}
        overlays = tuple(sorted((p, t) for p, t in request.overlays.items() if p not in files))
        cache = self._cache
        if (
            cache is None
            or cache.options != request.options
            or cache.text_bytes > self._base_bytes + MAX_KEPT_BYTES
            or not cache.would_read(overlays)
            or cache.is_stale()
        ):
            self._cache = None
            cache = self._cache = TreeCache(request.options, overlays)
            self._base_bytes = 0
        cache.max_trees = len(request.files) + SPARE_TREES
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
    chosen.flags |= LENIENT
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
    parsed: Sequence[ParsedText],
    options: CompileOptions,
    found: Iterable[pyslang.Diagnostic],
    variants: Mapping[str, int],
) -> dict[str, tuple[Diagnostic, ...]]:
    """The findings worth showing, by file; a finding in a header belongs to the header.

    *variants*: how many different bodies a module has.
    """
    manager = cache.manager
    anywhere = Locations(manager, -1, "", cache.path_of)
    by_buffer: defaultdict[int, list[pyslang.Diagnostic]] = defaultdict(list)
    for diagnostic in found:
        by_buffer[anywhere.written(diagnostic.location)[0]].append(diagnostic)
    texts = {text.buffer_id: text.text for text in parsed}
    read = {path for text in parsed for path in (text.path, *text.headers)}
    shown: dict[str, tuple[Diagnostic, ...]] = {}
    for buffer, group in by_buffer.items():
        path = anywhere.path(buffer)
        if path is None or not Path(path).is_absolute():
            continue  # a predefined macro, or no place at all
        judge = Judge(
            text=texts.get(buffer) or _header_text(manager, anywhere.buffer(buffer)),
            locations=Locations(manager, buffer, path, cache.path_of),
            manager=manager,
            options=options,
            defaulted=frozenset(),
            type_defaulted=frozenset(),
            text_at=cache.text_at,
            has_variants=lambda module: variants.get(module, 0) > 1,
        )
        kept = [
            d
            for d in judge.findings(group).diagnostics
            if _is_wanted(d, options) and not _is_lent(d, read)
        ]
        if kept:
            shown[path] = _once({*shown.get(path, ()), *kept})
    return shown


def _once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """One finding of a code for a place: what other instances say with other numbers is counted."""
    places: dict[tuple[Span, str], list[Diagnostic]] = {}
    for one in sorted(found, key=lambda d: (d.span, d.code, d.message)):
        places.setdefault((one.span, one.code), []).append(one)
    return tuple(
        first
        if not others
        else replace(first, message=f"{first.message}; {len(others)} more like it")
        for first, *others in places.values()
    )


def _is_wanted(diagnostic: Diagnostic, options: CompileOptions) -> bool:
    """Unless asked for, what a package or library offers and this design leaves unused is fine."""
    return not diagnostic.code.startswith(UNUSED_OFFERS) or diagnostic.code in options.warnings


def _is_lent(diagnostic: Diagnostic, read: Collection[str]) -> bool:
    """The earlier definition of a macro is one that we lent the file, of a text that the design does not read."""
    earlier = diagnostic.related
    return diagnostic.code == "redef-macro" and bool(earlier) and earlier[0].path not in read


def _header_text(manager: pyslang.SourceManager, buffer: pyslang.BufferID | None) -> SourceText:
    """The text of an included file, as slang read it."""
    if buffer is None:
        return SourceText(b"")
    try:
        return SourceText.of(manager.getSourceText(buffer).rstrip("\0"))
    except UnicodeDecodeError:
        return SourceText(b"")


def _counts(
    instances: Mapping[str, int],
    parsed: tuple[ParsedText, ...],
    diagnostics: dict[str, tuple[Diagnostic, ...]],
) -> DesignCounts:
    shown = [d.severity for group in diagnostics.values() for d in group]
    return DesignCounts(
        files=len(parsed),
        definitions=len(instances),
        instances=sum(instances.values()),
        errors=shown.count(Severity.ERROR),
        warnings=shown.count(Severity.WARNING),
    )


def _missing_tops(options: CompileOptions, found: tuple[str, ...]) -> str:
    """The sentence for tops that no file declares; "" when there is at least one."""
    if not options.tops or set(options.tops) & set(found):
        return ""
    return f"no file of the project declares the top {', '.join(options.tops)}"
