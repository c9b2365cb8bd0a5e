"""All uses of one symbol over many files, by what slang says each name means.

Must run in an analysis process only. Names inside macros' bodies are not seen.
"""

from __future__ import annotations

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.request import FactsRequest, FindReferences


def find_references(request: FindReferences, compiler: Compiler) -> tuple[NavTarget, ...]:
    """The uses in the request's files, its declaration among them, sorted; 10 to 60 ms a file.

    Every file is compiled with all the others at hand, so that a parent's `.port(...)` leads to the
    port. slang elaborates only the modules of the one file.
    """
    everything = tuple(dict.fromkeys((*request.context, *request.files)))
    found: set[NavTarget] = set()
    for file in request.files:
        context = tuple(other for other in everything if other.path != file.path)
        facts = compiler.facts(FactsRequest(file, context, request.options))
        found.update(_uses(facts, request))
    return tuple(sorted(found))


def _uses(facts: FileFacts, request: FindReferences) -> list[NavTarget]:
    """Names in the file whose symbol is declared at the request's place."""
    symbols = {
        index
        for index, symbol in enumerate(facts.symbols)
        if symbol.path == request.path and symbol.name_span.start == request.offset
    }
    return [
        NavTarget(facts.path, reference.span, reference.span, request.name)
        for reference in facts.references
        if reference.symbol in symbols
    ]
