"""What slang says that a few names mean in some files: by the whole design where it reaches them, else file by file.

Must run in an analysis process only.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pyslang import ast, parsing, syntax

from hdl_lsp.semantics.compile import Compiled, Compiler, walked
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.elaborated import Elaborated
from hdl_lsp.semantics.extract import Walk
from hdl_lsp.semantics.facts import FileFacts, SymbolFact
from hdl_lsp.semantics.letting_go import let_go
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.name_uses import FileNames, Meaning, NamesFound, NamesRequest, NameUse
from hdl_lsp.semantics.names import Names
from hdl_lsp.semantics.request import DesignRequest, FactsRequest
from hdl_lsp.semantics.symbol_table import SymbolTable
from hdl_lsp.semantics.tree_cache import ParsedText
from hdl_lsp.text.source import span

MAX_VARIANTS = 8
"""Different bodies of one module that are looked at; a fifo of fifty widths says the same fifty times."""

_BACKSLASH = 0x5C


@dataclass(slots=True)
class _NamesOf(Names):
    """Resolves only some names; those out of a macro's body too, at the place where the macro is used."""

    wanted: frozenset[str] = frozenset()
    expanded: dict[tuple[int, str], int | None] = field(
        default_factory=dict[tuple[int, str], int | None]
    )
    """Start of the outermost macro use and the name to the index of its symbol."""
    seen: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    """Spans of the names in active code, resolved or not."""

    def _on_identifier(self, token: parsing.Token) -> None:
        name = token.valueText
        start = self.walk.locations.in_main(token.location)
        if name not in self.wanted:
            if start is not None:
                self._special.pop(start, None)
            return
        if start is None:
            used = self.walk.locations.used_in_main(token.location)
            if used is not None:
                symbol = self.lookup(used, name)
                index = None if symbol is None else self.walk.table.index(symbol)
                self.expanded.setdefault((used, name), index)
            return
        data = self.walk.text.data
        is_escaped = start < len(data) and data[start] == _BACKSLASH
        self.seen.add((start, start + is_escaped + len(name.encode())))
        if is_escaped:
            symbol = self.lookup(start, name) or self._escaped(start, name)
            if symbol is not None:
                end = start + 1 + len(name.encode())
                self.walk.named[start] = (end, self.walk.table.index(symbol))
            return
        Names._on_identifier(self, token)  # noqa: SLF001 - of this class's own base; slots forbid super()

    def _escaped(self, offset: int, name: str) -> ast.Symbol | None:
        """What an escaped identifier means that is no simple one."""
        number = self.scope_at(offset)
        scope = self._scopes[number][2] if number >= 0 else self.unit
        lookup = getattr(scope, "lookupName", None)
        if lookup is None:
            return None
        found = lookup(f"\\{name} ", flags=ast.LookupFlags.AllowDeclaredAfter)
        return found if isinstance(found, ast.Symbol) else None


class Resolver:
    """Answers NamesRequests; keeps the design of the one before."""

    def __init__(self, compiler: Compiler, designer: Designer) -> None:
        self._compiler = compiler
        self._designer = designer
        self._kept: tuple[DesignRequest, Elaborated, DesignFacts] | None = None

    def answer(self, request: NamesRequest) -> NamesFound:
        """What the names mean; never raises for what is wrong with the texts."""
        design, facts = self._elaborated(request.design)
        try:
            return self._answered(request, design, facts)
        finally:
            let_go(design)

    def _answered(
        self, request: NamesRequest, design: Elaborated | None, facts: DesignFacts | None
    ) -> NamesFound:
        reached = _bodies(design) if design is not None else {}
        found: list[FileNames] = []
        for file in request.files:
            known = None if design is None else design.by_path.get(file.main.path)
            if design is not None and known is not None and file.main.path in reached:
                bodies = reached[file.main.path]
                found.append(_in_design(design, known, bodies, request.names))
            else:
                found.append(self._alone(file, request.names))
        if facts is None or not request.with_problems:
            return NamesFound(tuple(found), failure=facts.failure if facts else "")
        problems = tuple((p, d) for p, all_ in facts.diagnostics.items() for d in all_)
        return NamesFound(tuple(found), problems, facts.failure)

    def _elaborated(
        self, request: DesignRequest | None
    ) -> tuple[Elaborated | None, DesignFacts | None]:
        """The design as asked for. One of version 0 is a trial: the one before stays the design that is kept."""
        if request is None:
            return None, None
        if self._kept is not None and self._kept[0] == request:
            return self._kept[1], self._kept[2]
        before = self._designer.last
        facts = self._designer.facts(request)
        design = self._designer.last
        if design is None:
            return None, facts
        if request.version:
            self._kept = (request, design, facts)
        if before is not None:
            self._designer.last = before
        return design, facts

    def _alone(self, request: FactsRequest, names: frozenset[str]) -> FileNames:
        """One file by itself, with what it names."""
        uses: list[NameUse] = []

        def finish(facts: FileFacts, done: Compiled) -> FileFacts:
            walk, unit = walked(done)
            uses.extend(_uses(walk, done.compilation, unit, done.main, names))
            return facts

        facts = self._compiler.finished(request, finish)
        return FileNames(
            facts.path, facts.digest, tuple(uses), facts.diagnostics, failure=facts.failure
        )


