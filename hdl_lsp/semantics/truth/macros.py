"""The preprocessor's half of the walk: which definition each macro use and each `` `ifdef `` means.

Goes through the directives of a compilation unit in the order in which slang met them.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from pyslang import parsing, syntax

from hdl_lsp.semantics.truth.ledger import Ledger
from hdl_lsp.semantics.truth.record import Place


class MacroNames:
    """The macros that are defined, at the point that the walk has reached."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._defined: dict[str, Place] = {}

    def walk(self, tree: syntax.SyntaxNode) -> None:
        """Notes the macros of one compilation unit, from its first line on."""
        self._defined = {}
        tree.visit(self._visit)

    def _visit(self, node: object) -> None:
        if not isinstance(node, parsing.Token):
            return
        for trivia in node.trivia:
            if trivia.kind == parsing.TriviaKind.Directive:
                self._directive(trivia.syntax())

    def _directive(self, node: object) -> None:
        match node:
            case syntax.DefineDirectiveSyntax():
                self._define(node)
            case syntax.UndefDirectiveSyntax():
                self._use(node.name, 0, "macro test")
                self._defined.pop(node.name.valueText, None)
            case syntax.MacroUsageSyntax():
                self._use(node.directive, 1, "macro")
            case syntax.ConditionalBranchDirectiveSyntax():
                node.expr.visit(self._tested)
            case _:
                pass

    def _tested(self, node: object) -> None:
        if isinstance(node, parsing.Token) and node.kind == parsing.TokenKind.Identifier:
            self._use(node, 0, "macro test")

    def _use(self, token: parsing.Token, skipped: int, category: str) -> None:
        """A name; *skipped*: bytes of backtick before it."""
        name = token.valueText if not skipped else token.rawText[skipped:]
        place = self._ledger.place(token.location)
        target = self._defined.get(name)
        if place is not None and target is not None:
            self._ledger.use((place[0], place[1] + skipped), name, category, target)

    def _define(self, node: syntax.DefineDirectiveSyntax) -> None:
        name = node.name.valueText
        place = self._ledger.place(node.name.location)
        if place is None or not self._ledger.is_at(place, name):
            return
        self._defined[name] = place
        self._ledger.written(place, name, "Macro")
        self._ledger.use(place, name, "declaration", place)
        formals: dict[str, Place] = {}
        if node.formalArguments is not None:
            for formal in node.formalArguments.args:
                token = getattr(formal, "name", None)
                where = self._ledger.place(token.location) if token is not None else None
                if token is not None and where is not None:
                    formals[token.valueText] = where
                    self._ledger.written(where, token.valueText, "MacroFormal")
                    self._ledger.use(where, token.valueText, "macro formal", where)
        for token in node.body:
            target = formals.get(token.valueText)
            where = self._ledger.place(token.location)
            if target is not None and where is not None:
                self._ledger.use(where, token.valueText, "macro formal", target)
