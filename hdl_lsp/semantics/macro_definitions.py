"""A project's macros as slang wants them: the `define nodes that a text needs, with those their bodies need.

Must not read files. Keep the object as long as the trees parsed with its nodes.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Iterable

from pyslang import parsing, syntax

from hdl_lsp.semantics.locations import Locations
from hdl_lsp.text.source import Span, span


class MacroDefinitions:
    """Macro name to its `define node; the first definition of a name wins."""

    def __init__(self) -> None:
        self._nodes: dict[str, tuple[str, syntax.DefineDirectiveSyntax]] = {}
        self._uses: dict[str, tuple[str, ...]] = {}
        self._trees: list[syntax.SyntaxTree] = []

    def add(self, path: str, tree: syntax.SyntaxTree) -> None:
        """Takes the definitions of one file; those without body and arguments are guards or flags, left out."""
        self._trees.append(tree)
        for node in defines_of(tree):
            name = node.name.valueText
            if name in self._nodes or (len(node.body) == 0 and node.formalArguments is None):
                continue
            self._nodes[name] = (path, node)

    def names(self) -> frozenset[str]:
        """All names in the table."""
        return frozenset(self._nodes)

    def places(self, locations: Locations) -> dict[str, tuple[str, Span]]:
        """Where each macro is defined."""
        return {
            name: place
            for name, (_, node) in self._nodes.items()
            if (place := defines_in(node, locations)) is not None
        }

    def needed_by(
        self, names: Iterable[str], *, except_path: str, except_names: set[str]
    ) -> list[syntax.DefineDirectiveSyntax]:
        """Definitions of *names* and of all macros used in their bodies.

        Only these are handed on, so that an `ifdef on any other macro of the project keeps its meaning.
        """
        found: dict[str, syntax.DefineDirectiveSyntax] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            entry = self._nodes.get(name)
            if entry is None or name in found or name in except_names or entry[0] == except_path:
                continue
            found[name] = entry[1]
            todo.extend(self._used_in(name, entry[1]))
        return list(found.values())

    def _used_in(self, name: str, node: syntax.DefineDirectiveSyntax) -> tuple[str, ...]:
        if name not in self._uses:
            self._uses[name] = tuple(
                token.rawText[1:] for token in node.body if token.rawText.startswith("`")
            )
        return self._uses[name]


def defines_in(node: syntax.DefineDirectiveSyntax, locations: Locations) -> tuple[str, Span] | None:
    """Path and name of the definition; None if it is in no file."""
    buffer, start, _ = locations.written(node.name.location)
    path = locations.path(buffer)
    return (path, span(start, start + len(node.name.valueText.encode()))) if path else None


def defines_of(tree: syntax.SyntaxTree) -> list[syntax.DefineDirectiveSyntax]:
    """The `define directives of a tree and of the files it includes, in order of appearance."""
    found: list[syntax.DefineDirectiveSyntax] = []

    def visit(node: object) -> None:
        if isinstance(node, parsing.Token):
            for trivia in node.trivia:
                if trivia.kind == parsing.TriviaKind.Directive:
                    directive = trivia.syntax()
                    if isinstance(directive, syntax.DefineDirectiveSyntax):
                        found.append(directive)

    tree.root.visit(visit)
    return found