class _Places(SymbolTable):
    """Remembers only where symbols are declared."""

    def _fact(self, symbol: ast.Symbol) -> SymbolFact:
        path, where = self.place(symbol)
        return SymbolFact(symbol.name, "", path, where)

    def short_type(self, type_: ast.Type) -> str:
        """Nobody reads it."""
        del type_
        return ""


def _bodies(design: Elaborated) -> dict[str, list[ast.InstanceBodySymbol]]:
    """Up to MAX_VARIANTS different bodies of each definition, by the file it is written in."""
    found: defaultdict[str, list[ast.InstanceBodySymbol]] = defaultdict(list)
    count: defaultdict[str, int] = defaultdict(int)
    for body in design.tree.bodies():
        name = body.definition.name
        count[name] += 1
        if count[name] <= MAX_VARIANTS:
            found[design.tree.place(body.definition)[0]].append(body)
    if not design.is_lint_only:
        for path, text in design.by_path.items():
            if path not in found and _has_packages_only(text):
                found[path] = []
    return found


def _in_design(
    design: Elaborated,
    parsed: ParsedText,
    bodies: Iterable[ast.InstanceBodySymbol],
    names: frozenset[str],
) -> FileNames:
    """The names in one file, by every different body of its modules."""
    by_round: list[dict[str, ast.InstanceBodySymbol]] = []
    for body in bodies:
        name = body.definition.name
        free = next((r for r in by_round if name not in r), None)
        if free is None:
            free = {}
            by_round.append(free)
        free[name] = body
    found: dict[tuple[int, str, bool], NameUse] = {}
    texts = design.by_path
    for one in by_round or [{}]:
        locations = Locations(
            design.cache.manager,
            parsed.buffer_id,
            parsed.path,
            design.cache.path_of,
            lambda path: texts[path].text.data if path in texts else None,
        )
        walk = Walk(parsed.text, locations, _Places(locations))
        for body in one.values():
            walk.body(body)
        root = parsed.tree.root
        unit: ast.Symbol = design.compilation.getRoot()
        if isinstance(root, syntax.CompilationUnitSyntax):
            unit = design.compilation.getCompilationUnit(root) or unit
            walk.visit(unit)
        for use in _uses(walk, design.compilation, unit, parsed, names):
            key = (use.span.start, use.name, use.is_expanded)
            before = found.get(key)
            means = tuple(dict.fromkeys((*before.means, *use.means))) if before else use.means
            found[key] = replace(use, means=means)
    uses = tuple(sorted(found.values(), key=lambda use: (use.span, use.name)))
    return FileNames(parsed.path, parsed.text.digest, uses, is_elaborated=True)


def _uses(
    walk: Walk,
    compilation: ast.Compilation,
    unit: ast.Symbol,
    main: ParsedText,
    names: frozenset[str],
) -> list[NameUse]:
    resolving = _NamesOf(walk, compilation, unit, wanted=names)
    resolving.resolve(main.tree.root)
    data = main.text.data
    raw = {name.encode(): name for name in names}
    found: list[NameUse] = []
    named = dict(walk.named)
    for start, entry in walk.named.items():
        if (
            data[start - 1 : start] == b"\\"
        ):  # elaboration tells of an escaped name where its letters begin
            named.setdefault(start - 1, entry)
            del named[start]
    for start, (end, index) in sorted(named.items()):
        name = raw.get(data[start:end].removeprefix(b"\\"))
        if name is not None:
            found.append(NameUse(span(start, end), name, _means(walk, index)))
    for start, end in sorted(resolving.seen):
        name = raw.get(data[start:end].removeprefix(b"\\"))
        if start not in named and name is not None:
            found.append(NameUse(span(start, end), name, ()))
    for (start, name), index in sorted(resolving.expanded.items()):
        means = () if index is None else _means(walk, index)
        found.append(NameUse(span(start, start), name, means, is_expanded=True))
    return found


def _means(walk: Walk, index: int) -> tuple[Meaning, ...]:
    fact = walk.table.facts[index]
    return (Meaning(fact.path, fact.name_span.start),)


def _has_packages_only(text: ParsedText) -> bool:
    root = text.tree.root
    members = root.members if isinstance(root, syntax.CompilationUnitSyntax) else [root]
    kinds = {member.kind for member in members}
    return bool(kinds) and syntax.SyntaxKind.ModuleDeclaration not in kinds
