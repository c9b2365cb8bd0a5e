"""What the preprocessor did to one file: macro uses with what they became, and branches it left out.

Must not elaborate. Macro uses inside disabled branches are not expanded and not listed.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pyslang
from pyslang import parsing, syntax

from hdl_lsp.semantics.facts import MacroExpansion
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.macro_definitions import defines_in
from hdl_lsp.text.source import SourceText, Span, span

MAX_EXPANSION_CHARS = 4_000
"""Longer expansions are cut: UVM's macros become pages."""

TRIVIA = parsing.TriviaKind

PSEUDO_PATH = re.compile(r'"(?:[^"]*/)?\.(?P<name>[^/"]+)\.\d+"')
"""A path that TreeCache gives to slang, as `__FILE__ spells it."""


@dataclass(slots=True)
class Preprocessed:
    """Macro uses and dead regions of a file."""

    macros: tuple[MacroExpansion, ...] = ()
    inactive: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Use:
    name: str
    start: int
    end: int
    defined: tuple[str, Span] | None
    pieces: list[str] = field(default_factory=list[str])
    length: int = 0


def preprocessed(
    tree: syntax.SyntaxTree,
    manager: pyslang.SourceManager,
    locations: Locations,
    text: SourceText,
    inherited: dict[str, tuple[str, Span]],
) -> Preprocessed:
    """Macro uses of the main file in order, outermost only, and the byte ranges of its dead `ifdef branches.

    *inherited*: where the macros of the project-wide table are defined.
    """
    uses: dict[int, _Use] = {}
    defined: dict[str, tuple[str, Span] | None] = dict(inherited)
    inactive: list[Span] = []
    main = locations.main_buffer

    def on_directive(node: syntax.SyntaxNode) -> None:
        if isinstance(node, syntax.DefineDirectiveSyntax):
            defined[node.name.valueText] = defines_in(node, locations)
        elif isinstance(node, syntax.MacroUsageSyntax):
            where = node.sourceRange
            if where.start.buffer.id == main and where.end.buffer.id == main:
                start, end = where.start.offset, where.end.offset
                name = node.directive.valueText.lstrip("`")
                uses.setdefault(start, _Use(name, start, end, defined.get(name)))
        elif isinstance(
            node,
            syntax.ConditionalBranchDirectiveSyntax | syntax.UnconditionalBranchDirectiveSyntax,
        ):
            region = _disabled(node, main)
            if region is not None:
                inactive.append(region)

    def on_token(token: parsing.Token) -> None:
        for trivia in token.trivia:
            if trivia.kind == TRIVIA.Directive:
                on_directive(trivia.syntax())
        location = token.location
        buffer = location.buffer.id
        if buffer == main or not manager.isMacroLoc(location):
            return
        top = manager.getFullyExpandedLoc(location)
        if top.buffer.id != main:
            return
        use = uses.get(top.offset)
        if use is not None and use.length < MAX_EXPANSION_CHARS:
            spelled = _with_real_path(token.rawText, locations.main_path)
            blank = " " if use.pieces and token.trivia else ""
            use.pieces.append(blank + spelled)
            use.length += len(spelled) + 1

    def visit(node: object) -> None:
        if isinstance(node, parsing.Token):
            on_token(node)

    tree.root.visit(visit)
    macros: list[MacroExpansion] = []
    for start in sorted(uses):
        use = uses[start]
        place = use.defined
        macros.append(
            MacroExpansion(
                name=use.name,
                span=span(use.start, min(use.end, text.size_bytes)),
                expansion="".join(use.pieces)[:MAX_EXPANSION_CHARS].strip(),
                path=place[0] if place else None,
                name_span=place[1] if place else None,
            )
        )
    return Preprocessed(tuple(macros), tuple(sorted(inactive)))


def _with_real_path(spelled: str, path: str) -> str:
    """*spelled*, or *path* in quotes where it names that file as only slang knows it (22.13)."""
    match = PSEUDO_PATH.fullmatch(spelled)
    return f'"{path}"' if match and match["name"] == Path(path).name else spelled


def _disabled(
    node: syntax.ConditionalBranchDirectiveSyntax | syntax.UnconditionalBranchDirectiveSyntax,
    main: int,
) -> Span | None:
    tokens = list(node.disabledTokens)
    if not tokens:
        return None
    first, last = tokens[0].range.start, tokens[-1].range.end
    if first.buffer.id != main or last.buffer.id != main:
        return None
    return span(first.offset, last.offset)
