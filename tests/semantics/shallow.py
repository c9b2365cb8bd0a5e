"""Shallow compilation of texts in tests, and what it says at a piece of the text."""

from __future__ import annotations

import gc
import textwrap
from collections.abc import Callable

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts, Reference, Severity, SymbolFact
from hdl_lsp.semantics.request import CompileOptions, DiagnosticsRequest, FactsRequest, Input
from hdl_lsp.text.source import SourceText

MAIN = "/rtl/main.sv"


def given(path: str, text: str) -> Input:
    """A text of the editor."""
    text = textwrap.dedent(text)
    return Input(path, SourceText.of(text).digest, text)


class Compiled:
    """Facts of one text; `others` are (path, text) of files it names."""

    def __init__(
        self,
        text: str,
        *others: tuple[str, str],
        options: CompileOptions | None = None,
        compiler: Compiler | None = None,
    ) -> None:
        self.text = textwrap.dedent(text)
        context = tuple(given(path, other) for path, other in others)
        request = FactsRequest(given(MAIN, text), context, options or CompileOptions())
        self.facts: FileFacts = (compiler or Compiler()).facts(request)

    def offset(self, piece: str, turn: int = 0) -> int:
        """Where *piece* stands for the (turn+1)-th time."""
        at = -1
        for _ in range(turn + 1):
            at = self.text.index(piece, at + 1)
        return at

    def reference(self, piece: str, turn: int = 0) -> Reference | None:
        """The reference that starts where *piece* stands."""
        at = self.offset(piece, turn)
        return next((r for r in self.facts.references if r.span.start == at), None)

    def symbol(self, piece: str, turn: int = 0) -> SymbolFact:
        """The symbol behind the name where *piece* stands."""
        reference = self.reference(piece, turn)
        assert reference is not None, f"nothing known of {piece!r}"
        return self.facts.symbols[reference.symbol]

    def shown(self) -> list[str]:
        """`severity code text` of each diagnostic."""
        return [
            f"{d.severity.value} {d.code} {self.text[d.span.start : d.span.end]}"
            for d in self.facts.diagnostics
        ]

    def errors(self) -> list[str]:
        """Codes of the errors."""
        return [d.code for d in self.facts.diagnostics if d.severity is Severity.ERROR]


def diagnosed(
    text: str, *others: tuple[str, str], options: CompileOptions | None = None
) -> FileFacts:
    """The answer to a request for diagnostics only."""
    context = tuple(given(path, other) for path, other in others)
    request = DiagnosticsRequest(given(MAIN, text), context, options or CompileOptions())
    return Compiler().diagnostics(request)


def waiting(work: Callable[[], object]) -> int:
    """Objects that only the garbage collector can free once *work* is done."""
    gc.collect()
    gc.disable()
    try:
        work()
        return gc.collect()
    finally:
        gc.enable()
